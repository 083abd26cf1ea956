package portal_test

import (
	"strings"
	"testing"

	"kontor/portal/portaltest"
)

// TestTimeMachine reads what will happen, tries a cancellation out, forgets it, and goes on to cancel.
func TestTimeMachine(t *testing.T) {
	w := newWorld(t)
	w.fill()
	b := portaltest.Open(t, startPortal(t, w), portaltest.Desk)
	b.SignIn("anna@northwind.example", password)
	b.Press("g")
	b.Press("t")
	b.Until(`location.pathname === "/as/northwind/time-machine"`)
	for _, text := range []string{"What will happen if nobody does anything", "Extending and ending, by month of the end date", "move on", "Last day to cancel", "Extended to", "Day by day"} {
		b.Sees(text)
	}
	const selected = `document.querySelectorAll("tr[aria-selected]").length`
	const struck = `document.querySelectorAll(".k-tm s").length`
	if portaltest.JS[int](b, selected) != 0 || portaltest.JS[int](b, struck) != 0 {
		t.Error("something is tried out before anybody does")
	}
	b.Click(`.k-tm input[name="cancel"]`)
	b.Until(selected + " === 1")
	b.Sees("Trying out: one cancelled.")
	b.Sees("Nothing has been done yet.")
	if portaltest.JS[int](b, struck) == 0 || !strings.Contains(portaltest.JS[string](b, "location.search"), "cancel=") {
		t.Error("nothing is struck, or the trial does not stand in the address")
	}
	if ticket := w.orders[0].Licenses[0].Ticket; strings.Contains(portaltest.JS[string](b, "location.href"), ticket[:5]) {
		t.Error("a ticket stands in the address")
	}
	tried := portaltest.JS[string](b, "location.pathname + location.search")
	b.Click(`.k-try a[href*="/licenses/cancel"]`)
	b.Until(`location.pathname === "/as/northwind/licenses/cancel"`)
	b.GoTo(tried)
	b.Until(selected + " === 1")
	b.Click(".k-try a")
	b.Until(selected + " === 0")

	// What is told to whom stands there on demand, and the dates in a file.
	b.Click("#mails")
	b.Until(`location.search.includes("mails=1")`)
	b.Sees("mail to the customer")
	if file := portaltest.JS[string](b, `document.querySelector("#machine-file a").getAttribute("href")`); !strings.HasPrefix(file, "/as/northwind/time-machine/file?") {
		t.Errorf("the file is at %s", file)
	}
	b.Set("#f-until", "2020-01-01")
	portaltest.JS[bool](b, `document.querySelector("#results").requestSubmit() || true`)
	b.Until(`!!document.querySelector("#until-err")`)
}

// TestNothingToCome says what to do first.
func TestNothingToCome(t *testing.T) {
	w := newWorld(t)
	b := portaltest.Open(t, startPortal(t, w), portaltest.Desk)
	b.SignIn("anna@northwind.example", password)
	b.GoTo("/as/northwind/time-machine")
	b.Sees("Nothing is to come in Northwind yet")
	b.Sees("Create a license of a product with a subscription")
	b.Click(`.k-actions a[href$="/licenses/choose"]`)
	b.Until(`location.pathname.endsWith("/licenses/choose")`)
}
