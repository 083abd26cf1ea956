package usecasetest

import (
	"crypto/ed25519"
	"strings"
	"testing"
	"time"

	"kontor/internal/licensing"
	"kontor/internal/ordering"
	"kontor/internal/signing"
	"kontor/internal/subscriptions"
)

// receipts are those of a license, as somebody sees them.
func (h *house) receipts(t testing.TB, actor licensing.Actor, id licensing.LicenseID) []licensing.Receipt {
	t.Helper()
	return got[[]licensing.Receipt](t)(h.subscriptions.Receipts(t.Context(), actor, id))
}

// checkReceipt verifies a receipt's document as anybody can, and holds it against what the receipt says.
func checkReceipt(t *testing.T, h *house, r licensing.Receipt) {
	t.Helper()
	payload, err := signing.VerifyReceipt([]byte(r.Document), []ed25519.PublicKey{h.receiptKey})
	must(t, err)
	same(t, "what is signed", got[licensing.ReceiptPayload](t)(licensing.ReadReceipt(payload)), r.Facts)
}

// TestReceipts cancels, withdraws, and cancels again, too late: each cancellation has its own receipt.
func TestReceipts(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		anna := h.anna(t)
		in := suite()
		in.Customer = licensing.Customer{Name: "Łukasz <株式会社> & Ω", Company: "\U0001F600"}
		l := h.create(t, anna, in).Licenses[0]
		same(t, "before", len(h.receipts(t, anna, l.ID)), 0)
		out := h.cancel(t, h.ben(t), subscriptions.Cancel{Ticket: l.Ticket, Reason: "zu „teuer“ – 高い"})
		first := h.receipts(t, anna, l.ID)[0]
		same(t, "the answer's", out.Receipt.Document, first.Document)
		same(t, "says", first.Facts, licensing.ReceiptPayload{
			Format: "kontor cancellation receipt 1", Number: "R26-10001", Issuer: "Aurora Software", ReceivedAt: soldOn, Zone: "Europe/Berlin",
			CancelBy: day(2027, 10, 21), InTime: true, EndsOn: day(2027, 11, 20), Subscription: "license", Ticket: l.Ticket, OrderNumber: l.OrderNumber,
			Product: "AUR-SUITE", ProductName: "Aurora Suite", Quantity: l.Quantity, Units: 10, Group: "northwind", GroupName: l.GroupName, Customer: l.Customer, Reason: "zu „teuer“ – 高い",
			CancelledBy: "Ben Hartmann",
			Follows:     "The cancellation was received in time: the last day to cancel is 2027-10-21. The license runs to 2027-11-20. It is not extended after that day.",
		})
		checkReceipt(t, h, first)
		must(t, withdraw(t, h, anna, l))
		withdrawn := h.receipts(t, anna, l.ID)
		same(t, "withdrawn", []any{len(withdrawn), withdrawn[0].WithdrawnAt, withdrawn[0].Document}, []any{1, &soldOn, first.Document})

		h.setBusinessDay(t, day(2027, 10, 22))
		h.cancel(t, h.isv(t), subscriptions.Cancel{Ticket: l.Ticket})
		all := h.receipts(t, anna, l.ID)
		second := all[0].Facts
		same(t, "both", []any{len(all), all[1].Number, all[1].WithdrawnAt, all[0].Number, all[0].WithdrawnAt}, []any{2, "R26-10001", &soldOn, "R27-10002", (*time.Time)(nil)})
		same(t, "a late one", []any{second.InTime, second.CancelBy, second.EndsOn}, []any{false, day(2027, 10, 21), day(2028, 11, 20)})
		same(t, "who is above is not named", second.CancelledBy, "")
		if !strings.Contains(second.Follows, "received after the last day to cancel, 2027-10-21") || !strings.HasSuffix(second.Follows, "The license runs to 2028-11-20. It is not extended after that day.") {
			t.Errorf("it says: %s", second.Follows)
		}
		checkReceipt(t, h, all[0])
		one := got[licensing.Receipt](t)(h.subscriptions.Receipt(t.Context(), anna, l.ID, "R27-10002"))
		same(t, "by its number", one, all[0])
		_, err := h.subscriptions.Receipt(t.Context(), anna, l.ID, "R26-10002")
		refused(t, "of another year", err, licensing.CodeNotFound, "")
	})
}

func withdraw(t *testing.T, h *house, actor licensing.Actor, l licensing.License) error {
	t.Helper()
	_, _, err := h.subscriptions.Withdraw(t.Context(), actor, licensing.NewID(), subscriptions.Withdraw{Ticket: l.Ticket})
	return err
}

