package storetest

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"kontor/internal/licensing"
)

// lister reads one kind of list in any way, by what a naive list knows of its rows.
type lister func(tx licensing.Tx, s licensing.Sight, size int, after, before string) (ids, cursors []string)

// walkPages reads a list page by page, forward, and then backward from its end. Both are to be the same.
func walkPages(rt *rapid.T, s licensing.Store, t *testing.T, sight licensing.Sight, size int, next lister) (all []string) {
	read(t, s, func(tx licensing.Tx) {
		last, after := "", ""
		for {
			ids, cursors := next(tx, sight, size, after, "")
			if len(ids) > size {
				rt.Fatalf("a page of %d has %d", size, len(ids))
			}
			all = append(all, ids...)
			if len(ids) > 0 {
				last = cursors[len(ids)-1]
			}
			if len(ids) < size {
				break
			}
			after = last
		}
		if len(all) == 0 {
			return
		}
		back := []string{all[len(all)-1]}
		for before := last; ; {
			ids, cursors := next(tx, sight, size, "", before)
			back = append(slices.Clone(ids), back...)
			if len(ids) < size {
				break
			}
			before = cursors[0]
		}
		if !slices.Equal(all, back) {
			rt.Fatalf("forward %v\nbackward %v", all, back)
		}
	})
	return all
}

