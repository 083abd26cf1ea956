package usecasetest

import (
	"crypto/ed25519"
	"fmt"
	"strings"
	"testing"

	"kontor/internal/licensing"
	"kontor/internal/ordering"
	"kontor/internal/signing"
	"kontor/internal/subscriptions"
)

// change changes a state, which has to succeed.
func (h *house) change(t testing.TB, actor licensing.Actor, change licensing.StateChange, ticket string) licensing.License {
	t.Helper()
	out, replayed, err := h.ordering.ChangeState(t.Context(), actor, licensing.NewID(), change, ordering.ChangeState{Ticket: ticket, Reason: "  because  "})
	must(t, err)
	if replayed {
		t.Error("a new request is said to be replayed")
	}
	return out.License
}

// fileStatus is what a license's newest file says of its state.
func (h *house) fileStatus(t testing.TB, id licensing.LicenseID) string {
	t.Helper()
	payload := got[[]byte](t)(signing.Verify([]byte(h.license(t, id).File), []ed25519.PublicKey{h.publicKey}, ""))
	return got[signing.Description](t)(signing.Describe(payload)).Status
}

func TestStates(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		l := h.create(t, h.anna(t), design()).Licenses[0]
		for i, c := range []struct {
			change licensing.StateChange
			from   licensing.LicenseState
			to     licensing.LicenseState
			status string
			files  int
			told   licensing.MessageKind
		}{
			{licensing.ToSuspend, licensing.LicenseActive, licensing.LicenseSuspended, "SUSPENDED", 2, licensing.TellLicenseSuspended},
			{licensing.ToReinstate, licensing.LicenseSuspended, licensing.LicenseActive, "ACTIVE", 3, licensing.TellLicenseReinstated},
			{licensing.ToSuspend, licensing.LicenseActive, licensing.LicenseSuspended, "SUSPENDED", 4, licensing.TellLicenseSuspended},
			{licensing.ToRevoke, licensing.LicenseSuspended, licensing.LicenseRevoked, "SUSPENDED", 4, licensing.TellLicenseRevoked}, // the file says the same
			{licensing.ToReinstate, licensing.LicenseRevoked, licensing.LicenseActive, "ACTIVE", 5, licensing.TellLicenseReinstated},
			{licensing.ToRevoke, licensing.LicenseActive, licensing.LicenseRevoked, "SUSPENDED", 6, licensing.TellLicenseRevoked},
		} {
			name := fmt.Sprint(i, " ", c.change)
			out := h.change(t, h.anna(t), c.change, l.Ticket)
			now := h.license(t, l.ID)
			same(t, name, out, now)
			same(t, name+": state, file and files", []any{now.State, h.fileStatus(t, l.ID), len(h.files(t, l.ID))}, []any{c.to, c.status, c.files})
			e := h.newest(t, h.ben(t), l.ID)
			same(t, name+": history", []any{e.By, e.Action, e.Detail}, []any{
				"Anna Lindqvist", "license." + map[licensing.StateChange]string{licensing.ToSuspend: "suspended", licensing.ToRevoke: "revoked", licensing.ToReinstate: "reinstated"}[c.change],
				values("state", string(c.from)+" → "+string(c.to), "reason", "because"),
			})
			messages := h.messages(t, l.Order)
			m := messages[len(messages)-1]
			same(t, name+": told", []any{len(messages), m.Kind, m.Content.Reason, m.Content.Licenses[0].State}, []any{i + 2, c.told, "because", c.to})
		}
	})
}

