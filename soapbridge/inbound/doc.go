// Package inbound is the SOAP face of Kontor: ERP, CRM and shop systems create and read licenses through it. It
// decides nothing; every operation decodes a request, calls the use case that the portal calls too, and writes the
// answer.
//
// A request passes, in this order: the gate (method, media type, size, charset), the reader (one pass over the XML
// with its limits), the envelope (version, headers, one body), the schema of our own WSDL, the caller's credentials,
// the operation. The first that refuses answers with a fault; nothing after it runs.
//
// An operation is a file op_<name>.go, a line in operations, and its elements in the WSDL; a test holds the three
// together.
package inbound
