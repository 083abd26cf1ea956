package access

import (
	"context"
	"errors"
	"net/mail"
	"strings"
	"time"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

const (
	// freeFailures is how many wrong logins in a row nothing is slowed for.
	freeFailures = 5
	// longestWait is the longest time that one has to wait after wrong logins.
	longestWait = 15 * time.Minute
	// maxPassword bounds what is hashed, in bytes.
	maxPassword = licensing.MaxPassword
)

// waitAfter is the time to wait after n wrong logins in a row: none up to five, then 1, 2, 4 … seconds.
func waitAfter(n int) time.Duration {
	if n < freeFailures {
		return 0
	}
	if n > freeFailures+10 {
		return longestWait
	}
	return min(time.Second<<(n-freeFailures), longestWait)
}

// loginKey counts failures per name and peer, so that nobody can lock another one out from elsewhere; known and
// unknown names are counted alike.
func loginKey(kind, name, remote string) string { return kind + "\x1f" + name + "\x1f" + remote }

// foldEmail is how an address is kept and compared.
func foldEmail(email string) string { return strings.ToLower(strings.TrimSpace(email)) }

// LogIn checks a person's password. The error is the same for unknown users and wrong passwords. After five wrong
// ones in a row from one peer it makes the next wait, right or wrong.
func (s *Service) LogIn(ctx context.Context, email, password, remote string) (licensing.User, []licensing.Membership, error) {
	email = foldEmail(email)
	if _, err := mail.ParseAddress(email); err != nil || len(email) > 254 || len(password) > maxPassword {
		return licensing.User{}, nil, unauthenticated()
	}
	key := loginKey("password", email, remote)
	// The turn is held from counting the failures to noting another one, so that logins sent at once are slowed too.
	done, err := s.hashes.turn(ctx)
	if err != nil {
		return licensing.User{}, nil, err
	}
	defer done()
	user, failures, err := slowed(ctx, s, key, func(ctx context.Context, tx *usecase.Tx) (licensing.User, error) {
		u, err := tx.UserByEmail(ctx, email)
		if errors.Is(err, licensing.ErrNone) {
			return u, nil // its hash is empty and matches nothing, in the same time
		}
		return u, err
	})
	if err != nil {
		return licensing.User{}, nil, err
	}
	ok, err := s.hashes.matches(password, user.PasswordHash)
	if err != nil {
		return licensing.User{}, nil, err
	}
	if !ok {
		return licensing.User{}, nil, s.failed(ctx, unauthenticated(), key)
	}
	if failures > 0 {
		if err := s.forget(ctx, key); err != nil {
			return licensing.User{}, nil, err
		}
	}
	memberships, err := s.Memberships(ctx, user.ID)
	if err == nil && len(memberships) == 0 {
		err = unauthenticated()
	}
	if err != nil {
		return licensing.User{}, nil, err
	}
	return user, memberships, nil
}

// slowed loads who wants to log in, unless too many failures under key make him wait.
// It also returns how many failures there were.
func slowed[T any](ctx context.Context, s *Service, key string, load func(context.Context, *usecase.Tx) (T, error)) (who T, failures int, err error) {
	who, err = usecase.Read(ctx, s.runner, licensing.Actor{}, func(ctx context.Context, tx *usecase.Tx) (none T, err error) {
		n, last, err := tx.LoginFailures(ctx, key)
		if err != nil {
			return none, err
		}
		failures = n
		if until := last.Add(waitAfter(n)); tx.Now().Wall.Before(until) {
			return none, tooMany(until, tx.Now())
		}
		return load(ctx, tx)
	})
	return who, failures, err
}

// forget begins the count anew after a right login.
func (s *Service) forget(ctx context.Context, key string) error {
	_, _, err := usecase.Run(ctx, s.runner, licensing.Actor{}, "LogIn", "", key,
		func(ctx context.Context, tx *usecase.Tx, key string) (struct{}, error) {
			return struct{}{}, tx.ForgetLoginFailures(ctx, key)
		})
	return err
}

// tooMany tells until when to wait: a person by the clock of the ISV, with its distance from UTC, a program by the seconds. It is
// said for unknown names as well.
func tooMany(until time.Time, now licensing.Moment) error {
	seconds := (until.Sub(now.Wall) + time.Second - 1) / time.Second
	e := licensing.ErrorOf(licensing.Unauthenticated, licensing.CodeUnauthenticated, "Too many wrong logins. Try again in %d s, at %s.",
		int(seconds), now.Wall.Add(seconds*time.Second).In(now.Zone).Format("15:04:05 (UTC-07:00)"))
	e.After = seconds * time.Second
	return e
}

// failed counts a wrong login under some keys and returns the refusal.
func (s *Service) failed(ctx context.Context, refusal error, keys ...string) error {
	_, _, err := usecase.Run(ctx, s.runner, licensing.Actor{}, "FailedLogin", "", keys,
		func(ctx context.Context, tx *usecase.Tx, keys []string) (struct{}, error) {
			for _, key := range keys {
				if err := tx.NoteLoginFailure(ctx, key); err != nil {
					return struct{}{}, err
				}
			}
			return struct{}{}, nil
		})
	if err != nil {
		return err
	}
	return refusal
}
