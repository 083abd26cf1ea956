package storetest

import (
	"context"
	"fmt"
	"testing"

	"kontor/internal/licensing"
)

// fullProduct has everything that a product can have.
func fullProduct(code string) licensing.Product {
	p := product(code)
	p.Name, p.Subtitle, p.Kind, p.FileForm = "Brückner’s \"Suite\" <1>", "日本語", licensing.KindSubscription, licensing.FileEncrypted
	p.Parameters = append(p.Parameters, licensing.Parameter{
		Name: "edition", Type: "selection", Label: "Édition", Help: "100%", Unit: "x", Sets: licensing.SetsFeatures,
		Labels: licensing.Texts{"de": "Ausgabe"}, Helps: licensing.Texts{"de": "%"}, Options: []licensing.Option{{Value: "pro", Label: "Prö", Labels: licensing.Texts{"de": "Profi"}}},
		Features: map[string][]licensing.Feature{"pro": {{Bit: 31, Name: "Ärger"}}},
	})
	p.Features = []licensing.Feature{{Bit: 0, Name: "zero"}, {Bit: 31, Name: "Ärger"}}
	p.Price = &licensing.Money{Minor: 9_007_199_254_740_993, Currency: "EUR"} // more than a float keeps
	p.Plan = &licensing.Plan{
		Type: licensing.MaintenanceSubscription, Term: licensing.Term{Months: 12, Days: 3}, Cancellation: licensing.Term{Months: 3}, Align: licensing.AlignQuarter,
		ShortestTerm: &licensing.Term{Months: 6}, LongestTerm: &licensing.Term{Months: 36}, StartAhead: 30,
	}
	return p
}

