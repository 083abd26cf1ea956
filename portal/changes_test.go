package portal_test

import (
	"fmt"
	"strings"
	"testing"

	"kontor/internal/licensing"
	"kontor/portal/portaltest"
)

// design sells a license of which seats may rise and edition and licensee may change.
func (w *world) design() licensing.License {
	for i := range w.offers {
		if w.offers[i].Product.Code == "AUR-DESIGN" {
			rules := map[string]licensing.Rule{}
			for name, r := range w.offers[i].Rules {
				r.Change = licensing.ChangeAny
				if name == "seats" {
					r.Change = licensing.ChangeUp
				}
				rules[name] = r
			}
			w.offers[i].Rules = rules
		}
	}
	return w.sell("anna@northwind.example", "northwind", theDay, "AUR-DESIGN", bruckner, "NW-88213", "seats", "8", "edition", "pro").Licenses[0]
}

// TestModifyALicense changes parameters in a browser, wrongly and rightly, and meets somebody else who does.
func TestModifyALicense(t *testing.T) {
	w := newWorld(t)
	page := "/as/northwind/licenses/" + string(w.design().ID)
	b := portaltest.Open(t, startPortal(t, w), portaltest.Desk)
	b.SignIn("ben@northwind.example", password)
	b.GoTo(page)
	b.Click(".k-drop-deeds > summary")
	b.Sees("Modify…", "Suspend…", "You may not revoke in Partner. Anna Lindqvist can.")
	b.Click(`.k-nav-deeds a[href$="/modify"]`)
	b.Sees("8 to 50 seats. It may only rise.", "Brückner & Söhne GmbH", "keeps its own customer and books")
	b.Set(`[name="parameter.seats"]`, "5")
	b.Push(".k-bill .btn-primary")
	b.Sees("Nothing has been changed.", "This may only rise after creation. Enter more than 8.")
	b.Set(`[name="parameter.seats"]`, "12")
	b.Set(`[name="dataField.costCenter"]`, "4711")
	b.Push(".k-bill .btn-primary")
	b.Sees("Modified by Ben Hartmann", "Seats: 8 is now 12", "Cost center: nothing is now 4711")
	if strings.Contains(b.Where(), "modify") {
		t.Errorf("saving leads to %s", b.Where())
	}

	b.GoTo(page + "/modify")
	b.Set(`[name="parameter.licensee"]`, "Brückner")
	w.mu.Lock()
	l := &w.orders[0].Licenses[0]
	l.Parameters, l.Version = []licensing.Value{{Name: "seats", Value: "20"}, {Name: "edition", Value: "pro"}}, l.Version+1
	w.mu.Unlock()
	b.Push(".k-bill .btn-primary")
	b.Sees("Somebody else changed this license while the form was open.", "Seats: 12 is now 20")
	for field, want := range map[string]string{"parameter.seats": "20", "parameter.licensee": "Brückner"} {
		if got := portaltest.JS[string](b, fmt.Sprintf(`document.querySelector("[name='%s']").value`, field)); got != want {
			t.Errorf("%s is %q, want %q", field, got, want)
		}
	}
	b.Push(".k-bill .btn-primary")
	b.Sees("Licensee: nothing is now Brückner")
}

// TestStatesOfALicense revokes and reinstates one with a subscription in a browser.
func TestStatesOfALicense(t *testing.T) {
	w := newWorld(t)
	id, _ := w.subscribe()
	page := "/as/northwind/licenses/" + id
	b := portaltest.Open(t, startPortal(t, w), portaltest.Desk)
	b.SignIn("anna@northwind.example", password)
	b.GoTo(page + "/revoke")
	b.Sees("Revoke Aurora Suite for Brückner & Söhne GmbH?", "The subscription ends today", "No period follows.")
	b.Click("[data-submit]")
	b.Sees("Enter 1 to 500 characters.")
	b.Put("[name=reason]", "Paid <b>back</b>")
	b.Click("[data-submit]")
	b.Sees("Revoked by Anna Lindqvist", "Reason: Paid <b>back</b>", "when the license was revoked")
	b.GoTo(page + "/suspend")
	b.Sees("This license is revoked.")
	b.GoTo(page)
	b.Click(".k-drop-deeds > summary")
	b.Click(`.k-nav-deeds a[href$="/reinstate"]`)
	b.Sees("The subscription runs to 20 November 2027", "Unless it is cancelled by 21 October 2027")
	b.Put("[name=reason]", "Paid")
	b.Click("[data-submit]")
	b.Sees("Reinstated by Anna Lindqvist", "Unless it is cancelled by")
}

