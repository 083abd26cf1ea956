package main

import (
	"fmt"
	"os"
	"strconv"
	"testing"

	"kontor/internal/licensing"
	"kontor/internal/ordering"
	"kontor/internal/pgtest"
)

// BenchmarkTimeMachinePage measures the time machine over 32 connections, of a reseller's admin with many subscriptions on
// PostgreSQL, a year and ten years ahead; beside it stands the list of the same licenses. KONTOR_BENCH_ROWS is how many
// subscriptions there are.
func BenchmarkTimeMachinePage(b *testing.B) {
	n, err := strconv.Atoi(os.Getenv("KONTOR_BENCH_ROWS"))
	if err != nil {
		n = 1_000
	}
	h := startHouse(b, b.TempDir(), engines["postgres"](b), false)
	pgtest.CopySold(b, h.store.Pool(), string(h.sellOne(b)), n)
	session := h.signedIn(b, "anna@northwind.example")
	for name, page := range map[string]string{
		"a year": "time-machine", "ten years": "time-machine?until=2036-11-01", "list of licenses": "licenses",
	} {
		b.Run(fmt.Sprint(n, " subscriptions, ", name), func(b *testing.B) {
			times := h.readAll(b, session, "/as/northwind/"+page)
			b.ReportMetric(milliseconds(percentile(times, 50)), "p50-ms")
			b.ReportMetric(milliseconds(percentile(times, 99)), "p99-ms")
			b.ReportMetric(float64(len(times))/b.Elapsed().Seconds(), "pages/s")
		})
	}
}

// sellOne creates a license with a subscription, by the admin of Northwind.
func (h runningHouse) sellOne(b *testing.B) licensing.LicenseID {
	b.Helper()
	out, _, err := h.ordering.CreateLicense(b.Context(), h.actor(b, "anna@northwind.example"), licensing.NewID(), ordering.CreateLicense{
		Category: "partner", Product: "AUR-SUITE", Customer: licensing.Customer{Number: "C-1", Name: "Ada Bright", Email: "ada@bright.example"},
		Parameters: []licensing.Value{{Name: "seats", Value: "10"}}, DataFields: []licensing.Value{{Name: "externalOrderNumber", Value: "PO-1"}},
	})
	if err != nil {
		b.Fatal(err)
	}
	return out.Licenses[0].ID
}
