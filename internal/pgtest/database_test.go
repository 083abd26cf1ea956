package pgtest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
)

// migrations counts how often migrate ran in this test binary.
var migrations atomic.Int32

func migrate(ctx context.Context, dsn string) (err error) {
	migrations.Add(1)
	db, err := sql.Open("postgres", dsn)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	_, err = db.ExecContext(ctx, `CREATE TABLE thing (name text PRIMARY KEY)`)
	return err
}

func TestDatabaseIsOnesOwn(t *testing.T) {
	before := migrations.Load()
	for i := range 8 {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			db := open(t, Database(t, migrate))
			if _, err := db.ExecContext(t.Context(), `INSERT INTO thing VALUES ('the same in each')`); err != nil {
				t.Error(err)
			}
			if n := queryInt(t, db, `SELECT count(*) FROM thing`); n != 1 {
				t.Errorf("%d rows, want the one just written", n)
			}
		})
	}
	t.Cleanup(func() {
		if n := migrations.Load() - before; n > 1 {
			t.Errorf("migrated %d times, want once for all", n)
		}
	})
}

func TestDatabaseGoesWithItsTest(t *testing.T) {
	var dsn string
	t.Run("short", func(t *testing.T) {
		dsn = Database(t, nil)
		// Left open beyond the test's end, as by a test that forgets to close its store.
		db, err := sql.Open("postgres", dsn)
		if err != nil {
			t.Fatal(err)
		}
		if err := db.PingContext(t.Context()); err != nil {
			t.Fatal(err)
		}
	})
	name := databaseOf(t, dsn)
	if slices.Contains(databases(t), name) {
		t.Errorf("%s is still there after its test", name)
	}
}

func TestDatabaseWithoutMigrations(t *testing.T) {
	db := open(t, Database(t, nil))
	if n := queryInt(t, db, `SELECT count(*) FROM pg_tables WHERE schemaname = 'public'`); n != 0 {
		t.Errorf("%d tables, want none", n)
	}
}

func TestDefaultCollationIsNotC(t *testing.T) {
	db := open(t, Database(t, nil))
	if n := queryInt(t, db, `SELECT count(*) WHERE 'a' < 'B' AND 'B' < 'a' COLLATE "C"`); n != 1 {
		t.Error("the default collation orders like C: tests would not see where a query depends on it")
	}
}

func TestMigrationThatFails(t *testing.T) {
	server, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	broken := func(context.Context, string) error { return errors.New("no such column") }
	for range 2 { // the second must not find a half-made template
		err := server.create(t.Context(), newName(), broken)
		if err == nil || !strings.Contains(err.Error(), "no such column") {
			t.Errorf("got error %v, want the migration's", err)
		}
	}
}

func TestGivenServer(t *testing.T) {
	own := Start(t, Forgetful)
	t.Setenv("KONTOR_TEST_POSTGRES", own.base.String())
	given := Start(t, Forgetful)
	if given.folder != "" || given.keeper != nil {
		t.Fatal("started a server although one was given")
	}
	t.Run("one test", func(t *testing.T) {
		db := open(t, given.Database(t, migrate))
		if n := queryInt(t, db, `SELECT count(*) FROM thing`); n != 0 {
			t.Errorf("%d rows, want a fresh table", n)
		}
	})
	db := open(t, own.base.String())
	if n := queryInt(t, db, `SELECT count(*) FROM pg_database WHERE datname LIKE 'kontor_test_%'`); n != 0 {
		t.Errorf("%d databases left on the given server, want none", n)
	}
}

func BenchmarkDatabase(b *testing.B) {
	server := Start(b, Forgetful)
	for b.Loop() {
		if err := server.create(b.Context(), newName(), migrate); err != nil {
			b.Fatal(err)
		}
	}
}

func open(t *testing.T, dsn string) *sql.DB {
	t.Helper()
	db, err := sql.Open("postgres", dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

func queryInt(t *testing.T, db *sql.DB, query string) int {
	t.Helper()
	var n int
	if err := db.QueryRowContext(t.Context(), query).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func databaseOf(t *testing.T, dsn string) string {
	t.Helper()
	address, err := url.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimPrefix(address.Path, "/")
}

// databases lists those of the shared server.
func databases(t *testing.T) []string {
	t.Helper()
	db := open(t, Database(t, nil))
	rows, err := db.QueryContext(t.Context(), `SELECT datname FROM pg_database`)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	var names []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		names = append(names, name)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return names
}
