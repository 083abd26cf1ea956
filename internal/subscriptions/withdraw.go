package subscriptions

import (
	"context"
	"strings"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

// Withdraw asks to take a cancellation back.
type Withdraw struct {
	Ticket string `json:"ticket"`
}

// Withdrawn is what came of it.
type Withdrawn struct {
	License licensing.License `json:"license"`
	Owner   licensing.GroupID `json:"owner"`
}

// OwnedBy implements usecase.Sighted.
func (w Withdrawn) OwnedBy() licensing.GroupID { return w.Owner }

// OwnersNow implements usecase.Followed.
func (w Withdrawn) OwnersNow(ctx context.Context, tx *usecase.Tx) ([]licensing.GroupID, error) {
	return tx.OwnersOf(ctx, w.License)
}

// Withdraw takes a cancellation back, as long as the last day to cancel has not passed: see licensing.Subscription. Whoever
// may cancel may do that.
func (s *Service) Withdraw(ctx context.Context, actor licensing.Actor, requestID string, in Withdraw) (Withdrawn, bool, error) {
	if strings.TrimSpace(requestID) == "" {
		return Withdrawn{}, false, licensing.InvalidRequest("requestId", "Enter a request id of 1 to 255 characters.")
	}
	var err error
	if in.Ticket, err = licensing.ParseTicket(in.Ticket); err != nil {
		return Withdrawn{}, false, err
	}
	received, err := s.now(ctx, actor)
	if err != nil {
		return Withdrawn{}, false, err
	}
	return usecase.Run(ctx, s.runner, actor, "WithdrawCancellation", requestID, in, func(ctx context.Context, tx *usecase.Tx, in Withdraw) (Withdrawn, error) {
		return s.withdraw(ctx, tx, in, received.Today())
	})
}

func (s *Service) withdraw(ctx context.Context, tx *usecase.Tx, in Withdraw, received licensing.Day) (Withdrawn, error) {
	l, err := tx.LicenseByTicket(ctx, in.Ticket)
	if l, err = s.changeable(ctx, tx, l, err); err != nil {
		return Withdrawn{}, err
	}
	sub, err := l.Subscription.Withdrawn(received)
	if err != nil {
		return Withdrawn{}, err
	}
	if err := tx.UpdateSubscription(ctx, sub); err != nil {
		return Withdrawn{}, err
	}
	if err := remindFrom(ctx, tx, sub, received); err != nil {
		return Withdrawn{}, err
	}
	if err := tx.WithdrawReceipts(ctx, l.ID); err != nil {
		return Withdrawn{}, err
	}
	err = tx.Audit(ctx, "subscription.withdrawn", string(l.ID), string(l.Order),
		licensing.Value{Name: "end", Value: sub.Last().End.String()}, licensing.Value{Name: "cancelBy", Value: sub.Last().CancelBy.String()})
	if err != nil {
		return Withdrawn{}, err
	}
	if l, err = tx.LicenseByID(ctx, l.ID); err != nil {
		return Withdrawn{}, err
	}
	return Withdrawn{License: l, Owner: l.Group}, tx.Emit(ctx, licensing.CancellationWithdrawn{License: l})
}

// PreviewWithdraw returns a subscription as withdrawing its cancellation would leave it; nothing is written. The errors are
// those of Withdraw.
func (s *Service) PreviewWithdraw(ctx context.Context, actor licensing.Actor, id licensing.LicenseID) (licensing.Subscription, error) {
	return usecase.Read(ctx, s.runner, actor, func(ctx context.Context, tx *usecase.Tx) (licensing.Subscription, error) {
		l, err := tx.LicenseByID(ctx, id)
		if l, err = s.changeable(ctx, tx, l, err); err != nil {
			return licensing.Subscription{}, err
		}
		return l.Subscription.Withdrawn(tx.Now().Today())
	})
}
