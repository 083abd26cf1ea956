package calls

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"kontor/internal/licensing"
)

// The bounds of what waits to be written. A call whose envelopes find no room is kept without them; one that finds no
// place at all is lost, and counted.
const (
	maxWaiting = 4096
	maxBytes   = 16 << 20
	maxBatch   = 200
	// gathering is for how long a batch waits for others to come.
	gathering = 50 * time.Millisecond
	// closing is how long Close tries to write what waits.
	closing = 10 * time.Second
)

// Envelopes are the request and the answer of a call as they are shown: without secrets, and cut to a bounded size.
type Envelopes struct {
	Request, Answer string
}

func (e *Envelopes) size() int64 {
	if e == nil {
		return 0
	}
	return int64(len(e.Request) + len(e.Answer))
}

// entry is one call on its way.
type entry struct {
	call      licensing.Call
	envelopes *Envelopes
}

// recorder writes calls behind, in batches, by one goroutine. The answer of a call never waits for it: what is not written
// within a twentieth of a second stands in memory alone, and is lost when the process is killed. An orderly stop writes
// everything. That is the price of a log that costs a call nothing but the copying of its envelopes, and takes no part in its
// transaction, which a fault would roll back with the row that tells of it.
type recorder struct {
	mu      sync.RWMutex // held for writing to close the queue
	closed  bool
	queue   chan entry
	bytes   atomic.Int64 // of envelopes that wait
	lost    atomic.Int64 // not reported yet
	done    chan struct{}
	ctx     context.Context // of writing
	cancel  context.CancelFunc
	sparing sparing
}

func (r *recorder) begin(save func(ctx context.Context, batch []entry)) {
	r.queue, r.done = make(chan entry, maxWaiting), make(chan struct{})
	r.ctx, r.cancel = context.WithCancel(context.Background())
	go func() {
		defer close(r.done)
		for {
			batch, more := r.gather()
			save(r.ctx, batch)
			for _, e := range batch {
				r.bytes.Add(-e.envelopes.size())
			}
			if !more {
				return
			}
		}
	}()
}

// gather waits for a call, and a little longer for others. It reports false when no more will come.
func (r *recorder) gather() (batch []entry, more bool) {
	first, more := <-r.queue
	if !more {
		return nil, false
	}
	batch = append(batch, first)
	over := time.NewTimer(gathering)
	defer over.Stop()
	for len(batch) < maxBatch {
		select {
		case e, more := <-r.queue:
			if !more {
				return batch, false
			}
			batch = append(batch, e)
		case <-over.C:
			return batch, true
		}
	}
	return batch, true
}

// Keep takes a call to be written. It never waits. Calls of nobody known are kept without envelopes, and only some of many
// from one address; so are those of an account beyond its limits.
func (r *recorder) Keep(c licensing.Call, envelopes *Envelopes) {
	known := c.Account != ""
	if !known || c.Outcome == licensing.CallOutcome(licensing.CodeExhausted) {
		if envelopes = nil; !r.sparing.take(c) {
			return
		}
	}
	if size := envelopes.size(); r.bytes.Add(size) > maxBytes {
		r.bytes.Add(-size)
		envelopes = nil
	}
	r.mu.RLock()
	defer r.mu.RUnlock()
	if !r.closed {
		select {
		case r.queue <- entry{call: c, envelopes: envelopes}:
			return
		default:
		}
	}
	r.bytes.Add(-envelopes.size())
	r.lost.Add(1)
}

// Close writes what waits, and ends: what was kept before is written then, or lost. What comes later is lost; reading goes on.
func (s *Service) Close() error {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return nil
	}
	s.closed = true
	close(s.queue)
	s.mu.Unlock()
	over := time.AfterFunc(closing, s.cancel)
	<-s.done
	over.Stop()
	s.cancel()
	s.report()
	return nil
}

// report says in the log how many calls were lost since the last time.
func (s *Service) report() {
	if n := s.lost.Swap(0); n > 0 {
		s.config.Log.Error("soap calls are missing in the log of calls", "count", n)
	}
	if n := s.sparing.passed.Swap(0); n > 0 {
		s.config.Log.Warn("soap calls of strangers or beyond a limit were not kept one by one", "count", n)
	}
}
