package licensing_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"kontor/internal/licensing"
)

// TestStateAfter is the table of every change from every state.
func TestStateAfter(t *testing.T) {
	now := licensing.Moment{Business: time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC), Zone: time.UTC}
	over := now.Business
	const (
		active, suspended, revoked, expired, deleted = licensing.LicenseActive, licensing.LicenseSuspended, licensing.LicenseRevoked, licensing.LicenseExpired, licensing.LicenseDeleted
		no                                           = ""
	)
	licenses := map[licensing.LicenseState]licensing.License{
		active: {State: active}, suspended: {State: suspended, ExpiresAt: &over}, revoked: {State: revoked, ExpiresAt: &over}, expired: {State: active, ExpiresAt: &over}, deleted: {State: deleted},
	}
	for change, want := range map[licensing.StateChange]map[licensing.LicenseState]licensing.LicenseState{
		licensing.ToSuspend:   {active: suspended, suspended: no, revoked: no, expired: no, deleted: no},
		licensing.ToRevoke:    {active: revoked, suspended: revoked, revoked: no, expired: no, deleted: no},
		licensing.ToReinstate: {active: no, suspended: active, revoked: active, expired: no, deleted: no},
		licensing.ToDelete:    {active: deleted, suspended: deleted, revoked: deleted, expired: deleted, deleted: no},
	} {
		for state, to := range want {
			for _, test := range []bool{true, false} {
				l := licenses[state]
				l.Test = test
				got, err := l.StateAfter(change, now)
				possible := to != no && (test || change != licensing.ToDelete)
				if possible && (err != nil || got != to) {
					t.Errorf("%s from %s (test %t): %s, %v; want %s", change, state, test, got, err, to)
				}
				if e := licensing.AsError(err); !possible && (e == nil || e.Kind != licensing.Conflict || !strings.HasSuffix(e.Message, "Nothing has been changed.")) {
					t.Errorf("%s from %s (test %t): %s, %v; want a conflict", change, state, test, got, err)
				}
			}
			l := licenses[state]
			if modifiable := l.CanModify(now) == nil; modifiable != (state == active || state == suspended) {
				t.Errorf("modifying from %s: %t", state, modifiable)
			}
		}
	}
}

func TestCheckReason(t *testing.T) {
	for reason, want := range map[string]string{
		"x": "x", "  paid back\u00a0": "paid back", strings.Repeat("ü", 500): strings.Repeat("ü", 500),
		"": "", "   ": "", strings.Repeat("ü", 501): "", "a\nb": "", "a\tb": "", "a\u202eb": "", "a\xff": "",
	} {
		got, err := licensing.CheckReason(reason)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q, %v", reason, got, err)
		}
		if e := licensing.AsError(err); e != nil && (e.Field != "reason" || e.Code != licensing.CodeInvalidRequest) {
			t.Errorf("%q: %+v", reason, e)
		}
	}
}

// TestFromTo takes apart what was put together, whatever the values hold.
func TestFromTo(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.SampledFrom([]string{"", "1", "a → b", " → ", "→", "x -> y", " "})
		from, to := text.Draw(t, "from"), text.Draw(t, "to")
		gotFrom, gotTo, ok := licensing.SplitFromTo(licensing.FromTo("n", from, to))
		plain := func(s string) string { return strings.ReplaceAll(s, " → ", " -> ") }
		if !ok || gotFrom != plain(from) || gotTo != plain(to) {
			t.Fatalf("%q and %q became %q and %q", from, to, gotFrom, gotTo)
		}
	})
}

// TestChanges holds that what is told to have changed is what is different, and leads from one license to the other.
func TestChanges(t *testing.T) {
	at := licensing.Moment{Zone: time.UTC}
	draw := rapid.Custom(func(t *rapid.T) licensing.License {
		values := func(name string) (all []licensing.Value) {
			for _, n := range []string{"a", "b", "c"} {
				if v := rapid.SampledFrom([]string{"", "1", "2"}).Draw(t, name+n); v != "" {
					all = append(all, licensing.Value{Name: n, Value: v})
				}
			}
			return all
		}
		l := licensing.License{Parameters: values("p"), DataFields: values("d"), Customer: licensing.Customer{Name: rapid.SampledFrom([]string{"Ann", "Bob"}).Draw(t, "name")}}
		if rapid.Bool().Draw(t, "ends") {
			l.ExpiresAt = new(time.Date(2027, 1, rapid.IntRange(1, 3).Draw(t, "day"), 0, 0, 0, 0, time.UTC))
		}
		return l
	})
	rapid.Check(t, func(t *rapid.T) {
		a, b := draw.Draw(t, "a"), draw.Draw(t, "b")
		flat := func(l licensing.License) map[string]string {
			m := map[string]string{"customer.name": l.Customer.Name}
			for _, v := range l.Parameters {
				m["parameter."+v.Name] = v.Value
			}
			for _, v := range l.DataFields {
				m["dataField."+v.Name] = v.Value
			}
			if l.ExpiresAt != nil {
				m["expires"] = l.ExpiresAt.AddDate(0, 0, -1).Format(time.DateOnly)
			}
			return m
		}
		before, after := flat(a), flat(b)
		var want []licensing.Value
		for _, name := range []string{"customer.name", "parameter.a", "parameter.b", "parameter.c", "dataField.a", "dataField.b", "dataField.c", "expires"} {
			if before[name] != after[name] {
				want = append(want, licensing.FromTo(name, before[name], after[name]))
			}
		}
		got := licensing.Changes(a, b, at)
		slices.SortFunc(got, func(x, y licensing.Value) int { return strings.Compare(x.Name, y.Name) })
		slices.SortFunc(want, func(x, y licensing.Value) int { return strings.Compare(x.Name, y.Name) })
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("(-want +got):\n%s", diff)
		}
	})
}

// TestRestored holds that a reinstatement adds no period and brings back no time that is over.
func TestRestored(t *testing.T) {
	start := licensing.Day{Year: 2026, Month: time.November, Date: 21}
	plan := licensing.Plan{Type: licensing.LicenseSubscription, Term: licensing.Term{Months: 12}, Cancellation: licensing.Term{Days: 30}}
	rapid.Check(t, func(t *rapid.T) {
		first, err := plan.FirstPeriod(start, start, licensing.Day{})
		if err != nil {
			t.Fatal(err)
		}
		s := licensing.Subscription{Plan: plan, State: licensing.SubscriptionEnded, Periods: []licensing.Period{first}}
		for range rapid.IntRange(0, 3).Draw(t, "more") {
			next, _ := plan.NextPeriod(s.Last())
			s.Periods = append(s.Periods, next)
		}
		cancelled := rapid.Bool().Draw(t, "cancelled")
		if cancelled {
			s.CancelledAt = new(time.Now())
		}
		s.RevokedOn = start.AddDays(rapid.IntRange(0, 2000).Draw(t, "revoked"))
		today := s.RevokedOn.AddDays(rapid.IntRange(0, 2000).Draw(t, "reinstated"))
		if s.EndsOn() != s.RevokedOn {
			t.Fatalf("ends on %s", s.EndsOn())
		}
		r := s.Restored(today)
		want := licensing.SubscriptionActive
		switch {
		case s.Last().End.Before(today):
			want = licensing.SubscriptionEnded
		case cancelled:
			want = licensing.SubscriptionCancelled
		}
		if r.State != want || len(r.Periods) != len(s.Periods) || r.EndsOn() != s.Last().End {
			t.Fatalf("%+v on %s became %+v", s, today, r)
		}
	})
}
