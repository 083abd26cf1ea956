package usecasetest

import (
	"testing"

	"kontor/internal/licensing"
)

// TestNextPeriodOfHiddenSeats: what an extension costs is computed from seats that whoever asks does not see.
func TestNextPeriodOfHiddenSeats(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		ctx, anna := t.Context(), h.anna(t)
		l := h.create(t, anna, suite()).Licenses[0]
		h.save(t, h.rulesOf(t, "partner", "AUR-SUITE"), "seats", func(r *licensing.Rule) { r.Hidden, r.Default = true, new("1") })
		shown := got[licensing.License](t)(h.ordering.LicenseByID(ctx, anna, l.ID))
		if _, seen := licensing.ValueOf(shown.Parameters, "seats"); seen {
			t.Error("the seats are seen")
		}
		whole := h.license(t, l.ID)
		next := got[*licensing.Period](t)(h.subscriptions.NextPeriod(ctx, anna, l.ID))
		same(t, "next", []any{next.Number, next.End, next.Amount}, []any{2, day(2028, 11, 20), whole.Subscription.Last().Amount})

		_, err := h.subscriptions.NextPeriod(ctx, h.freya(t), l.ID)
		refused(t, "beyond sight", err, licensing.CodeNotFound, "ticket")
		perpetual := h.create(t, anna, design()).Licenses[0]
		same(t, "without a subscription", got[*licensing.Period](t)(h.subscriptions.NextPeriod(ctx, anna, perpetual.ID)), (*licensing.Period)(nil))
	})
}
