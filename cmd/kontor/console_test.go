package main

import (
	"html"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"kontor/internal/access"
	"kontor/internal/licensing"
	"kontor/internal/ordering"
)

// TestConsole tries operations out in the portal: they are carried out by the SOAP service, as the service account, and
// reach tests only, whatever stands in the envelope.
func TestConsole(t *testing.T) {
	h := startHouse(t, t.TempDir(), engines["sqlite"](t), false)
	erp := h.actor(t, "erp@aurora.example")
	erp.Via = "soap"
	client := signedIn(t, h.url, "isv@aurora.example")
	console := h.url + "/as/aurora/integration/console"
	acting := regexp.MustCompile(`name="acting" value="([^"]+)"`)
	prefilled := regexp.MustCompile(`(?s)name="envelope"[^>]*>(.*?)</textarea>`)
	answered := regexp.MustCompile(`(?s)id="answered">(.*?)</pre>`)

	page := getPage(t, client, console+"?operation=CreateLicense&version=1.2&account="+string(erp.ID))
	envelope := html.UnescapeString(prefilled.FindStringSubmatch(page)[1])
	if !strings.Contains(envelope, "<test>true</test>") || !strings.Contains(envelope, "/soap-envelope") {
		t.Fatalf("the envelope is\n%s", envelope)
	}
	form := url.Values{"acting": {acting.FindStringSubmatch(page)[1]}, "account": {string(erp.ID)}, "version": {"1.2"}}
	call := func(operation, envelope string) string {
		t.Helper()
		form.Set("operation", operation)
		form.Set("envelope", envelope)
		status, page := sent(t, client, console, form)
		m := answered.FindStringSubmatch(page)
		if status != 200 || m == nil {
			t.Fatalf("the console answers %d\n%s", status, page)
		}
		if kept := html.UnescapeString(prefilled.FindStringSubmatch(page)[1]); kept != envelope {
			t.Errorf("what was typed is not kept:\n%s", kept)
		}
		return html.UnescapeString(m[1])
	}

	// With test taken out it is a test all the same.
	answer := call("CreateLicense", strings.Replace(envelope, "<test>true</test>", "", 1))
	m := regexp.MustCompile(`<orderNumber>([^<]+)</orderNumber>`).FindStringSubmatch(answer)
	if m == nil {
		t.Fatalf("nothing was created:\n%s", answer)
	}
	order, err := h.ordering.Order(t.Context(), erp, m[1])
	if err != nil || !order.Test || order.Creator != erp.ID {
		t.Fatalf("%v: %+v", err, order)
	}
	if again := call("CreateLicense", envelope); !strings.Contains(again, "<replayed>true</replayed>") {
		t.Errorf("sent again with test:\n%s", again)
	}

	// So is a whole order.
	page = getPage(t, client, console+"?operation=CreateOrder&version=1.2&account="+string(erp.ID))
	answer = call("CreateOrder", strings.Replace(html.UnescapeString(prefilled.FindStringSubmatch(page)[1]), "<test>true</test>", "<test>false</test>", 1))
	if m := regexp.MustCompile(`<orderNumber>([^<]+)</orderNumber>`).FindStringSubmatch(answer); m == nil {
		t.Errorf("nothing was created:\n%s", answer)
	} else if whole, err := h.ordering.Order(t.Context(), erp, m[1]); err != nil || !whole.Test || len(whole.Lines) != 2 {
		t.Errorf("%v: %+v", err, whole)
	}

	// A real license is not there, and a test is.
	real, _, err := h.ordering.CreateLicense(t.Context(), erp, "real", ordering.CreateLicense{
		Category: "internal", Product: "AUR-SUITE", Customer: licensing.Customer{Name: "Real"}, Parameters: []licensing.Value{{Name: "seats", Value: "5"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	body := func(element, inside string) string {
		return `<Envelope xmlns="http://www.w3.org/2003/05/soap-envelope"><Body><` + element + ` xmlns="urn:kontor:license:v1">` + inside + `</` + element + `></Body></Envelope>`
	}
	for _, refused := range []string{
		call("GetLicense", body("GetLicense", "<ticket>"+real.Licenses[0].Ticket+"</ticket>")),
		call("GetOrder", body("GetOrder", "<orderNumber>"+real.OrderNumber+"</orderNumber>")),
		call("RevokeLicense", body("RevokeLicense", "<requestId>r</requestId><ticket>"+real.Licenses[0].Ticket+"</ticket><reason>no</reason>")),
		call("CancelSubscription", body("CancelSubscription", "<requestId>c</requestId><ticket>"+real.Licenses[0].Ticket+"</ticket>")),
		call("ReportDocument", body("ReportDocument", "<requestId>d</requestId><orderNumber>"+real.OrderNumber+"</orderNumber><connector>shop</connector><state>accepted</state><number>1</number>")),
	} {
		if !strings.Contains(refused, ">notFound<") {
			t.Errorf("got %s", refused)
		}
	}
	if l, err := h.ordering.License(t.Context(), erp, real.Licenses[0].Ticket); err != nil || l.State != licensing.LicenseActive {
		t.Errorf("%v: the real license is %s", err, l.State)
	}
	if got := call("GetLicense", body("GetLicense", "<ticket>"+order.Licenses[0].Ticket+"</ticket>")); !strings.Contains(got, "<state>active</state>") {
		t.Errorf("got %s", got)
	}
	// What is no envelope at all gets the gate's fault.
	if got := call("GetLicense", "<!DOCTYPE x><x/>"); !strings.Contains(got, ">invalidRequest<") {
		t.Errorf("got %s", got)
	}
	if history := getPage(t, client, h.url+"/as/aurora/people/"+string(erp.ID)); !strings.Contains(history, "CreateLicense tried out in the console by") {
		t.Error("the history of the account does not tell")
	}

	// What the account is held off is said beside the example, and refused here as well.
	if page := getPage(t, client, h.url+"/as/aurora/integration?operation=GetLicense&account="+string(erp.ID)); strings.Contains(page, "may not call") {
		t.Error("the page says that the account may not call")
	}
	held := access.SetAllowance{Membership: erp.ID, Allowance: licensing.Allowance{Operations: []string{"GetOrder"}}}
	if _, _, err := h.access.SetAllowance(t.Context(), h.actor(t, "isv@aurora.example"), "", held); err != nil {
		t.Fatal(err)
	}
	if page := getPage(t, client, h.url+"/as/aurora/integration?operation=GetLicense&account="+string(erp.ID)); !strings.Contains(page, "The service account may not call GetLicense.") {
		t.Error("the page does not say that the account may not call")
	}
	if got := call("GetLicense", body("GetLicense", "<ticket>"+order.Licenses[0].Ticket+"</ticket>")); !strings.Contains(got, ">denied<") {
		t.Errorf("got %s", got)
	}

	// An admin below does not see the account, and nobody calls as it from there.
	below := signedIn(t, h.url, "anna@northwind.example")
	page = getPage(t, below, h.url+"/as/northwind/integration/console")
	if acting := acting.FindStringSubmatch(page); acting != nil {
		form.Set("acting", acting[1])
	} else {
		form.Set("acting", string(h.actor(t, "anna@northwind.example").ID))
	}
	if status, page := sent(t, below, h.url+"/as/northwind/integration/console", form); status != 404 || answered.MatchString(page) {
		t.Errorf("an admin below gets %d", status)
	}
	// Too much is refused before it is sent.
	form.Set("acting", string(h.actor(t, "isv@aurora.example").ID))
	form.Set("envelope", strings.Repeat(" ", 64<<10+1))
	if status, page := sent(t, client, console, form); status != 422 || answered.MatchString(page) {
		t.Errorf("too much gets %d", status)
	}
}
