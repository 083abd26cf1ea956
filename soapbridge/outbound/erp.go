package outbound

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"unicode/utf8"

	"github.com/beevik/etree"

	"kontor/internal/licensing"
	"kontor/soapbridge/outbound/xmltree"
)

// erpNamespace is that of the contract in wsdl/demo-erp.wsdl.
const erpNamespace = "urn:aurora:erp:v1"

// maxNumber bounds a document number, in characters, as the contract does.
const maxNumber = 255

// Config is where one ERP with the contract of wsdl/demo-erp.wsdl is.
type Config struct {
	Code               string // what messages name the connector by
	Name               string // for people: "Aurora ERP"
	URL                string // http or https, of its SOAP endpoint
	Username, Password string // HTTP Basic; both empty: none
}

// ERP passes messages on to one ERP. It is a licensing.Connector.
type ERP struct {
	endpoint endpoint
}

var _ licensing.Connector = (*ERP)(nil)

// New returns the connector of one ERP, which is called through client, an egress one.
func New(c Config, client *http.Client) (*ERP, error) {
	u, err := url.Parse(c.URL)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil {
		return nil, fmt.Errorf("connector %s: the URL must be of the form https://host/path, without user and password", c.Code)
	}
	return &ERP{endpoint{c.Name, c.URL, c.Username, c.Password, client}}, nil
}

// Pass sends a message and reads the answer. Passed twice, the ERP answers with the same document number: the message
// carries its id.
//
// Errors are *licensing.Error: of kind Unavailable when nobody knows whether the message arrived, with what was said
// as cause; of kind Invalid when it cannot be built, which trying again does not change.
func (e *ERP) Pass(ctx context.Context, m licensing.Message) (licensing.Answer, error) {
	operation, envelope, err := build(m)
	if err != nil {
		return licensing.Answer{}, err
	}
	status, body, err := e.endpoint.post(ctx, erpNamespace+"/"+operation, envelope)
	if err != nil {
		return licensing.Answer{}, err
	}
	return e.read(operation, status, body)
}

// operations says which operation tells a kind of message, and what the change is called there.
var operations = map[licensing.MessageKind]struct{ name, change string }{
	licensing.TellOrderCreated:          {"BookLicenseOrder", "created"},
	licensing.TellOrderExtended:         {"BookLicenseOrder", "extended"},
	licensing.TellSubscriptionExtended:  {"BookSubscriptionChange", "extended"},
	licensing.TellSubscriptionCancelled: {"BookSubscriptionChange", "cancelled"},
	licensing.TellCancellationWithdrawn: {"BookSubscriptionChange", "withdrawn"},
	licensing.TellSubscriptionEnded:     {"BookSubscriptionChange", "ended"},
	licensing.TellLicenseModified:       {"BookLicenseChange", "modified"},
	licensing.TellLicenseSuspended:      {"BookLicenseChange", "suspended"},
	licensing.TellLicenseRevoked:        {"BookLicenseChange", "revoked"},
	licensing.TellLicenseReinstated:     {"BookLicenseChange", "reinstated"},
	licensing.TellLicenseMoved:          {"BookLicenseChange", "moved"},
	licensing.TellLicenseDeleted:        {"BookLicenseChange", "deleted"},
	licensing.TellStatementClosed:       {"BookStatement", "closed"},
}

// build returns the operation and the envelope that tell a message. The elements stand in the order of the contract.
func build(m licensing.Message) (operation string, message []byte, err error) {
	op, ok := operations[m.Kind]
	if !ok {
		return "", nil, licensing.InvalidRequest("kind", "The ERP has no operation for a message of kind %q.", m.Kind)
	}
	c := m.Content
	v, root := newEnvelope(erpNamespace, op.name)
	v.text(root, "messageId", m.Name())
	v.text(root, "change", op.change)
	if op.name == "BookStatement" {
		if c.Statement == nil {
			return "", nil, licensing.InvalidRequest("statement", "The message has no statement, so it cannot be passed on.")
		}
		addStatement(v, root, *c.Statement)
		message, err = v.bytes()
		return op.name, message, err
	}
	v.text(root, "orderNumber", c.OrderNumber)
	v.text(root, "group", c.Group)
	v.text(root, "test", fmt.Sprint(c.Test))
	addCustomer(v, root, c.Customer)
	addValues(v, root, "dataFields", "dataField", c.DataFields)
	if op.name == "BookSubscriptionChange" {
		if c.Period == nil {
			return "", nil, licensing.InvalidRequest("period", "The message has no period, so it cannot be passed on.")
		}
		addPeriod(v, root, *c.Period)
	}
	if op.name == "BookLicenseChange" {
		v.optional(root, "fromGroup", c.FromGroup)
		v.optional(root, "reason", c.Reason)
		if c.Amount != nil {
			v.amount(root, "amount", *c.Amount)
		}
	}
	addLines(v, root, c.Lines)
	addLicenses(v, root, c.Licenses)
	message, err = v.bytes()
	return op.name, message, err
}

