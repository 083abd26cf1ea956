package licensing_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"kontor/internal/licensing"
)

// TestSale holds the spans in which subscriptions end against a list of days, each with what the product said at its end.
func TestSale(t *testing.T) {
	first := licensing.Day{Year: 2027, Month: time.January, Date: 1}
	rapid.Check(t, func(t *rapid.T) {
		const days = 40
		p, ends := licensing.Product{}, [days]bool{}
		for i := range days {
			for range rapid.SampledFrom([]int{0, 0, 0, 1, 2}).Draw(t, "changes") {
				p = p.WithSale(rapid.SampledFrom([]licensing.Sale{licensing.SaleOn, licensing.SaleGoOn, licensing.SaleEnds}).Draw(t, "sale"), first.AddDays(i))
			}
			ends[i] = p.Sale == licensing.SaleEnds
		}
		for i := range days {
			last := licensing.Period{Number: 1, Start: first, End: first.AddDays(i + 7), CancelBy: first.AddDays(i)}
			s := licensing.Subscription{
				Plan: licensing.Plan{Term: licensing.Term{Days: 30}, Cancellation: licensing.Term{Days: 7}}, State: licensing.SubscriptionActive,
				Periods: []licensing.Period{last}, Unextended: p.Unextended,
			}
			_, extends := s.Next()
			due, _ := s.DueAt(time.UTC)
			want := last.CancelBy.AddDays(1)
			if ends[i] {
				want = last.End.AddDays(1)
			}
			if extends == ends[i] || s.Discontinued() != ends[i] || due != want.Begin(time.UTC) {
				t.Fatalf("the last day to cancel is %s: extends %v, due %s, with %v", last.CancelBy, extends, due, p.Unextended)
			}
			if got := s.Cancellable(last.CancelBy.AddDays(1)); got == ends[i] {
				t.Fatalf("after its last day to cancel, %s, it can be cancelled: %v", last.CancelBy, got)
			}
			if !s.Cancellable(last.CancelBy) || len(s.Reminders(first)) > 0 == ends[i] && i >= 30 {
				t.Fatalf("on its last day to cancel, %s: %v, reminders %v", last.CancelBy, s.Cancellable(last.CancelBy), s.Reminders(first))
			}
		}
	})
}

// TestEndingRunsOutAfterWhatWasDue is deactivated while the clock is behind: the period that was due before exists all the
// same, and is the last.
func TestEndingRunsOutAfterWhatWasDue(t *testing.T) {
	start := licensing.Day{Year: 2027, Month: time.January, Date: 1}
	plan := licensing.Plan{Term: licensing.Term{Months: 1}, Cancellation: licensing.Term{Days: 7}}
	first, err := plan.FirstPeriod(start, start, licensing.Day{})
	if err != nil {
		t.Fatal(err)
	}
	p := licensing.Product{}.WithSale(licensing.SaleEnds, first.CancelBy.AddDays(1))
	l := licensing.License{Subscription: &licensing.Subscription{Plan: plan, State: licensing.SubscriptionActive, Periods: []licensing.Period{first}, Unextended: p.Unextended}}
	var told []licensing.ForecastKind
	for e := range l.Forecast(first.CancelBy.AddDays(1), start.AddMonths(12), time.UTC, false) {
		told = append(told, e.Kind)
	}
	if len(told) != 2 || told[0] != licensing.ForecastExtended || told[1] != licensing.ForecastEnded {
		t.Errorf("the forecast is %v", told)
	}
}

// TestRemindedFrom makes up for reminders from the first day on which subscriptions were to end, but not from before the sale.
func TestRemindedFrom(t *testing.T) {
	noon := func(month time.Month, date int) time.Time { return time.Date(2027, month, date, 12, 0, 0, 0, time.UTC) }
	day := func(month time.Month, date int) licensing.Day { return licensing.DayOf(noon(month, date), time.UTC) }
	twice := []licensing.Span{{From: day(time.June, 1), Until: day(time.October, 18)}, {From: day(time.October, 18), Until: day(time.October, 19)}}
	for name, c := range map[string]struct {
		spans      []licensing.Span
		sold, want licensing.Day
	}{
		"never to end": {nil, day(time.January, 1), day(time.October, 20)},
		"sold before":  {twice, day(time.January, 1), day(time.June, 1)},
		"sold after":   {twice, day(time.October, 19), day(time.October, 19)},
	} {
		l := licensing.License{CreatedAt: c.sold.Begin(time.UTC), Subscription: &licensing.Subscription{Unextended: c.spans}}
		if got := l.RemindedFrom(licensing.Moment{Business: noon(time.October, 20), Zone: time.UTC}); got != c.want {
			t.Errorf("%s: reminders count from %s, not %s", name, got, c.want)
		}
	}
}

// TestWhySubscriptionsEnd tells what ends because of its product from what its plan lets run out, or somebody has cancelled.
func TestWhySubscriptionsEnd(t *testing.T) {
	start := licensing.Day{Year: 2027, Month: time.January, Date: 1}
	for name, c := range map[string]struct {
		state                                      licensing.SubscriptionState
		most                                       *int
		deactivated                                bool
		upToProduct, extends, discontinued, cancel bool
	}{
		"runs on":                       {licensing.SubscriptionActive, nil, false, true, true, false, true},
		"the product is deactivated":    {licensing.SubscriptionActive, nil, true, true, false, true, true},
		"may be extended once":          {licensing.SubscriptionActive, new(1), true, true, false, true, true},
		"last period":                   {licensing.SubscriptionActive, new(0), false, false, false, false, false},
		"last period, and deactivated":  {licensing.SubscriptionActive, new(0), true, false, false, false, false},
		"cancelled":                     {licensing.SubscriptionCancelled, nil, false, false, false, false, false},
		"cancelled, and is deactivated": {licensing.SubscriptionCancelled, nil, true, false, false, true, false},
	} {
		t.Run(name, func(t *testing.T) {
			plan := licensing.Plan{Term: licensing.Term{Months: 1}, Cancellation: licensing.Term{Days: 7}, MostExtensions: c.most}
			first, err := plan.FirstPeriod(start, start, licensing.Day{})
			if err != nil {
				t.Fatal(err)
			}
			s := licensing.Subscription{Plan: plan, State: c.state, Periods: []licensing.Period{first}}
			if c.deactivated {
				s.Unextended = licensing.Product{}.WithSale(licensing.SaleEnds, start).Unextended
			}
			_, next := s.Next()
			got := [...]bool{s.UpToProduct(), s.Extends(), next, s.Discontinued(), s.Cancellable(first.CancelBy)}
			if want := [...]bool{c.upToProduct, c.extends, c.extends, c.discontinued, c.cancel}; got != want {
				t.Errorf("it is %v, not %v", got, want)
			}
		})
	}
}
