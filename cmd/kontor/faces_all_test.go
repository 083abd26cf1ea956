package main

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/beevik/etree"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"kontor/internal/demo"
	"kontor/internal/licensing"
)

// A scenario is one operation, as a system asks for it and as a person does, with what it is about made alike for both.
type scenario struct {
	operation, name string
	before          []deed          // done to both first
	body            string          // of SOAP; {id}, {ticket} and {order} are filled in
	page            string          // behind the group's address; {license}, {ticket}, {order} and {message} are filled in
	form            url.Values      // sent to the page; nil: the page is only read
	outsiders       bool            // asked by those who see nothing of it and hold nothing
	want            licensing.Code  // the fault's; "": an answer
	hides           bool            // the page is to show no license all the same
	status          int             // the page's, where it does not follow from want
	shows           func(*compared) // of what is read: holds the page against the answer
	left            func(*compared) // of what is written: compares what is left behind
}

// deed is an operation that is done to what both faces have.
type deed struct{ operation, body string }

// thing is what a scenario is about, of one face: a subscription of Northwind with its order.
type thing struct {
	face, license, ticket, order, message string
}

// compared is both outcomes of a scenario that was answered.
type compared struct {
	*testing.T
	h              runningHouse
	p              *person
	bySOAP, byPage thing
	answer         *etree.Element // of SOAP, the response
	page           string
}

// reason is what the changes of a state are sent with.
const reason = `<requestId>{id}</requestId><ticket>{ticket}</ticket><reason>because of &lt;this&gt;</reason>`

var (
	reasonForm = url.Values{"reason": {"because of <this>"}}
	noReason   = `<requestId>{id}</requestId><ticket>{ticket}</ticket><reason> </reason>`
	blankForm  = url.Values{"reason": {" "}}
	ofTicket   = `<ticket>{ticket}</ticket>`
	designBody = `<requestId>{id}</requestId><category>partner</category><product>AUR-DESIGN</product><quantity>2</quantity><customer><name>Ada</name><country>GB</country></customer>
		<parameters><parameter><name>seats</name><value>SEATS</value></parameter><parameter><name>edition</name><value>pro</value></parameter></parameters><separateTickets>true</separateTickets>`
)

func designForm(seats string, more ...string) url.Values {
	f := url.Values{"parameter.seats": {seats}, "parameter.edition": {"pro"}, "quantity": {"2"}, "separate": {"1"}, "customer.name": {"Ada"}, "customer.country": {"GB"}}
	for i := 0; i < len(more); i += 2 {
		f.Set(more[i], more[i+1])
	}
	return f
}

