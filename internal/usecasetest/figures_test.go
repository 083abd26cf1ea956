package usecasetest

import (
	"fmt"
	"strings"
	"testing"

	"kontor/internal/licensing"
	"kontor/internal/ordering"
	"kontor/internal/subscriptions"
)

// TestQuantityAndUnits: wherever licenses are counted, the quantity is that of licenses, and the units are seats × quantity
// that were charged or charged back, on each kind of line of a statement, on a receipt and in a reminder.
func TestQuantityAndUnits(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		anna, isv := h.anna(t), h.isv(t)
		l := h.create(t, anna, with(suite(), func(in *ordering.CreateLicense) { in.Quantity, in.Parameters = new(2), values("seats", "4") })).Licenses[0]
		_, _, err := h.ordering.ModifyLicense(t.Context(), anna, licensing.NewID(), ordering.ModifyLicense{Ticket: l.Ticket, Parameters: values("seats", "5")})
		must(t, err)
		h.setBusinessDay(t, day(2027, 10, 20))
		got[int](t)(h.subscriptions.RemindDue(t.Context()))
		h.deliver(t)
		reminded := ""
		for _, m := range h.post.sent {
			if m.recipient == anna.Email {
				reminded = m.text
			}
		}
		same(t, "the reminder: "+reminded, strings.Contains(reminded, "\nLicenses:  2\nSeats:     10\nGroup: "), true)
		h.setBusinessDay(t, day(2027, 10, 30))
		h.extendDue(t)
		out, _, err := h.subscriptions.EndEarly(t.Context(), isv, licensing.NewID(), subscriptions.EndEarly{License: l.ID, EndsOn: day(2027, 11, 20), Reason: "as agreed"})
		must(t, err)
		same(t, "the receipt", []any{out.Receipt.Facts.Quantity, out.Receipt.Facts.Units}, []any{2, int64(10)})
		h.change(t, isv, licensing.ToRevoke, l.Ticket)
		h.change(t, isv, licensing.ToReinstate, l.Ticket)
		var lines []string
		for _, m := range []licensing.Month{november, {Year: 2027, Month: 10}} {
			for _, e := range h.statement(t, anna, "northwind", m).Entries {
				lines = append(lines, fmt.Sprint(e.Kind, " ", e.Quantity, " ", e.Units))
			}
		}
		same(t, "lines", lines, []string{"created 2 8", "charged 2 2", "extended 2 10", "credited 2 -10", "revoked 2 0", "reinstated 2 0"})

		d := h.create(t, anna, trial()).Licenses[0]
		_, counted := d.CountedSeats()
		same(t, "a product without seats", counted, false)
	})
}
