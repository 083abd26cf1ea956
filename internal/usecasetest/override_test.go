package usecasetest

import (
	"testing"

	"kontor/internal/licensing"
	"kontor/internal/subscriptions"
)

// entries are the kinds and amounts of a month's statement of Northwind.
func (h *house) entries(t testing.TB, m licensing.Month) (kinds []licensing.EntryKind, minor []int64) {
	t.Helper()
	for _, e := range h.statement(t, h.isv(t), "northwind", m).Entries {
		kinds = append(kinds, e.Kind)
		if e.Amount != nil {
			minor = append(minor, e.Amount.Minor)
		}
	}
	return kinds, minor
}

// TestEndEarly accepts a cancellation that came after the extension: the second period is charged back, the file is issued
// anew, everybody is told, and it ends with the first one. Taken back, it is charged again and runs on.
func TestEndEarly(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		anna, isv := h.anna(t), h.isv(t)
		l := h.create(t, anna, suite()).Licenses[0] // 1,800.00 EUR a year
		h.setBusinessDay(t, day(2027, 10, 30))      // nine days after the last day to cancel, and no sweep has run
		all := got[subscriptions.Overrides](t)(h.subscriptions.Overrides(t.Context(), isv, l.ID))
		credit := licensing.Charge{Period: 2, From: day(2027, 11, 21), Until: day(2028, 11, 20), Units: -10, Amount: euros(-1800)}
		same(t, "could end", all.Ends[0], subscriptions.Override{EndsOn: day(2027, 11, 20), Charges: []licensing.Charge{credit}})
		same(t, "or today", []any{all.Ends[1].EndsOn, len(all.Ends[1].Charges), all.Runs == nil}, []any{day(2027, 10, 30), 2, true})

		out, _, err := h.subscriptions.EndEarly(t.Context(), isv, "early", subscriptions.EndEarly{License: l.ID, EndsOn: day(2027, 11, 20), Reason: "mail of 20 October"})
		must(t, err)
		_, replayed, err := h.subscriptions.EndEarly(t.Context(), isv, "early", subscriptions.EndEarly{License: l.ID, EndsOn: day(2027, 11, 20), Reason: "mail of 20 October"})
		must(t, err)
		same(t, "once", replayed, true)
		f := out.Receipt.Facts
		same(t, "receipt", []any{f.InTime, f.AcceptedLate, f.CancelBy, f.EndsOn, f.Reason}, []any{false, true, day(2027, 10, 21), day(2027, 11, 20), "mail of 20 October"})
		now := h.license(t, l.ID)
		same(t, "license", []any{now.Subscription.State, now.Subscription.EndsOn(), now.ExpiresAt}, []any{licensing.SubscriptionCancelled, day(2027, 11, 20), berlin(day(2027, 11, 21))})
		same(t, "files", len(h.files(t, l.ID)), 3)
		checkFile(t, h, now, 10)
		same(t, "told", h.told(t, l.Order), []string{"orderCreated", "subscriptionExtended 2", "licenseModified", "subscriptionCancelled 1"})
		m := h.messages(t, l.Order)
		same(t, "the ERP", []any{m[2].Content.Reason, m[2].Content.Amount, m[3].Content.Period.End}, []any{"mail of 20 October", euros(-1800), day(2027, 11, 20)})
		same(t, "feed", h.fed(t, l.Ticket), []string{"licenseCreated", "subscriptionExtended", "licenseModified", "subscriptionCancelled"})
		kinds, minor := h.entries(t, licensing.Month{Year: 2027, Month: 10})
		same(t, "statement", []any{kinds, minor}, []any{[]licensing.EntryKind{licensing.EntryExtended, licensing.EntryCredited}, []int64{180_000, -180_000}})
		e := h.newest(t, anna, l.ID)
		same(t, "history", []any{e.Action, e.Detail, e.FromAbove}, []any{"subscription.endedEarly", values("end", "2027-11-20", "reason", "mail of 20 October", "minor", "-180000", "currency", "EUR"), true})
		same(t, "foreseen", inWords(h.foreseen(t, anna, subscriptions.ForecastFilter{Until: day(2029, 1, 1)})), []string{"2027-11-20 ended 2 2028-11-20 180000 EUR"})
		_, _, err = h.subscriptions.Withdraw(t.Context(), anna, licensing.NewID(), subscriptions.Withdraw{Ticket: l.Ticket})
		refused(t, "withdrawing as usual", err, licensing.CodeConflict, "")

		h.setBusinessDay(t, day(2027, 11, 10))
		all = got[subscriptions.Overrides](t)(h.subscriptions.Overrides(t.Context(), isv, l.ID))
		again := licensing.Charge{Period: 2, From: day(2027, 11, 21), Until: day(2028, 11, 20), Units: 10, Amount: euros(1800)}
		same(t, "could run on", all.Runs, &subscriptions.Override{EndsOn: day(2028, 11, 20), Charges: []licensing.Charge{again}})
		_, _, err = h.subscriptions.WithdrawLate(t.Context(), isv, licensing.NewID(), subscriptions.WithdrawLate{License: l.ID, Reason: "they stay"})
		must(t, err)
		now = h.license(t, l.ID)
		same(t, "runs on", []any{now.Subscription.State, now.Subscription.EndsOn(), now.ExpiresAt}, []any{licensing.SubscriptionActive, day(2028, 11, 20), berlin(day(2028, 11, 21))})
		if h.receipts(t, isv, l.ID)[0].WithdrawnAt == nil {
			t.Error("the receipt does not say that the cancellation was taken back")
		}
		kinds, minor = h.entries(t, licensing.Month{Year: 2027, Month: 11}) // October has been closed, or not: it is today's
		same(t, "statement", []any{kinds, minor}, []any{[]licensing.EntryKind{licensing.EntryCharged}, []int64{180_000}})
		h.setBusinessDay(t, day(2028, 10, 22))
		same(t, "extensions", h.extendDue(t), 1)
	})
}

