package inbound

import (
	"sync"
	"time"

	"kontor/internal/licensing"
)

// maxNetworks is how many networks a brake knows at once; of more than those, further ones are let pass.
const maxNetworks = 10_000

// leastWork is as how many bytes a message counts at least, however short it is: what each costs to take in and to answer.
const leastWork = 1 << 10

// brake counts, by the caller's network and by the minute, how much was read of messages that nobody is known for and no
// credentials were looked at: what is no XML, or has a broken Security header, counts against the limits of no account. A wrong
// signature counts with them: certificates are public, and whoever names one that is registered has the message read a second
// time before it is known that he has not its key. It counts bytes, unzipped, and not messages: of a zip that is short, a
// megabyte may have to be read. It is generous, since a network may be that of many, whose right messages are refused with the
// wrong ones; each process counts for itself.
type brake struct {
	most   int              // bytes in a minute
	wall   func() time.Time // the clock of minutes
	mu     sync.Mutex
	minute time.Time
	by     map[string]int // bytes
}

// begin forgets what was counted in another minute, and returns how long this one still lasts.
func (b *brake) begin() time.Duration {
	now := b.wall()
	if minute := now.Truncate(time.Minute); !minute.Equal(b.minute) || b.by == nil {
		b.minute, b.by = minute, map[string]int{}
	}
	return b.minute.Add(time.Minute).Sub(now)
}

// check refuses, unread, what comes from where too much malformed was read from in this minute.
func (b *brake) check(remote string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	left := b.begin()
	if b.by[licensing.NetworkOf(remote)] < b.most {
		return nil
	}
	return licensing.ExhaustedFor(left, "Too many malformed messages came from your address: nothing is read from there until the next minute begins, in %d seconds.", int((left+time.Second-1)/time.Second))
}

// count counts the work that a malformed message was.
func (b *brake) count(remote string, work int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.begin()
	network := licensing.NetworkOf(remote)
	if _, known := b.by[network]; known || len(b.by) < maxNetworks {
		b.by[network] += work
	}
}

// work is how many bytes were read of a message. One that is signed is read twice when its certificate is registered, and counts
// twice in any case.
func (x *exchange) work() int {
	work := max(x.size, leastWork)
	if x.document != nil {
		work *= 2
	}
	return work
}

// nobodys reports whether a message was refused before anybody's credentials were looked at, for what it is.
func (x *exchange) nobodys(err error) bool {
	if x.asked || x.actor.ID != "" {
		return false
	}
	switch e := licensing.AsError(err); e.Code {
	case licensing.CodeInvalidRequest, licensing.CodeTooLarge, licensing.CodeUnauthenticated:
		return true
	}
	return false
}
