package connecting

import (
	"context"
	"fmt"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

// Settle subscribes to DocumentReported: the report takes the place of an answer to the oldest message to that system which was
// not accepted, so that it is not sent any more; without one it stands for itself. Of a system that is configured here, only
// the house's own accounts may report: for others it would be a way to keep messages from it.
func (s *Service) Settle(ctx context.Context, tx *usecase.Tx, e licensing.DocumentReported) error {
	if _, ours := s.connectors[e.Report.Connector]; ours {
		root, err := tx.RootGroup(ctx)
		if err != nil {
			return err
		}
		if tx.Actor.Group != root.ID {
			return licensing.DeniedError("connector", "You may not report for the system %q.", e.Report.Connector)
		}
	}
	all, err := tx.MessagesOf(ctx, e.Order.ID)
	if err != nil || e.Report.Known(all) {
		return err
	}
	m, waits := e.Report.Settles(all)
	if !waits {
		m = licensing.Message{
			ID: licensing.MessageID(licensing.NewID()), Connector: e.Report.Connector, Kind: licensing.TellDocumentReported, Order: e.Order.ID,
			State: licensing.MessageWaiting, NextTry: tx.Now().Wall, Content: content(e.Order, nil),
		}
		m.Key = fmt.Sprintf("%s:%s", m.Kind, m.ID)
		if err := tx.InsertMessage(ctx, m); err != nil {
			return err
		}
	}
	m.State, m.Number, m.LastError = e.Report.State, e.Report.Number, e.Report.Message
	settled, err := tx.SettleMessage(ctx, m, e.Report.Message)
	if err == nil && !settled { // it was answered at this moment
		err = licensing.ErrRace
	}
	return err
}
