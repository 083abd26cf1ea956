package subscriptions

import (
	"context"
	"strings"
	"time"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

// Cancel asks to let a subscription end.
type Cancel struct {
	Ticket       string `json:"ticket"`
	Reason       string `json:"reason"` // stands in the history; may be left out, and is on one line: licensing.CheckOptionalReason
	RefuseIfLate bool   `json:"refuseIfLate"`
	// EndsBy is the last licensed day that whoever asks was told: when it would end later by now, nothing is done. Zero: any.
	EndsBy licensing.Day `json:"endsBy,omitzero"`
}

// Cancelled is what came of it.
type Cancelled struct {
	License    licensing.License `json:"license"`
	Owner      licensing.GroupID `json:"owner"`
	InTime     bool              `json:"inTime"`
	EndsOn     licensing.Day     `json:"endsOn"`
	ReceivedAt time.Time         `json:"receivedAt"`
	Receipt    licensing.Receipt `json:"receipt"`
}

// OwnedBy implements usecase.Sighted.
func (c Cancelled) OwnedBy() licensing.GroupID { return c.Owner }

// OwnersNow implements usecase.Followed.
func (c Cancelled) OwnersNow(ctx context.Context, tx *usecase.Tx) ([]licensing.GroupID, error) {
	return tx.OwnersOf(ctx, c.License)
}

// Cancel lets a subscription end: on its end date when the last day to cancel has not passed, else on the end date of
// the period that follows. It needs modify in the category, or an admin of the owning group.
func (s *Service) Cancel(ctx context.Context, actor licensing.Actor, requestID string, in Cancel) (Cancelled, bool, error) {
	if strings.TrimSpace(requestID) == "" {
		return Cancelled{}, false, licensing.InvalidRequest("requestId", "Enter a request id of 1 to 255 characters.")
	}
	received, err := s.now(ctx, actor)
	if err != nil {
		return Cancelled{}, false, err
	}
	return s.cancelReceived(ctx, actor, requestID, in, received)
}

// cancelReceived is Cancel for a request that had been read at a moment.
func (s *Service) cancelReceived(ctx context.Context, actor licensing.Actor, requestID string, in Cancel, received licensing.Moment) (Cancelled, bool, error) {
	var err error
	if in.Ticket, err = licensing.ParseTicket(in.Ticket); err != nil {
		return Cancelled{}, false, err
	}
	if in.Reason, err = licensing.CheckOptionalReason(in.Reason); err != nil {
		return Cancelled{}, false, err
	}
	return usecase.Run(ctx, s.runner, actor, "CancelSubscription", requestID, in, func(ctx context.Context, tx *usecase.Tx, in Cancel) (Cancelled, error) {
		return s.cancel(ctx, tx, in, received)
	})
}

// now is the moment at which a request had been read: before it waits for whoever writes at that time, or loses a race.
func (s *Service) now(ctx context.Context, actor licensing.Actor) (licensing.Moment, error) {
	return usecase.Read(ctx, s.runner, actor, func(_ context.Context, tx *usecase.Tx) (licensing.Moment, error) { return tx.Now(), nil })
}

func (s *Service) cancel(ctx context.Context, tx *usecase.Tx, in Cancel, received licensing.Moment) (Cancelled, error) {
	l, err := tx.LicenseByTicket(ctx, in.Ticket)
	if l, err = s.cancellable(ctx, tx, l, err, received.Today()); err != nil {
		return Cancelled{}, err
	}
	if received, err = s.catchUp(ctx, tx, &l, received); err != nil {
		return Cancelled{}, err
	}
	missed, late := l.Subscription.Late(received.Today())
	if late && in.RefuseIfLate {
		return Cancelled{}, licensing.ConflictError("The last day to cancel was %s. It runs on to %s.", missed, l.Subscription.Last().End)
	}
	if ends := l.Subscription.Last().End; !in.EndsBy.IsZero() && in.EndsBy.Before(ends) {
		return Cancelled{}, licensing.ConflictError("Another last day to cancel has passed: it would end on %s, and not on %s.", ends, in.EndsBy)
	}
	sub := *l.Subscription
	sub.State, sub.CancelledAt = licensing.SubscriptionCancelled, new(received.Business)
	if err := tx.UpdateSubscription(ctx, sub); err != nil {
		return Cancelled{}, err
	}
	if l, err = tx.LicenseByID(ctx, l.ID); err != nil {
		return Cancelled{}, err
	}
	receipt, err := s.confirm(ctx, tx, l, in.Reason, received, l.Subscription.Current(received.Today()).CancelBy, !late)
	if err != nil {
		return Cancelled{}, err
	}
	err = tx.Audit(ctx, "subscription.cancelled", string(l.ID), string(l.Order),
		licensing.Value{Name: "end", Value: sub.Last().End.String()}, licensing.Value{Name: "reason", Value: in.Reason})
	if err != nil {
		return Cancelled{}, err
	}
	if err := tx.Emit(ctx, licensing.CancellationReceived{License: l}); err != nil {
		return Cancelled{}, err
	}
	return Cancelled{License: l, Owner: l.Group, InTime: !late, EndsOn: sub.Last().End, ReceivedAt: received.Business, Receipt: receipt}, nil
}

// catchUp does first what became due before a cancellation was received: a late one then counts for the period that
// follows. It returns the moment that the cancellation counts from, which is when it was received; only where it was under
// way for longer than the clock leaves it (see underWay), and the subscription was extended meanwhile, is it now.
func (s *Service) catchUp(ctx context.Context, tx *usecase.Tx, l *licensing.License, received licensing.Moment) (licensing.Moment, error) {
	for {
		if at, ok := l.Subscription.ExtendsAt(received.Zone); !ok || at.After(received.Business) {
			break
		}
		if err := s.extend(ctx, tx.As(licensing.Scheduler()), *l, ""); err != nil { // the clock's doing, not the caller's
			return received, err
		}
		var err error
		if *l, err = tx.LicenseByID(ctx, l.ID); err != nil {
			return received, err
		}
	}
	running := l.Subscription.Current(received.Today())
	if extended := l.Subscription.Last().Number > running.Number; extended && !received.Today().After(running.CancelBy) {
		return tx.Now(), nil
	}
	return received, nil
}

// cancellable lets a license through whose subscription the actor may cancel on a day.
func (s *Service) cancellable(ctx context.Context, tx *usecase.Tx, l licensing.License, err error, today licensing.Day) (licensing.License, error) {
	if l, err = s.changeable(ctx, tx, l, err); err != nil {
		return l, err
	}
	return l, l.Subscription.CheckCancel(today)
}

// changeable lets a license through with a subscription that the actor may cancel at the right time: he holds modify in
// its category, or is an admin of the group that owns it.
func (s *Service) changeable(ctx context.Context, tx *usecase.Tx, l licensing.License, err error) (licensing.License, error) {
	if l, err = inSight(ctx, tx, l, err); err != nil {
		return l, err
	}
	if err := tx.MayChange(l.Test, "ticket"); err != nil {
		return l, err
	}
	if owner := tx.Actor.Role == licensing.RoleAdmin && tx.Actor.Group == l.Group; !owner {
		d, err := s.decider.Decide(ctx, tx, tx.Actor.ID, licensing.Modify, l.CategoryCode)
		if err != nil {
			return l, err
		}
		if !d.Allowed {
			return l, licensing.DeniedError("ticket", "You may not modify in %s. Cancelling is part of modify. Nothing has been changed.", l.CategoryName).Lacking(licensing.Modify, l.CategoryCode)
		}
	}
	return l, nil
}

// Preview is what cancelling now would do.
type Preview struct {
	License       licensing.License
	InTime        bool
	Last          licensing.Period // the last one, if it is cancelled now
	Spared        licensing.Period // that does not come then; the zero period: none would
	WithdrawUntil licensing.Day    // the last day on which the cancellation can be taken back
}

// PreviewCancel tells what cancelling now would do; nothing is written. The errors are those of Cancel.
func (s *Service) PreviewCancel(ctx context.Context, actor licensing.Actor, id licensing.LicenseID) (Preview, error) {
	return usecase.Read(ctx, s.runner, actor, func(ctx context.Context, tx *usecase.Tx) (Preview, error) { return s.preview(ctx, tx, id) })
}

func (s *Service) preview(ctx context.Context, tx *usecase.Tx, id licensing.LicenseID) (Preview, error) {
	l, err := tx.LicenseByID(ctx, id)
	if l, err = s.cancellable(ctx, tx, l, err, tx.Now().Today()); err != nil {
		return Preview{}, err
	}
	then, today, zone := l, tx.Now().Today(), tx.Now().Zone
	next, extends := then.Extended(zone)
	for extends && today.After(then.Subscription.Last().CancelBy) { // what is due, and will have been done
		then = next
		next, extends = then.Extended(zone)
	}
	last := then.Subscription.Last()
	_, late := then.Subscription.Late(today)
	preview := Preview{License: l, InTime: !late, Last: last, WithdrawUntil: last.CancelBy}
	if extends {
		preview.Spared = next.Subscription.Last()
	}
	return preview, nil
}
