package sqlstore

import (
	"context"

	"kontor/internal/licensing"
	"kontor/internal/sqlstore/db"
)

func (t *tx) SetSale(ctx context.Context, p licensing.Product) error {
	return changed(t.q.SetSale(ctx, db.SetSaleParams{Sale: string(p.Sale), Unextended: spansText(p.Unextended), ID: string(p.ID), Version: p.Version}))
}

// spansText is spans as a column has them.
func spansText(all []licensing.Span) string {
	if len(all) == 0 {
		return ""
	}
	return toJSON(all)
}

func (t *tx) SubscriptionsOf(ctx context.Context, p licensing.ProductID, since, day licensing.Day) (c licensing.SubscriptionCounts, err error) {
	r, err := t.q.SubscriptionsOfProduct(ctx, db.SubscriptionsOfProductParams{Day: day.String(), Since: since.String(), Product: string(p)})
	if err != nil {
		return c, err
	}
	c.Open, c.Missed = int(r.Open), int(r.Missed)
	if c.OpenEnd, err = parseDay(r.OpenEnd); err != nil {
		return c, err
	}
	c.MissedEnd, err = parseDay(r.MissedEnd)
	return c, err
}

func (t *tx) BeginReview(ctx context.Context, p licensing.ProductID) error {
	return t.q.BeginReview(ctx, string(p))
}

func (t *tx) NextReview(ctx context.Context) (licensing.Review, error) {
	r, err := one(t.q.NextReview(ctx))
	return licensing.Review{Product: licensing.ProductID(r.ProductID), Code: r.Code, Round: r.Round, After: r.AfterRow}, err
}

func (t *tx) KeepReview(ctx context.Context, r licensing.Review, next string) error {
	if next == "" {
		return changed(t.q.EndReview(ctx, db.EndReviewParams{ProductID: string(r.Product), Round: r.Round, AfterRow: r.After}))
	}
	return changed(t.q.GoOnReview(ctx, db.GoOnReviewParams{ProductID: string(r.Product), Round: r.Round, Next: next, Read: r.After}))
}
