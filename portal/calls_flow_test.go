package portal_test

import (
	"strings"
	"testing"

	"kontor/portal/portaltest"
)

// TestCallPages goes from the navigation to the list, narrows it, and from a fault's reference to the call.
func TestCallPages(t *testing.T) {
	b := portaltest.Open(t, startPortal(t, newWorld(t)), portaltest.Desk)
	b.SignIn("anna@northwind.example", password)
	b.GoTo("/as/northwind")
	b.Click(`nav a[href="/as/northwind/calls"]`)
	b.Until(`document.querySelector("h1").textContent === "Calls"`)
	b.Sees("5 by SOAP", "CreateLicense", "Web shop", "Web shop, in the console", "Refused: named shop@northwind.example", "Done", "Answered again", "Invalid parameter", "Unavailable", "0.4 ms")
	rows := func() []string { return portaltest.JS[[]string](b, rowTexts) }
	if all := rows(); len(all) != 5 || strings.Count(strings.Join(all, ""), "Not authenticated") != 1 {
		t.Errorf("the list has %q", all)
	}
	b.Click(`th a[href*="sort=took"]`)
	b.Until(`document.querySelector('th[aria-sort="descending"]').innerText.trim() === "Took"`)
	if all := rows(); !strings.Contains(all[0], "Unavailable") {
		t.Errorf("the slowest is %q", all[0])
	}
	b.GoTo("/as/northwind/calls?outcome=faults&last=1h")
	b.Sees("1 of 5 by SOAP")
	if chips := portaltest.JS[string](b, `[...document.querySelectorAll(".k-chip-on")].map(e => e.textContent.trim().replace(/\s+/g, " ")).join("; ").toLowerCase()`); chips != "outcome: any fault; within the last: hour" {
		t.Errorf("the filters that hold are %q", chips)
	}
	b.GoTo("/as/northwind/calls?q=nothing")
	b.Sees("No call matches", "Show all calls")

	// The whole reference leads to the call.
	b.GoTo("/as/northwind/calls")
	b.Put("#q", "cccccccccccc")
	b.Until(`document.querySelectorAll("tbody tr").length === 1`)
	b.GoTo("/as/northwind/calls?q=cccccccccccc")
	if where := b.Where(); !strings.Contains(where, "/as/northwind/calls/CCCCCCCCCCCC ") {
		t.Errorf("the reference leads to %s", where)
	}
	b.Sees("CreateLicense", "seats", "Invalid parameter", "shop@northwind.example, Northwind", "192.0.2.7", "1.4 KB", "Passwords, nonces, signatures")
	if text := portaltest.JS[string](b, `document.querySelectorAll(".k-envelope")[0].textContent`); text != callRequest {
		t.Errorf("the request is shown as %q", text)
	}
	if text := portaltest.JS[string](b, `document.querySelectorAll(".k-envelope")[1].parentElement.querySelector("[data-copy]").dataset.copy`); text != callAnswer {
		t.Errorf("what is copied of the answer is %q", text)
	}
	for _, path := range []string{"/as/northwind/calls", "/as/northwind/calls/CCCCCCCCCCCC"} {
		b.GoTo(path)
		b.Resize(portaltest.Phone, 844)
		if wide := portaltest.JS[int](b, "document.documentElement.scrollWidth"); wide > portaltest.Phone {
			t.Errorf("%s is %d pixels wide on a phone", path, wide)
		}
	}
	b.GoTo("/as/northwind/calls/BBBBBBBBBBBB")
	b.Sees("Tried in the console.", "not in what it uses")
	b.GoTo("/as/northwind/calls/ZZZZZZZZZZZZ")
	b.Sees("There is no call with this reference within your sight.", "To the calls")
}

// TestRefusedLoginPage goes from the reference of a login that was refused to the account that it named.
func TestRefusedLoginPage(t *testing.T) {
	address := startPortal(t, newWorld(t))
	b := portaltest.Open(t, address, portaltest.Desk)
	b.SignIn("anna@northwind.example", password)
	b.GoTo("/as/northwind/calls?q=wwwwwwwwwwww")
	if where := b.Where(); !strings.Contains(where, "/as/northwind/calls/WWWWWWWWWWWW ") {
		t.Errorf("the reference leads to %s", where)
	}
	b.Sees("Not authenticated", "Refused: named shop@northwind.example", "It counts against none of the account's limits.", "An address that the account came in from within 7 days", "They are not kept of a call that was refused before its account was known.")
	if href := portaltest.JS[string](b, `document.querySelector("dd a[href$='/people/m-shop']").textContent`); href != "Web shop" {
		t.Errorf("the account is called %q", href)
	}
	ben := portaltest.Open(t, address, portaltest.Desk)
	ben.SignIn("ben@northwind.example", password)
	ben.GoTo("/as/northwind/calls/WWWWWWWWWWWW")
	ben.Sees("There is no call with this reference within your sight.")
}

