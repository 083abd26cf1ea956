package portal_test

import (
	"testing"
	"time"

	"kontor/internal/licensing"
	"kontor/portal/portaltest"
)

// TestSubscriptionIsOverridden lets a subscription end after its last day to cancel, and run on again: each dialog wants a
// reason and says what it comes to, and the license says what was decided. The reseller's admin is offered neither.
func TestSubscriptionIsOverridden(t *testing.T) {
	w := newWorld(t)
	w.sell("ben@northwind.example", "northwind", licensing.Day{Year: 2025, Month: time.December, Date: 10}, "AUR-SUITE", bruckner, "NW-1", "seats", "3") // last day to cancel: 9 November 2026
	url := startPortal(t, w)
	page := "/licenses/" + string(w.orders[0].Licenses[0].ID)
	anna := portaltest.Open(t, url, portaltest.Desk)
	anna.SignIn("anna@northwind.example", password)
	anna.GoTo("/as/northwind" + page)
	if portaltest.JS[bool](anna, `!!document.querySelector("a[href$='/end-early']")`) {
		t.Error("the reseller's admin is offered to end it all the same")
	}

	b := portaltest.Open(t, url, portaltest.Desk)
	b.SignIn(iris, password)
	b.GoTo("/as/aurora" + page + "/end-early")
	b.Sees("End Aurora Suite for Brückner & Söhne GmbH all the same?", "The last day to cancel was", "With its period, on 9 December 2026", "540.00 EUR is charged back.", "Today, 21 November 2026")
	b.Click("[data-submit]")
	b.Until(`!!document.querySelector(".k-err")`)
	b.Set("[name='reason']", "Their mail of 6 November was overlooked")
	b.Click("[data-submit]")
	b.Sees("Cancelled late, and accepted all the same.", "It ends on 9 December 2026", "Ended all the same for 9 December 2026", "Their mail of 6 November was overlooked")
	if sub := w.orders[0].Licenses[0].Subscription; sub.State != licensing.SubscriptionCancelled || sub.EndsOn() != (licensing.Day{Year: 2026, Month: time.December, Date: 9}) {
		t.Errorf("the subscription is %+v", sub)
	}
	anna.GoTo("/as/northwind" + page)
	anna.Sees("Cancelled late, and accepted all the same.")

	b.Click(".k-drop-deeds summary")
	b.Click("a[href$='/run-on']")
	b.Sees("Let Aurora Suite for Brückner & Söhne GmbH run on all the same?", "540.00 EUR that was charged back is charged again.", "to 9 December 2027")
	b.Set("[name='reason']", "They stay")
	b.Click("[data-submit]")
	b.Sees("Cancellation withdrawn all the same", "Unless it is cancelled by")
}
