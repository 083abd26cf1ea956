package usecasetest

import (
	"strings"
	"testing"

	"kontor/internal/access"
	"kontor/internal/licensing"
	"kontor/internal/subscriptions"
)

// TestCalendarFeed: an address shows what its membership sees at the moment, until it is renewed, withdrawn, or the
// membership may not act; and it says the same as long as nothing changes.
func TestCalendarFeed(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.forget(t)
		ben, isv := h.ben(t), h.isv(t)
		secretOf := func(actor licensing.Actor) string {
			out, _, err := h.subscriptions.MakeCalendarFeed(t.Context(), actor, licensing.NewID())
			must(t, err)
			_, secret, found := strings.Cut(out.Address, "https://kontor.example/calendar/")
			if !found || len(secret) < 22 {
				t.Fatalf("the address is %q", out.Address)
			}
			return secret
		}
		shown := func(secret string) (days []string) {
			for _, l := range got[subscriptions.Calendar](t)(h.subscriptions.CalendarAt(t.Context(), secret)).Lines {
				days = append(days, l.On.String()+" "+l.Of.ProductCode+" "+l.Of.GroupCode)
			}
			return days
		}
		dead := func(what, secret string) {
			t.Helper()
			_, err := h.subscriptions.CalendarAt(t.Context(), secret)
			refused(t, what, err, licensing.CodeNotFound, "")
		}
		same(t, "before any", got[subscriptions.CalendarFeed](t)(h.subscriptions.CalendarFeed(t.Context(), ben)).Exists, false)
		dead("nobody's", "")
		first := secretOf(ben)
		same(t, "nothing sold", len(shown(first)), 0)
		suite, care := h.create(t, h.anna(t), suite()).Licenses[0], h.create(t, h.anna(t), care()).Licenses[0]
		all := []string{"2027-08-31 AUR-CARE northwind", "2027-10-21 AUR-SUITE northwind", "2028-08-31 AUR-CARE northwind", "2028-10-21 AUR-SUITE northwind"}
		same(t, "two years", shown(first), all)
		same(t, "of the ISV", shown(secretOf(isv)), all)
		same(t, "of a member of the ISV", len(shown(secretOf(h.staff(t)))), 0)
		h.cancelIfPossible(t, care)
		same(t, "one cancelled", shown(first), []string{all[1], all[3]})
		same(t, "exists", got[subscriptions.CalendarFeed](t)(h.subscriptions.CalendarFeed(t.Context(), ben)).Exists, true)

		second := secretOf(ben)
		dead("renewed", first)
		same(t, "the new one", shown(second), []string{all[1], all[3]})
		_, _, err := h.access.Suspend(t.Context(), h.anna(t), "", access.ChangePerson{Membership: ben.ID, Reason: "Leave"})
		must(t, err)
		dead("suspended", second)
		_, _, err = h.access.Remove(t.Context(), h.anna(t), "", access.ChangePerson{Membership: ben.ID, Reason: "Left"})
		must(t, err)
		dead("removed", second)

		third := secretOf(isv)
		_, _, err = h.subscriptions.WithdrawCalendarFeed(t.Context(), isv, licensing.NewID())
		must(t, err)
		dead("withdrawn", third)
		same(t, "the license is as it was", h.license(t, suite.ID).Subscription.State, licensing.SubscriptionActive)
	})
}
