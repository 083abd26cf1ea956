package access

import (
	"context"
	"errors"
	"strings"
	"time"
	"unicode"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

// SecretContext binds a service account's sealed secret to the account.
func SecretContext(m licensing.MembershipID) []byte { return []byte("service-secret\x00" + string(m)) }

// Service authenticates a service account. check gets the account's secret in the clear and compares it, in constant
// time, with what the caller sent; it is called for the secret before, too, which works until its overlap ends. Unknown
// accounts and wrong secrets get the same answer, and check runs for both.
func (s *Service) Service(ctx context.Context, name, remote string, check func(secret []byte) bool) (licensing.Actor, error) {
	name = foldEmail(name)
	if name == "" || len(name) > 254 || strings.ContainsFunc(name, unicode.IsControl) {
		return licensing.Actor{}, unauthenticated()
	}
	key := loginKey("service", name, remote)
	var now licensing.Moment
	account, failures, err := slowed(ctx, s, key, func(ctx context.Context, tx *usecase.Tx) (licensing.ServiceAccount, error) {
		now = tx.Now()
		a, err := tx.ServiceAccount(ctx, name)
		if errors.Is(err, licensing.ErrNone) {
			return a, nil
		}
		return a, err
	})
	if err != nil {
		return licensing.Actor{}, err
	}
	known := account.Membership.ID != "" && account.Membership.Active()
	secret, old := []byte("no account has this secret"), []byte("nor this one")
	if known {
		if secret, err = s.secrets.Open(account.Secret, SecretContext(account.Membership.ID)); err != nil {
			return licensing.Actor{}, err
		}
		if len(account.OldSecret) > 0 && now.Wall.Before(account.OldUntil) {
			if old, err = s.secrets.Open(account.OldSecret, SecretContext(account.Membership.ID)); err != nil {
				return licensing.Actor{}, err
			}
		}
	}
	// Both are checked always, so that the time tells neither which one was right nor whether there are two.
	isNew, isOld := check(secret), check(old)
	if !isNew && !isOld || !known {
		return licensing.Actor{}, s.failed(ctx, key, unauthenticated())
	}
	if failures > 0 {
		err = s.forget(ctx, key)
	}
	return licensing.Actor{Membership: account.Membership, Via: "soap", Remote: remote}, err
}

// UseNonce refuses a nonce that was used before; it is remembered until expires.
func (s *Service) UseNonce(ctx context.Context, nonce string, expires time.Time) error {
	fresh, _, err := usecase.Run(ctx, s.runner, licensing.Actor{}, "UseNonce", "", nonce,
		func(ctx context.Context, tx *usecase.Tx, nonce string) (bool, error) {
			return tx.UseNonce(ctx, nonce, expires)
		})
	if err == nil && !fresh {
		return &licensing.Error{
			Kind: licensing.Unauthenticated, Code: licensing.CodeUnauthenticated,
			Message: "This was received before, and works once. Make a new nonce, or a new Timestamp and signature, for each request.",
		}
	}
	return err
}
