package sqlstore_test

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"kontor/internal/licensing"
	"kontor/internal/pgtest"
	"kontor/internal/sqlstore"
)

// benchRows is how many licenses the lists are measured with; KONTOR_BENCH_ROWS names another number.
func benchRows(b *testing.B) int {
	b.Helper()
	n, err := strconv.Atoi(os.Getenv("KONTOR_BENCH_ROWS"))
	if err != nil {
		return 100_000
	}
	return n
}

// BenchmarkLicenseList reads pages of the list of licenses as the ISV's admin, who sees everything, and as one of a group
// with few licenses among many, on both engines. It reports percentiles in milliseconds.
func BenchmarkLicenseList(b *testing.B) {
	n := benchRows(b)
	for engine, address := range map[string]func() string{
		"postgres": func() string { return pgtest.Database(b, migrated) },
		"sqlite":   func() string { return "sqlite://" + filepath.Join(b.TempDir(), "kontor.db") },
	} {
		b.Run(engine, func(b *testing.B) {
			s, err := sqlstore.Open(b.Context(), address())
			if err != nil {
				b.Fatal(err)
			}
			defer s.Close()
			began := time.Now()
			seedList(b, s, n)
			b.Logf("%d licenses seeded in %s", n, time.Since(began).Round(time.Second))
			all, few := licensing.Sight{Group: "g0", Below: true}, licensing.Sight{Group: "few", Below: true}
			far := cursorAt(b, s, n)
			for _, c := range []struct {
				name  string
				sight licensing.Sight
				f     licensing.LicenseFilter
			}{
				{"first page", all, licensing.LicenseFilter{}},
				{"by last day to cancel", all, licensing.LicenseFilter{Sort: licensing.SortCancelBy, Cancellable: true}},
				{"filter", all, licensing.LicenseFilter{Product: "P7", States: []licensing.LicenseState{licensing.LicenseActive}, Sort: licensing.SortCustomer}},
				{"filter that finds few", all, licensing.LicenseFilter{Customer: "c77", States: []licensing.LicenseState{licensing.LicenseSuspended}}},
				{"search", all, licensing.LicenseFilter{Query: "customer c4711"}},
				{"search that finds many", all, licensing.LicenseFilter{Query: "nw-1", Sort: licensing.SortEnds}},
				{"page 1,000", all, licensing.LicenseFilter{After: far}},
				{"first page of few", few, licensing.LicenseFilter{Sort: licensing.SortCustomer}},
				{"search of few", few, licensing.LicenseFilter{Query: "customer"}},
			} {
				c.f.Limit = 26
				b.Run(c.name, func(b *testing.B) { measurePage(b, s, c.sight, c.f) })
			}
		})
	}
}

