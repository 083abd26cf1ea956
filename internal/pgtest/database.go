package pgtest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	_ "github.com/lib/pq" // the driver "postgres"
)

// Database makes a database for one test on the server that the whole test binary shares, and returns its postgres://
// URL. It is dropped when the test ends, with whoever is still connected.
//
// migrate brings the empty database at a URL to the newest schema, and closes what it opened; nil leaves it empty.
// It runs once for all tests, on a template that is copied: give a plain function, not closures that do different
// things.
func Database(t testing.TB, migrate func(ctx context.Context, dsn string) error) (dsn string) {
	t.Helper()
	server, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	return server.Database(t, migrate)
}

// Database is like the function Database, on this server.
func (s *Server) Database(t testing.TB, migrate func(ctx context.Context, dsn string) error) (dsn string) {
	t.Helper()
	name := newName()
	t.Cleanup(func() {
		// Not the test's context: that one has ended by now.
		if err := s.admin(context.Background(), "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)"); err != nil {
			t.Errorf("dropping a test's database: %v", err)
		}
	})
	if err := s.create(t.Context(), name, migrate); err != nil {
		t.Fatalf("making a test's database: %v", err)
	}
	return s.url(name)
}

func (s *Server) create(ctx context.Context, name string, migrate func(context.Context, string) error) error {
	if migrate == nil {
		return s.admin(ctx, "CREATE DATABASE "+name)
	}
	if s.given {
		return s.createMigrated(ctx, name, migrate)
	}
	template, err := s.template(ctx, migrate)
	if err != nil {
		return err
	}
	// The default strategy goes by way of the write-ahead log, and takes twice as long.
	return s.admin(ctx, "CREATE DATABASE "+name+" TEMPLATE "+template+" STRATEGY FILE_COPY")
}

// template returns the name of the database that migrate has been run on, and runs it when it has not.
func (s *Server) template(ctx context.Context, migrate func(context.Context, string) error) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	function := reflect.ValueOf(migrate).Pointer()
	if name, made := s.templates[function]; made {
		return name, nil
	}
	name := newName()
	if err := s.createMigrated(ctx, name, migrate); err != nil {
		return "", err
	}
	s.templates[function] = name
	return name, nil
}

func (s *Server) createMigrated(ctx context.Context, name string, migrate func(context.Context, string) error) error {
	if err := s.admin(ctx, "CREATE DATABASE "+name); err != nil {
		return err
	}
	if err := migrate(ctx, s.url(name)); err != nil {
		return fmt.Errorf("migrating it: %w", err)
	}
	return nil
}

// admin runs one statement beside the tests' databases. It keeps no connection, so that a test that looks for
// goroutines left behind finds none of ours.
func (s *Server) admin(ctx context.Context, statement string) (err error) {
	db, err := sql.Open("postgres", s.base.String())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	_, err = db.ExecContext(ctx, statement)
	return err
}

// newName is unique on a server that several test binaries share.
func newName() string { return "kontor_test_" + strings.ToLower(rand.Text()) }
