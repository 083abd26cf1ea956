package inbound

import (
	"encoding/xml"
	"fmt"
	"strings"
)

// contentType is what an element may hold: a sequence of elements, or text.
type contentType struct {
	sequence []particle
	// problem says in a sentence for a person what is wrong with a text; empty when nothing is. It is nil for a
	// sequence.
	problem func(text string) string
}

// particle is an element in a sequence.
type particle struct {
	name     string
	required bool
	repeats  bool
	content  *contentType
}

// requestTypes reads what the operations' request elements may hold from the WSDL that we hand out, so that what is
// promised and what is checked cannot differ. It knows as much of XML Schema as our requests use, sequences of
// elements and restrictions of built-in types, and reports anything beyond.
func requestTypes(contract []byte, operations map[xml.Name]operation) (map[xml.Name]*contentType, error) {
	var document xsdDocument
	if err := xml.Unmarshal(contract, &document); err != nil {
		return nil, fmt.Errorf("reading the WSDL: %w", err)
	}
	types := map[xml.Name]*contentType{}
	for _, e := range document.Schema.Elements {
		name := xml.Name{Space: document.Schema.Namespace, Local: e.Name}
		if operations[name] == nil {
			continue
		}
		content, err := document.content(e)
		if err != nil {
			return nil, fmt.Errorf("reading the WSDL: element %s: %w", e.Name, err)
		}
		types[name] = content
	}
	for name := range operations {
		if types[name] == nil {
			return nil, fmt.Errorf("reading the WSDL: it has no element %s", name.Local)
		}
	}
	return types, nil
}

// The parts of a WSDL that matter here.
type (
	xsdDocument struct {
		Schema struct {
			Namespace    string       `xml:"targetNamespace,attr"`
			Elements     []xsdElement `xml:"element"`
			ComplexTypes []xsdComplex `xml:"complexType"`
			SimpleTypes  []xsdSimple  `xml:"simpleType"`
		} `xml:"types>schema"`
	}
	xsdElement struct {
		Name      string      `xml:"name,attr"`
		Type      string      `xml:"type,attr"`
		MinOccurs string      `xml:"minOccurs,attr"`
		MaxOccurs string      `xml:"maxOccurs,attr"`
		Complex   *xsdComplex `xml:"complexType"`
	}
	xsdComplex struct {
		Name     string `xml:"name,attr"`
		Sequence struct {
			Elements []xsdElement `xml:"element"`
			Others   []xsdOther   `xml:",any"`
		} `xml:"sequence"`
		Annotation xsdOther   `xml:"annotation"`
		Others     []xsdOther `xml:",any"`
	}
	xsdSimple struct {
		Name        string `xml:"name,attr"`
		Restriction struct {
			Base      string    `xml:"base,attr"`
			MinLength xsdLength `xml:"minLength"`
			MaxLength xsdLength `xml:"maxLength"`
			Values    []struct {
				Value string `xml:"value,attr"`
			} `xml:"enumeration"`
			Others []xsdOther `xml:",any"`
		} `xml:"restriction"`
	}
	xsdLength struct {
		Value int `xml:"value,attr"`
	}
	xsdOther struct {
		XMLName xml.Name
	}
)

// content resolves what an element of the schema may hold.
func (d *xsdDocument) content(e xsdElement) (*contentType, error) {
	if e.Complex != nil {
		return d.sequence(*e.Complex)
	}
	_, name, _ := strings.Cut(e.Type, ":")
	if strings.HasPrefix(e.Type, "xs:") {
		return builtIn(name)
	}
	for _, t := range d.Schema.ComplexTypes {
		if t.Name == name {
			return d.sequence(t)
		}
	}
	for _, t := range d.Schema.SimpleTypes {
		if t.Name == name {
			return restriction(t)
		}
	}
	return nil, fmt.Errorf("there is no type %q", e.Type)
}

func (d *xsdDocument) sequence(t xsdComplex) (*contentType, error) {
	if others := append(t.Others, t.Sequence.Others...); len(others) > 0 {
		return nil, fmt.Errorf("%s is not supported", others[0].XMLName.Local)
	}
	content := &contentType{}
	for _, e := range t.Sequence.Elements {
		inner, err := d.content(e)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", e.Name, err)
		}
		content.sequence = append(content.sequence, particle{
			name:     e.Name,
			required: e.MinOccurs != "0",
			repeats:  e.MaxOccurs == "unbounded",
			content:  inner,
		})
	}
	return content, nil
}

func restriction(t xsdSimple) (*contentType, error) {
	r := t.Restriction
	if len(r.Values) > 0 && r.Base == "xs:string" && len(r.Others) == 0 && r.MaxLength.Value == 0 && r.MinLength.Value == 0 {
		values := make([]string, len(r.Values))
		for i, v := range r.Values {
			values[i] = v.Value
		}
		return &contentType{problem: oneOf(values)}, nil
	}
	if r.Base != "xs:string" || len(r.Others) > 0 || r.MaxLength.Value == 0 {
		return nil, fmt.Errorf("the restriction %s is not supported", t.Name)
	}
	return &contentType{problem: length(r.MinLength.Value, r.MaxLength.Value)}, nil
}
