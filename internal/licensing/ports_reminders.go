package licensing

import (
	"context"
	"time"
)

// ReminderTx is when to remind of last days to cancel, and what was sent; written by subscriptions.
type ReminderTx interface {
	// PlanReminder says when to look at a subscription next, and from which day on its reminders count then; a zero instant:
	// never.
	PlanReminder(ctx context.Context, s SubscriptionID, at time.Time, from Day) error
	// ReplanReminder is PlanReminder for who has read from which day on reminders counted; ErrRace when it is another by now.
	ReplanReminder(ctx context.Context, s SubscriptionID, read Day, at time.Time, from Day) error
	// DueReminders returns licenses at whose subscriptions is to be looked at an instant, the longest overdue first.
	DueReminders(ctx context.Context, at time.Time, limit int) ([]LicenseID, error)
	// ReminderFrom returns the day from which reminders of a subscription count; the zero Day: from now on. ErrNone when
	// nothing is planned.
	ReminderFrom(ctx context.Context, s SubscriptionID) (Day, error)
	// OrderedBy returns the membership that created an order; empty when that is unknown.
	OrderedBy(ctx context.Context, o OrderID) (MembershipID, error)
	// NoteReminder keeps that a reminder is sent. It reports false, and does nothing, when it was sent before.
	NoteReminder(ctx context.Context, s SubscriptionID, r Reminder) (bool, error)
}
