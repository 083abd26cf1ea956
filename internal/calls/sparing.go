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
	// namedAll is how many logins are kept that were refused and named one account, from where it did not come in lately; and
	// namedFirst how many networks more are kept one each of then. From each address where it came in lately sparedEach are kept
	// beside those: nobody who knows its name, and sits elsewhere, pushes its own mistakes out of the log.
	namedAll   = 60
	namedFirst = 60
	// longest is how many minutes a call may take; one from further back is of a clock that was set.
	longest = 2
)

// strangersKept is about how many calls of nobody known the database keeps at all: some 30 MB.
const strangersKept = 50_000

// namedKept is how many refused logins the database keeps at all that named one account: as many from where it came in lately,
// and from elsewhere.
const namedKept = 1000

// sparing decides which of many unwanted calls are kept, so that nobody can fill the disk by sending them. What it knows is
// of one minute, and bounded by what it lets pass.
type sparing struct {
	mu     sync.Mutex
	minute int64
	by     map[string]int // of accounts, networks and those that share a room
	passed atomic.Int64   // over, since they were reported
}

// take reports whether a call is to be kept.
func (s *sparing) take(c licensing.Call) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	// A call that took long is counted into the minute that runs, whichever it came in.
	if minute := c.At.Unix() / 60; s.by == nil || minute > s.minute || minute < s.minute-longest {
		s.minute, s.by = minute, map[string]int{}
	}
	// Each is one of those who share a room, or has none to share.
	who, shared, most, first := "account "+string(c.Account), "", 0, 0
	switch naming := "naming " + string(c.Named); {
	case c.Account != "":
	case c.Named == "":
		who, shared, most, first = "network "+licensing.NetworkOf(c.Remote), "strangers", sparedAll, sparedFirst
	case c.NamedHome:
		who = naming + " from " + c.Remote
	default:
		who, shared, most, first = naming+" from network "+licensing.NetworkOf(c.Remote), naming, namedAll, namedFirst
	}
	room := shared == "" || s.by[shared] < most || s.by[who] == 0 && s.by[shared] < most+first
	if !room || s.by[who] >= sparedEach {
		s.passed.Add(1)
		return false
	}
	if shared != "" {
		s.by[shared]++
	}
	s.by[who]++
	return true
}
