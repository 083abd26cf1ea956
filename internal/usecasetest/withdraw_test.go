package usecasetest

import (
	"testing"

	"kontor/internal/licensing"
	"kontor/internal/subscriptions"
)

// withdraw takes a cancellation back.
func (h *house) withdraw(t testing.TB, actor licensing.Actor, ticket string) subscriptions.Withdrawn {
	t.Helper()
	out, _, err := h.subscriptions.Withdraw(t.Context(), actor, licensing.NewID(), subscriptions.Withdraw{Ticket: ticket})
	must(t, err)
	return out
}

// TestWithdraw takes cancellations back, in time and too late: what was taken back is extended as if nobody had cancelled,
// and the ERP is told each time.
func TestWithdraw(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		anna := h.anna(t)
		l := h.create(t, anna, suite()).Licenses[0] // to 2027-11-20, to be cancelled by 2027-10-21
		refuse := func(what string, actor licensing.Actor, kind licensing.Code) {
			t.Helper()
			unchanged(t, h, what, func() {
				_, _, err := h.subscriptions.Withdraw(t.Context(), actor, licensing.NewID(), subscriptions.Withdraw{Ticket: l.Ticket})
				refused(t, what, err, kind, "")
			})
		}
		refuse("what is not cancelled", anna, licensing.CodeConflict)
		h.cancel(t, anna, subscriptions.Cancel{Ticket: l.Ticket})
		h.setBusinessDay(t, day(2027, 10, 21))
		out := h.withdraw(t, anna, l.Ticket)
		same(t, "state", []any{out.License.Subscription.State, out.License.Subscription.CancelledAt == nil}, []any{licensing.SubscriptionActive, true})
		h.cancel(t, anna, subscriptions.Cancel{Ticket: l.Ticket})
		again, replayed, err := h.subscriptions.Withdraw(t.Context(), anna, "once", subscriptions.Withdraw{Ticket: l.Ticket})
		must(t, err)
		_, twice, err := h.subscriptions.Withdraw(t.Context(), anna, "once", subscriptions.Withdraw{Ticket: l.Ticket})
		must(t, err)
		same(t, "once", []any{replayed, twice, again.License.Subscription.State}, []any{false, true, licensing.SubscriptionActive})
		h.setBusinessDay(t, day(2027, 10, 22))
		same(t, "extended", h.extendDue(t), 1)
		same(t, "told", h.told(t, l.Order), []string{
			"orderCreated", "subscriptionCancelled 1", "cancellationWithdrawn 1", "subscriptionCancelled 1", "cancellationWithdrawn 1", "subscriptionExtended 2",
		})

		h.cancel(t, anna, subscriptions.Cancel{Ticket: l.Ticket}) // for 2028-11-20, to be cancelled by 2028-10-21
		h.setBusinessDay(t, day(2028, 10, 22))
		refuse("after the last day to cancel", anna, licensing.CodeConflict)
		h.setBusinessDay(t, day(2028, 11, 21))
		h.extendDue(t)
		refuse("what has ended", anna, licensing.CodeConflict)
	})
}

// TestWhoWithdraws holds that it is those who may cancel.
func TestWhoWithdraws(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		l := h.create(t, h.anna(t), suite()).Licenses[0]
		h.cancel(t, h.anna(t), subscriptions.Cancel{Ticket: l.Ticket})
		_, _, err := h.subscriptions.Withdraw(t.Context(), h.staff(t), licensing.NewID(), subscriptions.Withdraw{Ticket: l.Ticket})
		refused(t, "beyond sight", err, licensing.CodeNotFound, "ticket")
		ben := h.ben(t)
		h.revokeAll(t, ben)
		_, _, err = h.subscriptions.Withdraw(t.Context(), ben, licensing.NewID(), subscriptions.Withdraw{Ticket: l.Ticket})
		refused(t, "without modify", err, licensing.CodeDenied, "ticket")
		h.revokeAll(t, h.anna(t))
		h.withdraw(t, h.anna(t), l.Ticket) // an admin of the owning group may also without
	})
}