// TestEndEarlyToday cuts a period that runs: the days after today are charged back, of what more seats cost too, and the
// clock ends it.
func TestEndEarlyToday(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		isv := h.isv(t)
		l := h.create(t, h.anna(t), suite()).Licenses[0]
		h.setBusinessDay(t, day(2028, 2, 28)) // a hundred days of 366 are over; it was extended on 22 October
		h.extendDue(t)
		out, _, err := h.subscriptions.EndEarly(t.Context(), isv, licensing.NewID(), subscriptions.EndEarly{License: l.ID, EndsOn: day(2028, 2, 28), Reason: "as agreed"})
		must(t, err)
		days := int64(day(2028, 2, 28).DaysUntil(day(2028, 11, 20)))
		want := -(180_000*days*2 + 366) / (2 * 366)
		same(t, "charged back", out.License.Subscription.Early.Credit, []licensing.Charge{
			{Period: 2, From: day(2028, 2, 29), Until: day(2028, 11, 20), Units: -10, Amount: &licensing.Money{Minor: want, Currency: "EUR"}},
		})
		same(t, "expires", h.license(t, l.ID).ExpiresAt, berlin(day(2028, 2, 29)))
		same(t, "on its last day", h.extendDue(t), 0)
		h.setBusinessDay(t, day(2028, 2, 29))
		same(t, "after it", h.extendDue(t), 1)
		same(t, "state", h.license(t, l.ID).Subscription.State, licensing.SubscriptionEnded)
		for name, fn := range map[string]func() error{
			"ending it": func() error {
				_, _, err := h.subscriptions.EndEarly(t.Context(), isv, "x", subscriptions.EndEarly{License: l.ID, EndsOn: day(2028, 2, 29), Reason: "x"})
				return err
			},
			"letting it run on": func() error {
				_, _, err := h.subscriptions.WithdrawLate(t.Context(), isv, "x", subscriptions.WithdrawLate{License: l.ID, Reason: "x"})
				return err
			},
		} {
			refused(t, name, fn(), licensing.CodeConflict, "")
		}
	})
}