var pages = map[string]func(*testing.T, licensing.Store){
	"of licenses, put together, are what a naive list finds": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		list := manyLicenses(t, s, w)
		sights := map[string]licensing.Sight{"all": w.everything(), "north": {Group: w.north.ID, Below: true}, "ice": {Group: w.ice.ID}, "none": {Group: "none", Below: true}}
		rapid.Check(t, func(rt *rapid.T) {
			f := licensing.LicenseFilter{
				Sort: rapid.SampledFrom(licensing.LicenseSorts).Draw(rt, "sort"), Reverse: rapid.Bool().Draw(rt, "reverse"),
				Query:  rapid.SampledFrom([]string{"", "", "pair", "odd", "pai", "no such", "pair po-1"}).Draw(rt, "query"),
				States: rapid.SampledFrom([][]licensing.LicenseState{nil, nil, {licensing.LicenseActive}, {licensing.LicenseSuspended}, {licensing.LicenseRevoked, licensing.LicenseActive}, {licensing.LicenseExpired}}).Draw(rt, "states"),
				Below:  rapid.SampledFrom([]string{"", "", "north", "ice", "south", "nowhere"}).Draw(rt, "below"), Cancellable: rapid.Bool().Draw(rt, "cancellable"),
				Product: rapid.SampledFrom([]string{"", "", "APP", "none"}).Draw(rt, "product"), Category: rapid.SampledFrom([]string{"", "", "partner", "internal"}).Draw(rt, "category"),
			}
			if rapid.Bool().Draw(rt, "ends") {
				f.EndsFrom = licensing.Day{Year: 2027, Month: time.February, Date: rapid.IntRange(1, 5).Draw(rt, "from")}
				f.EndsTo = f.EndsFrom.AddDays(rapid.IntRange(0, 3).Draw(rt, "days"))
			}
			if rapid.Bool().Draw(rt, "field") {
				f.DataFields = []licensing.Value{{Name: "ext", Value: rapid.SampledFrom([]string{"po-1", "PO-2", "po"}).Draw(rt, "value")}}
			}
			sight := rapid.SampledFrom([]string{"all", "north", "ice", "none"}).Draw(rt, "sight")
			size := rapid.IntRange(1, len(list)+2).Draw(rt, "size")
			want := list.in(f, sight)
			all := walkPages(rt, s, t, sights[sight], size, func(tx licensing.Tx, sight licensing.Sight, size int, after, before string) (ids, cursors []string) {
				f.Limit, f.After, f.Before = size, after, before
				for _, r := range got[[]licensing.LicenseRow](t)(tx.LicenseRows(t.Context(), sight, f)) {
					ids, cursors = append(ids, string(r.ID)), append(cursors, r.Cursor)
				}
				return ids, cursors
			})
			if !slices.Equal(all, want) {
				rt.Fatalf("%+v in %s:\n got %v\nwant %v", f, sight, all, want)
			}
			read(t, s, func(tx licensing.Tx) {
				for _, most := range []int{0, 5, 100} {
					bounded := licensing.Count{N: len(want)}
					if most > 0 && len(want) > most {
						bounded = licensing.Count{N: most, More: true}
					}
					same(t, fmt.Sprintf("count up to %d of %+v", most, f), got[licensing.Count](t)(tx.CountLicenses(t.Context(), sights[sight], f, most)), bounded)
				}
			})
		})
	},
	"do not shift when something comes or goes": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		list := manyLicenses(t, s, w)
		for _, sort := range []licensing.LicenseSort{licensing.SortCreated, licensing.SortCancelBy} {
			f := licensing.LicenseFilter{Sort: sort, Limit: 5}
			want := list.in(f, "all")
			var all []string
			for {
				var page []licensing.LicenseRow
				read(t, s, func(tx licensing.Tx) {
					page = got[[]licensing.LicenseRow](t)(tx.LicenseRows(t.Context(), w.everything(), f))
				})
				for _, l := range page {
					if slices.Contains(want, string(l.ID)) {
						all = append(all, string(l.ID))
					}
				}
				if len(page) < f.Limit {
					break
				}
				f.After = page[len(page)-1].Cursor
				w.subscribed(t, s, licensing.Day{Year: 2026, Month: time.November, Date: 1}) // before the first page, by either sort
			}
			same(t, fmt.Sprintf("sorted by %q", sort), all, want)
		}
	},
	"begin anew at a cursor that is none": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		_, l := w.placed(t, s, w.north, licensing.Customer{Name: "x"})
		for _, cursor := range []string{"no id", "AA", "////", "0", strings.Repeat("A", 10_000)} {
			read(t, s, func(tx licensing.Tx) {
				rows := got[[]licensing.LicenseRow](t)(tx.LicenseRows(t.Context(), w.everything(), licensing.LicenseFilter{After: cursor, Limit: 3}))
				if len(rows) != 1 || rows[0].ID != l.ID {
					t.Errorf("after %.20q: %v", cursor, rows)
				}
			})
		}
	},
	"of orders, put together, are the whole list": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		var orders []licensing.Order
		for i := range 12 {
			g := []licensing.Group{w.north, w.ice, w.south}[i%3]
			o, _ := w.placed(t, s, g, licensing.Customer{Name: fmt.Sprintf("Customer n%d", i*5%12)})
			orders = append(orders, o)
		}
		rapid.Check(t, func(rt *rapid.T) {
			f := licensing.OrderFilter{Reverse: rapid.Bool().Draw(rt, "reverse"), Sort: rapid.SampledFrom([]licensing.OrderSort{licensing.OrdersByCreated, licensing.OrdersByCustomer}).Draw(rt, "sort")}
			f.Query = rapid.SampledFrom([]string{"", "customer", "customer n1", "no"}).Draw(rt, "query")
			f.Product = rapid.SampledFrom([]string{"", "APP", "none"}).Draw(rt, "product")
			sight := rapid.SampledFrom([]licensing.Sight{w.everything(), {Group: w.north.ID, Below: true}, {Group: w.north.ID}}).Draw(rt, "sight")
			want := ordersIn(w, orders, f, sight)
			all := walkPages(rt, s, t, sight, rapid.IntRange(1, 14).Draw(rt, "size"), func(tx licensing.Tx, sight licensing.Sight, size int, after, before string) (numbers, cursors []string) {
				f.Limit, f.After, f.Before = size, after, before
				for _, r := range got[[]licensing.OrderRow](t)(tx.OrderRows(t.Context(), sight, f)) {
					same(t, "products", r.Products, []string{w.product.Name})
					numbers, cursors = append(numbers, r.Number), append(cursors, r.Cursor)
				}
				return numbers, cursors
			})
			if !slices.Equal(all, want) {
				rt.Fatalf("%+v:\n got %v\nwant %v", f, all, want)
			}
			read(t, s, func(tx licensing.Tx) {
				same(t, "count", got[licensing.Count](t)(tx.CountOrders(t.Context(), sight, f, 0)).N, len(want))
			})
		})
	},
	"of customers, put together, are the whole list": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		names := []string{"Bright Studio"} // of the world
		for i := range 9 {
			name := fmt.Sprintf("Customer %d", i*5%9)
			write(t, s, func(tx licensing.Tx) {
				got[licensing.CustomerID](t)(tx.UpsertCustomer(t.Context(), w.ice.ID, licensing.Customer{Name: name}, false))
			})
			names = append(names, name)
		}
		slices.Sort(names)
		rapid.Check(t, func(rt *rapid.T) {
			f := licensing.CustomerFilter{Reverse: rapid.Bool().Draw(rt, "reverse")}
			want := slices.Clone(names)
			if f.Reverse {
				slices.Reverse(want)
			}
			sight := licensing.Sight{Group: w.north.ID, Below: true}
			all := walkPages(rt, s, t, sight, rapid.IntRange(1, 11).Draw(rt, "size"), func(tx licensing.Tx, sight licensing.Sight, size int, after, before string) (found, cursors []string) {
				f.Limit, f.After, f.Before = size, after, before
				for _, r := range got[[]licensing.CustomerRow](t)(tx.CustomerRows(t.Context(), sight, f)) {
					found, cursors = append(found, r.Customer.Name), append(cursors, r.Cursor)
				}
				return found, cursors
			})
			if !slices.Equal(all, want) {
				rt.Fatalf("got %v\nwant %v", all, want)
			}
		})
		read(t, s, func(tx licensing.Tx) {
			_, err := tx.CustomerByID(t.Context(), licensing.Sight{Group: w.ice.ID, Below: true}, w.customer)
			none(t, "a customer of a group above", err)
			c := got[licensing.CustomerRow](t)(tx.CustomerByID(t.Context(), w.everything(), w.customer))
			same(t, "a customer", []any{c.Customer.Name, c.GroupCode, c.Licenses}, []any{"Bright Studio", "north", 0})
		})
	},
}

