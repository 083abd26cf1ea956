package licensing_test

import (
	"testing"

	"kontor/internal/licensing"
)

// used are parameters that set something, and one that does not.
var used = []licensing.Parameter{
	{Name: "users", Type: "number", Sets: licensing.SetsSeats},
	{Name: "days", Type: "number", Sets: licensing.SetsDays},
	{Name: "until", Type: "date", Sets: licensing.SetsUntil},
	{Name: "licensee", Type: "text", Sets: licensing.SetsText},
}

func TestExpiry(t *testing.T) {
	for _, c := range []struct {
		params        []licensing.Value
		created, want string // want empty: no parameter sets a day
	}{
		{nil, "2026-11-21", ""},
		{values("users=5", "licensee=2026-12-01"), "2026-11-21", ""},
		{values("days=1"), "2026-11-21", "2026-11-21"},
		{values("days=30"), "2026-11-21", "2026-12-20"},
		{values("days=30"), "2028-02-01", "2028-03-01"}, // a leap year
		{values("until=2026-11-21"), "2026-11-21", "2026-11-21"},
		{values("until=2027-01-15", "days=30"), "2026-11-21", "2026-12-20"},
		{values("until=2026-12-01", "days=30"), "2026-11-21", "2026-12-01"},
	} {
		got, ok, err := licensing.Expiry(c.params, used, day(c.created))
		if err != nil || ok != (c.want != "") || got.String() != c.want {
			t.Errorf("%v on %s: got %s, %t, %v, want %q", c.params, c.created, got, ok, err, c.want)
		}
	}
	for _, params := range [][]licensing.Value{values("days=0"), values("days=1.5"), values("days=99999"), values("until=soon")} {
		if got, ok, err := licensing.Expiry(params, used, day("2026-11-21")); err == nil || ok {
			t.Errorf("%v: got %s, %t, want an error", params, got, ok)
		}
	}
}

func TestSeats(t *testing.T) {
	for _, c := range []struct {
		params []licensing.Value
		want   int64
	}{
		{nil, 1}, {values("days=7"), 1}, {values("users=1"), 1}, {values("users=50", "days=7"), 50}, {values("users=1000000000"), 1_000_000_000},
	} {
		if got := licensing.Seats(c.params, used); got != c.want {
			t.Errorf("%v: got %d, want %d", c.params, got, c.want)
		}
	}
}
