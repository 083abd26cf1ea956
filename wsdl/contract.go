package wsdl

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/beevik/etree"
)

// Operation is something that a contract offers, with what a caller sends for it.
type Operation struct {
	Name     string // also of the element in the Body
	Doc      string
	Action   string // the SOAPAction
	Request  []Element
	Response []Element
}

// Element is an element within a message, in the order in which it has to stand.
type Element struct {
	Name     string
	Type     string // "string", "int", "boolean", "date", "dateTime", "decimal"; empty: it holds Elements
	Doc      string
	Optional bool
	Many     bool     // it may stand any number of times
	Options  []string // what an enumeration allows; nil: anything
	Elements []Element
}

// Operations reads those of a contract, in their order. It fails for a contract that it cannot follow: of ours, none.
func Operations(contract []byte) ([]Operation, error) {
	d := etree.NewDocument()
	if err := d.ReadFromBytes(contract); err != nil {
		return nil, fmt.Errorf("the contract is no XML: %w", err)
	}
	r := reader{types: map[string]*etree.Element{}, elements: map[string]*etree.Element{}}
	for _, e := range d.FindElements("//schema/*") {
		switch name := e.SelectAttrValue("name", ""); e.Tag {
		case "complexType", "simpleType":
			r.types[name] = e
		case "element":
			r.elements[name] = e
		}
	}
	actions := map[string]string{}
	for _, e := range d.FindElements("//binding/operation") {
		if action := e.FindElement("operation"); action != nil {
			actions[e.SelectAttrValue("name", "")] = action.SelectAttrValue("soapAction", "")
		}
	}
	var all []Operation
	for _, e := range d.FindElements("//portType/operation") {
		o := Operation{Name: e.SelectAttrValue("name", ""), Action: actions[e.SelectAttrValue("name", "")]}
		if doc := e.SelectElement("documentation"); doc != nil {
			o.Doc = oneLine(doc.Text())
		}
		var err error
		if o.Request, err = r.message(o.Name); err != nil {
			return nil, err
		}
		if o.Response, err = r.message(o.Name + "Response"); err != nil {
			return nil, err
		}
		all = append(all, o)
	}
	if len(all) == 0 {
		return nil, errors.New("the contract has no operation")
	}
	return all, nil
}

// reader finds what a schema declares by its name.
type reader struct {
	types, elements map[string]*etree.Element
}

func (r reader) message(name string) ([]Element, error) {
	e := r.elements[name]
	if e == nil {
		return nil, fmt.Errorf("the contract has no element %s", name)
	}
	return r.sequence(e.SelectElement("complexType"))
}

func (r reader) sequence(complexType *etree.Element) (all []Element, err error) {
	if complexType == nil || complexType.SelectElement("sequence") == nil {
		return nil, nil
	}
	for _, e := range complexType.SelectElement("sequence").SelectElements("element") {
		out := Element{
			Name: e.SelectAttrValue("name", ""), Doc: docOf(e),
			Optional: e.SelectAttrValue("minOccurs", "1") == "0", Many: e.SelectAttrValue("maxOccurs", "1") != "1",
		}
		prefix, local, _ := strings.Cut(e.SelectAttrValue("type", ""), ":")
		declared := r.types[local]
		switch {
		case prefix == "xs":
			out.Type = local
		case declared == nil:
			return nil, fmt.Errorf("the contract has no type %s", local)
		case declared.Tag == "simpleType":
			out.Type = "string"
			if out.Doc == "" {
				out.Doc = docOf(declared)
			}
			for _, option := range declared.FindElements("restriction/enumeration") {
				out.Options = append(out.Options, option.SelectAttrValue("value", ""))
			}
		default:
			if out.Elements, err = r.sequence(declared); err != nil {
				return nil, err
			}
		}
		all = append(all, out)
	}
	return all, nil
}

func docOf(e *etree.Element) string {
	if doc := e.FindElement("annotation/documentation"); doc != nil {
		return oneLine(doc.Text())
	}
	return ""
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// Has reports whether an operation's request has an element of that name on its first level.
func (o Operation) Has(name string) bool {
	return slices.ContainsFunc(o.Request, func(e Element) bool { return e.Name == name })
}
