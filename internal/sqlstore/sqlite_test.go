package sqlstore_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
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

// migratedFile is a database with every migration and nothing else. Copies of it are what most tests open: under the
// race detector the migrations take longer than the tests.
var migratedFile = sync.OnceValues(func() (content []byte, err error) {
	folder, err := os.MkdirTemp("", "kontor-sqlstore-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	path := filepath.Join(folder, "kontor.db")
	s, err := sqlstore.Open(context.Background(), "sqlite://"+path)
	if err != nil {
		return nil, err
	}
	if err := s.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

// migratedSQLite is sqliteAddress with a copy of migratedFile.
func migratedSQLite(t *testing.T) string {
	t.Helper()
	content, err := migratedFile()
	if err != nil {
		t.Fatal(err)
	}
	address := sqliteAddress(t)
	if err := os.WriteFile(strings.TrimPrefix(address, "sqlite://"), content, 0o600); err != nil {
		t.Fatal(err)
	}
	return address
}

func TestSQLite(t *testing.T) {
	storetest.Run(t, func(t *testing.T) licensing.Store { return opened(t, migratedSQLite(t)) })
}
