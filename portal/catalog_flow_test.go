package portal_test

import (
	"maps"
	"testing"

	"github.com/chromedp/chromedp"

	"kontor/internal/licensing"
	"kontor/portal/portaltest"
)

const eventEditor = "/as/aurora/categories/partner/offers/AUR-DESIGN-EVENT"

// TestOfferIsEdited walks the editor: the preview follows, what is wrong stands at its field, saving counts, and what
// somebody else has saved meanwhile is told.
func TestOfferIsEdited(t *testing.T) {
	w := newWorld(t)
	eventOffer(w)
	url := startPortal(t, w)
	b := portaltest.Open(t, url, portaltest.Desk)
	b.SignIn(iris, password)
	b.GoTo(eventEditor)
	b.Sees("Nothing has changed.")

	b.Set("[name='rule.until.maximum.n']", "30")
	b.Sees("1 change, not saved:", "maximum of Licensed until, from 14 days to 30 days", "Mon 21 December 2026")
	if lit := portaltest.JS[string](b, `[...document.querySelectorAll(".k-lit .form-label")].map(e => e.textContent.trim()).join()`); lit != "Licensed until" {
		t.Errorf("the preview marks %q", lit)
	}
	b.Set("[name='rule.seats.minimum']", "60")
	b.Until(`document.getElementById("e-rule.seats.maximum").innerText.includes("less than the minimum")`)
	b.Press("s", chromedp.ModifierCtrl)
	b.Sees("One field needs correcting.", "Nothing has been saved.")
	b.Until(`document.querySelector("[name='rule.until.maximum.n']").value === "30"`) // what was typed stays
	b.Set("[name='rule.seats.minimum']", "2")
	b.Set("[name='rule.seats.default']", "2")

	// A pattern is tried out, and the values of a selection are moved, added and removed.
	b.Set("[name='rule.licensee.pattern']", "[A-Z]{2}-[0-9]+")
	b.Set("[name='rule.licensee.try']", "x")
	b.Until(`!!document.querySelector("[id='t-licensee'] .k-err")`)
	b.Set("[name='rule.licensee.try']", "AB-12")
	b.Until(`document.getElementById("t-licensee").innerText.includes("The rule takes it.")`)
	b.Click("#do-edition-up-k1")
	b.Until(`[...document.querySelectorAll("[name='rule.edition.value']")].map(e => e.value).join() === "pro,standard"`)
	b.Until(`document.querySelector("#preview .k-choice label").innerText.trim() === "Pro"`)
	b.Click("#do-edition-add")
	b.Until(`document.querySelectorAll("[name='rule.edition.value']").length === 3`)
	b.Click("#do-edition-remove-k2")
	b.Until(`document.querySelectorAll("[name='rule.edition.value']").length === 2`)

	// Meanwhile somebody else saves another rule.
	other := w.offers[w.offerAt("partner", "AUR-DESIGN-EVENT")]
	changed := map[string]licensing.Rule{}
	for name, rule := range other.Rules {
		changed[name] = rule
	}
	changed["beta"] = licensing.Rule{Fixed: new("no")}
	w.save(t, "partner", "AUR-DESIGN-EVENT", changed, "Olga Berg")
	b.Press("s", chromedp.ModifierCtrl)
	b.Sees("Olga Berg has saved this offer meanwhile", "Fixed value of Early versions, now no")
	b.Until(`document.querySelector("[name='rule.until.maximum.n']").value === "30"`) // what was typed stays
	b.Until(`document.querySelector("[name='rule.beta.mode'][value=fixed]").checked`) // what was not touched is as it is now
	b.Until(`document.querySelector("[name='rule.seats.minimum']").value === "2"`)
	b.Press("s", chromedp.ModifierCtrl)
	b.Sees("Saved. The rules count for licenses created from now on.")
	now := w.offers[w.offerAt("partner", "AUR-DESIGN-EVENT")]
	if r := now.Rules["until"]; r.Maximum != "+30d" {
		t.Errorf("the maximum is %q", r.Maximum)
	}
	if r := now.Rules["edition"]; len(r.Options) != 2 || r.Options[0].Value != "pro" || r.Options[1].Labels["de"] != "Standard" || *r.Default != "pro" {
		t.Errorf("the edition's rule is %+v", r)
	}
	if r := now.Rules["beta"]; r.Fixed == nil || *r.Fixed != "no" {
		t.Errorf("the other's rule is lost: %+v", r)
	}
}

// TestTwoEditOneRule has two editors in the same rule: what the first saved and the second did not touch stays, and the
// second is told what both changed.
func TestTwoEditOneRule(t *testing.T) {
	w := newWorld(t)
	eventOffer(w)
	b := portaltest.Open(t, startPortal(t, w), portaltest.Desk)
	b.SignIn(iris, password)
	b.GoTo(eventEditor)
	b.Set("[name='rule.seats.minimum']", "99")
	b.Sees("not saved:", "minimum of Seats")
	b.Set("[name='rule.seats.minimum']", "3")
	b.Set("[name='rule.seats.maximum']", "60")
	changed := maps.Clone(w.offers[w.offerAt("partner", "AUR-DESIGN-EVENT")].Rules)
	r := changed["seats"]
	r.Minimum, r.Default, r.Label, r.Labels = "2", new("5"), "Workplaces", licensing.Texts{"de": "Arbeitsplätze", "fr": "Postes"}
	changed["seats"] = r
	w.save(t, "partner", "AUR-DESIGN-EVENT", changed, "Olga Berg")
	b.Press("s", chromedp.ModifierCtrl)
	b.Sees("Olga Berg has saved this offer meanwhile", "Label of Workplaces in German, now Arbeitsplätze", "Both of you changed these.")
	b.Until(`document.getElementById("both").innerText.trim() === "Minimum of Workplaces, from 2 to 3"`)
	for part, want := range map[string]string{"minimum": "3", "maximum": "60", "default": "5", "label.en": "Workplaces", "label.de": "Arbeitsplätze"} {
		b.Until(`document.querySelector("[name='rule.seats.` + part + `']").value === "` + want + `"`)
	}
	b.Press("s", chromedp.ModifierCtrl)
	b.Sees("Saved. The rules count for licenses created from now on.")
	now := w.offers[w.offerAt("partner", "AUR-DESIGN-EVENT")].Rules["seats"]
	if now.Minimum != "3" || now.Maximum != "60" || now.Default == nil || *now.Default != "5" || now.Label != "Workplaces" || now.Labels["de"] != "Arbeitsplätze" || now.Labels["fr"] != "Postes" {
		t.Errorf("the rule is %+v", now)
	}
}

