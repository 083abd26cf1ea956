package usecasetest

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"kontor/internal/licensing"
	"kontor/internal/ordering"
	"kontor/internal/subscriptions"
)

// parts are a mail in a form that can be compared.
func (m sentMail) parts() []string { return []string{m.recipient, m.subject, m.text} }

// remindDue sends what is due and returns to whom reminders went, in order; the mails are forgotten.
func (h *house) remindDue(t testing.TB) (to []string) {
	t.Helper()
	got[int](t)(h.subscriptions.RemindDue(t.Context()))
	h.deliver(t)
	for _, m := range h.post.sent {
		if strings.Contains(strings.ToLower(m.subject), "last day to cancel") { // others tell of extensions
			to = append(to, m.recipient)
		}
	}
	h.post.sent = nil
	slices.Sort(to)
	return to
}

// forAda is a subscription whose customer has an address.
func forAda() ordering.CreateLicense {
	return with(suite(), func(in *ordering.CreateLicense) {
		in.Customer = licensing.Customer{Name: "Ada Bright", Company: "Bright GmbH", Email: "ada@bright.example"}
	})
}

// forNobody is one whose customer has none.
func forNobody() ordering.CreateLicense {
	return with(suite(), func(in *ordering.CreateLicense) { in.Customer = licensing.Customer{Name: "Ada Bright"} })
}

// TestReminders goes through the reminders of a year: to whoever ordered, the admins and the customer, each once.
func TestReminders(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		l := h.create(t, h.ben(t), forAda()).Licenses[0] // to be cancelled by 2027-10-21
		h.setBusinessDay(t, day(2027, 9, 20))
		unchanged(t, h, "before", func() { same(t, "sent before", h.remindDue(t), []string{}) })
		h.setBusinessDay(t, day(2027, 9, 21))
		same(t, "sent", got[int](t)(h.subscriptions.RemindDue(t.Context())), 1)
		h.deliver(t)
		mails := map[string]sentMail{}
		for _, m := range h.post.sent {
			mails[m.recipient] = m
		}
		same(t, "mails", len(mails), 3)
		same(t, "to whoever ordered", mails["ben@northwind.example"].parts(), []string{
			"ben@northwind.example", "Last day to cancel Aurora Suite for Bright GmbH: 21 October 2027", `The last day to cancel Aurora Suite for Bright GmbH is in 30 days: Thursday, 21 October 2027.

Unless it is cancelled by then, it runs on from Saturday, 20 November 2027 to Monday, 20 November 2028.

Order:     ` + l.OrderNumber + `
Customer:  Bright GmbH
Licenses:  1
Seats:     10
Group:     Northwind

See the license, and cancel it there:

https://kontor.example/as/northwind/licenses/` + string(l.ID) + `

To let it run on, do nothing.
`})
		same(t, "to the admin", mails["anna@northwind.example"].text, mails["ben@northwind.example"].text)
		same(t, "to the customer", mails["ada@bright.example"].parts(), []string{
			"ada@bright.example", "Aurora Suite: the last day to cancel is 21 October 2027", `Your license of Aurora Suite runs to Saturday, 20 November 2027. Unless it is cancelled by Thursday, 21 October 2027, it is extended to Monday, 20 November 2028.

To let it run on, do nothing. To cancel it, tell Northwind by Thursday, 21 October 2027, and name order ` + l.OrderNumber + `.

Anna Lindqvist
hello@northwind.example
+46 8 5550120
`})
		for _, m := range mails {
			if strings.Contains(m.subject+m.text, l.Ticket) {
				t.Errorf("a mail holds the ticket:\n%s", m.text)
			}
		}
		h.post.sent = nil
		history := got[[]licensing.HistoryEntry](t)(h.ordering.History(t.Context(), h.anna(t), l.ID))
		same(t, "history", history[0], licensing.HistoryEntry{
			At: history[0].At, By: "Scheduler", Action: "subscription.reminded", Detail: values("cancelBy", "2027-10-21", "days", "30", "customer", "ada@bright.example"),
		})
		unchanged(t, h, "again", func() { same(t, "sent again", h.remindDue(t), []string{}) })

		h.setBusinessDay(t, day(2027, 10, 14))
		all := []string{"ada@bright.example", "anna@northwind.example", "ben@northwind.example"}
		same(t, "the second", h.remindDue(t), all)
		h.setBusinessDay(t, day(2027, 10, 22)) // the next period exists from now on
		same(t, "after the last day", h.remindDue(t), []string{})
		h.extendDue(t)
		same(t, "extended", h.remindDue(t), []string{})
		must(t, h.clock.MoveTo(t.Context(), day(2028, 9, 21)))
		h.deliver(t)
		same(t, "of the next period, by the demo's clock", len(h.post.sent), 3)
	})
}

