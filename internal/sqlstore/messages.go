package sqlstore

import (
	"context"
	"time"

	"kontor/internal/licensing"
	"kontor/internal/sqlstore/db"
)

func (t *tx) InsertMessage(ctx context.Context, m licensing.Message) error {
	_, err := t.q.InsertMessage(ctx, db.InsertMessageParams{
		ID: string(m.ID), Connector: m.Connector, Kind: string(m.Kind), Key: m.Key, OrderID: pointer(string(m.Order)), StatementID: pointer(string(m.Statement)), Content: toJSON(m.Content),
		State: string(m.State), NextTry: micro(m.NextTry), CreatedAt: t.now.Wall,
	})
	return err
}

func (t *tx) Message(ctx context.Context, id licensing.MessageID) (licensing.Message, error) {
	row, err := one(t.q.MessageByID(ctx, string(id)))
	if err != nil {
		return licensing.Message{}, err
	}
	return message(row)
}

func (t *tx) MessagesOf(ctx context.Context, o licensing.OrderID) ([]licensing.Message, error) {
	return messages(t.q.MessagesOf(ctx, pointer(string(o))))
}

func (t *tx) MessagesOfStatement(ctx context.Context, s licensing.StatementID) ([]licensing.Message, error) {
	return messages(t.q.MessagesOfStatement(ctx, pointer(string(s))))
}

func messages(rows []db.Message, err error) ([]licensing.Message, error) {
	if err != nil {
		return nil, err
	}
	all := make([]licensing.Message, len(rows))
	for i, r := range rows {
		if all[i], err = message(r); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func message(r db.Message) (m licensing.Message, err error) {
	m = licensing.Message{
		ID: licensing.MessageID(r.ID), Connector: r.Connector, Kind: licensing.MessageKind(r.Kind), Key: r.Key, Order: licensing.OrderID(value(r.OrderID)),
		Statement: licensing.StatementID(value(r.StatementID)), State: licensing.MessageState(r.State), Attempts: int(r.Attempts), NextTry: utc(r.NextTry), LastError: r.LastError, Number: r.DocumentNumber,
		CreatedAt: utc(r.CreatedAt), UpdatedAt: utc(r.UpdatedAt),
	}
	m.Content, err = fromJSON[licensing.Content](r.Content)
	return m, err
}

func (t *tx) EarlierMessage(ctx context.Context, m licensing.Message) (licensing.Message, error) {
	row, err := one(t.q.EarlierMessage(ctx, db.EarlierMessageParams{OrderID: pointer(string(m.Order)), Connector: m.Connector, ID: string(m.ID)}))
	if err != nil {
		return licensing.Message{}, err
	}
	return message(row)
}

func (t *tx) ClaimMessage(ctx context.Context, id licensing.MessageID, lost time.Time) (licensing.Message, error) {
	n, err := t.q.ClaimMessage(ctx, db.ClaimMessageParams{ID: string(id), Lost: micro(lost), Now: t.now.Wall})
	if err != nil {
		return licensing.Message{}, err
	}
	if n == 0 {
		return licensing.Message{}, licensing.ErrNone
	}
	return t.Message(ctx, id)
}

func (t *tx) TryAgain(ctx context.Context, id licensing.MessageID) (bool, error) {
	n, err := t.q.TryAgain(ctx, db.TryAgainParams{ID: string(id), NextTry: t.now.Wall})
	return n == 1, err
}

func (t *tx) SettleMessage(ctx context.Context, m licensing.Message, said string) (bool, error) {
	n, err := t.q.SettleMessage(ctx, db.SettleMessageParams{ID: string(m.ID), State: string(m.State), Now: t.now.Wall, LastError: m.LastError, DocumentNumber: m.Number})
	if err != nil || n == 0 {
		return false, err
	}
	settled, err := t.Message(ctx, m.ID)
	if err != nil {
		return false, err
	}
	return true, t.q.InsertTry(ctx, db.InsertTryParams{
		MessageID: string(m.ID), Number: int64(settled.Attempts), At: t.now.Wall, State: string(m.State), Said: said,
	})
}

func (t *tx) FinishTry(ctx context.Context, m licensing.Message, took time.Duration, said string) error {
	n, err := t.q.FinishTry(ctx, db.FinishTryParams{
		ID: string(m.ID), Attempts: int64(m.Attempts), State: string(m.State), NextTry: micro(m.NextTry), LastError: m.LastError,
		DocumentNumber: m.Number, UpdatedAt: t.now.Wall,
	})
	if err != nil {
		return err
	}
	if n == 0 {
		return licensing.ErrNone
	}
	return t.q.InsertTry(ctx, db.InsertTryParams{
		MessageID: string(m.ID), Number: int64(m.Attempts), At: t.now.Wall, TookMs: took.Milliseconds(), State: string(m.State), Said: said,
	})
}

func (t *tx) OverdueMessages(ctx context.Context, before time.Time, limit int) ([]licensing.MessageID, error) {
	rows, err := t.q.OverdueMessages(ctx, db.OverdueMessagesParams{NextTry: micro(before), Limit: int32(limit)}) //nolint:gosec // small
	all := make([]licensing.MessageID, len(rows))
	for i, r := range rows {
		all[i] = licensing.MessageID(r)
	}
	return all, err
}

func (t *tx) WaitingMessages(ctx context.Context, s licensing.Sight, limit int) ([]licensing.WaitingMessage, error) {
	rows, err := t.q.WaitingMessages(ctx, db.WaitingMessagesParams{Own: string(s.Group), Below: s.Below, Most: int32(limit)}) //nolint:gosec // small
	if err != nil {
		return nil, err
	}
	all := make([]licensing.WaitingMessage, len(rows))
	for i, r := range rows {
		m, err := message(db.Message{
			ID: r.ID, Connector: r.Connector, Kind: r.Kind, Key: r.Key, OrderID: r.OrderID, StatementID: r.StatementID, Content: r.Content, State: r.State,
			Attempts: r.Attempts, NextTry: r.NextTry, LastError: r.LastError, DocumentNumber: r.DocumentNumber, CreatedAt: r.CreatedAt, UpdatedAt: r.UpdatedAt,
		})
		if err != nil {
			return nil, err
		}
		all[i] = licensing.WaitingMessage{Message: m, Customer: m.Content.Customer.Name}
		if r.Seq == nil { // it is about a statement
			continue
		}
		day, err := parseDay(value(r.CreatedDay))
		if err != nil {
			return nil, err
		}
		all[i].OrderNumber = licensing.OrderNumber(day, *r.Seq)
	}
	return all, nil
}
