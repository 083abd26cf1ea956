package portal

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"kontor/internal/licensing"
)

// care is a maintenance subscription of two periods, as the design draws it.
func care() licensing.Subscription {
	return licensing.Subscription{
		Plan: licensing.Plan{
			Type: licensing.MaintenanceSubscription, Term: licensing.Term{Months: 12}, Cancellation: licensing.Term{Months: 3}, Align: licensing.AlignMonth,
		},
		State: licensing.SubscriptionActive,
		Periods: []licensing.Period{
			{Number: 1, Start: day(2025, 5, 12), End: day(2026, 5, 31), CancelBy: day(2026, 2, 28)},
			{Number: 2, Start: day(2026, 6, 1), End: day(2027, 5, 31), CancelBy: day(2027, 2, 28)},
		},
	}
}

func kindsOf(t timeline) []stretchKind {
	var kinds []stretchKind
	for _, p := range t.Periods {
		kinds = append(kinds, p.Kind)
	}
	return kinds
}

func TestTimelineOfARunningSubscription(t *testing.T) {
	sub := care()
	got := drawTimeline(sub, sub.Last(), testDay, false)
	if diff := cmp.Diff([]stretchKind{stretchPast, stretchCurrent, stretchNext}, kindsOf(got)); diff != "" {
		t.Error(diff)
	}
	// The places of the design's drawing, to half a percent.
	for what, c := range map[string][2]float64{
		"period 2": {got.Periods[1].X, 34.5}, "period 3": {got.Periods[2].X, 67.2}, "today": {got.Today, 50},
		"last day to cancel": {got.CancelBy, 58.9}, "end": {got.End, 67.2}, "2026": {got.Years[0].X, 21},
	} {
		if math.Abs(c[0]-c[1]) > .5 {
			t.Errorf("%s stands at %.2f%%, not at %.2f%%", what, c[0], c[1])
		}
	}
	if got.Next == nil || got.Next.End != day(2028, 5, 31) {
		t.Errorf("what follows is %+v", got.Next)
	}
}

func TestTimelineOfACancellation(t *testing.T) {
	sub := care()
	if got := kindsOf(drawTimeline(sub, sub.Last(), testDay, true)); cmp.Diff([]stretchKind{stretchPast, stretchCurrent, stretchGone}, got) != "" {
		t.Errorf("in time: %v", got)
	}
	late, _ := sub.Plan.NextPeriod(sub.Last())
	got := drawTimeline(sub, late, day(2027, 3, 1), true)
	if diff := cmp.Diff([]stretchKind{stretchPast, stretchCurrent, stretchAgreed, stretchGone}, kindsOf(got)); diff != "" {
		t.Error("late:", diff)
	}
	if got.Last.End != day(2028, 5, 31) || got.CancelBy >= 0 {
		t.Errorf("late: ends %s, last day to cancel at %.1f%%", got.Last.End, got.CancelBy)
	}
}

func TestTimelineOfACancelledSubscription(t *testing.T) {
	sub := care()
	sub.State = licensing.SubscriptionCancelled
	got := drawTimeline(sub, sub.Last(), testDay, false)
	if diff := cmp.Diff([]stretchKind{stretchPast, stretchCurrent}, kindsOf(got)); diff != "" || got.Next != nil || math.Abs(got.End-100) > .01 {
		t.Errorf("%s; next %v; ends at %.1f%%", diff, got.Next, got.End)
	}
	sub.State = licensing.SubscriptionEnded
	over := drawTimeline(sub, sub.Last(), day(2028, 1, 1), false)
	if diff := cmp.Diff([]stretchKind{stretchPast, stretchPast}, kindsOf(over)); diff != "" || over.Today >= 100 {
		t.Errorf("ended: %s; today at %.1f%%", diff, over.Today)
	}
}

// TestTimelineHoldsTogether: whatever the plan and the day, the periods follow one another without gaps within the
// drawing, as wide as they are long, and nothing stands outside it.
func TestTimelineHoldsTogether(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		plan := licensing.Plan{
			Term:         licensing.Term{Months: rapid.IntRange(1, 36).Draw(t, "months")},
			Cancellation: licensing.Term{Days: rapid.IntRange(0, 25).Draw(t, "cancellation")},
			Align:        rapid.SampledFrom([]licensing.Alignment{"", licensing.AlignMonth, licensing.AlignYear}).Draw(t, "align"),
		}
		sold := testDay.AddDays(rapid.IntRange(-2000, 10).Draw(t, "sold"))
		first, err := plan.FirstPeriod(sold, sold, licensing.Day{})
		if err != nil {
			t.Fatal(err)
		}
		sub := licensing.Subscription{Plan: plan, State: licensing.SubscriptionActive, Periods: []licensing.Period{first}}
		for sub.Last().CancelBy.Before(testDay) {
			next, _ := plan.NextPeriod(sub.Last())
			sub.Periods = append(sub.Periods, next)
		}
		d := drawTimeline(sub, sub.Last(), testDay, rapid.Bool().Draw(t, "struck"))
		for i, p := range d.Periods {
			if p.X < 0 || p.Width <= 0 || p.X+p.Width > 100.001 {
				t.Fatalf("period %d reaches from %.3f over %.3f", p.Number, p.X, p.Width)
			}
			if i > 0 && math.Abs(d.Periods[i-1].X+d.Periods[i-1].Width-p.X) > .001 {
				t.Fatalf("there is a gap before period %d", p.Number)
			}
		}
		for _, x := range []float64{d.Today, d.End, max(d.CancelBy, 0)} {
			if x < 0 || x > 100.001 {
				t.Fatalf("something stands at %.3f%%", x)
			}
		}
		for i, y := range d.yearsShown() {
			if y.X < 0 || y.X > 100 || i > 0 && y.X-d.yearsShown()[i-1].X < tightPercent {
				t.Fatalf("the year %d stands at %.2f%%", y.Year, y.X)
			}
		}
	})
}
