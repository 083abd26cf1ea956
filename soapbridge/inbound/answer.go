package inbound

import (
	"strconv"
	"time"

	"github.com/beevik/etree"

	"kontor/internal/licensing"
)

// newAnswer begins the envelope of an answer, which holds a response or ("") a fault, and returns its Body. A caller who sent a
// Timestamp, or headers of WS-Addressing, gets such back.
func newAnswer(x *exchange, response string) (*etree.Document, *etree.Element) {
	answer := etree.NewDocument()
	// Canonical text keeps a carriage return; what XML cannot carry becomes U+FFFD.
	answer.WriteSettings.CanonicalText = true
	answer.CreateProcInst("xml", `version="1.0" encoding="UTF-8"`)
	env := answer.CreateElement("soap:Envelope")
	env.CreateAttr("xmlns:soap", x.version.namespace)
	if x.stamped || x.addressing != nil {
		header := env.CreateElement("soap:Header")
		if x.addressing != nil {
			x.addressing.answer(header, response)
		}
		if x.stamped {
			addTimestamp(header, x.now)
		}
	}
	return answer, env.CreateElement("soap:Body")
}

func addTimestamp(header *etree.Element, now time.Time) {
	security := header.CreateElement("wsse:Security")
	security.CreateAttr("xmlns:wsse", wsse)
	security.CreateAttr("xmlns:wsu", wsu)
	timestamp := security.CreateElement("wsu:Timestamp")
	add(timestamp, "wsu:Created", instant(now))
	add(timestamp, "wsu:Expires", instant(now.Add(freshness)))
}

// add appends an element that holds a text.
func add(parent *etree.Element, name, text string) {
	parent.CreateElement(name).SetText(text)
}

// addOptional appends an element that holds a text, unless it is empty.
func addOptional(parent *etree.Element, name, text string) {
	if text != "" {
		add(parent, name, text)
	}
}

func addInt(parent *etree.Element, name string, n int) { add(parent, name, strconv.Itoa(n)) }

func addBool(parent *etree.Element, name string, b bool) { add(parent, name, strconv.FormatBool(b)) }

// addValues appends a list of names and values, also when it is empty.
func addValues(parent *etree.Element, list, item string, values []licensing.Value) {
	l := parent.CreateElement(list)
	for _, v := range values {
		e := l.CreateElement(item)
		add(e, "name", v.Name)
		add(e, "value", v.Value)
	}
}

// instant writes an xs:dateTime in UTC, to the microsecond where there is a part of a second.
func instant(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.999999Z") }
