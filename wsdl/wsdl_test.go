package wsdl

import (
	"bytes"
	"strings"
	"testing"

	"github.com/beevik/etree"
)

func TestTheVersionsDifferInTheirBindingOnly(t *testing.T) {
	const soap11, soap12 = "http://schemas.xmlsoap.org/wsdl/soap/", "http://schemas.xmlsoap.org/wsdl/soap12/"
	if got := bytes.Replace(License, []byte(soap11), []byte(soap12), 1); !bytes.Equal(got, License12) {
		t.Error("license12.wsdl is not license.wsdl with the namespace of the SOAP 1.2 binding")
	}
}

// TestKeepsToWhatGeneratorsRead holds the contract to one binding, one flat schema of sequences without recursion,
// and elements that all are qualified.
func TestKeepsToWhatGeneratorsRead(t *testing.T) {
	d := etree.NewDocument()
	if err := d.ReadFromBytes(License); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]int{"//binding/binding": 1, "//portType": 1, "//port": 1, "//schema": 1} {
		if got := len(d.FindElements(path)); got != want {
			t.Errorf("%s: %d, want %d", path, got, want)
		}
	}
	if schema := d.FindElement("//schema"); schema.SelectAttrValue("elementFormDefault", "") != "qualified" || schema.SelectAttrValue("targetNamespace", "") != Namespace {
		t.Error("the schema is not qualified, or has another namespace")
	}
	for _, tag := range []string{"any", "anyAttribute", "attribute", "choice", "all", "group", "extension", "import", "include", "union", "list"} {
		if e := d.FindElement("//schema//" + tag); e != nil {
			t.Errorf("the schema has a %s at %s", tag, e.GetPath())
		}
	}
	for _, e := range d.FindElements("//schema/complexType") {
		checkRecursion(t, d, e, nil)
	}
}

// checkRecursion follows the types of the elements in a type.
func checkRecursion(t *testing.T, d *etree.Document, complexType *etree.Element, outside []string) {
	name := complexType.SelectAttrValue("name", "")
	path := append(outside, name)
	if strings.Contains("/"+strings.Join(outside, "/")+"/", "/"+name+"/") {
		t.Errorf("recursion: %s", strings.Join(path, "/"))
		return
	}
	for _, e := range complexType.FindElements("sequence/element") {
		_, inner, _ := strings.Cut(e.SelectAttrValue("type", ""), ":")
		if next := d.FindElement("//schema/complexType[@name='" + inner + "']"); next != nil {
			checkRecursion(t, d, next, path)
		}
	}
}

func TestAt(t *testing.T) {
	for _, contract := range [][]byte{License, License12} {
		at, err := At(contract, `https://licenses.example.com/?a&"b"`)
		if err != nil {
			t.Fatal(err)
		}
		d := etree.NewDocument()
		if err := d.ReadFromBytes(at); err != nil {
			t.Fatal(err)
		}
		if got := d.FindElement("//port/address").SelectAttrValue("location", ""); got != `https://licenses.example.com/?a&"b"` {
			t.Errorf("got %s", got)
		}
	}
	if _, err := At([]byte("<x/>"), "https://licenses.example.com"); err == nil {
		t.Error("no error for a contract without an address")
	}
}
