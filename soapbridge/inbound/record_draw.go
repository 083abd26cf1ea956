package inbound

import (
	"encoding/xml"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/beevik/etree"
)

// blank stands in the log for what it does not keep.
const blank = "(not kept)"

// The rules of what the log keeps of an envelope. Of headers it keeps what is known to be harmless, for what others put there
// is not known: the texts and the attributes of WS-Security and of WS-Addressing that are named here, wherever in the envelope the
// former stand. Of an answer it keeps all but what a license is worth.
var (
	openInSecurity       = []string{"Username", "Created", "Expires"}
	attributesInSecurity = []string{"Id", "Type"}
	openInAddressing     = []string{"To", "Action", "MessageID", "RelatesTo", "Address"}
	closedInBody         = []string{"key", "licenseFile"}
)

// maxAddress is how many bytes are kept of a text of WS-Addressing.
const maxAddress = 1000

// drawing is an envelope as the log shows it: indented, and cut when it is too long.
type drawing struct {
	strings.Builder
	cut bool
}

// line begins a line.
func (d *drawing) line(depth int) {
	if d.Len() > 0 {
		d.WriteByte('\n')
	}
	for range depth {
		d.WriteString("  ")
	}
}

// full reports whether there is no room for more.
func (d *drawing) full() bool {
	d.cut = d.cut || d.Len() > maxKept
	return d.cut
}

func (d *drawing) escaped(s string) {
	if len(s) > maxKept {
		s, d.cut = strings.ToValidUTF8(s[:maxKept], ""), true
	}
	_ = xml.EscapeText(d, []byte(s)) // a builder takes everything
}

// done is what was drawn, and says when it is not all.
func (d *drawing) done() string {
	s := d.String()
	if len(s) > maxKept {
		s, d.cut = strings.ToValidUTF8(s[:maxKept], ""), true
	}
	if d.cut {
		s += "\n<!-- cut here: no more is kept -->"
	}
	return s
}

// place says which rule holds for the texts of an element.
type place int

// The places.
const (
	inOpen       place = iota // every text is kept, and of attributes what those of SOAP and of schemas say
	inAddressing              // those in openInAddressing, without what an address has before its host and after its path
	inHeader                  // of a header that we do not know, none
	inSecurity                // those in openInSecurity
)

// keptRequest draws a request from what was understood of it, so that nothing is kept that nobody has looked at.
func keptRequest(root *element) string {
	if root == nil {
		return ""
	}
	d := &drawing{}
	d.element(root, "", 0, inOpen)
	return d.done()
}

func (d *drawing) element(e *element, around string, depth int, p place) {
	if d.full() {
		return
	}
	d.line(depth)
	d.WriteString("<" + e.name)
	if e.space != around {
		d.attribute("xmlns", e.space)
	}
	switch p {
	case inHeader:
	case inAddressing:
		d.attributes(slices.DeleteFunc(slices.Clone(e.attrs), closedInAddressing))
	case inSecurity:
		d.attributes(slices.DeleteFunc(slices.Clone(e.attrs), closedAttribute))
	default:
		d.attributes(openAttributes(e.attrs))
	}
	text := e.text
	if p == inHeader || p == inSecurity && !slices.Contains(openInSecurity, e.name) {
		text = blank
	}
	if p == inAddressing {
		text = keptAddress(e)
	}
	switch {
	case len(e.children) > 0:
		d.WriteString(">")
		for _, c := range e.children {
			d.element(c, e.space, depth+1, placeOf(e, c, depth, p))
		}
		d.line(depth)
	case trim(e.text) == "":
		d.WriteString("/>")
		return
	default:
		d.WriteString(">")
		d.escaped(text)
	}
	d.WriteString("</" + e.name + ">")
}

// placeOf is the place of a child: what is neither in the Header of the envelope nor of WS-Security is open.
func placeOf(parent, child *element, depth int, p place) place {
	header := depth == 1 && parent.name == "Header"
	switch {
	case p == inHeader || p == inSecurity:
		return p
	case child.space == wsse:
		return inSecurity
	case header && isAddressing(child.space):
		return inAddressing
	case header || p == inAddressing && !isAddressing(child.space):
		return inHeader
	default:
		return p
	}
}

