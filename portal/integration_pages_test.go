package portal_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"kontor/internal/licensing"
	"kontor/portal/portaltest"
)

// TestIntegrationPagesAreDrawn opens the pages for integrators as TestEveryPageIsDrawn does the others.
func TestIntegrationPagesAreDrawn(t *testing.T) {
	w := newWorld(t)
	nordic(w)
	drawAll(t, startPortal(t, w), []shot{
		{"60-integration", noraMail, "/as/nordic/integration", nil},
		{"60b-integration-none", "anna@northwind.example", "/as/northwind/integration?operation=GetLicense&in=java", nil},
		{"61-console", noraMail, "/as/nordic/integration/console?operation=GetLicense", nil},
		{"61b-console-answer", noraMail, "/as/nordic/integration/console", func(b *portaltest.Tab) {
			b.Click("main [data-submit]")
			b.Sees("6Q3ZK7TN2VAB", "Enter 1 to 50.", "HTTP 500")
		}},
		{"61c-console-none", "anna@northwind.example", "/as/northwind/integration/console", nil},
	})
}

// TestExampleTabs changes the language by mouse and by keyboard; the choice of the operation keeps it, and so does the
// next visit.
func TestExampleTabs(t *testing.T) {
	w := newWorld(t)
	nordic(w)
	b := portaltest.Open(t, startPortal(t, w), portaltest.Desk)
	b.SignIn(noraMail, password)
	b.GoTo("/as/nordic/integration")
	shown := func(want string) {
		t.Helper()
		b.Until(`[...document.querySelectorAll("[role=tabpanel]:not([hidden])")].map(p => p.id).join() === "panel-` + want + `"`)
		b.Until(`[...document.querySelectorAll("[role=tab][aria-selected=true]")].map(p => p.id + p.tabIndex).join() === "tab-` + want + `0"`)
	}
	press := func(key string) {
		t.Helper()
		portaltest.JS[bool](b, `document.activeElement.dispatchEvent(new KeyboardEvent("keydown", {key: "`+key+`", bubbles: true, cancelable: true}))`)
	}
	shown("curl")
	b.Click("#tab-php")
	shown("php")
	press("ArrowRight")
	shown("python")
	press("End")
	shown("csharp")
	press("ArrowRight")
	shown("curl")
	press("ArrowLeft")
	shown("csharp")
	// Walking through the operations by the keyboard changes nothing until the button is pressed, which keeps the focus.
	portaltest.JS[bool](b, `(() => { const s = document.querySelector("#operation"); s.value = "GetOrder"; s.dispatchEvent(new Event("change", {bubbles: true})); return window.stays = true })()`)
	b.Sees("What CreateLicense takes")
	portaltest.JS[bool](b, `(() => { const s = document.querySelector("#show"); s.focus(); s.click(); return true })()`)
	b.Until(`new URLSearchParams(location.search).get("operation") === "GetOrder"`)
	shown("csharp")
	b.Sees("What GetOrder takes")
	b.Until(`window.stays === true && document.activeElement.id === "show"`)
	b.Click("#tab-php")
	shown("php")
	b.Click("#tab-csharp")
	shown("csharp")
	b.GoTo("/as/nordic/integration?operation=GetLicense")
	shown("csharp")
	b.Sees("What GetLicense takes", "There is no test license yet")
}

