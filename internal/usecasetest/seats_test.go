package usecasetest

import (
	"testing"

	"kontor/internal/licensing"
	"kontor/internal/ordering"
	"kontor/internal/subscriptions"
)

// charges are what more seats of a license were charged.
func (h *house) charges(t testing.TB, l licensing.License) (all []licensing.Charge) {
	t.Helper()
	h.read(t, func(tx licensing.Tx) {
		for _, c := range got[[]licensing.PlacedCharge](t)(tx.ChargesOf(t.Context(), l.Subscription.ID)) {
			all = append(all, c.Charge)
		}
	})
	return all
}

func seatsOf(l licensing.License) string {
	seats, _ := licensing.ValueOf(l.Parameters, "seats")
	return seats
}

// TestMoreSeats are charged from the day to the end of every period that exists; the next one costs what they all do.
func TestMoreSeats(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		anna := h.anna(t)
		l := h.create(t, anna, suite()).Licenses[0] // 10 seats at 180.00 EUR a year
		h.setBusinessDay(t, day(2027, 5, 22))
		in := ordering.ModifyLicense{Ticket: l.Ticket, Parameters: values("seats", "12")}
		var quote ordering.ModificationQuote
		unchanged(t, h, "a quote", func() {
			quote = got[ordering.ModificationQuote](t)(h.ordering.QuoteModification(t.Context(), anna, in))
		})
		want := []licensing.Charge{{Period: 1, From: day(2027, 5, 22), Until: day(2027, 11, 20), Units: 2, Amount: &licensing.Money{Minor: 180_49, Currency: "EUR"}}}
		same(t, "quote", quote.Charges, want)
		out := h.modify(t, anna, in)
		same(t, "seats", seatsOf(out), "12")
		same(t, "charges", h.charges(t, l), want)
		history := got[[]licensing.HistoryEntry](t)(h.ordering.History(t.Context(), anna, l.ID))
		same(t, "history", []string{history[0].Action, history[1].Action}, []string{"subscription.charged", "license.modified"})
		m := h.messages(t, l.Order)[1]
		same(t, "told", []any{m.Kind, m.Content.Amount}, []any{licensing.TellLicenseModified, &licensing.Money{Minor: 180_49, Currency: "EUR"}})
		h.modify(t, anna, ordering.ModifyLicense{Ticket: l.Ticket, Customer: &licensing.Customer{Name: "Harbor"}})
		same(t, "charges after another change", len(h.charges(t, l)), 1)

		h.setBusinessDay(t, day(2027, 10, 22))
		same(t, "steps", h.extendDue(t), 1)
		same(t, "next period", []any{h.license(t, l.ID).Subscription.Last().Units, h.license(t, l.ID).Subscription.Last().Amount}, []any{int64(12), euros(2160)})
		h.modify(t, anna, ordering.ModifyLicense{Ticket: l.Ticket, Parameters: values("seats", "13")})
		same(t, "charges in both periods", h.charges(t, l)[1:], []licensing.Charge{
			{Period: 1, From: day(2027, 10, 22), Until: day(2027, 11, 20), Units: 1, Amount: &licensing.Money{Minor: 14_79, Currency: "EUR"}}, // 30 of 365 days
			{Period: 2, From: day(2027, 11, 21), Until: day(2028, 11, 20), Units: 1, Amount: euros(180)},
		})
	})
}