// TestOfferIsEditedWithoutScripts does it by forms alone.
func TestOfferIsEditedWithoutScripts(t *testing.T) {
	w := newWorld(t)
	eventOffer(w)
	b := portaltest.Open(t, startPortal(t, w), portaltest.Desk)
	b.SignIn(iris, password)
	b.WithoutScripts()
	b.GoTo(eventEditor)
	b.Click("#do-edition-down-k0")
	b.Until(`[...document.querySelectorAll("[name='rule.edition.value']")].map(e => e.value).join() === "pro,standard"`)
	b.Click(".k-save .btn-primary")
	b.Sees("Saved. The rules count for licenses created from now on.")
	if r := w.offers[w.offerAt("partner", "AUR-DESIGN-EVENT")].Rules["edition"]; r.Options[0].Value != "pro" {
		t.Errorf("the edition's rule is %+v", r)
	}
}

// TestOfferChangesWhileAFormIsFilledIn has two windows: in one a reseller fills in the form, in the other the offer
// changes. He is told what changed, and keeps what he typed.
func TestOfferChangesWhileAFormIsFilledIn(t *testing.T) {
	w := newWorld(t)
	eventOffer(w)
	url := startPortal(t, w)
	reseller, isv := portaltest.Open(t, url, portaltest.Desk), portaltest.Open(t, url, portaltest.Desk)
	reseller.SignIn("anna@northwind.example", password)
	reseller.GoTo("/as/northwind/licenses/new?category=partner&product=AUR-DESIGN-EVENT")
	reseller.Set("[name='parameter.seats']", "45")
	reseller.Set("[name='parameter.until']", "2026-12-01")
	reseller.Put("[name='parameter.licensee']", "Brückner")
	reseller.Put("[name='dataField.reference']", "NW-1")
	reseller.Put("#customer", "Wollin")
	reseller.Click("#customer-new")

	isv.SignIn(iris, password)
	isv.GoTo(eventEditor)
	isv.Set("[name='rule.seats.maximum']", "40")
	isv.Sees("maximum of Seats, from 50 to 40")
	isv.Press("s", chromedp.ModifierCtrl)
	isv.Sees("Saved. The rules count")

	reseller.Press("\r", chromedp.ModifierCtrl)
	reseller.Sees("Aurora Software has changed the rules while you filled this in.", "The maximum was 50, and is 40 now.")
	for field, want := range map[string]string{"parameter.seats": "45", "parameter.until": "2026-12-01", "parameter.licensee": "Brückner", "customer.name": "Wollin"} {
		if got := portaltest.JS[string](reseller, `document.querySelector("[name='`+field+`']").value`); got != want {
			t.Errorf("%s is %q, not %q", field, got, want)
		}
	}
	reseller.Set("[name='parameter.seats']", "40")
	reseller.Press("\r", chromedp.ModifierCtrl)
	reseller.Sees("The license works.")
}

// TestCategoryIsFilled makes a category, sorts products in, puts them in order and takes one out.
func TestCategoryIsFilled(t *testing.T) {
	w := newWorld(t)
	w.fill()
	b := portaltest.Open(t, startPortal(t, w), portaltest.Desk)
	b.SignIn(iris, password)
	b.GoTo("/as/aurora/new-category")
	b.Put("#f-name", "Education")
	b.Click(".k-actions .btn-primary")
	b.Sees("Enter 1 to 40 letters")
	b.Put("#f-code", "education")
	b.Click(".k-actions .btn-primary")
	b.Sees("Created.", "Nothing is offered here yet")
	b.Click(".k-head .btn-primary")
	b.Click("#c-AUR-CARE")
	b.Put("#q", "suite")
	b.Sees("1 more is chosen that this search does not show.")
	b.Click("#c-AUR-SUITE")
	b.Click("button[value=ask]")
	b.Sees("Sort 2 products?", "2 offers are new")
	b.Click(".modal .btn-primary")
	b.Sees("Sorted.", "Aurora Care", "Aurora Suite")
	order := `[...document.querySelectorAll("#results tbody [data-row]")].map(e => e.dataset.row).join()`
	first := portaltest.JS[string](b, order)
	b.Click("#results tbody tr:nth-child(2) .k-move")
	b.Until(order + ` !== "` + first + `"`)
	b.GoTo("/as/aurora/categories/partner")
	b.Click("input[type=checkbox][value='AUR-CARE']")
	b.Click("[form=sort-out].btn")
	b.Sees("Take one product out?", "live license")
	b.Click(".modal .btn-danger")
	b.Sees("Taken out", "Nothing new can be licensed by these.")
}
