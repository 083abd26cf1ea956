package wsdl

import (
	"testing"

	"github.com/beevik/etree"
)

// TestEverythingIsDocumented holds that each operation, each named type, each field and each value of an enumeration of both contracts says what it is for.
func TestEverythingIsDocumented(t *testing.T) {
	for name, contract := range map[string][]byte{"license.wsdl": License, "license12.wsdl": License12} {
		d := etree.NewDocument()
		if err := d.ReadFromBytes(contract); err != nil {
			t.Fatal(err)
		}
		look := func(path, documentation string) {
			found := d.FindElements(path)
			if len(found) == 0 {
				t.Errorf("%s: nothing is at %s", name, path)
			}
			for _, e := range found {
				if text := e.FindElement(documentation); text == nil || text.Text() == "" {
					t.Errorf("%s: %s %s is not documented", name, e.GetPath(), e.SelectAttrValue("name", ""))
				}
			}
		}
		look("//portType/operation", "./documentation")
		look("//schema/complexType", "./annotation/documentation")
		look("//schema/simpleType", "./annotation/documentation")
		look("//restriction/enumeration", "./annotation/documentation")
		look("//sequence/element", "./annotation/documentation")
	}
}
