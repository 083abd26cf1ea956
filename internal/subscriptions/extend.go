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
	settled := map[licensing.LicenseID]bool{} // those that failed, or that another process was faster with
	for {
		due, listErr := usecase.Read(ctx, s.runner, licensing.Scheduler(), func(ctx context.Context, tx *usecase.Tx) ([]licensing.LicenseID, error) {
			return tx.DueSubscriptions(ctx, tx.Now().Business, batch+len(settled))
		})
		if listErr != nil {
			return steps, errors.Join(err, listErr)
		}
		looked := false
		for _, id := range due {
			if settled[id] || ctx.Err() != nil {
				continue
			}
			looked = true
			done, stepErr := s.step(ctx, id)
			if stepErr != nil {
				err = errors.Join(err, fmt.Errorf("subscription of license %s: %w", id, stepErr))
			}
			if done {
				steps++
			} else {
				settled[id] = true
			}
		}
		if !looked || ctx.Err() != nil {
			return steps, errors.Join(err, ctx.Err())
		}
	}
}

// step does the next thing that is due for one subscription. It reports false when nothing is.
func (s *Service) step(ctx context.Context, id licensing.LicenseID) (done bool, err error) {
	done, _, err = usecase.Run(ctx, s.runner, licensing.Scheduler(), "ExtendSubscription", "", id, s.advance)
	return done && err == nil, err
}

func (s *Service) advance(ctx context.Context, tx *usecase.Tx, id licensing.LicenseID) (done bool, err error) {
	l, err := tx.LicenseByID(ctx, id)
	if err != nil || l.Subscription == nil {
		return false, err
	}
	if at, ok := l.Subscription.DueAt(tx.Now().Zone); !ok || at.After(tx.Now().Business) {
		return false, nil
	}
	if _, ok := l.Subscription.Next(); !ok {
		return true, s.end(ctx, tx, l)
	}
	return true, s.extend(ctx, tx, l)
}

// extend adds the period that follows; nothing happens when none does, or when it exists.
func (s *Service) extend(ctx context.Context, tx *usecase.Tx, l licensing.License) error {
	extended, ok := l.Extended(tx.Now().Zone)
	if !ok {
		return nil
	}
	sub := *l.Subscription
	last, next := sub.Last(), extended.Subscription.Last()
	sub.Coming = extended.Subscription.Coming
	added, err := tx.AppendPeriod(ctx, sub, next)
	if err != nil || !added {
		return err
	}
	if err := tx.UpdateLicense(ctx, extended); err != nil {
		return err
	}
	detail := []licensing.Value{
		{Name: "period", Value: fmt.Sprint(next.Number)}, {Name: "end", Value: next.End.String()}, {Name: "cancelBy", Value: last.CancelBy.String()},
	}
	if next.Amount != nil {
		detail = append(detail, licensing.Value{Name: "minor", Value: fmt.Sprint(next.Amount.Minor)}, licensing.Value{Name: "currency", Value: next.Amount.Currency})
	}
	err = tx.Audit(ctx, "subscription.extended", string(l.ID), string(l.Order), detail...)
	if err != nil {
		return err
	}
	if l, err = tx.LicenseByID(ctx, l.ID); err != nil {
		return err
	}
	if err := remindFrom(ctx, tx, *l.Subscription, last.CancelBy.AddDays(1)); err != nil {
		return err
	}
	if err := tx.Emit(ctx, licensing.LicenseExtended{License: l, Period: next}); err != nil {
		return err
	}
	return mailExtension(ctx, tx, l)
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
