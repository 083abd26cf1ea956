package licensing

import (
	"math"
	"math/big"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// to is what a license is to have from a period on.
func to(period int, seats string) Coming { return Coming{period, []Value{{"seats", seats}}} }

func TestSeatsOfASubscription(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*License)
		given  string
		now    string
		coming []Coming
		field  string
	}{
		{"more", nil, "6", "6", nil, ""},
		{"fewer", nil, "1", "4", []Coming{to(2, "1")}, ""},
		{"as many as now instead of fewer", func(l *License) { l.Subscription.Coming = []Coming{to(2, "1")} }, "4", "4", nil, ""},
		{"more instead of fewer", func(l *License) { l.Subscription.Coming = []Coming{to(2, "1")} }, "5", "5", nil, ""},
		{"other fewer", func(l *License) { l.Subscription.Coming = []Coming{to(2, "1")} }, "2", "4", []Coming{to(2, "2")}, ""},
		{"fewer, but it is cancelled", func(l *License) { l.Subscription.State = SubscriptionCancelled }, "1", "", nil, "seats"},
		{"fewer, agreed before it was cancelled", func(l *License) {
			l.Subscription.State, l.Subscription.Coming = SubscriptionCancelled, []Coming{to(2, "1")}
		}, "1", "4", []Coming{to(2, "1")}, ""},
		{"more, though it is cancelled", func(l *License) { l.Subscription.State = SubscriptionCancelled }, "6", "6", nil, ""},
		{"fewer after its end", func(l *License) { l.Subscription.State = SubscriptionEnded }, "1", "1", nil, ""},
		{"fewer without a subscription", func(l *License) { l.Subscription = nil }, "1", "1", nil, ""},
		{"fewer, with the next period agreed", extendedWith(), "1", "4", []Coming{to(3, "1")}, ""},
		{"still fewer, with fewer agreed for the next period", extendedWith(to(2, "3")), "1", "4", []Coming{to(2, "3"), to(3, "1")}, ""},
		{"not so few, with fewer agreed for the next period", extendedWith(to(2, "2")), "3", "4", []Coming{to(2, "3")}, ""},
		{"as many as now, with fewer agreed for the next period", extendedWith(to(2, "2"), to(3, "1")), "4", "4", nil, ""},
		{"as agreed in the end", extendedWith(to(2, "3"), to(3, "1")), "1", "4", []Coming{to(2, "3"), to(3, "1")}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := rented(t)
			if c.change != nil {
				c.change(&l)
			}
			next, err := l.WithParameters([]Value{{"seats", c.given}, {"edition", "standard"}}, Moment{Business: Day{2027, time.June, 1}.Begin(time.UTC), Zone: time.UTC})
			if c.field != "" {
				if e := AsError(err); e == nil || e.Field != c.field || e.Code != CodeInvalidParameter {
					t.Fatalf("got the error %v, want one about %s", err, c.field)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]Value{{"seats", c.now}, {"edition", "standard"}}, next.Parameters); diff != "" {
				t.Errorf("now (-want +got):\n%s", diff)
			}
			if next.Subscription != nil {
				if diff := cmp.Diff(c.coming, next.Subscription.Coming); diff != "" {
					t.Errorf("coming (-want +got):\n%s", diff)
				}
			}
			if diff := cmp.Diff([]Value{{"seats", c.given}, {"edition", "standard"}}, next.Agreed()); diff != "" {
				t.Errorf("agreed (-want +got):\n%s", diff)
			}
		})
	}
}

// TestFewerSeatsCountFromWhenTheyWereAskedFor: up to the last day to cancel for the next period, later for the one after it,
// also when the clock has not extended the subscription yet.
func TestFewerSeatsCountFromWhenTheyWereAskedFor(t *testing.T) {
	over := Day{2027, time.October, 22}.Begin(time.UTC) // the last day to cancel is
	for _, c := range []struct {
		at   time.Time
		want Coming
		from Day
	}{
		{over.Add(-time.Microsecond), to(2, "1"), Day{2027, time.November, 21}},
		{over, to(3, "1"), Day{2028, time.November, 21}},
		{over.AddDate(1, 0, 0), to(4, "1"), Day{2029, time.November, 21}},
	} {
		l := rented(t)
		next, err := l.WithParameters([]Value{{"seats", "1"}}, Moment{Business: c.at, Zone: time.UTC})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]Coming{c.want}, next.Subscription.Coming); diff != "" {
			t.Errorf("asked for at %s (-want +got):\n%s", c.at, diff)
		}
		if got := next.Subscription.Starts(c.want.Period); got != c.from || len(next.Subscription.Periods) != 1 {
			t.Errorf("asked for at %s they count from %s, want %s; it has %d periods", c.at, got, c.from, len(next.Subscription.Periods))
		}
	}
}

