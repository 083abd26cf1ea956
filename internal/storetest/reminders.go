package storetest

import (
	"errors"
	"testing"
	"time"

	"kontor/internal/licensing"
)

var reminders = map[string]func(*testing.T, licensing.Store){
	"are planned, planned anew and dropped": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		first, second := w.subscribed(t, s, cancelBy), w.subscribed(t, s, cancelBy)
		at := time.Date(2027, 9, 20, 22, 0, 0, 0, time.UTC)
		due := func(now time.Time) (ids []licensing.LicenseID) {
			read(t, s, func(tx licensing.Tx) { ids = got[[]licensing.LicenseID](t)(tx.DueReminders(t.Context(), now, 10)) })
			return ids
		}
		same(t, "nothing planned", len(due(at)), 0)
		from := licensing.Day{Year: 2027, Month: time.September, Date: 1}
		write(t, s, func(tx licensing.Tx) {
			_, err := tx.ReminderFrom(t.Context(), first.Subscription.ID)
			none(t, "from when, when nothing is planned", err)
			must(t, tx.PlanReminder(t.Context(), first.Subscription.ID, at, from))
			must(t, tx.PlanReminder(t.Context(), second.Subscription.ID, at.Add(-time.Second), licensing.Day{}))
		})
		same(t, "due", due(at), []licensing.LicenseID{second.ID, first.ID})
		same(t, "not due yet", due(at.Add(-time.Microsecond)), []licensing.LicenseID{second.ID})
		read(t, s, func(tx licensing.Tx) {
			same(t, "from", got[licensing.Day](t)(tx.ReminderFrom(t.Context(), first.Subscription.ID)), from)
			same(t, "from now on", got[licensing.Day](t)(tx.ReminderFrom(t.Context(), second.Subscription.ID)), licensing.Day{})
		})
		write(t, s, func(tx licensing.Tx) {
			must(t, tx.PlanReminder(t.Context(), first.Subscription.ID, at.Add(time.Hour), from.AddDays(1)))
			must(t, tx.PlanReminder(t.Context(), second.Subscription.ID, time.Time{}, from))
		})
		same(t, "due then", len(due(at)), 0)
		same(t, "due later", due(at.Add(time.Hour)), []licensing.LicenseID{first.ID})
	},
	"are planned anew only by who has read the plan": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		sub := w.subscribed(t, s, cancelBy).Subscription.ID
		at := time.Date(2027, 9, 20, 22, 0, 0, 0, time.UTC)
		first, then := licensing.Day{Year: 2027, Month: time.September, Date: 1}, licensing.Day{Year: 2028, Month: time.September, Date: 1}
		from := func() (d licensing.Day, err error) {
			read(t, s, func(tx licensing.Tx) { d, err = tx.ReminderFrom(t.Context(), sub) })
			return d, err
		}
		replan := func(read licensing.Day, at time.Time, from licensing.Day) error {
			return s.Write(t.Context(), func(tx licensing.Tx) error { return tx.ReplanReminder(t.Context(), sub, read, at, from) })
		}
		write(t, s, func(tx licensing.Tx) { must(t, tx.PlanReminder(t.Context(), sub, at, licensing.Day{})) })
		must(t, replan(licensing.Day{}, at, first))
		write(t, s, func(tx licensing.Tx) { must(t, tx.PlanReminder(t.Context(), sub, at, then)) }) // as an extension does
		for name, at := range map[string]time.Time{"another plan": at, "no plan": {}} {
			if err := replan(first, at, first.AddDays(1)); !errors.Is(err, licensing.ErrRace) {
				t.Errorf("%s over one that was not read: %v, want that the race is lost", name, err)
			}
		}
		same(t, "from", got[licensing.Day](t)(from()), then)
		must(t, replan(then, time.Time{}, first))
		_, err := from()
		none(t, "none to come", err)
	},
	"are sent once": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		sub := w.subscribed(t, s, cancelBy).Subscription.ID
		for i, r := range []licensing.Reminder{{Period: 1, Days: 30}, {Period: 1, Days: 7}, {Period: 2, Days: 30}, {Period: 1, Days: 30}} {
			write(t, s, func(tx licensing.Tx) {
				same(t, "sent for the first time", got[bool](t)(tx.NoteReminder(t.Context(), sub, r)), i < 3)
			})
		}
	},
}
