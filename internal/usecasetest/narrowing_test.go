package usecasetest

import (
	"testing"

	"kontor/internal/catalog"
	"kontor/internal/licensing"
	"kontor/internal/ordering"
)

// flexible is a product whose end date can be chosen, and which is extended by years.
func flexible() catalog.EditProduct {
	return catalog.EditProduct{
		Code: "FLEXPLAN", Name: "Flexible plan", Kind: licensing.KindSubscription, Plan: &licensing.Plan{
			Type: licensing.LicenseSubscription, Term: licensing.Term{Months: 12}, Cancellation: licensing.Term{Days: 14}, StartAhead: 30,
			ShortestTerm: &licensing.Term{Months: 1}, LongestTerm: &licensing.Term{Months: 36}, MostExtensions: new(5),
		},
	}
}

// narrow saves what an offer takes away from its product's plan.
func (h *house) narrow(t *testing.T, category, product string, n licensing.Narrowing) (licensing.Offer, error) {
	t.Helper()
	in := catalog.SaveOffer{Category: category, Product: product, Version: h.rulesOf(t, category, product).Version, Narrowing: &n}
	o, _, err := h.catalog.SaveOffer(t.Context(), h.isv(t), licensing.NewID(), in)
	return o, err
}

// narrowing is what an offer of the flexible plan takes away from it.
func (h *house) narrowing(t *testing.T, category string) licensing.Narrowing {
	t.Helper()
	return got[catalog.ManagedOffer](t)(h.catalog.ManagedOffer(t.Context(), h.isv(t), category, "FLEXPLAN")).Narrowing
}

// TestNarrowedPlan narrows a plan in one category: what is quoted and sold there has what is left of it, what was sold
// keeps what it had, and the other category has the whole.
func TestNarrowedPlan(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		ctx, isv, anna := t.Context(), h.isv(t), h.anna(t)
		h.offered(t, flexible())
		order := ordering.CreateLicense{Category: "partner", Product: "FLEXPLAN", Customer: licensing.Customer{Name: "Ada"}}
		before := h.create(t, anna, order).Licenses[0]

		unchanged(t, h, "a wider range", func() {
			_, err := h.narrow(t, "partner", "FLEXPLAN", licensing.Narrowing{LongestTerm: &licensing.Term{Months: 48}})
			refused(t, "a wider range", err, licensing.CodeInvalidRequest, "plan.longestTerm")
			_, err = h.narrow(t, "partner", "AUR-DESIGN", licensing.Narrowing{Consumer: true})
			refused(t, "what is no subscription", err, licensing.CodeInvalidRequest, "plan.plan")
		})
		o, err := h.narrow(t, "partner", "FLEXPLAN", licensing.Narrowing{
			Term: &licensing.Term{Months: 3}, LongestTerm: &licensing.Term{Months: 6}, StartAhead: new(0), MostExtensions: new(1), Reminders: []int{7}, ResellerOnly: true,
		})
		must(t, err)

		quote := got[ordering.Quote](t)(h.ordering.Quote(ctx, anna, order))
		same(t, "quoted", []licensing.Day{quote.Period.End, quote.Next.End}, []licensing.Day{day(2027, 2, 20), day(2028, 2, 20)})
		for field, late := range map[string]ordering.CreateLicense{
			"endDate":   with(order, func(in *ordering.CreateLicense) { in.EndDate = day(2027, 5, 21) }),
			"startDate": with(order, func(in *ordering.CreateLicense) { in.StartDate = day(2026, 11, 22) }),
		} {
			unchanged(t, h, field, func() {
				_, _, err := h.ordering.CreateLicense(ctx, anna, licensing.NewID(), late)
				refused(t, field, err, licensing.CodeInvalidRequest, field)
			})
		}
		l := h.create(t, anna, with(order, func(in *ordering.CreateLicense) { in.EndDate = day(2027, 5, 20) })).Licenses[0]
		sold := h.license(t, l.ID).Subscription.Plan
		want := o.Plan().Sold(licensing.Period{Start: day(2026, 11, 21), End: day(2027, 5, 20)})
		same(t, "sold", sold, want)
		same(t, "sold before", h.license(t, before.ID).Subscription.Plan.MostExtensions, new(5))

		// Sorted into another category from here it is as narrow, without that it is whole.
		sort := func(category, from string) licensing.Narrowing {
			_, _, err := h.catalog.SortProducts(ctx, isv, licensing.NewID(), catalog.SortProducts{Products: []string{"FLEXPLAN"}, In: []string{category}, RulesFrom: from})
			must(t, err)
			return h.narrowing(t, category)
		}
		same(t, "sorted in", sort("internal", "partner"), o.Narrowing)
		_, _, err = h.catalog.SortProducts(ctx, isv, licensing.NewID(), catalog.SortProducts{Products: []string{"FLEXPLAN"}, Out: []string{"internal"}})
		must(t, err)
		same(t, "open again", sort("internal", ""), o.Narrowing)

		// Rules are saved without a word about the plan: it stays.
		_, _, err = h.catalog.SaveOffer(ctx, isv, licensing.NewID(), catalog.SaveOffer{Category: "partner", Product: "FLEXPLAN", Version: o.Version})
		must(t, err)
		same(t, "left out", h.narrowing(t, "partner"), o.Narrowing)
	})
}