// scenarios are what both faces are held to: of each operation one that is answered, and one that is refused.
var scenarios = []scenario{
	{operation: "CreateLicense", name: "two licenses of some seats", body: strings.Replace(designBody, "SEATS", "8", 1), page: "/licenses/new?category=partner&product=AUR-DESIGN", form: designForm("8"), left: leftOrder},
	{
		operation: "CreateLicense", name: "one license for two of some seats", body: strings.Replace(strings.Replace(designBody, "SEATS", "8", 1), "true<", "false<", 1),
		page: "/licenses/new?category=partner&product=AUR-DESIGN", form: designForm("8", "separate", ""), left: leftOrder,
	},
	{operation: "CreateLicense", name: "more seats than the rule has", body: strings.Replace(designBody, "SEATS", "51", 1), page: "/licenses/new?category=partner&product=AUR-DESIGN", form: designForm("51"), want: licensing.CodeInvalidParameter},
	{operation: "CreateLicense", name: "without a grant", body: strings.Replace(designBody, "SEATS", "8", 1), page: "/licenses/new?category=partner&product=AUR-DESIGN", form: designForm("8"), outsiders: true, want: licensing.CodeDenied},
	{
		operation: "CreateOrder", name: "of two lines", body: `<requestId>{id}</requestId><customer><name>Ada</name></customer><lines>` + linesBySOAP("5", "2") + `</lines>`,
		page: "/licenses/new?category=partner&product=AUR-DESIGN", form: orderForm("5", "2"), left: leftOrder,
	},
	{
		operation: "CreateOrder", name: "with a wrong line", body: `<requestId>{id}</requestId><customer><name>Ada</name></customer><lines>` + linesBySOAP("5", "5000") + `</lines>`,
		page: "/licenses/new?category=partner&product=AUR-DESIGN", form: orderForm("5", "5000"), want: licensing.CodeInvalidParameter,
	},
	{operation: "GetLicense", name: "in sight", body: ofTicket, page: "/licenses/{license}", shows: showsLicense},
	{operation: "GetLicense", name: "beyond sight", body: ofTicket, page: "/licenses/{license}", outsiders: true, want: licensing.CodeNotFound},
	{operation: "GetOrder", name: "in sight", body: `<orderNumber>{order}</orderNumber>`, page: "/orders/{order}", shows: showsOrder},
	{operation: "GetOrder", name: "beyond sight", body: `<orderNumber>{order}</orderNumber>`, page: "/orders/{order}", outsiders: true, want: licensing.CodeNotFound},
	{operation: "FindLicenses", name: "of a group", body: `<group>northwind</group><pageSize>500</pageSize>`, page: "/licenses?below=northwind", shows: showsLicenses},
	{operation: "FindLicenses", name: "of a group beyond sight", body: `<group>northwind</group>`, page: "/licenses?below=northwind", outsiders: true, want: licensing.CodeDenied, hides: true},
	{operation: "FindLicenses", name: "of no group", body: `<group>nowhere</group>`, page: "/licenses?below=nowhere", outsiders: true, want: licensing.CodeDenied},
	{
		operation: "ModifyLicense", name: "more seats", body: `<requestId>{id}</requestId><ticket>{ticket}</ticket><parameters><parameter><name>seats</name><value>8</value></parameter></parameters>`,
		page: "/licenses/{license}/modify", form: url.Values{"was.parameter.seats": {"5"}, "parameter.seats": {"8"}}, left: leftLicense,
	},
	{
		operation: "ModifyLicense", name: "more seats than the rule has", body: `<requestId>{id}</requestId><ticket>{ticket}</ticket><parameters><parameter><name>seats</name><value>5000</value></parameter></parameters>`,
		page: "/licenses/{license}/modify", form: url.Values{"was.parameter.seats": {"5"}, "parameter.seats": {"5000"}}, want: licensing.CodeInvalidParameter,
	},
	{operation: "SuspendLicense", name: "one that is active", body: reason, page: "/licenses/{license}/suspend", form: reasonForm, left: leftLicense},
	{operation: "SuspendLicense", name: "without a reason", body: noReason, page: "/licenses/{license}/suspend", form: blankForm, want: licensing.CodeInvalidRequest},
	{operation: "RevokeLicense", name: "one that is active", body: reason, page: "/licenses/{license}/revoke", form: reasonForm, left: leftLicense},
	{operation: "RevokeLicense", name: "without a reason", body: noReason, page: "/licenses/{license}/revoke", form: blankForm, want: licensing.CodeInvalidRequest},
	{operation: "ReinstateLicense", name: "one that was suspended", before: []deed{{"SuspendLicense", reason}}, body: reason, page: "/licenses/{license}/reinstate", form: reasonForm, left: leftLicense},
	{operation: "ReinstateLicense", name: "one that is active", body: reason, page: "/licenses/{license}/reinstate", form: reasonForm, want: licensing.CodeConflict},
	{operation: "ListOffers", name: "of a category", body: `<category>partner</category>`, page: "/licenses/choose?category=partner", shows: showsOffers},
	{operation: "ListOffers", name: "for a group beyond sight", body: `<group>northwind</group>`, page: "/licenses/choose?group=northwind", outsiders: true, want: licensing.CodeDenied},
	{operation: "GetSubscription", name: "in sight", body: ofTicket, page: "/licenses/{license}", shows: showsSubscription},
	{operation: "GetSubscription", name: "beyond sight", body: ofTicket, page: "/licenses/{license}", outsiders: true, want: licensing.CodeNotFound},
	{
		operation: "CancelSubscription", name: "in time", body: reason + `<ifLate>refuse</ifLate>`, page: "/licenses/{license}/cancel",
		form: url.Values{"reason": {"because of <this>"}, "inTime": {"true"}}, left: leftLicense,
	},
	{
		operation: "CancelSubscription", name: "twice", before: []deed{{"CancelSubscription", `<requestId>{id}</requestId><ticket>{ticket}</ticket>`}},
		body: `<requestId>{id}</requestId><ticket>{ticket}</ticket>`, page: "/licenses/{license}/cancel", form: url.Values{}, want: licensing.CodeConflict,
	},
	{
		operation: "WithdrawCancellation", name: "in time", before: []deed{{"CancelSubscription", `<requestId>{id}</requestId><ticket>{ticket}</ticket>`}},
		body: `<requestId>{id}</requestId><ticket>{ticket}</ticket>`, page: "/licenses/{license}/withdraw", form: url.Values{}, left: leftLicense,
	},
	{operation: "WithdrawCancellation", name: "of none", body: `<requestId>{id}</requestId><ticket>{ticket}</ticket>`, page: "/licenses/{license}/withdraw", form: url.Values{}, want: licensing.CodeConflict},
	{
		operation: "ReportDocument", name: "accepted", body: `<requestId>{id}</requestId><orderNumber>{order}</orderNumber><connector>erp</connector><state>accepted</state><number>D-1</number>`,
		page: "/orders/{order}/settle/{message}", form: url.Values{"state": {"accepted"}, "number": {"D-1"}}, left: leftDocument,
	},
	{
		operation: "ReportDocument", name: "rejected", body: `<requestId>{id}</requestId><orderNumber>{order}</orderNumber><connector>erp</connector><state>rejected</state><message>blocked</message>`,
		page: "/orders/{order}/settle/{message}", form: url.Values{"state": {"rejected"}, "message": {"blocked"}}, left: leftDocument,
	},
	{
		operation: "ReportDocument", name: "beside a revocation", before: []deed{{"RevokeLicense", reason}},
		body: `<requestId>{id}</requestId><orderNumber>{order}</orderNumber><connector>erp</connector><state>accepted</state><number>D-1</number>`,
		page: "/orders/{order}/settle/{message}", form: url.Values{"state": {"accepted"}, "number": {"D-1"}}, left: leftDocument,
	},
	{
		operation: "ReportDocument", name: "without a number", body: `<requestId>{id}</requestId><orderNumber>{order}</orderNumber><connector>erp</connector><state>accepted</state>`,
		page: "/orders/{order}/settle/{message}", form: url.Values{"state": {"accepted"}}, want: licensing.CodeInvalidRequest,
	},
	{
		operation: "ReportDocument", name: "beyond sight", body: `<requestId>{id}</requestId><orderNumber>{order}</orderNumber><connector>erp</connector><state>accepted</state><number>D-1</number>`,
		page: "/orders/{order}/settle/{message}", form: url.Values{"state": {"accepted"}, "number": {"D-1"}}, outsiders: true, want: licensing.CodeNotFound,
	},
	{
		operation: "ListChanges", name: "of a license", before: []deed{{"SuspendLicense", reason}, {"ReinstateLicense", reason}, {"CancelSubscription", `<requestId>{id}</requestId><ticket>{ticket}</ticket>`}},
		body: `<pageSize>500</pageSize>`, page: "/licenses/{license}", shows: showsChanges,
	},
	// Nobody is refused the feed: who does not see a license has no changes of it, and no page.
	{operation: "ListChanges", name: "beyond sight", body: `<pageSize>500</pageSize>`, page: "/licenses/{license}", outsiders: true, status: http.StatusNotFound, shows: showsNoChanges},
}

