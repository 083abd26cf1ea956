package storetest

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kontor/internal/licensing"
)

var cancelBy = licensing.Day{Year: 2027, Month: time.October, Date: 21}

// after is the period that follows the last of s.
func after(s licensing.Subscription) licensing.Period {
	next, _ := s.Plan.NextPeriod(s.Last())
	return next
}

var subscriptions = map[string]func(*testing.T, licensing.Store){
	"round-trip with the license": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		l := w.subscribed(t, s, cancelBy)
		read(t, s, func(tx licensing.Tx) {
			same(t, "license", got[licensing.License](t)(tx.LicenseByID(t.Context(), l.ID)), l)
			same(t, "subscription", got[licensing.Subscription](t)(tx.SubscriptionOf(t.Context(), l.ID)), *l.Subscription)
		})
		_, bare := w.placed(t, s, w.north, licensing.Customer{Name: "x"})
		read(t, s, func(tx licensing.Tx) {
			_, err := tx.SubscriptionOf(t.Context(), bare.ID)
			none(t, "without one", err)
			_, err = tx.SubscriptionOf(t.Context(), "none")
			none(t, "of no license", err)
		})
		raced(t, s, func(ctx context.Context, tx licensing.Tx) error {
			return tx.InsertSubscription(ctx, subscription(l.ID, cancelBy))
		})
	},
	"extend, cancel and end": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		l := w.subscribed(t, s, cancelBy)
		want := *l.Subscription
		for i := range 3 {
			next := after(want)
			if i > 0 { // the first one is free of charge
				next.Units, next.Amount = 3, &licensing.Money{Minor: 1<<62 + 1, Currency: "JPY"}
			}
			want.Coming = nil
			if i < 2 {
				want.Coming = []licensing.Coming{{Period: want.Last().Number + 1, Values: []licensing.Value{{Name: "seats", Value: "3"}}}}
			}
			write(t, s, func(tx licensing.Tx) {
				same(t, "added", got[bool](t)(tx.AppendPeriod(t.Context(), want, next)), true)
			})
			want.Periods[len(want.Periods)-1].Outcome = licensing.PeriodExtended
			want.Periods, want.Version = append(want.Periods, next), want.Version+1
			read(t, s, func(tx licensing.Tx) {
				same(t, "extended", got[licensing.Subscription](t)(tx.SubscriptionOf(t.Context(), l.ID)), want)
				listed := got[[]licensing.License](t)(tx.ListLicenses(t.Context(), w.everything(), licensing.LicenseFilter{Limit: 10}))
				same(t, "its last period in a list", listed[0].Subscription.Last(), next)
			})
		}
		update := func(ctx context.Context, tx licensing.Tx) error { return tx.UpdateSubscription(ctx, want) }
		want.State, want.CancelledAt = licensing.SubscriptionCancelled, new(someTime)
		write(t, s, func(tx licensing.Tx) { must(t, update(t.Context(), tx)) })
		raced(t, s, update)
		want.Version++
		read(t, s, func(tx licensing.Tx) {
			same(t, "cancelled", got[licensing.Subscription](t)(tx.SubscriptionOf(t.Context(), l.ID)), want)
		})
		want.State = licensing.SubscriptionEnded
		write(t, s, func(tx licensing.Tx) { must(t, update(t.Context(), tx)) })
		want.Version++
		want.Periods[len(want.Periods)-1].Outcome = licensing.PeriodEnded
		read(t, s, func(tx licensing.Tx) {
			same(t, "ended", got[licensing.Subscription](t)(tx.SubscriptionOf(t.Context(), l.ID)), want)
		})
	},
	"end with their first period": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		want := *w.subscribed(t, s, cancelBy).Subscription
		want.State = licensing.SubscriptionEnded
		write(t, s, func(tx licensing.Tx) { must(t, tx.UpdateSubscription(t.Context(), want)) })
		want.Version, want.Periods[0].Outcome = 2, licensing.PeriodEnded
		read(t, s, func(tx licensing.Tx) {
			same(t, "ended", got[licensing.Subscription](t)(tx.SubscriptionOf(t.Context(), want.License)), want)
			listed := got[[]licensing.License](t)(tx.ListLicenses(t.Context(), w.everything(), licensing.LicenseFilter{Limit: 10}))
			same(t, "in a list", *listed[0].Subscription, want)
		})
	},
	"end before the last period is over": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		want := *w.subscribed(t, s, cancelBy).Subscription
		want.State, want.CancelledAt = licensing.SubscriptionCancelled, new(someTime)
		want.Early = &licensing.EarlyEnd{On: cancelBy.AddDays(5), Credit: []licensing.Charge{
			{Period: 1, From: cancelBy.AddDays(6), Until: want.Last().End, Units: -2, Amount: &licensing.Money{Minor: -1_000, Currency: "EUR"}},
		}}
		write(t, s, func(tx licensing.Tx) { must(t, tx.UpdateSubscription(t.Context(), want)) })
		want.Version++
		read(t, s, func(tx licensing.Tx) {
			same(t, "subscription", got[licensing.Subscription](t)(tx.SubscriptionOf(t.Context(), want.License)), want)
			listed := got[[]licensing.License](t)(tx.ListLicenses(t.Context(), w.everything(), licensing.LicenseFilter{Limit: 10}))
			same(t, "in a list", *listed[0].Subscription, want)
			running := got[licensing.RunningPage](t)(tx.RunningSubscriptions(t.Context(), w.everything(), licensing.RunningFilter{Limit: 10}))
			same(t, "running", running.Rows[0].License.Subscription.EndsOn(), cancelBy.AddDays(5))
			due := got[[]licensing.LicenseID](t)(tx.DueSubscriptions(t.Context(), cancelBy.AddDays(6).Begin(tx.Now().Zone), 10))
			same(t, "due", due, []licensing.LicenseID{want.License})
		})
		want.State, want.CancelledAt, want.Early = licensing.SubscriptionActive, nil, nil
		write(t, s, func(tx licensing.Tx) { must(t, tx.UpdateSubscription(t.Context(), want)) })
		want.Version++
		read(t, s, func(tx licensing.Tx) {
			same(t, "runs on", got[licensing.Subscription](t)(tx.SubscriptionOf(t.Context(), want.License)), want)
		})
	},
	"a period is added once": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		l := w.subscribed(t, s, cancelBy)
		next := after(*l.Subscription)
		write(t, s, func(tx licensing.Tx) {
			same(t, "first", got[bool](t)(tx.AppendPeriod(t.Context(), *l.Subscription, next)), true)
		})
		write(t, s, func(tx licensing.Tx) {
			same(t, "second", got[bool](t)(tx.AppendPeriod(t.Context(), *l.Subscription, next)), false)
		})
		read(t, s, func(tx licensing.Tx) {
			same(t, "version", got[licensing.Subscription](t)(tx.SubscriptionOf(t.Context(), l.ID)).Version, int64(2))
		})
		raced(t, s, func(ctx context.Context, tx licensing.Tx) error { // somebody who missed a whole period
			late := *l.Subscription
			late.Periods = []licensing.Period{next}
			_, err := tx.AppendPeriod(ctx, late, after(late))
			return err
		})
	},
	"of many who extend at once one does": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		l := w.subscribed(t, s, cancelBy)
		var added atomic.Int64
		var all sync.WaitGroup
		for range 20 {
			all.Go(func() {
				var mine bool
				err := s.Write(t.Context(), func(tx licensing.Tx) (err error) {
					mine, err = tx.AppendPeriod(t.Context(), *l.Subscription, after(*l.Subscription))
					return err
				})
				if err != nil {
					t.Errorf("append: %v", err)
				}
				if mine {
					added.Add(1)
				}
			})
		}
		all.Wait()
		same(t, "added", added.Load(), int64(1))
		read(t, s, func(tx licensing.Tx) {
			same(t, "periods", len(got[licensing.Subscription](t)(tx.SubscriptionOf(t.Context(), l.ID)).Periods), 2)
		})
	},
	"are due right after their last day, the longest overdue first": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		zone, err := time.LoadLocation("Europe/Berlin")
		must(t, err)
		write(t, s, func(tx licensing.Tx) { must(t, tx.SetSetting(t.Context(), "zone", "Europe/Berlin")) })
		later := w.subscribed(t, s, cancelBy.AddDays(1))
		first := w.subscribed(t, s, cancelBy)
		cancelled := w.subscribed(t, s, cancelBy)
		write(t, s, func(tx licensing.Tx) {
			sub := *cancelled.Subscription
			sub.State = licensing.SubscriptionCancelled
			must(t, tx.UpdateSubscription(t.Context(), sub))
		})
		due := func(at time.Time, limit int) (ids []licensing.LicenseID) {
			read(t, s, func(tx licensing.Tx) {
				ids = got[[]licensing.LicenseID](t)(tx.DueSubscriptions(t.Context(), at, limit))
			})
			return ids
		}
		midnight := cancelBy.AddDays(1).Begin(zone)
		same(t, "a moment before", due(midnight.Add(-time.Microsecond), 10), []licensing.LicenseID{})
		same(t, "at midnight", due(midnight, 10), []licensing.LicenseID{first.ID})
		same(t, "seen from another zone", due(midnight.In(zone), 10), []licensing.LicenseID{first.ID})
		same(t, "a day later", due(midnight.Add(25*time.Hour), 10), []licensing.LicenseID{first.ID, later.ID})
		same(t, "at most", due(midnight.Add(25*time.Hour), 1), []licensing.LicenseID{first.ID})
		end := cancelled.Subscription.Last().End.AddDays(1).Begin(zone)
		same(t, "the cancelled one before its end", due(end.Add(-time.Microsecond), 10), []licensing.LicenseID{first.ID, later.ID})
		same(t, "the cancelled one at its end", due(end, 10), []licensing.LicenseID{first.ID, later.ID, cancelled.ID})
		write(t, s, func(tx licensing.Tx) {
			sub := got[licensing.Subscription](t)(tx.SubscriptionOf(t.Context(), cancelled.ID))
			sub.State = licensing.SubscriptionEnded
			must(t, tx.UpdateSubscription(t.Context(), sub))
		})
		same(t, "one that has ended", due(end.AddDate(100, 0, 0), 10), []licensing.LicenseID{first.ID, later.ID})
	},
}