// TestFewerSeats count from the next period on, when they are given up by the last day to cancel; else from the one after.
func TestFewerSeats(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		anna := h.anna(t)
		l := h.create(t, anna, suite()).Licenses[0]
		out := h.modify(t, anna, ordering.ModifyLicense{Ticket: l.Ticket, Parameters: values("seats", "4")})
		same(t, "seats now, and then", []any{seatsOf(out), out.Subscription.Coming}, []any{"10", []licensing.Coming{{Period: 2, Values: values("seats", "4")}}})
		same(t, "charges", len(h.charges(t, l)), 0)
		history := got[[]licensing.HistoryEntry](t)(h.ordering.History(t.Context(), anna, l.ID))
		same(t, "history", history[0].Detail[0], licensing.FromTo("coming.seats", "", "4"))
		same(t, "files", len(h.files(t, l.ID)), 1)

		h.setBusinessDay(t, day(2027, 10, 21))
		h.modify(t, anna, ordering.ModifyLicense{Ticket: l.Ticket, Parameters: values("seats", "3")})
		h.setBusinessDay(t, day(2027, 10, 22))
		same(t, "steps", h.extendDue(t), 1)
		l = h.license(t, l.ID)
		fewer := licensing.Coming{Period: 2, Values: values("seats", "3")}
		same(t, "the next period", []any{seatsOf(l), l.Subscription.Last().Units, l.Subscription.Last().Amount, l.Subscription.Coming}, []any{"10", int64(3), euros(540), []licensing.Coming{fewer}})
		checkFile(t, h, l, 10)

		h.modify(t, anna, ordering.ModifyLicense{Ticket: l.Ticket, Parameters: values("seats", "2")}) // too late for the period that begins in a month
		l = h.license(t, l.ID)
		same(t, "agreed already", []any{seatsOf(l), l.Subscription.Coming}, []any{"10", []licensing.Coming{fewer, {Period: 3, Values: values("seats", "2")}}})
		h.setBusinessDay(t, day(2027, 11, 20))
		same(t, "steps on the last day of the period", h.extendDue(t), 0)
		h.setBusinessDay(t, day(2027, 11, 21))
		same(t, "steps on the first day of the next", h.extendDue(t), 1)
		l = h.license(t, l.ID)
		same(t, "now", []any{seatsOf(l), l.Subscription.Coming}, []any{"3", []licensing.Coming{{Period: 3, Values: values("seats", "2")}}})
		checkFile(t, h, l, 3)
		same(t, "told", h.told(t, l.Order), []string{"orderCreated", "subscriptionExtended 2", "licenseModified"}) // once they hold
		h.modify(t, anna, ordering.ModifyLicense{Ticket: l.Ticket, Parameters: values("seats", "3")})
		same(t, "kept after all", h.license(t, l.ID).Subscription.Coming, []licensing.Coming(nil))
		same(t, "charges", len(h.charges(t, l)), 0)

		h.modify(t, anna, ordering.ModifyLicense{Ticket: l.Ticket, Parameters: values("seats", "1")})
		h.cancel(t, anna, subscriptions.Cancel{Ticket: l.Ticket})
		unchanged(t, h, "fewer seats of a cancelled one", func() {
			_, _, err := h.ordering.ModifyLicense(t.Context(), anna, "fewer", ordering.ModifyLicense{Ticket: l.Ticket, Parameters: values("seats", "2")})
			refused(t, "fewer seats of a cancelled one", err, licensing.CodeInvalidParameter, "seats")
		})
	})
}

// TestSeatsAreGivenUpTooLate gives seats up after the last day to cancel, before the sweep has run: the period that follows
// is made first, with as many as before.
func TestSeatsAreGivenUpTooLate(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		anna := h.anna(t)
		l := h.create(t, anna, suite()).Licenses[0]
		h.setBusinessDay(t, day(2027, 10, 22))
		in := ordering.ModifyLicense{Ticket: l.Ticket, Parameters: values("seats", "4")}
		quote := got[ordering.ModificationQuote](t)(h.ordering.QuoteModification(t.Context(), anna, in))
		want := []licensing.Coming{{Period: 3, Values: values("seats", "4")}}
		same(t, "quote", quote.License.Subscription.Coming, want)
		out := h.modify(t, anna, in)
		same(t, "agreed", []any{out.Subscription.Coming, out.Subscription.Last().Number, out.Subscription.Last().Units}, []any{want, 2, int64(10)})
		same(t, "steps that are left", h.extendDue(t), 0)
		history := got[[]licensing.HistoryEntry](t)(h.ordering.History(t.Context(), anna, l.ID))
		same(t, "who did what", []string{history[0].By, history[1].By, history[1].Action}, []string{"Anna Lindqvist", "Scheduler", "subscription.extended"})
	})
}