func orderForm(design, care string) url.Values {
	form := linesByForm(design, care)
	form.Set("customer.name", "Ada")
	return form
}

// statusOf is what a page answers where SOAP answers with a code.
func (s scenario) statusOf() int {
	switch {
	case s.status != 0:
		return s.status
	case s.want == "" && s.form == nil:
		return http.StatusOK
	case s.want == "":
		return http.StatusSeeOther
	}
	return map[licensing.Code]int{
		licensing.CodeInvalidParameter: http.StatusUnprocessableEntity, licensing.CodeInvalidRequest: http.StatusUnprocessableEntity,
		licensing.CodeDenied: http.StatusForbidden, licensing.CodeNotFound: http.StatusNotFound, licensing.CodeConflict: http.StatusConflict,
	}[s.want]
}

// TestEveryOperationByBothFaces runs each scenario by SOAP and in the portal: the same outcome, or the same refusal and nothing
// written.
func TestEveryOperationByBothFaces(t *testing.T) {
	h := startHouse(t, t.TempDir(), engines["sqlite"](t), false)
	newMember(t, h, "empty@fjord.example", "fjord", licensing.RoleService)
	insider, outsider := personOf(t, h, "isv@aurora.example", "aurora"), personOf(t, h, "ben@northwind.example", "fjord")
	for n, s := range scenarios {
		t.Run(s.operation+"/"+s.name, func(t *testing.T) {
			c := &compared{T: t, h: h, p: insider, bySOAP: h.thing(t, "soap-", n), byPage: h.thing(t, "page-", n)}
			login, group := "erp@aurora.example", "aurora"
			if s.outsiders {
				c.p, login, group = outsider, "empty@fjord.example", "fjord"
			}
			for i, d := range s.before {
				for _, of := range []thing{c.bySOAP, c.byPage} {
					if code, _ := answerOf(t, h, "erp@aurora.example", d.operation, of.in(d.body, fmt.Sprintf("%sbefore-%d-%d", of.face, n, i))); code != "" {
						t.Fatalf("%s answers %q", d.operation, code)
					}
				}
			}
			if s.form == nil { // both read the same
				c.byPage = c.bySOAP
			}
			before := h.written(t)
			code, answer := answerOf(t, h, login, s.operation, c.bySOAP.in(s.body, fmt.Sprint("scenario-", n)))
			if code != string(s.want) {
				t.Errorf("SOAP answers %q, not %q", code, s.want)
			}
			if s.want != "" && h.written(t) != before {
				t.Error("SOAP has written something")
			}
			between := h.written(t)
			var status int
			status, c.page, _ = c.p.send(t, "/as/"+group+c.byPage.in(s.page, ""), s.form)
			if status != s.statusOf() {
				t.Errorf("the page answers %d, not %d", status, s.statusOf())
			}
			if s.hides && strings.Contains(c.page, c.byPage.license) {
				t.Error("the page shows the license")
			}
			if s.want != "" && h.written(t) != between {
				t.Error("the page has written something")
			}
			if t.Failed() || s.want != "" {
				return
			}
			c.answer = answer
			for _, compare := range []func(*compared){s.shows, s.left} {
				if compare != nil {
					compare(c)
				}
			}
		})
	}
}

