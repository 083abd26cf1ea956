package portal_test

import (
	"slices"
	"testing"

	"kontor/internal/licensing"
	"kontor/portal/portaltest"
)

// openAll opens what is folded, and says how much there is.
const openAll = `[...document.querySelectorAll("#f details")].map(d => d.open = true).length`

// TestPlanIsEntered makes a subscription: its plan appears with the kind, the preview follows what is typed, and what is
// wrong stands at its field.
func TestPlanIsEntered(t *testing.T) {
	w := newWorld(t)
	b := portaltest.Open(t, startPortal(t, w), portaltest.Desk)
	b.SignIn(iris, password)
	b.GoTo("/as/aurora/new-product")
	b.Put("#f-code", "AUR-MONTHLY")
	b.Put("#f-name", "Aurora Monthly")
	b.Set("#f-kind", string(licensing.KindSubscription))
	b.Sees("How its subscriptions run.", "Period", "20 Nov 2027", "the 30 days are over on 20 November 2027")
	b.Until(`document.querySelector("#f-code").value === "AUR-MONTHLY"`) // what was typed stays

	b.Set("[name='plan.term.months']", "1")
	b.Sees("The cancellation period is longer than the term")
	b.Set("[name='plan.cancellation.days']", "7")
	b.Set("[name='preview.sold']", "2027-01-31")
	b.Sees("27 Feb 2027", "30 Mar 2027", "29 Apr 2027", "It goes on like that until somebody cancels.")
	b.Set("[name='preview.end']", "2027-02-28")
	b.Sees("for the end date 28 February 2027 it is 21 February 2027")
	if bars := portaltest.JS[int](b, `document.querySelectorAll("#plan-preview svg rect").length`); bars != 5 {
		t.Errorf("%d periods are drawn, not 5", bars)
	}

	portaltest.JS[int](b, openAll)
	b.Set("[name='plan.mostExtensions']", "x")
	b.Click(".k-actions [data-submit]")
	b.Sees("One field needs correcting.", "Enter 0 to 1000, or nothing for no limit.")
	portaltest.JS[int](b, openAll)
	b.Set("[name='plan.mostExtensions']", "2")
	b.Sees("ends by itself")
	b.Until(`document.querySelector("[name='plan.reminders']").value === "30, 7" && document.querySelector("[name='plan.customer']").checked`)
	b.Set("[name='plan.reminders']", "7, 1, x")
	b.Click(".k-actions [data-submit]")
	b.Sees("Enter at most 5 different numbers of days, from 0 to 400, or nothing.")
	b.Set("[name='plan.reminders']", "1, 14")
	portaltest.JS[bool](b, `document.querySelector("[name='plan.customer']").click() === undefined`)
	b.Click(".k-actions [data-submit]")
	b.Sees("Aurora Monthly", "1 month, extends by itself, 2 times at the most; cancel 7 days before the end.")
	plan := w.product("AUR-MONTHLY").Plan
	if plan == nil || *plan.MostExtensions != 2 || plan.Term != (licensing.Term{Months: 1}) || plan.Cancellation != (licensing.Term{Days: 7}) || plan.Extension != nil {
		t.Errorf("the plan is %+v", plan)
	}
	if days := plan.RemindedBefore(); !slices.Equal(days, []int{14, 1}) || !plan.ResellerOnly {
		t.Errorf("reminders %v, the reseller alone: %v", days, plan.ResellerOnly)
	}
}
