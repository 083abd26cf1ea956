package subscriptions

import (
	"context"
	"fmt"
	"strings"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

// EndEarly asks to accept a cancellation that came too late all the same.
type EndEarly struct {
	License licensing.LicenseID `json:"license"`
	EndsOn  licensing.Day       `json:"endsOn"` // one of licensing.Subscription.EarlyEnds
	Reason  string              `json:"reason"` // see licensing.CheckReason
}

// WithdrawLate asks to let a cancelled subscription run on although its last day to cancel has passed.
type WithdrawLate struct {
	License licensing.LicenseID `json:"license"`
	Reason  string              `json:"reason"` // see licensing.CheckReason
}

// Overrides are what admins of the ISV can do with a subscription against its dates.
type Overrides struct {
	Ends []Override // on which days it could end, the latest first
	Runs *Override  // how it would run on; nil: it is not cancelled, or can be withdrawn as usual
}

// Override is what such a decision comes to.
type Override struct {
	EndsOn  licensing.Day      // the last licensed day then
	Charges []licensing.Charge // what is charged by it, or back
	Periods []licensing.Period // that come at once
}

// mayOverride lets admins of the ISV through to a license within sight.
func mayOverride(ctx context.Context, tx *usecase.Tx, id licensing.LicenseID) (licensing.License, error) {
	l, err := tx.LicenseByID(ctx, id)
	if l, err = inSight(ctx, tx, l, err); err != nil {
		return l, err
	}
	if !tx.Actor.GroupIsISV || tx.Actor.Role != licensing.RoleAdmin {
		return l, licensing.DeniedError("", "Only admins of the software maker decide against the last day to cancel. Nothing has been changed.")
	}
	return l, nil
}

// Overrides tells what an admin of the ISV could do with a subscription now, and what it would come to; nothing is written.
// Everybody else is denied.
func (s *Service) Overrides(ctx context.Context, actor licensing.Actor, id licensing.LicenseID) (Overrides, error) {
	return usecase.Read(ctx, s.runner, actor, func(ctx context.Context, tx *usecase.Tx) (all Overrides, err error) {
		l, err := mayOverride(ctx, tx, id)
		if err != nil {
			return all, err
		}
		charged, err := tx.ChargesOf(ctx, l.Subscription.ID)
		if err != nil {
			return all, err
		}
		now := tx.Now()
		caught := l.CaughtUp(now)
		for _, day := range caught.Subscription.EarlyEnds(now) {
			then, err := caught.Subscription.EndedEarly(day, now, charged)
			if err != nil {
				return all, err
			}
			all.Ends = append(all.Ends, Override{EndsOn: day, Charges: newCredit(*caught.Subscription, then)})
		}
		then, charges, err := l.Subscription.WithdrawnLate(now.Today())
		if err == nil {
			runs := l.WithSubscription(then, now.Zone).CaughtUp(now).Subscription
			all.Runs = &Override{EndsOn: runs.EndsOn(), Charges: charges, Periods: runs.Periods[len(then.Periods):]}
		}
		return all, nil
	})
}

// newCredit is what ending early charges back that was not charged back before.
func newCredit(before, then licensing.Subscription) []licensing.Charge {
	if before.Early != nil {
		return then.Early.Credit[len(before.Early.Credit):]
	}
	return then.Early.Credit
}

// EndEarly accepts a late cancellation: the subscription ends on an earlier day, and what was charged for the days after it
// is charged back. Only admins of the ISV may.
func (s *Service) EndEarly(ctx context.Context, actor licensing.Actor, requestID string, in EndEarly) (Cancelled, bool, error) {
	if strings.TrimSpace(requestID) == "" {
		return Cancelled{}, false, licensing.InvalidRequest("requestId", "Enter a request id of 1 to 255 characters.")
	}
	return usecase.Run(ctx, s.runner, actor, "EndSubscriptionEarly", requestID, in, s.endEarly)
}

func (s *Service) endEarly(ctx context.Context, tx *usecase.Tx, in EndEarly) (Cancelled, error) {
	before, err := s.overridden(ctx, tx, in.License)
	if err != nil {
		return Cancelled{}, err
	}
	if in.Reason, err = licensing.CheckReason(in.Reason); err != nil {
		return Cancelled{}, err
	}
	charged, err := tx.ChargesOf(ctx, before.Subscription.ID)
	if err != nil {
		return Cancelled{}, err
	}
	now := tx.Now()
	sub, err := before.Subscription.EndedEarly(in.EndsOn, now, charged)
	if err != nil {
		return Cancelled{}, err
	}
	l, err := s.override(ctx, tx, before, sub, "subscription.endedEarly", in.Reason, newCredit(*before.Subscription, sub))
	if err != nil {
		return Cancelled{}, err
	}
	receipt, err := s.confirm(ctx, tx, l, in.Reason, now, before.Subscription.Missed(now.Today()), false)
	if err != nil {
		return Cancelled{}, err
	}
	out := Cancelled{License: l, Owner: l.Group, EndsOn: in.EndsOn, ReceivedAt: now.Business, Receipt: receipt}
	return out, tx.Emit(ctx, licensing.CancellationReceived{License: l})
}

// WithdrawLate lets a cancelled subscription run on although its last day to cancel has passed: what was due since is done at
// once. Only admins of the ISV may.
func (s *Service) WithdrawLate(ctx context.Context, actor licensing.Actor, requestID string, in WithdrawLate) (Withdrawn, bool, error) {
	if strings.TrimSpace(requestID) == "" {
		return Withdrawn{}, false, licensing.InvalidRequest("requestId", "Enter a request id of 1 to 255 characters.")
	}
	return usecase.Run(ctx, s.runner, actor, "WithdrawCancellationLate", requestID, in, s.withdrawLate)
}

func (s *Service) withdrawLate(ctx context.Context, tx *usecase.Tx, in WithdrawLate) (Withdrawn, error) {
	before, err := s.overridden(ctx, tx, in.License)
	if err != nil {
		return Withdrawn{}, err
	}
	if in.Reason, err = licensing.CheckReason(in.Reason); err != nil {
		return Withdrawn{}, err
	}
	sub, charges, err := before.Subscription.WithdrawnLate(tx.Now().Today())
	if err != nil {
		return Withdrawn{}, err
	}
	if err := tx.WithdrawReceipts(ctx, in.License); err != nil {
		return Withdrawn{}, err
	}
	l, err := s.override(ctx, tx, before, sub, "subscription.resumedLate", in.Reason, charges)
	if err != nil {
		return Withdrawn{}, err
	}
	if err := tx.Emit(ctx, licensing.CancellationWithdrawn{License: l}); err != nil {
		return Withdrawn{}, err
	}
	l, err = s.caughtUp(ctx, tx, l, in.Reason)
	return Withdrawn{License: l, Owner: l.Group}, err
}

// overridden is a license as an admin of the ISV decides about it: with everything done before that was due.
func (s *Service) overridden(ctx context.Context, tx *usecase.Tx, id licensing.LicenseID) (licensing.License, error) {
	l, err := mayOverride(ctx, tx, id)
	if err != nil {
		return l, err
	}
	return s.caughtUp(ctx, tx, l, "")
}

func (s *Service) caughtUp(ctx context.Context, tx *usecase.Tx, l licensing.License, reason string) (licensing.License, error) {
	if err := s.catchUpFor(ctx, tx, licensing.SubscriptionWaits{License: l, Until: tx.Now().Business}, reason); err != nil {
		return l, err
	}
	return tx.LicenseByID(ctx, l.ID)
}

// override writes a subscription as an admin of the ISV decided, with the license's end that follows, and tells it.
func (s *Service) override(ctx context.Context, tx *usecase.Tx, before licensing.License, sub licensing.Subscription, action, reason string, charges []licensing.Charge) (l licensing.License, err error) {
	if err := tx.UpdateSubscription(ctx, sub); err != nil {
		return l, err
	}
	if err := tx.UpdateLicense(ctx, before.WithSubscription(sub, tx.Now().Zone)); err != nil {
		return l, err
	}
	if err := remindFrom(ctx, tx, sub, tx.Now().Today()); err != nil {
		return l, err
	}
	detail := []licensing.Value{{Name: "end", Value: sub.EndsOn().String()}, {Name: "reason", Value: reason}}
	if total := licensing.Total(charges); total != nil {
		detail = append(detail, licensing.Value{Name: "minor", Value: fmt.Sprint(total.Minor)}, licensing.Value{Name: "currency", Value: total.Currency})
	}
	if err := tx.Audit(ctx, action, string(before.ID), string(before.Order), detail...); err != nil {
		return l, err
	}
	if l, err = tx.LicenseByID(ctx, before.ID); err != nil {
		return l, err
	}
	return l, tx.Emit(ctx, licensing.SubscriptionOverridden{Before: before, License: l, Charges: charges, Reason: reason})
}
