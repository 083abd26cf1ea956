package usecasetest

import (
	"strings"
	"testing"
	"time"

	"kontor/internal/licensing"
	"kontor/internal/subscriptions"
)

// cancel cancels what has to succeed.
func (h *house) cancel(t testing.TB, actor licensing.Actor, in subscriptions.Cancel) subscriptions.Cancelled {
	t.Helper()
	out, replayed, err := h.subscriptions.Cancel(t.Context(), actor, licensing.NewID(), in)
	must(t, err)
	if replayed {
		t.Error("a new request is said to be replayed")
	}
	return out
}

func TestCancelInTime(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		l := h.create(t, h.anna(t), suite()).Licenses[0]
		h.write(t, func(tx licensing.Tx) error { // the last moment of the last day
			last := berlin(day(2027, 10, 22)).Add(-time.Microsecond)
			return tx.SetSetting(t.Context(), "clock.offset", last.Sub(tx.Now().Wall).String())
		})
		out := h.cancel(t, h.ben(t), subscriptions.Cancel{Ticket: strings.ToLower(l.Ticket), Reason: "  Moved to another program  "})
		same(t, "answer", []any{out.InTime, out.EndsOn, out.ReceivedAt}, []any{true, day(2027, 11, 20), berlin(day(2027, 10, 22)).Add(-time.Microsecond)})
		same(t, "state", out.License.Subscription.State, licensing.SubscriptionCancelled)
		same(t, "told", h.told(t, l.Order), []string{"orderCreated", "subscriptionCancelled 1"})
		history := got[[]licensing.HistoryEntry](t)(h.ordering.History(t.Context(), h.anna(t), l.ID))
		same(t, "history", history[0], licensing.HistoryEntry{
			At: out.ReceivedAt, By: "Ben Hartmann", ByGroup: "northwind", Action: "subscription.cancelled", Detail: values("end", "2027-11-20", "reason", "Moved to another program"),
		})

		h.setBusinessDay(t, day(2027, 11, 20))
		same(t, "steps until its last day", h.extendDue(t), 0)
		same(t, "state on its last day", h.license(t, l.ID).StateAt(*berlin(day(2027, 11, 20))), licensing.LicenseActive)
		h.setBusinessDay(t, day(2027, 11, 21))
		same(t, "steps after it", h.extendDue(t), 1)
		same(t, "steps again", h.extendDue(t), 0)
		l = h.license(t, l.ID)
		same(t, "periods", l.Subscription.Periods, []licensing.Period{
			charged(licensing.Period{Number: 1, Start: day(2026, 11, 21), End: day(2027, 11, 20), CancelBy: day(2027, 10, 21), Outcome: licensing.PeriodEnded}, 10, 1800),
		})
		same(t, "state", []any{l.Subscription.State, l.StateAt(*berlin(day(2027, 11, 21)))}, []any{licensing.SubscriptionEnded, licensing.LicenseExpired})
		same(t, "told", h.told(t, l.Order), []string{"orderCreated", "subscriptionCancelled 1", "subscriptionEnded 1"})
		same(t, "files", len(h.files(t, l.ID)), 1)
		unchanged(t, h, "cancelling what has ended", func() {
			_, _, err := h.subscriptions.Cancel(t.Context(), h.ben(t), "again", subscriptions.Cancel{Ticket: l.Ticket})
			refused(t, "cancelling what has ended", err, licensing.CodeConflict, "")
		})
	})
}

