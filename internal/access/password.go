package access

import (
	"context"
	"fmt"

	"github.com/alexedwards/argon2id"
)

// hasher checks passwords. One argon2id hash costs tens of milliseconds and tens of megabytes, so no more than two
// run at a time: logins queue, the rest of the house goes on.
type hasher struct {
	params *argon2id.Params
	turns  chan struct{}
	decoy  string // checked for unknown users, so that they take as long as known ones
}

// hashesAtATime bounds the memory that logins can take.
const hashesAtATime = 2

// Params are those of new password hashes: 19 MiB and two passes, the least that OWASP's Password Storage Cheat Sheet
// recommends for argon2id.
func Params() *argon2id.Params {
	return &argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}
}

func newHasher() (hasher, error) {
	h := hasher{params: Params(), turns: make(chan struct{}, hashesAtATime)}
	decoy, err := argon2id.CreateHash("a password that nobody has", h.params)
	h.decoy = decoy
	return h, err
}

// HashPassword makes the hash that is kept of a password.
func HashPassword(password string) (string, error) {
	return argon2id.CreateHash(password, Params())
}

// turn waits for one of the turns, and returns what gives it back.
func (h hasher) turn(ctx context.Context) (done func(), err error) {
	select {
	case h.turns <- struct{}{}:
		return func() { <-h.turns }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// matches checks a password; whoever calls it has a turn.
func (h hasher) matches(password, hash string) (bool, error) {
	known := hash != ""
	if !known {
		hash = h.decoy
	}
	ok, err := argon2id.ComparePasswordAndHash(password, hash)
	if err != nil {
		return false, fmt.Errorf("compare password: %w", err)
	}
	return ok && known, nil
}