// TestWithdrawLate lets one run on whose last day to cancel has passed since it was cancelled: it is extended at once.
func TestWithdrawLate(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		anna, isv := h.anna(t), h.isv(t)
		l := h.create(t, anna, suite()).Licenses[0]
		h.cancel(t, anna, subscriptions.Cancel{Ticket: l.Ticket})
		_, _, err := h.subscriptions.WithdrawLate(t.Context(), isv, "x", subscriptions.WithdrawLate{License: l.ID, Reason: "x"})
		refused(t, "while it can be withdrawn as usual", err, licensing.CodeConflict, "")
		h.setBusinessDay(t, day(2027, 11, 5))
		_, _, err = h.subscriptions.EndEarly(t.Context(), isv, "y", subscriptions.EndEarly{License: l.ID, EndsOn: day(2027, 11, 5), Reason: "x"})
		refused(t, "accepting a late cancellation of one that was in time", err, licensing.CodeConflict, "")
		all := got[subscriptions.Overrides](t)(h.subscriptions.Overrides(t.Context(), isv, l.ID))
		next := charged(licensing.Period{Number: 2, Start: day(2027, 11, 21), End: day(2028, 11, 20), CancelBy: day(2028, 10, 21)}, 10, 1800)
		same(t, "could end all the same", len(all.Ends), 0)
		same(t, "could run on", all.Runs, &subscriptions.Override{EndsOn: day(2028, 11, 20), Periods: []licensing.Period{next}})
		out, _, err := h.subscriptions.WithdrawLate(t.Context(), isv, licensing.NewID(), subscriptions.WithdrawLate{License: l.ID, Reason: "they stay"})
		must(t, err)
		same(t, "periods", out.License.Subscription.Last(), next)
		same(t, "told", h.told(t, l.Order), []string{"orderCreated", "subscriptionCancelled 1", "licenseModified", "cancellationWithdrawn 1", "subscriptionExtended 2"})
		same(t, "files", len(h.files(t, l.ID)), 2)
		same(t, "nothing is due", h.extendDue(t), 0)
		// The last day to cancel was in October, of which the statement is closed or not: it is of the day of the decision.
		e := h.statement(t, anna, "northwind", licensing.Month{Year: 2027, Month: 11}).Entries
		same(t, "in the statement", []any{len(e), e[0].Kind, e[0].On, e[0].Reason}, []any{1, licensing.EntryExtended, day(2027, 11, 5), "they stay"})
		h.setBusinessDay(t, day(2028, 10, 22))
		same(t, "extended by the clock", h.extendDue(t), 1)
		e = h.statement(t, anna, "northwind", licensing.Month{Year: 2028, Month: 10}).Entries
		same(t, "without a reason", []any{len(e), e[0].Kind, e[0].Reason}, []any{1, licensing.EntryExtended, ""})
	})
}

// TestOnlyISVAdminsOverride refuses everybody else, other days, and decisions without a reason.
func TestOnlyISVAdminsOverride(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		l := h.create(t, h.anna(t), suite()).Licenses[0]
		end := func(a licensing.Actor, on licensing.Day, reason string) error {
			_, _, err := h.subscriptions.EndEarly(t.Context(), a, "x", subscriptions.EndEarly{License: l.ID, EndsOn: on, Reason: reason})
			return err
		}
		refused(t, "before the last day to cancel", end(h.isv(t), day(2026, 11, 21), "x"), licensing.CodeConflict, "")
		h.setBusinessDay(t, day(2027, 10, 30))
		h.extendDue(t)
		unchanged(t, h, "by others", func() {
			for _, a := range []licensing.Actor{h.anna(t), h.ben(t), h.erpAccount(t)} {
				refused(t, a.Email, end(a, day(2027, 11, 20), "x"), licensing.CodeDenied, "")
				_, _, err := h.subscriptions.WithdrawLate(t.Context(), a, "x", subscriptions.WithdrawLate{License: l.ID, Reason: "x"})
				refused(t, a.Email, err, licensing.CodeDenied, "")
				_, err = h.subscriptions.Overrides(t.Context(), a, l.ID)
				refused(t, a.Email, err, licensing.CodeDenied, "")
			}
			refused(t, "beyond sight", end(h.freya(t), day(2027, 11, 20), "x"), licensing.CodeNotFound, "ticket")
			refused(t, "no reason", end(h.isv(t), day(2027, 11, 20), " "), licensing.CodeInvalidRequest, "reason")
			refused(t, "another day", end(h.isv(t), day(2027, 11, 21), "x"), licensing.CodeInvalidRequest, "endsOn")
		})
	})
}