// openAttributes are the attributes of an element of ours, or of one that stands in its place: the contract has none, so that what is
// not SOAP's or the schema's has come from somewhere else and may be anything. Its name is kept, and says what is wrong.
func openAttributes(all []attribute) []attribute {
	kept := slices.Clone(all)
	for i, a := range kept {
		var known []string
		switch a.space {
		case soap11.namespace, soap12.namespace:
			known = []string{"mustUnderstand", "encodingStyle"}
		case wsu:
			known = []string{"Id"}
		case xsi:
			known = []string{"nil", "type"}
		case xmlNamespace:
			known = []string{"lang", "space"}
		}
		if !slices.Contains(known, a.name) || len(a.value) > maxKeptText {
			kept[i].value = blank
		}
	}
	return kept
}

// closedAttribute reports whether an attribute inside Security is not kept.
func closedAttribute(a attribute) bool {
	return a.space != "" && a.space != wsu || !slices.Contains(attributesInSecurity, a.name)
}

// closedInAddressing reports whether an attribute of WS-Addressing is not kept: what it does not have itself may be anything.
func closedInAddressing(a attribute) bool {
	switch a.space {
	case soap11.namespace, soap12.namespace:
		return a.name != "mustUnderstand"
	case wsu:
		return a.name != "Id" || len(a.value) > maxKeptText
	case "":
		return a.name != "RelationshipType" || len(a.value) > maxKeptText
	}
	return true
}

// keptAddress is the text of an element of WS-Addressing: addresses of the Web without credentials and parameters, which tell
// nobody where a message went.
func keptAddress(e *element) string {
	text := trim(e.text)
	if !slices.Contains(openInAddressing, e.name) || len(text) > maxAddress {
		return blank
	}
	u, err := url.Parse(text)
	if err != nil {
		return blank
	}
	if u.User == nil && u.RawQuery == "" && u.Fragment == "" {
		return text
	}
	u.User, u.RawQuery, u.Fragment = nil, "", ""
	return u.String() + " " + blank
}

// attributes draws attributes, with a prefix of its own for each namespace: those of the request are not known any more.
func (d *drawing) attributes(all []attribute) {
	var prefixes []string // for namespaces, in their order
	for _, a := range all {
		name := a.name
		if a.space == xmlNamespace {
			name = "xml:" + name
		} else if a.space != "" {
			i := slices.Index(prefixes, a.space)
			if i < 0 {
				i = len(prefixes)
				prefixes = append(prefixes, a.space)
				d.attribute("xmlns:"+prefixFor(a.space, i), a.space)
			}
			name = prefixFor(a.space, i) + ":" + name
		}
		d.attribute(name, a.value)
	}
}

func (d *drawing) attribute(name, value string) {
	d.WriteString(" " + name + `="`)
	d.escaped(value)
	d.WriteString(`"`)
}

// prefixFor is the usual prefix of a namespace, or one with a number.
func prefixFor(space string, i int) string {
	switch space {
	case soap11.namespace, soap12.namespace:
		return "soap"
	case wsu:
		return "wsu"
	default:
		return "x" + strconv.Itoa(i)
	}
}

// keptAnswer draws an answer of ours.
func keptAnswer(answer *etree.Document) string {
	if answer == nil || answer.Root() == nil {
		return ""
	}
	d := &drawing{}
	d.ours(answer.Root(), 0)
	return d.done()
}

func (d *drawing) ours(e *etree.Element, depth int) {
	if d.full() {
		return
	}
	d.line(depth)
	d.WriteString("<" + e.FullTag())
	for _, a := range e.Attr {
		d.attribute(a.FullKey(), a.Value)
	}
	children, text := e.ChildElements(), e.Text()
	switch {
	case len(children) > 0:
		d.WriteString(">")
		for _, c := range children {
			d.ours(c, depth+1)
		}
		d.line(depth)
	case text == "":
		d.WriteString("/>")
		return
	case slices.Contains(closedInBody, e.Tag):
		d.WriteString(">" + blank)
	default:
		d.WriteString(">")
		d.escaped(text)
	}
	d.WriteString("</" + e.FullTag() + ">")
}
