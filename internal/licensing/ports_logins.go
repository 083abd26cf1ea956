package licensing

import (
	"context"
	"time"
)

// LoginTx remembers how logins went, by keys that access makes of names and addresses, and what works only once; written by
// access.
type LoginTx interface {
	// LoginFailures returns how often in a row a login under key failed, and when last (wall clock).
	LoginFailures(ctx context.Context, key string) (int, time.Time, error)
	NoteLoginFailure(ctx context.Context, key string) error
	ForgetLoginFailures(ctx context.Context, key string) error
	// LoginSuccess returns when a login under key was right last (wall clock); zero when that is not known any more.
	LoginSuccess(ctx context.Context, key string) (time.Time, error)
	// NoteLoginSuccess remembers that one is right now, and forgets those that were longer ago than keep.
	NoteLoginSuccess(ctx context.Context, key string, keep time.Duration) error
	// UseNonce remembers a nonce until expires; false when it was used before.
	UseNonce(ctx context.Context, nonce string, expires time.Time) (bool, error)
}