// TestRemindersMissed moves the clock over reminders: of those of a period the latest is sent, and none when the last day to
// cancel has passed too; then that of the period which is running by then.
func TestRemindersMissed(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		l := h.create(t, h.anna(t), suite()).Licenses[0] // to be cancelled by 2027-10-21
		reminded := func() (days []string) {
			for _, e := range got[[]licensing.HistoryEntry](t)(h.ordering.History(t.Context(), h.anna(t), l.ID)) {
				if e.Action == "subscription.reminded" {
					by, _ := licensing.ValueOf(e.Detail, "cancelBy")
					n, _ := licensing.ValueOf(e.Detail, "days")
					days = append(days, by+" "+n)
				}
			}
			slices.Reverse(days)
			return days
		}
		must(t, h.clock.MoveTo(t.Context(), day(2027, 10, 20)))
		same(t, "both missed, the last day to come", reminded(), []string{"2027-10-21 1"})
		must(t, h.clock.MoveTo(t.Context(), day(2028, 9, 1)))
		must(t, h.clock.MoveTo(t.Context(), day(2028, 10, 22)))
		same(t, "both missed with the last day", reminded(), []string{"2027-10-21 1"})
		must(t, h.clock.MoveTo(t.Context(), day(2031, 10, 1)))
		same(t, "years missed", reminded(), []string{"2027-10-21 1", "2031-10-21 20"})
		must(t, h.clock.MoveTo(t.Context(), day(2031, 10, 14)))
		same(t, "and on", reminded(), []string{"2027-10-21 1", "2031-10-21 20", "2031-10-21 7"})
	})
}

// TestRemindersAndCancelling sends none for what is cancelled, and those that lie ahead when the cancellation is withdrawn.
func TestRemindersAndCancelling(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		anna := h.anna(t)
		create := func() licensing.License { return h.create(t, anna, forNobody()).Licenses[0] }
		cancelled, withdrawn, revoked, reinstated := create(), create(), create(), create()
		for _, l := range []licensing.License{cancelled, withdrawn} {
			h.cancel(t, anna, subscriptions.Cancel{Ticket: l.Ticket})
		}
		for _, l := range []licensing.License{revoked, reinstated} {
			h.change(t, anna, licensing.ToRevoke, l.Ticket)
		}
		h.setBusinessDay(t, day(2027, 10, 1))
		same(t, "cancelled and revoked ones", h.remindDue(t), []string{})
		h.withdraw(t, anna, withdrawn.Ticket)
		h.change(t, h.isv(t), licensing.ToReinstate, reinstated.Ticket)
		same(t, "not of what is past", h.remindDue(t), []string{})
		h.setBusinessDay(t, day(2027, 10, 14))
		same(t, "what lies ahead", h.remindDue(t), []string{"anna@northwind.example", "anna@northwind.example"})
		h.cancel(t, anna, subscriptions.Cancel{Ticket: withdrawn.Ticket})
		h.withdraw(t, anna, withdrawn.Ticket)
		same(t, "not twice on a day", h.remindDue(t), []string{})
	})
}

