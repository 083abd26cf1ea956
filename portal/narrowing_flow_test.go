package portal_test

import (
	"testing"

	"github.com/chromedp/chromedp/kb"

	"kontor/internal/licensing"
	"kontor/portal/portaltest"
)

// choosable lets whoever orders Aurora Suite choose the end date, and a start up to 30 days ahead.
func (w *world) choosable() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for i := range w.offers {
		if w.offers[i].Product.Code != "AUR-SUITE" {
			continue
		}
		plan := *w.offers[i].Product.Plan
		plan.ShortestTerm, plan.LongestTerm, plan.StartAhead = &licensing.Term{Months: 1}, &licensing.Term{Months: 36}, 30
		w.offers[i].Product.Plan = &plan
		w.offers[i].Version++
		w.remember(w.offers[i], "Iris Voss")
	}
}

// TestPlanIsNarrowed narrows the plan in one category: what it comes to is drawn while one types, what is wrong stands at
// its field, and whoever orders chooses from what is left.
func TestPlanIsNarrowed(t *testing.T) {
	w := newWorld(t)
	w.choosable()
	b := portaltest.Open(t, startPortal(t, w), portaltest.Desk)
	b.SignIn(iris, password)
	b.GoTo("/as/aurora/categories/partner/offers/AUR-SUITE")
	b.Sees("Here it can be narrowed, never widened.", "The product has 1 month", "The product has 3 years", "The product has no limit", "It goes on like that until somebody cancels.")

	b.Set("[name='plan.mostExtensions']", "1")
	b.Sees("“Most extensions” of the subscription, now 1", "ends by itself")
	b.Set("[name='plan.longestTerm.months']", "6")
	b.Sees("Without a chosen end date it would run 12 months.")
	b.Click(".k-save [data-submit]")
	b.Sees("One field needs correcting.")
	b.Set("[name='plan.term.months']", "3")
	b.Set("[name='plan.startAhead']", "0")
	b.Sees("“Term” of the subscription, from 12 months to 3 months", "20 Feb 2027")
	portaltest.JS[bool](b, `document.querySelector("[name='plan.reminder'][value='30']").click() === undefined`)
	b.Sees("“Reminders” of the subscription, from 30, 7 to 7")
	b.Click(".k-save [data-submit]")
	b.Sees("Saved.")
	n := w.offers[w.offerAt("partner", "AUR-SUITE")].Narrowing
	if n.NoChoice || *n.Term != (licensing.Term{Months: 3}) || *n.LongestTerm != (licensing.Term{Months: 6}) || n.ShortestTerm != nil ||
		*n.MostExtensions != 1 || *n.StartAhead != 0 || len(n.Reminders) != 1 || n.Consumer || n.ResellerOnly {
		t.Errorf("the narrowing is %+v", n)
	}

	// Saved, a part of a length that was not entered stays empty; the preview has the dates as the form has them.
	b.GoTo("/as/aurora/categories/partner/offers/AUR-SUITE")
	lengths := `["plan.term.months", "plan.term.days", "plan.longestTerm.days", "plan.shortestTerm.days"].map(n => document.querySelector("[name='" + n + "']").value).join("|")`
	if got := portaltest.JS[string](b, lengths); got != "3|||" {
		t.Errorf("the lengths are filled in as %q", got)
	}
	dates := `[...document.querySelectorAll("#preview [type='date']")].map(f => f.name).join(" ")`
	if got := portaltest.JS[string](b, dates); got != "preview.endDate" {
		t.Errorf("the preview has the dates %q", got)
	}
	b.Set("[name='plan.startAhead']", "5")
	b.Until(dates + ` === "preview.startDate preview.endDate"`)

	// What is wrong is told at every field at once.
	b.Set("[name='plan.startAhead']", "31")
	b.Set("[name='plan.longestTerm.months']", "37")
	b.Set("[name='plan.mostExtensions']", "-1")
	b.Push(".k-save [data-submit]")
	b.Sees("Enter 0 to 30 days,", "Enter at most 36 months,", "Enter 0 to 1000")
	b.Sees("Three fields need correcting.")

	// Where nobody chooses the end date, the range that is saved or typed has no use.
	b.GoTo("/as/aurora/categories/partner/offers/AUR-SUITE")
	b.Set("[name='plan.longestTerm.months']", "37")
	portaltest.JS[bool](b, `document.querySelector("[name='plan.noChoice']").click() === undefined`)
	b.Until(dates + ` === ""`)
	b.Push(".k-save [data-submit]")
	b.Sees("Saved.")
	if n := w.offers[w.offerAt("partner", "AUR-SUITE")].Narrowing; !n.NoChoice || n.LongestTerm != nil {
		t.Errorf("the narrowing is %+v", n)
	}

	b.Resize(portaltest.Phone, 844)
	b.GoTo("/as/aurora/categories/partner/offers/AUR-SUITE")
	if wide := portaltest.JS[int](b, `(s => s.scrollWidth - s.clientWidth)(document.querySelector(".k-periods").parentElement) + document.documentElement.scrollWidth - innerWidth`); wide > 0 {
		t.Errorf("the page is %d px wider than a phone", wide)
	}
}

