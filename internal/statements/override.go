package statements

import (
	"context"
	"fmt"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

// RecordOverride subscribes to SubscriptionOverridden: what is charged back, or again, today.
func (s *Service) RecordOverride(ctx context.Context, tx *usecase.Tx, e licensing.SubscriptionOverridden) error {
	kind := licensing.EntryCharged
	if e.License.Subscription.Early != nil {
		kind = licensing.EntryCredited
	}
	for _, c := range e.Charges {
		entry, err := about(ctx, tx, e.License, kind, fmt.Sprintf("%s:%s:%d:%d", kind, e.License.ID, e.License.Version, c.Period))
		if err != nil {
			return err
		}
		entry.Units, entry.Amount, entry.Reason = c.Units, c.Amount, e.Reason
		entry.Period = &licensing.Period{Number: c.Period, Start: c.From, End: c.Until}
		if err := recordReal(ctx, tx, e.License, entry); err != nil {
			return err
		}
	}
	return nil
}
