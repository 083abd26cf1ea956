package subscriptions

import (
	"context"
	"errors"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

// Subscription returns the subscription of a license within sight, with all its periods. The error is notFound for a
// ticket beyond sight, and conflict for a license without a subscription.
func (s *Service) Subscription(ctx context.Context, actor licensing.Actor, ticket string) (licensing.Subscription, error) {
	ticket, err := licensing.ParseTicket(ticket)
	if err != nil {
		return licensing.Subscription{}, err
	}
	return usecase.Read(ctx, s.runner, actor, func(ctx context.Context, tx *usecase.Tx) (licensing.Subscription, error) {
		l, err := tx.LicenseByTicket(ctx, ticket)
		if l, err = inSight(ctx, tx, l, err); err != nil {
			return licensing.Subscription{}, err
		}
		return *l.Subscription, nil
	})
}

// NextPeriod returns the period by which a license within sight is extended if nobody cancels, with its price; nil when it
// is extended no more, or has no subscription. It is computed from the whole license, also from what is hidden from whoever
// asks: he is charged by that too.
func (s *Service) NextPeriod(ctx context.Context, actor licensing.Actor, id licensing.LicenseID) (*licensing.Period, error) {
	return usecase.Read(ctx, s.runner, actor, func(ctx context.Context, tx *usecase.Tx) (*licensing.Period, error) {
		l, err := tx.LicenseByID(ctx, id)
		if l, err = seen(ctx, tx, l, err); err != nil || l.Subscription == nil {
			return nil, err
		}
		next, ok := l.Extended(tx.Now().Zone)
		if !ok {
			return nil, nil
		}
		return new(next.Subscription.Last()), nil
	})
}

// seen lets a license through that is within the actor's sight.
func seen(ctx context.Context, tx *usecase.Tx, l licensing.License, err error) (licensing.License, error) {
	if err != nil && !errors.Is(err, licensing.ErrNone) {
		return l, err
	}
	ok := false
	if err == nil {
		if ok, err = tx.InSight(ctx, tx.Actor.Group, tx.Actor.Role.Below(), l.Group); err != nil {
			return l, err
		}
	}
	if !ok {
		return l, licensing.NotFoundError("ticket", "There is no such license within your sight.")
	}
	return l, nil
}

// inSight lets a license through that the actor sees, and that has a subscription.
func inSight(ctx context.Context, tx *usecase.Tx, l licensing.License, err error) (licensing.License, error) {
	if l, err = seen(ctx, tx, l, err); err != nil {
		return l, err
	}
	if l.Subscription == nil {
		return l, licensing.ConflictError("This license has no subscription.")
	}
	return l, nil
}