// ordersIn is what a filter finds among orders, in its order.
func ordersIn(w world, orders []licensing.Order, f licensing.OrderFilter, s licensing.Sight) (numbers []string) {
	found := slices.DeleteFunc(slices.Clone(orders), func(o licensing.Order) bool {
		seen := s.Group == w.root.ID || o.Group == s.Group || s.Below && o.Group == w.ice.ID
		number := strings.TrimPrefix(o.Customer.Name, "Customer n")
		return !seen || f.Query == "no" || f.Query == "customer n1" && !strings.HasPrefix(number, "1") || f.Product == "none"
	})
	if f.Sort == licensing.OrdersByCustomer {
		slices.SortFunc(found, func(a, b licensing.Order) int { return cmp.Compare(a.Customer.Name, b.Customer.Name) })
	} else {
		slices.Reverse(found)
	}
	if f.Reverse {
		slices.Reverse(found)
	}
	for _, o := range found {
		numbers = append(numbers, o.Number)
	}
	return numbers
}

// listed is what the naive list knows of a license.
type listed struct {
	id       string
	place    int // of its creation
	name     string
	group    string
	state    licensing.LicenseState
	field    string
	cancelBy licensing.Day // zero: no subscription
	running  bool          // its subscription
	ends     licensing.Day // zero: never
}

type list []listed

