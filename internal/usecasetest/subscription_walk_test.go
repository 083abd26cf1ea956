package usecasetest

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"kontor/internal/licensing"
	"kontor/internal/subscriptions"
)

// naive is a subscription as one would keep it on paper.
type naive struct {
	id       licensing.LicenseID
	ticket   string
	order    licensing.OrderID
	sold     licensing.Day
	care     bool // aligned to the month's end, three months' notice; else to the day, 30 days' notice
	state    licensing.SubscriptionState
	periods  []licensing.Period
	messages []string
}

// naivePeriod counts days one by one. What is not aligned comes back to the day of the sale, also from 29 February.
func naivePeriod(number int, sold, start licensing.Day, care bool) licensing.Period {
	end := monthsLater(start, 12).AddDays(-1)
	if !care {
		end = monthsLater(sold, 12*number).AddDays(-1)
		return charged(licensing.Period{Number: number, Start: start, End: end, CancelBy: end.AddDays(-30)}, 1, 180)
	}
	for end.AddDays(1).Month == end.Month {
		end = end.AddDays(1)
	}
	cancelBy := end
	for monthsLater(cancelBy, 3).After(end) {
		cancelBy = cancelBy.AddDays(-1)
	}
	return charged(licensing.Period{Number: number, Start: start, End: end, CancelBy: cancelBy}, 1, 78)
}

// monthsLater is the same date n months later, or the last one that the month has.
func monthsLater(d licensing.Day, n int) licensing.Day {
	for date := d.Date; ; date-- {
		t := time.Date(d.Year, d.Month+time.Month(n), date, 0, 0, 0, 0, time.UTC)
		if t.Day() == date {
			return licensing.DayOf(t, time.UTC)
		}
	}
}

func (n *naive) last() *licensing.Period { return &n.periods[len(n.periods)-1] }

// extend adds the periods whose time has come.
func (n *naive) extend(today licensing.Day) {
	for n.state == licensing.SubscriptionActive && today.After(n.last().CancelBy) {
		n.last().Outcome = licensing.PeriodExtended
		next := naivePeriod(n.last().Number+1, n.sold, n.last().End.AddDays(1), n.care)
		n.periods = append(n.periods, next)
		n.messages = append(n.messages, fmt.Sprint("subscriptionExtended ", next.Number))
	}
}

// sweep is what ExtendDue does.
func (n *naive) sweep(today licensing.Day) {
	n.extend(today)
	if n.state == licensing.SubscriptionCancelled && today.After(n.last().End) {
		n.state, n.last().Outcome = licensing.SubscriptionEnded, licensing.PeriodEnded
		n.messages = append(n.messages, fmt.Sprint("subscriptionEnded ", n.last().Number))
	}
}

// cancel reports whether it was possible.
func (n *naive) cancel(today licensing.Day) bool {
	if n.state != licensing.SubscriptionActive {
		return false
	}
	n.extend(today)
	n.state = licensing.SubscriptionCancelled
	n.messages = append(n.messages, fmt.Sprint("subscriptionCancelled ", n.last().Number))
	return true
}

// check holds a license against the paper.
func (n *naive) check(t testing.TB, rt *rapid.T, h *house) {
	l := h.license(t, n.id)
	same(rt, "state", l.Subscription.State, n.state)
	same(rt, "periods", l.Subscription.Periods, n.periods)
	if n.care {
		same(rt, "maintained", l.MaintenanceUntil, n.last().End)
	} else {
		same(rt, "expires", l.ExpiresAt, berlin(n.last().End.AddDays(1)))
	}
	same(rt, "files", len(h.files(t, n.id)), len(n.periods))
	same(rt, "told", h.told(t, n.order), n.messages)
	checkFile(t, h, l, 1)
}

// TestSubscriptionWalk moves the clock, sells, cancels and sweeps at random.
func TestSubscriptionWalk(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		anna := h.anna(t)
		rapid.Check(t, func(rt *rapid.T) {
			// What earlier walks left behind is never due again.
			_, err := h.store.Pool().ExecContext(t.Context(), "UPDATE subscription SET due_at = NULL")
			must(t, err)
			today := day(2026, 11, 21).AddDays(rapid.IntRange(0, 1500).Draw(rt, "begins"))
			h.setBusinessDay(t, today)
			var sold []*naive
			actions := map[string]func(*rapid.T){
				"sell": func(rt *rapid.T) {
					if len(sold) == 3 {
						return
					}
					n := &naive{care: rapid.Bool().Draw(rt, "care"), state: licensing.SubscriptionActive, messages: []string{"orderCreated"}}
					in := suite()
					if n.care {
						in = care()
					}
					in.Parameters = values("seats", "1")
					l := h.create(t, anna, in).Licenses[0]
					n.id, n.ticket, n.order, n.sold = l.ID, l.Ticket, l.Order, today
					n.periods = []licensing.Period{naivePeriod(1, today, today, n.care)}
					sold = append(sold, n)
				},
				"wait": func(rt *rapid.T) {
					today = today.AddDays(rapid.SampledFrom([]int{1, 20, 100, 300, 365, 900}).Draw(rt, "days"))
					h.setBusinessDay(t, today)
				},
				"sweep": func(rt *rapid.T) {
					h.extendDue(t)
					for _, n := range sold {
						n.sweep(today)
					}
				},
				"cancel": func(rt *rapid.T) {
					if len(sold) == 0 {
						return
					}
					n := rapid.SampledFrom(sold).Draw(rt, "which")
					_, _, err := h.subscriptions.Cancel(t.Context(), anna, licensing.NewID(), subscriptions.Cancel{Ticket: n.ticket})
					if possible := n.cancel(today); possible != (err == nil) {
						rt.Fatalf("cancelling: %v, want possible %v", err, possible)
					}
				},
			}
			for range rapid.IntRange(3, 10).Draw(rt, "steps") {
				name := rapid.SampledFrom([]string{"sell", "wait", "sweep", "cancel"}).Draw(rt, "action")
				actions[name](rt)
			}
			for _, n := range sold {
				n.check(t, rt, h)
			}
		})
	})
}
