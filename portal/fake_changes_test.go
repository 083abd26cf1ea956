package portal_test

import (
	"context"

	"kontor/internal/licensing"
	"kontor/internal/ordering"
)

// changeable finds a license by its id or ticket, for somebody who holds an action.
func (w *world) changeable(a licensing.Actor, action licensing.Action, is func(licensing.License) bool) (*licensing.License, error) {
	l := w.find(a, is)
	if l == nil {
		return nil, licensing.NotFoundError("license", "There is no such license within your sight.")
	}
	if !w.may(a, action) {
		return nil, licensing.DeniedError("ticket", "You may not %s in %s. Nothing has been changed.", action, l.CategoryName)
	}
	return l, nil
}

func withID(id licensing.LicenseID) func(licensing.License) bool {
	return func(l licensing.License) bool { return l.ID == id }
}

func withTicket(ticket string) func(licensing.License) bool {
	return func(l licensing.License) bool { return l.Ticket == ticket }
}

// Actions implements portal.Ordering.
func (w *world) Actions(_ context.Context, a licensing.Actor, id licensing.LicenseID) ([]ordering.LicenseAction, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	l := w.find(a, withID(id))
	if l == nil {
		return nil, licensing.NotFoundError("license", "There is no such license within your sight.")
	}
	var all []ordering.LicenseAction
	add := func(name string, needs ...licensing.Action) {
		action := ordering.LicenseAction{Name: name}
		for _, n := range needs {
			if !w.may(a, n) {
				action.Missing = append(action.Missing, n)
			}
		}
		all = append(all, action)
	}
	if l.CanModify(w.now) == nil {
		add("modify", licensing.Modify)
	}
	if a.Role.Below() {
		add("move", licensing.Revoke, licensing.Create)
	}
	for _, c := range licensing.StateChanges {
		if _, err := l.StateAfter(c, w.now); err == nil {
			add(string(c), licensing.Revoke)
		}
	}
	return all, nil
}

// offerOf finds the offer of a license, whoever may create by it.
func (w *world) offerOf(l licensing.License) licensing.Offer {
	for _, o := range w.offers {
		if o.Category.Code == l.CategoryCode && o.Product.Code == l.ProductCode {
			return o
		}
	}
	return licensing.Offer{}
}

// ModifyForm implements portal.Ordering.
func (w *world) ModifyForm(_ context.Context, a licensing.Actor, id licensing.LicenseID) (ordering.ModifyForm, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	l, err := w.changeable(a, licensing.Modify, withID(id))
	if err != nil {
		return ordering.ModifyForm{}, err
	}
	if err := l.CanModify(w.now); err != nil {
		return ordering.ModifyForm{}, err
	}
	return ordering.ModifyForm{License: *l, Offer: w.offerOf(*l), Created: licensing.DayOf(l.CreatedAt, berlin)}, nil
}

// ModifyLicense implements portal.Ordering.
func (w *world) ModifyLicense(_ context.Context, a licensing.Actor, _ string, in ordering.ModifyLicense) (ordering.Changed, bool, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	l, err := w.changeable(a, licensing.Modify, withTicket(in.Ticket))
	if err != nil {
		return ordering.Changed{}, false, err
	}
	if in.Version != l.Version {
		return ordering.Changed{}, false, licensing.ConflictError("Somebody else changed this license meanwhile.")
	}
	o, next, created := w.offerOf(*l), *l, licensing.DayOf(l.CreatedAt, berlin)
	var problems licensing.Problems
	if in.Customer != nil {
		next.Customer, err = in.Customer.Check()
		problems.Add(err)
	}
	params, err := licensing.ResolveChange(o, l.Agreed(), in.Parameters, created, l.SeatsFallLater())
	problems.Add(err)
	if err == nil {
		next, err = next.WithParameters(params, w.now)
		problems.Add(err)
	}
	next.DataFields, err = licensing.ResolveDataFieldsChange(o.DataFields, l.DataFields, in.DataFields, w.now.Today())
	problems.Add(err)
	if len(problems) > 0 {
		return ordering.Changed{}, false, problems
	}
	w.change(l, next, "license.modified", a.UserName, licensing.Changes(*l, next, w.now))
	return ordering.Changed{License: *l, At: w.now.Business}, false, nil
}