// TestStatesRefused tries every change from every state.
func TestStatesRefused(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		make := func(test bool, changes ...licensing.StateChange) licensing.License {
			l := h.create(t, h.anna(t), with(event(), func(in *ordering.CreateLicense) { in.Test = test })).Licenses[0]
			for _, c := range changes {
				h.change(t, h.anna(t), c, l.Ticket)
			}
			return l
		}
		expired := make(false)
		suspendedAndOver := make(false, licensing.ToSuspend)
		h.setBusinessDay(t, day(2027, 1, 1))
		for state, l := range map[licensing.LicenseState]licensing.License{
			licensing.LicenseExpired: expired, licensing.LicenseSuspended: suspendedAndOver,
		} {
			same(t, "state", h.license(t, l.ID).StateAt(*berlin(day(2027, 1, 1))), state)
		}
		for _, c := range []struct {
			change licensing.StateChange
			ticket string
		}{
			{licensing.ToSuspend, expired.Ticket}, {licensing.ToRevoke, expired.Ticket}, {licensing.ToReinstate, expired.Ticket},
			{licensing.ToDelete, expired.Ticket}, {licensing.ToSuspend, suspendedAndOver.Ticket},
		} {
			unchanged(t, h, string(c.change), func() {
				_, _, err := h.ordering.ChangeState(t.Context(), h.anna(t), "id", c.change, ordering.ChangeState{Ticket: c.ticket, Reason: "x"})
				refused(t, string(c.change), err, licensing.CodeConflict, "")
				if !strings.Contains(err.Error(), "Nothing has been changed.") {
					t.Errorf("%s: %v", c.change, err)
				}
			})
		}
		h.change(t, h.anna(t), licensing.ToReinstate, suspendedAndOver.Ticket)
		same(t, "reinstated too late", h.license(t, suspendedAndOver.ID).StateAt(*berlin(day(2027, 1, 1))), licensing.LicenseExpired)
		same(t, "its file", h.fileStatus(t, suspendedAndOver.ID), "EXPIRED")
	})
}

func TestWhoMayChangeStates(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		l := h.create(t, h.anna(t), with(design(), func(in *ordering.CreateLicense) { in.Test = true })).Licenses[0]
		for name, c := range map[string]struct {
			actor      licensing.Actor
			id, ticket string
			reason     string
			code       licensing.Code
			field      string
		}{
			"a member without revoke":    {h.ben(t), "id", l.Ticket, "x", licensing.CodeDenied, "ticket"},
			"a member of another group":  {h.as(t, "ben@northwind.example", "fjord"), "id", l.Ticket, "x", licensing.CodeNotFound, "ticket"},
			"a member above":             {h.staff(t), "id", l.Ticket, "x", licensing.CodeNotFound, "ticket"},
			"no reason":                  {h.anna(t), "id", l.Ticket, "  ", licensing.CodeInvalidRequest, "reason"},
			"a long reason":              {h.anna(t), "id", l.Ticket, strings.Repeat("ü", 501), licensing.CodeInvalidRequest, "reason"},
			"a reason of two lines":      {h.anna(t), "id", l.Ticket, "a\nb", licensing.CodeInvalidRequest, "reason"},
			"a reason that is no UTF-8":  {h.anna(t), "id", l.Ticket, "a\xff", licensing.CodeInvalidRequest, "reason"},
			"no request id":              {h.anna(t), "", l.Ticket, "x", licensing.CodeInvalidRequest, "requestId"},
			"a ticket that is none":      {h.anna(t), "id", l.Ticket[1:], "x", licensing.CodeInvalidRequest, "ticket"},
			"a ticket that nobody knows": {h.anna(t), "id", "23456-789AB-CDEFG-HJKLM-NPQRH", "x", licensing.CodeNotFound, "ticket"},
		} {
			for _, change := range licensing.StateChanges {
				unchanged(t, h, name, func() {
					_, _, err := h.ordering.ChangeState(t.Context(), c.actor, c.id, change, ordering.ChangeState{Ticket: c.ticket, Reason: c.reason})
					refused(t, name+": "+string(change), err, c.code, c.field)
				})
			}
		}
		actions := func(actor licensing.Actor) (all []string) {
			for _, a := range got[[]ordering.LicenseAction](t)(h.ordering.Actions(t.Context(), actor, l.ID)) {
				all = append(all, strings.TrimSpace(fmt.Sprint(a.Name, " ", a.Missing)))
			}
			return all
		}
		same(t, "anna's", actions(h.anna(t)), []string{"modify []", "move []", "suspend []", "revoke []", "delete []"})
		same(t, "ben's", actions(h.ben(t)), []string{"modify []", "suspend [revoke]", "revoke [revoke]", "delete [revoke]"})
		h.change(t, h.anna(t), licensing.ToRevoke, l.Ticket)
		same(t, "anna's of a revoked one", actions(h.anna(t)), []string{"move []", "reinstate []", "delete []"})
	})
}

