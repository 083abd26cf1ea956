package usecasetest

import (
	"database/sql"
	"os"
	"runtime"
	"strconv"
	"testing"
	"time"

	"kontor/internal/pgtest"
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
// extensions per second of both, the most that the heap held in MB, and what a sweep, and a look for reminders, costs when
// nothing is due. KONTOR_BENCH_ROWS is how many subscriptions there are.
func BenchmarkSweep(b *testing.B) {
	n := benchRows(20_000)
	h := newHouse(b, "postgres")
	template := h.create(b, h.anna(b), forAda()).Licenses[0]
	pgtest.CopySold(b, h.store.Pool(), string(template.ID), n)
	h.setBusinessDay(b, day(2027, 10, 22))
	same(b, "steps of the one that is copied", h.extendDue(b), 1)
	got[int](b)(h.subscriptions.RemindDue(b.Context()))
	pool := h.store.Pool()
	b.Run("nothing due", func(b *testing.B) {
		for b.Loop() {
			same(b, "steps", h.extendDue(b), 0)
		}
	})
	b.Run("no reminder due", func(b *testing.B) {
		for b.Loop() {
			same(b, "reminders", got[int](b)(h.subscriptions.RemindDue(b.Context())), 0)
		}
	})
	b.Run("due", func(b *testing.B) {
		due := n / 10
		for b.Loop() {
			pgtest.Exec(b, pool, "UPDATE subscription SET due_at = '2027-10-21T22:00:00Z' WHERE id IN (SELECT id FROM subscription WHERE last_number = 1 LIMIT $1)", due)
			pgtest.Exec(b, pool, "ANALYZE")
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
			pgtest.Exec(b, tx, "SET LOCAL statement_timeout = 0")
			pgtest.Exec(b, tx, "CREATE TEMPORARY TABLE swept ON COMMIT DROP AS SELECT s.id, s.license_id FROM subscription s WHERE s.last_number = 1 LIMIT $1", due)
			pgtest.Exec(b, tx, "UPDATE period SET outcome = 'extended' FROM swept WHERE subscription_id = swept.id AND number = 1")
			pgtest.Exec(b, tx, `UPDATE subscription SET last_number = 2, last_start = last_end, version = version + 1 FROM swept WHERE subscription.id = swept.id`)
			pgtest.Exec(b, tx, "UPDATE license SET expires_at = expires_at + INTERVAL '1 year', version = version + 1 FROM swept WHERE license.id = swept.license_id")
			for _, t := range sweptTables {
				pgtest.CopyRows(b, tx, t.name, t.of, string(template.ID), "swept")
			}
			pgtest.Exec(b, tx, "UPDATE license_list SET expires_at = expires_at + INTERVAL '1 year', by_ends = by_cancel FROM swept WHERE license_list.id = swept.license_id")
			must(b, tx.Commit())
			b.ReportMetric(float64(due)/time.Since(began).Seconds(), "extensions/s")
		}
	})
}

// benchRows is how many rows a benchmark has: KONTOR_BENCH_ROWS, or the usual number.
func benchRows(usual int) int {
	n, err := strconv.Atoi(os.Getenv("KONTOR_BENCH_ROWS"))
	if err != nil {
		return usual
	}
	return n
}
