package catalog

import (
	"context"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

// SetSale deactivates a product, or lets it be sold again.
type SetSale struct {
	Code    string         `json:"code"`
	Sale    licensing.Sale `json:"sale"`
	Version int64          `json:"version"` // that was seen
}

// SalePreview is what SetSale comes to.
type SalePreview struct {
	Product licensing.Product
	// Subscriptions are those that nobody has cancelled. Missed are those whose last day to cancel has passed since the
	// product was deactivated so that they end: they end in any case.
	Subscriptions licensing.SubscriptionCounts
}

// SetSale says whether a product is sold, and what becomes of its subscriptions when not.
func (s *Service) SetSale(ctx context.Context, actor licensing.Actor, requestID string, in SetSale) (out licensing.Product, replayed bool, err error) {
	return edit(ctx, s, actor, "SetSale", requestID, in, setSale)
}

func setSale(ctx context.Context, tx *usecase.Tx, in SetSale) (licensing.Product, error) {
	was, err := productByCode(ctx, tx, in.Code)
	if err != nil {
		return was, err
	}
	if was.Version != in.Version {
		return was, staleWords(ctx, tx, string(was.ID), in.Version)
	}
	action := "product.deactivated"
	switch in.Sale {
	case licensing.SaleOn:
		action = "product.reactivated"
	case licensing.SaleGoOn, licensing.SaleEnds:
	default:
		return was, licensing.InvalidRequest("sale", "Choose what becomes of its subscriptions.")
	}
	if was.Sale == in.Sale {
		return was, nil
	}
	p := was.WithSale(in.Sale, tx.Now().Today())
	if err := tx.SetSale(ctx, p); err != nil {
		return was, err
	}
	p.Version++
	err = noteChange(ctx, tx, action, string(p.ID), "", p.Version, []licensing.Value{licensing.FromTo("sale", string(was.Sale), string(p.Sale))})
	if err != nil {
		return was, err
	}
	return p, tx.Emit(ctx, licensing.SaleChanged{Product: p, Before: was.Sale})
}

// PreviewSale tells what deactivating a product, or selling it again, comes to.
func (s *Service) PreviewSale(ctx context.Context, actor licensing.Actor, code string) (SalePreview, error) {
	return look(ctx, s, actor, func(ctx context.Context, tx *usecase.Tx) (p SalePreview, err error) {
		if p.Product, err = productByCode(ctx, tx, code); err != nil {
			return p, err
		}
		today := tx.Now().Today()
		since := today
		if spans := p.Product.Unextended; p.Product.Sale == licensing.SaleEnds && len(spans) > 0 {
			since = spans[len(spans)-1].From
		}
		p.Subscriptions, err = tx.SubscriptionsOf(ctx, p.Product.ID, since, today)
		return p, err
	})
}
