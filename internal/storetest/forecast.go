package storetest

import (
	"slices"
	"testing"
	"time"

	"kontor/internal/licensing"
)

// walkRunning reads the running subscriptions page by page.
func walkRunning(t *testing.T, tx licensing.Tx, s licensing.Sight, f licensing.RunningFilter) (ids []licensing.LicenseID) {
	t.Helper()
	for pages := 0; ; pages++ {
		p := got[licensing.RunningPage](t)(tx.RunningSubscriptions(t.Context(), s, f))
		if len(p.Rows) > f.Limit || pages > 100 {
			t.Fatalf("page %d of %d has %d rows", pages, f.Limit, len(p.Rows))
		}
		for _, r := range p.Rows {
			ids = append(ids, r.License.ID)
		}
		if p.Next == "" {
			return ids
		}
		f.After = p.Next
	}
}

var forecast = map[string]func(*testing.T, licensing.Store){
	"addresses of calendars, one for each membership": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		set := func(hash string) {
			write(t, s, func(tx licensing.Tx) { must(t, tx.SetCalendarFeed(t.Context(), w.member.ID, hash)) })
		}
		absent := func(what, hash string) {
			read(t, s, func(tx licensing.Tx) {
				_, err := tx.CalendarFeedByHash(t.Context(), hash)
				none(t, what, err)
			})
		}
		absent("before any", "one")
		absent("of nothing", "")
		set("one")
		read(t, s, func(tx licensing.Tx) {
			same(t, "whose", got[licensing.MembershipID](t)(tx.CalendarFeedByHash(t.Context(), "one")), w.member.ID)
			same(t, "made after now", got[time.Time](t)(tx.CalendarFeedOf(t.Context(), w.member.ID)).After(tx.Now().Wall), false)
		})
		set("two")
		absent("renewed", "one")
		absent("in another case", "TWO")
		set("")
		absent("taken away", "two")
		read(t, s, func(tx licensing.Tx) {
			_, err := tx.CalendarFeedOf(t.Context(), w.member.ID)
			none(t, "after that", err)
		})
	},
	"running subscriptions, with what a forecast takes": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		l := w.subscribed(t, s, cancelBy)
		next := after(*l.Subscription)
		write(t, s, func(tx licensing.Tx) {
			got[bool](t)(tx.AppendPeriod(t.Context(), *l.Subscription, next))
		})
		read(t, s, func(tx licensing.Tx) {
			whole := got[licensing.License](t)(tx.LicenseByID(t.Context(), l.ID))
			p := got[licensing.RunningPage](t)(tx.RunningSubscriptions(t.Context(), w.everything(), licensing.RunningFilter{Limit: 10}))
			same(t, "rows", len(p.Rows), 1)
			sub := *whole.Subscription
			same(t, "license", p.Rows[0].License, licensing.License{
				ID: l.ID, Ticket: l.Ticket, Group: w.north.ID, GroupCode: "north", GroupName: "Group north", CategoryCode: "partner", CategoryName: "Partner", ProductCode: "APP",
				ProductName: "Product APP", Quantity: 1, State: licensing.LicenseActive, CreatedAt: someTime, Definitions: w.product.Parameters, Price: whole.Price,
				Subscription: &licensing.Subscription{ID: sub.ID, License: l.ID, Plan: sub.Plan, State: sub.State, Unit: sub.Unit, Periods: []licensing.Period{{
					Number: 2, Start: next.Start, End: next.End, CancelBy: next.CancelBy,
				}}},
			})
			same(t, "changed after now", p.Rows[0].ChangedAt.After(tx.Now().Business), false)
		})
	},
	"running subscriptions, by sight and filter, in pages of any size": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		all := map[licensing.GroupID][]licensing.LicenseID{}
		for i := range 12 {
			g := []licensing.Group{w.north, w.ice, w.south}[i%3]
			_, l := w.placed(t, s, g, licensing.Customer{Name: "Bright Studio"})
			if i >= 9 {
				continue // without a subscription
			}
			sub := subscription(l.ID, cancelBy.AddDays(i))
			write(t, s, func(tx licensing.Tx) { must(t, tx.InsertSubscription(t.Context(), sub)) })
			if i < 6 {
				all[g.ID] = append(all[g.ID], l.ID)
			}
			if i >= 3 {
				sub.State = licensing.SubscriptionCancelled
				if i >= 6 {
					sub.State = licensing.SubscriptionEnded
				}
				write(t, s, func(tx licensing.Tx) { must(t, tx.UpdateSubscription(t.Context(), sub)) })
			}
		}
		of := func(groups ...licensing.Group) (ids []licensing.LicenseID) {
			for _, g := range groups {
				ids = append(ids, all[g.ID]...)
			}
			slices.Sort(ids)
			return ids
		}
		for name, c := range map[string]struct {
			sight licensing.Sight
			f     licensing.RunningFilter
			want  []licensing.LicenseID
		}{
			"everything":            {w.everything(), licensing.RunningFilter{}, of(w.north, w.ice, w.south)},
			"a subtree":             {licensing.Sight{Group: w.north.ID, Below: true}, licensing.RunningFilter{}, of(w.north, w.ice)},
			"a group alone":         {licensing.Sight{Group: w.north.ID}, licensing.RunningFilter{}, of(w.north)},
			"of nobody":             {licensing.Sight{Group: "none", Below: true}, licensing.RunningFilter{}, nil},
			"narrowed to a subtree": {w.everything(), licensing.RunningFilter{Below: "north"}, of(w.north, w.ice)},
			"narrowed beyond sight": {licensing.Sight{Group: w.north.ID, Below: true}, licensing.RunningFilter{Below: "south"}, nil},
			"of an unknown group":   {w.everything(), licensing.RunningFilter{Below: "nowhere"}, nil},
			"of a category":         {w.everything(), licensing.RunningFilter{Category: "partner", Product: "APP"}, of(w.north, w.ice, w.south)},
			"of another category":   {w.everything(), licensing.RunningFilter{Category: "internal"}, nil},
			"of an unknown product": {w.everything(), licensing.RunningFilter{Product: "NONE"}, nil},
			"of no text":            {w.everything(), licensing.RunningFilter{Product: "a\x00b"}, nil},
			"after what is none":    {licensing.Sight{Group: w.north.ID}, licensing.RunningFilter{After: "x"}, of(w.north)},
		} {
			read(t, s, func(tx licensing.Tx) {
				for size := 1; size <= 7; size++ {
					c.f.Limit = size
					ids := walkRunning(t, tx, c.sight, c.f)
					slices.Sort(ids)
					same(t, name, ids, c.want)
				}
			})
		}
	},
}