// TestWhatAnExampleLacks is said exactly, and led to: that there are tests helps nobody whose operation needs another one.
func TestWhatAnExampleLacks(t *testing.T) {
	w := newWorld(t)
	w.grants[w.people.addAccount("shop@northwind.example", "Web shop", "northwind")] = []licensing.Action{licensing.Create}
	w.sell("anna@northwind.example", "northwind", theDay, "AUR-DESIGN", bruckner, "NW-1", "seats", "3", "edition", "pro")
	w.orders[0].Licenses[0].Test = true
	v := visit(t, startPortal(t, w))
	v.signIn("anna@northwind.example")
	const page = "/as/northwind/integration"
	made := func(operation, text, maker string) {
		t.Helper()
		for _, at := range []string{page, page + "/console"} {
			got := v.get(at + "?operation=" + operation)
			if text == "" {
				if strings.Contains(got.page, "made up") {
					t.Errorf("%s of %s says that something is made up", at, operation)
				}
				continue
			}
			got.want(t, http.StatusOK, text, maker, "To the example of ")
		}
	}
	made("GetLicense", "", "")
	made("SuspendLicense", "", "")
	made("GetSubscription", "There is no test license with a subscription;", "kind=subscription&amp;operation=CreateLicense")
	made("CancelSubscription", "no test license with a running subscription that is not cancelled;", "kind=subscription&amp;operation=CreateLicense")
	made("WithdrawCancellation", "no test license whose subscription is cancelled;", "operation=CancelSubscription")
	made("ReinstateLicense", "no test license that is suspended or revoked;", "operation=SuspendLicense")
	v.get(page+"?operation=CreateLicense&kind=subscription").want(t, http.StatusOK, "&lt;product&gt;AUR-SUITE&lt;", "kind=subscription&amp;operation=CreateLicense")
	w.subscribe()
	w.orders[len(w.orders)-1].Licenses[0].Test = true
	made("GetSubscription", "", "")
	made("CancelSubscription", "", "")
}

// TestConsoleKeepsWhatWasTyped when another account, operation or version is chosen; only an example gives way.
func TestConsoleKeepsWhatWasTyped(t *testing.T) {
	const page = "/as/nordic/integration/console"
	w := newWorld(t)
	nordic(w)
	v := visit(t, startPortal(t, w))
	v.signIn(noraMail)
	example := regexp.MustCompile(`name="example" value="([^"]+)"`)
	envelope := regexp.MustCompile(`(?s)name="envelope"[^>]*>(.*?)</textarea>`)
	first := v.get(page + "?operation=GetLicense")
	form := url.Values{
		"acting": {"m-nora@nordic.example-nordic"}, "account": {"m-shop@fjord.example-fjord"}, "do": {"show"}, "example": {example.FindStringSubmatch(first.page)[1]},
		"operation": {"GetOrder"}, "version": {"1.2"}, "envelope": {strings.ReplaceAll(html.UnescapeString(envelope.FindStringSubmatch(first.page)[1]), "\n", "\r\n")},
	}
	other := v.post(page, form)
	other.want(t, http.StatusOK, `value="GetOrder" selected`, `value="1.2" selected`, "/soap-envelope")
	if got := envelope.FindStringSubmatch(other.page)[1]; !strings.Contains(got, "GetOrder") || strings.Contains(other.page, "What you have typed stays") {
		t.Errorf("the example that nobody has changed is not replaced: %s", got)
	}
	form["operation"], form["example"] = []string{"ListOffers"}, []string{example.FindStringSubmatch(other.page)[1]}
	form["envelope"] = []string{"<typed/>"}
	kept := v.post(page, form)
	kept.want(t, http.StatusOK, `value="ListOffers" selected`, "&lt;typed/&gt;</textarea>", "What you have typed stays", "console?account=m-shop%40fjord.example-fjord&amp;operation=ListOffers&amp;version=1.2")
	form["envelope"] = []string{" "}
	v.post(page, form).want(t, http.StatusOK, "&lt;ListOffers")
	for _, a := range []answer{other, kept} {
		if strings.Contains(a.page, "6Q3ZK7TN2VAB") {
			t.Error("it was sent")
		}
	}
}

// TestConsoleKeepsTheFocus on the button that shows another choice.
func TestConsoleKeepsTheFocus(t *testing.T) {
	w := newWorld(t)
	nordic(w)
	b := portaltest.Open(t, startPortal(t, w), portaltest.Desk)
	b.SignIn(noraMail, password)
	b.GoTo("/as/nordic/integration/console")
	portaltest.JS[bool](b, `(() => { document.querySelector("#operation").value = "GetOrder"; document.querySelector("#envelope").value = "<typed/>"; const s = document.querySelector("#show"); s.focus(); s.click(); return true })()`)
	b.Sees("What you have typed stays")
	b.Until(`document.activeElement.id === "show" && document.querySelector("#envelope").value === "<typed/>" && document.querySelector("#operation").value === "GetOrder"`)
	b.Click("main [data-submit]")
	b.Sees("6Q3ZK7TN2VAB")
}