// TestWhoIsReminded leaves out who is gone, service accounts, and customers where the plan says so or the license is a test.
func TestWhoIsReminded(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.create(t, h.erpAccount(t), with(forAda(), func(in *ordering.CreateLicense) { in.Group = "northwind" }))
		h.setBusinessDay(t, day(2027, 9, 21))
		same(t, "ordered from above by a machine", h.remindDue(t), []string{"ada@bright.example", "anna@northwind.example"})

		ben := h.ben(t)
		h.setBusinessDay(t, day(2027, 9, 22))
		h.create(t, ben, with(forAda(), func(in *ordering.CreateLicense) { in.Test = true }))
		h.write(t, func(tx licensing.Tx) error {
			m, err := tx.Membership(t.Context(), ben.ID)
			must(t, err)
			m.Suspended = true
			return tx.UpdateMembership(t.Context(), m)
		})
		h.setBusinessDay(t, day(2028, 7, 23)) // 30 days before its last day to cancel; the other one's comes later
		h.extendDue(t)
		same(t, "a test of somebody suspended", h.remindDue(t), []string{"anna@northwind.example"})
	})
}

// TestPlansRemind holds reminders to what the plan says that a subscription was sold with.
func TestPlansRemind(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		anna := h.anna(t)
		quiet, never := monthly(), monthly()
		quiet.Code, quiet.Plan.Reminders, quiet.Plan.ResellerOnly = "QUIET", []int{0, 3}, true
		never.Code, never.Plan.Reminders = "NEVER", []int{}
		for _, p := range []string{"QUIET", "NEVER"} {
			in := quiet
			if p == "NEVER" {
				in = never
			}
			h.offered(t, in)
			l := h.create(t, anna, with(forAda(), func(in *ordering.CreateLicense) { in.Product, in.Parameters = p, nil })).Licenses[0]
			same(t, "kept with the subscription", h.license(t, l.ID).Subscription.Plan.Reminders, in.Plan.Reminders)
			if p == "NEVER" && h.license(t, l.ID).Subscription.Plan.Reminders == nil {
				t.Error("a plan that never reminds came back as one that says nothing of it")
			}
		}
		var days []string // sold on 21 November, to 20 December, to be cancelled by the 13th
		for d := day(2026, 11, 21); d.Before(day(2027, 3, 1)); d = d.AddDays(1) {
			h.setBusinessDay(t, d)
			h.extendDue(t)
			for _, to := range h.remindDue(t) {
				days = append(days, fmt.Sprint(d, " ", to))
			}
		}
		same(t, "sent", days, []string{"2026-12-10 anna@northwind.example", "2026-12-13 anna@northwind.example", "2027-01-10 anna@northwind.example", "2027-01-13 anna@northwind.example"})
	})
}

// TestRemindersByManyAtOnce has two processes with four sweeps each: every reminder goes out once.
func TestRemindersByManyAtOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		const licenses = 10
		for range licenses {
			h.create(t, h.anna(t), forNobody())
		}
		h.setBusinessDay(t, day(2027, 9, 21))
		houses := []*house{h, h.another(t)}
		var sweeps sync.WaitGroup
		for i := range 8 {
			sweeps.Go(func() {
				if _, err := houses[i%2].subscriptions.RemindDue(t.Context()); err != nil {
					t.Errorf("sweep %d: %v", i, err)
				}
			})
		}
		sweeps.Wait()
		h.deliver(t)
		same(t, "mails", len(h.post.sent), licenses)
	})
}

// TestNobodyIsRemindedOfADeletedTest deletes a test license with a subscription: nothing about it is due any more.
func TestNobodyIsRemindedOfADeletedTest(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		l := h.create(t, h.anna(t), with(forAda(), func(in *ordering.CreateLicense) { in.Test = true })).Licenses[0]
		_, _, err := h.ordering.ChangeState(t.Context(), h.anna(t), licensing.NewID(), licensing.ToDelete, ordering.ChangeState{Ticket: l.Ticket, Reason: "a test"})
		must(t, err)
		h.setBusinessDay(t, day(2027, 10, 1))
		h.read(t, func(tx licensing.Tx) {
			same(t, "due", len(got[[]licensing.LicenseID](t)(tx.DueReminders(t.Context(), tx.Now().Business, 10))), 0)
		})
		same(t, "reminded", h.remindDue(t), []string{})
	})
}
