package usecasetest

import (
	"testing"

	"kontor/internal/licensing"
	"kontor/internal/ordering"
)

// TestFoundPeriods: a license that is found has all the periods that it has when it is asked for by its ticket.
func TestFoundPeriods(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		anna := h.anna(t)
		for _, in := range []ordering.CreateLicense{suite(), care(), design()} {
			h.create(t, anna, in)
		}
		h.setBusinessDay(t, day(2029, 10, 22))
		h.extendDue(t)
		most := 0
		for _, l := range got[ordering.Found](t)(h.ordering.FindLicenses(t.Context(), anna, ordering.FindLicenses{})).Licenses {
			want := got[licensing.License](t)(h.ordering.License(t.Context(), anna, l.Ticket))
			if want.Subscription != nil {
				most = max(most, len(want.Subscription.Periods))
			}
			want.File, want.FileIssuedAt = "", l.FileIssuedAt
			same(t, "found "+l.ProductCode, l, want)
		}
		if most < 3 {
			t.Errorf("no license has more than %d periods", most)
		}
	})
}
