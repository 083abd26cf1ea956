package sqlstore_test

import (
	"path/filepath"
	"testing"

	"kontor/internal/licensing"
	"kontor/internal/sqlstore"
	"kontor/internal/storetest"
)

// sqliteAddress is a database in a file that does not exist yet. Its name has what could be taken for another part of
// an address.
func sqliteAddress(t testing.TB) string {
	return "sqlite://" + filepath.Join(t.TempDir(), "a b%20c?d#e.db")
}

// opened is a store that is closed when the test ends.
func opened(t testing.TB, address string) *sqlstore.Store {
	t.Helper()
	s, err := sqlstore.Open(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func TestSQLite(t *testing.T) {
	storetest.Run(t, func(t *testing.T) licensing.Store { return opened(t, sqliteAddress(t)) })
}
