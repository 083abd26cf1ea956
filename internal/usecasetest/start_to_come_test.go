package usecasetest

import (
	"crypto/ed25519"
	"strings"
	"testing"

	"kontor/internal/licensing"
	"kontor/internal/ordering"
	"kontor/internal/signing"
	"kontor/internal/subscriptions"
)

// TestStartToCome sells a subscription that starts later: the ERP and the license file are told from which day it
// runs.
func TestStartToCome(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		anna := h.anna(t)
		h.offered(t, flexible())
		order := ordering.CreateLicense{Category: "partner", Product: "FLEXPLAN", Customer: licensing.Customer{Name: "Ada"}}
		for _, c := range []struct{ start, end licensing.Day }{
			{licensing.Day{}, licensing.Day{}}, {day(2026, 12, 1), licensing.Day{}}, {day(2026, 12, 1), day(2027, 1, 15)}, {licensing.Day{}, day(2029, 11, 20)},
		} {
			in := with(order, func(in *ordering.CreateLicense) { in.StartDate, in.EndDate = c.start, c.end })
			l := h.create(t, anna, in).Licenses[0]
			later := !c.start.IsZero()
			first := day(2026, 11, 21)
			if later {
				first = c.start
			}
			same(t, "told the ERP", h.messages(t, l.Order)[0].Content.Licenses[0].StartDate, first)
			payload := got[[]byte](t)(signing.Verify([]byte(l.File), []ed25519.PublicKey{h.publicKey}, ""))
			said := ""
			if later {
				said = first.String()
			}
			same(t, "in the file", got[signing.Description](t)(signing.Describe(payload)).StartDate, said)
		}
		l := h.create(t, anna, with(order, func(in *ordering.CreateLicense) { in.StartDate = day(2026, 12, 1) })).Licenses[0]
		h.cancel(t, anna, subscriptions.Cancel{Ticket: l.Ticket})
		same(t, "told of it later", h.messages(t, l.Order)[1].Content.Licenses[0].StartDate, licensing.Day{})
	})
}

// TestReminderBeforeTheStart reminds of a last day to cancel before the period begins: the customer reads when that is.
func TestReminderBeforeTheStart(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.offered(t, flexible())
		h.create(t, h.anna(t), ordering.CreateLicense{
			Category: "partner", Product: "FLEXPLAN", Customer: licensing.Customer{Name: "Ada", Email: "ada@bright.example"}, StartDate: day(2026, 12, 20), EndDate: day(2027, 1, 19),
		})
		h.setBusinessDay(t, day(2026, 12, 6)) // 30 days before 5 January
		same(t, "sent", got[int](t)(h.subscriptions.RemindDue(t.Context())), 1)
		h.deliver(t)
		for _, m := range h.post.sent {
			if m.recipient == "ada@bright.example" {
				same(t, "says", strings.HasPrefix(m.text, "Your license of Flexible plan runs from Sunday, 20 December 2026 to Tuesday, 19 January 2027. Unless it is cancelled by Tuesday, 5 January 2027"), true)
				return
			}
		}
		t.Error("the customer got no mail")
	})
}