// TestEveryOperationHasScenarios holds the table against the operations that there are.
func TestEveryOperationHasScenarios(t *testing.T) {
	answered, refused := map[string]bool{}, map[string]bool{}
	for _, s := range scenarios {
		if s.want == "" && !s.outsiders {
			answered[s.operation] = true
		} else {
			refused[s.operation] = true
		}
		if s.want == "" && s.shows == nil && s.left == nil {
			t.Errorf("%s, %s: nothing is compared", s.operation, s.name)
		}
	}
	for _, operation := range licensing.Operations {
		if !answered[operation] || !refused[operation] {
			t.Errorf("%s: answered %v, refused %v", operation, answered[operation], refused[operation])
		}
		delete(answered, operation)
	}
	for _, operation := range slices.Sorted(maps.Keys(answered)) {
		t.Errorf("there is no operation %s", operation)
	}
}

// thing makes what a scenario is about.
func (h runningHouse) thing(t *testing.T, face string, n int) thing {
	t.Helper()
	license, order := subscriptionInNorthwind(t, h, fmt.Sprint(face, "about-", n))
	of := thing{face: face, license: license, order: order, ticket: licenseOf(t, h, license).Ticket}
	if err := h.store.Pool().QueryRow("SELECT m.id FROM message m JOIN license l ON l.order_id = m.order_id WHERE l.id = $1 AND m.kind = 'orderCreated'", license).Scan(&of.message); err != nil {
		t.Fatal(err)
	}
	return of
}

