package pgtest

import (
	"database/sql"
	"fmt"
	"strings"
	"testing"
)

// Execer is a database or a transaction.
type Execer interface {
	Exec(query string, args ...any) (sql.Result, error)
	Query(query string, args ...any) (*sql.Rows, error)
}

// Exec carries out a statement that has to succeed.
func Exec(t testing.TB, db Execer, query string, args ...any) {
	t.Helper()
	if _, err := db.Exec(query, args...); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
}

// CopySold makes n subscriptions like that of a license that was sold, for benchmarks: listed, of one period, with a last
// file and a plan for reminders; nothing of them is due.
func CopySold(t testing.TB, db Execer, license string, n int) {
	t.Helper()
	const atOnce = 50_000 // within the time that the store gives a statement
	subscription := "(SELECT id FROM subscription WHERE license_id = $1)"
	for first := 1; first <= n; first += atOnce {
		last := min(first+atOnce-1, n)
		Exec(t, db, fmt.Sprintf("CREATE TABLE sold_seed AS SELECT 's' || i AS id, 'l' || i AS license_id FROM generate_series(%d, %d) i", first, last))
		for _, x := range []struct{ table, of string }{
			{"license", "id = $1"}, {"license_list", "id = $1"}, {"license_file", "license_id = $1"}, {"subscription", "license_id = $1"},
			{"period", "subscription_id = " + subscription}, {"reminder_due", "subscription_id = " + subscription},
		} {
			CopyRows(t, db, x.table, x.of, license, "sold_seed")
		}
		Exec(t, db, "UPDATE subscription SET due_at = '2099-01-01T00:00:00Z' WHERE id IN (SELECT id FROM sold_seed)")
		Exec(t, db, "UPDATE reminder_due SET due_at = '2099-01-01T00:00:00Z' WHERE subscription_id IN (SELECT id FROM sold_seed)")
		Exec(t, db, "DROP TABLE sold_seed")
	}
	Exec(t, db, "ANALYZE")
}

// CopyRows writes the first row of a table for which of is true ($1 is a license) once for each row of another table with the
// columns id (of a subscription) and license_id, with names of their own.
func CopyRows(t testing.TB, db Execer, table, of, license, each string) {
	t.Helper()
	rows, err := db.Query("SELECT column_name FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = $1 AND is_identity = 'NO' AND column_default IS NULL", table)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close() //nolint:errcheck // its error comes by Err
	own := map[string]string{
		"subscription_id": "e.id", "license_id": "e.license_id", "object": "e.license_id", "ticket": "'T' || e.id || r.ticket", "key": "r.key || e.id",
	}
	ids := map[string]string{"license": "e.license_id", "license_list": "e.license_id", "subscription": "e.id"}
	var names, values []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		value := "r." + name
		switch {
		case name == "id" && ids[table] != "":
			value = ids[table]
		case name == "id":
			value = fmt.Sprintf("'%s' || e.id || r.id", table[:2])
		case own[name] != "":
			value = own[name]
		}
		names, values = append(names, name), append(values, value)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	result, err := db.Exec(fmt.Sprintf("INSERT INTO %[1]s (%[2]s) SELECT %[3]s FROM (SELECT * FROM %[1]s WHERE %[4]s LIMIT 1) r, %[5]s e WHERE $1 <> ''",
		table, strings.Join(names, ", "), strings.Join(values, ", "), of, each), license)
	if err != nil {
		t.Fatalf("%s: %v", table, err)
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		t.Fatalf("no rows of %s were copied: there is none to copy (%v)", table, err)
	}
}
