package storetest

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"kontor/internal/licensing"
)

var november = licensing.Month{Year: 2026, Month: 11}

// stated is one of a group on a day, not yet written.
func stated(g licensing.Group, on licensing.Day, key string, amount *licensing.Money) licensing.StatementEntry {
	return licensing.StatementEntry{
		ID: licensing.EntryID(licensing.NewID()), Group: g.ID, Key: key, On: on, Kind: licensing.EntryCreated, OrderNumber: "K26-10001",
		Customer: licensing.Customer{Name: "Bright Studio"}, ProductCode: "APP", ProductName: "Product APP", Quantity: 1, Amount: amount,
	}
}

// entered writes entries and returns them as they are read.
func entered(t *testing.T, s licensing.Store, all ...licensing.StatementEntry) []licensing.StatementEntry {
	t.Helper()
	write(t, s, func(tx licensing.Tx) {
		for _, e := range all {
			must(t, tx.InsertEntry(t.Context(), e))
		}
	})
	for i := range all {
		b := got[[]byte](t)(json.Marshal(all[i]))
		all[i].Key, all[i].Stored = "", string(b)
	}
	return all
}

// closed makes the statement of a group for a month, and returns it as it is read.
func closed(t *testing.T, s licensing.Store, g licensing.Group, m licensing.Month) (st licensing.Statement) {
	t.Helper()
	st = licensing.Statement{ID: licensing.StatementID(licensing.NewID()), Group: g.ID, GroupCode: g.Code, GroupName: g.Name, Month: m}
	write(t, s, func(tx licensing.Tx) {
		entries, made, err := tx.InsertStatement(t.Context(), st)
		must(t, err)
		same(t, "made", made, true)
		st.Entries = entries
		st = st.Sealed(someTime)
		must(t, tx.SealStatement(t.Context(), st))
	})
	return st
}

func eur(minor int64) *licensing.Money { return &licensing.Money{Minor: minor, Currency: "EUR"} }

