package inbound

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"

	"kontor/internal/licensing"
)

// The limits of a request's XML. A request of ours has a depth of seven, and a few dozen elements; the limits leave
// room for headers of others and bound what a hostile one costs.
const (
	maxDepth      = 32
	maxElements   = 20_000
	maxAttributes = 32  // on one element, declarations of namespaces included
	maxPrefixes   = 64  // declared around one element
	maxNameLength = 256 // in bytes, with the prefix
)

const xmlNamespace = "http://www.w3.org/XML/1998/namespace"

// parse reads a document in UTF-8 (see toUTF8) of one root in one pass, and stops at the first thing that is not well-formed
// or goes beyond the limits. Names are resolved here and not by the decoder, which lets prefixes pass that nobody declared.
func parse(document []byte) (*element, error) {
	reader := newTagReader(document)
	p := parser{document: document, decoder: xml.NewDecoder(reader)}
	p.decoder.CharsetReader = p.sameCharset
	for {
		begin := p.decoder.InputOffset()
		reader.next(begin)
		token, err := p.decoder.RawToken()
		if errors.Is(err, io.EOF) {
			return p.finish()
		}
		if err == nil {
			err = p.take(token, begin)
		}
		if err != nil {
			return nil, malformed(err)
		}
	}
}

// malformed turns an error of the decoder into one for the caller.
func malformed(err error) error {
	var ours *licensing.Error
	if errors.As(err, &ours) {
		return ours
	}
	var syntax *xml.SyntaxError
	if errors.As(err, &syntax) {
		return licensing.InvalidRequest("", "The envelope is not well-formed XML: line %d: %s.", syntax.Line, clip(syntax.Msg))
	}
	return licensing.InvalidRequest("", "The envelope is not well-formed XML: %s.", clip(err.Error()))
}

// clip shortens what is quoted back to a caller.
func clip(s string) string { return cut(s, 200) }

// cut shortens a text to so many bytes.
func cut(s string, most int) string {
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "") + "…"
	}
	return s
}

// parser is the state of one pass.
type parser struct {
	document []byte
	decoder  *xml.Decoder
	root     *element
	open     []openElement // from the root inwards
	elements int
	prefixes []prefix // those in force, the innermost last
}

// openElement is an element whose end has not come yet.
type openElement struct {
	*element
	tag      xml.Name // as written: prefix and local name
	text     []byte
	prefixes int // how many were in force outside
}

// prefix is a declaration of a namespace.
type prefix struct {
	prefix, space string
}

// sameCharset goes on with a document whose declaration names a charset, when that is the one that toUTF8 saw there: it is what
// the document was in.
func (p *parser) sameCharset(name string, rest io.Reader) (io.Reader, error) {
	named, err := charsetNamed(name)
	if err != nil {
		return nil, err
	}
	switch seen, found, err := declaredCharset(p.document); {
	case !found:
		return nil, errDeclaration
	case err != nil || seen != named:
		return nil, errCharsets
	}
	return rest, nil
}

var errHalf = licensing.InvalidRequest("", "The envelope is not well-formed XML: it names half of a character by its number.")

// take adds a token that began at an offset of the document.
func (p *parser) take(token xml.Token, begin int64) error {
	raw := p.document[begin:p.decoder.InputOffset()]
	switch t := token.(type) {
	case xml.StartElement:
		if refersToHalf(raw) {
			return errHalf
		}
		return p.start(t)
	case xml.EndElement:
		return p.end(t)
	case xml.CharData:
		if !bytes.HasPrefix(raw, []byte("<![CDATA[")) && refersToHalf(raw) {
			return errHalf
		}
		if len(p.open) > 0 {
			top := &p.open[len(p.open)-1]
			top.text = append(top.text, t...)
		} else if len(bytes.TrimSpace(t)) > 0 {
			return licensing.InvalidRequest("", "The envelope is not well-formed XML: there is text outside of it.")
		}
	case xml.ProcInst:
		if t.Target != "xml" || begin > 0 {
			return licensing.InvalidRequest("", "Send the envelope without processing instructions.")
		}
		if _, found, _ := declaredCharset(p.document); !found { // the decoder reads it more loosely than toUTF8
			return errDeclaration
		}
	case xml.Directive:
		return licensing.InvalidRequest("", "Send the envelope without a DOCTYPE.")
	}
	return nil
}

