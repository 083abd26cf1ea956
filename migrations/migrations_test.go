package migrations_test

import (
	"context"
	"database/sql"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kontor/internal/pgtest"
	"kontor/internal/sqlstore"
	"kontor/migrations"
)

// engines are ways to make an empty database; each returns its address.
var engines = map[string]func(t *testing.T) string{
	"sqlite":   func(t *testing.T) string { return "sqlite://" + filepath.Join(t.TempDir(), "kontor.db") },
	"postgres": func(t *testing.T) string { return pgtest.Database(t, nil) },
}

// onBoth runs a test on both engines.
func onBoth(t *testing.T, test func(t *testing.T, engine, address string)) {
	for engine, address := range engines {
		t.Run(engine, func(t *testing.T) { test(t, engine, address(t)) })
	}
}

// pool is a connection to the database as it is.
func pool(t *testing.T, address string) *sql.DB {
	t.Helper()
	s, err := sqlstore.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s.Pool()
}

// migrate brings a database to the newest schema.
func migrate(ctx context.Context, address string) error {
	s, err := sqlstore.Open(ctx, address)
	if err != nil {
		return err
	}
	return s.Close()
}

// names are those of all migrations, in their order: the files, and River's own at its place.
func names(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("postgres/*.sql")
	if err != nil || len(files) == 0 {
		t.Fatalf("%v: %v", files, err)
	}
	all := make([]string, len(files))
	for i, f := range files {
		all[i] = filepath.Base(f)
	}
	return slices.Insert(all, 1, "river")
}

func TestStatus(t *testing.T) {
	onBoth(t, func(t *testing.T, engine, address string) {
		statuses := func() (names []string, applied int) {
			all, err := migrations.StatusOf(t.Context(), engine, pool(t, address))
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range all {
				names = append(names, s.Name)
				if !s.Applied.IsZero() {
					applied++
				}
			}
			return names, applied
		}
		want := names(t)
		if names, applied := statuses(); !slices.Equal(names, want) || applied != 0 {
			t.Errorf("before: %v, %d applied; want %v, none applied", names, applied, want)
		}
		if err := migrate(t.Context(), address); err != nil {
			t.Fatal(err)
		}
		if names, applied := statuses(); !slices.Equal(names, want) || applied != len(want) {
			t.Errorf("after: %v, %d applied; want %v, all applied", names, applied, want)
		}
	})
}

// TestConcurrently lets processes and goroutines migrate one database at once.
func TestConcurrently(t *testing.T) {
	onBoth(t, func(t *testing.T, engine, address string) {
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() {
				if err := migrate(t.Context(), address); err != nil {
					t.Errorf("in this process: %v", err)
				}
			})
		}
		for range 2 {
			all.Go(func() {
				other := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestOtherProcess$")
				other.Env = append(os.Environ(), otherAddress+"="+address)
				if out, err := other.CombinedOutput(); err != nil {
					t.Errorf("in another process: %v\n%s", err, out)
				}
			})
		}
		all.Wait()
		var versions, rows int
		if err := pool(t, address).QueryRowContext(t.Context(), "SELECT COUNT(DISTINCT version_id), COUNT(*) FROM goose_db_version WHERE version_id > 0").Scan(&versions, &rows); err != nil {
			t.Fatal(err)
		}
		if want := len(names(t)); versions != want || rows != want {
			t.Errorf("%d migrations were applied %d times, want each of %d once", versions, rows, want)
		}
	})
}

// otherAddress names the database that TestOtherProcess migrates.
const otherAddress = "KONTOR_TEST_MIGRATE"

// TestOtherProcess is what TestConcurrently runs as a process of its own. By itself it has nothing to migrate.
func TestOtherProcess(t *testing.T) {
	if address := os.Getenv(otherAddress); address != "" {
		if err := migrate(t.Context(), address); err != nil {
			t.Fatal(err)
		}
	}
}

// column is one of our tables' or views' columns, in words that both engines share.
type column struct{ Name, Type, Null string }

// typeNames are the engines' names for the same types.
var typeNames = strings.NewReplacer(
	"timestamp with time zone", "time", "DATETIME", "time", "bigint", "BIGINT", "INTEGER", "BIGINT", "text", "TEXT", "boolean", "BOOLEAN", "bytea", "BLOB",
)