func TestDelete(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		l := h.create(t, h.anna(t), with(suite(), func(in *ordering.CreateLicense) { in.Test = true })).Licenses[0]
		real := h.create(t, h.anna(t), suite()).Licenses[0]
		unchanged(t, h, "deleting what is no test", func() {
			_, _, err := h.ordering.ChangeState(t.Context(), h.anna(t), "id", licensing.ToDelete, ordering.ChangeState{Ticket: real.Ticket, Reason: "x"})
			refused(t, "deleting what is no test", err, licensing.CodeConflict, "")
		})
		files := len(h.files(t, l.ID))
		in := ordering.ChangeState{Ticket: l.Ticket, Reason: "tried out"}
		out, _, err := h.ordering.ChangeState(t.Context(), h.anna(t), "delete", licensing.ToDelete, in)
		must(t, err)
		same(t, "state", out.License.State, licensing.LicenseDeleted)
		for name, read := range map[string]func() error{
			"by ticket": func() error { _, err := h.ordering.License(t.Context(), h.anna(t), l.Ticket); return err },
			"by id":     func() error { _, err := h.ordering.LicenseByID(t.Context(), h.anna(t), l.ID); return err },
			"files":     func() error { _, err := h.ordering.LicenseFiles(t.Context(), h.anna(t), l.ID); return err },
			"history":   func() error { _, err := h.ordering.History(t.Context(), h.anna(t), l.ID); return err },
		} {
			if e := licensing.AsError(read()); e == nil || e.Kind != licensing.NotFound {
				t.Errorf("%s: %v", name, e)
			}
		}
		same(t, "listed", got[ordering.LicensePage](t)(h.ordering.Licenses(t.Context(), h.anna(t), licensing.LicenseFilter{})).All.N, 1)
		order := h.order(t, h.anna(t), l.OrderNumber)
		same(t, "the order", []any{len(order.Lines), len(order.Licenses), len(order.Lines[0].Tickets)}, []any{1, 0, 0})
		same(t, "told", h.told(t, l.Order), []string{"orderCreated", "licenseDeleted"})
		h.read(t, func(tx licensing.Tx) {
			same(t, "audit", len(got[[]licensing.HistoryEntry](t)(tx.History(t.Context(), string(l.ID)))), 3)
			same(t, "kept files", len(got[[]licensing.LicenseFile](t)(tx.LicenseFiles(t.Context(), l.ID))), files)
		})
		again, replayed, err := h.ordering.ChangeState(t.Context(), h.anna(t), "delete", licensing.ToDelete, in)
		must(t, err)
		same(t, "again", []any{replayed, again.License.State}, []any{true, licensing.LicenseDeleted})
		h.setBusinessDay(t, day(2030, 1, 1))
		same(t, "steps for the other one alone", h.extendDue(t), 3)
	})
}

