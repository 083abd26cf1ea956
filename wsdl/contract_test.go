package wsdl

import (
	"testing"

	"github.com/beevik/etree"
)

// TestOperations reads our contract, and finds in it every operation with all that a caller sends.
func TestOperations(t *testing.T) {
	all, err := Operations(License)
	if err != nil {
		t.Fatal(err)
	}
	d := etree.NewDocument()
	if err := d.ReadFromBytes(License); err != nil {
		t.Fatal(err)
	}
	if want := len(d.FindElements("//portType/operation")); len(all) != want || want == 0 {
		t.Fatalf("%d operations, want %d", len(all), want)
	}
	for _, o := range all {
		if o.Doc == "" || o.Action != Namespace+"/"+o.Name || len(o.Request) == 0 || len(o.Response) == 0 {
			t.Errorf("%s is not read whole: %+v", o.Name, o)
		}
	}
	create := all[1]
	if create.Name != "CreateLicense" || !create.Has("test") || create.Has("ticket") {
		t.Fatalf("got %+v", create)
	}
	customer, parameters := create.Request[6], create.Request[7]
	if customer.Name != "customer" || customer.Optional || len(customer.Elements) != 6 || customer.Elements[1].Optional || !customer.Elements[0].Optional {
		t.Errorf("got %+v", customer)
	}
	if one := parameters.Elements[0]; !parameters.Optional || !one.Many || one.Elements[1].Type != "string" {
		t.Errorf("got %+v", parameters)
	}
	if late := all[0].Request[3]; late.Name != "ifLate" || len(late.Options) != 2 || late.Type != "string" || late.Doc == "" {
		t.Errorf("got %+v", late)
	}
}

// TestOperationsRefuses says what is missing in a contract.
func TestOperationsRefuses(t *testing.T) {
	for _, contract := range []string{
		"no XML",
		`<d><portType><operation name="A"/></portType></d>`,
		`<d><schema><element name="A"><complexType><sequence><element name="b" type="tns:None"/></sequence></complexType></element></schema><portType><operation name="A"/></portType></d>`,
	} {
		if all, err := Operations([]byte(contract)); err == nil {
			t.Errorf("%s: %+v", contract, all)
		}
	}
}
