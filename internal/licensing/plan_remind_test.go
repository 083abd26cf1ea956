package licensing_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"kontor/internal/licensing"
)

// TestReminders holds the rule to cases that were counted by hand: a year from 21 November 2026, to be cancelled by
// 21 October 2027.
func TestReminders(t *testing.T) {
	sub := func(change func(*licensing.Subscription)) licensing.Subscription {
		p := licensing.Plan{Type: licensing.LicenseSubscription, Term: licensing.Term{Months: 12}, Cancellation: licensing.Term{Days: 30}}
		periods, err := p.Periods(licensing.Day{}, day("2026-11-21"), 1)
		if err != nil {
			t.Fatal(err)
		}
		s := licensing.Subscription{Plan: p, State: licensing.SubscriptionActive, Periods: periods}
		if change != nil {
			change(&s)
		}
		return s
	}
	extended := func(s *licensing.Subscription) {
		next, _ := s.Next()
		s.Periods = append(s.Periods, next)
	}
	for _, c := range []struct {
		name, from string
		change     func(*licensing.Subscription)
		want       []string
	}{
		{"the usual ones", "2026-11-21", nil, []string{"2027-09-21", "2027-10-14"}},
		{"from the day of one on", "2027-10-14", nil, []string{"2027-10-14"}},
		{"after the last", "2027-10-15", nil, nil},
		{"on the day itself, and out of order", "2026-11-21", func(s *licensing.Subscription) { s.Plan.Reminders = []int{0, 400, 1} }, []string{"2027-10-20", "2027-10-21"}},
		{"never", "2026-11-21", func(s *licensing.Subscription) { s.Plan.Reminders = []int{} }, nil},
		{"cancelled", "2026-11-21", func(s *licensing.Subscription) { s.State = licensing.SubscriptionCancelled }, nil},
		{"ended", "2026-11-21", func(s *licensing.Subscription) { s.State = licensing.SubscriptionEnded }, nil},
		{"extended as often as it may", "2026-11-21", func(s *licensing.Subscription) { s.Plan.MostExtensions = new(0) }, nil},
		{"extended", "2026-11-21", extended, []string{"2028-09-21", "2028-10-14"}},
		{"not before the last day to cancel of the period before", "2026-11-21", func(s *licensing.Subscription) {
			s.Plan.Reminders = []int{366, 365, 7} // 2028 is a leap year: 366 days before it is that day itself
			extended(s)
		}, []string{"2027-10-22", "2028-10-14"}},
	} {
		var got []string
		for _, r := range sub(c.change).Reminders(day(c.from)) {
			got = append(got, r.On.String())
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

// TestRemindersOfPlans refuses what is out of bounds.
func TestRemindersOfPlans(t *testing.T) {
	p := licensing.Plan{Type: licensing.LicenseSubscription, Term: licensing.Term{Months: 12}}
	for _, days := range [][]int{nil, {}, {0}, {400, 30, 14, 7, 1}} {
		p.Reminders = days
		if err := p.Check(); err != nil {
			t.Errorf("%v: %v", days, err)
		}
	}
	for _, days := range [][]int{{-1}, {401}, {7, 30, 7}, {1, 2, 3, 4, 5, 6}} {
		p.Reminders = days
		checkRefusal(t, p.Check(), "reminders", "at most 5")
	}
}

// TestRemindersHappen runs the clock over random plans in random jumps, extending first and reminding then as the sweep
// does, and compares what was sent with what an oracle says that looks at each day. With a clock that never jumps each
// reminder is sent; a jump keeps the latest one whose last day to cancel has not passed; none is ever sent twice.
func TestRemindersHappen(t *testing.T) {
	type sent struct {
		period, days int
		on           licensing.Day
	}
	rapid.Check(t, func(t *rapid.T) {
		term := drawTerm(t, "term", 1)
		p := licensing.Plan{
			Type: licensing.LicenseSubscription, Term: term,
			Cancellation: licensing.Term{Months: rapid.IntRange(0, term.Months).Draw(t, "months"), Days: rapid.IntRange(0, term.Days).Draw(t, "days")},
			Reminders:    rapid.SliceOfNDistinct(rapid.OneOf(rapid.IntRange(0, 40), rapid.IntRange(0, 400)), 0, 5, rapid.ID).Draw(t, "reminders"),
		}
		if p.Check() != nil {
			return
		}
		today := drawDay(t, "sold")
		periods, err := p.Periods(today, today, 1)
		if err != nil {
			t.Fatal(err)
		}
		s := licensing.Subscription{Plan: p.Sold(periods[0]), State: licensing.SubscriptionActive, Periods: periods}
		jumps := rapid.SliceOfN(rapid.OneOf(rapid.Just(1), rapid.IntRange(1, 60)), 1, 120).Draw(t, "jumps")

		var got, want []sent
		from, known := today, today // known: since when the last period exists
		look := func(before licensing.Day) {
			for {
				next, ok := s.Next()
				if !ok || !today.After(s.Last().CancelBy) {
					break
				}
				known = s.Last().CancelBy.AddDays(1)
				s.Periods, from = append(s.Periods, next), known
			}
			if send, _ := s.RemindOn(from, today); send != nil {
				got = append(got, sent{send.Period, send.Days, today})
			}
			from = today.AddDays(1)
			// The oracle: back from today, day by day, to the last look or the day since when the period is known.
			for d := today; d.After(before) && !d.Before(known); d = d.AddDays(-1) {
				if n := d.DaysUntil(s.Last().CancelBy); slices.Contains(p.Reminders, n) {
					want = append(want, sent{s.Last().Number, n, today})
					break
				}
			}
		}
		look(today.AddDays(-1))
		for _, n := range jumps {
			before := today
			today = today.AddDays(n)
			look(before)
		}
		if !slices.Equal(got, want) {
			t.Fatalf("%+v sold on %s, jumps %v: sent %v, want %v", p, periods[0].Start, jumps, got, want)
		}
		seen := map[[2]int]bool{}
		for _, r := range got {
			if key := [2]int{r.period, r.days}; seen[key] {
				t.Fatalf("%v was sent twice", r)
			} else {
				seen[key] = true
			}
		}
	})
}