const (
	postgresColumns = `SELECT table_name, column_name, data_type, is_nullable = 'YES' FROM information_schema.columns
		WHERE table_schema = current_schema() ORDER BY table_name, ordinal_position`
	sqliteColumns = `SELECT m.name, c.name, c.type, c."notnull" = 0 AND c.pk = 0 FROM sqlite_master m JOIN pragma_table_info(m.name) c
		WHERE m.type IN ('table', 'view') ORDER BY m.name, c.cid`
)

// TestSameSchema holds that both engines have the same tables with the same columns. River's and goose's own are
// theirs, and sessions is written in two ways by its library.
func TestSameSchema(t *testing.T) {
	schema := func(engine, query string) map[string][]column {
		address := engines[engine](t)
		if err := migrate(t.Context(), address); err != nil {
			t.Fatal(err)
		}
		rows, err := pool(t, address).QueryContext(t.Context(), query)
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		all := map[string][]column{}
		for rows.Next() {
			var table string
			var c column
			var null bool
			if err := rows.Scan(&table, &c.Name, &c.Type, &null); err != nil {
				t.Fatal(err)
			}
			if strings.HasPrefix(table, "river_") || strings.HasPrefix(table, "sqlite_") || table == "goose_db_version" || table == "sessions" {
				continue
			}
			c.Type = typeNames.Replace(c.Type)
			if strings.HasSuffix(table, "_view") { // what is computed in a view has a type and may be null, or not, as the engine likes
				c.Type = ""
			} else if null {
				c.Null = "null"
			}
			all[table] = append(all[table], c)
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		if len(all) < 20 || len(all["license"]) < 10 {
			t.Fatalf("%s: only %v was found", engine, all)
		}
		return all
	}
	if diff := cmp.Diff(schema("postgres", postgresColumns), schema("sqlite", sqliteColumns)); diff != "" {
		t.Errorf("the schemas differ (-postgres +sqlite):\n%s", diff)
	}
}

// TestSameIndexes holds that both engines find rows in the same ways, and refuse the same duplicates.
func TestSameIndexes(t *testing.T) {
	named := func(engine, query string) (names []string) {
		address := engines[engine](t)
		if err := migrate(t.Context(), address); err != nil {
			t.Fatal(err)
		}
		rows, err := pool(t, address).QueryContext(t.Context(), query)
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
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
		if len(names) < 10 {
			t.Fatalf("%s: only %v were found", engine, names)
		}
		return names
	}
	for _, c := range []struct{ what, postgres, sqlite string }{
		{
			"indexes by name",
			`SELECT indexname FROM pg_indexes WHERE schemaname = current_schema() AND tablename NOT LIKE 'river%' AND indexname NOT LIKE '%_pkey' AND indexname NOT LIKE '%_key' ORDER BY indexname COLLATE "C"`,
			`SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name NOT LIKE 'river%' AND name NOT LIKE 'sqlite_%' ORDER BY name`,
		},
		{
			// A list's rows, as orders, receipts, changes and calls, are numbered by the engine: on SQLite that needs no index of its own.
			"unique keys by table",
			`SELECT tablename FROM pg_indexes i JOIN pg_class c ON c.relname = i.indexname JOIN pg_index x ON x.indexrelid = c.oid
			 WHERE schemaname = current_schema() AND x.indisunique AND tablename NOT LIKE 'river%' AND tablename NOT IN ('goose_db_version', 'customer_order')
			 AND indexname NOT LIKE '%\_list\_pkey' AND indexname NOT IN ('receipt_pkey', 'change_entry_pkey', 'soap_call_pkey') ORDER BY tablename COLLATE "C"`,
			`SELECT m.name FROM sqlite_master m JOIN pragma_index_list(m.name) l
			 WHERE m.type = 'table' AND l."unique" AND m.name NOT LIKE 'river%' AND m.name NOT IN ('goose_db_version', 'customer_order') ORDER BY m.name`,
		},
	} {
		if diff := cmp.Diff(named("postgres", c.postgres), named("sqlite", c.sqlite)); diff != "" {
			t.Errorf("%s differ (-postgres +sqlite):\n%s", c.what, diff)
		}
	}
}
