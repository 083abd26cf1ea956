package storetest

import (
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kontor/internal/licensing"
)

// aCall is one of an account, so many minutes after someTime.
func aCall(m licensing.Membership, minutes int) licensing.Call {
	id := licensing.NewID()
	return licensing.Call{
		ID: licensing.CallID(id), At: someTime.Add(time.Duration(minutes) * time.Minute), Group: m.Group, Account: m.ID, Name: m.Email, Remote: "192.0.2.7", Version: "1.2",
		Operation: "CreateLicense", RequestID: "erp-" + strconv.Itoa(minutes), Took: time.Duration(100-minutes) * 1111 * time.Microsecond, Outcome: licensing.CallOK,
		Reference: "REF" + strconv.Itoa(100+minutes), InSize: 1200, OutSize: 70_000, Order: "K26-" + strconv.Itoa(10_000+minutes),
	}
}

// placesOf are the request ids of rows: which calls they are.
func placesOf(rows []licensing.CallRow) (all []string) {
	for _, r := range rows {
		all = append(all, r.RequestID)
	}
	return all
}

var calls = map[string]func(*testing.T, licensing.Store){
	"round-trip, with their envelopes or without": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		full, bare := aCall(w.member, 1), licensing.Call{ID: licensing.CallID(licensing.NewID()), At: someTime, Name: "日本 <ß>", Outcome: licensing.CallOutcome(licensing.CodeTooLarge), Reference: "NOBODY", Field: "é"}
		full.Console = true
		full.TicketHash = licensing.HashTicket("23456-789AB-CDEFG-HJKLM-NPQRH")
		write(t, s, func(tx licensing.Tx) {
			must(t, tx.InsertCall(t.Context(), full, []byte{0, 1, 255}))
			must(t, tx.InsertCall(t.Context(), bare, nil))
		})
		full.Kept = true
		read(t, s, func(tx licensing.Tx) {
			row, sealed, err := tx.CallByReference(t.Context(), w.everything(), "ref101")
			must(t, err)
			same(t, "the call", row.Call, full)
			same(t, "its envelopes", sealed, []byte{0, 1, 255})
			same(t, "who", []string{row.GroupCode, row.GroupName, row.AccountName}, []string{w.north.Code, w.north.Name, w.member.UserName})
			row, sealed, err = tx.CallByReference(t.Context(), w.everything(), "NOBODY")
			must(t, err)
			same(t, "nobody's call", row.Call, bare)
			same(t, "its envelopes", sealed, []byte(nil))
			_, _, err = tx.CallByReference(t.Context(), w.everything(), "REF10") // the beginning of one
			none(t, "an unknown reference", err)
		})
	},
	"are within the sight of their account's group, and those of nobody in the root's": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		write(t, s, func(tx licensing.Tx) {
			must(t, tx.InsertCall(t.Context(), aCall(w.member, 1), nil))
			must(t, tx.InsertCall(t.Context(), aCall(licensing.Membership{}, 2), nil))
		})
		read(t, s, func(tx licensing.Tx) {
			for _, c := range []struct {
				what  string
				sight licensing.Sight
				below string
				want  []string
			}{
				{"an admin of the root", w.everything(), "", []string{"erp-2", "erp-1"}},
				{"a member of the root", licensing.Sight{Group: w.root.ID}, "", nil},
				{"a member of the group", licensing.Sight{Group: w.north.ID}, "", []string{"erp-1"}},
				{"an admin of the group", licensing.Sight{Group: w.north.ID, Below: true}, "", []string{"erp-1"}},
				{"an admin of a group beside", licensing.Sight{Group: w.south.ID, Below: true}, "", nil},
				{"an admin of a group below", licensing.Sight{Group: w.ice.ID, Below: true}, "", nil},
				{"narrowed to the group", w.everything(), w.north.Code, []string{"erp-1"}},
				{"narrowed to a group above", licensing.Sight{Group: w.north.ID, Below: true}, w.root.Code, nil},
			} {
				f := licensing.CallFilter{Below: c.below, Limit: 10}
				same(t, c.what, placesOf(got[[]licensing.CallRow](t)(tx.CallRows(t.Context(), c.sight, f))), c.want)
				same(t, c.what+" counts", got[licensing.Count](t)(tx.CountCalls(t.Context(), c.sight, f, 100)), licensing.Count{N: len(c.want)})
			}
			_, _, err := tx.CallByReference(t.Context(), licensing.Sight{Group: w.south.ID, Below: true}, "REF101")
			none(t, "by its reference from beside", err)
		})
	},
	"that only named an account are in the sight of its admins": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		own, naming := aCall(w.member, 1), aCall(licensing.Membership{Group: w.north.ID, Email: w.member.Email}, 2)
		naming.Named, naming.NamedHome = w.member.ID, true
		write(t, s, func(tx licensing.Tx) {
			must(t, tx.InsertCall(t.Context(), own, nil))
			must(t, tx.InsertCall(t.Context(), naming, nil))
			must(t, tx.InsertCall(t.Context(), aCall(licensing.Membership{}, 3), nil))
		})
		read(t, s, func(tx licensing.Tx) {
			for _, c := range []struct {
				what  string
				sight licensing.Sight
				f     licensing.CallFilter
				want  []string
			}{
				{"an admin of the root", w.everything(), licensing.CallFilter{}, []string{"erp-3", "erp-2", "erp-1"}},
				{"a member of the root", licensing.Sight{Group: w.root.ID}, licensing.CallFilter{}, nil},
				{"an admin of the group", licensing.Sight{Group: w.north.ID, Below: true}, licensing.CallFilter{}, []string{"erp-2", "erp-1"}},
				{"by account", licensing.Sight{Group: w.north.ID, Below: true}, licensing.CallFilter{Account: w.member.ID}, []string{"erp-2", "erp-1"}},
				{"by account, slowest first", w.everything(), licensing.CallFilter{Account: w.member.ID, Sort: licensing.CallsByTook}, []string{"erp-1", "erp-2"}},
				{"a member of the group", licensing.Sight{Group: w.north.ID}, licensing.CallFilter{}, []string{"erp-1"}},
				{"a member by account", licensing.Sight{Group: w.north.ID}, licensing.CallFilter{Account: w.member.ID}, []string{"erp-1"}},
				{"a member by reference", licensing.Sight{Group: w.north.ID}, licensing.CallFilter{Query: "REF102"}, nil},
				{"an admin of a group beside", licensing.Sight{Group: w.south.ID, Below: true}, licensing.CallFilter{}, nil},
			} {
				c.f.Limit = 10
				rows := got[[]licensing.CallRow](t)(tx.CallRows(t.Context(), c.sight, c.f))
				same(t, c.what, placesOf(rows), c.want)
				same(t, c.what+" counts", got[licensing.Count](t)(tx.CountCalls(t.Context(), c.sight, c.f, 100)), licensing.Count{N: len(c.want)})
				row, _, err := tx.CallByReference(t.Context(), c.sight, "REF102")
				if !slices.Contains(c.want, "erp-2") {
					if c.f.Query == "" { // its reference is in sight or not, whatever the list is narrowed to
						none(t, c.what+" by its reference", err)
					}
					continue
				}
				must(t, err)
				same(t, c.what+" gets", row.Call, naming)
				same(t, c.what+" sees who", []string{row.AccountName, row.GroupCode}, []string{w.member.UserName, w.north.Code})
			}
			same(t, "none is counted", len(got[[]licensing.CallCount](t)(tx.CountCallsBy(t.Context(), w.member.ID, someTime, time.Hour))), 1)
		})
	},
	"that only named an account are dropped beyond so many of it, from its addresses and from others": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		write(t, s, func(tx licensing.Tx) {
			for i := range 12 { // 0 to 5 from elsewhere; of another account there is one of each
				c := aCall(licensing.Membership{Group: w.north.ID}, i)
				if c.Named, c.NamedHome = w.member.ID, i > 5; i%6 == 0 {
					c.Named = "another"
				}
				must(t, tx.InsertCall(t.Context(), c, nil))
			}
			must(t, tx.InsertCall(t.Context(), aCall(w.member, 20), nil))
			must(t, tx.InsertCall(t.Context(), aCall(licensing.Membership{}, 21), nil))
		})
		for _, want := range []int{2, 2, 2, 0} { // of 5 and 5 the newest 2 stay
			write(t, s, func(tx licensing.Tx) { same(t, "dropped", got[int](t)(tx.DropNamed(t.Context(), 2, 2)), want) })
		}
		write(t, s, func(tx licensing.Tx) { same(t, "strangers", got[int](t)(tx.DropStrangers(t.Context(), 1, 100)), 0) })
		read(t, s, func(tx licensing.Tx) {
			rows := got[[]licensing.CallRow](t)(tx.CallRows(t.Context(), w.everything(), licensing.CallFilter{Limit: 20}))
			same(t, "left", placesOf(rows), []string{"erp-21", "erp-20", "erp-11", "erp-10", "erp-6", "erp-5", "erp-4", "erp-0"})
		})
	},
	"are narrowed, sorted and paged": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		const ticket = "23456-789AB-CDEFG-HJKLM-NPQRH"
		write(t, s, func(tx licensing.Tx) {
			for i := range 12 {
				c := aCall(w.member, i)
				switch i % 3 {
				case 1:
					c.Operation, c.Outcome, c.Order, c.TicketHash = "GetLicense", licensing.CallReplayed, "", licensing.HashTicket(ticket)
				case 2:
					c.Outcome, c.Remote, c.Took = licensing.CallOutcome(licensing.CodeDenied), "2001:db8::1", time.Millisecond // the same of all
				}
				must(t, tx.InsertCall(t.Context(), c, nil))
			}
		})
		read(t, s, func(tx licensing.Tx) {
			list := func(f licensing.CallFilter) (all []string) {
				t.Helper()
				want := got[licensing.Count](t)(tx.CountCalls(t.Context(), w.everything(), f, 100)).N
				f.Limit = 5
				var pages [][]licensing.CallRow
				for {
					rows := got[[]licensing.CallRow](t)(tx.CallRows(t.Context(), w.everything(), f))
					if len(rows) == 0 {
						break
					}
					all, pages = append(all, placesOf(rows)...), append(pages, rows)
					f.After = rows[len(rows)-1].Cursor
				}
				same(t, "counted", len(all), want)
				if len(pages) > 1 { // back from the last page
					f.After, f.Before = "", pages[len(pages)-1][0].Cursor
					same(t, "backward", placesOf(got[[]licensing.CallRow](t)(tx.CallRows(t.Context(), w.everything(), f))), placesOf(pages[len(pages)-2]))
				}
				return all
			}
			ids := func(numbers ...int) (all []string) {
				for _, n := range numbers {
					all = append(all, "erp-"+strconv.Itoa(n))
				}
				return all
			}
			newest := ids(11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0)
			oldest := slices.Clone(newest)
			slices.Reverse(oldest)
			for _, c := range []struct {
				what string
				f    licensing.CallFilter
				want []string
			}{
				{"newest first", licensing.CallFilter{}, newest},
				{"oldest first", licensing.CallFilter{Reverse: true}, oldest},
				{"slowest first", licensing.CallFilter{Sort: licensing.CallsByTook}, ids(0, 1, 3, 4, 6, 7, 9, 10, 11, 8, 5, 2)},
				{"fastest first", licensing.CallFilter{Sort: licensing.CallsByTook, Reverse: true}, ids(2, 5, 8, 11, 10, 9, 7, 6, 4, 3, 1, 0)},
				{"an account", licensing.CallFilter{Account: w.member.ID}, newest},
				{"another", licensing.CallFilter{Account: "none"}, nil},
				{"an operation", licensing.CallFilter{Operation: "GetLicense"}, ids(10, 7, 4, 1)},
				{"an outcome", licensing.CallFilter{Outcome: licensing.CallOK}, ids(9, 6, 3, 0)},
				{"faults", licensing.CallFilter{Outcome: licensing.CallFaults}, ids(11, 8, 5, 2)},
				{"one fault", licensing.CallFilter{Outcome: licensing.CallOutcome(licensing.CodeDenied)}, ids(11, 8, 5, 2)},
				{"one fault, slowest first", licensing.CallFilter{Outcome: licensing.CallOutcome(licensing.CodeDenied), Sort: licensing.CallsByTook}, ids(11, 8, 5, 2)},
				{"a fault that none had", licensing.CallFilter{Outcome: licensing.CallOutcome(licensing.CodeConflict)}, nil},
				{"from a minute", licensing.CallFilter{From: someTime.Add(9 * time.Minute)}, ids(11, 10, 9)},
				{"before a minute", licensing.CallFilter{To: someTime.Add(2 * time.Minute)}, ids(1, 0)},
				{"a reference", licensing.CallFilter{Query: "ref105"}, ids(5)},
				{"the beginning of a reference", licensing.CallFilter{Query: "REF11"}, ids(11, 10)},
				{"the beginning of a request id", licensing.CallFilter{Query: "erp-1"}, ids(11, 10, 1)},
				{"a request id in another case", licensing.CallFilter{Query: "ERP-1"}, nil},
				{"an order", licensing.CallFilter{Query: "k26-10003"}, ids(3)},
				{"a ticket", licensing.CallFilter{Query: "23456 789ab cdefg hjklm npqrh"}, ids(10, 7, 4, 1)},
				{"an address", licensing.CallFilter{Query: "2001:DB8::1"}, ids(11, 8, 5, 2)},
				{"two at once", licensing.CallFilter{Query: "2001:db8::1", From: someTime.Add(6 * time.Minute)}, ids(11, 8)},
				{"what no database can hold", licensing.CallFilter{Query: "a\x00"}, nil},
			} {
				same(t, c.what, list(c.f), c.want)
			}
			// What a member is not shown, he does not find calls by.
			for query, want := range map[string]int{"ref105": 1, "2001:db8::1": 4, "erp-1": 0, "K26-10003": 0, "23456-789AB-CDEFG-HJKLM-NPQRH": 0} {
				f := licensing.CallFilter{Query: query, Limit: 20}
				same(t, "a member by "+query, len(got[[]licensing.CallRow](t)(tx.CallRows(t.Context(), licensing.Sight{Group: w.member.Group}, f))), want)
			}
			forged := licensing.CallFilter{Sort: licensing.CallsByTook, After: "YWJjHzE", Limit: 5} // a key that is no number
			same(t, "a forged cursor", len(got[[]licensing.CallRow](t)(tx.CallRows(t.Context(), w.everything(), forged))), 5)
		})
	},
	"are counted by step and outcome": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		hour := someTime.Truncate(time.Hour)
		write(t, s, func(tx licensing.Tx) {
			for i, outcome := range []licensing.CallOutcome{licensing.CallOK, licensing.CallOK, licensing.CallReplayed, licensing.CallOK} {
				c := aCall(w.member, i)
				c.At, c.Outcome = hour.Add(time.Duration(i/2)*time.Hour+time.Second), outcome
				must(t, tx.InsertCall(t.Context(), c, nil))
			}
			must(t, tx.InsertCall(t.Context(), aCall(licensing.Membership{ID: "another"}, 0), nil))
			tried := aCall(w.member, 9)
			tried.At, tried.Console = hour, true
			must(t, tx.InsertCall(t.Context(), tried, nil))
		})
		read(t, s, func(tx licensing.Tx) {
			same(t, "by hour", got[[]licensing.CallCount](t)(tx.CountCallsBy(t.Context(), w.member.ID, hour, time.Hour)), []licensing.CallCount{
				{From: hour, Outcome: licensing.CallOK, N: 2}, {From: hour.Add(time.Hour), Outcome: licensing.CallOK, N: 1}, {From: hour.Add(time.Hour), Outcome: licensing.CallReplayed, N: 1},
			})
			same(t, "by minute, later", got[[]licensing.CallCount](t)(tx.CountCallsBy(t.Context(), w.member.ID, hour.Add(time.Minute), time.Minute)), []licensing.CallCount{
				{From: hour.Add(time.Hour), Outcome: licensing.CallOK, N: 1}, {From: hour.Add(time.Hour), Outcome: licensing.CallReplayed, N: 1},
			})
		})
	},
	"are dropped with their envelopes when they are old": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		first := aCall(w.member, 0)
		write(t, s, func(tx licensing.Tx) {
			must(t, tx.InsertCall(t.Context(), first, []byte("sealed")))
			for i := 1; i < 5; i++ {
				must(t, tx.InsertCall(t.Context(), aCall(w.member, i), []byte("sealed")))
			}
		})
		left := func() []string {
			var rows []licensing.CallRow
			read(t, s, func(tx licensing.Tx) {
				rows = got[[]licensing.CallRow](t)(tx.CallRows(t.Context(), w.everything(), licensing.CallFilter{Limit: 10}))
			})
			return placesOf(rows)
		}
		for _, want := range []struct {
			dropped int
			left    []string
		}{{2, []string{"erp-4", "erp-3", "erp-2"}}, {1, []string{"erp-4", "erp-3"}}, {0, []string{"erp-4", "erp-3"}}} {
			write(t, s, func(tx licensing.Tx) {
				same(t, "dropped", got[int](t)(tx.DropCalls(t.Context(), someTime.Add(3*time.Minute), 2)), want.dropped)
			})
			same(t, "left", left(), want.left)
		}
		// With a call its envelopes have gone: the same id can be written again.
		write(t, s, func(tx licensing.Tx) { must(t, tx.InsertCall(t.Context(), first, []byte("again"))) })
		read(t, s, func(tx licensing.Tx) {
			_, sealed, err := tx.CallByReference(t.Context(), w.everything(), "REF104")
			must(t, err)
			same(t, "kept", sealed, []byte("sealed"))
		})
	},
	"of nobody are dropped beyond so many": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		write(t, s, func(tx licensing.Tx) {
			must(t, tx.InsertCall(t.Context(), aCall(w.member, 0), nil))
			for i := 1; i < 8; i++ {
				must(t, tx.InsertCall(t.Context(), aCall(licensing.Membership{}, i), nil))
			}
		})
		for _, want := range []int{3, 1, 0} { // of 7 the newest 3 stay
			write(t, s, func(tx licensing.Tx) { same(t, "dropped", got[int](t)(tx.DropStrangers(t.Context(), 2, 3)), want) })
		}
		read(t, s, func(tx licensing.Tx) {
			rows := got[[]licensing.CallRow](t)(tx.CallRows(t.Context(), w.everything(), licensing.CallFilter{Limit: 10}))
			same(t, "left", placesOf(rows), []string{"erp-7", "erp-6", "erp-5", "erp-0"})
		})
	},
	"are counted up to a limit, by many at once": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		for i := range 3 { // a minute may begin meanwhile
			who := user("erp" + strconv.Itoa(i) + "@north.example")
			m := membership(who, w.north, licensing.RoleService)
			var begun, ended licensing.Moment
			write(t, s, func(tx licensing.Tx) {
				must(t, tx.InsertUser(t.Context(), who))
				must(t, tx.InsertMembership(t.Context(), m))
				begun = tx.Now()
			})
			calls, licenses := useAtOnce(t, s, m.ID)
			var used, none licensing.CallUse
			read(t, s, func(tx licensing.Tx) {
				used, none = got[licensing.CallUse](t)(tx.Used(t.Context(), m.ID)), got[licensing.CallUse](t)(tx.Used(t.Context(), w.member.ID))
				ended = tx.Now()
			})
			if begun.Wall.Truncate(time.Minute).Equal(ended.Wall.Truncate(time.Minute)) {
				same(t, "counted", []int64{calls, licenses}, []int64{15, 7})
				same(t, "used", used, licensing.CallUse{InMinute: 15, InDay: 15, Licenses: 14})
				same(t, "used by another one", none, licensing.CallUse{})
				return
			}
		}
		t.Error("a minute began each time")
	},
}

// useAtOnce has thirty count at once a call each, of which 15 are allowed, and two licenses, of which 15 are.
func useAtOnce(t *testing.T, s licensing.Store, account licensing.MembershipID) (calls, licenses int64) {
	var all sync.WaitGroup
	count := func(n *atomic.Int64, use func(tx licensing.Tx) (bool, error)) {
		all.Go(func() {
			ok := false
			err := s.Write(t.Context(), func(tx licensing.Tx) (err error) {
				ok, err = use(tx)
				return err
			})
			if err != nil {
				t.Error(err)
			}
			if ok {
				n.Add(1)
			}
		})
	}
	var called, made atomic.Int64
	for range 30 {
		count(&called, func(tx licensing.Tx) (bool, error) {
			_, ok, err := tx.UseCall(t.Context(), account, licensing.CallLimits{PerMinute: 15, PerDay: 1000})
			return ok, err
		})
		count(&made, func(tx licensing.Tx) (bool, error) { return tx.UseLicenses(t.Context(), account, 2, 15) })
	}
	all.Wait()
	return called.Load(), made.Load()
}
