package sqlstore

import (
	"context"

	"kontor/internal/licensing"
	"kontor/internal/sqlstore/db"
)

func (t *tx) InsertChange(ctx context.Context, c licensing.FeedEntry) error {
	return t.q.InsertChange(ctx, db.InsertChangeParams{
		Mark: c.Mark, At: t.now.Business, Kind: string(c.Kind), GroupID: string(c.Group), FromGroupID: string(c.FromGroup),
		OrderNumber: c.OrderNumber, Ticket: c.Ticket, Test: c.Test,
	})
}

func (t *tx) NumberChanges(ctx context.Context, limit int) (int, error) {
	if err := t.q.LockChangeHead(ctx); err != nil {
		return 0, err
	}
	n, err := t.q.NumberChanges(ctx, int32(limit)) //nolint:gosec // small
	if err != nil || n == 0 {
		return 0, err
	}
	return int(n), t.q.MoveChangeHead(ctx, n)
}

func (t *tx) ChangesWait(ctx context.Context) (bool, error) {
	n, err := t.q.ChangesWait(ctx)
	return n > 0, err
}

func (t *tx) ChangesAfter(ctx context.Context, s licensing.Sight, after int64, limit int) ([]licensing.FeedEntry, error) {
	rows, err := t.q.ChangesAfter(ctx, db.ChangesAfterParams{Own: string(s.Group), Below: s.Below, After: &after, Most: int32(limit)}) //nolint:gosec // small
	if err != nil {
		return nil, err
	}
	all := make([]licensing.FeedEntry, len(rows))
	for i, r := range rows {
		all[i] = licensing.FeedEntry{
			Number: value(r.Number), Mark: r.Mark, At: utc(r.At), Kind: licensing.MessageKind(r.Kind), OrderNumber: r.OrderNumber, Ticket: r.Ticket,
			Test: r.Test,
		}
	}
	return all, nil
}

func (t *tx) ChangeHead(ctx context.Context) (number int64, mark string, err error) {
	if number, err = t.q.ChangeHead(ctx); err != nil || number == 0 {
		return 0, "", err
	}
	mark, err = t.ChangeMark(ctx, number)
	return number, mark, err
}

func (t *tx) ChangeMark(ctx context.Context, number int64) (string, error) {
	return one(t.q.ChangeMark(ctx, &number))
}