var statements = map[string]func(*testing.T, licensing.Store){
	"entries, by day and each once": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		var want []licensing.StatementEntry
		for i, text := range append(odd, long()) {
			e := stated(w.north, november.First().AddDays(i), fmt.Sprint("key", i), &licensing.Money{Minor: math.MaxInt64 - int64(i), Currency: "JPY"})
			e.Customer.Name, e.Reason, e.DataFields = text, text, []licensing.Value{{Name: "ext", Value: text}}
			e.Units, e.Unit = 1<<62, eur(-1)
			e.Period = &licensing.Period{Number: 2, Start: cancelBy, End: cancelBy}
			want = append(want, e)
		}
		slices.Reverse(want)
		want = entered(t, s, want...)
		slices.Reverse(want)
		entered(t, s, stated(w.north, november.First(), "key0", nil), stated(w.north, november.Last(), "KEY0", nil), stated(w.south, november.First(), "south", nil))
		read(t, s, func(tx licensing.Tx) {
			all := got[[]licensing.StatementEntry](t)(tx.OpenEntries(t.Context(), w.north.ID, november.Last()))
			same(t, "all but the last", all[:len(all)-1], want)
			same(t, "up to a day", len(got[[]licensing.StatementEntry](t)(tx.OpenEntries(t.Context(), w.north.ID, november.First()))), 1)
			same(t, "the oldest", got[licensing.Day](t)(tx.OldestEntry(t.Context())), november.First())
			same(t, "of nobody", len(got[[]licensing.StatementEntry](t)(tx.OpenEntries(t.Context(), "none", november.Last()))), 0)
		})
	},
	"no entries": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		read(t, s, func(tx licensing.Tx) {
			_, err := tx.OldestEntry(t.Context())
			none(t, "the oldest", err)
			_, _, err = tx.NewestMonth(t.Context())
			none(t, "the newest month", err)
			_, err = tx.Statement(t.Context(), w.north.ID, november)
			none(t, "a statement", err)
			_, err = tx.StatementWay(t.Context(), w.north.ID, november)
			none(t, "its way", err)
			_, err = tx.StatementByID(t.Context(), "none")
			none(t, "a statement by id", err)
			same(t, "open months", len(got[[]licensing.Statement](t)(tx.OpenMonths(t.Context(), w.everything()))), 0)
		})
	},
	"months begin and end once": func(t *testing.T, s licensing.Store) {
		newest := func(what string, m licensing.Month, done bool) {
			t.Helper()
			read(t, s, func(tx licensing.Tx) {
				is, isDone, err := tx.NewestMonth(t.Context())
				must(t, err)
				same(t, what, []any{is, isDone}, []any{m, done})
			})
		}
		begin := func(m licensing.Month) (begun bool) {
			write(t, s, func(tx licensing.Tx) { begun = got[bool](t)(tx.BeginMonth(t.Context(), m)) })
			return begun
		}
		same(t, "begun", begin(november), true)
		same(t, "begun again", begin(november), false)
		newest("under way", november, false)
		write(t, s, func(tx licensing.Tx) { must(t, tx.EndMonth(t.Context(), november)) })
		newest("done", november, true)
		same(t, "the next", begin(november.Next()), true)
		newest("the next under way", november.Next(), false)
	},
	"a statement takes what is open up to its month's end, and keeps it": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		all := entered(t, s,
			stated(w.north, november.First().AddDays(-40), "late", eur(1)), stated(w.north, november.First(), "a", eur(2)), stated(w.north, november.Last(), "b", &licensing.Money{Minor: 5, Currency: "USD"}),
			stated(w.north, november.Next().First(), "next", eur(4)), stated(w.ice, november.First(), "below", eur(8)))
		toClose := func(m licensing.Month, after licensing.GroupID, limit int) (ids []licensing.GroupID) {
			read(t, s, func(tx licensing.Tx) {
				ids = got[[]licensing.GroupID](t)(tx.GroupsToClose(t.Context(), m, after, limit))
			})
			return ids
		}
		both := []licensing.GroupID{w.north.ID, w.ice.ID}
		slices.Sort(both)
		same(t, "groups to close", toClose(november, "", 10), both)
		same(t, "the first", toClose(november, "", 1), both[:1])
		same(t, "after it", toClose(november, both[0], 10), both[1:])
		same(t, "in a month before", toClose(licensing.Month{Year: 2026, Month: 8}, "", 10), []licensing.GroupID{})

		st := closed(t, s, w.north, november)
		same(t, "entries", st.Entries, all[:3])
		same(t, "sums", st.Sums, []licensing.Money{{Minor: 3, Currency: "EUR"}, {Minor: 5, Currency: "USD"}})
		same(t, "left to close", toClose(november, "", 10), []licensing.GroupID{w.ice.ID})
		write(t, s, func(tx licensing.Tx) {
			other := st
			other.ID = licensing.StatementID(licensing.NewID())
			entries, made, err := tx.InsertStatement(t.Context(), other)
			must(t, err)
			same(t, "a second one", []any{len(entries), made}, []any{0, false})
		})
		entered(t, s, stated(w.north, november.First(), "later", eur(16)))
		read(t, s, func(tx licensing.Tx) {
			is := got[licensing.Statement](t)(tx.Statement(t.Context(), w.north.ID, november))
			same(t, "as it was closed", is, st)
			same(t, "whole", is.Whole(), true)
			same(t, "by its id", got[licensing.Statement](t)(tx.StatementByID(t.Context(), st.ID)), st)
			open := got[[]licensing.StatementEntry](t)(tx.OpenEntries(t.Context(), w.north.ID, november.Next().Last()))
			same(t, "still open", []int64{open[0].Amount.Minor, open[1].Amount.Minor}, []int64{16, 4})
		})
	},
	"lists within sight": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		for i, g := range []licensing.Group{w.root, w.north, w.south, w.ice} {
			entered(t, s, stated(g, november.First(), fmt.Sprint(i), eur(1)), stated(g, november.Next().First(), fmt.Sprint("n", i), eur(1)))
		}
		var want []licensing.Statement
		for _, m := range []licensing.Month{november.Next(), november} {
			for _, g := range []licensing.Group{w.ice, w.north} { // by name
				st := licensing.Statement{GroupCode: g.Code, Month: m}
				want = append(want, st)
			}
		}
		for _, g := range []licensing.Group{w.root, w.north, w.south, w.ice} {
			closed(t, s, g, november)
			closed(t, s, g, november.Next())
		}
		list := func(sight licensing.Sight, f licensing.StatementFilter) (all []licensing.Statement) {
			read(t, s, func(tx licensing.Tx) {
				for _, st := range got[[]licensing.Statement](t)(tx.ListStatements(t.Context(), sight, f)) {
					same(t, "entries", []any{st.Count, st.Sums, len(st.Entries), st.Open()}, []any{1, []licensing.Money{*eur(1)}, 0, false})
					all = append(all, licensing.Statement{GroupCode: st.GroupCode, Month: st.Month})
				}
			})
			return all
		}
		north := licensing.Sight{Group: w.north.ID, Below: true}
		same(t, "north and below", list(north, licensing.StatementFilter{Limit: 10}), want)
		same(t, "the first", list(north, licensing.StatementFilter{Limit: 3}), want[:3])
		same(t, "of a month", list(north, licensing.StatementFilter{Month: november, Limit: 10}), want[2:])
		same(t, "north alone", len(list(licensing.Sight{Group: w.north.ID}, licensing.StatementFilter{Limit: 10})), 2)
		same(t, "everything", len(list(w.everything(), licensing.StatementFilter{Limit: 10})), 8)
	},
	"open months within sight": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		const most = 100_000_000_000_000 // of one entry in a sum
		entered(t, s,
			stated(w.north, november.First(), "1", eur(3)), stated(w.north, november.Last(), "2", eur(-5)), stated(w.north, november.First(), "3", nil),
			stated(w.north, november.First(), "4", &licensing.Money{Minor: math.MaxInt64, Currency: "USD"}), stated(w.north, november.First(), "5", &licensing.Money{Minor: math.MaxInt64, Currency: "USD"}),
			stated(w.ice, november.Next().First(), "6", eur(7)), stated(w.south, november.First(), "7", eur(9)))
		open := func(sight licensing.Sight) (all []licensing.Statement) {
			read(t, s, func(tx licensing.Tx) { all = got[[]licensing.Statement](t)(tx.OpenMonths(t.Context(), sight)) })
			return all
		}
		ice := licensing.Statement{Group: w.ice.ID, GroupCode: w.ice.Code, GroupName: w.ice.Name, Month: november.Next(), Count: 1, Sums: []licensing.Money{*eur(7)}}
		north := licensing.Statement{
			Group: w.north.ID, GroupCode: w.north.Code, GroupName: w.north.Name, Month: november, Count: 5,
			Sums: []licensing.Money{*eur(-2), {Minor: 2 * most, Currency: "USD"}},
		}
		same(t, "north and below", open(licensing.Sight{Group: w.north.ID, Below: true}), []licensing.Statement{ice, north})
		same(t, "north alone", open(licensing.Sight{Group: w.north.ID}), []licensing.Statement{north})
		same(t, "everything", len(open(w.everything())), 3)
	},
	"of many who close at once one does": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		entered(t, s, stated(w.north, november.First(), "1", eur(3)))
		var made atomic.Int64
		var all sync.WaitGroup
		for range 10 {
			all.Go(func() {
				for {
					err := s.Write(t.Context(), func(tx licensing.Tx) error {
						st := licensing.Statement{ID: licensing.StatementID(licensing.NewID()), Group: w.north.ID, GroupCode: w.north.Code, GroupName: w.north.Name, Month: november}
						entries, one, err := tx.InsertStatement(t.Context(), st)
						if err == nil && one {
							made.Add(int64(len(entries)))
						}
						return err
					})
					if err == nil {
						return
					}
				}
			})
		}
		all.Wait()
		same(t, "entries in statements", made.Load(), int64(1))
	},
	"messages about them": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		entered(t, s, stated(w.north, november.First(), "1", eur(3)))
		st := closed(t, s, w.north, november)
		var m licensing.Message
		write(t, s, func(tx licensing.Tx) {
			m = licensing.Message{
				ID: licensing.MessageID(licensing.NewID()), Connector: "erp", Kind: licensing.TellStatementClosed, Key: "key", Statement: st.ID,
				Content: licensing.Content{Group: w.north.Code, Month: november}, State: licensing.MessageWaiting, NextTry: tx.Now().Wall,
			}
			must(t, tx.InsertMessage(t.Context(), m))
			m.CreatedAt, m.UpdatedAt = tx.Now().Wall, tx.Now().Wall
		})
		try := func() (again bool) {
			write(t, s, func(tx licensing.Tx) { again = got[bool](t)(tx.TryAgain(t.Context(), m.ID)) })
			return again
		}
		finish := func(state licensing.MessageState) {
			sent, err := claimed(t, s, m.ID, 0)
			must(t, err)
			sent.State, sent.NextTry = state, someTime.AddDate(100, 0, 0)
			same(t, "while it is being sent", try(), false)
			write(t, s, func(tx licensing.Tx) { must(t, tx.FinishTry(t.Context(), sent, 0, "")) })
		}
		read(t, s, func(tx licensing.Tx) {
			same(t, "of the statement", got[[]licensing.Message](t)(tx.MessagesOfStatement(t.Context(), st.ID)), []licensing.Message{m})
			same(t, "of another", len(got[[]licensing.Message](t)(tx.MessagesOfStatement(t.Context(), "none"))), 0)
			same(t, "documents", got[licensing.Statement](t)(tx.Statement(t.Context(), w.north.ID, november)).Documents, []licensing.Document{{
				ID: m.ID, Connector: "erp", Kind: licensing.TellStatementClosed, State: licensing.MessageWaiting, At: m.UpdatedAt, NextTry: m.NextTry,
			}})
			whole := got[licensing.Statement](t)(tx.Statement(t.Context(), w.north.ID, november))
			same(t, "entries", len(whole.Entries), 1)
			whole.Entries = nil
			same(t, "its way", got[licensing.Statement](t)(tx.StatementWay(t.Context(), w.north.ID, november)), whole)
			waiting := got[[]licensing.WaitingMessage](t)
			same(t, "waiting", waiting(tx.WaitingMessages(t.Context(), licensing.SightOf(w.member), 10)), []licensing.WaitingMessage{{Message: m}})
			same(t, "waiting beyond sight", len(waiting(tx.WaitingMessages(t.Context(), licensing.Sight{Group: w.south.ID, Below: true}, 10))), 0)
			_, err := tx.EarlierMessage(t.Context(), m)
			none(t, "before it", err)
		})
		for _, state := range []licensing.MessageState{licensing.MessageWaiting, licensing.MessageRejected, licensing.MessageFailed} {
			finish(state)
			same(t, "again, when "+string(state), try(), true)
		}
		finish(licensing.MessageAccepted)
		same(t, "again, when accepted", try(), false)
	},
	"what more units cost": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		l := w.subscribed(t, s, cancelBy)
		var want []licensing.PlacedCharge
		for i, amount := range []*licensing.Money{eur(1<<62 + 1), nil, {Minor: -5, Currency: "JPY"}} {
			c := licensing.Charge{Period: 1, From: cancelBy, Until: cancelBy.AddDays(i), Units: int64(i), Amount: amount}
			write(t, s, func(tx licensing.Tx) {
				must(t, tx.InsertCharge(t.Context(), l.Subscription.ID, c))
				want = append(want, licensing.PlacedCharge{Charge: c, At: tx.Now().Business})
			})
		}
		read(t, s, func(tx licensing.Tx) {
			same(t, "oldest first", got[[]licensing.PlacedCharge](t)(tx.ChargesOf(t.Context(), l.Subscription.ID)), want)
			same(t, "of another", len(got[[]licensing.PlacedCharge](t)(tx.ChargesOf(t.Context(), "none"))), 0)
		})
	},
}
