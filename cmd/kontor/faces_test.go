package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"kontor/internal/demo"
	"kontor/internal/licensing"
)

// sameChange is one change, as a system asks for it and as a person does.
type sameChange struct {
	operation, body string     // of SOAP; {ticket} is filled in
	page            string     // behind the license's address
	form            url.Values // sent to it
	want            string     // the fault's code; "" is an answer
}

func reasonOf(operation, page, want string) sameChange {
	return sameChange{
		operation, `<ticket>{ticket}</ticket><reason>because of &lt;this&gt;</reason>`, page,
		url.Values{"reason": {"because of <this>"}}, want,
	}
}

func parameterOf(name, was, value, want string) sameChange {
	return sameChange{
		"ModifyLicense", `<ticket>{ticket}</ticket><parameters><parameter><name>` + name + `</name><value>` + value + `</value></parameter></parameters>`, "modify",
		url.Values{"was.parameter." + name: {was}, "parameter." + name: {value}}, want,
	}
}

// TestBothFacesDoTheSame changes two licenses alike, one by SOAP and one in the portal: every step has the same outcome
// and the same error, and leaves the same license, history and messages behind.
func TestBothFacesDoTheSame(t *testing.T) {
	customer := sameChange{
		"ModifyLicense", `<ticket>{ticket}</ticket><customer><number>C-9</number><name>Grace Hopper</name><country>US</country></customer>`, "modify",
		url.Values{
			"was.customer.name": {"x"}, "customer.name": {"Grace Hopper"}, "was.customer.number": {"x"}, "customer.number": {"C-9"}, "was.customer.country": {""}, "customer.country": {"US"},
		}, "",
	}
	books := sameChange{
		"ModifyLicense", `<ticket>{ticket}</ticket><dataFields><dataField><name>externalOrderNumber</name><value>PO-2</value></dataField></dataFields>`, "modify",
		url.Values{"was.dataField.externalOrderNumber": {"x"}, "dataField.externalOrderNumber": {"PO-2"}}, "",
	}
	suspend, revoke, reinstate := reasonOf("SuspendLicense", "suspend", ""), reasonOf("RevokeLicense", "revoke", ""), reasonOf("ReinstateLicense", "reinstate", "")
	cancel := sameChange{
		"CancelSubscription", `<ticket>{ticket}</ticket><reason>because of &lt;this&gt;</reason><ifLate>refuse</ifLate>`, "cancel",
		url.Values{"reason": {"because of <this>"}, "inTime": {"true"}}, "",
	}
	cancelAgain := sameChange{"CancelSubscription", `<ticket>{ticket}</ticket>`, "cancel", url.Values{}, "conflict"}
	withdraw := sameChange{"WithdrawCancellation", `<ticket>{ticket}</ticket>`, "withdraw", url.Values{}, ""}
	withdrawAgain := sameChange{"WithdrawCancellation", `<ticket>{ticket}</ticket>`, "withdraw", url.Values{}, "conflict"}
	long := strings.Repeat("x", 501)
	h := startHouse(t, t.TempDir(), engines["sqlite"](t), false)
	p := personOf(t, h, "isv@aurora.example", "aurora")
	for name, steps := range map[string][]sameChange{
		"modified":                     {parameterOf("seats", "5", "8", ""), customer, books},
		"seats that fall later":        {parameterOf("seats", "5", "3", "")},
		"seats beyond the rule":        {parameterOf("seats", "5", "1000", "invalidParameter")},
		"suspended and back":           {suspend, parameterOf("seats", "5", "6", ""), reinstate},
		"revoked and back":             {revoke, parameterOf("seats", "5", "6", "conflict"), reinstate},
		"suspended, then revoked":      {suspend, revoke},
		"revoked twice":                {revoke, reasonOf("RevokeLicense", "revoke", "conflict")},
		"suspended twice":              {suspend, reasonOf("SuspendLicense", "suspend", "conflict")},
		"reinstated while it is alive": {reasonOf("ReinstateLicense", "reinstate", "conflict")},
		"without a reason":             {{"RevokeLicense", `<ticket>{ticket}</ticket><reason> </reason>`, "revoke", url.Values{"reason": {" "}}, "invalidRequest"}},
		"cancelled":                    {cancel, cancelAgain},
		"cancelled and withdrawn":      {cancel, withdraw, withdrawAgain, cancel},
		"cancelled, then revoked":      {cancel, revoke, withdrawAgain},
		"a reason that is too long":    {{"CancelSubscription", `<ticket>{ticket}</ticket><reason>` + long + `</reason>`, "cancel", url.Values{"reason": {long}}, "invalidRequest"}},
	} {
		t.Run(name, func(t *testing.T) {
			bySOAP, _ := subscriptionInNorthwind(t, h, "soap-"+name)
			byPage, _ := subscriptionInNorthwind(t, h, "page-"+name)
			for i, s := range steps {
				ticket := licenseOf(t, h, bySOAP).Ticket
				body := fmt.Sprintf("<requestId>%s-%d</requestId>", name, i) + strings.ReplaceAll(s.body, "{ticket}", ticket)
				if got := ask(t, h.soap, "erp@aurora.example", s.operation, body); got != s.want {
					t.Errorf("step %d: %s answers %q, want %q", i, s.operation, got, s.want)
				}
				want := map[string]int{"": 303, "invalidParameter": 422, "invalidRequest": 422, "conflict": 409}[s.want]
				if got := p.post(t, "/as/aurora/licenses/"+byPage+"/"+s.page, s.form); got != want {
					t.Errorf("step %d: the page %s answers %d, want %d", i, s.page, got, want)
				}
			}
			if diff := cmp.Diff(traces(t, h, bySOAP), traces(t, h, byPage), cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("what is left behind (-SOAP +page):\n%s", diff)
			}
		})
	}
}