// TestWhoSeesReceipts: whoever sees the license, but for those that name a group beyond his sight.
func TestWhoSeesReceipts(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		l := h.create(t, h.anna(t), suite()).Licenses[0]
		r := h.cancel(t, h.anna(t), subscriptions.Cancel{Ticket: l.Ticket}).Receipt
		fjord := h.as(t, "ben@northwind.example", "fjord")
		for name, actor := range map[string]licensing.Actor{"another group's": fjord, "a member above": h.staff(t)} {
			_, err := h.subscriptions.Receipts(t.Context(), actor, l.ID)
			refused(t, name, err, licensing.CodeNotFound, "")
			_, err = h.subscriptions.Receipt(t.Context(), actor, l.ID, r.Number)
			refused(t, name, err, licensing.CodeNotFound, "")
		}
		same(t, "an admin above", len(h.receipts(t, h.isv(t), l.ID)), 1)
		_, _, err := h.ordering.MoveLicenses(t.Context(), h.isv(t), "move", ordering.MoveLicenses{Licenses: []licensing.LicenseID{l.ID}, Group: "fjord", Reason: "sold"})
		must(t, err)
		same(t, "after a move, the new owner", len(h.receipts(t, fjord, l.ID)), 0)
		same(t, "after a move, above", len(h.receipts(t, h.isv(t), l.ID)), 1)
		_, err = h.subscriptions.Receipts(t.Context(), h.anna(t), l.ID)
		refused(t, "after a move, the old owner", err, licensing.CodeNotFound, "")
	})
}

// TestACancellationCountsFromWhenItWasRead: the request is read on the last day to cancel; until its transaction begins
// the day is over, and the clock has been at work.
func TestACancellationCountsFromWhenItWasRead(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		midnight := *berlin(day(2027, 10, 22))
		for _, c := range []struct {
			name   string
			after  time.Duration // that the transaction begins after midnight
			inTime bool
			endsOn licensing.Day
		}{
			{"at once", 2 * time.Second, true, day(2027, 11, 20)},
			{"before the clock extends", time.Minute - time.Microsecond, true, day(2027, 11, 20)},
			// The year that was added is owed, and the receipt says so.
			{"after it", time.Minute, false, day(2028, 11, 20)},
		} {
			h.setBusinessDay(t, licensing.DayOf(soldOn, time.UTC))
			l := h.create(t, h.anna(t), suite()).Licenses[0]
			read := midnight.Add(-time.Second)
			h.setBusiness(t, read)
			anna := h.anna(t)
			h.wall.afterwards(func() { // between the request's reading and its transaction
				h.wall.advance(time.Second + c.after)
				h.extendDue(t)
			})
			out := h.cancel(t, anna, subscriptions.Cancel{Ticket: l.Ticket})
			if !c.inTime {
				read = midnight.Add(c.after)
			}
			same(t, c.name, []any{out.Receipt.Facts.InTime, out.Receipt.Facts.ReceivedAt, out.Receipt.Facts.EndsOn}, []any{c.inTime, read, c.endsOn})
			h.wall.advance(-time.Second - c.after)
		}
	})
}

// TestOthersCountFromWhenTheyWereRead too: cancelling many, of which each has a transaction of its own, and withdrawing.
func TestOthersCountFromWhenTheyWereRead(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		anna := h.anna(t)
		read := berlin(day(2027, 10, 22)).Add(-time.Second)
		var ids []licensing.LicenseID
		for range 3 {
			ids = append(ids, h.create(t, anna, suite()).Licenses[0].ID)
		}
		cancelled := h.create(t, anna, suite()).Licenses[0]
		h.cancel(t, anna, subscriptions.Cancel{Ticket: cancelled.Ticket})
		h.setBusiness(t, read)
		h.wall.afterwards(func() { h.wall.advance(2 * time.Second) })
		for _, one := range got[[]subscriptions.CancelledOne](t)(h.subscriptions.CancelMany(t.Context(), anna, "many", subscriptions.CancelMany{Licenses: ids})) {
			same(t, "one of many", []any{one.Refused, one.Done.InTime, one.Done.ReceivedAt}, []any{(*licensing.Error)(nil), true, read})
		}
		h.wall.advance(-2 * time.Second)
		h.wall.afterwards(func() { h.wall.advance(2 * time.Second) })
		_, _, err := h.subscriptions.Withdraw(t.Context(), anna, "withdraw", subscriptions.Withdraw{Ticket: cancelled.Ticket})
		must(t, err)
		same(t, "withdrawn", h.license(t, cancelled.ID).Subscription.State, licensing.SubscriptionActive)
	})
}

// TestSubscriptionIsRead by whoever sees its license.
func TestSubscriptionIsRead(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		anna := h.anna(t)
		l, perpetual := h.create(t, anna, suite()).Licenses[0], h.create(t, anna, design()).Licenses[0]
		read := func(actor licensing.Actor, ticket string) error {
			s, err := h.subscriptions.Subscription(t.Context(), actor, ticket)
			if err == nil {
				same(t, "subscription", s, *h.license(t, l.ID).Subscription)
			}
			return err
		}
		must(t, read(anna, strings.ToLower(l.Ticket)))
		must(t, read(h.erpAccount(t), l.Ticket))
		h.revokeAll(t, h.ben(t))
		must(t, read(h.ben(t), l.Ticket))
		refused(t, "in another group", read(h.as(t, "ben@northwind.example", "fjord"), l.Ticket), licensing.CodeNotFound, "ticket")
		refused(t, "a member above", read(h.staff(t), l.Ticket), licensing.CodeNotFound, "ticket")
		refused(t, "no such ticket", read(anna, "23456-789AB-CDEFG-HJKLM-NPQRH"), licensing.CodeNotFound, "ticket")
		refused(t, "no ticket", read(anna, "x"), licensing.CodeInvalidRequest, "ticket")
		refused(t, "no subscription", read(anna, perpetual.Ticket), licensing.CodeConflict, "")
	})
}
