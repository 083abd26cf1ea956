package ordering

import (
	"context"
	"slices"
	"time"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

// ReportDocument asks to note what another system did with an order.
type ReportDocument struct {
	OrderNumber string `json:"orderNumber"`
	licensing.DocumentReport
	// About is the message that whoever filled in a form saw waiting for an answer; empty: the oldest that does. When it was
	// answered meanwhile, nothing is noted.
	About licensing.MessageID `json:"about,omitempty"`
}

// Reported is what came of it.
type Reported struct {
	Order licensing.Order   `json:"order"` // with the document
	Owner licensing.GroupID `json:"owner"`
	At    time.Time         `json:"at"` // by the business clock: states are as of then, also when it is answered again
}

// OwnedBy implements usecase.Sighted.
func (r Reported) OwnedBy() licensing.GroupID { return r.Owner }

// OwnersNow implements usecase.Followed.
func (r Reported) OwnersNow(ctx context.Context, tx *usecase.Tx) ([]licensing.GroupID, error) {
	return tx.OwnersOf(ctx, r.Order.Licenses...)
}

// ReportDocument notes that another system, which cannot be called or was told in another way, has accepted or rejected an
// order within the actor's sight. It needs no grant; see connecting.Service.Settle for who may report of which system.
func (s *Service) ReportDocument(ctx context.Context, actor licensing.Actor, requestID string, in ReportDocument) (Reported, bool, error) {
	if err := needRequestID(requestID); err != nil {
		return Reported{}, false, err
	}
	var err error
	if in.DocumentReport, err = in.Check(); err != nil {
		return Reported{}, false, err
	}
	return usecase.Run(ctx, s.runner, actor, "ReportDocument", requestID, in, s.reportDocument)
}

// Reports returns what was reported of an order within sight, by systems and by hand, newest first. Why a system refused it
// is for the ISV's own people.
func (s *Service) Reports(ctx context.Context, actor licensing.Actor, number string) ([]licensing.HistoryEntry, error) {
	return usecase.Read(ctx, s.runner, actor, func(ctx context.Context, tx *usecase.Tx) ([]licensing.HistoryEntry, error) {
		o, err := s.orderInSight(ctx, tx, number)
		if err != nil {
			return nil, err
		}
		all, err := tx.History(ctx, string(o.ID))
		all = slices.DeleteFunc(all, func(e licensing.HistoryEntry) bool { return e.Action != "document.reported" })
		for i, e := range all {
			if !tx.Actor.GroupIsISV {
				all[i].Detail = without(e.Detail, func(name string) bool { return name == "reason" })
			}
		}
		return all, err
	})
}

func (s *Service) reportDocument(ctx context.Context, tx *usecase.Tx, in ReportDocument) (Reported, error) {
	o, err := s.orderInSight(ctx, tx, in.OrderNumber)
	if err != nil {
		return Reported{}, err
	}
	if err := tx.MayChange(o.Test, "orderNumber"); err != nil {
		return Reported{}, err
	}
	all, err := tx.MessagesOf(ctx, o.ID)
	if err != nil {
		return Reported{}, err
	}
	if err := tx.Emit(ctx, licensing.DocumentReported{Order: o, Report: in.DocumentReport, About: in.About}); err != nil {
		return Reported{}, err
	}
	if in.Known(all, in.About) { // whoever may report says what stands there: that is no news for the history
		return Reported{Order: o, Owner: o.Group, At: tx.Now().Business}, nil
	}
	detail := []licensing.Value{
		{Name: "connector", Value: in.Connector}, {Name: "state", Value: string(in.State)}, {Name: "number", Value: in.Number}, {Name: "reason", Value: in.Message},
	}
	if in.About != "" {
		detail = append(detail, licensing.Value{Name: "message", Value: string(in.About)})
	}
	err = tx.Audit(ctx, "document.reported", string(o.ID), string(o.ID), detail...)
	if err != nil {
		return Reported{}, err
	}
	o, err = s.orderInSight(ctx, tx, in.OrderNumber)
	return Reported{Order: o, Owner: o.Group, At: tx.Now().Business}, err
}
