package portal_test

import (
	"context"
	"slices"

	"kontor/internal/licensing"
	"kontor/internal/ordering"
)

// MayReport implements portal.Connecting.
func (w *world) MayReport(a licensing.Actor, connector string) bool {
	return connector != "erp" || a.GroupIsISV
}

// ReportDocument implements portal.Ordering.
func (w *world) ReportDocument(_ context.Context, a licensing.Actor, requestID string, in ordering.ReportDocument) (ordering.Reported, bool, error) {
	report, err := in.Check()
	if err != nil {
		return ordering.Reported{}, false, err
	}
	if !w.MayReport(a, in.Connector) {
		return ordering.Reported{}, false, licensing.DeniedError("connector", "You may not report for the system %q.", in.Connector)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	i := slices.IndexFunc(w.orders, func(o licensing.Order) bool { return o.Number == in.OrderNumber && sees(a, o.Group) })
	if _, done := w.requests[requestID]; done {
		return ordering.Reported{Order: w.orders[i]}, true, nil
	}
	for n, d := range w.orders[i].Documents {
		if d.ID != in.About || !d.Open() {
			continue
		}
		d.State, d.Number, d.LastError, d.Attempts = report.State, report.Number, report.Message, d.Attempts+1
		w.orders[i].Documents[n] = d
		w.requests[requestID] = created{}
		if w.reports == nil {
			w.reports = map[string][]licensing.HistoryEntry{}
		}
		w.reports[in.OrderNumber] = append(w.reports[in.OrderNumber], licensing.HistoryEntry{
			At: w.now.Business, By: a.UserName, Action: "document.reported",
			Detail: []licensing.Value{
				{Name: "connector", Value: in.Connector}, {Name: "state", Value: string(report.State)}, {Name: "number", Value: report.Number},
				{Name: "reason", Value: report.Message}, {Name: "message", Value: string(in.About)},
			},
		})
		return ordering.Reported{Order: w.orders[i]}, false, nil
	}
	return ordering.Reported{}, false, licensing.ConflictError("Order %s waits for that answer no more. Nothing of yours has been noted.", in.OrderNumber)
}

// Reports implements portal.Ordering.
func (w *world) Reports(_ context.Context, _ licensing.Actor, number string) ([]licensing.HistoryEntry, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.reports[number]), nil
}