// TestMoveLicenses moves two licenses in a browser, and is told of one that is there already.
func TestMoveLicenses(t *testing.T) {
	w := newWorld(t)
	one, two := w.design(), w.sell("freya@fjord.example", "fjord", theDay, "AUR-DESIGN", kessler, "FJ-1", "seats", "1", "edition", "pro").Licenses[0]
	b := portaltest.Open(t, startPortal(t, w), portaltest.Desk)
	b.SignIn(iris, password)
	b.GoTo("/as/aurora/licenses/move?id=" + string(one.ID) + "&id=" + string(two.ID))
	b.Sees("Move 2 licenses", "Brückner & Söhne GmbH", "Kessler Maschinenbau GmbH")
	b.Click("[data-submit]")
	b.Sees("Nothing has been moved.", "Choose the group that shall own it.", "Enter 1 to 500 characters.")
	b.Set("[name=group]", "fjord")
	b.Put("[name=reason]", "Sold on")
	b.Click("[data-submit]")
	b.Sees("1 license cannot be moved.", licensing.ShortTicket(two.Ticket)+": it belongs to Fjord already.")
	b.GoTo("/as/aurora/licenses/move?id=" + string(one.ID) + "&to=fjord")
	b.Put("[name=reason]", "Sold on")
	b.Click("[data-submit]")
	b.Sees("Moved to fjord by Iris Voss", "From Northwind. Reason: Sold on", "One license moved to Fjord.")

	// Two of them lead to the list, which says so until one goes on.
	b.GoTo("/as/aurora/licenses/move?id=" + string(one.ID) + "&id=" + string(two.ID) + "&to=nordic")
	b.Put("[name=reason]", "Back up")
	b.Click("[data-submit]")
	b.Sees("2 licenses moved to Nordic.")
	if got := portaltest.JS[string](b, `document.querySelector(".k-note[role=status] a").getAttribute("href")`); got != "/as/aurora/licenses?below=nordic" {
		t.Errorf("the note leads to %s", got)
	}
	b.Click(`thead a[href*="sort=customer"]`)
	b.Until(`location.search === "?sort=customer" && !document.querySelector(".k-note")`)
}

// TestMovedNoteOfMadeUpAddresses holds that an address makes the page say nothing of groups beyond sight, nothing odd, and
// nothing that the license beside it belies.
func TestMovedNoteOfMadeUpAddresses(t *testing.T) {
	w := newWorld(t)
	l := w.design()
	b := visit(t, startPortal(t, w))
	b.signIn("anna@northwind.example")
	page := "/as/northwind/licenses/" + string(l.ID)
	for path, want := range map[string]bool{
		"/as/northwind/licenses?moved=2&to=northwind": true, page + "?moved=1&to=northwind": true,
		"/as/northwind/licenses?moved=2&to=fjord": false, "/as/northwind/licenses?moved=2&to=aurora": false, "/as/northwind/licenses?moved=2": false,
		"/as/northwind/licenses?moved=0&to=northwind": false, "/as/northwind/licenses?moved=-2&to=northwind": false,
		"/as/northwind/licenses?moved=1001&to=northwind": false, "/as/northwind/licenses?moved=%3Cb%3E&to=northwind": false,
		page + "?moved=2&to=northwind": false, page + "?moved=1&to=fjord": false,
	} {
		if got := strings.Contains(b.get(path).page, " moved to "); got != want {
			t.Errorf("%s: the note is there: %t, want %t", path, got, want)
		}
	}
}
