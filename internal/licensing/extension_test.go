package licensing

import (
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// rented is a license of 4 × 3 seats with a yearly subscription that was sold at 100.00 EUR a seat; one costs 120.00 now.
func rented(t *testing.T) License {
	t.Helper()
	plan := Plan{Type: LicenseSubscription, Term: Term{Months: 12}, Cancellation: Term{Days: 30}}
	today := Day{2026, time.November, 21}
	first, err := plan.FirstPeriod(today, today, Day{})
	if err != nil {
		t.Fatal(err)
	}
	return License{
		Quantity: 3, Parameters: []Value{{"seats", "4"}, {"edition", "pro"}}, Definitions: []Parameter{{Name: "seats", Type: "number", Sets: SetsSeats}},
		Price:        &Money{120_00, "EUR"},
		Subscription: &Subscription{Plan: plan.Sold(first), State: SubscriptionActive, Periods: []Period{first}, Unit: &Money{100_00, "EUR"}},
	}
}

func TestExtended(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name   string
		change func(*License)
		units  int64
		amount *Money
		params []Value
	}{
		{"at the price of the day", func(*License) {}, 12, &Money{1440_00, "EUR"}, []Value{{"seats", "4"}, {"edition", "pro"}}},
		{"at the price that was kept", func(l *License) { l.Subscription.Plan.ExtensionPrice = PriceKept }, 12, &Money{1200_00, "EUR"}, []Value{{"seats", "4"}, {"edition", "pro"}}},
		{"free by now", func(l *License) { l.Price = nil }, 12, nil, []Value{{"seats", "4"}, {"edition", "pro"}}},
		{"sold free, and kept so", func(l *License) { l.Subscription.Unit, l.Subscription.Plan.ExtensionPrice = nil, PriceKept }, 12, nil, []Value{{"seats", "4"}, {"edition", "pro"}}},
		{"with fewer seats to come", func(l *License) { l.Subscription.Coming = []Coming{{2, []Value{{"seats", "1"}}}} }, 3, &Money{360_00, "EUR"}, []Value{{"seats", "4"}, {"edition", "pro"}}},
		{"with fewer seats after that", func(l *License) { l.Subscription.Coming = []Coming{{3, []Value{{"seats", "1"}}}} }, 12, &Money{1440_00, "EUR"}, []Value{{"seats", "4"}, {"edition", "pro"}}},
		{"beyond every amount", func(l *License) { l.Price.Minor = math.MaxInt64 / 2 }, 12, &Money{math.MaxInt64, "EUR"}, []Value{{"seats", "4"}, {"edition", "pro"}}},
		{"for nothing but itself", func(l *License) { l.Definitions, l.Quantity = nil, 1 }, 1, &Money{120_00, "EUR"}, []Value{{"seats", "4"}, {"edition", "pro"}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := rented(t)
			c.change(&l)
			before := *l.Subscription
			next, ok := l.Extended(berlin)
			if !ok {
				t.Fatal("it is not extended")
			}
			want := Period{Number: 2, Start: Day{2027, time.November, 21}, End: Day{2028, time.November, 20}, CancelBy: Day{2028, time.October, 21}, Units: c.units, Amount: c.amount}
			if diff := cmp.Diff(want, next.Subscription.Last()); diff != "" {
				t.Errorf("period (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(c.params, next.Parameters); diff != "" {
				t.Errorf("parameters (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(before.Coming, next.Subscription.Coming); diff != "" || next.Subscription.Periods[0].Outcome != PeriodExtended {
				t.Errorf("its first period is %q; to come (-want +got):\n%s", next.Subscription.Periods[0].Outcome, diff)
			}
			if want := (Day{2028, time.November, 21}).Begin(berlin); !next.ExpiresAt.Equal(want) {
				t.Errorf("it expires at %s, want %s", next.ExpiresAt, want)
			}
			if diff := cmp.Diff(before, *l.Subscription); diff != "" || l.ExpiresAt != nil {
				t.Errorf("what was extended has changed: %s", diff)
			}
		})
	}
}

func TestNotExtended(t *testing.T) {
	for name, change := range map[string]func(*License){
		"without a subscription": func(l *License) { l.Subscription = nil },
		"cancelled":              func(l *License) { l.Subscription.State = SubscriptionCancelled },
		"ended":                  func(l *License) { l.Subscription.State = SubscriptionEnded },
		"often enough":           func(l *License) { l.Subscription.Plan.MostExtensions = new(0) },
	} {
		l := rented(t)
		change(&l)
		if _, ok := l.Extended(time.UTC); ok {
			t.Errorf("%s: it is extended", name)
		}
	}
}

func TestWithValues(t *testing.T) {
	values := []Value{{"a", "1"}, {"b", "2"}}
	if diff := cmp.Diff([]Value{{"a", "1"}, {"b", "3"}, {"c", "4"}}, WithValues(values, []Value{{"b", "3"}, {"c", "4"}})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if values[1].Value != "2" {
		t.Error("the values themselves have changed")
	}
}
