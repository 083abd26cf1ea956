package usecasetest

import (
	"context"
	"testing"

	"kontor/internal/licensing"
	"kontor/internal/pgtest"
	"kontor/internal/subscriptions"
)

// BenchmarkForecast looks ten years ahead, on PostgreSQL: as the picture that the page draws, and as all lines in order, as
// the command and the file have them. Beside it stands what it takes to read the
// same subscriptions once and foresee nothing. It
// reports subscriptions and lines per second and the most that the heap held in MB. KONTOR_BENCH_ROWS is how many
// subscriptions there are.
func BenchmarkForecast(b *testing.B) {
	n := benchRows(20_000)
	h := newHouse(b, "postgres")
	template := h.create(b, h.anna(b), forAda()).Licenses[0]
	pgtest.CopySold(b, h.store.Pool(), string(template.ID), n)
	actor := h.isv(b)
	until := day(2036, 11, 20)
	b.Run("picture", func(b *testing.B) {
		report := peakOfHeap(b)
		for b.Loop() {
			f := got[subscriptions.Forecast](b)(h.subscriptions.Forecast(b.Context(), actor, subscriptions.ForecastView{
				ForecastFilter: subscriptions.ForecastFilter{Until: until}, Lines: 50, Months: 4,
			}))
			same(b, "subscriptions", f.Subscriptions, n+1)
		}
		report()
		b.ReportMetric(float64(n*b.N)/b.Elapsed().Seconds(), "subscriptions/s")
	})
	b.Run("lines", func(b *testing.B) {
		report, lines := peakOfHeap(b), 0
		for b.Loop() {
			must(b, h.subscriptions.ForecastLines(b.Context(), actor, subscriptions.ForecastFilter{Until: until}, func(_ licensing.Day, some []subscriptions.ForecastLine) error {
				lines += len(some)
				return nil
			}))
		}
		report()
		b.ReportMetric(float64(lines)/b.Elapsed().Seconds(), "lines/s")
		b.ReportMetric(float64(n*b.N)/b.Elapsed().Seconds(), "subscriptions/s")
	})
	b.Run("rows alone", func(b *testing.B) {
		for b.Loop() {
			all := 0
			h.read(b, func(tx licensing.Tx) {
				for after, more := "", true; more; {
					page := got[licensing.RunningPage](b)(tx.RunningSubscriptions(b.Context(), licensing.SightOf(actor.Membership), licensing.RunningFilter{After: after, Limit: 1000}))
					all += len(page.Rows)
					after, more = page.Next, page.Next != ""
				}
			})
			same(b, "subscriptions", all, n+1)
		}
		b.ReportMetric(float64(n*b.N)/b.Elapsed().Seconds(), "subscriptions/s")
	})
}

// peakOfHeap watches the heap until it is told to report the most that it held.
func peakOfHeap(b *testing.B) (report func()) {
	var early, most int64
	stop := watchHeap(b, 1, func(context.Context) (int, error) { return 0, nil }, &early, &most)
	return func() {
		stop()
		b.ReportMetric(float64(most)/1e6, "MB-heap")
	}
}
