package storetest

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"kontor/internal/licensing"
)

// codesOf are the codes of categories, one after another.
func codesOf(all []licensing.Category) string {
	codes := make([]string, len(all))
	for i, c := range all {
		codes[i] = c.Code
	}
	return strings.Join(codes, " ")
}

var catalogEditing = map[string]func(*testing.T, licensing.Store){
	"a category is changed in the version that was seen": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		c := w.category
		c.Name, c.Description = "Partnér", "100%"
		write(t, s, func(tx licensing.Tx) { must(t, tx.UpdateCategory(t.Context(), c)) })
		raced(t, s, func(ctx context.Context, tx licensing.Tx) error { return tx.UpdateCategory(ctx, c) })
		raced(t, s, func(ctx context.Context, tx licensing.Tx) error { return tx.DeleteCategory(ctx, c) })
		c.Version = 2
		read(t, s, func(tx licensing.Tx) {
			same(t, "by code", got[licensing.Category](t)(tx.CategoryByCode(t.Context(), "partner")), c)
			_, err := tx.CategoryByCode(t.Context(), "Partner")
			none(t, "another case", err)
		})
	},
	"categories, offers and data fields have an order": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		ids := map[string]licensing.CategoryID{"partner": w.category.ID, "internal": w.other.ID, "": ""}
		write(t, s, func(tx licensing.Tx) {
			for _, code := range []string{"a", "b"} {
				ids[code] = licensing.CategoryID(licensing.NewID())
				must(t, tx.InsertCategory(t.Context(), licensing.Category{ID: ids[code], Code: code, Name: code}))
				must(t, tx.InsertDataField(t.Context(), "", licensing.DataField{ID: code, Name: code, Type: "text"}))
				p := product("P" + code)
				must(t, tx.InsertProduct(t.Context(), p))
				must(t, tx.InsertOffer(t.Context(), licensing.Offer{ID: licensing.OfferID(code), Category: w.category, Product: p}))
			}
		})
		for _, step := range []struct{ move, before, want string }{
			{"b", "partner", "b partner internal a"}, {"partner", "", "b internal a partner"}, {"a", "internal", "b a internal partner"}, {"b", "b", "b a internal partner"},
		} {
			write(t, s, func(tx licensing.Tx) {
				must(t, tx.PlaceCategory(t.Context(), ids[step.move], ids[step.before]))
				same(t, fmt.Sprint(step), codesOf(got[[]licensing.Category](t)(tx.Categories(t.Context()))), step.want)
			})
		}
		write(t, s, func(tx licensing.Tx) {
			must(t, tx.PlaceOffer(t.Context(), w.category.ID, "b", w.offer.ID))
			must(t, tx.PlaceOffer(t.Context(), w.category.ID, "a", ""))
			var order []licensing.OfferID
			for _, o := range got[[]licensing.Offer](t)(tx.OffersIn(t.Context(), []licensing.CategoryID{w.category.ID})) {
				order = append(order, o.ID)
			}
			same(t, "offers", order, []licensing.OfferID{"b", w.offer.ID, "a"})
			must(t, tx.PlaceDataField(t.Context(), "b", "a"))
			same(t, "data fields", got[[]licensing.DataField](t)(tx.DataFields(t.Context()))[0].ID, "b")
			must(t, tx.PlaceDataField(t.Context(), "b", ""))
			same(t, "data fields", got[[]licensing.DataField](t)(tx.DataFields(t.Context()))[0].ID, "a")
		})
	},
	"a category is deleted with what is in it": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		write(t, s, func(tx licensing.Tx) {
			must(t, tx.InsertOffer(t.Context(), licensing.Offer{ID: "o", Category: w.other, Product: w.product}))
			must(t, tx.NoteOfferVersion(t.Context(), "o", w.actor()))
			must(t, tx.InsertDataField(t.Context(), w.other.ID, licensing.DataField{Name: "x", Type: "text"}))
			must(t, tx.InsertGrant(t.Context(), licensing.Grant{ID: licensing.GrantID(licensing.NewID()), Who: "group:north", Category: "internal", Action: "create", CreatedAt: someTime}))
			must(t, tx.InsertGrant(t.Context(), licensing.Grant{ID: licensing.GrantID(licensing.NewID()), Who: "group:north", Category: licensing.Any, Action: "create", CreatedAt: someTime}))
			same(t, "use", got[licensing.CategoryUse](t)(tx.CategoryUse(t.Context(), w.other)), licensing.CategoryUse{Grants: 1, Offers: 1})
			must(t, tx.DeleteCategory(t.Context(), w.other))
			same(t, "left", codesOf(got[[]licensing.Category](t)(tx.Categories(t.Context()))), "partner")
			same(t, "data fields", got[[]licensing.DataField](t)(tx.DataFields(t.Context())), []licensing.DataField(nil))
		})
		w.placed(t, s, w.north, licensing.Customer{Name: "Bright Studio"})
		read(t, s, func(tx licensing.Tx) {
			same(t, "use by an order", got[licensing.CategoryUse](t)(tx.CategoryUse(t.Context(), w.category)), licensing.CategoryUse{Lines: 1, Offers: 1})
			same(t, "live", got[int](t)(tx.LiveLicenses(t.Context(), w.category.ID, "")), 1)
			same(t, "live of the product", got[int](t)(tx.LiveLicenses(t.Context(), w.category.ID, w.product.ID)), 1)
			same(t, "live of another", got[int](t)(tx.LiveLicenses(t.Context(), w.category.ID, "x")), 0)
			same(t, "counts", got[map[licensing.CategoryID]int](t)(tx.OfferCounts(t.Context())), map[licensing.CategoryID]int{w.category.ID: 1})
			rows := got[[]licensing.OfferRow](t)(tx.OfferRows(t.Context(), w.category.ID))
			bare := w.product
			bare.Parameters = nil
			same(t, "rows", rows, []licensing.OfferRow{{Offer: w.offer.ID, Product: bare, Version: 1, Licenses: 1}})
		})
	},
	"categories that grants name": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		named := func(want string) {
			t.Helper()
			read(t, s, func(tx licensing.Tx) {
				same(t, "named", codesOf(got[[]licensing.Category](t)(tx.CategoriesNamed(t.Context(), w.member.ID))), want)
			})
		}
		grant := func(who, category string) {
			t.Helper()
			write(t, s, func(tx licensing.Tx) {
				must(t, tx.InsertGrant(t.Context(), licensing.Grant{ID: licensing.GrantID(licensing.NewID()), Who: who, Category: category, Action: "create", CreatedAt: someTime}))
			})
		}
		named("")
		grant("group:south", "partner")
		grant("tree:north", "gone")
		named("")
		grant("tree:root", "internal")
		named("internal")
		grant("group:north", "partner")
		named("partner internal")
		write(t, s, func(tx licensing.Tx) {
			must(t, tx.InsertCategory(t.Context(), licensing.Category{ID: "z", Code: "z", Name: "Z"}))
		})
		grant(licensing.MemberSubject(w.member.Email, "north"), licensing.Any)
		named("partner internal z")
	},
	"an offer has versions": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		o := w.offer
		rules := map[string]licensing.Rule{"seats": {Fixed: new("3"), Label: "Plätze", Labels: licensing.Texts{"de": "Plätze"}, Reason: "so", Hidden: true}}
		narrowing := licensing.Narrowing{NoChoice: true, MostExtensions: new(3)}
		write(t, s, func(tx licensing.Tx) {
			must(t, tx.NoteOfferVersion(t.Context(), o.ID, licensing.Actor{}))
			changed := o
			changed.Rules, changed.Narrowing = rules, narrowing
			must(t, tx.UpdateOffer(t.Context(), changed))
			must(t, tx.NoteOfferVersion(t.Context(), o.ID, w.actor()))
		})
		raced(t, s, func(ctx context.Context, tx licensing.Tx) error { return tx.UpdateOffer(ctx, o) })
		now := o
		now.Version, now.Rules, now.Narrowing = 2, rules, narrowing
		read(t, s, func(tx licensing.Tx) {
			same(t, "now", got[licensing.Offer](t)(tx.Offer(t.Context(), "partner", "APP")), now)
			all := got[[]licensing.OfferVersion](t)(tx.OfferVersions(t.Context(), now))
			if len(all) != 2 || all[0].By != w.member.UserName || all[1].By != "" || all[0].At.IsZero() || all[0].At.Location() != time.UTC {
				t.Fatalf("versions: %+v", all)
			}
			same(t, "newest", all[0].Offer, now)
			same(t, "first", all[1].Offer, o)
		})
		write(t, s, func(tx licensing.Tx) {
			closed := now
			closed.Closed = true
			must(t, tx.UpdateOffer(t.Context(), closed))
			p := w.product
			p.Parameters, p.Plan = nil, &licensing.Plan{Type: licensing.LicenseSubscription, Term: licensing.Term{Months: 1}}
			must(t, tx.UpdateProduct(t.Context(), p))
			must(t, tx.RaiseOffersOf(t.Context(), p.ID, w.actor()))
			_, err := tx.Offer(t.Context(), "partner", "APP")
			none(t, "a closed one", err)
			kept := got[licensing.Offer](t)(tx.OfferOfLicense(t.Context(), "partner", "APP"))
			if !kept.Closed || kept.Version != 4 || len(kept.Product.Parameters) != 0 || kept.Product.Version != 2 {
				t.Errorf("closed: %+v", kept)
			}
			same(t, "count", got[int](t)(tx.CountOffers(t.Context(), "partner")), 0)
			same(t, "products", got[[]licensing.ProductName](t)(tx.ProductNames(t.Context(), []licensing.CategoryID{w.category.ID})), []licensing.ProductName(nil))
			same(t, "open ones of it", got[[]licensing.Offer](t)(tx.OffersIn(t.Context(), []licensing.CategoryID{w.category.ID})), []licensing.Offer(nil))
			same(t, "of the product", got[[]licensing.Offer](t)(tx.OffersOfProduct(t.Context(), p.ID))[0], kept)
			states := got[map[string]licensing.Offer](t)(tx.OfferStates(t.Context(), w.category.ID))
			if st := states["APP"]; !st.Closed || st.ID != o.ID || st.Version != 4 || st.Rules["seats"].Reason != "so" || !st.Narrowing.NoChoice {
				t.Errorf("states: %+v", states)
			}
			versions := got[[]licensing.OfferVersion](t)(tx.OfferVersions(t.Context(), kept))
			same(t, "versions", len(versions), 3)
			same(t, "plans", []*licensing.Plan{versions[0].Offer.Product.Plan, versions[1].Offer.Product.Plan}, []*licensing.Plan{p.Plan, nil})
		})
	},
	"products are found, sorted and turned over": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		write(t, s, func(tx licensing.Tx) {
			for i, name := range []string{"Zebra", "äpfel", "Apfel", "Birne 100%", "Birne", "Ärger"} {
				p := product(fmt.Sprint("C", 9-i))
				p.Name = name
				if i == 0 {
					p.Kind = licensing.KindKey
				}
				must(t, tx.InsertProduct(t.Context(), p))
			}
		})
		names := func(tx licensing.Tx, f licensing.ProductFilter) string {
			t.Helper()
			var all []string
			for {
				rows := got[[]licensing.ProductRow](t)(tx.ListProducts(t.Context(), f))
				for _, r := range rows {
					all = append(all, r.Name)
					f.After = r.Cursor
				}
				if len(rows) < f.Limit {
					break
				}
			}
			f.After = ""
			same(t, "count", got[int](t)(tx.CountProducts(t.Context(), f)), len(all))
			return strings.Join(all, ", ")
		}
		write(t, s, func(tx licensing.Tx) {
			for _, limit := range []int{1, 2, 100} {
				by := names(tx, licensing.ProductFilter{Limit: limit})
				same(t, "by name", strings.Replace(by, "Apfel, äpfel", "äpfel, Apfel", 1), "äpfel, Apfel, Ärger, Birne, Birne 100%, Product APP, Zebra")
				same(t, "by code", names(tx, licensing.ProductFilter{Sort: "code", Limit: limit}), "Product APP, Ärger, Birne, Birne 100%, Apfel, äpfel, Zebra")
			}
			same(t, "part of a name", names(tx, licensing.ProductFilter{Query: "BIRNÉ", Limit: 9}), "Birne, Birne 100%")
			same(t, "part of a code", names(tx, licensing.ProductFilter{Query: "c9", Limit: 9}), "Zebra")
			same(t, "what looks like a pattern", names(tx, licensing.ProductFilter{Query: "0%", Limit: 9}), "Birne 100%")
			same(t, "of a kind", names(tx, licensing.ProductFilter{Kind: licensing.KindKey, Limit: 9}), "Zebra")
			same(t, "offered", names(tx, licensing.ProductFilter{Category: "partner", Limit: 9}), "Product APP")
			same(t, "not offered", names(tx, licensing.ProductFilter{NotIn: "partner", Query: "product", Limit: 9}), "")
			rows := got[[]licensing.ProductRow](t)(tx.ListProducts(t.Context(), licensing.ProductFilter{Query: "APP", Limit: 9}))
			same(t, "categories", rows[0].Categories, 1)
			p := got[licensing.Product](t)(tx.ProductByCode(t.Context(), "APP"))
			same(t, "by code", p, w.product)
			p.Name = "Öl"
			must(t, tx.UpdateProduct(t.Context(), p))
			same(t, "by its new name", names(tx, licensing.ProductFilter{Query: "ol", Limit: 9}), "Öl")
			_, err := tx.ProductByCode(t.Context(), "app")
			none(t, "another case", err)
		})
		raced(t, s, func(ctx context.Context, tx licensing.Tx) error { return tx.UpdateProduct(ctx, w.product) })
	},
	"a data field is changed in the version that was seen": func(t *testing.T, s licensing.Store) {
		makeWorld(t, s)
		f := licensing.DataField{ID: "f", Name: "cost", Type: "number", Label: "Cost", Labels: licensing.Texts{"de": "Kosten"}, Version: 1}
		write(t, s, func(tx licensing.Tx) { must(t, tx.InsertDataField(t.Context(), "", f)) })
		f.Label, f.Labels, f.Help, f.Hidden, f.Rule = "Costs", nil, "%", true, licensing.Rule{Optional: true}
		write(t, s, func(tx licensing.Tx) { must(t, tx.UpdateDataField(t.Context(), f)) })
		raced(t, s, func(ctx context.Context, tx licensing.Tx) error { return tx.UpdateDataField(ctx, f) })
		raced(t, s, func(ctx context.Context, tx licensing.Tx) error { return tx.DeleteDataField(ctx, f) })
		f.Version = 2
		write(t, s, func(tx licensing.Tx) {
			same(t, "changed", got[[]licensing.DataField](t)(tx.DataFields(t.Context())), []licensing.DataField{f})
			must(t, tx.DeleteDataField(t.Context(), f))
			same(t, "deleted", got[[]licensing.DataField](t)(tx.DataFields(t.Context())), []licensing.DataField(nil))
		})
	},
}
