package usecasetest

import (
	"database/sql"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"kontor/internal/licensing"
)

// sweptTables are the tables of which an extension writes rows, with what tells the rows of one license: $1 is the license.
var sweptTables = []struct{ name, of string }{
	{"period", "subscription_id = (SELECT id FROM subscription WHERE license_id = $1) AND number > 1"},
	{"audit", "object = $1 AND action = 'subscription.extended'"},
	{"license_file", "license_id = $1 AND number > 1"},
	{"message", "kind = 'subscriptionExtended'"},
	{"mail_message", "subject LIKE '%runs to%'"},
	{"change_entry", "ticket = (SELECT ticket FROM license WHERE id = $1) AND kind LIKE '%xtended'"},
	{"river_job", "args::text LIKE '%send_m%'"},
}

// BenchmarkSweep extends subscriptions of which one in ten is due, on PostgreSQL, and beside it has one SQL statement for
// each table write the same rows, as fast as the database can without a rule, a signature or a check. It reports
// extensions per second of both, the most that the heap held in MB, and what a sweep costs when nothing is due.
// KONTOR_BENCH_ROWS is how many subscriptions there are.
func BenchmarkSweep(b *testing.B) {
	n, err := strconv.Atoi(os.Getenv("KONTOR_BENCH_ROWS"))
	if err != nil {
		n = 20_000
	}
	h := newHouse(b, "postgres")
	template := h.create(b, h.anna(b), forAda()).Licenses[0]
	h.copySold(b, template, n)
	h.setBusinessDay(b, day(2027, 10, 22))
	same(b, "steps of the one that is copied", h.extendDue(b), 1)
	pool := h.store.Pool()
	b.Run("nothing due", func(b *testing.B) {
		for b.Loop() {
			same(b, "steps", h.extendDue(b), 0)
		}
	})
	b.Run("due", func(b *testing.B) {
		due := n / 10
		for b.Loop() {
			exec(b, pool, "UPDATE subscription SET due_at = '2027-10-21T22:00:00Z' WHERE id IN (SELECT id FROM subscription WHERE last_number = 1 LIMIT $1)", due)
			exec(b, pool, "ANALYZE")
			var most uint64
			began, left := time.Now(), due
			for left > 0 {
				steps, _, err := h.subscriptions.ExtendSome(b.Context(), 1000)
				must(b, err)
				left -= steps
				var m runtime.MemStats
				runtime.ReadMemStats(&m)
				most = max(most, m.HeapInuse)
			}
			b.ReportMetric(float64(due)/time.Since(began).Seconds(), "extensions/s")
			b.ReportMetric(float64(most)/1e6, "MB-heap")
		}
	})
	b.Run("one statement a table", func(b *testing.B) {
		due := n / 10
		for b.Loop() {
			began := time.Now()
			tx := got[*sql.Tx](b)(pool.BeginTx(b.Context(), nil))
			exec(b, tx, "CREATE TEMPORARY TABLE swept ON COMMIT DROP AS SELECT s.id, s.license_id FROM subscription s WHERE s.last_number = 1 LIMIT $1", due)
			exec(b, tx, "UPDATE period SET outcome = 'extended' FROM swept WHERE subscription_id = swept.id AND number = 1")
			exec(b, tx, `UPDATE subscription SET last_number = 2, last_start = last_end, version = version + 1 FROM swept WHERE subscription.id = swept.id`)
			exec(b, tx, "UPDATE license SET expires_at = expires_at + INTERVAL '1 year', version = version + 1 FROM swept WHERE license.id = swept.license_id")
			for _, t := range sweptTables {
				copyRows(b, tx, t.name, t.of, string(template.ID), "swept")
			}
			copyRows(b, tx, "license_list", "id = $1", string(template.ID), "swept")
			must(b, tx.Commit())
			b.ReportMetric(float64(due)/time.Since(began).Seconds(), "extensions/s")
		}
	})
}

// execer is a database or a transaction.
type execer interface {
	Exec(query string, args ...any) (sql.Result, error)
	Query(query string, args ...any) (*sql.Rows, error)
}

func exec(b *testing.B, db execer, query string, args ...any) {
	b.Helper()
	if _, err := db.Exec(query, args...); err != nil {
		b.Fatalf("%s: %v", query, err)
	}
}

// copySold makes n subscriptions like one that was sold.
func (h *house) copySold(b *testing.B, l licensing.License, n int) {
	b.Helper()
	pool := h.store.Pool()
	exec(b, pool, "CREATE TABLE swept_seed AS SELECT 's' || i AS id, 'l' || i AS license_id FROM generate_series(1, "+strconv.Itoa(n)+") i")
	copyRows(b, pool, "license", "id = $1", string(l.ID), "swept_seed")
	copyRows(b, pool, "subscription", "license_id = $1", string(l.ID), "swept_seed")
	copyRows(b, pool, "period", "subscription_id = (SELECT id FROM subscription WHERE license_id = $1)", string(l.ID), "swept_seed")
	copyRows(b, pool, "license_file", "license_id = $1", string(l.ID), "swept_seed")
	exec(b, pool, "UPDATE subscription SET due_at = '2099-01-01T00:00:00Z' WHERE id LIKE 's%'")
	exec(b, pool, "DROP TABLE swept_seed")
	exec(b, pool, "ANALYZE")
}

// copyRows writes the rows of one license once for each row of a table with the columns id (of a subscription) and
// license_id, with names of their own.
func copyRows(b *testing.B, db execer, table, of, license, each string) {
	b.Helper()
	rows, err := db.Query("SELECT column_name FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = $1 AND is_identity = 'NO' AND column_default IS NULL", table)
	must(b, err)
	defer rows.Close()
	own := map[string]string{
		"subscription_id": "e.id", "license_id": "e.license_id", "object": "e.license_id", "ticket": "'T' || e.id || r.ticket", "key": "r.key || e.id",
	}
	ids := map[string]string{"license": "e.license_id", "license_list": "e.license_id", "subscription": "e.id"}
	var names, values []string
	for rows.Next() {
		var name string
		must(b, rows.Scan(&name))
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
	must(b, rows.Err())
	must(b, rows.Close())
	result, err := db.Exec(fmt.Sprintf("INSERT INTO %[1]s (%[2]s) SELECT %[3]s FROM (SELECT * FROM %[1]s WHERE %[4]s LIMIT 1) r, %[5]s e WHERE $1 <> ''",
		table, strings.Join(names, ", "), strings.Join(values, ", "), of, each), license)
	must(b, err)
	if n := got[int64](b)(result.RowsAffected()); n == 0 {
		b.Fatalf("no rows of %s were copied: there is none to copy", table)
	}
}
