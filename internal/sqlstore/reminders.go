package sqlstore

import (
	"context"
	"time"

	"kontor/internal/licensing"
	"kontor/internal/sqlstore/db"
)

func (t *tx) PlanReminder(ctx context.Context, s licensing.SubscriptionID, at time.Time, from licensing.Day) error {
	if at.IsZero() {
		return t.q.DropReminder(ctx, string(s))
	}
	return t.q.PlanReminder(ctx, db.PlanReminderParams{SubscriptionID: string(s), DueAt: micro(at), FromDay: from.String()})
}

func (t *tx) ReplanReminder(ctx context.Context, s licensing.SubscriptionID, read licensing.Day, at time.Time, from licensing.Day) error {
	if at.IsZero() {
		return changed(t.q.DropReminderIf(ctx, db.DropReminderIfParams{SubscriptionID: string(s), ReadDay: read.String()}))
	}
	return changed(t.q.ReplanReminder(ctx, db.ReplanReminderParams{
		SubscriptionID: string(s), ReadDay: read.String(), DueAt: micro(at), FromDay: from.String(),
	}))
}

func (t *tx) DueReminders(ctx context.Context, at time.Time, limit int) ([]licensing.LicenseID, error) {
	rows, err := t.q.DueReminders(ctx, db.DueRemindersParams{DueAt: micro(at), Limit: int32(limit)}) //nolint:gosec // small
	all := make([]licensing.LicenseID, len(rows))
	for i, r := range rows {
		all[i] = licensing.LicenseID(r)
	}
	return all, err
}

func (t *tx) ReminderFrom(ctx context.Context, s licensing.SubscriptionID) (licensing.Day, error) {
	day, err := one(t.q.ReminderFrom(ctx, string(s)))
	if err != nil {
		return licensing.Day{}, err
	}
	return parseDay(day)
}

func (t *tx) NoteReminder(ctx context.Context, s licensing.SubscriptionID, r licensing.Reminder) (bool, error) {
	n, err := t.q.InsertReminder(ctx, db.InsertReminderParams{SubscriptionID: string(s), Number: int64(r.Period), Days: int64(r.Days), SentAt: t.now.Business})
	return n == 1, err
}

func (t *tx) OrderedBy(ctx context.Context, o licensing.OrderID) (licensing.MembershipID, error) {
	by, err := one(t.q.OrderedBy(ctx, string(o)))
	return licensing.MembershipID(value(by)), err
}
