package licensing_test

import (
	"crypto/sha256"
	"encoding/hex"
	"math"
	"testing"
	"time"

	"kontor/internal/licensing"
)

func TestMonths(t *testing.T) {
	m, err := licensing.ParseMonth("2027-12")
	if err != nil || m.String() != "2027-12" || m.First() != day("2027-12-01") || m.Last() != day("2027-12-31") || m.Next().String() != "2028-01" || m.ClosesOn() != day("2028-01-04") {
		t.Errorf("%v, %v", m, err)
	}
	for _, s := range []string{"", "2027", "2027-13", "2027-1", "2027-12-01", "Dezember"} {
		if _, err := licensing.ParseMonth(s); err == nil {
			t.Errorf("%q is read as a month", s)
		}
	}
}

func TestNextToClose(t *testing.T) {
	none, november := licensing.Month{}, licensing.Month{Year: 2026, Month: time.November}
	for _, c := range []struct {
		newest licensing.Month
		oldest string
		want   string
	}{
		{none, "2026-11-21", "2026-11"},
		{november, "2026-12-01", "2026-12"},
		{november, "2027-03-01", "2027-03"}, // nothing was recorded in between
		{november, "2026-11-30", "2026-12"}, // recorded late
		{november, "2025-01-01", "2026-12"},
	} {
		if got := licensing.NextToClose(c.newest, day(c.oldest)).String(); got != c.want {
			t.Errorf("after %s with something of %s comes %s, want %s", c.newest, c.oldest, got, c.want)
		}
	}
}

func TestSealedStatement(t *testing.T) {
	money := func(minor int64, currency string) *licensing.Money {
		return &licensing.Money{Minor: minor, Currency: currency}
	}
	s := licensing.Statement{GroupCode: "northwind", Month: licensing.Month{Year: 2026, Month: 11}, Entries: []licensing.StatementEntry{
		{On: day("2026-11-01"), Amount: money(100, "USD")}, {On: day("2026-11-02")}, {On: day("2026-11-03"), Amount: money(math.MaxInt64, "EUR")},
		{On: day("2026-11-03"), Amount: money(5, "EUR")}, {On: day("2026-11-04"), Amount: money(-30, "USD")},
	}}.Sealed(time.Unix(0, 0))
	if len(s.Sums) != 2 || s.Sums[0] != *money(math.MaxInt64, "EUR") || s.Sums[1] != *money(70, "USD") || s.Count != 5 || !s.Whole() {
		t.Errorf("%+v", s)
	}
}

// TestHashOfAStatement: the hash is over what is stored, also what this version knows nothing of.
func TestHashOfAStatement(t *testing.T) {
	s := licensing.Statement{GroupCode: `a"<b`, Month: licensing.Month{Year: 2026, Month: 11}, Entries: []licensing.StatementEntry{
		{Reason: "x", Stored: `{"reason":"x","comes":"later"}`}, {Stored: `{}`},
	}}.Sealed(time.Unix(0, 0))
	sum := sha256.Sum256([]byte(`{"group":"a\"\u003cb","month":"2026-11","entries":[{"reason":"x","comes":"later"},{}]}`))
	if s.Hash != hex.EncodeToString(sum[:]) || !s.Whole() {
		t.Errorf("the hash is %s", s.Hash)
	}
	s.Entries[0].Stored = `{"reason":"y","comes":"later"}`
	if s.Whole() {
		t.Error("another text goes unnoticed")
	}
}
