package inbound

import (
	"context"
	"encoding/xml"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/jacoelho/xsd"
	"pgregory.net/rapid"

	"kontor/wsdl"
)

// TestSchemaAgreesWithAValidator changes valid requests at random and asks a complete XML Schema validator, with the
// schema from the WSDL, whether it would accept what comes out. We must say the same.
func TestSchemaAgreesWithAValidator(t *testing.T) {
	types, err := requestTypes(wsdl.License, operations)
	if err != nil {
		t.Fatal(err)
	}
	validator, err := xsd.Compile(context.Background(), xsd.Bytes("license.xsd", schemaOf(t, wsdl.License)))
	if err != nil {
		t.Fatal(err)
	}
	accepted, refused := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		request := drawRequest(t)
		for range rapid.IntRange(0, 2).Draw(t, "changes") {
			change(t, request)
		}
		document := request.xml()
		want := validator.Validate(context.Background(), strings.NewReader(document))
		parsed, err := parse([]byte(document))
		if err != nil {
			t.Fatalf("%v\n%s", err, document)
		}
		got := check(parsed, types[xml.Name{Space: parsed.space, Local: parsed.name}], "")
		if (got == nil) != (want == nil) {
			t.Fatalf("we say %v, the validator %v\n%s", got, want, document)
		}
		if got == nil {
			accepted++
		} else {
			refused++
		}
	})
	if accepted == 0 || refused == 0 {
		t.Errorf("%d accepted, %d refused: the test shows nothing", accepted, refused)
	}
}

// node is a request in the making.
type node struct {
	name, space, text string
	children          []*node
}

func (n *node) xml() string {
	var b strings.Builder
	fmt.Fprintf(&b, "<%s xmlns=%q>", n.name, n.space)
	b.WriteString(n.text)
	for _, c := range n.children {
		b.WriteString(c.xml())
	}
	fmt.Fprintf(&b, "</%s>", n.name)
	return b.String()
}

// all returns n and every node below it.
func (n *node) all() []*node {
	nodes := []*node{n}
	for _, c := range n.children {
		nodes = append(nodes, c.all()...)
	}
	return nodes
}

func leaf(name, text string) *node { return &node{name: name, space: wsdl.Namespace, text: text} }

func branch(name string, children ...*node) *node {
	return &node{name: name, space: wsdl.Namespace, children: children}
}

// drawRequest draws a valid request of an operation.
func drawRequest(t *rapid.T) *node {
	if rapid.Bool().Draw(t, "short") {
		return rapid.SampledFrom([]*node{
			branch("GetLicense", leaf("ticket", "x")),
			branch("GetOrder", leaf("orderNumber", "x")),
			branch("ListOffers", leaf("group", ""), leaf("category", "partner")),
			branch("ListOffers"),
			branch("FindLicenses", leaf("state", "active"), leaf("changedSince", " 2026-11-21T09:30:00.5Z "), leaf("pageSize", "10")),
			branch("RevokeLicense", leaf("requestId", "r"), leaf("ticket", "x"), leaf("reason", "because")),
			branch("ModifyLicense", leaf("requestId", "r"), leaf("ticket", "x"), branch("customer", leaf("name", "Grace")), branch("parameters")),
		}).Draw(t, "request")
	}
	pair := func(name string) *node { return branch(name, leaf("name", "n"), leaf("value", "")) }
	optional := func(n *node) []*node {
		if rapid.Bool().Draw(t, n.name) {
			return []*node{n}
		}
		return nil
	}
	return branch("CreateLicense", slices.Concat(
		[]*node{leaf("requestId", "r")},
		optional(leaf("group", "northwind")),
		[]*node{leaf("category", "c"), leaf("product", "p")},
		optional(leaf("quantity", " +7 ")),
		optional(leaf("orderNumber", "K26-1")),
		[]*node{branch("customer", append(optional(leaf("number", "1")), leaf("name", "Grace"))...)},
		optional(branch("parameters", pair("parameter"), pair("parameter"))),
		optional(branch("dataFields", pair("dataField"))),
		optional(leaf("startDate", "2027-01-31")),
		optional(leaf("endDate", " 2028-02-29 ")),
		optional(leaf("separateTickets", "1")),
		optional(leaf("test", " false ")),
	)...)
}

// change makes one change anywhere in a request. Texts with the forms of xs:date that we refuse on purpose are not
// among them, see parseDay.
func change(t *rapid.T, request *node) {
	nodes := request.all()
	n := rapid.SampledFrom(nodes).Draw(t, "node")
	i := 0
	if len(n.children) > 0 {
		i = rapid.IntRange(0, len(n.children)-1).Draw(t, "child")
	}
	switch how := rapid.SampledFrom([]string{"text", "remove", "repeat", "swap", "insert", "namespace"}).Draw(t, "how"); {
	case how == "text" && n != request:
		n.text = rapid.SampledFrom([]string{"", " ", "x", "0", "-1", "+1", "1 0", "2.0", "2147483647", "2147483648", "-2147483648", "0x1", "1_000",
			"true", "TRUE", "active", "expired", "Active", "2026-11-21T09:30:00", "2026-11-21T09:30:00.123456+01:00", "2026-11-21T9:30:00Z", "2027-02-29", "2027-2-1", strings.Repeat("ä", 255), strings.Repeat("a", 256)}).Draw(t, "text")
	case how == "insert":
		names := []string{"quantity", "name", "parameter", "value", "test", "discount", "customer"}
		added := leaf(rapid.SampledFrom(names).Draw(t, "name"), "1")
		n.children = slices.Insert(n.children, i, added)
	case how == "namespace" && n != request:
		n.space = rapid.SampledFrom([]string{"", "urn:kontor:license:v2"}).Draw(t, "namespace")
	case len(n.children) == 0:
	case how == "remove":
		n.children = slices.Delete(n.children, i, i+1)
	case how == "repeat":
		n.children = slices.Insert(n.children, i, n.children[i])
	case how == "swap":
		j := rapid.IntRange(0, len(n.children)-1).Draw(t, "other")
		n.children[i], n.children[j] = n.children[j], n.children[i]
	}
}

// TestUnsupportedSchema shows that a WSDL with more than we check cannot be served.
func TestUnsupportedSchema(t *testing.T) {
	tests := []struct{ name, old, new string }{
		{"any", `<xs:element name="ticket" type="xs:string">`, `<xs:any/><xs:element name="ticket" type="xs:string">`},
		{"choice", `<xs:element name="ticket" type="xs:string">`, `<xs:choice/><xs:element name="ticket" type="xs:string">`},
		{"attribute", "</xs:sequence>\n        </xs:complexType>", "</xs:sequence><xs:attribute name=\"a\"/>\n        </xs:complexType>"},
		{"other type", `<xs:element name="ticket" type="xs:string">`, `<xs:element name="ticket" type="xs:token">`},
		{"missing type", `type="tns:Customer"`, `type="tns:Client"`},
		{"other facet", `<xs:minLength value="1"/>`, `<xs:pattern value="x"/>`},
		{"missing operation", `<xs:element name="GetOrder">`, `<xs:element name="GetOrders">`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			changed := strings.Replace(string(wsdl.License), tt.old, tt.new, 1)
			if changed == string(wsdl.License) {
				t.Fatal("the WSDL does not contain what the test changes")
			}
			if _, err := requestTypes([]byte(changed), operations); err == nil {
				t.Error("no error")
			}
		})
	}
}
