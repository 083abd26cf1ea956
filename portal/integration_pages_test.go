package portal_test

import (
	"net/http"
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
	portaltest.JS[bool](b, `(() => { const s = document.querySelector("#operation"); s.value = "GetOrder"; s.dispatchEvent(new Event("change", {bubbles: true})); return true })()`)
	b.Until(`new URLSearchParams(location.search).get("operation") === "GetOrder"`)
	shown("csharp")
	b.Sees("What GetOrder takes")
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