// TestCancelLate cancels a day too late, before any sweep has run and after one, and years later: then the period that
// runs by now counts, for which it is in time.
func TestCancelLate(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		for _, c := range []struct {
			on, ends licensing.Day
			periods  int
			late     bool
			swept    bool // the scheduler was faster
		}{
			{day(2027, 10, 22), day(2028, 11, 20), 2, true, false},
			{day(2027, 10, 22), day(2028, 11, 20), 2, true, true},
			{day(2031, 1, 1), day(2031, 11, 20), 5, false, false},
		} {
			h.setBusinessDay(t, licensing.DayOf(soldOn, time.UTC))
			l := h.create(t, h.anna(t), suite()).Licenses[0]
			h.setBusinessDay(t, c.on)
			if c.swept {
				h.extendDue(t)
			}
			if c.late {
				unchanged(t, h, "refusing when late", func() {
					_, _, err := h.subscriptions.Cancel(t.Context(), h.anna(t), "late", subscriptions.Cancel{Ticket: l.Ticket, RefuseIfLate: true})
					refused(t, "refusing when late", err, licensing.CodeConflict, "")
				})
			}
			out := h.cancel(t, h.anna(t), subscriptions.Cancel{Ticket: l.Ticket})
			same(t, "answer", []any{out.InTime, out.EndsOn, len(out.License.Subscription.Periods)}, []any{!c.late, c.ends, c.periods})
			same(t, "expires", out.License.ExpiresAt, berlin(c.ends.AddDays(1)))
			same(t, "files", len(h.files(t, l.ID)), c.periods)
			checkFile(t, h, h.license(t, l.ID), 10)
			by := map[string]string{}
			for _, e := range got[[]licensing.HistoryEntry](t)(h.ordering.History(t.Context(), h.anna(t), l.ID)) {
				by[e.Action] = e.By
			}
			same(t, "who did what", by, map[string]string{
				"license.created": "Anna Lindqvist", "subscription.extended": "Scheduler", "subscription.cancelled": "Anna Lindqvist",
			})
			h.extendDue(t)
			same(t, "periods after a sweep", h.license(t, l.ID).Subscription.Periods, out.License.Subscription.Periods)
		}
	})
}

func TestCancelTwice(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		l := h.create(t, h.anna(t), suite()).Licenses[0]
		in := subscriptions.Cancel{Ticket: l.Ticket, Reason: "once"}
		first, replayed, err := h.subscriptions.Cancel(t.Context(), h.anna(t), "id", in)
		must(t, err)
		same(t, "replayed", replayed, false)
		unchanged(t, h, "again", func() {
			in.Ticket = strings.ToLower(l.Ticket) // the same content, written differently
			again, replayed, err := h.subscriptions.Cancel(t.Context(), h.anna(t), "id", in)
			must(t, err)
			same(t, "replayed", []any{replayed, again.EndsOn, again.ReceivedAt, again.InTime}, []any{true, first.EndsOn, first.ReceivedAt, first.InTime})
			_, _, err = h.subscriptions.Cancel(t.Context(), h.anna(t), "another id", in)
			refused(t, "another request", err, licensing.CodeConflict, "")
			in.Reason = "twice"
			_, _, err = h.subscriptions.Cancel(t.Context(), h.anna(t), "id", in)
			refused(t, "another content", err, licensing.CodeRequestIDReused, "requestId")
		})
	})
}

// TestWhoMayCancel: modify in the category, or an admin of the owning group even without it.
func TestWhoMayCancel(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		anna, ben := h.anna(t), h.ben(t)
		mine := func() licensing.License { return h.create(t, h.erpAccount(t), inNorthwind()).Licenses[0] }
		h.cancel(t, ben, subscriptions.Cancel{Ticket: mine().Ticket})
		h.revokeAll(t, ben)
		h.revokeAll(t, anna)
		for name, actor := range map[string]licensing.Actor{"owner's admin without a grant": anna, "admin above": h.isv(t), "service account": h.erpAccount(t)} {
			if _, _, err := h.subscriptions.Cancel(t.Context(), actor, licensing.NewID(), subscriptions.Cancel{Ticket: mine().Ticket}); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		l := mine()
		for _, c := range []struct {
			name  string
			actor licensing.Actor
			code  licensing.Code
		}{
			{"member without modify", ben, licensing.CodeDenied},
			{"member of another group", h.as(t, "ben@northwind.example", "fjord"), licensing.CodeNotFound},
			{"member above", h.staff(t), licensing.CodeNotFound},
		} {
			unchanged(t, h, c.name, func() {
				_, _, err := h.subscriptions.Cancel(t.Context(), c.actor, licensing.NewID(), subscriptions.Cancel{Ticket: l.Ticket})
				refused(t, c.name, err, c.code, "ticket")
				_, err = h.subscriptions.PreviewCancel(t.Context(), c.actor, l.ID)
				refused(t, "preview by "+c.name, err, c.code, "ticket")
			})
		}
	})
}

