package storetest

import (
	"cmp"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"kontor/internal/licensing"
)

var pages = map[string]func(*testing.T, licensing.Store){
	"of licenses, put together, are the whole list": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		list := manyLicenses(t, s, w)
		rapid.Check(t, func(rt *rapid.T) {
			f := licensing.LicenseFilter{
				Sort:  rapid.SampledFrom([]licensing.LicenseSort{licensing.SortCreated, licensing.SortCancelBy}).Draw(rt, "sort"),
				Query: rapid.SampledFrom([]string{"", "even", "odd"}).Draw(rt, "query"),
				Limit: rapid.IntRange(1, len(list)+2).Draw(rt, "limit"),
			}
			want := list.in(f)
			var all []licensing.LicenseID
			read(t, s, func(tx licensing.Tx) {
				for {
					page := got[[]licensing.License](t)(tx.ListLicenses(t.Context(), w.everything(), f))
					if len(page) > f.Limit {
						rt.Fatalf("a page of %d has %d", f.Limit, len(page))
					}
					for _, l := range page {
						all = append(all, l.ID)
					}
					if len(page) < f.Limit {
						break
					}
					f.After = f.Sort.Cursor(page[len(page)-1])
				}
			})
			if !slices.Equal(all, want) {
				rt.Fatalf("%+v:\n got %v\nwant %v", f, all, want)
			}
		})
	},
	"do not shift when something comes or goes": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		list := manyLicenses(t, s, w)
		for _, sort := range []licensing.LicenseSort{licensing.SortCreated, licensing.SortCancelBy} {
			f := licensing.LicenseFilter{Sort: sort, Limit: 5}
			want := list.in(f)
			var all []licensing.LicenseID
			for {
				var page []licensing.License
				read(t, s, func(tx licensing.Tx) {
					page = got[[]licensing.License](t)(tx.ListLicenses(t.Context(), w.everything(), f))
				})
				for _, l := range page {
					if slices.Contains(want, l.ID) {
						all = append(all, l.ID)
					}
				}
				if len(page) < f.Limit {
					break
				}
				f.After = f.Sort.Cursor(page[len(page)-1])
				w.subscribed(t, s, licensing.Day{Year: 2026, Month: time.November, Date: 1}) // before the first page, by either sort
			}
			same(t, fmt.Sprintf("sorted by %q", sort), all, want)
		}
	},
	"of orders, put together, are the whole list": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		var want []string
		for i := range 12 {
			o, _ := w.placed(t, s, w.north, licensing.Customer{Name: fmt.Sprint(i)})
			want = append(want, o.Number)
		}
		slices.Reverse(want)
		for limit := 1; limit <= 13; limit++ {
			f := licensing.OrderFilter{Limit: limit}
			var all []string
			read(t, s, func(tx licensing.Tx) {
				for {
					page := got[[]licensing.Order](t)(tx.ListOrders(t.Context(), w.everything(), f))
					for _, o := range page {
						all = append(all, o.Number)
					}
					if len(page) < limit {
						break
					}
					f.Before, _ = licensing.ParseOrderNumber(page[len(page)-1].Number)
				}
			})
			same(t, fmt.Sprintf("pages of %d", limit), all, want)
		}
	},
}

// listed is what the naive list knows of a license.
type listed struct {
	id       licensing.LicenseID
	name     string
	cancelBy licensing.Day // zero: no subscription, or one that is cancelled
}

type list []listed

// in is what a filter finds, in its order.
func (all list) in(f licensing.LicenseFilter) (ids []licensing.LicenseID) {
	found := slices.DeleteFunc(slices.Clone(all), func(l listed) bool {
		return f.Query != "" && l.name != f.Query || f.Sort == licensing.SortCancelBy && l.cancelBy.IsZero()
	})
	slices.SortFunc(found, func(a, b listed) int {
		if f.Sort == licensing.SortCancelBy {
			return cmp.Or(a.cancelBy.Compare(b.cancelBy), cmp.Compare(a.id, b.id))
		}
		return -cmp.Compare(a.id, b.id)
	})
	for _, l := range found {
		ids = append(ids, l.id)
	}
	return ids
}

// manyLicenses writes licenses with and without subscriptions, several with the same last day to cancel.
func manyLicenses(t *testing.T, s licensing.Store, w world) (all list) {
	t.Helper()
	for i := range 24 {
		name := []string{"even", "odd"}[i%2]
		day := licensing.Day{Year: 2027, Month: time.January, Date: 1 + i*7%5}
		_, l := w.placed(t, s, w.north, licensing.Customer{Name: name})
		entry := listed{l.ID, name, licensing.Day{}}
		if i%4 != 3 {
			sub := subscription(l.ID, day)
			entry.cancelBy = day
			if i%8 == 0 {
				sub.State, entry.cancelBy = licensing.SubscriptionCancelled, licensing.Day{}
			}
			write(t, s, func(tx licensing.Tx) { must(t, tx.InsertSubscription(t.Context(), sub)) })
		}
		all = append(all, entry)
	}
	return all
}
