package subscriptions

import (
	"context"
	"errors"
	"fmt"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

// batch is how many due subscriptions are looked up at once.
const batch = 200

// ExtendDue does what the clock demands of every subscription: it extends those whose last day to cancel has passed,
// once for each missed period and in order, and ends the cancelled ones whose end date has. Each step is a transaction
// of its own, so that one that fails holds up no other. It returns how many steps were done.
func (s *Service) ExtendDue(ctx context.Context) (steps int, err error) {
	failed := map[licensing.LicenseID]bool{}
	for {
		due, listErr := usecase.Read(ctx, s.runner, licensing.Scheduler(), func(ctx context.Context, tx *usecase.Tx) ([]licensing.LicenseID, error) {
			return tx.DueSubscriptions(ctx, tx.Now().Business, batch+len(failed))
		})
		if listErr != nil {
			return steps, errors.Join(err, listErr)
		}
		before := steps
		for _, id := range due {
			if failed[id] {
				continue
			}
			if stepErr := s.step(ctx, id); stepErr != nil {
				failed[id] = true
				err = errors.Join(err, fmt.Errorf("subscription of license %s: %w", id, stepErr))
				continue
			}
			steps++
		}
		if steps == before || ctx.Err() != nil {
			return steps, err
		}
	}
}

// step does the next thing that is due for one subscription; nothing, when another process was faster.
func (s *Service) step(ctx context.Context, id licensing.LicenseID) error {
	_, _, err := usecase.Run(ctx, s.runner, licensing.Scheduler(), "ExtendSubscription", "", id, s.advance)
	return err
}

func (s *Service) advance(ctx context.Context, tx *usecase.Tx, id licensing.LicenseID) (struct{}, error) {
	l, err := tx.LicenseByID(ctx, id)
	if err != nil || l.Subscription == nil {
		return struct{}{}, err
	}
	if at, ok := l.Subscription.DueAt(tx.Now().Zone); !ok || at.After(tx.Now().Business) {
		return struct{}{}, nil
	}
	if l.Subscription.State == licensing.SubscriptionCancelled {
		return struct{}{}, s.end(ctx, tx, l)
	}
	return struct{}{}, s.extend(ctx, tx, l)
}

func (s *Service) extend(ctx context.Context, tx *usecase.Tx, l licensing.License) error {
	sub := *l.Subscription
	last := sub.Last()
	next := sub.Plan.NextPeriod(last)
	added, err := tx.AppendPeriod(ctx, sub, next)
	if err != nil || !added {
		return err
	}
	l.ExpiresAt, l.MaintenanceUntil = licensing.Prolong(sub.Plan.Type, next, tx.Now().Zone)
	if err := tx.UpdateLicense(ctx, l); err != nil {
		return err
	}
	err = tx.Audit(ctx, "subscription.extended", string(l.ID), string(l.Order),
		licensing.Value{Name: "period", Value: fmt.Sprint(next.Number)},
		licensing.Value{Name: "end", Value: next.End.String()},
		licensing.Value{Name: "cancelBy", Value: last.CancelBy.String()},
	)
	if err != nil {
		return err
	}
	if l, err = tx.LicenseByID(ctx, l.ID); err != nil {
		return err
	}
	return tx.Emit(ctx, licensing.LicenseExtended{License: l, Period: next})
}

func (s *Service) end(ctx context.Context, tx *usecase.Tx, l licensing.License) error {
	sub := *l.Subscription
	sub.State = licensing.SubscriptionEnded
	if err := tx.UpdateSubscription(ctx, sub); err != nil {
		return err
	}
	err := tx.Audit(ctx, "subscription.ended", string(l.ID), string(l.Order), licensing.Value{Name: "end", Value: sub.Last().End.String()})
	if err != nil {
		return err
	}
	if l, err = tx.LicenseByID(ctx, l.ID); err != nil {
		return err
	}
	return tx.Emit(ctx, licensing.SubscriptionRanOut{License: l})
}
