package inbound

import (
	"net/http"
	"sync"
	"time"

	"kontor/internal/licensing"
)

// maxNetworks is how many networks and accounts a brake knows at once; of more than those, further ones are let pass.
const maxNetworks = 10_000

// leastWork is as how many bytes a message counts at least, however short it is: what each costs to take in and to answer.
const leastWork = 1 << 10

// brake counts, by the caller's network and by the minute, how much was read of messages that nobody is known for and no
// credentials were looked at: what is no XML, or has a broken Security header, counts against the limits of no account. A wrong
// signature counts with them: certificates are public, and whoever names one that is registered has the message read a second
// time before it is known that he has not its key. It counts bytes, as they came or unzipped, and not messages: of a zip that is
// short, a megabyte may have to be read, and of a long one nothing be left. It is generous, since a network may be that of many,
// whose right messages are refused with the wrong ones; each process counts for itself.
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

// braked refuses, unread, what comes from a network of which too much malformed was read in this minute. Who can be known without
// his message is not shut out with a stranger behind the same address: what he sends counts by itself then. It returns what the
// message counts for.
func (h *handler) braked(r *http.Request, x *exchange) (of string, err error) {
	of = "network " + licensing.NetworkOf(x.remote)
	if err = h.brake.check(of); err == nil {
		return of, nil
	}
	account, ok := h.byBasic(r)
	if !ok {
		return of, err
	}
	of = "account " + string(account)
	return of, h.brake.check(of)
}

// check reports that too much malformed was read of somebody in this minute.
func (b *brake) check(of string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	left := b.begin()
	if b.by[of] < b.most {
		return nil
	}
	return licensing.ExhaustedFor(left, "Too many malformed messages came from your address: nothing is read from there until the next minute begins, in %d seconds.", int((left+time.Second-1)/time.Second))
}

// count counts the work that a malformed message was.
func (b *brake) count(of string, work int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.begin()
	if _, known := b.by[of]; known || len(b.by) < maxNetworks {
		b.by[of] += work
	}
}

// work is how many bytes were read of a message, as they came or unzipped, whichever is more. One that is signed is read twice when its certificate is registered, and counts
// twice in any case.
func (x *exchange) work() int {
	work := max(x.size, x.sent, leastWork)
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