// TestWhatDoesNotComeDoesNotCount: seats that were given up for a period that never came.
func TestWhatDoesNotComeDoesNotCount(t *testing.T) {
	l := rented(t)
	l.Subscription.Coming = []Coming{to(1, "3"), to(2, "1")}
	l.Subscription.State = SubscriptionEnded
	if seats, _ := ValueOf(l.Agreed(), "seats"); seats != "3" {
		t.Errorf("%s seats are agreed after the end", seats)
	}
}

// TestForecastOfFewerSeats: what ends is worth the seats that it would have had.
// TestAgreed are the periods whose first day comes.
func TestAgreed(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*Subscription)
		want   []Coming
	}{
		{"active", func(*Subscription) {}, []Coming{to(2, "3"), to(3, "1")}},
		{"cancelled", func(s *Subscription) { s.State = SubscriptionCancelled }, []Coming{to(2, "3")}},
		{"ended with its last period", func(s *Subscription) { s.State = SubscriptionEnded }, []Coming{to(2, "3")}},
		{"revoked before the second period", func(s *Subscription) { s.State, s.RevokedOn = SubscriptionEnded, s.Periods[0].End }, nil},
		{"to end within the second period", func(s *Subscription) { s.State, s.Early = SubscriptionCancelled, &EarlyEnd{On: s.Periods[1].Start} }, []Coming{to(2, "3")}},
	} {
		l := rented(t)
		extendedWith(to(2, "3"), to(3, "1"))(&l)
		c.change(l.Subscription)
		if diff := cmp.Diff(c.want, l.Subscription.Agreed()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

func TestForecastOfFewerSeats(t *testing.T) {
	l := rented(t)
	l.Subscription.Plan.MostExtensions = new(1)
	l.Subscription.Coming = []Coming{to(2, "2")}
	amounts := map[ForecastKind]int64{}
	for e := range l.Forecast(Day{2027, time.January, 1}, Day{2030, time.January, 1}, time.UTC, false) {
		if e.Amount != nil {
			amounts[e.Kind] = e.Amount.Minor
		}
	}
	if diff := cmp.Diff(map[ForecastKind]int64{ForecastExtended: 720_00, ForecastEnded: 720_00}, amounts); diff != "" {
		t.Errorf("amounts (-want +got):\n%s", diff)
	}
}

// extendedWith has the second period agreed, and seats for later ones.
func extendedWith(coming ...Coming) func(*License) {
	return func(l *License) {
		*l, _ = l.Extended(time.UTC)
		l.Subscription.Coming = coming
	}
}

// TestBegun lets days go by: each of what was to come holds from the first day of its period, and the clock is due then.
func TestBegun(t *testing.T) {
	l := rented(t)
	extendedWith(to(2, "3"), to(3, "1"))(&l)
	start := Day{2027, time.November, 21}
	if at, ok := l.Subscription.DueAt(time.UTC); !ok || !at.Equal(start.Begin(time.UTC)) {
		t.Errorf("due at %s, %v, want the first day of the second period", at, ok)
	}
	if _, ok := l.Begun(start.AddDays(-1)); ok {
		t.Error("something begins before the period")
	}
	begun, ok := l.Begun(start)
	if seats, _ := ValueOf(begun.Parameters, "seats"); !ok || seats != "3" {
		t.Errorf("%s seats, %v; want 3", seats, ok)
	}
	if diff := cmp.Diff([]Coming{to(3, "1")}, begun.Subscription.Coming); diff != "" {
		t.Errorf("still to come (-want +got):\n%s", diff)
	}
	if at, _ := begun.Subscription.DueAt(time.UTC); !at.Equal(Day{2028, time.October, 22}.Begin(time.UTC)) {
		t.Errorf("then due at %s, want after the last day to cancel", at)
	}
	late := Moment{Business: Day{2028, time.December, 1}.Begin(time.UTC), Zone: time.UTC}
	caught := l.CaughtUp(late)
	if seats, _ := ValueOf(caught.Parameters, "seats"); seats != "1" || caught.Subscription.Last().Number != 3 || caught.Subscription.Last().Units != 3 {
		t.Errorf("caught up it has %s seats, and its last period is %+v", seats, caught.Subscription.Last())
	}
}

func TestChargesSince(t *testing.T) {
	before := rented(t) // 4 × 3 seats from 21 November 2026 to 20 November 2027, at 120.00 now and 100.00 when sold
	more := before
	more.Parameters = []Value{{"seats", "5"}}
	for _, c := range []struct {
		name   string
		change func(*License)
		day    Day
		want   []Charge
	}{
		{"on the first day", nil, Day{2026, time.November, 21}, []Charge{{1, Day{2026, time.November, 21}, Day{2027, time.November, 20}, 3, &Money{360_00, "EUR"}}}},
		{"on the last day", nil, Day{2027, time.November, 20}, []Charge{{1, Day{2027, time.November, 20}, Day{2027, time.November, 20}, 3, &Money{99, "EUR"}}}}, // 36000 / 365 = 98.63
		{"in the middle", nil, Day{2027, time.May, 22}, []Charge{{1, Day{2027, time.May, 22}, Day{2027, time.November, 20}, 3, &Money{180_49, "EUR"}}}},         // × 183
		{"at the price that was kept", func(l *License) { l.Subscription.Plan.ExtensionPrice = PriceKept }, Day{2026, time.November, 21},
			[]Charge{{1, Day{2026, time.November, 21}, Day{2027, time.November, 20}, 3, &Money{300_00, "EUR"}}}},
		{"free of charge", func(l *License) { l.Price = nil }, Day{2026, time.November, 21}, []Charge{{1, Day{2026, time.November, 21}, Day{2027, time.November, 20}, 3, nil}}},
		{"with the next period agreed", func(l *License) { *l, _ = l.Extended(time.UTC) }, Day{2027, time.November, 20}, []Charge{
			{1, Day{2027, time.November, 20}, Day{2027, time.November, 20}, 3, &Money{99, "EUR"}},
			{2, Day{2027, time.November, 21}, Day{2028, time.November, 20}, 3, &Money{360_00, "EUR"}},
		}},
		{"less in a period for which fewer are agreed", func(l *License) {
			*l, _ = l.Extended(time.UTC)
			l.Subscription.Coming = []Coming{to(2, "4")}
		}, Day{2027, time.November, 20}, []Charge{{1, Day{2027, time.November, 20}, Day{2027, time.November, 20}, 3, &Money{99, "EUR"}}}},
		{"over", func(l *License) { l.Subscription.State = SubscriptionEnded }, Day{2026, time.November, 21}, nil},
		{"without a subscription", func(l *License) { l.Subscription = nil }, Day{2026, time.November, 21}, nil},
	} {
		l := more
		if l.Subscription != nil {
			l.Subscription = new(*more.Subscription)
		}
		if c.change != nil {
			c.change(&l)
		}
		l.Parameters = more.Parameters
		if diff := cmp.Diff(c.want, l.ChargesSince(before, c.day)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
	if got := before.ChargesSince(more, Day{2026, time.November, 21}); got != nil {
		t.Errorf("fewer seats are charged: %v", got)
	}
}

// TestChargesByDay holds the share of a period against one that adds up days, and that days add up to the period.
func TestChargesByDay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		unit := Money{rapid.Int64Range(0, 1_000_000_00).Draw(t, "unit"), "EUR"}
		units, all := rapid.Int64Range(1, 10_000).Draw(t, "units"), rapid.IntRange(1, 800).Draw(t, "all")
		days := rapid.IntRange(1, all).Draw(t, "days")
		exact := new(big.Rat)
		for range days {
			exact.Add(exact, big.NewRat(1, int64(all)))
		}
		exact.Mul(exact, new(big.Rat).SetInt64(unit.Minor)).Mul(exact, new(big.Rat).SetInt64(units))
		got := unit.share(units, days, all)
		off := new(big.Rat).Sub(new(big.Rat).SetInt64(got.Minor), exact)
		if half := big.NewRat(1, 2); off.Cmp(half) > 0 || off.Cmp(new(big.Rat).Neg(half)) <= 0 {
			t.Fatalf("%d × %d for %d of %d days is %s, got %d", unit.Minor, units, days, all, exact.FloatString(3), got.Minor)
		}
		if days == all && got.Minor != unit.Minor*units {
			t.Fatalf("a whole period costs %d, want %d", got.Minor, unit.Minor*units)
		}
	})
}

func TestTotal(t *testing.T) {
	one, half := Charge{Amount: &Money{1, "EUR"}}, Charge{Amount: &Money{1 << 62, "EUR"}}
	for _, c := range []struct {
		charges []Charge
		want    *Money
	}{
		{nil, nil}, {[]Charge{{}}, nil}, {[]Charge{one, {}}, &Money{1, "EUR"}}, {[]Charge{one, one}, &Money{2, "EUR"}}, {[]Charge{half, half}, &Money{math.MaxInt64, "EUR"}},
	} {
		if diff := cmp.Diff(c.want, Total(c.charges)); diff != "" {
			t.Errorf("%v (-want +got):\n%s", c.charges, diff)
		}
	}
	if one.Amount.Minor != 1 {
		t.Error("the sum changed what it added")
	}
}
