package subscriptions

import (
	"context"
	"fmt"
	"slices"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

// ChangeSeats subscribes to LicenseModified: more seats are charged by day in the periods that exist, fewer are kept for
// the period that follows.
func (s *Service) ChangeSeats(ctx context.Context, tx *usecase.Tx, e licensing.LicenseModified) error {
	if e.License.Subscription == nil {
		return nil
	}
	sub := *e.License.Subscription
	for _, c := range e.Charges {
		if err := tx.InsertCharge(ctx, sub.ID, c); err != nil {
			return err
		}
		detail := []licensing.Value{
			{Name: "period", Value: fmt.Sprint(c.Period)}, {Name: "units", Value: fmt.Sprint(c.Units)},
			{Name: "from", Value: c.From.String()}, {Name: "end", Value: c.Until.String()},
		}
		if c.Amount != nil {
			detail = append(detail, licensing.Value{Name: "minor", Value: fmt.Sprint(c.Amount.Minor)}, licensing.Value{Name: "currency", Value: c.Amount.Currency})
		}
		if err := tx.Audit(ctx, "subscription.charged", string(e.License.ID), string(e.License.Order), detail...); err != nil {
			return err
		}
	}
	if slices.EqualFunc(sub.Coming, e.Coming, func(a, b licensing.Coming) bool { return a.Period == b.Period && slices.Equal(a.Values, b.Values) }) {
		return nil
	}
	sub.Coming = e.Coming
	return tx.UpdateSubscription(ctx, sub)
}

// CatchUp subscribes to SubscriptionWaits: what is due is done first, as the clock's doing.
func (s *Service) CatchUp(ctx context.Context, tx *usecase.Tx, e licensing.SubscriptionWaits) error {
	return s.catchUpFor(ctx, tx, e, "")
}

// catchUpFor is CatchUp after a decision by which something is due, with its reason.
func (s *Service) catchUpFor(ctx context.Context, tx *usecase.Tx, e licensing.SubscriptionWaits, reason string) error {
	for {
		done, err := s.advance(ctx, tx.As(licensing.Scheduler()), e.License.ID, e.Until, reason)
		if err != nil || !done {
			return err
		}
	}
}

// begin lets what was to come with a period hold, now that it has begun.
func (s *Service) begin(ctx context.Context, tx *usecase.Tx, l, begun licensing.License) error {
	if err := tx.UpdateLicense(ctx, begun); err != nil {
		return err
	}
	if err := tx.Audit(ctx, "license.modified", string(l.ID), string(l.Order), licensing.Changes(l, begun, tx.Now())...); err != nil {
		return err
	}
	now, err := tx.LicenseByID(ctx, l.ID)
	if err != nil {
		return err
	}
	return tx.Emit(ctx, licensing.LicenseModified{Before: l, License: now, Coming: begun.Subscription.Coming})
}