// QuoteModification implements portal.Ordering.
func (w *world) QuoteModification(_ context.Context, a licensing.Actor, in ordering.ModifyLicense) (ordering.ModificationQuote, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	l, err := w.changeable(a, licensing.Modify, withTicket(in.Ticket))
	if err != nil {
		return ordering.ModificationQuote{}, err
	}
	params, err := licensing.ResolveChange(w.offerOf(*l), l.Agreed(), in.Parameters, licensing.DayOf(l.CreatedAt, berlin), l.SeatsFallLater())
	if err != nil {
		return ordering.ModificationQuote{}, err
	}
	next, err := l.WithParameters(params, w.now)
	if err != nil {
		return ordering.ModificationQuote{}, err
	}
	return ordering.ModificationQuote{License: next, Charges: next.ChargesSince(*l, w.now.Today())}, nil
}

// change writes a license, and what happened to it.
func (w *world) change(l *licensing.License, next licensing.License, action, by string, detail []licensing.Value) {
	next.Version++
	*l = next
	w.note(l.ID, action, by)
	w.history[l.ID][0].Detail = detail
}

// ChangeState implements portal.Ordering.
func (w *world) ChangeState(_ context.Context, a licensing.Actor, _ string, change licensing.StateChange, in ordering.ChangeState) (ordering.Changed, bool, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	reason, err := licensing.CheckReason(in.Reason)
	if err != nil {
		return ordering.Changed{}, false, err
	}
	l, err := w.changeable(a, licensing.Revoke, withTicket(in.Ticket))
	if err != nil {
		return ordering.Changed{}, false, err
	}
	next := *l
	if next.State, err = l.StateAfter(change, w.now); err != nil {
		return ordering.Changed{}, false, err
	}
	if s := l.Subscription; s != nil {
		sub := *s
		switch {
		case change == licensing.ToRevoke:
			sub.State, sub.RevokedOn = licensing.SubscriptionEnded, w.now.Today()
		case change == licensing.ToReinstate && !sub.RevokedOn.IsZero():
			sub = sub.Restored(w.now.Today())
		}
		next.Subscription = &sub
	}
	past := map[licensing.StateChange]string{licensing.ToSuspend: "suspended", licensing.ToRevoke: "revoked", licensing.ToReinstate: "reinstated", licensing.ToDelete: "deleted"}
	w.change(l, next, "license."+past[change], a.UserName, []licensing.Value{{Name: "reason", Value: reason}})
	return ordering.Changed{License: *l, At: w.now.Business}, false, nil
}

// PreviewMove implements portal.Ordering.
func (w *world) PreviewMove(_ context.Context, a licensing.Actor, ids []licensing.LicenseID, _ string) (p ordering.MovePreview, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(ids) == 0 {
		return p, licensing.InvalidRequest("licenses", "Choose 1 to 1,000 licenses.")
	}
	for _, id := range ids {
		l := w.find(a, withID(id))
		if l == nil {
			p.Refused.Add(licensing.NotFoundError("licenses", "There is no such license within your sight."))
			continue
		}
		if !w.may(a, licensing.Revoke) {
			p.Refused.Add(licensing.DeniedError("licenses", "%s: you may not revoke in %s.", licensing.ShortTicket(l.Ticket), l.CategoryName))
		}
		p.Licenses = append(p.Licenses, *l)
	}
	return p, nil
}

// MoveLicenses implements portal.Ordering.
func (w *world) MoveLicenses(ctx context.Context, a licensing.Actor, _ string, in ordering.MoveLicenses) (ordering.Moved, bool, error) {
	var problems licensing.Problems
	if in.Group == "" {
		problems.Add(licensing.InvalidRequest("group", "Choose the group that shall own it."))
	}
	_, err := licensing.CheckReason(in.Reason)
	problems.Add(err)
	if len(problems) > 0 {
		return ordering.Moved{}, false, problems
	}
	p, err := w.PreviewMove(ctx, a, in.Licenses, in.Group)
	if err != nil {
		return ordering.Moved{}, false, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, l := range p.Licenses {
		if l.GroupCode == in.Group {
			p.Refused.Add(&licensing.Error{Kind: licensing.Conflict, Code: licensing.CodeConflict, Field: "licenses", Message: licensing.ShortTicket(l.Ticket) + ": it belongs to " + l.GroupName + " already."})
		}
	}
	if len(p.Refused) > 0 {
		return ordering.Moved{}, false, p.Refused
	}
	for _, l := range p.Licenses {
		moved := w.find(a, withID(l.ID))
		next := *moved
		next.Group, next.GroupCode, next.GroupName = licensing.GroupID("g-"+in.Group), in.Group, in.Group
		w.change(moved, next, "license.moved", a.UserName, []licensing.Value{{Name: "fromName", Value: l.GroupName}, {Name: "toName", Value: in.Group}, {Name: "reason", Value: in.Reason}})
	}
	return ordering.Moved{Group: in.Group, Licenses: len(p.Licenses)}, false, nil
}
