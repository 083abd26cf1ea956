package connecting

import (
	"context"
	"fmt"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

// MayReport reports whether somebody may report what a system did with an order within his sight. Of a system that is configured
// here, only the house's own may: for others it would be a way to keep messages from it.
func (s *Service) MayReport(actor licensing.Actor, connector string) bool {
	_, ours := s.connectors[connector]
	return !ours || actor.GroupIsISV
}

// Settle subscribes to DocumentReported: the report takes the place of an answer to the message that it is about, so that it is
// not sent any more; without one it stands for itself. A report about one named message settles that one or nothing.
func (s *Service) Settle(ctx context.Context, tx *usecase.Tx, e licensing.DocumentReported) error {
	if !s.MayReport(tx.Actor, e.Report.Connector) {
		return licensing.DeniedError("connector", "You may not report for the system %q.", e.Report.Connector)
	}
	all, err := tx.MessagesOf(ctx, e.Order.ID)
	if err != nil || e.Report.Known(all, e.About) {
		return err
	}
	m, waits := e.Report.Settles(all, e.About)
	switch {
	case waits:
	case e.About != "":
		return licensing.ConflictError("Order %s waits for that answer no more. Nothing of yours has been noted.", e.Order.Number)
	case e.Report.Contradicts(all):
		return licensing.ConflictError("%s has accepted order %s under %s already, and what was accepted is not rejected any more.", e.Report.Connector, e.Order.Number, e.Report.Number)
	default:
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