// measurePage reads a page with its counts, as the list's page does.
func measurePage(b *testing.B, s *sqlstore.Store, sight licensing.Sight, f licensing.LicenseFilter) {
	b.Helper()
	var times []time.Duration
	for b.Loop() {
		began := time.Now()
		err := s.Read(b.Context(), func(tx licensing.Tx) error {
			rows, err := tx.LicenseRows(b.Context(), sight, f)
			if err != nil || len(rows) == 0 && f.Customer == "" {
				return fmt.Errorf("%d rows, %w", len(rows), err)
			}
			if _, err := tx.CountLicenses(b.Context(), sight, f, 10_000); err != nil {
				return err
			}
			_, err = tx.CountLicenses(b.Context(), sight, licensing.LicenseFilter{}, 10_000)
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
		times = append(times, time.Since(began))
	}
	slices.Sort(times)
	for _, p := range []int{50, 99} {
		b.ReportMetric(float64(times[min(len(times)*p/100, len(times)-1)].Microseconds())/1000, fmt.Sprintf("ms-p%d", p))
	}
}

// cursorAt is where page 1,000 begins, or the middle of a short list.
func cursorAt(b *testing.B, s *sqlstore.Store, n int) (cursor string) {
	b.Helper()
	err := s.Read(b.Context(), func(tx licensing.Tx) error {
		for at := 0; at < min(25_000, n/2); at += 1000 {
			rows, err := tx.LicenseRows(b.Context(), licensing.Sight{Group: "g0", Below: true}, licensing.LicenseFilter{After: cursor, Limit: 1000})
			if err != nil {
				return err
			}
			cursor = rows[len(rows)-1].Cursor
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	return cursor
}

// seedList fills the list by SQL that both engines take: 200 groups, one with 40 licenses, 50 products, 50,000 customers,
// one license in a hundred suspended, ten words each. The licenses themselves are not there: the list is read alone.
func seedList(b *testing.B, s *sqlstore.Store, n int) {
	b.Helper()
	conn, err := s.Pool().Conn(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Close()
	switches := []string{"PRAGMA foreign_keys = 0", "PRAGMA foreign_keys = 1"}
	now, id := "datetime('now')", ""
	if s.Engine() == "postgres" {
		switches = []string{"SET session_replication_role = replica; SET statement_timeout = 0", "SET session_replication_role = DEFAULT"}
		now, id = "now()", " OVERRIDING SYSTEM VALUE"
	}
	numbers := func(n int) string {
		return fmt.Sprintf("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) ", n)
	}
	statements := []string{
		switches[0],
		"INSERT INTO org_group (id, code, name, created_at) VALUES ('g0', 'g0', 'Root', " + now + ")",
		numbers(200) + "INSERT INTO org_group (id, parent_id, code, name, created_at) SELECT 'g' || i, 'g0', 'g' || i, 'Group ' || i, " + now + " FROM n",
		"INSERT INTO org_group (id, parent_id, code, name, created_at) VALUES ('few', 'g0', 'few', 'Few', " + now + ")",
		"INSERT INTO category (id, code, name, description, position) VALUES ('k', 'partner', 'Partner', '', 1)",
		numbers(50) + "INSERT INTO product (id, code, name, subtitle, kind, file_form, parameters, plan) SELECT 'p' || i, 'P' || i, 'Product ' || i, '', 'subscription', 'signed', '[]', '' FROM n",
		numbers(n) + `INSERT INTO license_list (seq, id, group_id, category_id, product_id, customer_id, state, subscription, kind, created_day, by_customer, by_ends, by_cancel, by_product, words, shown)` + id + `
			SELECT i, 'l' || i, CASE WHEN i % ` + strconv.Itoa(max(1, n/40)) + ` = 0 THEN 'few' ELSE 'g' || (1 + i % 200) END, 'k', 'p' || (1 + i % 50), 'c' || (i % 50000),
				CASE WHEN i % 100 = 3 THEN 'suspended' ELSE 'active' END, 'active', 'subscription', '202' || (i * 7 / ` + strconv.Itoa(n+1) + `) || '-0' || (1 + i % 9) || '-1' || (i % 7),
				'customer c' || (i % 50000), '2027-0' || (1 + i % 9) || '-1' || (i % 10), '2027-0' || (1 + i % 7) || '-2' || (i % 9), 'product ' || (1 + i % 50),
				CHR10 || 'customer' || CHR10 || 'c' || (i % 50000) || CHR10 || 'nw-' || i || CHR10 || 'k26-' || i || CHR10,
				'{"t":"RHPUB-6J55U-AAAAA-BBBBB-CCCCC","o":"K26-' || i || '","p":"P1","n":"Product","q":1,"s":5,"c":"2026-11-21T10:00:00Z","u":{"name":"Customer c' || (i % 50000) || '"},"f":[{"name":"ext","value":"NW-' || i || '"}]}'
			FROM n`,
		"INSERT INTO license_word (word, seq) SELECT 'customer', seq FROM license_list",
	}
	for _, word := range []string{"'c' || (seq % 50000)", "'nw-' || seq", "'' || seq", "'k26-' || seq", "'#ext=nw-' || seq", "'t' || (seq * 7919 % 1000003)", "'u' || (seq * 6007 % 1000003)", "'v' || (seq * 5003 % 1000003)", "'w' || (seq * 4001 % 1000003)"} {
		statements = append(statements, "INSERT INTO license_word (word, seq) SELECT "+word+", seq FROM license_list ORDER BY 1, 2 ON CONFLICT DO NOTHING")
	}
	statements = append(statements, "ANALYZE", switches[1])
	for _, text := range statements {
		chr := "CHAR(10)"
		if s.Engine() == "postgres" {
			chr = "CHR(10)"
		} else {
			text = strings.ReplaceAll(text, " ON CONFLICT DO NOTHING", "")
		}
		exec(b.Context(), b, conn, strings.ReplaceAll(text, "CHR10", chr))
	}
}

func exec(ctx context.Context, b *testing.B, conn *sql.Conn, text string) {
	b.Helper()
	if _, err := conn.ExecContext(ctx, text); err != nil {
		b.Fatalf("%.200s: %v", text, err)
	}
}
