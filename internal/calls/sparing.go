package calls

import (
	"sync"
	"sync/atomic"

	"kontor/internal/licensing"
)

// How many calls are kept in a minute, by each process, that nobody stands behind or that were refused by a limit: of one
// address or account, and of all.
const (
	sparedEach = 20
	sparedAll  = 300
)

// strangersKept is about how many calls of nobody known the database keeps at all: some 30 MB.
const strangersKept = 50_000

// sparing decides which of many unwanted calls are kept, so that nobody can fill the disk by sending them. What it knows is
// of one minute, and bounded by what it lets pass.
type sparing struct {
	mu     sync.Mutex
	minute int64
	all    int
	by     map[string]int
	passed atomic.Int64 // over, since they were reported
}

// take reports whether a call is to be kept.
func (s *sparing) take(c licensing.Call) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if minute := c.At.Unix() / 60; minute != s.minute || s.by == nil {
		s.minute, s.all, s.by = minute, 0, map[string]int{}
	}
	who := c.Remote
	if c.Account != "" {
		who = string(c.Account)
	}
	if s.all >= sparedAll || s.by[who] >= sparedEach {
		s.passed.Add(1)
		return false
	}
	s.all++
	s.by[who]++
	return true
}
