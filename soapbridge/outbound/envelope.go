package outbound

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/beevik/etree"
	"github.com/bojanz/currency"

	"kontor/internal/licensing"
)

// soap11 is the namespace of SOAP 1.1 envelopes.
const soap11 = "http://schemas.xmlsoap.org/soap/envelope/"

// envelope is a SOAP 1.1 message that is being built. What XML cannot carry is remembered, and fails at the end.
type envelope struct {
	doc     *etree.Document
	problem *licensing.Error // the first one
}

// newEnvelope begins a message whose body holds one element, operation in namespace, and returns that element.
func newEnvelope(namespace, operation string) (*envelope, *etree.Element) {
	doc := etree.NewDocument()
	// The canonical forms keep a carriage return inside a value; a reader would turn a bare one into a line feed.
	doc.WriteSettings = etree.WriteSettings{CanonicalText: true, CanonicalAttrVal: true}
	doc.CreateProcInst("xml", `version="1.0" encoding="UTF-8"`)
	root := doc.CreateElement("soap:Envelope")
	root.CreateAttr("xmlns:soap", soap11)
	wrapper := root.CreateElement("soap:Body").CreateElement(operation)
	wrapper.CreateAttr("xmlns", namespace)
	return &envelope{doc: doc}, wrapper
}

// text adds an element with a value, which may be empty.
func (v *envelope) text(parent *etree.Element, name, value string) *etree.Element {
	v.check(name, value)
	e := parent.CreateElement(name)
	e.SetText(value)
	return e
}

// optional adds an element with a value unless the value is empty.
func (v *envelope) optional(parent *etree.Element, name, value string) {
	if value != "" {
		v.text(parent, name, value)
	}
}

// number adds an element with a whole number.
func (v *envelope) number(parent *etree.Element, name string, n int) {
	v.text(parent, name, strconv.Itoa(n))
}

// amount adds an element with an exact decimal and its currency as an attribute.
func (v *envelope) amount(parent *etree.Element, name string, m licensing.Money) {
	s, err := decimal(m)
	if err != nil {
		v.fail(name, "%s.", err)
		return
	}
	v.text(parent, name, s).CreateAttr("currency", m.Currency)
}

// check remembers a value that XML 1.0 cannot carry, escaped or not (its section 2.2).
func (v *envelope) check(name, value string) {
	for i, r := range value {
		if r == utf8.RuneError {
			if _, size := utf8.DecodeRuneInString(value[i:]); size == 1 {
				v.fail(name, "The text is not valid UTF-8, so it cannot be passed on.")
				return
			}
		}
		if r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF {
			v.fail(name, "The text has the character U+%04X, which XML cannot carry, so it cannot be passed on.", r)
			return
		}
	}
}

func (v *envelope) fail(name, format string, args ...any) {
	if v.problem == nil {
		v.problem = licensing.InvalidRequest(name, format, args...)
	}
}

// bytes returns the message as it is sent, or the first problem. It is indented because people read it in logs and
// in tests; the blanks stand where they mean nothing.
func (v *envelope) bytes() ([]byte, error) {
	if v.problem != nil {
		return nil, v.problem
	}
	v.doc.IndentWithSettings(&etree.IndentSettings{Spaces: 2, PreserveLeafWhitespace: true})
	return v.doc.WriteToBytes()
}

// dateTime returns an instant as xs:dateTime in UTC.
func dateTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.999999Z07:00") }

// decimal returns an amount as an exact decimal with as many places as its currency has.
func decimal(m licensing.Money) (string, error) {
	places, ok := currency.GetDigits(m.Currency)
	if !ok {
		return "", fmt.Errorf("%q is not a currency of ISO 4217", m.Currency)
	}
	digits := strconv.FormatInt(m.Minor, 10)
	sign := ""
	if digits[0] == '-' {
		sign, digits = "-", digits[1:]
	}
	if places == 0 {
		return sign + digits, nil
	}
	if missing := int(places) + 1 - len(digits); missing > 0 {
		digits = strings.Repeat("0", missing) + digits
	}
	point := len(digits) - int(places)
	return sign + digits[:point] + "." + digits[point:], nil
}