// trace is what a license is, and what its changes left behind, without what names it.
type trace struct {
	State                  licensing.LicenseState
	Parameters, DataFields []licensing.Value
	Customer               licensing.Customer
	Subscription           licensing.SubscriptionState
	RevokedOn              licensing.Day
	Files                  int
	Actions                []string
	Details                [][]licensing.Value
	Told                   []licensing.MessageKind
}

func licenseOf(t *testing.T, h runningHouse, id string) (l licensing.License) {
	t.Helper()
	err := h.store.Read(t.Context(), func(tx licensing.Tx) (err error) {
		l, err = tx.LicenseByID(t.Context(), licensing.LicenseID(id))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// traces reads what is left of a license. The customers of the two differ only by how their orders were named.
func traces(t *testing.T, h runningHouse, id string) trace {
	t.Helper()
	l := licenseOf(t, h, id)
	same := strings.NewReplacer("soap-", "", "page-", "")
	for i := range l.DataFields {
		l.DataFields[i].Value = same.Replace(l.DataFields[i].Value)
	}
	l.Customer.Name, l.Customer.Number = same.Replace(l.Customer.Name), same.Replace(l.Customer.Number)
	r := trace{
		State: l.State, Parameters: l.Parameters, DataFields: l.DataFields, Customer: l.Customer,
	}
	if l.Subscription != nil {
		r.Subscription, r.RevokedOn = l.Subscription.State, l.Subscription.RevokedOn
	}
	err := h.store.Read(t.Context(), func(tx licensing.Tx) error {
		history, err := tx.History(t.Context(), id)
		if err != nil {
			return err
		}
		for _, e := range history {
			var detail []licensing.Value
			for _, v := range e.Detail {
				if v.Name != "grant" && v.Name != "order" {
					detail = append(detail, licensing.Value{Name: v.Name, Value: same.Replace(v.Value)})
				}
			}
			r.Actions, r.Details = append(r.Actions, e.Action), append(r.Details, detail)
		}
		files, err := tx.LicenseFiles(t.Context(), l.ID)
		if err != nil {
			return err
		}
		r.Files = len(files)
		messages, err := tx.MessagesOf(t.Context(), l.Order)
		for _, m := range messages {
			r.Told = append(r.Told, m.Kind)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// person is somebody signed in to the portal, without a browser.
type person struct {
	http   *http.Client
	url    string
	acting string
	sent   int
}

var actingIn = regexp.MustCompile(`name="acting" value="([^"]+)"`)

func personOf(t *testing.T, h runningHouse, email, group string) *person {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	p := &person{url: h.url, http: &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
	if status := p.post(t, "/sign-in", url.Values{"email": {email}, "password": {demo.Password}}); status != http.StatusSeeOther {
		t.Fatalf("signing in answers %d", status)
	}
	for _, page := range []string{"/as/" + group, "/demo/clock"} {
		r, err := p.http.Get(h.url + page)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r.Body)
		if err := r.Body.Close(); err != nil {
			t.Fatal(err)
		}
		if err != nil {
			t.Fatal(err)
		}
		if m := actingIn.FindSubmatch(text); m != nil {
			p.acting = string(m[1])
		}
	}
	return p
}

// post sends a form and returns the status.
func (p *person) post(t *testing.T, path string, form url.Values) int {
	t.Helper()
	p.sent++
	values := url.Values{"acting": {p.acting}, "requestId": {fmt.Sprint("person-", p.sent)}}
	for name, v := range form {
		values[name] = v
	}
	r, err := p.http.PostForm(p.url+path, values)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	return r.StatusCode
}

// get returns a page, which must be there.
func (p *person) get(t *testing.T, path string) string {
	t.Helper()
	r, err := p.http.Get(p.url + path)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	text, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	if r.StatusCode != http.StatusOK {
		t.Errorf("%s answers %s", path, r.Status)
	}
	return string(text)
}
