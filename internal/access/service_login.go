package access

import (
	"context"
	"errors"
	"time"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

// SecretContext binds a service account's sealed secret to the account.
func SecretContext(m licensing.MembershipID) []byte { return []byte("service-secret\x00" + string(m)) }

// LoginRemembered is how long it is remembered that a service account came in from an address: from there nobody locks it out,
// and its refused logins are its own.
const LoginRemembered = 7 * 24 * time.Hour

const (
	// freeFromAddress is how many wrong logins from one address, over all names, nothing is slowed for.
	freeFromAddress = 50
	// rememberAgain is how old a right login is that is noted anew: not each of a busy caller's is written down.
	rememberAgain = time.Hour
	// freeWhereKnown is how many wrong logins in a row nothing is slowed for where the account came in from lately.
	freeWhereKnown = 100
)

// knock is somebody who says that he is a service account, before his secret was looked at.
type knock struct {
	account   licensing.ServiceAccount // empty when there is none of that name
	admission admission
	failures  int // under key, in a row
	remember  bool
	braked    error // what a wrong secret is told instead of being counted; nil: it is counted
	now       licensing.Moment
	key, from string // what failures are counted by: name and address, and the address alone
}

// Service authenticates a service account. check gets the account's secret in the clear and compares it, in constant
// time, with what the caller sent; it is called for the secret before, too, which works until its overlap ends. Unknown
// accounts and wrong secrets get the same answer, and check runs for both: code unauthenticated. So have
// a login after too many wrong ones, and a right secret from an address from which the account may not be used. Denied when the
// account is held to a group that lies elsewhere now.
//
// Wrong secrets are counted by name and address, so that nobody locks an account out from elsewhere, and by address alone,
// so that nobody tries many names. An address from which the account came in lately is not slowed for that account: who
// shares it does not lock the account out either. Secrets are too long to be guessed meanwhile. After many wrong ones in a row
// from there, further wrong ones are told to wait, and cost no write; the right one comes in all the same, since whatever kept
// it out would be in the hands of who knows the name alone.
func (s *Service) Service(ctx context.Context, name, remote string, check func(secret []byte) bool) (licensing.Actor, error) {
	name = foldEmail(name)
	if !isLoginName(name) {
		return licensing.Actor{}, unauthenticated()
	}
	k, err := s.knockOf(ctx, name, remote)
	if err != nil {
		return licensing.Actor{}, err
	}
	account := k.account
	known := account.Membership.ID != "" && account.Membership.Active()
	secret, old := []byte("no account has this secret"), []byte("nor this one")
	if known {
		if secret, err = s.secrets.Open(account.Secret, SecretContext(account.Membership.ID)); err != nil {
			return licensing.Actor{}, err
		}
		if len(account.OldSecret) > 0 && k.now.Wall.Before(account.OldUntil) {
			if old, err = s.secrets.Open(account.OldSecret, SecretContext(account.Membership.ID)); err != nil {
				return licensing.Actor{}, err
			}
		}
	}
	// Both are checked always, so that the time tells neither which one was right nor whether there are two.
	isNew, isOld := check(secret), check(old)
	if !isNew && !isOld || !known {
		if k.braked != nil {
			return licensing.Actor{}, k.braked
		}
		return licensing.Actor{}, s.failed(ctx, unauthenticated(), k.key, k.from)
	}
	if err := s.succeeded(ctx, k); err != nil {
		return licensing.Actor{}, err
	}
	return k.admission.admit(account.Membership, remote)
}

// remembered reports whether a right login is remembered still.
func remembered(success time.Time, now licensing.Moment) bool {
	return now.Wall.Before(success.Add(LoginRemembered))
}

// knockOf loads who is there, unless he has to wait. Unknown names wait as others do.
func (s *Service) knockOf(ctx context.Context, name, remote string) (knock, error) {
	return usecase.Read(ctx, s.runner, licensing.Actor{}, func(ctx context.Context, tx *usecase.Tx) (none knock, err error) {
		k := knock{now: tx.Now(), key: loginKey("service", name, remote), from: loginKey("service", "", remote)}
		success, err := tx.LoginSuccess(ctx, k.key)
		if err != nil {
			return none, err
		}
		lately := remembered(success, k.now)
		k.remember = !k.now.Wall.Before(success.Add(rememberAgain))
		var last time.Time
		if k.failures, last, err = tx.LoginFailures(ctx, k.key); err != nil {
			return none, err
		}
		until, counted := last.Add(waitAfter(k.failures)), last
		fromThere, last, err := tx.LoginFailures(ctx, k.from)
		if err != nil {
			return none, err
		}
		if other := last.Add(waitAfter(fromThere - freeFromAddress + freeFailures)); other.After(until) {
			until = other
		}
		if lately {
			until = counted.Add(waitAfter(k.failures - freeWhereKnown + freeFailures))
		}
		if k.now.Wall.Before(until) {
			k.braked = tooMany(until, k.now)
		}
		if k.braked != nil && !lately {
			return none, k.braked
		}
		k.account, err = tx.ServiceAccount(ctx, name)
		if errors.Is(err, licensing.ErrNone) {
			return k, nil
		}
		if err != nil {
			return none, err
		}
		k.admission, err = admissionOf(ctx, tx, k.account.Membership)
		return k, err
	})
}

// succeeded begins the count for name and address anew, and remembers where the account came from. What is counted by the
// address alone stays: one account that is right says nothing of the other names that are tried from there.
func (s *Service) succeeded(ctx context.Context, k knock) error {
	if k.failures == 0 && !k.remember {
		return nil
	}
	_, _, err := usecase.Run(ctx, s.runner, licensing.Actor{}, "ServiceLogin", "", k.key,
		func(ctx context.Context, tx *usecase.Tx, key string) (struct{}, error) {
			if err := tx.ForgetLoginFailures(ctx, key); err != nil || !k.remember {
				return struct{}{}, err
			}
			return struct{}{}, tx.NoteLoginSuccess(ctx, key, LoginRemembered)
		})
	return err
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

// admission is what decides, of an account that proved to be itself, how far it comes in.
type admission struct {
	licensing.Allowance
	group   *licensing.Group // that it is held to; nil: none, or it lies below the account's own no more
	sandbox licensing.Sandbox
	now     time.Time // wall clock
}

func admissionOf(ctx context.Context, tx *usecase.Tx, m licensing.Membership) (a admission, err error) {
	a.now = tx.Now().Wall
	if a.Allowance, a.sandbox, err = tx.HeldTo(ctx, m.ID); err != nil || a.Group == "" {
		return a, err
	}
	g, err := tx.GroupByCode(ctx, a.Group)
	if err == nil {
		var below bool
		if below, err = tx.InSight(ctx, m.Group, true, g.ID); below {
			a.group = &g
		}
	}
	if errors.Is(err, licensing.ErrNone) {
		err = nil
	}
	return a, err
}

// admit makes the actor of an account. It is asked only when the account proved to be itself: to a stranger an address that
// is not allowed looks like any other.
func (a admission) admit(m licensing.Membership, remote string) (licensing.Actor, error) {
	actor := licensing.Actor{Membership: m, Via: "soap", Remote: remote}.WithSandbox(a.sandbox, a.now)
	if a.IsNothing() {
		return actor, nil
	}
	if !a.AllowsAddress(remote) {
		from := remote
		if from == "" {
			from = "an address that is not known here"
		}
		const format = "The credentials are right, but the service account may not be used from %s. An admin of its group can allow that address on the account's page."
		return licensing.Actor{}, licensing.ErrorOf(licensing.Unauthenticated, licensing.CodeUnauthenticated, format, from)
	}
	return a.hold(actor)
}

// hold is the actor within what the account is held to.
func (a admission) hold(actor licensing.Actor) (licensing.Actor, error) {
	if a.IsNothing() {
		return actor, nil
	}
	if a.Group != "" {
		if a.group == nil {
			return licensing.Actor{}, licensing.DeniedError("", "The group that the service account is held to lies no longer below its own. An admin of its group can change that on the account's page.")
		}
		actor = actor.Within(*a.group)
	}
	actor.Allowance = &a.Allowance
	return actor, nil
}
