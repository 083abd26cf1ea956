// Package outbound passes messages on to other systems by SOAP.
//
// erp.go maps Kontor's messages to one contract, that of wsdl/demo-erp.wsdl; envelope.go builds an envelope, call.go
// sends it, answer.go reads what comes back. Those three know nothing of the contract.
package outbound
