package subscriptions

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

// remindFrom plans the reminders of a subscription that count from a day on.
func remindFrom(ctx context.Context, tx *usecase.Tx, sub licensing.Subscription, from licensing.Day) error {
	var at time.Time
	if all := sub.Reminders(from); len(all) > 0 {
		at = all[0].On.Begin(tx.Now().Zone)
	}
	return tx.PlanReminder(ctx, sub.ID, at, from)
}

// RemindDue reminds of the last days to cancel that come near: of each once, in the transaction that notes it, and after a
// downtime only by the latest that was missed. Each is a transaction of its own, so that one that fails holds up no other.
// What is due to be extended is not reminded of: nobody can cancel it any more. It returns how many reminders were sent.
func (s *Service) RemindDue(ctx context.Context) (sent int, err error) {
	sent, _, err = s.RemindSome(ctx, math.MaxInt)
	return sent, err
}

// RemindSome is RemindDue that stops after it has sent about as many, and tells whether there is more to do.
func (s *Service) RemindSome(ctx context.Context, most int) (sent int, more bool, err error) {
	failed := map[licensing.LicenseID]bool{}
	for sent < most {
		due, listErr := usecase.Read(ctx, s.runner, licensing.Scheduler(), func(ctx context.Context, tx *usecase.Tx) ([]licensing.LicenseID, error) {
			return tx.DueReminders(ctx, tx.Now().Business, listed+len(failed))
		})
		if listErr != nil {
			return sent, false, errors.Join(err, listErr)
		}
		looked := false
		for _, id := range due {
			if failed[id] || ctx.Err() != nil {
				continue
			}
			looked = true
			reminded, _, stepErr := usecase.Run(ctx, s.runner, licensing.Scheduler(), "RemindOfLastDay", "", id, s.remind)
			if stepErr != nil {
				failed[id], err = true, errors.Join(err, fmt.Errorf("reminder of license %s: %w", id, stepErr))
			} else if reminded {
				sent++
			}
		}
		if !looked || ctx.Err() != nil {
			return sent, false, errors.Join(err, ctx.Err())
		}
	}
	return sent, true, err
}

// remind sends the reminder of a license that is due, and plans the next.
func (s *Service) remind(ctx context.Context, tx *usecase.Tx, id licensing.LicenseID) (reminded bool, err error) {
	l, err := tx.LicenseByID(ctx, id)
	if errors.Is(err, licensing.ErrNone) || err == nil && l.Subscription == nil { // it was deleted meanwhile
		return false, nil
	}
	if err != nil {
		return false, err
	}
	sub, today := *l.Subscription, tx.Now().Today()
	from, err := tx.ReminderFrom(ctx, sub.ID)
	if errors.Is(err, licensing.ErrNone) { // another process was faster
		return false, nil
	}
	if err != nil {
		return false, err
	}
	read := from
	if from.IsZero() {
		from = today
	}
	send, next := sub.RemindOn(from, today)
	var at time.Time
	if next != nil {
		at = next.On.Begin(tx.Now().Zone)
	}
	// Whoever extended the subscription meanwhile has planned for the period that follows: that plan is to stay.
	if err := tx.ReplanReminder(ctx, sub.ID, read, at, today.AddDays(1)); err != nil || send == nil {
		return false, err
	}
	if reminded, err = tx.NoteReminder(ctx, sub.ID, *send); err != nil || !reminded {
		return false, err
	}
	to, err := s.mailReminder(ctx, tx, l, *send)
	if err != nil {
		return false, err
	}
	return true, tx.Audit(ctx, "subscription.reminded", string(l.ID), string(l.Order),
		licensing.Value{Name: "cancelBy", Value: sub.Last().CancelBy.String()},
		licensing.Value{Name: "days", Value: fmt.Sprint(today.DaysUntil(sub.Last().CancelBy))},
		licensing.Value{Name: "customer", Value: to},
	)
}
