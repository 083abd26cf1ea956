package sqlstore

import (
	"context"
	"fmt"
	"time"

	"kontor/internal/licensing"
)

func (t *tx) SetCalendarFeed(ctx context.Context, m licensing.MembershipID, hash string) error {
	if _, err := t.sql.ExecContext(ctx, "DELETE FROM calendar_feed WHERE membership_id = $1", string(m)); err != nil {
		return fmt.Errorf("calendar feed: %w", err)
	}
	if hash == "" {
		return nil
	}
	_, err := t.sql.ExecContext(ctx, "INSERT INTO calendar_feed (membership_id, secret_hash, made_at) VALUES ($1, $2, $3)", string(m), hash, t.now.Wall)
	if err != nil {
		return fmt.Errorf("calendar feed: %w", err)
	}
	return nil
}

func (t *tx) CalendarFeedOf(ctx context.Context, m licensing.MembershipID) (made time.Time, err error) {
	err = t.sql.QueryRowContext(ctx, "SELECT made_at FROM calendar_feed WHERE membership_id = $1", string(m)).Scan(&made)
	made, err = one(made, err)
	return utc(made), err
}

func (t *tx) CalendarFeedByHash(ctx context.Context, hash string) (m licensing.MembershipID, err error) {
	err = t.sql.QueryRowContext(ctx, "SELECT membership_id FROM calendar_feed WHERE secret_hash = $1", hash).Scan(&m)
	return one(m, err)
}
