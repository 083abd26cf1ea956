// Package storetest is the suite that every engine of licensing.Store passes. What it asks first is what databases
// disagree about: case and order, the precision of times, empty against null, duplicate keys, concurrent writers.
package storetest

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"kontor/internal/licensing"
)

// Run holds an engine against the whole suite. open makes a store over a new and empty database of the newest schema,
// and closes it when the test ends.
func Run(t *testing.T, open func(t *testing.T) licensing.Store) {
	for _, part := range []struct {
		name  string
		tests map[string]func(*testing.T, licensing.Store)
	}{
		{"Transactions", transactions},
		{"Clock", clock},
		{"Organization", organization},
		{"People", people},
		{"Invitations", invitations},
		{"Logins", logins},
		{"Certificates", certificates},
		{"Allowances", allowances},
		{"Policy", policy},
		{"Grants", grants},
		{"Catalog", catalog},
		{"CatalogEditing", catalogEditing},
		{"Orders", orders},
		{"Licenses", licenses},
		{"Changes", changes},
		{"Search", search},
		{"Pages", pages},
		{"Subscriptions", subscriptions},
		{"Sale", sale},
		{"Reminders", reminders},
		{"Receipts", receipts},
		{"Feed", feed},
		{"Forecast", forecast},
		{"Messages", messages},
		{"Calls", calls},
		{"Statements", statements},
		{"Requests", requests},
	} {
		t.Run(part.name, func(t *testing.T) {
			for name, test := range part.tests {
				t.Run(name, func(t *testing.T) { test(t, open(t)) })
			}
		})
	}
}

// write runs fn in a transaction that has to commit.
func write(t testing.TB, s licensing.Store, fn func(tx licensing.Tx)) {
	t.Helper()
	err := s.Write(t.Context(), func(tx licensing.Tx) error {
		fn(tx)
		return nil
	})
	if err != nil {
		t.Fatalf("write: %v", err)
	}
}

// read runs fn on a snapshot.
func read(t testing.TB, s licensing.Store, fn func(tx licensing.Tx)) {
	t.Helper()
	err := s.Read(t.Context(), func(tx licensing.Tx) error {
		fn(tx)
		return nil
	})
	if err != nil {
		t.Fatalf("read: %v", err)
	}
}

// raced runs fn in a transaction that has to lose a race.
func raced(t *testing.T, s licensing.Store, fn func(ctx context.Context, tx licensing.Tx) error) {
	t.Helper()
	err := s.Write(t.Context(), func(tx licensing.Tx) error { return fn(t.Context(), tx) })
	if !errors.Is(err, licensing.ErrRace) {
		t.Errorf("got the error %v, want ErrRace", err)
	}
}

// must ends the test on an error. It is called in the test's own goroutine alone.
func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// got returns a value, and ends the test on an error.
func got[T any](t testing.TB) func(v T, err error) T {
	return func(v T, err error) T {
		t.Helper()
		must(t, err)
		return v
	}
}

// same compares what was read with what is wanted. Times are the same when they are the same instant in UTC.
func same(t testing.TB, what string, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// none expects licensing.ErrNone.
func none(t testing.TB, what string, err error) {
	t.Helper()
	if !errors.Is(err, licensing.ErrNone) {
		t.Errorf("%s: got the error %v, want ErrNone", what, err)
	}
}
