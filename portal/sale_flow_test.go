package portal_test

import (
	"testing"

	"kontor/internal/licensing"
	"kontor/portal/portaltest"
)

// TestProductIsDeactivated lets a product's subscriptions end: the dialog wants a choice and says what follows, nothing new
// can be chosen, the license says why it ends, and it can be sold again.
func TestProductIsDeactivated(t *testing.T) {
	w := newWorld(t)
	w.sell("ben@northwind.example", "northwind", theDay.AddDays(-30), "AUR-SUITE", bruckner, "NW-1", "seats", "3")
	url := startPortal(t, w)
	b := portaltest.Open(t, url, portaltest.Desk)
	b.SignIn(iris, password)
	b.GoTo("/as/aurora/products/AUR-SUITE")
	b.Click("a[href$='/sale']")
	b.Sees("Deactivate Aurora Suite?", "New licenses of it can no longer be created", "41 subscriptions are extended as before", "the last of them on")
	b.Click("[data-submit]")
	b.Sees("Choose what becomes of its subscriptions.")
	b.Click("[name='sale'][value='end']")
	b.Click("[data-submit]")
	b.Sees("Deactivated.", "Its subscriptions end, each with the period that it has.", "Reactivate…")
	if s := w.product("AUR-SUITE").Sale; s != licensing.SaleEnds {
		t.Errorf("the sale is %q", s)
	}
	b.GoTo("/as/aurora/products")
	b.Sees("Deactivated")

	anna := portaltest.Open(t, url, portaltest.Desk)
	anna.SignIn("anna@northwind.example", password)
	anna.GoTo("/as/northwind/licenses/new?category=partner&product=AUR-SUITE")
	anna.Sees("Aurora Suite (AUR-SUITE) is deactivated: no new licenses of it can be created.")
	anna.GoTo("/as/northwind/licenses/choose?category=partner")
	if portaltest.JS[bool](anna, `document.body.innerText.includes("Aurora Suite")`) {
		t.Error("it can still be chosen")
	}
	anna.GoTo("/as/northwind/licenses/" + string(w.orders[0].Licenses[0].ID))
	anna.Sees("It ends then and is not extended, because the product is no longer sold.")
	anna.Click("a[href$='/cancel']")
	anna.Sees("in any case, because the product is no longer sold")

	b.GoTo("/as/aurora/products/AUR-SUITE/sale")
	b.Sees("Aurora Suite is deactivated", "41 subscriptions are extended again", "ends all the same")
	b.Click("[name='sale'][value='on']")
	b.Click("[data-submit]")
	b.Sees("Deactivate…")
	anna.GoTo("/as/northwind/licenses/new?category=partner&product=AUR-SUITE")
	anna.Sees("Seats")
}
