package demo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/beevik/etree"
	"github.com/jacoelho/xsd"
	"github.com/jacoelho/xsd/xsderrors"

	"kontor/soapbridge/outbound/xmltree"
)

// The namespaces of the ERP's contract.
const (
	erpNS    = "urn:aurora:erp:v1"
	soapNS   = "http://schemas.xmlsoap.org/soap/envelope/"
	wsdlNS   = "http://schemas.xmlsoap.org/wsdl/"
	schemaNS = "http://www.w3.org/2001/XMLSchema"
)

// contractAddress is the address that stands in the WSDL, to be replaced by the real one.
const contractAddress = "http://127.0.0.1:8081/soap"

// erpContract is the ERP's WSDL, and the schema in it by which requests are checked.
type erpContract struct {
	wsdl   []byte
	schema *xsd.Engine
}

func readContract(definition []byte) (*erpContract, error) {
	root, err := xmltree.Parse(definition, 32)
	if err != nil {
		return nil, fmt.Errorf("the WSDL: %w", err)
	}
	types := xmltree.Child(root, wsdlNS, "types")
	if types == nil || xmltree.Child(types, schemaNS, "schema") == nil {
		return nil, errors.New("the WSDL has no schema")
	}
	schema, err := standalone(xmltree.Child(types, schemaNS, "schema"))
	if err != nil {
		return nil, err
	}
	engine, err := xsd.Compile(context.Background(), xsd.Bytes("demo-erp.xsd", schema))
	if err != nil {
		return nil, fmt.Errorf("the WSDL's schema: %w", err)
	}
	return &erpContract{definition, engine}, nil
}

// at returns the WSDL with the address under which it was asked for.
func (c *erpContract) at(address string) []byte {
	var escaped bytes.Buffer
	for _, r := range address {
		switch r {
		case '&', '<', '"':
			fmt.Fprintf(&escaped, "&#%d;", r)
		default:
			escaped.WriteRune(r)
		}
	}
	return bytes.Replace(c.wsdl, []byte(contractAddress), escaped.Bytes(), 1)
}

// check reports how a request breaks the schema, in words for whoever builds the requests.
func (c *erpContract) check(request *etree.Element) error {
	text, err := standalone(request)
	if err != nil {
		return err
	}
	err = c.schema.Validate(context.Background(), bytes.NewReader(text))
	if e, ok := errors.AsType[*xsderrors.Error](err); ok {
		return fmt.Errorf("%s: %s", e.Path, e.Message)
	}
	return err
}

// standalone writes an element as a document of its own, with the namespaces that it got from around it.
func standalone(e *etree.Element) ([]byte, error) {
	e = withNamespaces(e)
	doc := etree.NewDocumentWithRoot(e)
	doc.WriteSettings = etree.WriteSettings{CanonicalText: true, CanonicalAttrVal: true}
	return doc.WriteToBytes()
}

// withNamespaces returns a copy of an element that declares every prefix that is declared around the original.
func withNamespaces(e *etree.Element) *etree.Element {
	c := e.Copy()
	for p := e.Parent(); p != nil; p = p.Parent() {
		for _, a := range p.Attr {
			declares := a.Space == "xmlns" || a.Space == "" && a.Key == "xmlns"
			if declares && c.SelectAttr(a.FullKey()) == nil {
				c.CreateAttr(a.FullKey(), a.Value)
			}
		}
	}
	return c
}

// amount reads what a line or a period is charged; both are empty without a charge.
func amount(parent *etree.Element) (decimal, currency string) {
	e := xmltree.Child(parent, erpNS, "amount")
	if e == nil {
		return "", ""
	}
	return text(parent, "amount"), e.SelectAttrValue("currency", "")
}

