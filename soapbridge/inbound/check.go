package inbound

import (
	"slices"
	"strconv"
	"strings"

	"kontor/internal/licensing"
	"kontor/wsdl"
)

const xsi = "http://www.w3.org/2001/XMLSchema-instance"

// wrongPlace says of an element that it was sent, but behind another one.
const wrongPlace = "It stands in the wrong place: it comes before %s."

// check holds an element against its type and reports the first thing that is wrong. Errors name the element by its
// path below the operation, such as customer.name, and of elements that repeat which one, from 1: lines.line[2].endDate; the
// path of the operation itself is empty.
func check(e *element, content *contentType, path string) error {
	field := path
	if field == "" {
		field = e.name
	}
	if err := checkAttributes(e, field); err != nil {
		return err
	}
	switch {
	case content.problem == nil && trim(e.text) != "":
		return licensing.InvalidRequest(field, "It holds elements and no text.")
	case content.problem == nil:
		return checkSequence(e.children, content.sequence, path)
	case len(e.children) > 0:
		return licensing.InvalidRequest(field, "It holds text and no elements.")
	}
	if problem := content.problem(e.text); problem != "" {
		return licensing.InvalidRequest(field, "%s", problem)
	}
	return nil
}

// checkAttributes lets pass only what XML Schema allows on every element. A nil element is refused: none of ours may
// be nil, it is left out instead.
func checkAttributes(e *element, field string) error {
	for _, a := range e.attrs {
		switch {
		case a.space == xsi && a.name == "nil":
			return licensing.InvalidRequest(field, "Leave the element out instead of sending it as nil.")
		case a.space != xsi:
			return licensing.InvalidRequest(field, "It has no attribute %s.", a.name)
		}
	}
	return nil
}

// checkSequence walks along the elements and what is expected at the same time.
func checkSequence(elements []*element, sequence []particle, path string) error {
	at, seen := 0, 0 // seen: how often the particle at was there already
	for _, e := range elements {
		i := find(sequence, e)
		switch {
		case i < 0:
			return unknown(e, sequence, path)
		case i < at:
			return licensing.InvalidRequest(join(path, e.name), wrongPlace, sequence[at].name)
		case i == at && seen > 0 && !sequence[at].repeats:
			return licensing.InvalidRequest(join(path, e.name), "It may stand here once.")
		}
		for ; at < i; at, seen = at+1, 0 {
			if sequence[at].required && seen == 0 {
				problem := "It is required, before %s."
				if slices.ContainsFunc(elements, func(later *element) bool { return find(sequence, later) == at }) {
					problem = wrongPlace
				}
				return licensing.InvalidRequest(join(path, sequence[at].name), problem, e.name)
			}
		}
		seen++
		if err := check(e, sequence[i].content, join(path, sequence[i].place(seen))); err != nil {
			return err
		}
	}
	for ; at < len(sequence); at, seen = at+1, 0 {
		if sequence[at].required && seen == 0 {
			return licensing.InvalidRequest(join(path, sequence[at].name), "It is required.")
		}
	}
	return nil
}

// find returns the place of an element in a sequence; -1 when it has none.
func find(sequence []particle, e *element) int {
	if e.space == wsdl.Namespace {
		for i, p := range sequence {
			if p.name == e.name {
				return i
			}
		}
	}
	return -1
}

func unknown(e *element, sequence []particle, path string) error {
	names := make([]string, len(sequence))
	for i, p := range sequence {
		names[i] = p.name
		if p.name == e.name {
			return licensing.InvalidRequest(join(path, e.name), "It is in the namespace %q. Put it into %s.", clip(e.space), wsdl.Namespace)
		}
	}
	return licensing.InvalidRequest(join(path, e.name), "There is no such element here. These may stand here, in this order: %s.",
		strings.Join(names, ", "))
}

// place names the nth of the elements that stand there: line[2] where there may be several.
func (p particle) place(n int) string {
	if !p.repeats {
		return p.name
	}
	return p.name + "[" + strconv.Itoa(n) + "]"
}

// join appends a name to a path.
func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}
