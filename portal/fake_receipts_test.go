package portal_test

import (
	"context"

	"kontor/internal/licensing"
)

// receive keeps the receipt of a cancellation; it is called with the lock held.
func (w *world) receive(a licensing.Actor, l licensing.License, reason string, inTime bool) {
	seq := int64(1)
	for _, all := range w.receipts {
		seq += int64(len(all))
	}
	facts := licensing.NewReceipt(l, "Aurora Software", a, reason, w.now, l.Subscription.Current(w.now.Today()).CancelBy, inTime)
	facts.Number = licensing.ReceiptNumber(w.now.Today(), seq)
	r := licensing.Receipt{Seq: seq, License: l.ID, Group: l.Group, Number: facts.Number, Document: `{"receipt":{},"algorithm":"ed25519","signature":"c2lnbmVk"}` + "\n", Facts: facts}
	w.receipts[l.ID] = append([]licensing.Receipt{r}, w.receipts[l.ID]...)
}

// withdrawReceipts is what a withdrawal does to them; it is called with the lock held.
func (w *world) withdrawReceipts(id licensing.LicenseID) {
	for i := range w.receipts[id] {
		w.receipts[id][i].WithdrawnAt = new(w.now.Business)
	}
}

// NextPeriod implements portal.Subscriptions.
func (w *world) NextPeriod(_ context.Context, a licensing.Actor, id licensing.LicenseID) (*licensing.Period, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	l := w.find(a, func(l licensing.License) bool { return l.ID == id })
	if l == nil {
		return nil, errNone
	}
	if next, ok := l.Extended(berlin); ok {
		return new(next.Subscription.Last()), nil
	}
	return nil, nil
}

// Receipts implements portal.Subscriptions.
func (w *world) Receipts(_ context.Context, a licensing.Actor, id licensing.LicenseID) ([]licensing.Receipt, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.find(a, func(l licensing.License) bool { return l.ID == id }) == nil {
		return nil, licensing.NotFoundError("", "There is no such license within your sight.")
	}
	return w.receipts[id], nil
}

// Receipt implements portal.Subscriptions.
func (w *world) Receipt(ctx context.Context, a licensing.Actor, id licensing.LicenseID, number string) (licensing.Receipt, error) {
	all, err := w.Receipts(ctx, a, id)
	for _, r := range all {
		if r.Number == number {
			return r, nil
		}
	}
	if err == nil {
		err = licensing.NotFoundError("", "There is no such receipt within your sight.")
	}
	return licensing.Receipt{}, err
}