func (p *parser) start(t xml.StartElement) error {
	p.elements++
	switch {
	case len(p.open) == 0 && p.root != nil:
		return licensing.InvalidRequest("", "Send one envelope: there is a second root element.")
	case len(p.open) >= maxDepth:
		return licensing.InvalidRequest("", "The envelope is nested too deeply: at most %d levels are read.", maxDepth)
	case p.elements > maxElements:
		return licensing.InvalidRequest("", "The envelope has too many elements: at most %d are read.", maxElements)
	}
	outside := len(p.prefixes)
	if err := p.declare(t.Attr); err != nil {
		return err
	}
	e := &element{name: t.Name.Local}
	var err error
	if e.space, err = p.resolve(t.Name, true); err != nil {
		return err
	}
	if e.attrs, err = p.attributes(t.Attr); err != nil {
		return err
	}
	if len(p.open) == 0 {
		p.root = e
	} else {
		parent := p.open[len(p.open)-1].element
		parent.children = append(parent.children, e)
	}
	p.open = append(p.open, openElement{element: e, tag: t.Name, prefixes: outside})
	return nil
}

func (p *parser) end(t xml.EndElement) error {
	if len(p.open) == 0 {
		return licensing.InvalidRequest("", "The envelope is not well-formed XML: </%s> ends nothing.", clip(t.Name.Local))
	}
	top := p.open[len(p.open)-1]
	if top.tag != t.Name {
		return licensing.InvalidRequest("", "The envelope is not well-formed XML: </%s> ends <%s>.", clip(t.Name.Local), top.tag.Local)
	}
	top.element.text = string(top.text)
	p.prefixes = p.prefixes[:top.prefixes]
	p.open = p.open[:len(p.open)-1]
	return nil
}

func (p *parser) finish() (*element, error) {
	switch {
	case p.root == nil:
		return nil, licensing.InvalidRequest("", "Send a SOAP envelope: the body of the request is empty.")
	case len(p.open) > 0:
		return nil, licensing.InvalidRequest("", "The envelope is not well-formed XML: <%s> has no end.", p.open[len(p.open)-1].tag.Local)
	}
	return p.root, nil
}

// declare puts the namespaces in force that an element declares.
func (p *parser) declare(attrs []xml.Attr) error {
	for _, a := range attrs {
		name, ok := declared(a.Name)
		if !ok {
			continue
		}
		if name != "" && a.Value == "" || name == "xmlns" || (name == "xml") != (a.Value == xmlNamespace) {
			return licensing.InvalidRequest("", "The envelope is not well-formed XML: the prefix %q cannot stand for %q.", clip(name), clip(a.Value))
		}
		p.prefixes = append(p.prefixes, prefix{name, a.Value})
	}
	if len(p.prefixes) > maxPrefixes {
		return licensing.InvalidRequest("", "The envelope declares too many namespaces: at most %d are read.", maxPrefixes)
	}
	return nil
}

// declared returns the prefix that an attribute declares, and whether it declares one.
func declared(name xml.Name) (string, bool) {
	switch {
	case name.Space == "xmlns":
		return name.Local, true
	case name.Space == "" && name.Local == "xmlns":
		return "", true
	}
	return "", false
}

// attributes resolves those that declare no namespace. Two of one name are refused, also under two prefixes.
func (p *parser) attributes(attrs []xml.Attr) ([]attribute, error) {
	for i, a := range attrs {
		if slices.ContainsFunc(attrs[:i], func(b xml.Attr) bool { return a.Name == b.Name }) {
			return nil, duplicate(a.Name)
		}
	}
	var resolved []attribute
	for i, a := range attrs {
		if _, ok := declared(a.Name); ok {
			continue
		}
		space, err := p.resolve(a.Name, false)
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(resolved, func(b attribute) bool { return b.space == space && b.name == a.Name.Local }) {
			return nil, duplicate(a.Name)
		}
		if resolved == nil {
			resolved = make([]attribute, 0, len(attrs)-i)
		}
		resolved = append(resolved, attribute{space, a.Name.Local, a.Value})
	}
	return resolved, nil
}

func duplicate(name xml.Name) error {
	return licensing.InvalidRequest("", "The envelope is not well-formed XML: the attribute %s is there twice.", name.Local)
}

// resolve returns the namespace of a name as written. Unlike an element, an attribute without a prefix is in none.
func (p *parser) resolve(name xml.Name, isElement bool) (string, error) {
	if len(name.Space)+len(name.Local) > maxNameLength {
		return "", licensing.InvalidRequest("", "A name in the envelope is too long: at most %d bytes are read.", maxNameLength)
	}
	if strings.Contains(name.Local, ":") {
		return "", licensing.InvalidRequest("", "The envelope is not well-formed XML: %q is no name.", name.Local)
	}
	if name.Space == "" && !isElement {
		return "", nil
	}
	for i := len(p.prefixes) - 1; i >= 0; i-- {
		if p.prefixes[i].prefix == name.Space {
			return p.prefixes[i].space, nil
		}
	}
	switch name.Space {
	case "":
		return "", nil
	case "xml":
		return xmlNamespace, nil
	}
	return "", licensing.InvalidRequest("", "The envelope is not well-formed XML: the prefix %s is not declared.", name.Space)
}