// TestCallsOfOthers shows what a member and an admin of the ISV see.
func TestCallsOfOthers(t *testing.T) {
	address := startPortal(t, newWorld(t))
	ben := portaltest.Open(t, address, portaltest.Desk)
	ben.SignIn("ben@northwind.example", password)
	ben.GoTo("/as/northwind/calls/AAAAAAAAAAAA")
	ben.Sees("Admins of Northwind see them: they may tell of licenses beyond your sight.")
	if n := portaltest.JS[int](ben, `document.querySelectorAll(".k-envelope").length`); n > 0 {
		t.Errorf("a member sees %d envelopes", n)
	}
	isv := portaltest.Open(t, address, portaltest.Desk)
	isv.SignIn(iris, password)
	isv.GoTo("/as/aurora/calls")
	isv.Sees("6 by SOAP", "No operation", "Not authenticated", "admin", "Refused: named shop@northwind.example")
	isv.GoTo("/as/aurora/calls/ZZZZZZZZZZZZ")
	isv.Sees("as the caller claims; nobody known", "2001:db8::dead:beef", "They are not kept of a call that nobody known stands behind.")
}

// TestUsePage draws what an account uses, by minute with its limit and by hour with the day's.
func TestUsePage(t *testing.T) {
	b := portaltest.Open(t, startPortal(t, newWorld(t)), portaltest.Desk)
	b.SignIn("anna@northwind.example", password)
	b.GoTo("/as/northwind/people/m-shop/use")
	b.Sees("What Web shop uses", "limit 60", "Calls by minute", "45 of 60 used in this minute", "the default", "29 of 30 used today", "120 of 1,000 created today", "its own limit", "What is tried in the console counts neither above nor against a limit.")
	if got := portaltest.JS[string](b, `[...document.querySelectorAll(".k-used")].map(e => e.value + "/" + e.max).join()`); got != "45/60,29/30,120/1000" {
		t.Errorf("the bars show %s", got)
	}
	inside := `(s => [...s.querySelectorAll("rect, line")].every(e => e.getBBox().y >= 0 && e.getBBox().y + e.getBBox().height <= s.clientHeight))(document.querySelector(".k-chart"))`
	if !portaltest.JS[bool](b, inside) {
		t.Error("the drawing goes beyond its frame")
	}
	bars := func(class string) int {
		return portaltest.JS[int](b, `document.querySelectorAll("rect.`+class+`").length`)
	}
	if done, faults, refused := bars("c-petrol"), bars("c-fault"), bars("c-refused"); done != 59 || faults != 52 || refused != 7 {
		t.Errorf("drawn are %d, %d and %d bars", done, faults, refused)
	}
	if said := portaltest.JS[string](b, `document.querySelector(".k-chart title").textContent`); !strings.Contains(said, "refused by a limit") {
		t.Errorf("the drawing says %q", said)
	}
	b.Click(".k-chart-table > summary")
	if rows := portaltest.JS[int](b, `document.querySelectorAll(".k-chart-table tbody tr").length`); rows != 59 {
		t.Errorf("the table has %d rows", rows)
	}
	b.Resize(portaltest.Phone, 844)
	if wide := portaltest.JS[int](b, "document.documentElement.scrollWidth"); wide > portaltest.Phone {
		t.Errorf("the page is %d pixels wide on a phone", wide)
	}
	b.Resize(portaltest.Desk, 844)
	b.Click(`.k-stretch a[href$="by=hour"]`)
	b.Sees("Calls by hour")
	if said := portaltest.JS[string](b, `document.querySelector(".c-limit + text").textContent`); said != "limit of a day 30" {
		t.Errorf("the line across hours says %q", said)
	}
	if !portaltest.JS[bool](b, inside) {
		t.Error("the drawing by hour goes beyond its frame")
	}
}
