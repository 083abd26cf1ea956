// Package wsdl holds the contracts: what Kontor serves by SOAP (license.wsdl for 1.1, license12.wsdl for 1.2), and
// that of the demo's ERP. Kontor's two differ in the namespace of their binding only; two bindings in one file are
// more than some generators read.
//
// The folder licenseclient holds a Go client that gowsdl makes of the first, as customers in Go do. Tests call the
// service with it; the service itself does not use its types, which cannot tell an absent number from 0.
package wsdl

//go:generate go tool -modfile=../tools/go.mod gowsdl -p licenseclient -d . -o license.go license.wsdl

import (
	"bytes"
	_ "embed" // for License and License12
	"encoding/xml"
	"fmt"
)

// Namespace is the namespace of everything that License and License12 declare.
const Namespace = "urn:kontor:license:v1"

// License is the contract for SOAP 1.1; hand it out with its address put in by At.
//
//go:embed license.wsdl
var License []byte

// License12 is the contract for SOAP 1.2; hand it out with its address put in by At.
//
//go:embed license12.wsdl
var License12 []byte

// placeholder is the address that stands in the files, so that tools read them as they are.
const placeholder = `location="http://127.0.0.1:8080/soap/v1"`

// At returns a copy of License or License12 whose soap:address is url.
func At(contract []byte, url string) ([]byte, error) {
	if n := bytes.Count(contract, []byte(placeholder)); n != 1 {
		return nil, fmt.Errorf("the contract holds its placeholder address %d times, not once", n)
	}
	var location bytes.Buffer
	location.WriteString(`location="`)
	if err := xml.EscapeText(&location, []byte(url)); err != nil {
		return nil, err
	}
	location.WriteString(`"`)
	return bytes.Replace(contract, []byte(placeholder), location.Bytes(), 1), nil
}