// in fills it in.
func (of thing) in(text, id string) string {
	return strings.NewReplacer("{id}", id, "{ticket}", of.ticket, "{order}", of.order, "{license}", of.license, "{message}", of.message).Replace(text)
}

// written tells one state of what is stored from another.
func (h runningHouse) written(t *testing.T) string {
	t.Helper()
	var all []string
	for _, table := range []string{"audit", "message", "customer_order", "license", "change_entry", "request"} {
		all = append(all, fmt.Sprint(table, count(t, h.store, "SELECT COUNT(*) FROM "+table)))
	}
	return strings.Join(all, " ")
}

// answerOf sends one operation and returns the fault's code, or the response.
func answerOf(t *testing.T, h runningHouse, login, operation, body string) (code string, response *etree.Element) {
	t.Helper()
	envelope := fmt.Sprintf(`<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><%s xmlns="urn:kontor:license:v1">%s</%[1]s></s:Body></s:Envelope>`, operation, body)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, h.soap, strings.NewReader(envelope))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "text/xml; charset=utf-8")
	request.SetBasicAuth(login, demo.Password)
	r, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	text, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	answer := etree.NewDocument()
	if _, err := answer.ReadFrom(bytes.NewReader(text)); err != nil {
		t.Fatal(err)
	}
	if response = answer.FindElement("//Body/" + operation + "Response"); response != nil {
		return "", response
	}
	if fault := answer.FindElement("//detail/fault/code"); fault != nil {
		return fault.Text(), nil
	}
	t.Fatalf("%s is answered by %s", operation, text)
	return "", nil
}

// send asks for a page, or sends a form to it, and returns the status, the page and where it leads.
func (p *person) send(t *testing.T, path string, form url.Values) (status int, page, location string) {
	t.Helper()
	var r *http.Response
	var err error
	if form == nil {
		r, err = p.http.Get(p.url + path)
	} else {
		p.sent++
		values := url.Values{"acting": {p.acting}, "requestId": {fmt.Sprint("person-", p.acting, p.sent)}}
		maps.Copy(values, form)
		r, err = p.http.PostForm(p.url+path, values)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	text, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return r.StatusCode, string(text), r.Header.Get("Location")
}

// leftLicense compares what is left of both licenses.
func leftLicense(c *compared) {
	if diff := cmp.Diff(traces(c.T, c.h, c.bySOAP.license), traces(c.T, c.h, c.byPage.license), cmpopts.EquateEmpty()); diff != "" {
		c.Errorf("what is left behind (-SOAP +page):\n%s", diff)
	}
}

// leftOrder compares the last two orders, which the two faces have made.
func leftOrder(c *compared) {
	n := count(c.T, c.h.store, "SELECT COUNT(*) FROM customer_order")
	sameOrders(c.T, c.h, "created", orderOf(c.T, c.h, n-1), orderOf(c.T, c.h, n))
}

// leftDocument compares the documents of both orders, and what the audit trail says was reported.
func leftDocument(c *compared) {
	type left struct {
		Documents []licensing.Document
		Actions   []string
		Details   [][]licensing.Value
	}
	of := func(thing thing) (l left) {
		err := c.h.store.Read(c.Context(), func(tx licensing.Tx) error {
			o, err := tx.OrderByNumber(c.Context(), thing.order)
			if err != nil {
				return err
			}
			l.Documents = o.Documents
			history, err := tx.History(c.Context(), string(o.ID))
			for _, e := range history {
				l.Actions = append(l.Actions, e.Action)
				l.Details = append(l.Details, slices.DeleteFunc(e.Detail, func(v licensing.Value) bool { return v.Name == "message" })) // which one a person saw
			}
			return err
		})
		if err != nil {
			c.Fatal(err)
		}
		return l
	}
	same := cmp.Options{cmpopts.EquateEmpty(), cmpopts.IgnoreFields(licensing.Document{}, "ID", "At", "NextTry")}
	if diff := cmp.Diff(of(c.bySOAP), of(c.byPage), same); diff != "" {
		c.Errorf("what is left behind (-SOAP +page):\n%s", diff)
	}
	leftLicense(c)
}
