package policies

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"kontor/internal/licensing"
)

// Source is where the policy is read; every licensing.Store is one.
type Source interface {
	// PolicyVersion returns the version of the policy at a moment after the call.
	PolicyVersion(ctx context.Context) (int64, error)
	// PolicyChanges returns what changed after a version, in order, and the newest version.
	PolicyChanges(ctx context.Context, after int64) ([]licensing.PolicyChange, int64, error)
	// PolicyLines returns on one snapshot the policy's version and every line that can matter to a membership.
	PolicyLines(ctx context.Context, m licensing.MembershipID) (licensing.Policy, error)
}

// Kept decides for one process, from answers that it keeps per membership. It uses them only while it knows that
// they are current: the policy's version was confirmed within the last second (Run sees to that). Otherwise it
// decides on what the database says, and without the database it denies.
type Kept struct {
	source Source
	clock  func() time.Duration // since some moment in the past; monotonic

	confirmed atomic.Int64 // by clock: a moment at which version was the newest, and sheets were all of it

	polling sync.Mutex // one poll at a time: an older answer must not overtake a newer one

	mu      sync.Mutex // orders keeping a sheet against dropping it
	version int64      // of the policy, as far as polled; 0 before the first poll. A poll alone writes it, under both locks
	sheets  *lru.Cache[licensing.MembershipID, *sheet]
}

var _ licensing.Decider = (*Kept)(nil)

// lease is how long answers are used after the version was last confirmed.
const lease = time.Second

// Option changes how a Kept works.
type Option func(*Kept)

// Clock makes a Kept count time by now: how long it is since some moment in the past. It never goes back.
func Clock(now func() time.Duration) Option { return func(k *Kept) { k.clock = now } }

// New returns a Kept that keeps the answers of the size memberships that asked last (at least one; about 1 KB each).
// It decides from the first moment on, and keeps answers as soon as it has polled.
func New(source Source, size int, options ...Option) *Kept {
	sheets, err := lru.New[licensing.MembershipID, *sheet](max(size, 1))
	if err != nil {
		panic(err) // a size below 1 is all that it refuses
	}
	started := time.Now()
	k := &Kept{source: source, sheets: sheets, clock: func() time.Duration { return time.Since(started) }}
	for _, o := range options {
		o(k)
	}
	k.confirmed.Store(int64(-lease))
	return k
}

// Decide says whether a membership may do an action in a category, and by which grant. It reads, where it has to, in
// tx, so that a transaction never waits for a second connection; tx may be nil outside of transactions. An empty
// membership, an unknown action and a category that is no code are denied. With an error the decision is no: it is
// unavailable when the policy cannot be read, internal when it holds an odd line.
func (k *Kept) Decide(ctx context.Context, tx licensing.Tx, m licensing.MembershipID, action licensing.Action, category string) (licensing.Decision, error) {
	if !askable(m, action, category) {
		return licensing.Decision{}, nil
	}
	s, err := k.sheet(ctx, tx, m)
	if err != nil {
		return licensing.Decision{}, err
	}
	return s.decide(action, category), nil
}

// Categories returns those of the given categories, in their order, for which Decide says yes.
func (k *Kept) Categories(ctx context.Context, tx licensing.Tx, m licensing.MembershipID, action licensing.Action, of []string) ([]string, error) {
	var s *sheet
	var allowed []string
	for _, category := range of {
		if !askable(m, action, category) {
			continue
		}
		if s == nil {
			var err error
			if s, err = k.sheet(ctx, tx, m); err != nil {
				return nil, err
			}
		}
		if s.decide(action, category).Allowed {
			allowed = append(allowed, category)
		}
	}
	return allowed, nil
}

// sheet returns the answers for a membership: the kept ones while they are current, else new ones.
func (k *Kept) sheet(ctx context.Context, tx licensing.Tx, m licensing.MembershipID) (*sheet, error) {
	now := k.clock()
	current := k.currentAt(now)
	if current {
		if s, ok := k.sheets.Get(m); ok && now < s.ends {
			return s, nil
		}
	}
	read := k.source.PolicyLines
	if tx != nil {
		read = tx.PolicyLines
	} else { // a database that does not answer denies
		bounded, cancel := context.WithTimeout(ctx, lease)
		defer cancel()
		ctx = bounded
	}
	p, err := read(ctx, m)
	if err != nil {
		return nil, unreadable(err)
	}
	s, err := newSheet(p, m)
	if err != nil {
		return nil, undecidable(err)
	}
	if p.Ends > 0 {
		s.ends = now + p.Ends
	}
	if current {
		k.keep(m, s)
	}
	return s, nil
}

// keep keeps a sheet of exactly the version that was polled last. An older one may have aged on its way, after the
// change that would have dropped it was noted. A newer one may come from a transaction that changed the policy and
// is not committed, and may never be; no other can have the same version then, because the version is locked.
//
// A sheet without a chain is of a membership that is suspended or not there yet. It is not kept: no change that
// brings the membership back could find it.
func (k *Kept) keep(m licensing.MembershipID, s *sheet) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if s.version == k.version && len(s.chain) > 0 {
		k.sheets.Add(m, s)
	}
}
