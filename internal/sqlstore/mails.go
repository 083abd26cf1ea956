package sqlstore

import (
	"context"
	"time"

	"kontor/internal/licensing"
	"kontor/internal/sqlstore/db"
)

func (t *tx) InsertMail(ctx context.Context, m licensing.MailMessage) error {
	return t.q.InsertMail(ctx, db.InsertMailParams{
		ID: string(m.ID), Recipient: m.Recipient, Subject: m.Subject, Content: m.Text, NextTry: microPointer(m.NextTry), CreatedAt: t.now.Wall,
	})
}

func (t *tx) Mail(ctx context.Context, id licensing.MailID) (licensing.MailMessage, error) {
	row, err := one(t.q.MailByID(ctx, string(id)))
	return mailMessage(row), err
}

func (t *tx) ClaimMail(ctx context.Context, id licensing.MailID, lost time.Time) (licensing.MailMessage, error) {
	row, err := one(t.q.ClaimMail(ctx, db.ClaimMailParams{ID: string(id), Lost: microPointer(&lost), Now: t.now.Wall}))
	return mailMessage(row), err
}

func (t *tx) FinishMail(ctx context.Context, m licensing.MailMessage) error {
	n, err := t.q.FinishMail(ctx, db.FinishMailParams{
		ID: string(m.ID), Tries: int64(m.Tries), State: string(m.State), LastError: m.LastError, NextTry: microPointer(m.NextTry), UpdatedAt: t.now.Wall,
	})
	if err == nil && n == 0 {
		return licensing.ErrNone
	}
	return err
}

func (t *tx) OverdueMails(ctx context.Context, before time.Time, limit int) ([]licensing.MailID, error) {
	rows, err := t.q.OverdueMails(ctx, db.OverdueMailsParams{NextTry: microPointer(&before), Limit: int32(limit)}) //nolint:gosec // small
	ids := make([]licensing.MailID, len(rows))
	for i, r := range rows {
		ids[i] = licensing.MailID(r)
	}
	return ids, err
}

func mailMessage(r db.MailMessage) licensing.MailMessage {
	return licensing.MailMessage{
		ID: licensing.MailID(r.ID), Recipient: r.Recipient, Subject: r.Subject, Text: r.Content, State: licensing.MailState(r.State), Tries: int(r.Tries),
		LastError: r.LastError, NextTry: utcPointer(r.NextTry), CreatedAt: utc(r.CreatedAt), UpdatedAt: utc(r.UpdatedAt),
	}
}
