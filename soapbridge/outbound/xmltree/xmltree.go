// Package xmltree reads XML that others wrote into a tree, within bounds.
package xmltree

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/beevik/etree"
)

// ErrDoctype says that a document has a DOCTYPE or another declaration of its kind. SOAP forbids them, and they are
// what entity attacks are made of.
var ErrDoctype = errors.New("it has a DOCTYPE, which is not allowed")

// Parse reads one XML document in UTF-8 whose elements are nested at most depth deep. The caller bounds its size.
// Nothing that the document names is fetched or expanded.
func Parse(data []byte, depth int) (*etree.Element, error) {
	doc := etree.NewDocument()
	doc.ReadSettings = etree.ReadSettings{MaxDepth: depth, CharsetReader: onlyUTF8}
	if err := doc.ReadFromBytes(data); err != nil {
		if errors.Is(err, etree.ErrMaxDepth) {
			return nil, fmt.Errorf("it is nested more than %d deep", depth)
		}
		return nil, fmt.Errorf("it is not well-formed XML: %w", err)
	}
	if hasDirective(&doc.Element) {
		return nil, ErrDoctype
	}
	if len(doc.ChildElements()) != 1 || ownText(&doc.Element) != "" {
		return nil, errors.New("it is not well-formed XML: a document has one root element and no text beside it")
	}
	return doc.Root(), nil
}

func onlyUTF8(charset string, in io.Reader) (io.Reader, error) {
	if strings.EqualFold(charset, "us-ascii") {
		return in, nil
	}
	return nil, fmt.Errorf("its charset is %q; only UTF-8 is read", charset)
}

func hasDirective(e *etree.Element) bool {
	for _, t := range e.Child {
		switch t := t.(type) {
		case *etree.Directive:
			return true
		case *etree.Element:
			if hasDirective(t) {
				return true
			}
		}
	}
	return false
}

// Is reports whether e is called tag in the namespace.
func Is(e *etree.Element, namespace, tag string) bool {
	return e != nil && e.Tag == tag && e.NamespaceURI() == namespace
}

// Child returns the first child of e that is called tag in the namespace; nil when there is none.
func Child(e *etree.Element, namespace, tag string) *etree.Element {
	for _, c := range e.ChildElements() {
		if Is(c, namespace, tag) {
			return c
		}
	}
	return nil
}

// Text returns the text of the first child of e that is called tag in the namespace, without blanks around it; empty
// when there is none.
func Text(e *etree.Element, namespace, tag string) string {
	c := Child(e, namespace, tag)
	if c == nil {
		return ""
	}
	return ownText(c)
}

// ownText returns all text directly in e, around comments and children, without blanks around it.
func ownText(e *etree.Element) string {
	var b strings.Builder
	for _, t := range e.Child {
		if data, ok := t.(*etree.CharData); ok {
			b.WriteString(data.Data)
		}
	}
	return strings.TrimSpace(b.String())
}
