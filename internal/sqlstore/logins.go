package sqlstore

import (
	"context"
	"errors"
	"time"

	"kontor/internal/licensing"
	"kontor/internal/sqlstore/db"
)

func (t *tx) LoginFailures(ctx context.Context, key string) (int, time.Time, error) {
	row, err := one(t.q.LoginFailures(ctx, key))
	if err == licensing.ErrNone { //nolint:errorlint // one returns it as it is
		return 0, time.Time{}, nil
	}
	return int(row.Failures), utc(row.LastAt), err
}

// keepFailures is how long a wrong login counts: longer than it can slow the next one.
const keepFailures = 24 * time.Hour

func (t *tx) NoteLoginFailure(ctx context.Context, key string) error {
	if err := t.q.DeleteLoginFailures(ctx, t.now.Wall.Add(-keepFailures)); err != nil {
		return err
	}
	return t.q.NoteLoginFailure(ctx, db.NoteLoginFailureParams{Key: key, LastAt: t.now.Wall})
}

func (t *tx) ForgetLoginFailures(ctx context.Context, key string) error {
	return t.q.ForgetLoginFailures(ctx, key)
}

func (t *tx) LoginSuccess(ctx context.Context, key string) (time.Time, error) {
	at, err := one(t.q.LoginSuccess(ctx, key))
	if errors.Is(err, licensing.ErrNone) {
		return time.Time{}, nil
	}
	return utc(at), err
}

func (t *tx) NoteLoginSuccess(ctx context.Context, key string, keep time.Duration) error {
	if err := t.q.DeleteLoginSuccesses(ctx, t.now.Wall.Add(-keep)); err != nil {
		return err
	}
	return t.q.NoteLoginSuccess(ctx, db.NoteLoginSuccessParams{Key: key, LastAt: t.now.Wall})
}

func (t *tx) UseNonce(ctx context.Context, nonce string, expires time.Time) (bool, error) {
	if err := t.q.DeleteNonces(ctx, t.now.Wall); err != nil { // those that are too old to be accepted anyway
		return false, err
	}
	n, err := t.q.InsertNonce(ctx, db.InsertNonceParams{Nonce: nonce, ExpiresAt: micro(expires)})
	return n == 1, err
}
