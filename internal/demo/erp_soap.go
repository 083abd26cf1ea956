package demo

import (
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"github.com/beevik/etree"

	"kontor/soapbridge/outbound/xmltree"
)

// Bounds of a request to the ERP.
const (
	erpMaxBytes = 16 << 20 // an order of 10,000 tickets has about 6 MB
	erpMaxDepth = 32
)

// soapFault is a SOAP 1.1 fault that the ERP answers with.
type soapFault struct {
	code    string // "Client", "Server", …, in the envelope's namespace
	text    string
	refusal string // the code of a refusal, for the detail; empty: none
}

// serveSOAP answers one call.
func (e *ERP) serveSOAP(w http.ResponseWriter, r *http.Request) {
	if e.Down() {
		http.Error(w, "Aurora ERP is switched off.", http.StatusServiceUnavailable)
		return
	}
	if !allowed(r) {
		w.Header().Set("WWW-Authenticate", `Basic realm="Aurora ERP", charset="UTF-8"`)
		http.Error(w, "Wrong user name or password.", http.StatusUnauthorized)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, erpMaxBytes))
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		writeFault(w, soapFault{code: "Client", text: fmt.Sprintf("The request has more than %d bytes.", erpMaxBytes)})
		return
	} else if err != nil {
		return // the caller went away
	}
	request, fault := readRequest(body)
	if fault == nil {
		fault = e.answer(w, request)
	}
	if fault != nil {
		writeFault(w, *fault)
	}
}

// allowed checks the credentials. What is compared has the same length for any input, so that the time it takes
// tells nothing.
func allowed(r *http.Request) bool {
	user, password, _ := r.BasicAuth()
	given := sha256.Sum256([]byte(user + "\x00" + password))
	want := sha256.Sum256([]byte(ERPUser + "\x00" + ERPPassword))
	return subtle.ConstantTimeCompare(given[:], want[:]) == 1
}

// readRequest returns the one element in the body of an envelope.
func readRequest(data []byte) (*etree.Element, *soapFault) {
	root, err := xmltree.Parse(data, erpMaxDepth)
	if err != nil {
		return nil, &soapFault{code: "Client", text: fmt.Sprintf("The request cannot be read: %v.", err)}
	}
	if root.Tag == "Envelope" && root.NamespaceURI() != soapNS {
		return nil, &soapFault{code: "VersionMismatch", text: "Only SOAP 1.1 is understood."}
	}
	body := xmltree.Child(root, soapNS, "Body")
	if !xmltree.Is(root, soapNS, "Envelope") || body == nil || len(body.ChildElements()) != 1 {
		return nil, &soapFault{code: "Client", text: "The request is no SOAP 1.1 envelope with one element in its body."}
	}
	if header := xmltree.Child(root, soapNS, "Header"); header != nil {
		for _, h := range header.ChildElements() {
			for _, a := range h.Attr {
				if a.Key == "mustUnderstand" && a.NamespaceURI() == soapNS && a.Value == "1" {
					return nil, &soapFault{code: "MustUnderstand", text: fmt.Sprintf("The header %s is not understood.", h.Tag)}
				}
			}
		}
	}
	return body.ChildElements()[0], nil
}

// answer books what a request tells and writes the response, or returns why not.
func (e *ERP) answer(w http.ResponseWriter, request *etree.Element) *soapFault {
	operation := request.Tag
	if request.NamespaceURI() != erpNS || !slices.Contains([]string{"BookLicenseOrder", "BookSubscriptionChange", "BookLicenseChange", "BookStatement"}, operation) {
		return &soapFault{code: "Client", text: fmt.Sprintf("There is no operation {%s}%s.", request.NamespaceURI(), operation)}
	}
	if err := e.contract.check(request); err != nil {
		return &soapFault{code: "Client", text: fmt.Sprintf("The request breaks the schema: %v.", err)}
	}
	d := readDocument(request)
	if fault := refuse(d); fault != nil {
		return fault
	}
	booked, err := e.book(d)
	if err != nil {
		slog.Error("The demo ERP cannot write a document", "error", err)
		return &soapFault{code: "Server", text: "The document cannot be written down at the moment."}
	}
	root, body := newAnswer()
	response := body.CreateElement(operation + "Response")
	response.CreateAttr("xmlns", erpNS)
	response.CreateElement("documentNumber").SetText(booked.Number)
	response.CreateElement("received").SetText(booked.Received.Format(time.RFC3339Nano))
	writeXML(w, http.StatusOK, root)
	return nil
}

// blockedCustomer is the customer number for which the ERP books nothing, so that a refusal can be seen.
const blockedCustomer = "BLOCKED"

// refuse says why the ERP does not want to book a document, or nil.
func refuse(d Document) *soapFault {
	if d.Customer.Number == blockedCustomer {
		return &soapFault{"Client", "The customer " + blockedCustomer + " is blocked for new bookings.", "customerBlocked"}
	}
	for _, l := range d.Lines {
		if l.Currency != "" && l.Currency != "EUR" {
			return &soapFault{"Client", fmt.Sprintf("The books are kept in EUR; line %s is in %s.", l.Position, l.Currency), "currency"}
		}
	}
	return nil
}

// newAnswer returns an empty SOAP 1.1 envelope and its body.
func newAnswer() (root, body *etree.Element) {
	root = etree.NewElement("soap:Envelope")
	root.CreateAttr("xmlns:soap", soapNS)
	return root, root.CreateElement("soap:Body")
}

func writeFault(w http.ResponseWriter, f soapFault) {
	root, body := newAnswer()
	x := body.CreateElement("soap:Fault")
	x.CreateElement("faultcode").SetText("soap:" + f.code)
	x.CreateElement("faultstring").SetText(f.text)
	if f.refusal != "" {
		refusal := x.CreateElement("detail").CreateElement("refusal")
		refusal.CreateAttr("xmlns", erpNS)
		refusal.CreateElement("code").SetText(f.refusal)
		refusal.CreateElement("message").SetText(f.text)
	}
	writeXML(w, http.StatusInternalServerError, root)
}

func writeXML(w http.ResponseWriter, status int, root *etree.Element) {
	doc := etree.NewDocument()
	doc.CreateProcInst("xml", `version="1.0" encoding="UTF-8"`)
	doc.AddChild(root)
	doc.WriteSettings = etree.WriteSettings{CanonicalText: true, CanonicalAttrVal: true}
	w.Header().Set("Content-Type", "text/xml; charset=utf-8")
	w.WriteHeader(status)
	if _, err := doc.WriteTo(w); err != nil {
		slog.Info("The demo ERP's answer did not arrive", "error", err)
	}
}
