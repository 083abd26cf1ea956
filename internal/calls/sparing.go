package calls

import (
	"sync"
	"sync/atomic"

	"kontor/internal/licensing"
)

// How many calls are kept in a minute, by each process, that nobody stands behind or that were refused by a limit: of one
// account or network, and of all networks together. Accounts are as many as admins have made, and share nothing: neither does
// one use up what is kept of another, nor do strangers.
const (
	sparedEach = 20
	sparedAll  = 300
	// sparedFirst is how many networks more are kept one call each of, when many others have used up what is kept of all.
	sparedFirst = 300
	// longest is how many minutes a call may take; one from further back is of a clock that was set.
	longest = 2
)

// strangersKept is about how many calls of nobody known the database keeps at all: some 30 MB.
const strangersKept = 50_000

// sparing decides which of many unwanted calls are kept, so that nobody can fill the disk by sending them. What it knows is
// of one minute, and bounded by what it lets pass.
type sparing struct {
	mu     sync.Mutex
	minute int64
	all    int            // of strangers
	by     map[string]int // accounts and networks
	passed atomic.Int64   // over, since they were reported
}

// take reports whether a call is to be kept.
func (s *sparing) take(c licensing.Call) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	// A call that took long is counted into the minute that runs, whichever it came in.
	if minute := c.At.Unix() / 60; s.by == nil || minute > s.minute || minute < s.minute-longest {
		s.minute, s.all, s.by = minute, 0, map[string]int{}
	}
	who, room := "account "+string(c.Account), true
	if c.Account == "" {
		who = "network " + licensing.NetworkOf(c.Remote)
		room = s.all < sparedAll || s.by[who] == 0 && s.all < sparedAll+sparedFirst
	}
	if !room || s.by[who] >= sparedEach {
		s.passed.Add(1)
		return false
	}
	if c.Account == "" {
		s.all++
	}
	s.by[who]++
	return true
}
