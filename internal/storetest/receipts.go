package storetest

import (
	"context"
	"strings"
	"sync"
	"testing"

	"kontor/internal/licensing"
)

// receipt takes a number and writes a receipt of a license.
func receipt(ctx context.Context, tx licensing.Tx, l licensing.License, document string) (licensing.Receipt, error) {
	seq, err := tx.NextReceipt(ctx, l)
	if err != nil {
		return licensing.Receipt{}, err
	}
	number := licensing.ReceiptNumber(cancelBy, seq)
	r := licensing.Receipt{
		Seq: seq, License: l.ID, Group: l.Group, Number: number, Document: document,
		Facts: licensing.ReceiptPayload{Format: licensing.ReceiptFormat, Number: number, ReceivedAt: someTime, CancelBy: cancelBy, InTime: true, Customer: licensing.Customer{Name: "株式会社 <Ω>"}},
	}
	return r, tx.FinishReceipt(ctx, r)
}

var receipts = map[string]func(*testing.T, licensing.Store){
	"round-trip, newest first, and are withdrawn once": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		l, other := w.subscribed(t, s, cancelBy), w.subscribed(t, s, cancelBy)
		var first, second, elsewhere licensing.Receipt
		write(t, s, func(tx licensing.Tx) {
			first = got[licensing.Receipt](t)(receipt(t.Context(), tx, l, `{"a": "é"}`))
			elsewhere = got[licensing.Receipt](t)(receipt(t.Context(), tx, other, "{}"))
		})
		write(t, s, func(tx licensing.Tx) {
			must(t, tx.WithdrawReceipts(t.Context(), l.ID))
			first.WithdrawnAt = new(tx.Now().Business)
		})
		write(t, s, func(tx licensing.Tx) {
			second = got[licensing.Receipt](t)(receipt(t.Context(), tx, l, "{}\n"))
		})
		read(t, s, func(tx licensing.Tx) {
			same(t, "of the license", got[[]licensing.Receipt](t)(tx.ReceiptsOf(t.Context(), l.ID)), []licensing.Receipt{second, first})
			same(t, "of the other", got[[]licensing.Receipt](t)(tx.ReceiptsOf(t.Context(), other.ID)), []licensing.Receipt{elsewhere})
			same(t, "of none", len(got[[]licensing.Receipt](t)(tx.ReceiptsOf(t.Context(), "none"))), 0)
		})
		raced(t, s, func(ctx context.Context, tx licensing.Tx) error { // what is written stays
			first.Document = strings.ToUpper(first.Document)
			return tx.FinishReceipt(ctx, first)
		})
	},
	"of many who cancel at once each has a number of its own": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		l := w.subscribed(t, s, cancelBy)
		var all sync.WaitGroup
		for range 20 {
			all.Go(func() {
				err := s.Write(t.Context(), func(tx licensing.Tx) error {
					_, err := receipt(t.Context(), tx, l, "{}")
					return err
				})
				if err != nil {
					t.Errorf("receipt: %v", err)
				}
			})
		}
		all.Wait()
		read(t, s, func(tx licensing.Tx) {
			numbers := map[string]bool{}
			for _, r := range got[[]licensing.Receipt](t)(tx.ReceiptsOf(t.Context(), l.ID)) {
				numbers[r.Number] = true
			}
			same(t, "numbers", len(numbers), 20)
		})
	},
}
