package sqlstore_test

import (
	"context"
	"errors"
	"testing"

	"kontor/internal/licensing"
	"kontor/internal/pgtest"
	"kontor/internal/sqlstore"
)

// onBoth runs a test on both engines, with the address of an empty database.
func onBoth(t *testing.T, test func(t *testing.T, address string)) {
	t.Run("sqlite", func(t *testing.T) { test(t, sqliteAddress(t)) })
	t.Run("postgres", func(t *testing.T) { test(t, pgtest.Database(t, migrated)) })
}

func allowed(context.Context, *sqlstore.Store) error { return nil }

// mark writes a setting, and marked reads it.
func mark(t *testing.T, s *sqlstore.Store) {
	t.Helper()
	err := s.Write(t.Context(), func(tx licensing.Tx) error { return tx.SetSetting(t.Context(), "mark", "yes") })
	if err != nil {
		t.Fatal(err)
	}
}

func marked(t *testing.T, address string) (value string) {
	t.Helper()
	s, err := sqlstore.Open(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	err = s.Read(t.Context(), func(tx licensing.Tx) (err error) {
		value, err = tx.Setting(t.Context(), "mark")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return value
}

func TestReset(t *testing.T) {
	onBoth(t, func(t *testing.T, address string) {
		s, err := sqlstore.Open(t.Context(), address)
		if err != nil {
			t.Fatal(err)
		}
		mark(t, s)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		no := errors.New("not this one")
		if err := sqlstore.Reset(t.Context(), address, func(context.Context, *sqlstore.Store) error { return no }); !errors.Is(err, no) {
			t.Errorf("a reset that is not allowed: %v", err)
		}
		if marked(t, address) != "yes" {
			t.Error("a reset that is not allowed removed something")
		}
		if err := sqlstore.Reset(t.Context(), address, allowed); err != nil {
			t.Fatal(err)
		}
		if got := marked(t, address); got != "" {
			t.Errorf("after a reset there still is %q", got)
		}
	})
}

func TestResetIsRefusedWhileAServerRuns(t *testing.T) {
	onBoth(t, func(t *testing.T, address string) {
		s := opened(t, address)
		mark(t, s)
		first, err := s.Announce(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		second, err := opened(t, address).Announce(t.Context()) // servers stand side by side
		if err != nil {
			t.Fatal(err)
		}
		for _, release := range []func() error{first, second} {
			if err := sqlstore.Reset(t.Context(), address, allowed); !errors.Is(err, sqlstore.ErrInUse) {
				t.Errorf("while a server runs: %v, want ErrInUse", err)
			}
			if err := release(); err != nil {
				t.Fatal(err)
			}
		}
		if marked(t, address) != "yes" {
			t.Error("a refused reset removed something")
		}
	})
}

func TestAddresses(t *testing.T) {
	for _, address := range []string{"", "kontor.db", "mysql://localhost/kontor", "sqlite://", "sqlite:///", "postgres", "\x00"} {
		if s, err := sqlstore.Open(t.Context(), address); err == nil {
			t.Errorf("%q was opened", address)
			s.Close()
		}
	}
}
