package usecasetest

import (
	"testing"

	"kontor/internal/licensing"
	"kontor/internal/ordering"
)

// TestQuoteWhileAFormIsFilledIn holds that dates and price are told before customer and data fields are right, and
// that there is none while a parameter or the quantity is wrong.
func TestQuoteWhileAFormIsFilledIn(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		anna := h.anna(t)
		whole := got[ordering.Quote](t)(h.ordering.Quote(t.Context(), anna, suite()))
		quote := func(change func(*ordering.CreateLicense)) ordering.Quote {
			t.Helper()
			q, err := h.ordering.Quote(t.Context(), anna, with(suite(), change))
			if err == nil {
				t.Error("what is missing is not told")
			}
			return q
		}
		nobody := quote(func(in *ordering.CreateLicense) { in.Customer = licensing.Customer{} })
		same(t, "without a customer", []any{nobody.Amount, nobody.Period, nobody.Parameters}, []any{whole.Amount, whole.Period, whole.Parameters})
		unknown := quote(func(in *ordering.CreateLicense) { in.DataFields = values("shade", "red") })
		same(t, "with a wrong data field", unknown.Amount, whole.Amount)
		for what, q := range map[string]ordering.Quote{
			"too many seats":  quote(func(in *ordering.CreateLicense) { in.Parameters = values("seats", "60") }),
			"a quantity of 0": quote(func(in *ordering.CreateLicense) { in.Quantity = new(0) }),
		} {
			if q.Amount != nil || q.Offer.Product.Code != "AUR-SUITE" {
				t.Errorf("%s: %v for %s", what, q.Amount, q.Offer.Product.Code)
			}
		}
	})
}
