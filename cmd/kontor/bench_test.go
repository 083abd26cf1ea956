package main

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kontor/internal/pgtest"
)

// BenchmarkCreateLicense creates licenses by SOAP over 16 connections, as `kontor serve --no-jobs` would. On
// PostgreSQL, pgbench then runs the very same SQL statements on the same server, as the measure of what there is to get.
func BenchmarkCreateLicense(b *testing.B) {
	b.Run("sqlite", func(b *testing.B) {
		h := startHouse(b, b.TempDir(), "", false)
		perSecond, p99 := h.createAll(b)
		b.ReportMetric(perSecond, "licenses/s")
		b.ReportMetric(milliseconds(p99), "p99-ms")
	})
	b.Run("postgres", func(b *testing.B) {
		dsn := pgtest.Start(b, pgtest.Durable).Database(b, migrated)
		dir := b.TempDir() // with the master key that the database belongs to
		script := recordScript(b, dir, dsn)
		h := startHouse(b, dir, dsn, false)
		perSecond, p99 := h.createAll(b)
		b.StopTimer()
		basePerSecond, baseP99 := pgbench(b, dsn, script, benchConnections, 8*time.Second)
		b.ReportMetric(perSecond, "licenses/s")
		b.ReportMetric(milliseconds(p99), "p99-ms")
		b.ReportMetric(basePerSecond, "pgbench/s")
		b.ReportMetric(milliseconds(baseP99), "pgbench-p99-ms")
		b.ReportMetric(perSecond/basePerSecond, "of-pgbench")
	})
}

// BenchmarkPassOn measures the time from the answer to the ERP's document number on the order.
func BenchmarkPassOn(b *testing.B) {
	for name, database := range engines {
		b.Run(name, func(b *testing.B) {
			h := startHouse(b, b.TempDir(), database(b), true)
			times := make([]time.Duration, 0, b.N)
			for i := range b.N {
				c, err := createBySOAP(h.soap, fmt.Sprintf("pass-%d", i))
				if err != nil || c.Fault != "" {
					b.Fatal(c.Fault, err)
				}
				began := time.Now()
				for count(b, h.store, "SELECT COUNT(*) FROM message WHERE state <> 'accepted'") > 0 {
					time.Sleep(time.Millisecond)
				}
				times = append(times, time.Since(began))
			}
			b.ReportMetric(milliseconds(percentile(times, 50)), "p50-ms")
			b.ReportMetric(milliseconds(percentile(times, 99)), "p99-ms")
		})
	}
}

// BenchmarkDemoStart measures the start of the demo in an empty directory up to its first page, and its memory at rest.
func BenchmarkDemoStart(b *testing.B) {
	if _, err := kontorBinary(); err != nil {
		b.Fatal(err)
	}
	var took, memory []time.Duration
	for range b.N {
		began := time.Now()
		p, f := startDemo(b, "")
		if get(f.URL+"/sign-in") != http.StatusOK {
			b.Fatal("no sign-in page")
		}
		took = append(took, time.Since(began))
		time.Sleep(2 * time.Second) // to rest
		memory = append(memory, time.Duration(p.residentKB()))
		p.kill()
	}
	b.ReportMetric(percentile(took, 50).Seconds(), "s-to-page")
	b.ReportMetric(float64(percentile(memory, 50))/1024, "MB-at-rest")
}

// residentKB is the process's resident memory in KB.
func (p *process) residentKB() (kb int) {
	p.t.Helper()
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		p.t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(b), "VmRSS:")
	fmt.Sscan(rest, &kb) //nolint:errcheck // 0 is seen to be wrong
	return kb
}

const benchConnections = 16

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// createAll creates b.N licenses over benchConnections connections.
func (h runningHouse) createAll(b *testing.B) (perSecond float64, p99 time.Duration) {
	b.Helper()
	times := make([]time.Duration, b.N)
	var next atomic.Int64
	var callers sync.WaitGroup
	b.ResetTimer()
	began := time.Now()
	for range benchConnections {
		callers.Go(func() {
			for i := next.Add(1) - 1; i < int64(b.N); i = next.Add(1) - 1 {
				start := time.Now()
				if c, err := createBySOAP(h.soap, fmt.Sprintf("bench-%d-%d", b.N, i)); err != nil || c.Fault != "" {
					b.Error(c.Fault, err)
				}
				times[i] = time.Since(start)
			}
		})
	}
	callers.Wait()
	return float64(b.N) / time.Since(began).Seconds(), percentile(times, 99)
}

// recordScript lets a house create two licenses through a wiretap and makes pgbench's script of what it said.
func recordScript(b *testing.B, dir, dsn string) string {
	b.Helper()
	w, through := tap(b, dsn)
	h := startHouse(b, dir, through, false)
	record := func(id string) []statement {
		time.Sleep(100 * time.Millisecond) // the queue is told of a new job at most once in a while; here of each
		w.take()
		if c, err := createBySOAP(h.soap, id); err != nil || c.Fault != "" {
			b.Fatal(c.Fault, err)
		}
		return transaction(w.take())
	}
	record("tap-1") // the first prepares statements
	script := pgbenchScript(b, record("tap-2"), record("tap-3"))
	if keep := os.Getenv("KONTOR_BENCH_SCRIPT"); keep != "" {
		if err := os.WriteFile(filepath.Join(keep, "create.sql"), []byte(script), 0o600); err != nil {
			b.Fatal(err)
		}
	}
	return script
}

// transaction cuts out what one request caused: the login and the transaction, without the polls of the policy and the
// transactions of the log of calls, which is written behind.
func transaction(all []statement) (mine []statement) {
	type block struct{ behind bool }
	current, of := map[net.Conn]*block{}, make([]*block, len(all))
	for i, s := range all {
		begins := strings.HasPrefix(strings.ToLower(s.sql), "begin")
		if current[s.conn] == nil || begins {
			current[s.conn] = &block{}
		}
		of[i] = current[s.conn]
		of[i].behind = of[i].behind || strings.Contains(s.sql, "soap_call")
		if ends := strings.ToLower(s.sql); ends == "commit" || ends == "rollback" {
			current[s.conn] = nil
		}
	}
	for i, s := range all {
		if !of[i].behind && !strings.Contains(s.sql, "policy_change") && !strings.Contains(s.sql, "policy_version") {
			mine = append(mine, s)
		}
	}
	return mine
}
