package inbound

import (
	"cmp"
	"errors"
	"regexp"
	"strconv"
	"strings"
	"time"

	"kontor/internal/licensing"
)

// element is one element of a request, its namespaces resolved.
type element struct {
	space    string // the namespace's name; empty for none
	name     string // the local name
	attrs    []attribute
	text     string // all character data that stands directly in it
	children []*element
}

// attribute is an attribute of an element. Declarations of namespaces are none.
type attribute struct {
	space, name, value string
}

// is reports whether e is called name in a namespace.
func (e *element) is(space, name string) bool { return e.space == space && e.name == name }

// attr returns the value of an attribute; empty when it is not there.
func (e *element) attr(space, name string) string {
	value, _ := e.lookup(space, name)
	return value
}

// lookup returns the value of an attribute, and whether it is there.
func (e *element) lookup(space, name string) (value string, found bool) {
	for _, a := range e.attrs {
		if a.space == space && a.name == name {
			return a.value, true
		}
	}
	return "", false
}

// child returns the first child called name in e's own namespace, or nil.
func (e *element) child(name string) *element {
	for _, c := range e.children {
		if c.is(e.space, name) {
			return c
		}
	}
	return nil
}

// The following read a child of an element that has passed the schema, which has checked its lexical form.

// string returns the text of a child; empty when it is not there.
func (e *element) string(name string) string {
	if c := e.child(name); c != nil {
		return c.text
	}
	return ""
}

// optionalInt returns the number in a child; nil when it is not there, so that absent and 0 differ.
func (e *element) optionalInt(name string) *int {
	c := e.child(name)
	if c == nil {
		return nil
	}
	n, err := parseInt(c.text)
	if err != nil {
		return nil
	}
	return &n
}

// bool returns the truth in a child; false when it is not there.
func (e *element) bool(name string) bool {
	b, _ := parseBool(e.string(name))
	return b
}

// day returns the day in a child; the zero Day when it is not there.
func (e *element) day(name string) licensing.Day {
	d, _ := parseDay(e.string(name))
	return d
}

// instant returns the instant in a child; the zero Time when it is not there.
func (e *element) instant(name string) time.Time {
	t, _ := parseDateTime(e.string(name))
	return t
}

// values returns the names and values in the children called item of a child called list.
func (e *element) values(list, item string) []licensing.Value {
	c := e.child(list)
	if c == nil {
		return nil
	}
	var values []licensing.Value
	for _, v := range c.children {
		if v.is(e.space, item) {
			values = append(values, licensing.Value{Name: v.string("name"), Value: v.string("value")})
		}
	}
	return values
}

// parseInt reads the lexical form of xs:int.
func parseInt(s string) (int, error) {
	n, err := strconv.ParseInt(trim(s), 10, 32)
	return int(n), err
}

// parseBool reads the lexical form of xs:boolean.
func parseBool(s string) (value, ok bool) {
	switch trim(s) {
	case "true", "1":
		return true, true
	case "false", "0":
		return false, true
	}
	return false, false
}

// parseDay reads the lexical form of xs:date, without the zone that XML Schema allows: our dates are the ISV's days.
func parseDay(s string) (licensing.Day, error) { return licensing.ParseDay(trim(s)) }

// dateTime is the form of an xs:dateTime: its day, its time without and with a part of a second, and its zone, of which XML Schema
// knows those to 14 hours. time.Parse alone lets more pass.
var dateTime = regexp.MustCompile(`^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-](?:0\d|1[0-3]):[0-5]\d|[+-]14:00)?$`)

var errDateTime = errors.New("not an xs:dateTime of the years 1 to 9999")

// parseDateTime reads the lexical form of xs:dateTime, with or without a zone; without one it is in UTC. 24:00:00 is the
// beginning of the next day.
func parseDateTime(s string) (time.Time, error) {
	parts := dateTime.FindStringSubmatch(trim(s))
	if parts == nil {
		return time.Time{}, errDateTime
	}
	day, clock, part, zone := parts[1], parts[2], parts[3], cmp.Or(parts[4], "Z")
	days := 0
	if clock == "24:00:00" && strings.Trim(part, ".0") == "" {
		clock, days = "00:00:00", 1
	}
	t, err := time.Parse(time.RFC3339, day+"T"+clock+part+zone)
	if err != nil {
		return time.Time{}, err
	}
	utc := t.AddDate(0, 0, days).UTC()
	if t.Year() < 1 || utc.Year() < 1 || utc.Year() > 9999 {
		return time.Time{}, errDateTime
	}
	return utc, nil
}

// trim takes XML's white space off both ends, as the types other than xs:string want it.
func trim(s string) string { return strings.Trim(s, " \t\r\n") }
