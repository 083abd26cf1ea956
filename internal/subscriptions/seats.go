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
	if slices.Equal(sub.Coming, e.Coming) {
		return nil
	}
	sub.Coming = e.Coming
	return tx.UpdateSubscription(ctx, sub)
}
