package usecasetest

import (
	"context"
	"fmt"
	"runtime"
	"runtime/metrics"
	"sync"
	"testing"
	"time"

	"kontor/internal/licensing"
	"kontor/internal/ordering"
)

// BenchmarkExport writes the whole list of licenses to a file, as the ISV's admin, in both forms on both engines. It reports
// rows per second, and in MB the most that the heap has held until 10 % were written and until the end. Run it with
// different KONTOR_BENCH_ROWS: the end must not grow with them. A spreadsheet gathers rows in memory up to a limit of its
// library before they go to a file, so that its end is above its beginning.
func BenchmarkExport(b *testing.B) {
	n := benchRows(20_000)
	for _, engine := range []string{"postgres", "sqlite"} {
		b.Run(engine, func(b *testing.B) {
			h := newHouse(b, engine)
			h.listLicenses(b, n)
			for _, format := range []licensing.ExportFormat{licensing.FormatCSV, licensing.FormatSpreadsheet} {
				b.Run(string(format), func(b *testing.B) { h.measureExport(b, format, n) })
			}
		})
	}
}

func (h *house) measureExport(b *testing.B, format licensing.ExportFormat, n int) {
	b.Helper()
	isv := h.isv(b)
	var took time.Duration
	var early, most, size int64
	for b.Loop() {
		out, _, err := h.ordering.StartExport(b.Context(), isv, licensing.NewID(), ordering.StartExport{
			List: licensing.ListOfLicenses, Format: format, Filter: `{}`, Columns: licenseColumns,
		})
		must(b, err)
		runtime.GC()
		done := func(ctx context.Context) (int, error) {
			e, err := h.ordering.Export(ctx, isv, out.ID)
			return e.Done, err
		}
		stop := watchHeap(b, n/10, done, &early, &most)
		began := time.Now()
		err = h.ordering.RunExport(b.Context(), out.ID)
		took += time.Since(began)
		stop()
		must(b, err)
		e := got[licensing.Export](b)(h.ordering.Export(b.Context(), isv, out.ID))
		if e.State != licensing.ExportReady || e.Done != n {
			b.Fatalf("%d of %d lines are written, it is %s", e.Done, n, e.State)
		}
		size = e.Size
	}
	const mb = 1 << 20
	b.ReportMetric(float64(n)*float64(b.N)/took.Seconds(), "rows/s")
	b.ReportMetric(float64(early)/mb, "heap-MB-at-10%")
	b.ReportMetric(float64(most)/mb, "heap-MB-at-end")
	b.ReportMetric(float64(size)/mb, "file-MB")
}

// watchHeap notes the most that objects take on the heap, those that nobody needs any more included: until so many lines
// are done, and in all. What it returns ends it.
func watchHeap(b *testing.B, lines int, done func(context.Context) (int, error), early, most *int64) (stop func()) {
	b.Helper()
	ctx, cancel := context.WithCancel(b.Context())
	var watch sync.WaitGroup
	watch.Go(func() {
		sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
		tick := time.NewTicker(2 * time.Millisecond)
		defer tick.Stop()
		beginning := true
		for i := 0; ; i++ {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			if beginning && i%10 == 0 {
				if n, err := done(ctx); err == nil && n >= lines {
					beginning = false
				}
			}
			metrics.Read(sample)
			held := int64(sample[0].Value.Uint64()) //nolint:gosec // a machine's memory
			*most = max(*most, held)
			if beginning {
				*early = max(*early, held)
			}
		}
	})
	return func() {
		cancel()
		watch.Wait()
	}
}

// listLicenses puts rows into the list of licenses, by SQL that both engines take. The licenses themselves are not there:
// the list is read alone.
func (h *house) listLicenses(b *testing.B, n int) {
	b.Helper()
	conn, err := h.store.Pool().Conn(b.Context())
	must(b, err)
	defer conn.Close()
	before, after, id := "PRAGMA foreign_keys = 0", "PRAGMA foreign_keys = 1", ""
	if h.store.Engine() == "postgres" {
		before, after, id = "SET session_replication_role = replica; SET statement_timeout = 0", "SET session_replication_role = DEFAULT; SET statement_timeout = DEFAULT", " OVERRIDING SYSTEM VALUE"
	}
	for _, text := range []string{
		before,
		"DELETE FROM license_word", "DELETE FROM license_list",
		fmt.Sprintf(`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)
			INSERT INTO license_list (seq, id, group_id, category_id, product_id, customer_id, state, subscription, kind, created_day, by_customer, by_ends, by_cancel, by_product, words, shown)%s
			SELECT i, 'l' || i, (SELECT id FROM org_group WHERE code = CASE WHEN i %% 3 = 0 THEN 'fjord' ELSE 'northwind' END), (SELECT id FROM category WHERE code = 'partner'),
				(SELECT MIN(id) FROM product), 'c' || (i %% 50000), 'active', 'active', 'subscription', '2026-0' || (1 + i %% 9) || '-1' || (i %% 7), 'customer c' || (i %% 50000),
				'2027-0' || (1 + i %% 9) || '-1' || (i %% 10), '2027-0' || (1 + i %% 7) || '-2' || (i %% 9), 'product', '',
				'{"t":"RHPUB-6J55U-AAAAA-BBBBB-CCCCC","o":"K26-' || i || '","p":"P1","n":"Product","q":1,"s":5,"c":"2026-11-21T10:00:00Z","u":{"name":"Customer c' || (i %% 50000) || '"},"f":[{"name":"externalOrderNumber","value":"NW-' || i || '"}]}'
			FROM n`, n, id),
		"ANALYZE", after,
	} {
		if _, err := conn.ExecContext(b.Context(), text); err != nil {
			b.Fatalf("%.100s: %v", text, err)
		}
	}
}
