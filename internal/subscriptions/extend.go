package subscriptions

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

// ExtendDue does what the clock demands of every subscription: it extends those whose last day to cancel has passed,
// once for each missed period and in order, and ends the cancelled ones whose end date has. It returns how many steps were
// done.
func (s *Service) ExtendDue(ctx context.Context) (steps int, err error) {
	steps, _, err = s.ExtendSome(ctx, math.MaxInt)
	return steps, err
}

// ExtendSome is ExtendDue that stops after about as many steps, and tells whether there is more to do. What fails is told
// in the error, holds up nothing else, and is no more to do.
func (s *Service) ExtendSome(ctx context.Context, most int) (steps int, more bool, err error) {
	return s.sweep(ctx, most, licensing.Moment.Settled)
}

// ExtendNow is ExtendDue for a clock that was moved by hand, up to the instant at which it stands: nothing is under way that
// was received before.
func (s *Service) ExtendNow(ctx context.Context) (steps int, err error) {
	steps, _, err = s.sweep(ctx, math.MaxInt, func(m licensing.Moment) licensing.Moment { return m })
	return steps, err
}

func (s *Service) sweep(ctx context.Context, most int, until func(licensing.Moment) licensing.Moment) (steps int, more bool, err error) {
	w := sweep{service: s, until: until, settled: map[licensing.LicenseID]bool{}}
	for w.steps < most {
		looked, listErr := w.pass(ctx)
		if listErr != nil || ctx.Err() != nil {
			return w.steps, true, errors.Join(w.err, listErr, ctx.Err())
		}
		if !looked {
			return w.steps, false, w.err
		}
	}
	return w.steps, true, w.err
}

const (
	listed   = 200 // due subscriptions are looked up at once
	together = 20  // are dealt with in one transaction: most of what one takes is its commit
	atOnce   = 4   // transactions are under way
)

// sweep is one go over what is due.
type sweep struct {
	service *Service
	until   func(licensing.Moment) licensing.Moment // the moment until which what was due is done
	mu      sync.Mutex
	settled map[licensing.LicenseID]bool // those that failed, or that another process was faster with
	steps   int
	err     error
}

// pass takes a step with each of the first that are due. It reports false when there are none.
func (w *sweep) pass(ctx context.Context) (bool, error) {
	due, err := usecase.Read(ctx, w.service.runner, licensing.Scheduler(), func(ctx context.Context, tx *usecase.Tx) ([]licensing.LicenseID, error) {
		return tx.DueSubscriptions(ctx, w.until(tx.Now()).Business, listed+len(w.settled))
	})
	if err != nil {
		return false, err
	}
	due = slices.DeleteFunc(due, func(id licensing.LicenseID) bool { return w.settled[id] })
	var all errgroup.Group
	all.SetLimit(atOnce)
	for ids := range slices.Chunk(due, together) {
		all.Go(func() error {
			w.take(ctx, ids)
			return nil
		})
	}
	return len(due) > 0, all.Wait()
}

// take takes a step with each of some subscriptions in one transaction; when that fails, each in one of its own.
func (w *sweep) take(ctx context.Context, ids []licensing.LicenseID) {
	if ctx.Err() != nil {
		return
	}
	done, _, err := usecase.Run(ctx, w.service.runner, licensing.Scheduler(), "ExtendSubscriptions", "", ids, w.advanceAll)
	if err != nil && len(ids) > 1 {
		for _, id := range ids {
			w.take(ctx, []licensing.LicenseID{id})
		}
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if err != nil {
		w.err = errors.Join(w.err, err)
		w.settled[ids[0]] = true
		return
	}
	for i, id := range ids {
		if done[i] {
			w.steps++
		} else {
			w.settled[id] = true
		}
	}
}

// advanceAll does the next thing that is due for each of some subscriptions. It reports false for those of which nothing
// is.
func (w *sweep) advanceAll(ctx context.Context, tx *usecase.Tx, ids []licensing.LicenseID) ([]bool, error) {
	done := make([]bool, len(ids))
	for i, id := range ids {
		var err error
		if done[i], err = w.service.advance(ctx, tx, id, w.until(tx.Now()).Business, ""); err != nil {
			return nil, fmt.Errorf("subscription of license %s: %w", id, err)
		}
	}
	return done, nil
}

// advance does the next thing that was due at an instant, for a reason when somebody decided so. It reports false when nothing
// was.
func (s *Service) advance(ctx context.Context, tx *usecase.Tx, id licensing.LicenseID, at time.Time, reason string) (done bool, err error) {
	l, err := tx.LicenseByID(ctx, id)
	if err != nil || l.Subscription == nil {
		return false, err
	}
	if due, ok := l.Subscription.DueAt(tx.Now().Zone); !ok || due.After(at) {
		// It was listed as due: another process was faster, or its product's sale changed in the moment in which it was sold,
		// so that no review came by.
		return false, tx.PostponeSubscription(ctx, *l.Subscription)
	}
	if begun, ok := l.Begun(tx.Now().Today()); ok {
		return true, s.begin(ctx, tx, l, begun)
	}
	if _, ok := l.Subscription.Next(); !ok {
		return true, s.end(ctx, tx, l)
	}
	return true, s.extend(ctx, tx, l, reason)
}

// extend adds the period that follows, for a reason when somebody decided so; nothing happens when none does, or when it
// exists.
func (s *Service) extend(ctx context.Context, tx *usecase.Tx, l licensing.License, reason string) error {
	extended, ok := l.Extended(tx.Now().Zone)
	if !ok {
		return nil
	}
	sub := *l.Subscription
	last, next := sub.Last(), extended.Subscription.Last()
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
	if err := tx.Emit(ctx, licensing.LicenseExtended{License: l, Period: next, Reason: reason}); err != nil {
		return err
	}
	return mailExtension(ctx, tx, l)
}

func (s *Service) end(ctx context.Context, tx *usecase.Tx, l licensing.License) error {
	sub := *l.Subscription
	sub.State = licensing.SubscriptionEnded
	sub.Coming = slices.DeleteFunc(slices.Clone(sub.Coming), func(c licensing.Coming) bool { return c.Period > sub.Last().Number })
	if err := tx.UpdateSubscription(ctx, sub); err != nil {
		return err
	}
	err := tx.Audit(ctx, "subscription.ended", string(l.ID), string(l.Order), licensing.Value{Name: "end", Value: sub.EndsOn().String()})
	if err != nil {
		return err
	}
	if l, err = tx.LicenseByID(ctx, l.ID); err != nil {
		return err
	}
	return tx.Emit(ctx, licensing.SubscriptionRanOut{License: l})
}
