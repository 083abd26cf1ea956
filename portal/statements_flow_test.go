package portal_test

import (
	"regexp"
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
	figures := `[...document.querySelectorAll(".k-st tbody tr")].map(r => [...r.querySelectorAll("td")].slice(4, 6).map(c => c.lastChild.textContent.trim()).join(" "))[0]`
	if got := portaltest.JS[string](b, figures); got != "1 —" {
		t.Errorf("a revoked license shows %q for licenses and seats", got)
	}
	b.Resize(1200, 900)
	if lines := portaltest.JS[int](b, `[...document.querySelectorAll(".k-st td:nth-child(4) span")].filter(s => s.getClientRects().length !== 1).length`); lines != 0 {
		t.Errorf("%d order numbers stand on several lines", lines)
	}
	b.Resize(375, 844)
	for _, page := range []string{"/as/northwind/statements", "/as/northwind/statements/northwind/2026-10"} {
		b.GoTo(page)
		if wide := portaltest.JS[int](b, `document.documentElement.scrollWidth - innerWidth + [...document.querySelectorAll(".k-scroll")].reduce((n, s) => n + s.scrollWidth - s.clientWidth, 0)`); wide > 0 {
			t.Errorf("%s is %d pixels wider than a phone", page, wide)
		}
	}
	text := portaltest.JS[string](b, `(r => (r.open("GET", location.pathname + "/csv", false), r.send(), r.responseText))(new XMLHttpRequest())`)
	if !strings.Contains(text, "2026-10,northwind,2026-09-30,2026-09,revoked,") {
		t.Errorf("the file holds\n%s", text)
	}
	v := visit(t, address)
	v.signIn("anna@northwind.example")
	pdf := v.get("/as/northwind/statements/northwind/2026-10/pdf")
	if kind := pdf.Header.Get("Content-Type"); kind != "application/pdf" {
		t.Errorf("the PDF is of %q", kind)
	}
	head := regexp.MustCompile(`Day +What +Product +Order +Licenses +Seats +Net\n`)
	if onPaper := layout(t, pdf.page); !head.MatchString(onPaper) {
		t.Errorf("the columns are not named on one line:\n%s", onPaper)
	}
}
