package inbound

import (
	"context"

	"kontor/internal/licensing"
	"kontor/internal/subscriptions"
)

// fakeSubscriptions stands for subscriptions.Service, with the license and the request ids of the ordering.
type fakeSubscriptions struct {
	*fakeOrdering
}

func (f *fakeSubscriptions) Subscription(ctx context.Context, actor licensing.Actor, ticket string) (licensing.Subscription, error) {
	l, err := f.License(ctx, actor, ticket)
	if err != nil {
		return licensing.Subscription{}, err
	}
	l.Subscription.State = licensing.SubscriptionActive
	return *l.Subscription, nil
}

func (f *fakeSubscriptions) Cancel(_ context.Context, actor licensing.Actor, requestID string, in subscriptions.Cancel) (subscriptions.Cancelled, bool, error) {
	if in.RefuseIfLate && requestID == "erp-2026-004722" {
		return subscriptions.Cancelled{}, false, licensing.ConflictError("The last day to cancel was 2027-08-31. It runs on to 2028-11-30.")
	}
	out, replayed, err := f.changed(requestID, in.Ticket, func(*licensing.License) {})
	if err != nil {
		return subscriptions.Cancelled{}, false, err
	}
	now := licensing.Moment{Business: testNow, Wall: testNow, Zone: testNow.Location()}
	facts := licensing.NewReceipt(out.License, "Aurora Software", actor, in.Reason, now, mustDay("2028-08-31"), true)
	facts.Number = licensing.ReceiptNumber(now.Today(), 1)
	payload, err := facts.Encode()
	r := licensing.Receipt{Number: facts.Number, Facts: facts, Document: `{"receipt":` + string(payload) + `,"algorithm":"ed25519","signature":"c2lnbmVk"}` + "\n"}
	return subscriptions.Cancelled{License: out.License, InTime: true, EndsOn: facts.EndsOn, ReceivedAt: testNow, Receipt: r}, replayed, err
}

func (f *fakeSubscriptions) Withdraw(_ context.Context, _ licensing.Actor, requestID string, in subscriptions.Withdraw) (subscriptions.Withdrawn, bool, error) {
	out, replayed, err := f.changed(requestID, in.Ticket, func(l *licensing.License) { l.Subscription.State = licensing.SubscriptionActive })
	return subscriptions.Withdrawn{License: out.License}, replayed, err
}
