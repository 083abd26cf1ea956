package ordering

import (
	"context"
	"time"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

// ReportDocument asks to note what another system did with an order.
type ReportDocument struct {
	OrderNumber string `json:"orderNumber"`
	licensing.DocumentReport
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

func (s *Service) reportDocument(ctx context.Context, tx *usecase.Tx, in ReportDocument) (Reported, error) {
	o, err := s.orderInSight(ctx, tx, in.OrderNumber)
	if err != nil {
		return Reported{}, err
	}
	if err := tx.Emit(ctx, licensing.DocumentReported{Order: o, Report: in.DocumentReport}); err != nil {
		return Reported{}, err
	}
	err = tx.Audit(ctx, "document.reported", string(o.ID), string(o.ID),
		licensing.Value{Name: "connector", Value: in.Connector}, licensing.Value{Name: "state", Value: string(in.State)},
		licensing.Value{Name: "number", Value: in.Number}, licensing.Value{Name: "reason", Value: in.Message})
	if err != nil {
		return Reported{}, err
	}
	o, err = s.orderInSight(ctx, tx, in.OrderNumber)
	return Reported{Order: o, Owner: o.Group, At: tx.Now().Business}, err
}
