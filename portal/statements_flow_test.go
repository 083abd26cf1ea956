package portal_test

import (
	"strings"
	"testing"

	"kontor/portal/portaltest"
)

// TestStatementPages goes from the list to an open month and to a closed one with a correction, and takes it along.
func TestStatementPages(t *testing.T) {
	w := newWorld(t)
	address := startPortal(t, w)
	b := portaltest.Open(t, address, portaltest.Desk)
	b.SignIn("anna@northwind.example", password)
	b.GoTo("/as/northwind/statements")
	b.Sees("Nothing has been created yet", "The next month is closed on 4 December 2026.")
	w.fill()
	b.GoTo("/as/northwind/statements")
	b.Sees("Open", "November 2026", "open, closed on 4 Dec 2026", "Closed", "October 2026", "closed on 21 Nov 2026")
	b.Click(`a[href$="/2026-11"]`)
	b.Until(`document.querySelector("h1").textContent === "November 2026"`)
	b.Sees("This is how it stands now; more may come.", "Created", "EUR, net")
	b.GoTo("/as/northwind/statements/northwind/2026-10")
	b.Sees("Recorded later, for September 2026", "Paid back", "It does not change any more.")
	b.Sees("Aurora ERP has not taken it yet", "next try", "The statement is kept and goes through when it answers; nothing for you to do.", "3 tries so far.")
	b.Click(`form[action$="/2026-10/again"] button`)
	b.Until(`document.body.textContent.includes("Document AB-700042")`)
	if portaltest.JS[bool](b, `!!document.querySelector('form[action$="/again"]')`) {
		t.Error("what was accepted can be sent again")
	}
	if style := portaltest.JS[string](b, `getComputedStyle(document.querySelector("tfoot td")).borderBottomStyle`); style != "double" {
		t.Errorf("the sum stands above a %s rule", style)
	}
	b.Resize(portaltest.Phone, 844)
	if wide := portaltest.JS[int](b, "document.documentElement.scrollWidth"); wide > portaltest.Phone {
		t.Errorf("the page is %d pixels wide on a phone", wide)
	}
	text := portaltest.JS[string](b, `(r => (r.open("GET", location.pathname + "/csv", false), r.send(), r.responseText))(new XMLHttpRequest())`)
	if !strings.Contains(text, "2026-10,northwind,2026-09-30,2026-09,revoked,") {
		t.Errorf("the file holds\n%s", text)
	}
	if kind := portaltest.JS[string](b, `(r => (r.open("GET", location.pathname + "/pdf", false), r.send(), r.getResponseHeader("Content-Type") + r.responseText.slice(0, 5)))(new XMLHttpRequest())`); kind != "application/pdf%PDF-" {
		t.Errorf("the PDF is %q", kind)
	}
}
