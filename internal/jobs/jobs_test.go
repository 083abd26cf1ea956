package jobs_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"kontor/internal/jobs"
	"kontor/internal/licensing"
	"kontor/internal/pgtest"
	"kontor/internal/sqlstore"
)

// patience is how long a test waits for what has to happen; none takes nearly as long.
const patience = 60 * time.Second

// onBoth runs a test on both engines, over an empty database.
func onBoth(t *testing.T, test func(t *testing.T, address string)) {
	t.Run("sqlite", func(t *testing.T) { test(t, "sqlite://"+filepath.Join(t.TempDir(), "kontor.db")) })
	t.Run("postgres", func(t *testing.T) { test(t, pgtest.Database(t, migrate)) })
}

func migrate(ctx context.Context, address string) error {
	s, err := sqlstore.Open(ctx, address)
	if err != nil {
		return err
	}
	return s.Close()
}

// process is a store with its queue.
type process struct {
	store *sqlstore.Store
	queue *jobs.Queue
}

// open makes a process that does not work yet.
func open(t *testing.T, address string, periodic ...jobs.Periodic) process {
	t.Helper()
	s, err := sqlstore.Open(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	q, err := jobs.Open(s, address, slog.New(slog.DiscardHandler), periodic)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(q.Close(), s.Close()); err != nil {
			t.Error(err)
		}
	})
	return process{s, q}
}

// start makes a process work until the test ends.
func (p process) start(t *testing.T) {
	t.Helper()
	if err := p.queue.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.queue.Stop(context.Background()); err != nil {
			t.Errorf("stop: %v", err)
		}
	})
}

// enqueue records jobs of a kind in one transaction, which ends with err.
func (p process) enqueue(t *testing.T, err error, kind string, ids ...string) {
	t.Helper()
	got := p.store.Write(t.Context(), func(tx licensing.Tx) error {
		for _, id := range ids {
			if err := p.queue.Enqueue(t.Context(), tx, licensing.Job{Kind: kind, ID: id}); err != nil {
				return err
			}
		}
		return err
	})
	if !errors.Is(got, err) {
		t.Fatalf("enqueue: %v", got)
	}
}

// next waits for what a handler tells.
func next(t *testing.T, done <-chan string) string {
	t.Helper()
	select {
	case id := <-done:
		return id
	case <-time.After(patience):
		t.Fatal("no job was carried out")
		return ""
	}
}

// report is a handler that tells the id of each job.
func report(done chan<- string) jobs.Handler {
	return func(_ context.Context, id string) (time.Duration, error) {
		done <- id
		return 0, nil
	}
}

func TestJobsExistWhenTheirTransactionCommits(t *testing.T) {
	onBoth(t, func(t *testing.T, address string) {
		p, done := open(t, address), make(chan string, 10)
		p.queue.Handle("tell", report(done))
		p.enqueue(t, nil, "tell", "before the start")
		p.enqueue(t, errors.New("rolled back"), "tell", "never")
		p.start(t)
		if id := next(t, done); id != "before the start" {
			t.Errorf("got %q", id)
		}
		p.enqueue(t, errors.New("rolled back"), "tell", "never")
		p.enqueue(t, nil, "nobody knows this kind", "x")
		p.enqueue(t, nil, "tell", "after the start")
		if id := next(t, done); id != "after the start" {
			t.Errorf("got %q", id)
		}
	})
}

func TestJobsAreDoneAgain(t *testing.T) {
	onBoth(t, func(t *testing.T, address string) {
		p, done := open(t, address), make(chan string, 10)
		var snoozes, failures, panics atomic.Int64
		p.queue.Handle("snooze", func(context.Context, string) (time.Duration, error) {
			if snoozes.Add(1) < 3 {
				return time.Millisecond, nil
			}
			done <- "snoozed"
			return 0, nil
		})
		p.queue.Handle("fail", func(context.Context, string) (time.Duration, error) {
			if failures.Add(1) < 2 {
				return 0, errors.New("not this time")
			}
			done <- "failed"
			return 0, nil
		})
		p.queue.Handle("panic", func(context.Context, string) (time.Duration, error) {
			if panics.Add(1) < 2 {
				panic("not this time")
			}
			done <- "panicked"
			return 0, nil
		})
		p.start(t)
		for _, kind := range []string{"snooze", "fail", "panic"} {
			p.enqueue(t, nil, kind, "x")
		}
		all := []string{next(t, done), next(t, done), next(t, done)}
		slices.Sort(all)
		if want := []string{"failed", "panicked", "snoozed"}; !slices.Equal(all, want) {
			t.Errorf("got %v, want %v", all, want)
		}
	})
}

func TestProcessesShareTheWork(t *testing.T) {
	onBoth(t, func(t *testing.T, address string) {
		const n = 40
		done := make(chan string, 10*n)
		first, second := open(t, address), open(t, address)
		for _, p := range []process{first, second} {
			p.queue.Handle("tell", report(done))
			p.start(t)
		}
		var ids []string
		for i := range n {
			ids = append(ids, fmt.Sprintf("%03d", i))
		}
		first.enqueue(t, nil, "tell", ids[:n/2]...)
		second.enqueue(t, nil, "tell", ids[n/2:]...)
		var all []string
		for range n {
			all = append(all, next(t, done))
		}
		slices.Sort(all)
		if !slices.Equal(all, ids) {
			t.Errorf("carried out: %v", all)
		}
	})
}

func TestPeriodicJobsBeginAtOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, address string) {
		done := make(chan string, 10)
		p := open(t, address, jobs.Periodic{Kind: "sweep", Every: time.Hour})
		p.queue.Handle("sweep", func(context.Context, string) (time.Duration, error) {
			done <- "swept"
			return 0, nil
		})
		p.start(t)
		next(t, done)
	})
}

// TestStopWaits has a job under way when the process is stopped: it is finished first.
func TestStopWaits(t *testing.T) {
	onBoth(t, func(t *testing.T, address string) {
		p, began, finish := open(t, address), make(chan string, 1), make(chan struct{})
		var finished atomic.Bool
		p.queue.Handle("slow", func(ctx context.Context, _ string) (time.Duration, error) {
			began <- "began"
			<-finish
			finished.Store(ctx.Err() == nil)
			return 0, nil
		})
		if err := p.queue.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		p.enqueue(t, nil, "slow", "x")
		next(t, began)
		stopped := make(chan error)
		go func() { stopped <- p.queue.Stop(context.Background()) }()
		select {
		case err := <-stopped:
			t.Errorf("it did not wait: %v", err)
		case <-time.After(50 * time.Millisecond):
		}
		close(finish)
		if err := <-stopped; err != nil {
			t.Error(err)
		}
		if !finished.Load() {
			t.Error("the job was cut off")
		}
	})
}

func TestEnqueueNeedsTheStoresTransaction(t *testing.T) {
	p := open(t, "sqlite://"+filepath.Join(t.TempDir(), "kontor.db"))
	if err := p.queue.Enqueue(t.Context(), nil, licensing.Job{Kind: "tell"}); err == nil {
		t.Error("a job was enqueued in no transaction")
	}
}
