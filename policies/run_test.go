package policies

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // time is the bubble's: it passes when everybody waits
		w := demoWorld()
		g := w.grant("group:northwind", "partner", "create")
		var polls atomic.Int64
		w.duringPoll = func() { polls.Add(1) }
		p := &process{Kept: New(w, 10), t: t}
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() { p.Run(ctx); close(ended) }()

		synctest.Wait()
		if n := polls.Load(); n != 1 || !p.Current() {
			t.Fatalf("%d polls at the start, current %v; want 1, true", n, p.Current())
		}
		p.want(ben, true)
		w.revoke(g)
		time.Sleep(pollEvery)
		synctest.Wait()
		p.want(ben, false)

		time.Sleep(10 * time.Second)
		synctest.Wait()
		if n := polls.Load(); n != 52 || !p.Current() {
			t.Fatalf("%d polls in 10.2 s, current %v; want 52, true", n, p.Current())
		}

		fail := func(err error) {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.down = err
		}
		fail(errors.New("down"))
		time.Sleep(lease)
		synctest.Wait()
		if p.Current() {
			t.Fatal("current a second after the database was lost")
		}
		fail(nil)
		time.Sleep(pollEvery)
		synctest.Wait()
		if !p.Current() {
			t.Fatal("not current after the database came back")
		}

		stop()
		<-ended
	})
}

// A poll that hangs must not keep the next one from succeeding.
func TestRunGivesUpAHangingPoll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := demoWorld()
		w.duringPoll = func() {
			w.duringPoll = nil
			time.Sleep(2 * lease) // longer than the poll's context lives
		}
		k := New(w, 10)
		if err := k.Poll(t.Context()); !errors.Is(err, context.DeadlineExceeded) || k.Current() {
			t.Fatalf("%v, current %v", err, k.Current())
		}
		if err := k.Poll(t.Context()); err != nil || !k.Current() {
			t.Fatalf("%v, current %v", err, k.Current())
		}
	})
}
