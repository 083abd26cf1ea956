package storetest

import (
	"context"
	"testing"

	"kontor/internal/licensing"
)

var sale = map[string]func(*testing.T, licensing.Store){
	"deactivated and sold again": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		l := w.subscribed(t, s, cancelBy)
		p := w.product.WithSale(licensing.SaleEnds, cancelBy)
		set := func(ctx context.Context, tx licensing.Tx) error { return tx.SetSale(ctx, p) }
		write(t, s, func(tx licensing.Tx) { must(t, set(t.Context(), tx)) })
		raced(t, s, set)
		p.Version++
		read(t, s, func(tx licensing.Tx) {
			same(t, "product", got[licensing.Product](t)(tx.ProductByCode(t.Context(), "APP")), p)
			same(t, "its offer", got[licensing.Offer](t)(tx.Offer(t.Context(), "partner", "APP")).Product.Sale, licensing.SaleEnds)
			same(t, "to be chosen", len(got[[]licensing.Offer](t)(tx.OffersIn(t.Context(), []licensing.CategoryID{w.category.ID}))), 0)
			same(t, "by name", got[[]licensing.ProductName](t)(tx.ProductNames(t.Context(), []licensing.CategoryID{w.category.ID})), []licensing.ProductName{{Code: "APP", Name: p.Name}})
			same(t, "in the category", got[[]licensing.OfferRow](t)(tx.OfferRows(t.Context(), w.category.ID))[0].Product.Sale, licensing.SaleEnds)
			for _, sort := range []string{"", "code"} {
				same(t, "listed", got[[]licensing.ProductRow](t)(tx.ListProducts(t.Context(), licensing.ProductFilter{Sort: sort, Limit: 10}))[0].Sale, licensing.SaleEnds)
			}
			same(t, "license", got[licensing.License](t)(tx.LicenseByID(t.Context(), l.ID)).Subscription.Unextended, p.Unextended)
			same(t, "in a list", got[[]licensing.License](t)(tx.ListLicenses(t.Context(), w.everything(), licensing.LicenseFilter{Limit: 10}))[0].Subscription.Unextended, p.Unextended)
			running := got[licensing.RunningPage](t)(tx.RunningSubscriptions(t.Context(), w.everything(), licensing.RunningFilter{Limit: 10}))
			same(t, "running", running.Rows[0].License.Subscription.Discontinued(), true)
			rows := got[[]licensing.LicenseRow](t)(tx.LicenseRows(t.Context(), w.everything(), licensing.LicenseFilter{Limit: 10}))
			same(t, "its row, before anybody has looked", []any{rows[0].Discontinued, rows[0].CancelBy}, []any{false, cancelBy})
		})
		write(t, s, func(tx licensing.Tx) {
			sub := got[licensing.Subscription](t)(tx.SubscriptionOf(t.Context(), l.ID))
			for _, version := range []int64{sub.Version + 1, sub.Version, sub.Version} { // an old one, the one that counts, nothing to do
				sub.Version = version
				must(t, tx.PostponeSubscription(t.Context(), sub))
			}
			same(t, "version", got[licensing.Subscription](t)(tx.SubscriptionOf(t.Context(), l.ID)).Version, sub.Version)
		})
		read(t, s, func(tx licensing.Tx) {
			rows := got[[]licensing.LicenseRow](t)(tx.LicenseRows(t.Context(), w.everything(), licensing.LicenseFilter{Limit: 10}))
			same(t, "its row", []any{rows[0].Discontinued, rows[0].CancelBy}, []any{true, licensing.Day{}})
			due := func(d licensing.Day) []licensing.LicenseID {
				return got[[]licensing.LicenseID](t)(tx.DueSubscriptions(t.Context(), d.Begin(tx.Now().Zone), 10))
			}
			same(t, "due after its last day to cancel", due(cancelBy.AddDays(1)), []licensing.LicenseID(nil))
			same(t, "due after its end", due(l.Subscription.Last().End.AddDays(1)), []licensing.LicenseID{l.ID})
		})
	},
	"counts of a product": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		count := func(since, day licensing.Day) (c licensing.SubscriptionCounts) {
			read(t, s, func(tx licensing.Tx) {
				c = got[licensing.SubscriptionCounts](t)(tx.SubscriptionsOf(t.Context(), w.product.ID, since, day))
			})
			return c
		}
		same(t, "none", count(cancelBy, cancelBy), licensing.SubscriptionCounts{})
		for i := range 3 {
			w.subscribed(t, s, cancelBy.AddDays(i))
		}
		cancelled := w.subscribed(t, s, cancelBy).Subscription
		cancelled.State = licensing.SubscriptionCancelled
		write(t, s, func(tx licensing.Tx) { must(t, tx.UpdateSubscription(t.Context(), *cancelled)) })
		end := cancelBy.AddDays(30)
		same(t, "before all", count(cancelBy, cancelBy), licensing.SubscriptionCounts{Open: 3, OpenEnd: end.AddDays(2)})
		same(t, "between", count(cancelBy.AddDays(1), cancelBy.AddDays(2)), licensing.SubscriptionCounts{Open: 1, OpenEnd: end.AddDays(2), Missed: 1, MissedEnd: end.AddDays(1)})
		same(t, "after all", count(cancelBy, cancelBy.AddDays(3)), licensing.SubscriptionCounts{Missed: 3, MissedEnd: end.AddDays(2)})
	},
	"reviews": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		next := func() (r licensing.Review, err error) {
			read(t, s, func(tx licensing.Tx) { r, err = tx.NextReview(t.Context()) })
			return r, err
		}
		begin := func() {
			write(t, s, func(tx licensing.Tx) { must(t, tx.BeginReview(t.Context(), w.product.ID)) })
		}
		keep := func(r licensing.Review, next string) func(context.Context, licensing.Tx) error {
			return func(ctx context.Context, tx licensing.Tx) error { return tx.KeepReview(ctx, r, next) }
		}
		_, err := next()
		none(t, "at first", err)
		begin()
		first := got[licensing.Review](t)(next())
		same(t, "begun", first, licensing.Review{Product: w.product.ID, Code: "APP", Round: 1})
		write(t, s, func(tx licensing.Tx) { must(t, keep(first, ".7")(t.Context(), tx)) })
		raced(t, s, keep(first, ".5")) // slower than whoever went on
		raced(t, s, keep(first, ""))
		first.After = ".7"
		same(t, "gone on", got[licensing.Review](t)(next()), first)
		begin()
		raced(t, s, keep(first, ".9"))
		second := got[licensing.Review](t)(next())
		same(t, "begun anew", second, licensing.Review{Product: w.product.ID, Code: "APP", Round: 2})
		write(t, s, func(tx licensing.Tx) { must(t, keep(second, "")(t.Context(), tx)) })
		_, err = next()
		none(t, "done", err)
	},
}
