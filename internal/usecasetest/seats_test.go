package usecasetest

import (
	"testing"
	"time"

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
		same(t, "in the feed at once", kinds(h.changes(t, anna, "", 10).Changes, l.Ticket), []string{"licenseCreated", "licenseModified"})
		history := got[[]licensing.HistoryEntry](t)(h.ordering.History(t.Context(), anna, l.ID))
		same(t, "history", history[0].Detail[0], licensing.FromTo("coming.seats", "", "4"))
		same(t, "files", len(h.files(t, l.ID)), 1)
		same(t, "in the list", []any{h.listed(t, l.ID).Seats, h.listed(t, l.ID).Yearly}, []any{10, euros(720)})

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

// TestSeatsAtMidnight gives seats up on the last day to cancel, in a request that waits until the day is over; and one second
// after it, while a cancellation that was read before is under way: neither takes the other's due.
func TestSeatsAtMidnight(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		anna := h.anna(t)
		inTime, late := h.create(t, anna, suite()).Licenses[0], h.create(t, anna, suite()).Licenses[0]
		midnight := *berlin(day(2027, 10, 22))
		h.setBusiness(t, midnight.Add(-time.Second))
		h.wall.afterwards(func() { h.wall.advance(2 * time.Second) })
		out := h.modify(t, anna, ordering.ModifyLicense{Ticket: inTime.Ticket, Parameters: values("seats", "4")})
		same(t, "in time", out.Subscription.Coming, []licensing.Coming{{Period: 2, Values: values("seats", "4")}})
		h.wall.advance(-2 * time.Second)

		h.wall.afterwards(func() { // the cancellation has been read
			h.wall.advance(2 * time.Second)
			out = h.modify(t, anna, ordering.ModifyLicense{Ticket: late.Ticket, Parameters: values("seats", "4"), Customer: &licensing.Customer{Name: "Ada Lovelace"}})
		})
		cancelled := h.cancel(t, anna, subscriptions.Cancel{Ticket: late.Ticket})
		same(t, "too late, and nothing done for that", []any{out.Subscription.Coming, len(out.Subscription.Periods)}, []any{[]licensing.Coming{{Period: 3, Values: values("seats", "4")}}, 1})
		same(t, "cancelled in time", []any{cancelled.InTime, cancelled.EndsOn}, []any{true, day(2027, 11, 20)})
	})
}

// TestChangesDoFirstWhatIsOverdue changes licenses in ways that could not be taken back, while the clock is behind: each is as
// it would be if it were not.
func TestChangesDoFirstWhatIsOverdue(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		anna := h.anna(t)
		modified, revoked, moved := h.create(t, anna, suite()).Licenses[0], h.create(t, anna, suite()).Licenses[0], h.create(t, anna, suite()).Licenses[0]
		h.setBusinessDay(t, day(2027, 12, 1)) // they would have expired on 20 November
		form := got[ordering.ModifyForm](t)(h.ordering.ModifyForm(t.Context(), anna, modified.ID))
		same(t, "form", form.License.ID, modified.ID)
		out := h.modify(t, anna, ordering.ModifyLicense{Ticket: modified.Ticket, Parameters: values("seats", "12")})
		same(t, "modified", []any{seatsOf(out), out.Subscription.Last().End}, []any{"12", day(2028, 11, 20)})
		_, _, err := h.ordering.ChangeState(t.Context(), anna, "revoke", licensing.ToRevoke, ordering.ChangeState{Ticket: revoked.Ticket, Reason: "not paid"})
		must(t, err)
		_, _, err = h.ordering.MoveLicenses(t.Context(), h.isv(t), "move", ordering.MoveLicenses{Licenses: []licensing.LicenseID{moved.ID}, Group: "fjord", Reason: "sold"})
		must(t, err)
		for name, l := range map[string]licensing.License{"modified": modified, "revoked": revoked, "moved": moved} {
			same(t, "periods of the "+name, len(h.license(t, l.ID).Subscription.Periods), 2)
		}
		same(t, "told of the moved", h.told(t, moved.Order), []string{"orderCreated", "subscriptionExtended 2", "licenseMoved"})
		same(t, "steps that are left", h.extendDue(t), 0)
	})
}

// TestSeatsThatDoNotComeAreForgotten when the subscription ends before they would.
func TestSeatsThatDoNotComeAreForgotten(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		anna := h.anna(t)
		l := h.create(t, anna, suite()).Licenses[0]
		h.modify(t, anna, ordering.ModifyLicense{Ticket: l.Ticket, Parameters: values("seats", "4")})
		h.cancel(t, anna, subscriptions.Cancel{Ticket: l.Ticket})
		h.setBusinessDay(t, day(2027, 11, 21))
		same(t, "steps", h.extendDue(t), 1)
		l = h.license(t, l.ID)
		same(t, "seats", []any{seatsOf(l), l.Subscription.Coming}, []any{"10", []licensing.Coming(nil)})
	})
}

// TestUpgradeKeepsSeatsToCome opens a database of the time when seats could come with the next period only.
func TestUpgradeKeepsSeatsToCome(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		anna := h.anna(t)
		l := h.create(t, anna, suite()).Licenses[0]
		h.create(t, anna, suite())
		h.modify(t, anna, ordering.ModifyLicense{Ticket: l.Ticket, Parameters: values("seats", "4")})
		h.downTo(t, 17)
		var coming string
		must(t, h.store.Pool().QueryRowContext(t.Context(), "SELECT coming FROM subscription WHERE license_id = $1", string(l.ID)).Scan(&coming))
		same(t, "as it was kept", coming, `[{"name":"seats","value":"4"}]`)
		same(t, "seats to come", h.another(t).license(t, l.ID).Subscription.Coming, []licensing.Coming{{Period: 2, Values: values("seats", "4")}})
	})
}