// TestRevokeEndsTheSubscription revokes and reinstates over the years, and says what is left of the subscription.
func TestRevokeEndsTheSubscription(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		for _, c := range []struct {
			name       string
			cancelled  bool // before it is revoked
			revoke     licensing.Day
			reinstate  licensing.Day
			sub        licensing.SubscriptionState // after it
			state      licensing.LicenseState
			periods    int
			expires    licensing.Day // the day after the last
			thenSwept  int           // how many steps are due then
			endsSwept  licensing.Day
			outcome    licensing.PeriodOutcome
			beforeThat int // steps until the revocation
		}{
			{"the same day", false, day(2026, 11, 21), day(2026, 11, 21), licensing.SubscriptionActive, licensing.LicenseActive, 1, day(2027, 11, 21), 0, day(2027, 11, 20), licensing.PeriodOpen, 0},
			{"within the period", false, day(2027, 3, 1), day(2027, 10, 21), licensing.SubscriptionActive, licensing.LicenseActive, 1, day(2027, 11, 21), 0, day(2027, 11, 20), licensing.PeriodOpen, 0},
			{"after its last day to cancel", false, day(2027, 3, 1), day(2027, 11, 1), licensing.SubscriptionActive, licensing.LicenseActive, 1, day(2027, 11, 21), 1, day(2028, 11, 20), licensing.PeriodExtended, 0},
			{"the day after it ended", false, day(2027, 3, 1), day(2027, 11, 21), licensing.SubscriptionEnded, licensing.LicenseExpired, 1, day(2027, 11, 21), 0, day(2027, 11, 20), licensing.PeriodEnded, 0},
			{"years later", false, day(2027, 3, 1), day(2033, 1, 1), licensing.SubscriptionEnded, licensing.LicenseExpired, 1, day(2027, 11, 21), 0, day(2027, 11, 20), licensing.PeriodEnded, 0},
			{"with the next period made already", false, day(2027, 10, 25), day(2028, 2, 1), licensing.SubscriptionActive, licensing.LicenseActive, 2, day(2028, 11, 21), 0, day(2028, 11, 20), licensing.PeriodExtended, 1},
			{"cancelled before", true, day(2027, 3, 1), day(2027, 11, 1), licensing.SubscriptionCancelled, licensing.LicenseActive, 1, day(2027, 11, 21), 0, day(2027, 11, 20), licensing.PeriodOpen, 0},
			{"cancelled and run out before", true, day(2027, 3, 1), day(2028, 1, 1), licensing.SubscriptionEnded, licensing.LicenseExpired, 1, day(2027, 11, 21), 0, day(2027, 11, 20), licensing.PeriodEnded, 0},
		} {
			h.setBusinessDay(t, day(2026, 11, 21))
			l := h.create(t, h.anna(t), suite()).Licenses[0]
			if c.cancelled {
				h.cancel(t, h.anna(t), subscriptions.Cancel{Ticket: l.Ticket})
			}
			h.setBusinessDay(t, c.revoke)
			same(t, c.name+": steps before", h.extendDue(t), c.beforeThat)
			revoked := h.change(t, h.anna(t), licensing.ToRevoke, l.Ticket)
			same(t, c.name+": revoked", []any{revoked.State, revoked.Subscription.State, revoked.Subscription.RevokedOn, revoked.Subscription.EndsOn()},
				[]any{licensing.LicenseRevoked, licensing.SubscriptionEnded, c.revoke, c.revoke})
			h.setBusinessDay(t, c.reinstate)
			same(t, c.name+": steps while revoked", h.extendDue(t), 0)
			h.change(t, h.anna(t), licensing.ToReinstate, l.Ticket)
			now := h.license(t, l.ID)
			at := *berlin(c.reinstate)
			same(t, c.name+": reinstated", []any{now.StateAt(at), now.Subscription.State, len(now.Subscription.Periods), now.ExpiresAt, now.Subscription.RevokedOn},
				[]any{c.state, c.sub, c.periods, berlin(c.expires), licensing.Day{}})
			same(t, c.name+": steps after", h.extendDue(t), c.thenSwept)
			now = h.license(t, l.ID)
			same(t, c.name+": in the end", []any{now.Subscription.EndsOn(), now.Subscription.Periods[0].Outcome}, []any{c.endsSwept, c.outcome})
			if now.Subscription.State == licensing.SubscriptionActive { // so that it disturbs no other case
				h.cancel(t, h.anna(t), subscriptions.Cancel{Ticket: l.Ticket})
			}
			if now.StateAt(at) != licensing.LicenseExpired {
				h.change(t, h.anna(t), licensing.ToRevoke, l.Ticket)
			}
		}
	})
}

// TestSuspendingStopsNothing lets periods and deadlines of a suspended license pass.
func TestSuspendingStopsNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		l := h.create(t, h.anna(t), suite()).Licenses[0]
		h.change(t, h.anna(t), licensing.ToSuspend, l.Ticket)
		h.setBusinessDay(t, day(2028, 10, 22))
		same(t, "steps", h.extendDue(t), 2)
		same(t, "file", h.fileStatus(t, l.ID), "SUSPENDED")
		h.cancel(t, h.anna(t), subscriptions.Cancel{Ticket: l.Ticket})
		h.change(t, h.anna(t), licensing.ToReinstate, l.Ticket)
		now := h.license(t, l.ID)
		same(t, "reinstated", []any{now.State, now.Subscription.State, len(now.Subscription.Periods), now.ExpiresAt},
			[]any{licensing.LicenseActive, licensing.SubscriptionCancelled, 3, berlin(day(2029, 11, 21))})
		same(t, "file", h.fileStatus(t, l.ID), "ACTIVE")
	})
}