// TestPlanThatOffersNarrow changes a product's plan: what no offer could live with is refused, and whoever has a form open
// is told of what is changed, by the product or by the offer.
func TestPlanThatOffersNarrow(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		ctx, isv, anna := t.Context(), h.isv(t), h.anna(t)
		h.offered(t, flexible())
		_, err := h.narrow(t, "partner", "FLEXPLAN", licensing.Narrowing{MostExtensions: new(3), LongestTerm: &licensing.Term{Months: 24}})
		must(t, err)
		edit := func(change func(*licensing.Plan)) error {
			in := flexible()
			in.Version = got[catalog.ManagedProduct](t)(h.catalog.ManagedProduct(ctx, isv, in.Code)).Version
			change(in.Plan)
			_, _, err := h.catalog.EditProduct(ctx, isv, licensing.NewID(), in)
			return err
		}
		unchanged(t, h, "a plan below the offer's", func() {
			refused(t, "extensions", edit(func(p *licensing.Plan) { p.MostExtensions = new(2) }), licensing.CodeInvalidRequest, "plan.mostExtensions")
			refused(t, "no choice", edit(func(p *licensing.Plan) { p.ShortestTerm, p.LongestTerm = nil, nil }), licensing.CodeInvalidRequest, "plan.longestTerm")
		})
		order := ordering.CreateLicense{Category: "partner", Product: "FLEXPLAN", Customer: licensing.Customer{Name: "Ada"}}
		order.OfferVersion = h.rulesOf(t, "partner", "FLEXPLAN").Version
		told := func(name string) {
			t.Helper()
			unchanged(t, h, name, func() {
				_, _, err := h.ordering.CreateLicense(ctx, anna, licensing.NewID(), order)
				refused(t, name, err, licensing.CodeInvalidRequest, "endDate")
			})
			order.OfferVersion = h.rulesOf(t, "partner", "FLEXPLAN").Version
		}
		must(t, edit(func(p *licensing.Plan) { p.Cancellation = licensing.Term{Days: 7} }))
		told("the product's plan")
		_, err = h.narrow(t, "partner", "FLEXPLAN", licensing.Narrowing{NoChoice: true})
		must(t, err)
		told("the offer's narrowing")
		_, err = h.narrow(t, "partner", "FLEXPLAN", licensing.Narrowing{NoChoice: true, ResellerOnly: true})
		must(t, err)
		h.create(t, anna, order) // whom reminders reach is no obstacle

		versions := got[[]licensing.OfferVersion](t)(h.catalog.OfferVersions(ctx, isv, "partner", "FLEXPLAN"))
		var limits []string
		for _, c := range licensing.OfferChanges(versions[1].Offer, versions[0].Offer) {
			limits = append(limits, c.Limit)
		}
		same(t, "what changed last", limits, []string{"plan.resellerOnly"})
		change := got[licensing.Offer](t)(h.catalog.Offer(ctx, anna, "partner", "FLEXPLAN"))
		same(t, "read by a reseller", change.Plan().ShortestTerm, (*licensing.Term)(nil))
	})
}
