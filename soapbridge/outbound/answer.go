package outbound

import (
	"errors"
	"fmt"
	"strings"

	"github.com/beevik/etree"

	"kontor/soapbridge/outbound/xmltree"
)

// maxDepth bounds how deep an answer may be nested; real ones of ERPs stay below 20.
const maxDepth = 64

// reply is a SOAP 1.1 answer: what its body holds, or a fault.
type reply struct {
	body  *etree.Element // nil for a fault
	fault *fault
}

// fault is what a SOAP 1.1 fault says (SOAP 1.1, section 4.4).
type fault struct {
	code   string         // its local part: "Client", "Server", …
	text   string         // for a person
	detail *etree.Element // may be nil
}

// client reports whether the fault blames the message: sent again as it is, it will be refused again. Codes are
// refined behind a dot ("Client.Currency").
func (f fault) client() bool { return f.code == "Client" || strings.HasPrefix(f.code, "Client.") }

// readReply reads an answer of at most maxAnswer bytes.
func readReply(data []byte) (reply, error) {
	root, err := xmltree.Parse(data, maxDepth)
	if err != nil {
		return reply{}, err
	}
	if !xmltree.Is(root, soap11, "Envelope") {
		return reply{}, fmt.Errorf("it is no SOAP 1.1 envelope but %q", excerpt(root.FullTag()))
	}
	body := xmltree.Child(root, soap11, "Body")
	if body == nil {
		return reply{}, errors.New("its envelope has no body")
	}
	content := body.ChildElements()
	if len(content) != 1 {
		return reply{}, fmt.Errorf("its body has %d elements, not one", len(content))
	}
	if !xmltree.Is(content[0], soap11, "Fault") {
		return reply{body: content[0]}, nil
	}
	// The fault's own children stand in no namespace.
	code := xmltree.Text(content[0], "", "faultcode")
	return reply{fault: &fault{
		code:   code[strings.LastIndex(code, ":")+1:],
		text:   xmltree.Text(content[0], "", "faultstring"),
		detail: xmltree.Child(content[0], "", "detail"),
	}}, nil
}
