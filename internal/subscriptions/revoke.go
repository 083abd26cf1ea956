package subscriptions

import (
	"context"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

// EndRevoked subscribes to LicenseIsRevoked: the subscription ends this day, and nothing comes after it. Its periods
// stay as they are, so that a reinstatement finds them.
func (s *Service) EndRevoked(ctx context.Context, tx *usecase.Tx, e licensing.LicenseIsRevoked) error {
	return s.endNow(ctx, tx, e.License)
}

// EndDeleted subscribes to LicenseIsDeleted: the clock has nothing to do with the license any more.
func (s *Service) EndDeleted(ctx context.Context, tx *usecase.Tx, e licensing.LicenseIsDeleted) error {
	return s.endNow(ctx, tx, e.License)
}

func (s *Service) endNow(ctx context.Context, tx *usecase.Tx, l licensing.License) error {
	if l.Subscription == nil || l.Subscription.State == licensing.SubscriptionEnded {
		return nil
	}
	sub := *l.Subscription
	sub.State, sub.RevokedOn = licensing.SubscriptionEnded, tx.Now().Today()
	if err := tx.UpdateSubscription(ctx, sub); err != nil {
		return err
	}
	if err := remindFrom(ctx, tx, sub, tx.Now().Today()); err != nil { // of nothing any more
		return err
	}
	return tx.Audit(ctx, "subscription.revoked", string(l.ID), string(l.Order), licensing.Value{Name: "end", Value: sub.RevokedOn.String()})
}

// Restore subscribes to LicenseReinstated: a subscription that a revocation ended is again what it was. When its last
// period is over by now, it has ended with that, and none is added for the time in between. When that period still
// runs, but its last day to cancel passed meanwhile, it is due: the next sweep extends it by a period.
func (s *Service) Restore(ctx context.Context, tx *usecase.Tx, e licensing.LicenseReinstated) error {
	l := e.License
	if l.Subscription == nil || l.Subscription.RevokedOn.IsZero() {
		return nil
	}
	sub := l.Subscription.Restored(tx.Now().Today())
	if err := tx.UpdateSubscription(ctx, sub); err != nil {
		return err
	}
	if err := remindFrom(ctx, tx, sub, tx.Now().Today()); err != nil {
		return err
	}
	return tx.Audit(ctx, "subscription.restored", string(l.ID), string(l.Order),
		licensing.Value{Name: "end", Value: sub.EndsOn().String()}, licensing.Value{Name: "state", Value: string(sub.State)})
}
