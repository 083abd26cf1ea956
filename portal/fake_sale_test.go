package portal_test

import (
	"context"

	"kontor/internal/catalog"
	"kontor/internal/licensing"
)

// PreviewSale implements portal.CatalogEditing. What runs is made up.
func (s *shelf) PreviewSale(_ context.Context, a licensing.Actor, code string) (catalog.SalePreview, error) {
	p := s.product(code)
	if err := s.isv(a); err != nil {
		return catalog.SalePreview{}, err
	} else if p == nil {
		return catalog.SalePreview{}, errNone
	}
	preview := catalog.SalePreview{Product: *p}
	if p.Plan != nil {
		preview.Subscriptions = licensing.SubscriptionCounts{Open: 41, OpenEnd: theDay.AddDays(300)}
	}
	if p.Sale == licensing.SaleEnds {
		preview.Subscriptions.Missed, preview.Subscriptions.MissedEnd = 1, theDay.AddDays(20)
	}
	return preview, nil
}

// SetSale implements portal.CatalogEditing.
func (s *shelf) SetSale(_ context.Context, a licensing.Actor, _ string, in catalog.SetSale) (licensing.Product, bool, error) {
	p := s.product(in.Code)
	switch err := s.isv(a); {
	case err != nil:
		return licensing.Product{}, false, err
	case p == nil:
		return licensing.Product{}, false, errNone
	case in.Version != p.Version:
		return *p, false, licensing.ConflictError("Iris Voss has changed this product meanwhile.")
	case in.Sale != licensing.SaleOn && in.Sale != licensing.SaleGoOn && in.Sale != licensing.SaleEnds:
		return *p, false, licensing.InvalidRequest("sale", "Choose what becomes of its subscriptions.")
	}
	*p = p.WithSale(in.Sale, theDay)
	p.Version++
	for i := range s.w.offers {
		if s.w.offers[i].Product.Code == p.Code {
			s.w.offers[i].Product.Sale = p.Sale
		}
	}
	for i := range s.w.orders {
		for j := range s.w.orders[i].Licenses {
			if l := &s.w.orders[i].Licenses[j]; l.ProductCode == p.Code && l.Subscription != nil {
				l.Subscription.Unextended = p.Unextended
			}
		}
	}
	return *p, false, nil
}