// readDocument reads a request that satisfies the schema.
func readDocument(request *etree.Element) Document {
	d := Document{
		MessageID:   text(request, "messageId"),
		OrderNumber: text(request, "orderNumber"),
		Group:       text(request, "group"),
		Test:        text(request, "test") == "true" || text(request, "test") == "1",
		Kind:        kindOf(request.Tag, text(request, "change")),
		Data:        values(request, "dataFields"),
		Reason:      text(request, "reason"),
		FromGroup:   text(request, "fromGroup"),
		Tickets:     []string{},
	}
	d.Amount, d.Currency = amount(request)
	if request.Tag == "BookStatement" {
		d.Statement = readStatement(request)
		return d
	}
	c := xmltree.Child(request, erpNS, "customer")
	d.Customer = DocumentCustomer{
		Number: text(c, "number"), Name: text(c, "name"), Company: text(c, "company"),
		Email: text(c, "email"), Country: text(c, "country"), Language: text(c, "language"),
	}
	if p := xmltree.Child(request, erpNS, "period"); p != nil {
		d.Period = &DocumentPeriod{Number: text(p, "number"), Start: text(p, "start"), End: text(p, "end"), CancelBy: text(p, "cancelBy")}
		d.Period.Amount, d.Period.Currency = amount(p)
	}
	for _, l := range items(request, "lines") {
		line := DocumentLine{
			Position: text(l, "position"), ExternalLine: text(l, "externalLine"), Data: values(l, "dataFields"), Category: text(l, "category"), Product: text(l, "product"),
			Name: text(l, "name"), Quantity: text(l, "quantity"),
		}
		line.Amount, line.Currency = amount(l)
		d.Lines = append(d.Lines, line)
	}
	for _, l := range items(request, "licenses") {
		d.Licenses = append(d.Licenses, DocumentLicense{
			Ticket: text(l, "ticket"), Product: text(l, "product"), Quantity: text(l, "quantity"), State: text(l, "state"),
			StartDate: text(l, "startDate"), ExpiresAt: text(l, "expiresAt"), MaintenanceUntil: text(l, "maintenanceUntil"),
			Parameters: values(l, "parameters"),
		})
		d.Tickets = append(d.Tickets, text(l, "ticket"))
	}
	return d
}

func readStatement(request *etree.Element) *DocumentStatement {
	s := &DocumentStatement{GroupName: text(request, "groupName"), Month: text(request, "month"), Hash: text(request, "hash")}
	for _, e := range request.ChildElements() {
		if xmltree.Is(e, erpNS, "sum") {
			s.Sums = append(s.Sums, DocumentSum{e.Text(), e.SelectAttrValue("currency", "")})
		}
	}
	for _, e := range items(request, "entries") {
		entry := DocumentEntry{
			Kind: text(e, "kind"), Day: text(e, "day"), Corrects: text(e, "corrects"), OrderNumber: text(e, "orderNumber"),
			Customer: text(xmltree.Child(e, erpNS, "customer"), "name"), Data: values(e, "dataFields"), Product: text(e, "product"),
			Quantity: text(e, "quantity"), Units: text(e, "units"), Reason: text(e, "reason"),
		}
		entry.Amount, entry.Currency = amount(e)
		s.Entries = append(s.Entries, entry)
	}
	return s
}

// kindOf names what was told, from the operation and the change: subscriptionExtended.
func kindOf(operation, change string) string {
	what := "order"
	switch operation {
	case "BookSubscriptionChange":
		what = "subscription"
	case "BookLicenseChange":
		what = "license"
	case "BookStatement":
		what = "statement"
	}
	return what + strings.ToUpper(change[:1]) + change[1:]
}

func text(e *etree.Element, tag string) string { return xmltree.Text(e, erpNS, tag) }

// items returns the children of the list called tag.
func items(e *etree.Element, tag string) []*etree.Element {
	list := xmltree.Child(e, erpNS, tag)
	if list == nil {
		return nil
	}
	return list.ChildElements()
}

func values(e *etree.Element, tag string) []DocumentValue {
	var all []DocumentValue
	for _, v := range items(e, tag) {
		all = append(all, DocumentValue{text(v, "name"), text(v, "value")})
	}
	return all
}
