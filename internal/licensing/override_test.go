package licensing_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"kontor/internal/licensing"
)

// TestCreditByDay lets a subscription end early on any of its days, twice over, and compares what is charged back with a
// count day by day: each charge loses the share of its days that are left out, and all of it is charged again.
func TestCreditByDay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		start := licensing.Day{Year: 2027, Month: time.January, Date: 1}
		plan := licensing.Plan{Term: licensing.Term{Months: 1}, Cancellation: licensing.Term{Days: 7}}
		s := licensing.Subscription{Plan: plan, State: licensing.SubscriptionActive}
		first, err := plan.FirstPeriod(start, start, licensing.Day{})
		if err != nil {
			t.Fatal(err)
		}
		var charged []licensing.PlacedCharge
		for next := first; len(s.Periods) < 3; next, _ = plan.NextPeriod(next) {
			next.Units, next.Amount = 1, &licensing.Money{Minor: rapid.Int64Range(0, 100_000).Draw(t, "amount"), Currency: "EUR"}
			s.Periods = append(s.Periods, next)
			from := next.Start.AddDays(rapid.IntRange(0, 27).Draw(t, "from"))
			charged = append(charged, licensing.PlacedCharge{Charge: licensing.Charge{
				Period: next.Number, From: from, Until: next.End, Units: 1, Amount: &licensing.Money{Minor: rapid.Int64Range(0, 100_000).Draw(t, "more"), Currency: "EUR"},
			}})
		}
		today := first.CancelBy.AddDays(rapid.IntRange(1, 30).Draw(t, "today"))
		at := licensing.Moment{Business: today.Begin(time.UTC).Add(time.Hour), Zone: time.UTC}
		for range 2 {
			days := s.EarlyEnds(at)
			if len(days) == 0 {
				break
			}
			on := rapid.SampledFrom(days).Draw(t, "ends on")
			if s, err = s.EndedEarly(on, at, charged); err != nil {
				t.Fatal(err)
			}
			want := int64(0)
			left := func(amount int64, from, until licensing.Day) {
				lost, all := int64(0), int64(0)
				for d := from; !d.After(until); d = d.AddDays(1) {
					all++
					if d.After(on) {
						lost++
					}
				}
				want -= (2*amount*lost + all) / (2 * all)
			}
			for i, p := range s.Periods {
				left(p.Amount.Minor, p.Start, p.End)
				left(charged[i].Amount.Minor, charged[i].From, charged[i].Until)
			}
			if got := licensing.Total(s.Early.Credit).Minor; got != want || s.EndsOn() != on {
				t.Fatalf("it ends on %s, and %d is charged back instead of %d", s.EndsOn(), got, want)
			}
		}
		if s.Early == nil {
			return
		}
		back := licensing.Total(s.Early.Credit).Minor
		then, again, err := s.WithdrawnLate(today)
		if err != nil || licensing.Total(again).Minor != -back || then.EndsOn() != s.Last().End || then.State != licensing.SubscriptionActive {
			t.Fatalf("charged again: %v after %d; %v", again, back, err)
		}
	})
}

// TestCheckCancel says of each subscription that cannot be cancelled why, and the day.
func TestCheckCancel(t *testing.T) {
	start := licensing.Day{Year: 2027, Month: time.January, Date: 1}
	plan := licensing.Plan{Term: licensing.Term{Months: 1}, Cancellation: licensing.Term{Days: 7}}
	first, err := plan.FirstPeriod(start, start, licensing.Day{})
	if err != nil {
		t.Fatal(err)
	}
	running := licensing.Subscription{Plan: plan, State: licensing.SubscriptionActive, Periods: []licensing.Period{first}}
	if err := running.CheckCancel(start); err != nil {
		t.Errorf("one that runs: %v", err)
	}
	for want, change := range map[string]func(s *licensing.Subscription){
		"This subscription is not extended: it ends by itself on 2027-01-31, and there is nothing to cancel.": func(s *licensing.Subscription) { s.Plan.MostExtensions = new(0) },
		"This subscription is cancelled already; it ends on 2027-01-31.":                                      func(s *licensing.Subscription) { s.State = licensing.SubscriptionCancelled },
		"This subscription ended on 2027-01-31.":                                                              func(s *licensing.Subscription) { s.State = licensing.SubscriptionEnded },
		"This license is revoked: its subscription ended with that on 2027-01-01.": func(s *licensing.Subscription) {
			s.State, s.RevokedOn = licensing.SubscriptionEnded, start
		},
	} {
		s := running
		change(&s)
		if got := licensing.AsError(s.CheckCancel(start)); got == nil || got.Message != want || got.Kind != licensing.Conflict {
			t.Errorf("%v, not %q", got, want)
		}
	}
}
