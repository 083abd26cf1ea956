package usecasetest

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"kontor/internal/licensing"
	"kontor/internal/ordering"
)

// extendDue does what is due and returns how many steps that took.
func (h *house) extendDue(t testing.TB) int {
	t.Helper()
	return got[int](t)(h.subscriptions.ExtendDue(t.Context()))
}

// messages are the ledger's of an order, oldest first.
func (h *house) messages(t testing.TB, order licensing.OrderID) (all []licensing.Message) {
	t.Helper()
	h.read(t, func(tx licensing.Tx) { all = got[[]licensing.Message](t)(tx.MessagesOf(t.Context(), order)) })
	return all
}

// told are the kinds of the messages about an order, with the period's number where they have one.
func (h *house) told(t testing.TB, order licensing.OrderID) (all []string) {
	t.Helper()
	for _, m := range h.messages(t, order) {
		what := string(m.Kind)
		if m.Content.Period != nil {
			what += fmt.Sprint(" ", m.Content.Period.Number)
		}
		all = append(all, what)
	}
	return all
}

func (h *house) files(t testing.TB, id licensing.LicenseID) []licensing.LicenseFile {
	t.Helper()
	return got[[]licensing.LicenseFile](t)(h.ordering.LicenseFiles(t.Context(), h.isv(t), id))
}

func TestExtension(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		suite := h.create(t, h.anna(t), suite()).Licenses[0]
		care := h.create(t, h.anna(t), care()).Licenses[0]
		for _, d := range []licensing.Day{day(2026, 11, 21), day(2027, 8, 31)} {
			h.setBusinessDay(t, d)
			unchanged(t, h, d.String(), func() { same(t, "steps on "+d.String(), h.extendDue(t), 0) })
		}

		h.setBusinessDay(t, day(2027, 9, 1))
		same(t, "steps after the last day to cancel", h.extendDue(t), 1)
		l := h.license(t, care.ID)
		same(t, "periods", l.Subscription.Periods, []licensing.Period{
			charged(licensing.Period{Number: 1, Start: day(2026, 11, 21), End: day(2027, 11, 30), CancelBy: day(2027, 8, 31), Outcome: licensing.PeriodExtended}, 1, 78),
			charged(licensing.Period{Number: 2, Start: day(2027, 12, 1), End: day(2028, 11, 30), CancelBy: day(2028, 8, 31)}, 1, 78),
		})
		same(t, "maintained", l.MaintenanceUntil, day(2028, 11, 30))
		checkFile(t, h, l, 1)
		same(t, "told", h.told(t, l.Order), []string{"orderCreated", "subscriptionExtended 2"})
		same(t, "the other one", h.license(t, suite.ID).Subscription.Periods, suite.Subscription.Periods)

		h.setBusinessDay(t, day(2027, 10, 22))
		same(t, "steps for the other one", h.extendDue(t), 1)
		l = h.license(t, suite.ID)
		same(t, "last period", l.Subscription.Last(), charged(licensing.Period{Number: 2, Start: day(2027, 11, 21), End: day(2028, 11, 20), CancelBy: day(2028, 10, 21)}, 10, 1800))
		same(t, "expires", l.ExpiresAt, berlin(day(2028, 11, 21)))
		checkFile(t, h, l, 10)
		same(t, "files", len(h.files(t, l.ID)), 2)
		history := got[[]licensing.HistoryEntry](t)(h.ordering.History(t.Context(), h.anna(t), l.ID))
		same(t, "history", []string{history[0].Action, history[0].By}, []string{"subscription.extended", "Scheduler"})
		unchanged(t, h, "doing it again", func() { same(t, "steps", h.extendDue(t), 0) })
	})
}

// TestExtensionByManyAtOnce has two processes with four sweeps each do what became due in a long downtime.
func TestExtensionByManyAtOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		const licenses, missed = 8, 3
		var all []licensing.License
		for range licenses {
			all = append(all, h.create(t, h.anna(t), suite()).Licenses...)
		}
		h.setBusinessDay(t, day(2029, 10, 22)) // after the last day to cancel of 2027, 2028 and 2029
		houses := []*house{h, h.another(t)}
		var steps atomic.Int64
		var sweeps sync.WaitGroup
		for i := range 8 {
			sweeps.Go(func() {
				n, err := houses[i%2].subscriptions.ExtendDue(t.Context())
				if err != nil {
					t.Errorf("sweep %d: %v", i, err)
				}
				steps.Add(int64(n))
			})
		}
		sweeps.Wait()
		for _, l := range all {
			l = h.license(t, l.ID)
			same(t, "periods", len(l.Subscription.Periods), missed+1)
			same(t, "expires", l.ExpiresAt, berlin(day(2030, 11, 21)))
			same(t, "files", len(h.files(t, l.ID)), missed+1)
			same(t, "told", h.told(t, l.Order), []string{"orderCreated", "subscriptionExtended 2", "subscriptionExtended 3", "subscriptionExtended 4"})
		}
		if steps.Load() < licenses*missed {
			t.Errorf("%d steps were counted, want at least %d", steps.Load(), licenses*missed)
		}
	})
}

