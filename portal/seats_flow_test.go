package portal_test

import (
	"net/http"
	"strings"
	"testing"

	"kontor/internal/licensing"
	"kontor/portal/portaltest"
)

// TestSeatsOfASubscription raises the seats of a subscription, which says what that costs before it is done, and lowers
// them for the next period.
func TestSeatsOfASubscription(t *testing.T) {
	w := newWorld(t)
	for i := range w.offers {
		if w.offers[i].Product.Code == "AUR-SUITE" {
			w.offers[i].Rules = map[string]licensing.Rule{"seats": {Minimum: "1", Maximum: "50", Step: "1", Change: licensing.ChangeUp}}
		}
	}
	l := w.sell("anna@northwind.example", "northwind", theDay, "AUR-SUITE", bruckner, "NW-88213", "seats", "10").Licenses[0]
	page := "/as/northwind/licenses/" + string(l.ID)
	b := portaltest.Open(t, startPortal(t, w), portaltest.Desk)
	b.SignIn("anna@northwind.example", password)
	b.GoTo(page + "/modify")
	b.Sees("1 to 50 seats. More count at once and are charged by day up to 20 Nov 2027; fewer count from 21 Nov 2027.")
	b.Set(`[name="parameter.seats"]`, "12")
	b.Sees("2 more from 21 November 2026 to 20 November 2027: 360.00 EUR.")
	b.Set(`[name="parameter.seats"]`, "1")
	b.Sees("1 seat from 21 November 2027")
	b.Set(`[name="parameter.seats"]`, "4")
	b.Sees("4 seats from 21 November 2027")
	b.Push(".k-bill .btn-primary")
	b.Sees("10 (4 from 21 Nov 2027)", "Seats from the next period: 4", "for 720.00 EUR")
	b.GoTo(page + "/modify")
	b.Sees("It has 10 until then.")
	b.Set(`[name="parameter.seats"]`, "10")
	b.Push(".k-bill .btn-primary")
	b.Sees("Seats from the next period: 4 is now the same as before", "for 1,800.00 EUR")
}

// TestOrderSaysWhatItCounts holds that the table of an order is headed by what stands in it: seats, or licenses.
func TestOrderSaysWhatItCounts(t *testing.T) {
	w := newWorld(t)
	seats := w.sell("anna@northwind.example", "northwind", theDay, "AUR-SUITE", bruckner, "NW-88213", "seats", "10")
	none := w.sell("anna@northwind.example", "northwind", theDay, "AUR-DESIGN-DEMO", bruckner, "NW-88214")
	anna := visit(t, startPortal(t, w))
	anna.signIn("anna@northwind.example")
	for number, counts := range map[string]bool{seats.Number: true, none.Number: false} {
		page := anna.get("/as/northwind/orders/" + number)
		page.want(t, http.StatusOK)
		_, table, _ := strings.Cut(page.page, `<table class="k-table">`)
		head, _, _ := strings.Cut(table, "</thead>")
		if strings.Contains(head, "Seats") != counts || strings.Contains(head, "Quantity") == counts || strings.Contains(page.page, "counts as one") != counts {
			t.Errorf("seats %v: the head is %s", counts, head)
		}
	}
}
