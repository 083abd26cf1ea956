package portal

import (
	"testing"
	"time"

	"kontor/internal/licensing"
)

func TestDays(t *testing.T) {
	ctx := english(t)
	for _, c := range []struct{ got, want string }{
		{dayLong(ctx, testDay), "21 November 2026"},
		{dayShort(ctx, testDay), "21 Nov 2026"},
		{dayShort(ctx, licensing.Day{}), ""},
		{dayInList(ctx, day(2026, 11, 29), testDay), "Sun 29 Nov"},
		{dayInList(ctx, day(2027, 1, 3), testDay), "3 Jan 2027"},
		{weekdayLong(ctx, testDay), "Saturday, 21 November 2026"},
		{weekdayHint(ctx, day(2026, 12, 21)), "Mon 21 December 2026"},
		{inDays(ctx, 0), "today"},
		{inDays(ctx, 1), "tomorrow"},
		{inDays(ctx, 99), "in 99 days"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestTimesAreThoseOfTheMakersZone(t *testing.T) {
	ctx := english(t)
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 11, 21, 23, 30, 5, 0, time.UTC) // past midnight in Berlin
	now := licensing.Moment{Business: at, Wall: at, Zone: berlin}
	for _, c := range []struct{ got, want string }{
		{clockSeconds(at, berlin), "00:30:05"},
		{when(ctx, at, now), "00:30"},
		{when(ctx, at.Add(-time.Hour), now), "Yesterday"},
		{when(ctx, at.AddDate(0, 0, -3), now), "Thu 19 Nov"},
		{nextTry(ctx, at.Add(4*time.Second), now), "00:30:09"},
		{nextTry(ctx, at.Add(2*time.Minute), now), "00:32"},
		{nextTry(ctx, at.Add(24*time.Hour), now), "Mon 23 Nov at 00:30"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestMoney(t *testing.T) {
	for want, m := range map[string]*licensing.Money{
		"2,160.00 EUR":      {Minor: 216000, Currency: "EUR"},
		"0.05 EUR":          {Minor: 5, Currency: "EUR"},
		"-12.50 USD":        {Minor: -1250, Currency: "USD"},
		"1,234,567 JPY":     {Minor: 1234567, Currency: "JPY"},
		"1.234 KWD":         {Minor: 1234, Currency: "KWD"},
		"":                  nil,
		"100 NOSUCH":        {Minor: 100, Currency: "NOSUCH"},
		"92,233,720.36 EUR": {Minor: 9223372036, Currency: "EUR"},
	} {
		if got := money(m); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	if got := figure(nil); got != "—" {
		t.Errorf("no amount is %q", got)
	}
}

func TestNumbers(t *testing.T) {
	ctx := english(t)
	for n, want := range map[int]string{0: "0", 7: "7", 999: "999", 1000: "1,000", 1234567: "1,234,567", -1000: "-1,000", -999: "-999"} {
		if got := number(n); got != want {
			t.Errorf("%d is %q, not %q", n, got, want)
		}
	}
	for n, want := range map[int]string{1: "one", 12: "twelve", 13: "13", 1300: "1,300"} {
		if got := spelled(ctx, n); got != want {
			t.Errorf("%d is spelled %q, not %q", n, got, want)
		}
	}
	if got := either(ctx, []string{"5", "30", "60", "90"}); got != "5, 30, 60 or 90" {
		t.Errorf("got %q", got)
	}
	if got := capital("über"); got != "Über" {
		t.Errorf("got %q", got)
	}
}
