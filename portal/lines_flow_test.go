package portal_test

import (
	"net/url"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"kontor/internal/licensing"
	"kontor/portal/portaltest"
)

// TestOrderOfSeveralLines makes an order of two lines: the second is added while the first is filled in, mistyped, left for the
// first one and corrected; a third is begun and taken out.
func TestOrderOfSeveralLines(t *testing.T) {
	w := newWorld(t)
	w.fill()
	b := portaltest.Open(t, startPortal(t, w), portaltest.Desk)
	b.SignIn("anna@northwind.example", password)
	b.GoTo(newDesign)
	seats := `[name="parameter.seats"]`
	b.Set(seats, "8")
	b.Click("input[value=pro]")
	b.Put("#customer", "brück")
	b.Sees("Brücke Verlag AG")
	b.Press(kb.ArrowDown + kb.Enter)
	b.Shows("[data-customer-change]")
	b.Put(`[name="dataField.reference"]`, "NW-88213")
	b.Sees("3,120.00")

	b.Push(`#quote [name="choose"]`)
	b.Sees("Another line", "It has 1 line.")
	b.Set("#q", "care")
	b.Push(`[data-filter-text]:not([hidden]) button`)
	b.Sees("Aurora Care", "Aurora Design", "Pro, 8 seats at 390.00", "Create order")
	if got := portaltest.JS[string](b, `document.querySelector('[name="dataField.reference"]').value`); got != "NW-88213" {
		t.Errorf("the order's reference is %q on the second line", got)
	}
	b.Set(seats, "500")
	b.Push(`#quote [name="edit"]`)
	b.Sees("Aurora Care", "Seats: see the form")
	if got := portaltest.JS[string](b, `document.querySelector('[name="parameter.seats"]').value`); got != "8" {
		t.Errorf("the first line has %q seats", got)
	}
	b.Push(".k-bill .btn-primary")
	b.Sees("One field needs correcting. Nothing has been created.", "Line 2, Aurora Care: ")
	b.Push(`#quote [name="edit"]`)
	b.Until(`document.querySelector('[name="parameter.seats"]')?.value === "500"`)
	b.Set(seats, "8")
	b.Sees("3,744.00") // 3,120.00 and 8 at 78.00

	b.Push(`#quote [name="choose"]`)
	b.Sees("It has 2 lines.")
	b.Push(`[data-filter-text] button`)
	b.Sees("Remove this line")
	b.Push(`[name="drop"][value="this"]`)
	b.Sees("Aurora Care", "3,744.00")
	b.Push(".k-bill .btn-primary")
	b.Sees("Order K", "3,744.00")
	o := w.orders[len(w.orders)-1]
	var lines []string
	for _, l := range o.Lines {
		lines = append(lines, l.ProductCode)
	}
	if len(lines) != 2 || lines[0] != "AUR-DESIGN" || lines[1] != "AUR-CARE" || o.Customer != bruckner {
		t.Errorf("created %v for %v", lines, o.Customer)
	}

	b.Push(".k-head .btn-primary") // same again
	b.Sees("Filled in as in order", "Create order", "Aurora Care", "8 seats at 78.00", "3,744.00")
}

// TestLinesThatAreNone sends what names no line: it is left out, or answered by the form as it was.
func TestLinesThatAreNone(t *testing.T) {
	w := newWorld(t)
	v := visit(t, startPortal(t, w))
	v.signIn("anna@northwind.example")
	form := url.Values{
		"acting": {annaActs}, "parameter.seats": {"5"}, "parameter.edition": {"pro"}, "customer.name": {"Ada"}, "dataField.reference": {"1"}, "at": {"-7"},
		"line.99999999999999999999.product": {"AUR-DESIGN"}, "line.-1.product": {"AUR-DESIGN"}, "line.x.product": {"AUR-DESIGN"}, "line.": {""}, "line.3": {""},
		"line.4.category": {"partner"}, "requestId": {"nonsense"},
	}
	v.post(newDesign, form).want(t, 303)
	if o := w.orders[len(w.orders)-1]; len(o.Lines) != 1 || o.Licenses[0].State != licensing.LicenseActive {
		t.Errorf("%d lines", len(o.Lines))
	}
	form.Set("line.0.category", "partner")
	form.Set("line.0.product", "AUR-NONE")
	v.post(newDesign, form).want(t, 403, "This can be licensed no more", "Ada")
	for _, action := range []url.Values{{"edit": {"17"}}, {"edit": {"x"}}, {"drop": {"17"}}, {"drop": {""}}} {
		sent := url.Values{"acting": {annaActs}, "customer.name": {"Ada & Co"}}
		for name, given := range action {
			sent[name] = given
		}
		v.post("/as/northwind/licenses/lines?category=partner&product=AUR-DESIGN", sent).want(t, 200, "Aurora Design", "Ada &amp; Co")
	}
}
