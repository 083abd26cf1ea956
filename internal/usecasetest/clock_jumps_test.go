package usecasetest

import (
	"testing"
	"time"

	"kontor/internal/licensing"
	"kontor/internal/subscriptions"
)

// setBusiness sets the business clock to an instant.
func (h *house) setBusiness(t testing.TB, at time.Time) {
	t.Helper()
	h.write(t, func(tx licensing.Tx) error {
		return tx.SetSetting(t.Context(), "clock.offset", at.Sub(tx.Now().Wall).String())
	})
}

// TestClockJumps sets the clock forward, back to before what was done, and forward again: nothing is done twice, and
// nothing is undone.
func TestClockJumps(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		anna := h.anna(t)
		l := h.create(t, anna, forAda()).Licenses[0] // to be cancelled by 2027-10-21
		h.setBusinessDay(t, day(2028, 10, 22))
		same(t, "steps forward", h.extendDue(t), 2)
		l = h.license(t, l.ID)
		for _, d := range []licensing.Day{day(2026, 11, 21), day(2027, 10, 22), day(2025, 1, 1), day(2028, 10, 22), day(2029, 10, 21)} {
			h.setBusinessDay(t, d)
			same(t, "steps on "+d.String(), h.extendDue(t), 0)
			same(t, "periods on "+d.String(), h.license(t, l.ID).Subscription.Periods, l.Subscription.Periods)
		}
		same(t, "told", h.told(t, l.Order), []string{"orderCreated", "subscriptionExtended 2", "subscriptionExtended 3"})
		h.setBusinessDay(t, day(2026, 12, 1)) // a cancellation that is received before what was agreed meanwhile
		out := h.cancel(t, anna, subscriptions.Cancel{Ticket: l.Ticket})
		same(t, "ends on", out.EndsOn, day(2029, 11, 20))
		h.setBusinessDay(t, day(2029, 11, 21))
		same(t, "steps after its end", h.extendDue(t), 1)
		same(t, "state", h.license(t, l.ID).Subscription.State, licensing.SubscriptionEnded)
	})
}

// TestClockOverSummerTime stands around the midnights of days with 23 and 25 hours: a last day to cancel lasts to its end
// in the ISV's zone, and the sweep is neither an hour early nor late: it comes a minute after.
func TestClockOverSummerTime(t *testing.T) {
	for _, c := range []struct {
		name     string
		sold     licensing.Day
		cancelBy licensing.Day // 30 days before the end of a year
		hours    time.Duration // of that day
	}{
		{"the day of 23 hours", day(2027, 4, 26), day(2028, 3, 26), 23},
		{"the day of 25 hours", day(2027, 11, 29), day(2028, 10, 29), 25},
	} {
		t.Run(c.name, func(t *testing.T) {
			onBoth(t, func(t *testing.T, h *house) {
				anna := h.anna(t)
				h.setBusinessDay(t, c.sold)
				first := h.create(t, anna, suite()).Licenses[0]
				second := h.create(t, anna, suite()).Licenses[0]
				same(t, "last day to cancel", first.Subscription.Last().CancelBy, c.cancelBy)
				begins, ends := *berlin(c.cancelBy), *berlin(c.cancelBy.AddDays(1))
				same(t, "hours of the day", ends.Sub(begins), c.hours*time.Hour)
				h.setBusiness(t, ends.Add(-time.Microsecond))
				same(t, "steps in its last moment", h.extendDue(t), 0)
				same(t, "cancelled in its last moment", h.cancel(t, anna, subscriptions.Cancel{Ticket: second.Ticket}).InTime, true)
				h.setBusiness(t, ends.Add(time.Minute-time.Microsecond))
				same(t, "steps while such a cancellation may be under way", h.extendDue(t), 0)
				h.setBusiness(t, ends.Add(time.Minute))
				same(t, "steps after that", h.extendDue(t), 1)
				same(t, "the one that nobody cancelled", len(h.license(t, first.ID).Subscription.Periods), 2)
				same(t, "the other", len(h.license(t, second.ID).Subscription.Periods), 1)
			})
		})
	}
}
