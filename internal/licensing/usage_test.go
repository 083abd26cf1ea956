package licensing_test

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

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

func TestPeriodsInMonths(t *testing.T) {
	defs := []licensing.Parameter{
		{Name: "months", Type: "number", Sets: licensing.SetsMonths}, {Name: "years", Type: "selection", Sets: licensing.SetsYears},
		{Name: "care", Type: "number", Sets: licensing.SetsMaintenance}, {Name: "careUntil", Type: "date", Sets: licensing.SetsMaintenance},
	}
	for _, c := range []struct {
		params                   []licensing.Value
		created                  string
		wantLast, wantMaintained string
	}{
		{values("months=1"), "2027-01-31", "2027-02-27", ""}, // a month later is the month's end; the day before is the last
		{values("months=1"), "2028-01-31", "2028-02-28", ""},
		{values("months=12"), "2028-02-29", "2029-02-27", ""},
		{values("years=1"), "2026-11-21", "2027-11-20", ""},
		{values("years=4"), "2028-02-29", "2032-02-28", ""},
		{values("care=6"), "2026-08-31", "", "2027-02-27"},
		{values("careUntil=2027-02-01"), "2026-11-21", "", "2027-02-01"},
		{values("years=2", "care=12"), "2026-11-21", "2028-11-20", "2027-11-20"},
		{nil, "2026-11-21", "", ""},
	} {
		last, _, err := licensing.Expiry(c.params, defs, day(c.created))
		maintained, _, err2 := licensing.Maintenance(c.params, defs, day(c.created))
		if err != nil || err2 != nil || last.String() != c.wantLast || maintained.String() != c.wantMaintained {
			t.Errorf("%v on %s: %s, %s, %v, %v", c.params, c.created, last, maintained, err, err2)
		}
	}
	for _, params := range [][]licensing.Value{values("care=0"), values("careUntil=soon")} {
		if _, ok, err := licensing.Maintenance(params, defs, day("2026-11-21")); err == nil || ok {
			t.Errorf("%v is accepted", params)
		}
	}
}

// The feature map is the OR of what each value sets; a naive one is kept bit by bit.
func TestFeatures(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var defs []licensing.Parameter
		var params []licensing.Value
		want := [licensing.FeatureBits]bool{}
		for i := range rapid.IntRange(0, 4).Draw(t, "parameters") {
			def := licensing.Parameter{Name: fmt.Sprint("p", i), Type: "yesno", Sets: licensing.SetsFeatures, Features: map[string][]licensing.Feature{}}
			for _, value := range []string{"yes", "no"} {
				for _, bit := range rapid.SliceOfN(rapid.IntRange(0, licensing.FeatureBits-1), 0, 5).Draw(t, "bits") {
					def.Features[value] = append(def.Features[value], licensing.Feature{Bit: bit, Name: fmt.Sprint("f", bit)})
				}
			}
			defs = append(defs, def)
			value := rapid.SampledFrom([]string{"yes", "no", ""}).Draw(t, "value")
			if value == "" {
				continue
			}
			params = append(params, licensing.Value{Name: def.Name, Value: value})
			for _, f := range def.Features[value] {
				want[f.Bit] = true
			}
		}
		bits, names, ok := licensing.Features(params, defs)
		if ok != (len(defs) > 0) {
			t.Fatalf("set: %t, with %d parameters", ok, len(defs))
		}
		for bit, set := range want {
			if bits&(1<<bit) != 0 != set || slices.Contains(names, fmt.Sprint("f", bit)) != set {
				t.Fatalf("bit %d of %b, %v", bit, bits, names)
			}
		}
	})
}

func TestUnits(t *testing.T) {
	defs := []licensing.Parameter{{Name: "pages", Type: "number", Sets: licensing.SetsUnits}}
	for value, want := range map[string]int64{"pages=0": 0, "pages=1000000000000000": 1_000_000_000_000_000} {
		if n, ok := licensing.Units(values(value), defs); n != want || !ok {
			t.Errorf("%s: %d, %t", value, n, ok)
		}
	}
	if n, ok := licensing.Units(nil, defs); ok {
		t.Errorf("left out: %d", n)
	}
}
