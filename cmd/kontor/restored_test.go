package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"kontor/internal/demo"
	"kontor/internal/licensing"
	"kontor/internal/pgtest"
)

// TestRestoredFromABackup goes back to a database from before subscriptions were extended: it extends them and closes months
// again, and the ERP recognizes what it was told already.
func TestRestoredFromABackup(t *testing.T) {
	const sold = 5
	for name, database := range engines {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir, address, all := t.TempDir(), database(t), t
			start := func(t *testing.T, database string) runningHouse {
				return startDemoHouse(t, demoCommand{common: common{Data: dir, DatabaseURL: database}, ErpStatements: true}, true)
			}
			var before []demo.Document
			var restored string
			extend := func(h runningHouse) {
				if err := h.clock.MoveTo(t.Context(), licensing.Day{Year: 2030, Month: 6, Date: 1}); err != nil {
					t.Fatal(err)
				}
				waitFor(t, "everything to be told", func() bool {
					return count(t, h.store, "SELECT COUNT(*) FROM message WHERE state <> 'accepted'")+count(t, h.store, "SELECT COUNT(*) FROM mail_message WHERE state = 'waiting'") == 0
				})
			}
			t.Run("before", func(t *testing.T) {
				h := start(t, address)
				for i := range sold {
					subscriptionInNorthwind(t, h, fmt.Sprint("restored-", i))
				}
				waitFor(t, "the orders' documents", func() bool { return len(h.erp.Documents()) == sold })
				restored = backup(all, h, dir, address)
				extend(h)
				before = h.erp.Documents()
				months := map[string]int{}
				for _, d := range before {
					if d.Kind == "statementClosed" {
						months[d.Group+" "+d.Statement.Month] = len(d.Statement.Entries)
					}
				}
				if want := map[string]int{"northwind 2026-11": sold, "northwind 2027-10": sold}; months["northwind 2027-10"] != sold || len(months) < len(want) {
					t.Errorf("the ERP was told of the statements %v", months)
				}
			})
			if len(before) <= sold {
				t.Fatalf("%d documents: nothing was extended", len(before))
			}
			t.Run("after", func(t *testing.T) {
				h := start(t, restored)
				if n := count(t, h.store, "SELECT COUNT(*) FROM period WHERE number > 1"); n != 0 {
					t.Fatalf("%d extensions are in the backup", n)
				}
				extend(h)
				if after := h.erp.Documents(); len(after) != len(before) {
					t.Errorf("the ERP has %d documents, not %d", len(after), len(before))
				}
				known := map[string]bool{}
				for _, d := range before {
					known[d.Number] = true
				}
				if err := checkNumbers(h, known); err != nil {
					t.Error(err)
				}
			})
		})
	}
}

// backup copies a database that is in use, and returns the address of the copy.
func backup(t *testing.T, h runningHouse, dir, address string) string {
	t.Helper()
	if address == "" {
		path := filepath.Join(dir, "backup.db")
		if _, err := h.store.Pool().ExecContext(t.Context(), "VACUUM INTO '"+path+"'"); err != nil {
			t.Fatal(err)
		}
		return "sqlite://" + path
	}
	empty := pgtest.Database(t, nil)
	path := filepath.Join(dir, "backup.sql")
	for _, c := range [][]string{
		{pgtest.Binary(t, "pg_dump"), "--no-owner", "--file", path, address},
		{pgtest.Binary(t, "psql"), "--quiet", "--no-psqlrc", "--set", "ON_ERROR_STOP=1", "--file", path, empty},
	} {
		cmd := exec.CommandContext(t.Context(), c[0], c[1:]...)
		cmd.Env = append(os.Environ(), "PGOPTIONS=-c client_min_messages=warning")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", c[0], err, out)
		}
	}
	return empty
}

// checkNumbers reports a document number that the restored database has and the ERP had not given before.
func checkNumbers(h runningHouse, known map[string]bool) error {
	rows, err := h.store.Pool().QueryContext(context.Background(), "SELECT document_number FROM message")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var number string
		if err := rows.Scan(&number); err != nil {
			return err
		}
		if !known[number] {
			return fmt.Errorf("document %q is new", number)
		}
	}
	return rows.Err()
}
