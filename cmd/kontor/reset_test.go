package main

import (
	"bytes"
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kontor/internal/pgtest"
)

// demoFails runs a demo that has to refuse, and returns what it says.
func demoFails(t *testing.T, args ...string) string {
	t.Helper()
	var out, errs bytes.Buffer
	args = append([]string{"demo", "--listen", "127.0.0.1:0", "--erp-listen", "127.0.0.1:0"}, args...)
	if code := run(t.Context(), args, &out, &errs); code != exitFailed {
		t.Errorf("kontor %s exits with %d: %s", strings.Join(args, " "), code, &errs)
	}
	return errs.String()
}

// TestResetOfAnothersDemo: a demo.json opens no other database than its own.
func TestResetOfAnothersDemo(t *testing.T) {
	for name, database := range engines {
		t.Run(name, func(t *testing.T) {
			mine, _ := startDemo(t, database(t))
			theirs, f := startDemo(t, database(t))
			if _, err := createBySOAP(f.SOAP, "theirs"); err != nil {
				t.Fatal(err)
			}
			for _, p := range []*process{mine, theirs} {
				if err := p.stop(); err != nil {
					t.Fatal(err)
				}
			}
			said := demoFails(t, "--reset", "--data", mine.args[2], "--database-url", theirs.database)
			if !strings.Contains(said, "not the one of the demo") {
				t.Errorf("it says %q", said)
			}
			pool := openTables(t, theirs)
			defer pool.Close()
			if n := count(t, pool, "SELECT COUNT(*) FROM license"); n != 1 {
				t.Errorf("%d licenses are left", n)
			}
		})
	}
}

// TestForeignTables: a database in which others keep their tables is neither seeded nor emptied.
func TestForeignTables(t *testing.T) {
	addresses := map[string]string{
		"sqlite":   "sqlite://" + filepath.Join(t.TempDir(), "books.db"),
		"postgres": pgtest.Database(t, nil),
	}
	drivers := map[string]string{"sqlite": strings.TrimPrefix(addresses["sqlite"], "sqlite://"), "postgres": addresses["postgres"]}
	for name, address := range addresses {
		t.Run(name, func(t *testing.T) {
			db, err := sql.Open(name, drivers[name])
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			if _, err := db.ExecContext(t.Context(), "CREATE TABLE books (title TEXT)"); err != nil {
				t.Fatal(err)
			}
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, demoFileName), []byte(`{"id": ""}`), 0o600); err != nil {
				t.Fatal(err)
			}
			for _, args := range [][]string{{"--data", t.TempDir()}, {"--data", dir, "--reset"}} {
				if said := demoFails(t, append(args, "--database-url", address)...); !strings.Contains(said, "leaves it alone") {
					t.Errorf("it says %q", said)
				}
			}
			if _, err := db.ExecContext(t.Context(), "SELECT title FROM books"); err != nil {
				t.Error(err)
			}
			if _, err := db.ExecContext(t.Context(), "SELECT 1 FROM org_group"); err == nil {
				t.Error("our tables were put there")
			}
		})
	}
}

func TestUnknownSetting(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, configName), []byte("listne = \"127.0.0.1:0\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	if code := run(t.Context(), []string{"serve", "--data", dir}, &out, &errs); code == exitDone || !strings.Contains(errs.String(), `"listne"`) {
		t.Errorf("exits with %d: %s", code, &errs)
	}
}