func addCustomer(v *envelope, parent *etree.Element, c licensing.Customer) {
	e := parent.CreateElement("customer")
	v.optional(e, "number", c.Number)
	v.text(e, "name", c.Name)
	v.optional(e, "company", c.Company)
	v.optional(e, "email", c.Email)
	v.optional(e, "country", c.Country)
	v.optional(e, "language", c.Language)
}

// addValues adds a list of names and values, or nothing when there are none.
func addValues(v *envelope, parent *etree.Element, list, item string, values []licensing.Value) {
	if len(values) == 0 {
		return
	}
	e := parent.CreateElement(list)
	for _, value := range values {
		x := e.CreateElement(item)
		v.text(x, "name", value.Name)
		v.text(x, "value", value.Value)
	}
}

func addPeriod(v *envelope, parent *etree.Element, p licensing.Period) {
	e := parent.CreateElement("period")
	v.number(e, "number", p.Number)
	v.text(e, "start", p.Start.String())
	v.text(e, "end", p.End.String())
	v.text(e, "cancelBy", p.CancelBy.String())
	if p.Amount != nil {
		v.amount(e, "amount", *p.Amount)
	}
}

func addLines(v *envelope, parent *etree.Element, lines []licensing.ContentLine) {
	if len(lines) == 0 {
		return // the ending of a subscription charges nothing
	}
	e := parent.CreateElement("lines")
	for _, l := range lines {
		x := e.CreateElement("line")
		v.number(x, "position", l.Position)
		v.optional(x, "externalLine", l.ExternalLine)
		v.text(x, "category", l.Category)
		v.text(x, "product", l.Product)
		v.text(x, "name", l.Name)
		v.number(x, "quantity", l.Quantity)
		if l.Amount != nil {
			v.amount(x, "amount", *l.Amount)
		}
		addValues(v, x, "dataFields", "dataField", l.DataFields)
	}
}

func addLicenses(v *envelope, parent *etree.Element, licenses []licensing.ContentLicense) {
	e := parent.CreateElement("licenses")
	for _, l := range licenses {
		x := e.CreateElement("license")
		v.text(x, "ticket", l.Ticket)
		v.text(x, "product", l.Product)
		v.number(x, "quantity", l.Quantity)
		v.optional(x, "state", string(l.State))
		v.optional(x, "startDate", l.StartDate.String())
		if l.ExpiresAt != nil {
			v.text(x, "expiresAt", dateTime(*l.ExpiresAt))
		}
		v.optional(x, "maintenanceUntil", l.MaintenanceUntil.String())
		addValues(v, x, "parameters", "parameter", l.Parameters)
	}
}

// read says what an answer means. Only a document number in the operation's own response is an acceptance, and only
// a Client fault a refusal (it tells not to send the same again); whatever else comes leaves open what happened.
func (e *ERP) read(operation string, status int, body []byte) (licensing.Answer, error) {
	name := e.endpoint.name
	if status == http.StatusUnauthorized || status == http.StatusForbidden {
		return licensing.Answer{}, unavailable(said(body), "%s does not accept Kontor's user name and password: it answered %d.", name, status)
	}
	r, err := readReply(body)
	switch {
	case err == nil && r.fault != nil && r.fault.client():
		return licensing.Answer{Text: r.fault.reason()}, nil
	case err == nil && r.fault != nil:
		return licensing.Answer{}, unavailable(said(body), "%s has a fault of its own: %s", name, excerpt(r.fault.text))
	case status >= 500:
		return licensing.Answer{}, unavailable(said(body), "%s is down: it answered %d.", name, status)
	case status < 200 || status > 299:
		return licensing.Answer{}, unavailable(said(body), "%s answered %d instead of booking the message.", name, status)
	case err != nil:
		return licensing.Answer{}, unavailable(said(body), "%s gave an answer that cannot be understood: %s.", name, excerpt(err.Error()))
	}
	number := ""
	if xmltree.Is(r.body, erpNamespace, operation+"Response") {
		number = xmltree.Text(r.body, erpNamespace, "documentNumber")
	}
	if number == "" || utf8.RuneCountInString(number) > maxNumber || number != excerpt(number) {
		return licensing.Answer{}, unavailable(said(body), "%s gave an answer without a document number.", name)
	}
	return licensing.Answer{Accepted: true, Number: number}, nil
}

// reason returns why a message was refused: the refusal of this contract, else the fault's own words.
func (f fault) reason() string {
	if f.detail != nil {
		if refusal := xmltree.Child(f.detail, erpNamespace, "refusal"); refusal != nil {
			if text := excerpt(xmltree.Text(refusal, erpNamespace, "message")); text != "" {
				return text
			}
		}
	}
	if text := excerpt(f.text); text != "" {
		return text
	}
	return "It gave no reason."
}