// TestCatchUp makes every missed period in order, and tells of each what it was.
func TestCatchUp(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		l := h.create(t, h.anna(t), care()).Licenses[0]
		h.setBusinessDay(t, day(2032, 2, 29))
		same(t, "steps", h.extendDue(t), 5)
		l = h.license(t, l.ID)
		for i, p := range l.Subscription.Periods {
			want := licensing.Period{Number: i + 1, Start: day(2026+i, 12, 1), End: day(2027+i, 11, 30), CancelBy: day(2027+i, 8, 31), Outcome: licensing.PeriodExtended}
			if i == 0 {
				want.Start = day(2026, 11, 21)
			}
			if i == 5 {
				want.Outcome = licensing.PeriodOpen
			}
			same(t, "period", p, charged(want, 1, 78))
		}
		for i, m := range h.messages(t, l.Order)[1:] {
			same(t, "message", []any{m.Content.Period.Number, m.Content.Licenses[0].MaintenanceUntil}, []any{i + 2, day(2028+i, 11, 30)})
		}
		same(t, "files", len(h.files(t, l.ID)), 6)
		checkFile(t, h, l, 1)
	})
}

// TestSweepEnds has the ISV's zone changed, so that what stands in the list of the due is not due.
func TestSweepEnds(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.create(t, h.anna(t), suite())
		h.write(t, func(tx licensing.Tx) error {
			midnight := berlin(day(2027, 10, 22))
			if err := tx.SetSetting(t.Context(), "clock.offset", midnight.Sub(tx.Now().Wall).String()); err != nil {
				return err
			}
			return tx.SetSetting(t.Context(), "zone", "America/New_York")
		})
		same(t, "steps", h.extendDue(t), 0)
		h.setBusinessDay(t, day(2027, 10, 22))
		same(t, "steps when it is the day there", h.extendDue(t), 1)
	})
}

// TestClock moves the demo's clock, which does what became due before it answers.
func TestClock(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		l := h.create(t, h.anna(t), suite()).Licenses[0]
		_, ahead, err := h.clock.Now(t.Context())
		must(t, err)
		same(t, "ahead", ahead, false)
		for _, d := range []licensing.Day{day(2026, 11, 20), day(2000, 1, 1), day(2076, 11, 22)} {
			unchanged(t, h, d.String(), func() { refused(t, d.String(), h.clock.MoveTo(t.Context(), d), licensing.CodeInvalidRequest, "to") })
		}
		must(t, h.clock.MoveTo(t.Context(), day(2027, 10, 21)))
		same(t, "periods on the last day", len(h.license(t, l.ID).Subscription.Periods), 1)
		must(t, h.clock.MoveTo(t.Context(), day(2027, 10, 22)))
		same(t, "periods after it", len(h.license(t, l.ID).Subscription.Periods), 2)
		now, ahead, err := h.another(t).clock.Now(t.Context())
		must(t, err)
		same(t, "ahead in another process", []any{ahead, now.Today(), now.Wall}, []any{true, day(2027, 10, 22), soldOn})
		refused(t, "back", h.clock.MoveTo(t.Context(), day(2027, 10, 21)), licensing.CodeInvalidRequest, "to")
		must(t, h.clock.MoveTo(t.Context(), day(2076, 1, 1)))
		same(t, "periods half a century later", len(h.license(t, l.ID).Subscription.Periods), 50)
	})
}

// TestExtensionTellsTheCustomer writes one mail for each extension, to whom the plan lets it go.
func TestExtensionTellsTheCustomer(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.create(t, h.anna(t), forAda())
		h.create(t, h.anna(t), forNobody())
		h.create(t, h.anna(t), with(forAda(), func(in *ordering.CreateLicense) { in.Test = true }))
		h.setBusinessDay(t, day(2027, 10, 22))
		same(t, "steps", h.extendDue(t), 3)
		same(t, "again", h.extendDue(t), 0)
		same(t, "mails", h.deliver(t), 1)
		m := h.post.sent[0]
		same(t, "mail", []string{m.recipient, m.subject, m.text}, []string{"ada@bright.example", "Aurora Suite runs to 20 November 2028",
			"Your license of Aurora Suite was extended, since no cancellation holds. It runs to Monday, 20 November 2028 now.\n\n" +
				"Northwind has the new license file for you. Name order K26-10001 when you ask for it.\n" +
				"The next time it is extended, unless it is cancelled by Saturday, 21 October 2028.\n" +
				"\nAnna Lindqvist\nhello@northwind.example\n+46 8 5550120\n"})
	})
}

// TestOneThatCannotBeExtended has a plan among many that nobody can read: the others are extended all the same, and the
// error says which one it was.
func TestOneThatCannotBeExtended(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		all := h.create(t, h.anna(t), with(suite(), func(in *ordering.CreateLicense) { in.Quantity, in.Separate = new(30), true })).Licenses
		h.setBusinessDay(t, day(2027, 10, 22))
		_, err := h.store.Pool().ExecContext(t.Context(), "UPDATE subscription SET plan = '{' WHERE license_id = $1", string(all[7].ID))
		must(t, err)
		steps, more, err := h.subscriptions.ExtendSome(t.Context(), 1)
		if err == nil && (steps >= 29 || !more) {
			t.Errorf("%d steps instead of a few, and more to do is %v", steps, more)
		}
		_, err = h.subscriptions.ExtendDue(t.Context())
		if err == nil || !strings.Contains(err.Error(), string(all[7].ID)) {
			t.Errorf("got the error %v, want one about %s", err, all[7].ID)
		}
		for i, l := range all {
			if i != 7 {
				same(t, "periods", len(h.license(t, l.ID).Subscription.Periods), 2)
			}
		}
	})
}
