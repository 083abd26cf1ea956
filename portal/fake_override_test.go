package portal_test

import (
	"context"

	"kontor/internal/licensing"
	"kontor/internal/subscriptions"
)

// overridable is a license that an ISV admin sees.
func (w *world) overridable(a licensing.Actor, id licensing.LicenseID) (*licensing.License, error) {
	l := w.find(a, func(l licensing.License) bool { return l.ID == id })
	switch {
	case l == nil:
		return nil, licensing.NotFoundError("ticket", "There is no such license within your sight.")
	case !a.GroupIsISV || a.Role != licensing.RoleAdmin:
		return nil, licensing.DeniedError("", "Only admins of the software maker may.")
	case l.Subscription == nil:
		return nil, licensing.ConflictError("This license has no subscription.")
	}
	return l, nil
}

// Overrides implements portal.Subscriptions.
func (w *world) Overrides(_ context.Context, a licensing.Actor, id licensing.LicenseID) (all subscriptions.Overrides, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	l, err := w.overridable(a, id)
	if err != nil {
		return all, err
	}
	caught := l.CaughtUp(w.now).Subscription
	for _, day := range caught.EarlyEnds(w.now) {
		then, err := caught.EndedEarly(day, w.now, nil)
		if err != nil {
			return all, err
		}
		all.Ends = append(all.Ends, subscriptions.Override{EndsOn: day, Charges: then.Early.Credit})
	}
	if then, charges, err := l.Subscription.WithdrawnLate(w.now.Today()); err == nil {
		all.Runs = &subscriptions.Override{EndsOn: then.EndsOn(), Charges: charges}
	}
	return all, nil
}

// EndEarly implements portal.Subscriptions.
func (w *world) EndEarly(_ context.Context, a licensing.Actor, _ string, in subscriptions.EndEarly) (out subscriptions.Cancelled, replayed bool, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	l, err := w.overridable(a, in.License)
	if err != nil {
		return out, false, err
	}
	if in.Reason, err = licensing.CheckReason(in.Reason); err != nil {
		return out, false, err
	}
	sub, err := l.CaughtUp(w.now).Subscription.EndedEarly(in.EndsOn, w.now, nil)
	if err != nil {
		return out, false, err
	}
	*l = l.WithSubscription(sub, berlin)
	w.note(l.ID, "subscription.endedEarly", a.UserName, "end", in.EndsOn.String(), "reason", in.Reason)
	return out, false, nil
}

// WithdrawLate implements portal.Subscriptions.
func (w *world) WithdrawLate(_ context.Context, a licensing.Actor, _ string, in subscriptions.WithdrawLate) (out subscriptions.Withdrawn, replayed bool, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	l, err := w.overridable(a, in.License)
	if err != nil {
		return out, false, err
	}
	if in.Reason, err = licensing.CheckReason(in.Reason); err != nil {
		return out, false, err
	}
	sub, _, err := l.Subscription.WithdrawnLate(w.now.Today())
	if err != nil {
		return out, false, err
	}
	*l = l.WithSubscription(sub, berlin).CaughtUp(w.now)
	w.note(l.ID, "subscription.resumedLate", a.UserName, "end", l.Subscription.EndsOn().String(), "reason", in.Reason)
	return out, false, nil
}