// TestPlanWithoutRemindersIsNarrowed: also where nobody is reminded, what the customer is told of extensions stands in the
// form, and stays as it is until somebody changes it.
func TestPlanWithoutRemindersIsNarrowed(t *testing.T) {
	w := newWorld(t)
	o := &w.offers[w.offerAt("partner", "AUR-SUITE")]
	plan := *o.Product.Plan
	plan.Reminders = []int{}
	o.Product.Plan = &plan
	b := portaltest.Open(t, startPortal(t, w), portaltest.Desk)
	b.SignIn(iris, password)
	for _, only := range []bool{false, true} {
		b.GoTo("/as/aurora/categories/partner/offers/AUR-SUITE")
		b.Set("[name='plan.mostExtensions']", map[bool]string{false: "3", true: "4"}[only])
		if only {
			b.Sees("The customer gets mail about extensions too")
			portaltest.JS[bool](b, `document.querySelector("[name='plan.customer']").click() === undefined`)
		}
		b.Click(".k-save [data-submit]")
		b.Sees("Saved.")
		if n := w.offers[w.offerAt("partner", "AUR-SUITE")].Narrowing; n.ResellerOnly != only || n.MostExtensions == nil || n.Reminders != nil {
			t.Errorf("the narrowing is %+v", n)
		}
	}
}

// TestEndDateIsChosen orders with the dates that the offer lets one choose: the bill follows, what lies outside is refused at
// its field, and where the category lets nobody choose there is no field.
func TestEndDateIsChosen(t *testing.T) {
	w := newWorld(t)
	w.choosable()
	b := portaltest.Open(t, startPortal(t, w), portaltest.Desk)
	b.SignIn("anna@northwind.example", password)
	address := "/as/northwind/licenses/new?category=partner&product=AUR-SUITE"
	b.GoTo(address)
	b.Sees("Left empty, it starts today", "Left empty, it is 20 November 2027", "20 November 2027")
	b.Set("[name='endDate']", "2027-05-31")
	b.Sees("Runs to", "31 May 2027")
	b.Set("[name='startDate']", "2026-12-01")
	b.Sees("Left empty, it is")
	b.Set("[name='endDate']", "2036-05-31")
	b.Sees("End date: see the form")
	b.Put("#customer", "Ada")
	b.Sees("New customer “Ada”")
	b.Press(kb.Enter)
	b.Shows("[name='customer.email']")
	b.Put("[name='dataField.reference']", "NW-90001")
	b.Push(".k-bill .btn-primary")
	b.Sees("Nothing has been created", "Choose a day from Thu 31 December 2026")

	o := &w.offers[w.offerAt("partner", "AUR-SUITE")]
	o.Narrowing = licensing.Narrowing{NoChoice: true, StartAhead: new(0)}
	b.GoTo(address)
	if n := portaltest.JS[int](b, `document.querySelectorAll("[type='date']").length`); n != 0 {
		t.Errorf("%d dates are asked for", n)
	}
}
