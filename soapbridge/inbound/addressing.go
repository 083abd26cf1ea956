package inbound

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/beevik/etree"

	"kontor/internal/licensing"
	"kontor/wsdl"
)

// addressingVersion is what differs between the versions of WS-Addressing.
type addressingVersion struct {
	namespace string
	anonymous string // the address that stands for the connection that a request came by
	fault     string // the action of a fault
	invalid   string // the action of a fault about its own headers, for which it has codes; empty: the same, and none that we tell
}

// addressingVersions are the recommendation (1.0) and the submission that older clients send.
var addressingVersions = []*addressingVersion{
	{"http://www.w3.org/2005/08/addressing", "http://www.w3.org/2005/08/addressing/anonymous", "http://www.w3.org/2005/08/addressing/soap/fault", "http://www.w3.org/2005/08/addressing/fault"},
	{"http://schemas.xmlsoap.org/ws/2004/08/addressing", "http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous", "http://schemas.xmlsoap.org/ws/2004/08/addressing/fault", ""},
}

// The codes of WS-Addressing 1.0 (its SOAP binding, section 6.4) for headers that are refused.
const (
	invalidHeader = "wsa:InvalidAddressingHeader"
	onlyAnonymous = "wsa:OnlyAnonymousAddressSupported" // inside the other
)

// portType begins the actions that the WSDL binding of WS-Addressing 1.0, section 4.4.4, gives to messages of a contract that
// names none itself.
const portType = wsdl.Namespace + ":LicensePortType:"

// maxMessageID is the most characters of a MessageID, which is given back.
const maxMessageID = 1000

// addressing is what the headers of WS-Addressing say of a request. Whoever sends one gets them back in answers and faults.
type addressing struct {
	*addressingVersion
	action    string
	messageID string
	seen      map[string]bool // names of headers
	wrong     []string        // the codes of what is wrong with the headers, from the outer one inwards; empty when nothing is
}

// addressingHeaders are those that are understood.
var addressingHeaders = map[string]func(*addressing, *element) error{
	"To": (*addressing).readTo, "Action": (*addressing).readAction, "MessageID": (*addressing).readMessageID,
	"ReplyTo": (*addressing).readReplyTo, "FaultTo": (*addressing).readReplyTo,
	"From": func(*addressing, *element) error { return nil }, "RelatesTo": func(*addressing, *element) error { return nil },
}

// isAddressing reports whether a namespace is one of WS-Addressing.
func isAddressing(space string) bool {
	return slices.ContainsFunc(addressingVersions, func(v *addressingVersion) bool { return v.namespace == space })
}

// readAddressing adds a header to what was read before it, nil at first. It reports false for one that is not of WS-Addressing,
// or is none that we know.
func readAddressing(a *addressing, h *element) (_ *addressing, understood bool, err error) {
	i := slices.IndexFunc(addressingVersions, func(v *addressingVersion) bool { return v.namespace == h.space })
	read := addressingHeaders[h.name]
	if i < 0 || read == nil {
		return a, false, nil
	}
	v := addressingVersions[i]
	if a == nil {
		a = &addressing{addressingVersion: v, seen: map[string]bool{}}
	}
	switch {
	case a.addressingVersion != v:
		err = licensing.InvalidRequest(h.name, "Send the headers of one version of WS-Addressing, not of two.")
	case a.seen[h.name] && h.name != "RelatesTo":
		err = licensing.InvalidRequest(h.name, "Send one header %s.", h.name)
	default:
		a.seen[h.name] = true
		err = read(a, h)
	}
	if err != nil && a.wrong == nil {
		a.wrong = []string{invalidHeader}
	}
	return a, true, err
}

// readTo lets pass what is for this service, by whatever name of its host.
func (a *addressing) readTo(h *element) error {
	to := trim(h.text)
	if to == a.anonymous {
		return nil
	}
	if u, err := url.Parse(to); err != nil || !strings.HasSuffix(u.Path, Path) || !strings.HasSuffix(to, Path) {
		return licensing.InvalidRequest("To", "This is for %q. The address of this service ends with %s.", clip(to), Path)
	}
	return nil
}

func (a *addressing) readAction(h *element) error {
	a.action = trim(h.text)
	return nil
}

func (a *addressing) readMessageID(h *element) error {
	if id := trim(h.text); id != "" && utf8.RuneCountInString(id) <= maxMessageID {
		a.messageID = id
		return nil
	}
	return licensing.InvalidRequest("MessageID", "Send a MessageID of 1 to %d characters.", maxMessageID)
}

// readReplyTo lets pass what asks for the answer where it goes to anyway.
func (a *addressing) readReplyTo(h *element) error {
	var addresses []string
	for _, c := range h.children { // an Address comes before what else there is
		if c.space == a.namespace && strings.HasPrefix(c.name, "Reference") && len(c.children) > 0 {
			return licensing.InvalidRequest(h.name, "Answers carry no %s. Leave them out.", c.name)
		}
		if c.is(a.namespace, "Address") {
			addresses = append(addresses, trim(c.text))
		}
	}
	if len(addresses) == 1 && addresses[0] == a.anonymous {
		return nil
	}
	a.wrong = []string{invalidHeader, onlyAnonymous}
	return licensing.InvalidRequest(h.name, "Answers come by the connection of the request: leave %s out, or send the Address %s.", h.name, a.anonymous)
}

// answer writes the headers of an answer, which the response of an operation is, or a fault ("").
func (a *addressing) answer(header *etree.Element, response string) {
	action := a.fault
	switch {
	case response != "":
		action = portType + response
	case a.wrong != nil && a.invalid != "":
		action = a.invalid
	}
	for _, h := range []struct{ name, text string }{{"Action", action}, {"To", a.anonymous}, {"RelatesTo", a.messageID}} {
		if h.text != "" {
			e := header.CreateElement("wsa:" + h.name)
			e.CreateAttr("xmlns:wsa", a.namespace)
			e.SetText(h.text)
		}
	}
}

// addSubcodes says in the Code of a fault of SOAP 1.2 what is wrong with the headers.
func (a *addressing) addSubcodes(code *etree.Element) {
	if a == nil || a.invalid == "" {
		return
	}
	for _, wrong := range a.wrong {
		code = code.CreateElement("soap:Subcode")
		value := code.CreateElement("soap:Value")
		value.CreateAttr("xmlns:wsa", a.namespace)
		value.SetText(wrong)
	}
}

// checkActions refuses a request that says elsewhere that it is another operation than its Body does: others on the way may have
// let it pass for what it says there. What is empty says nothing.
func checkActions(header http.Header, a *addressing, operation string) error {
	_, parameters, _ := readContentType(header) // checked before
	said := [][2]string{{"SOAPAction", strings.Trim(trim(header.Get("SOAPAction")), `"`)}, {"action", parameters["action"]}}
	if a != nil {
		said = append(said, [2]string{"Action", a.action})
	}
	for _, x := range said {
		if !names(x[1], operation) {
			return licensing.InvalidRequest(x[0], "The Body is of the operation %s, and %s names %q: send %s/%s, or leave it out.",
				operation, x[0], clip(x[1]), wsdl.Namespace, operation)
		}
	}
	return nil
}

// names reports whether an action names an operation, in one of the ways in which clients write it.
func names(action, operation string) bool {
	switch action {
	case "", operation, wsdl.Namespace + "/" + operation, wsdl.Namespace + "#" + operation, portType + operation + "Request":
		return true
	}
	return false
}