func TestCancelRefused(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		anna := h.anna(t)
		l := h.create(t, anna, suite()).Licenses[0]
		perpetual := h.create(t, anna, design()).Licenses[0]
		for _, c := range []struct {
			name  string
			id    string
			in    subscriptions.Cancel
			code  licensing.Code
			field string
		}{
			{"no subscription", "id", subscriptions.Cancel{Ticket: perpetual.Ticket}, licensing.CodeConflict, ""},
			{"no such ticket", "id", subscriptions.Cancel{Ticket: "23456-789AB-CDEFG-HJKLM-NPQRH"}, licensing.CodeNotFound, "ticket"},
			{"no ticket", "id", subscriptions.Cancel{}, licensing.CodeInvalidRequest, "ticket"},
			{"a wrong ticket", "id", subscriptions.Cancel{Ticket: l.Ticket[1:]}, licensing.CodeInvalidRequest, "ticket"},
			{"a long reason", "id", subscriptions.Cancel{Ticket: l.Ticket, Reason: strings.Repeat("x", 501)}, licensing.CodeInvalidRequest, "reason"},
			{"control characters", "id", subscriptions.Cancel{Ticket: l.Ticket, Reason: "a\x00b"}, licensing.CodeInvalidRequest, "reason"},
			{"a mark of direction", "id", subscriptions.Cancel{Ticket: l.Ticket, Reason: "a\u202eb"}, licensing.CodeInvalidRequest, "reason"},
			{"two lines", "id", subscriptions.Cancel{Ticket: l.Ticket, Reason: "a\nb"}, licensing.CodeInvalidRequest, "reason"},
			{"no UTF-8", "id", subscriptions.Cancel{Ticket: l.Ticket, Reason: "a\xffb"}, licensing.CodeInvalidRequest, "reason"},
			{"no request id", " ", subscriptions.Cancel{Ticket: l.Ticket}, licensing.CodeInvalidRequest, "requestId"},
		} {
			unchanged(t, h, c.name, func() {
				_, _, err := h.subscriptions.Cancel(t.Context(), anna, c.id, c.in)
				refused(t, c.name, err, c.code, c.field)
			})
		}
	})
}

// TestPreviewCancel holds that the preview promises what cancelling then does.
func TestPreviewCancel(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		for _, d := range []licensing.Day{day(2026, 11, 21), day(2027, 10, 21), day(2027, 10, 22), day(2028, 10, 21), day(2028, 10, 22), day(2032, 1, 1)} {
			h.setBusinessDay(t, licensing.DayOf(soldOn, time.UTC))
			l := h.create(t, h.anna(t), suite()).Licenses[0]
			h.setBusinessDay(t, d)
			var p subscriptions.Preview
			unchanged(t, h, "a preview", func() {
				p = got[subscriptions.Preview](t)(h.subscriptions.PreviewCancel(t.Context(), h.anna(t), l.ID))
			})
			out := h.cancel(t, h.anna(t), subscriptions.Cancel{Ticket: l.Ticket})
			last := out.License.Subscription.Last()
			spared, _ := out.License.Subscription.Plan.NextPeriod(last)
			spared = charged(spared, 10, 1800)
			same(t, d.String(), []any{p.InTime, p.Last, p.WithdrawUntil, p.Spared}, []any{out.InTime, last, last.CancelBy, spared})
		}
	})
}
