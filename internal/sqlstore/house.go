package sqlstore

import (
	"context"
	"errors"

	"kontor/internal/licensing"
	"kontor/internal/sqlstore/db"
)

func (t *tx) ClaimRequest(ctx context.Context, account licensing.MembershipID, id string, fingerprint []byte) (bool, licensing.StoredRequest, error) {
	// Where another transaction holds the same id, PostgreSQL waits here until it has ended; on SQLite the begin did.
	n, err := t.q.ClaimRequest(ctx, db.ClaimRequestParams{Account: string(account), ID: id, Fingerprint: fingerprint, CreatedAt: t.now.Wall})
	if err != nil || n == 1 {
		return n == 1, licensing.StoredRequest{}, err
	}
	row, err := one(t.q.RequestByID(ctx, db.RequestByIDParams{Account: string(account), ID: id}))
	return false, licensing.StoredRequest{Fingerprint: row.Fingerprint, Answer: row.Answer}, err
}

func (t *tx) StoreAnswer(ctx context.Context, account licensing.MembershipID, id string, sealed []byte) error {
	return t.q.StoreAnswer(ctx, db.StoreAnswerParams{Account: string(account), ID: id, Answer: sealed})
}

func (t *tx) Setting(ctx context.Context, name string) (string, error) {
	v, err := one(t.q.Setting(ctx, name))
	if errors.Is(err, licensing.ErrNone) {
		return "", nil
	}
	return v, err
}

func (t *tx) SetSetting(ctx context.Context, name, value string) error {
	if err := t.q.SetSetting(ctx, db.SetSettingParams{Name: name, Value: value}); err != nil {
		return err
	}
	if name == settingOffset || name == settingZone { // other grants have ended
		return t.bumpPolicy(ctx, licensing.Any)
	}
	return nil
}

func (t *tx) Empty(ctx context.Context) (bool, error) {
	n, err := t.q.CountGroups(ctx)
	return n == 0, err
}
