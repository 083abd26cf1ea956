package policies

import (
	"context"
	"log/slog"
	"time"

	"kontor/internal/licensing"
)

// pollEvery is how often Run asks for changes: five chances within a lease.
const pollEvery = 200 * time.Millisecond

// Current reports whether the version of the policy was confirmed within the last second, so that answers are kept
// and used. A process that is not current decides as well, but slower.
func (k *Kept) Current() bool { return k.currentAt(k.clock()) }

func (k *Kept) currentAt(now time.Duration) bool {
	return now-time.Duration(k.confirmed.Load()) < lease
}

// Run polls every 200 ms until ctx ends. A poll that fails is tried again at the next turn.
func (k *Kept) Run(ctx context.Context) {
	turns := time.NewTicker(pollEvery)
	defer turns.Stop()
	failing := false
	for ctx.Err() == nil {
		err := k.Poll(ctx)
		switch {
		case ctx.Err() != nil:
		case err != nil && !failing:
			slog.WarnContext(ctx, "the policy's version cannot be confirmed, deciding without kept answers", "error", err)
		case err == nil && failing:
			slog.InfoContext(ctx, "the policy's version is confirmed again")
		}
		failing = err != nil
		select {
		case <-ctx.Done():
		case <-turns.C:
		}
	}
}

// Poll asks what changed, drops the answers that it touches, and confirms the rest for a second from when it asked.
// It gives up after that second. Whoever has just changed the policy may call it, to be obeyed here at once.
func (k *Kept) Poll(ctx context.Context) error {
	k.polling.Lock()
	defer k.polling.Unlock()
	asked := k.clock() // before the question: what is committed after it need not be in the answer
	ctx, cancel := context.WithTimeout(ctx, lease)
	defer cancel()
	after := k.version
	var changes []licensing.PolicyChange
	var newest int64
	var err error
	if after == 0 { // nothing is kept yet that the policy's whole past could touch
		newest, err = k.source.PolicyVersion(ctx)
	} else {
		changes, newest, err = k.source.PolicyChanges(ctx, after)
	}
	if err != nil {
		return unreadable(err)
	}
	k.drop(changes, after, newest)
	k.confirmed.Store(int64(asked))
	return nil
}

// drop forgets what the changes from one version to another touch; everything, when they do not tell of every version
// in between (older changes were deleted, or the database is another one).
func (k *Kept) drop(changes []licensing.PolicyChange, after, newest int64) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.version = newest
	names := make(map[string]bool, len(changes))
	told := after
	for _, c := range changes {
		names[c.Subject] = true
		if c.Version == told+1 {
			told = c.Version
		}
	}
	if told != newest {
		k.sheets.Purge()
		return
	}
	if len(names) == 0 {
		return
	}
	for _, m := range k.sheets.Keys() {
		if s, ok := k.sheets.Peek(m); ok && s.touchedBy(names) {
			k.sheets.Remove(m)
		}
	}
}
