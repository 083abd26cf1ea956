package licensing

import (
	"cmp"
	"slices"
)

// The bounds of reminders.
const (
	// MostReminders is how often a plan reminds before one last day to cancel at the most.
	MostReminders = 5
	// LongestReminder is how many days before it at the most.
	LongestReminder = 400
)

// usualReminders are those of a plan that says nothing of them, in days before the last day to cancel.
var usualReminders = []int{30, 7}

// RemindedBefore are how many days before the last day to cancel somebody is reminded of it, in falling
// order.
func (p Plan) RemindedBefore() []int {
	days := p.Reminders
	if days == nil {
		days = usualReminders
	}
	days = slices.Clone(days)
	slices.SortFunc(days, func(a, b int) int { return cmp.Compare(b, a) })
	return days
}

// Reminder is told before a last day to cancel.
type Reminder struct {
	Period int // the number of the period whose last day to cancel it is about
	Days   int // how many days before that
	On     Day
}

// Reminders returns what reminds of the last day to cancel of the last period, in order of day, from a day on. There is
// nothing to remind of when it is not extended anyway. A period is reminded of from the day on which it is known: the day
// of the sale, and for later ones the day after the last day to cancel of the one before.
func (s Subscription) Reminders(from Day) []Reminder {
	if _, extends := s.Next(); !extends {
		return nil
	}
	last := s.Last()
	if n := len(s.Periods); n > 1 {
		if known := s.Periods[n-2].CancelBy.AddDays(1); from.Before(known) {
			from = known
		}
	}
	var all []Reminder
	for _, n := range s.Plan.RemindedBefore() {
		if on := last.CancelBy.AddDays(-n); !on.Before(from) {
			all = append(all, Reminder{Period: last.Number, Days: n, On: on})
		}
	}
	return all
}

// RemindOn says what reminding comes to on a day, when everything before from was done: the reminder to send, the latest of
// those whose day has come, nil for none; and the next one, nil for none. Nobody is reminded of a day that has passed.
func (s Subscription) RemindOn(from, today Day) (send, next *Reminder) {
	if today.After(s.Last().CancelBy) {
		return nil, nil
	}
	for _, r := range s.Reminders(from) {
		if r.On.After(today) {
			return send, &r
		}
		send = &r
	}
	return send, nil
}

// checkReminders reports what is wrong with a plan's reminders.
func (p Plan) checkReminders() error {
	days := p.RemindedBefore()
	unique := len(slices.Compact(slices.Clone(days))) == len(days)
	if len(days) > MostReminders || !unique || len(days) > 0 && (days[0] > LongestReminder || days[len(days)-1] < 0) {
		return InvalidRequest("reminders", "Enter at most %d different numbers of days, from 0 to %d, or nothing.", MostReminders, LongestReminder)
	}
	return nil
}
