package subscriptions

import (
	"context"
	"errors"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

// JobReview is the kind of job that looks at subscriptions anew which end, or go on, because of their product.
const JobReview = "review_subscriptions"

// reviewed is how many subscriptions are looked at in one transaction.
const reviewed = 50

// Review subscribes to SaleChanged: when the product's subscriptions end by it, or go on again, each is told so, in jobs.
// What the clock does with them does not wait for that: licensing.Subscription.Next knows at once.
func (s *Service) Review(ctx context.Context, tx *usecase.Tx, e licensing.SaleChanged) error {
	if (e.Before == licensing.SaleEnds) == (e.Product.Sale == licensing.SaleEnds) {
		return nil
	}
	if err := tx.BeginReview(ctx, e.Product.ID); err != nil {
		return err
	}
	tx.Enqueue(licensing.Job{Kind: JobReview, Once: true})
	return nil
}

// ReviewSome looks at the next few subscriptions of products whose sale has changed, and reports whether there are more:
// when the clock looks at them next, their reminders and their place in lists become what the product says now, and the
// history and the feed tell it. Each batch is a transaction that also notes how far it came, so any process may go on.
func (s *Service) ReviewSome(ctx context.Context) (more bool, err error) {
	more, _, err = usecase.Run(ctx, s.runner, licensing.Scheduler(), "ReviewSubscriptions", "", "", func(ctx context.Context, tx *usecase.Tx, _ string) (bool, error) {
		r, err := tx.NextReview(ctx)
		if errors.Is(err, licensing.ErrNone) {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		root, err := tx.RootGroup(ctx)
		if err != nil {
			return false, err
		}
		page, err := tx.RunningSubscriptions(ctx, licensing.Sight{Group: root.ID, Below: true}, licensing.RunningFilter{Product: r.Code, After: r.After, Limit: reviewed})
		if err != nil {
			return false, err
		}
		for _, row := range page.Rows {
			if err := s.review(ctx, tx, row.License.ID); err != nil {
				return false, err
			}
		}
		return true, tx.KeepReview(ctx, r, page.Next)
	})
	return more, err
}

// ReviewAll is ReviewSome until there is no more.
func (s *Service) ReviewAll(ctx context.Context) error {
	for {
		if more, err := s.ReviewSome(ctx); err != nil || !more {
			return err
		}
	}
}

// review brings what is kept about a subscription that nobody has cancelled up to what its product says.
func (s *Service) review(ctx context.Context, tx *usecase.Tx, id licensing.LicenseID) error {
	l, err := tx.LicenseByID(ctx, id)
	if err != nil {
		return err
	}
	sub, today := *l.Subscription, tx.Now().Today()
	last := sub.Last()
	if !sub.UpToProduct() {
		return nil
	}
	if err := tx.UpdateSubscription(ctx, sub); err != nil {
		return err
	}
	if err := remindFrom(ctx, tx, sub, l.RemindedFrom(tx.Now())); err != nil {
		return err
	}
	if last.CancelBy.Before(today) { // what follows was settled before
		return nil
	}
	action := "subscription.resumed"
	if sub.Discontinued() {
		action = "subscription.discontinued"
	}
	err = tx.Audit(ctx, action, string(l.ID), string(l.Order),
		licensing.Value{Name: "end", Value: last.End.String()}, licensing.Value{Name: "cancelBy", Value: last.CancelBy.String()})
	if err != nil {
		return err
	}
	return tx.Emit(ctx, licensing.SubscriptionReviewed{License: l})
}
