package wsdl

import _ "embed" // for DemoERP

// DemoERP is the contract of the demo's ERP (SOAP 1.1, namespace urn:aurora:erp:v1). It is that system's own and not
// part of what Kontor serves. The address in it is a placeholder; the ERP puts its own there when it hands it out.
//
//go:embed demo-erp.wsdl
var DemoERP []byte
