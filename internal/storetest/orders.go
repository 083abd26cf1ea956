package storetest

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"kontor/internal/licensing"
)

var orders = map[string]func(*testing.T, licensing.Store){
	"a customer is the same by number, or by name and address": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		upsert := func(g licensing.Group, c licensing.Customer) (id licensing.CustomerID) {
			write(t, s, func(tx licensing.Tx) {
				id = got[licensing.CustomerID](t)(tx.UpsertCustomer(t.Context(), g.ID, c, false))
			})
			return id
		}
		bruck := upsert(w.north, licensing.Customer{Number: "C-1", Name: "Brückner", Email: "old@example.com"})
		same(t, "same number", upsert(w.north, licensing.Customer{Number: "c-1", Name: "Brückner GmbH", Company: "Now a company"}), bruck)
		if upsert(w.south, licensing.Customer{Number: "C-1", Name: "Brückner"}) == bruck {
			t.Error("two groups share a customer")
		}
		plain := upsert(w.north, licensing.Customer{Name: "Åse", Email: "ase@example.com"})
		same(t, "same name and address", upsert(w.north, licensing.Customer{Name: "ÅSE", Email: "ASE@example.com", Country: "NO"}), plain)
		for _, other := range []licensing.Customer{{Name: "Åse"}, {Name: "Åse", Email: "ase@example.org"}, {Number: "ase", Name: "Åse", Email: "ase@example.com"}} {
			if upsert(w.north, other) == plain {
				t.Errorf("%v is taken for another", other)
			}
		}
		read(t, s, func(tx licensing.Tx) {
			found := got[[]licensing.CustomerRow](t)(tx.CustomerRows(t.Context(), licensing.Sight{Group: w.north.ID}, licensing.CustomerFilter{Query: "brückner", Limit: 10}))
			if len(found) != 1 || found[0].ID != bruck {
				t.Fatalf("found %v", found)
			}
			same(t, "the newest particulars", found[0].Customer, licensing.Customer{Number: "c-1", Name: "Brückner GmbH", Company: "Now a company"})
		})
	},
	"a test leaves a customer as it is, and makes one that there is not": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		upsert := func(c licensing.Customer, test bool) (id licensing.CustomerID) {
			write(t, s, func(tx licensing.Tx) {
				id = got[licensing.CustomerID](t)(tx.UpsertCustomer(t.Context(), w.north.ID, c, test))
			})
			return id
		}
		is := func(what string, id licensing.CustomerID, query string, want licensing.Customer) {
			t.Helper()
			read(t, s, func(tx licensing.Tx) {
				sight := licensing.Sight{Group: w.north.ID}
				same(t, what, got[licensing.CustomerRow](t)(tx.CustomerByID(t.Context(), sight, id)).Customer, want)
				if found := got[[]licensing.CustomerRow](t)(tx.CustomerRows(t.Context(), sight, licensing.CustomerFilter{Query: query, Limit: 10})); len(found) != 1 || found[0].ID != id {
					t.Errorf("%s: by %q it finds %v", what, query, found)
				}
			})
		}
		real := licensing.Customer{Number: "C-1", Name: "Brückner", Email: "ute@example.com"}
		probe := licensing.Customer{Number: "c-1", Name: "Probe"}
		bruck := upsert(real, false)
		same(t, "the same number", upsert(probe, true), bruck)
		is("after a test", bruck, "brückner", real)

		probe.Number = "C-2"
		made := upsert(probe, true)
		same(t, "a second test", upsert(licensing.Customer{Number: "C-2", Name: "Other"}, true), made)
		is("known to tests alone", made, "probe", probe)
		aase := licensing.Customer{Number: "C-2", Name: "Åse"}
		same(t, "what is real", upsert(aase, false), made)
		is("known to all", made, "åse", aase)
	},
	"an order round-trips": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		for i, text := range append(odd, long()) {
			o := w.order(w.north, licensing.Customer{Number: text, Name: text, Company: text, Email: text, Country: "DE", Language: "de"})
			o.DataFields = []licensing.Value{{Name: "ext", Value: text}, {Name: text, Value: ""}}
			o.Test = i%2 == 0
			o.Lines[0].Quantity, o.Lines[0].ExternalLine, o.Lines[0].ProductName = 10_000, text, text
			o.Lines[0].Unit, o.Lines[0].Amount, o.Lines[0].Units = &licensing.Money{Minor: 1<<53 + 1, Currency: "EUR"}, &licensing.Money{Minor: 1<<62 + 1, Currency: "EUR"}, 1<<40+1
			second := w.line(o, 2)
			write(t, s, func(tx licensing.Tx) {
				o = w.place(t, tx, o)
				must(t, tx.InsertLine(t.Context(), second))
				same(t, "lines", got[int](t)(tx.CountLines(t.Context(), o.ID)), 2)
				for n := range 2 {
					l := w.license(t, o)
					if n == 1 { // of a line that has other data fields than its order
						l.DataFields = []licensing.Value{{Name: "own", Value: text}}
					}
					must(t, tx.InsertLicense(t.Context(), l, w.offer))
					o.Lines[0].Tickets = append(o.Lines[0].Tickets, l.Ticket)
					o.Licenses = append(o.Licenses, l)
				}
			})
			o.Lines = append(o.Lines, second)
			read(t, s, func(tx licensing.Tx) {
				same(t, "order", got[licensing.Order](t)(tx.OrderByNumber(t.Context(), o.Number)), o)
				same(t, "its way", got[licensing.OrderWay](t)(tx.OrderWay(t.Context(), o.Number)), o.Way())
				same(t, "licenses of the line", got[[]licensing.License](t)(tx.LicensesOfLine(t.Context(), o.Lines[0].ID)), o.Licenses)
				same(t, "in any case", got[licensing.Order](t)(tx.OrderByNumber(t.Context(), strings.ToLower(o.Number))).ID, o.ID)
			})
		}
	},
	"a missing amount is not zero": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		free, zero := w.order(w.north, licensing.Customer{Name: "Free"}), w.order(w.north, licensing.Customer{Name: "Zero"})
		zero.Lines[0].Unit, zero.Lines[0].Amount = &licensing.Money{Currency: "EUR"}, &licensing.Money{Currency: "EUR"}
		for _, o := range []licensing.Order{free, zero} {
			write(t, s, func(tx licensing.Tx) { o = w.place(t, tx, o) })
			read(t, s, func(tx licensing.Tx) {
				same(t, o.Customer.Name, got[licensing.Order](t)(tx.OrderByNumber(t.Context(), o.Number)).Lines, o.Lines)
			})
		}
	},
	"unknown order numbers": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		o, _ := w.placed(t, s, w.north, licensing.Customer{Name: "Bright Studio"})
		read(t, s, func(tx licensing.Tx) {
			for _, n := range []string{"", "K", o.Number + "0", "K99" + o.Number[3:], o.Number[1:], "K26-999999", "K26-0", "K26--1", "K26-99999999999999999999"} {
				_, err := tx.OrderByNumber(t.Context(), n)
				none(t, n, err)
				_, err = tx.OrderWay(t.Context(), n)
				none(t, "the way of "+n, err)
			}
		})
	},
	"numbers are never used twice and grow": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		var last int64
		for range 5 {
			write(t, s, func(tx licensing.Tx) {
				seq := got[int64](t)(tx.InsertOrder(t.Context(), w.order(w.north, licensing.Customer{Name: "x"}), w.customer, w.actor()))
				if seq <= last {
					t.Errorf("%d came after %d", seq, last)
				}
				last = seq
			})
			_ = s.Write(t.Context(), func(tx licensing.Tx) error { // a number that is rolled back may be missing, or come again
				_, err := tx.InsertOrder(t.Context(), w.order(w.north, licensing.Customer{Name: "x"}), w.customer, w.actor())
				must(t, err)
				return context.Canceled
			})
		}
	},
	"history": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		write(t, s, func(tx licensing.Tx) { must(t, tx.SetSetting(t.Context(), "clock.offset", "24h")) })
		var want []licensing.HistoryEntry
		for i, text := range odd {
			write(t, s, func(tx licensing.Tx) {
				a := licensing.Audit{Actor: w.actor(), Action: fmt.Sprint("did.", i), Object: "object", Parent: "parent", RequestID: text, Detail: []licensing.Value{{Name: text, Value: text}}}
				a.Actor.UserName = text
				must(t, tx.InsertAudit(t.Context(), a))
				must(t, tx.InsertAudit(t.Context(), licensing.Audit{Actor: licensing.Scheduler(), Action: "other", Object: "Object"}))
				want = append([]licensing.HistoryEntry{{At: tx.Now().Business, By: text, ByGroup: "north", Action: a.Action, Detail: a.Detail}}, want...)
			})
		}
		read(t, s, func(tx licensing.Tx) {
			same(t, "newest first", got[[]licensing.HistoryEntry](t)(tx.History(t.Context(), "object")), want)
			same(t, "of nothing", len(got[[]licensing.HistoryEntry](t)(tx.History(t.Context(), "none"))), 0)
		})
	},
	"licenses per day are those created on it, in the ISV's zone": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		write(t, s, func(tx licensing.Tx) { must(t, tx.SetSetting(t.Context(), "zone", "Europe/Berlin")) })
		o, _ := w.placed(t, s, w.north, licensing.Customer{Name: "Bright Studio"}) // on 21 November
		add := func(o licensing.Order, at time.Time) {
			write(t, s, func(tx licensing.Tx) {
				l := w.license(t, o)
				l.CreatedAt = at
				must(t, tx.InsertLicense(t.Context(), l, w.offer))
			})
		}
		add(o, time.Date(2026, 11, 22, 22, 59, 59, 0, time.UTC))
		add(o, time.Date(2026, 11, 22, 23, 0, 0, 0, time.UTC)) // the 23rd in Berlin
		far, _ := w.placed(t, s, w.south, licensing.Customer{Name: "Far"})
		add(far, time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC))
		day := func(d int) licensing.Day { return licensing.Day{Year: 2026, Month: time.November, Date: d} }
		read(t, s, func(tx licensing.Tx) {
			perDay := got[map[licensing.Day]int](t)
			same(t, "all", perDay(tx.LicensesPerDay(t.Context(), w.everything(), day(1))), map[licensing.Day]int{day(21): 2, day(22): 2, day(23): 1})
			same(t, "from the 22nd on", perDay(tx.LicensesPerDay(t.Context(), w.everything(), day(22))), map[licensing.Day]int{day(22): 2, day(23): 1})
			same(t, "in sight", perDay(tx.LicensesPerDay(t.Context(), licensing.SightOf(w.member), day(1))), map[licensing.Day]int{day(21): 1, day(22): 1, day(23): 1})
		})
	},
}