var catalog = map[string]func(*testing.T, licensing.Store){
	"categories keep their order": func(t *testing.T, s licensing.Store) {
		var all []licensing.Category
		write(t, s, func(tx licensing.Tx) {
			for i, name := range append([]string{"zeta", "Alpha", "beta"}, odd...) {
				c := licensing.Category{ID: licensing.CategoryID(licensing.NewID()), Code: fmt.Sprint("c", i), Name: name, Description: name, Version: 1}
				all = append(all, c)
				must(t, tx.InsertCategory(t.Context(), c))
			}
		})
		read(t, s, func(tx licensing.Tx) {
			same(t, "categories", got[[]licensing.Category](t)(tx.Categories(t.Context())), all)
		})
	},
	"offers round-trip": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		offers := []licensing.Offer{w.offer}
		rules := map[string]licensing.Rule{
			"seats":   {Minimum: "1", Maximum: "50", Step: "0.5", Optional: true, Default: new("")},
			"edition": {Fixed: new("pro"), Options: []licensing.Option{{Value: "pro", Label: "Prö"}, {Value: "", Label: ""}}},
		}
		for i, p := range []licensing.Product{fullProduct("SUITE"), {
			ID: licensing.ProductID(licensing.NewID()), Code: "BARE", Name: "Bare", Kind: licensing.KindLimited, FileForm: licensing.FileSigned,
			Price: &licensing.Money{Minor: 0, Currency: "JPY"}, Version: 1,
		}} {
			o := licensing.Offer{ID: licensing.OfferID(licensing.NewID()), Category: w.category, Product: p, Rules: rules, Version: 1}
			if i == 0 {
				o.Narrowing = licensing.Narrowing{
					Term: &licensing.Term{Months: 9, Days: 1}, ShortestTerm: &licensing.Term{Months: 7}, LongestTerm: &licensing.Term{Months: 24}, StartAhead: new(0),
					MostExtensions: new(0), Consumer: true, Reminders: []int{}, ResellerOnly: true,
				}
			} else {
				o.Rules = nil
			}
			offers = append(offers, o)
			write(t, s, func(tx licensing.Tx) {
				must(t, tx.InsertProduct(t.Context(), p))
				must(t, tx.InsertOffer(t.Context(), o))
			})
		}
		read(t, s, func(tx licensing.Tx) {
			for _, o := range offers {
				same(t, o.Product.Code, got[licensing.Offer](t)(tx.Offer(t.Context(), "partner", o.Product.Code)), o)
			}
			same(t, "all, by position", got[[]licensing.Offer](t)(tx.OffersIn(t.Context(), []licensing.CategoryID{w.category.ID})), offers)
			same(t, "how many", got[int](t)(tx.CountOffers(t.Context(), "partner")), len(offers))
			for _, missing := range [][2]string{{"partner", "app"}, {"Partner", "APP"}, {"internal", "APP"}, {"partner", "AP_"}, {"", ""}} {
				_, err := tx.Offer(t.Context(), missing[0], missing[1])
				none(t, fmt.Sprint(missing), err)
			}
		})
	},
	"an offer has the data fields of its category, and those for all of another name": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		everywhere := licensing.DataField{
			ID: "1", Name: "ext", Type: "text", Label: "Öffentlich", Help: "%", Rule: licensing.Rule{Optional: true, MaxLength: 10}, Version: 1,
			Labels: licensing.Texts{"de": "Ö"}, Helps: licensing.Texts{"pt-BR": "%"},
		}
		here := licensing.DataField{ID: "2", Category: w.category.ID, Version: 1, Name: "cost", Type: "number", Label: "Cost", Hidden: true}
		elsewhere := licensing.DataField{ID: "3", Category: w.other.ID, Version: 1, Name: "ext", Type: "number", Label: "Elsewhere"}
		write(t, s, func(tx licensing.Tx) {
			must(t, tx.InsertDataField(t.Context(), w.category.ID, here))
			must(t, tx.InsertDataField(t.Context(), "", everywhere))
			must(t, tx.InsertDataField(t.Context(), w.other.ID, elsewhere))
			must(t, tx.InsertOffer(t.Context(), licensing.Offer{ID: licensing.OfferID(licensing.NewID()), Category: w.other, Product: w.product}))
		})
		read(t, s, func(tx licensing.Tx) {
			same(t, "by code", got[licensing.Offer](t)(tx.Offer(t.Context(), "partner", "APP")).DataFields, []licensing.DataField{here, everywhere})
			all := got[[]licensing.Offer](t)(tx.OffersIn(t.Context(), []licensing.CategoryID{w.category.ID, w.other.ID}))
			same(t, "in the list", all[0].DataFields, []licensing.DataField{here, everywhere})
			same(t, "in the other category", all[1].DataFields, []licensing.DataField{elsewhere})
			names := func(in ...licensing.CategoryID) []licensing.FieldName {
				return got[[]licensing.FieldName](t)(tx.FieldNames(t.Context(), in, false))
			}
			same(t, "names", names(w.category.ID), []licensing.FieldName{{Name: "ext", Label: "Öffentlich"}})
			same(t, "names in the other category", names(w.other.ID), []licensing.FieldName{{Name: "ext", Label: "Elsewhere"}})
			same(t, "names in both", names(w.category.ID, w.other.ID), []licensing.FieldName{{Name: "ext", Label: "Öffentlich"}})
			many := []licensing.CategoryID{w.category.ID} // more than one statement names
			for i := range 1100 {
				many = append(many, licensing.CategoryID(fmt.Sprint("none-", i)))
			}
			many = append(many, w.other.ID)
			same(t, "in many", got[[]licensing.Offer](t)(tx.OffersIn(t.Context(), many)), all)
			same(t, "products in many", got[[]licensing.ProductName](t)(tx.ProductNames(t.Context(), many)), []licensing.ProductName{{Code: w.product.Code, Name: w.product.Name}})
		})
		raced(t, s, func(ctx context.Context, tx licensing.Tx) error { return tx.InsertDataField(ctx, "", everywhere) })
	},
}