// in is what a filter finds in a sight, in its order.
func (all list) in(f licensing.LicenseFilter, sight string) (ids []string) {
	inGroup := func(l listed, g string) bool {
		return g == "" || g == "all" || l.group == g || g == "north" && l.group == "ice"
	}
	if f.Below != "" && !inGroup(listed{group: f.Below}, sight) { // a group that one does not see is none
		return nil
	}
	found := slices.DeleteFunc(slices.Clone(all), func(l listed) bool {
		query := map[string]bool{"": true, "pair": l.name == "pair", "pai": l.name == "pair", "odd": l.name == "odd", "pair po-1": l.name == "pair" && l.field == "PO-1"}[f.Query]
		field := len(f.DataFields) == 0 || strings.EqualFold(f.DataFields[0].Value, l.field)
		ends := f.EndsFrom.IsZero() || !l.ends.IsZero() && !l.ends.Before(f.EndsFrom) && !l.ends.After(f.EndsTo)
		return !query || !field || !ends || !inGroup(l, sight) || !inGroup(l, f.Below) || len(f.States) > 0 && !slices.Contains(f.States, l.state) ||
			f.Cancellable && !l.running || f.Product == "none" || f.Category == "internal"
	})
	slices.SortFunc(found, func(a, b listed) int {
		last := licensing.Day{Year: 9999, Month: time.December, Date: 31}
		day := func(d licensing.Day) licensing.Day {
			if d.IsZero() {
				return last
			}
			return d
		}
		switch f.Sort {
		case licensing.SortCancelBy:
			return cmp.Or(day(a.cancelBy).Compare(day(b.cancelBy)), cmp.Compare(a.place, b.place))
		case licensing.SortEnds:
			return cmp.Or(day(a.ends).Compare(day(b.ends)), cmp.Compare(a.place, b.place))
		case licensing.SortCustomer:
			return cmp.Or(cmp.Compare(a.name, b.name), cmp.Compare(a.place, b.place))
		case licensing.SortProduct:
			return cmp.Compare(a.place, b.place)
		default:
			return -cmp.Compare(a.place, b.place)
		}
	})
	if f.Reverse {
		slices.Reverse(found)
	}
	for _, l := range found {
		ids = append(ids, l.id)
	}
	return ids
}

// manyLicenses writes licenses with and without subscriptions, several with the same last day to cancel, in three groups.
func manyLicenses(t *testing.T, s licensing.Store, w world) (all list) {
	t.Helper()
	states := []licensing.LicenseState{licensing.LicenseActive, licensing.LicenseActive, licensing.LicenseSuspended, licensing.LicenseActive, licensing.LicenseRevoked}
	for i := range 24 {
		l := listed{place: i, name: []string{"pair", "odd"}[i%2], state: states[i%5], field: fmt.Sprintf("PO-%d", i%3)}
		group := []licensing.Group{w.north, w.ice, w.south, w.north}[i%4]
		l.group = group.Code
		o := w.order(group, licensing.Customer{Name: l.name})
		o.DataFields = []licensing.Value{{Name: "ext", Value: l.field}}
		write(t, s, func(tx licensing.Tx) {
			o = w.place(t, tx, o)
			x := w.license(t, o)
			x.State = l.state
			if i%3 == 0 {
				l.ends = licensing.Day{Year: 2027, Month: time.February, Date: 1 + i%7}
				x.ExpiresAt = new(l.ends.AddDays(1).Begin(time.UTC))
			}
			must(t, tx.InsertLicense(t.Context(), x, w.offer))
			l.id = string(x.ID)
			if i%4 != 3 {
				l.cancelBy, l.running = licensing.Day{Year: 2027, Month: time.January, Date: 1 + i*7%5}, i%8 != 0
				sub := subscription(x.ID, l.cancelBy)
				if !l.running {
					sub.State = licensing.SubscriptionCancelled
				}
				must(t, tx.InsertSubscription(t.Context(), sub))
			}
		})
		all = append(all, l)
	}
	return all
}
