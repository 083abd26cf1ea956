package wsdl

import (
	"os/exec"
	"testing"
)

// validate holds files against the schema of WSDL 1.1 and of its binding for SOAP 1.1, both of which the library brings along. A
// file that is not valid is an exception.
const validate = `
import sys
from xmlschema.extras.wsdl import Wsdl11Document
for name in sys.argv[1:]:
    document = Wsdl11Document(name)
    assert document.services and document.bindings and document.port_types, name
`

// TestValidBySchema holds every contract against the schema of WSDL 1.1 (https://schemas.xmlsoap.org/wsdl/).
func TestValidBySchema(t *testing.T) {
	check := exec.Command("/usr/bin/python3", "-c", validate, "license.wsdl", "license12.wsdl", "demo-erp.wsdl")
	if out, err := check.CombinedOutput(); err != nil {
		t.Errorf("%v (Debian's package is python3-xmlschema)\n%s", err, out)
	}
}
