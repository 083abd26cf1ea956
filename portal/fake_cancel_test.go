package portal_test

import (
	"context"

	"kontor/internal/licensing"
	"kontor/internal/subscriptions"
)

// seenLicense is a license within somebody's sight.
func (w *world) seenLicense(a licensing.Actor, id licensing.LicenseID) (licensing.License, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	l := w.find(a, func(l licensing.License) bool { return l.ID == id })
	if l == nil {
		return licensing.License{}, false
	}
	return *l, true
}

// PreviewCancelMany implements portal.Subscriptions.
func (w *world) PreviewCancelMany(ctx context.Context, a licensing.Actor, ids []licensing.LicenseID) (all []subscriptions.PreviewedOne, err error) {
	for _, id := range ids {
		l, ok := w.seenLicense(a, id)
		if !ok {
			continue
		}
		one := subscriptions.PreviewedOne{License: l}
		one.Preview, err = w.PreviewCancel(ctx, a, id)
		one.Refused = licensing.AsError(err)
		all = append(all, one)
	}
	if len(all) == 0 {
		return nil, licensing.NotFoundError("licenses", "There is no such license within your sight.")
	}
	return all, nil
}

// CancelMany implements portal.Subscriptions.
func (w *world) CancelMany(ctx context.Context, a licensing.Actor, requestID string, in subscriptions.CancelMany) (all []subscriptions.CancelledOne, err error) {
	late := map[licensing.LicenseID]bool{}
	for _, id := range in.Late {
		late[id] = true
	}
	for _, id := range in.Licenses {
		one := subscriptions.CancelledOne{ID: id}
		l, ok := w.seenLicense(a, id)
		if ok {
			one.License = l
			one.Done, _, err = w.Cancel(ctx, a, requestID+"/"+string(id), subscriptions.Cancel{Ticket: l.Ticket, Reason: in.Reason, RefuseIfLate: !late[id]})
			if e := licensing.AsError(err); e != nil && e.Field == "reason" {
				return nil, err
			}
			one.Refused = licensing.AsError(err)
			if receipts, _ := w.Receipts(ctx, a, id); err == nil {
				one.Done.Receipt = receipts[0]
			}
		} else {
			one.Refused = licensing.NotFoundError("ticket", "There is no such license within your sight.")
		}
		all = append(all, one)
	}
	return all, nil
}
