package licensing

import (
	"iter"
	"time"
)

// ForecastKind is what will happen to a subscription.
type ForecastKind string

// What can happen, in the order within a day.
const (
	ForecastExtended ForecastKind = "extended" // the day after the last day to cancel: the next period exists
	ForecastReminder ForecastKind = "reminder" // somebody is told that the last day to cancel comes
	ForecastCancelBy ForecastKind = "cancelBy" // the last day to cancel
	ForecastEnded    ForecastKind = "ended"    // the last licensed day of a subscription that is not extended
)

// ForecastEvent is one thing that will happen to a subscription, unless somebody does something.
type ForecastEvent struct {
	On     Day // by the business clock in the ISV's zone; before today: it is overdue, and happens with the next sweep
	Kind   ForecastKind
	Period Period // of an extension the one that comes by it, else the one that runs or comes to its end
	Before Period // of an extension the one that it follows; else the zero period
	// Amount is what Period costs when it comes by an extension; of an end what one more period would have cost. nil: no
	// charge.
	Amount *Money
	Days   int // of a reminder: how many days before the last day to cancel
}

// Tell is one thing that an event tells somebody.
type Tell string

// What is told.
const (
	TellERP      Tell = "erp"      // a message to every connected system
	TellReseller Tell = "reseller" // mail to the group that owns the license
	TellCustomer Tell = "customer" // mail to the customer
)

// Tells are what is told when an event of the kind happens.
func (k ForecastKind) Tells() []Tell {
	switch k {
	case ForecastReminder:
		return []Tell{TellReseller, TellCustomer}
	case ForecastExtended:
		return []Tell{TellERP, TellCustomer}
	case ForecastEnded:
		return []Tell{TellERP}
	default:
		return nil
	}
}

// Forecast yields what will happen to a license's subscription up to and including a day, in order, when nobody does
// anything: what is overdue now first. It is License.Extended run forward, by which the scheduler extends. When cancelled
// is true, it is cancelled today, after what is overdue. Nothing is yielded for a license without a subscription, or whose
// subscription has ended. What l holds stays as it is; of its periods only the last matters.
func (l License) Forecast(today, until Day, zone *time.Location, cancelled bool) iter.Seq[ForecastEvent] {
	return func(yield func(ForecastEvent) bool) {
		if l.Subscription == nil || l.Subscription.State == SubscriptionEnded {
			return
		}
		sub := *l.Subscription
		l.Subscription = &sub
		since := today // from when on the last period is known: nobody is reminded before
		for {
			last := sub.Last()
			sub.Periods = []Period{last}
			if cancelled && !today.After(last.CancelBy) && sub.State == SubscriptionActive {
				sub.State = SubscriptionCancelled
			}
			next, extends := l.Extended(zone)
			if !extends {
				l.forecastEnd(last, until, yield)
				return
			}
			if !sub.forecastReminders(last, since, until, yield) {
				return
			}
			if !last.CancelBy.Before(today) && (last.CancelBy.After(until) || !yield(ForecastEvent{On: last.CancelBy, Kind: ForecastCancelBy, Period: last})) {
				return
			}
			on, came := last.CancelBy.AddDays(1), next.Subscription.Last()
			if on.After(until) || !yield(ForecastEvent{On: on, Kind: ForecastExtended, Period: came, Before: last, Amount: came.Amount}) {
				return
			}
			if on.After(since) {
				since = on
			}
			l, sub = next, *next.Subscription
			l.Subscription = &sub
		}
	}
}

// forecastReminders yields the reminders of a period that is known since a day, and reports whether to go on.
func (s Subscription) forecastReminders(p Period, since, until Day, yield func(ForecastEvent) bool) bool {
	for _, n := range s.Plan.RemindedBefore() {
		on := p.CancelBy.AddDays(-n)
		if on.Before(since) {
			continue
		}
		if on.After(until) || !yield(ForecastEvent{On: on, Kind: ForecastReminder, Period: p, Days: n}) {
			return false
		}
	}
	return true
}

// forecastEnd yields the end of the last period.
func (l License) forecastEnd(last Period, until Day, yield func(ForecastEvent) bool) {
	on := l.Subscription.EndsOn()
	if on.After(until) {
		return
	}
	l.Parameters = l.ParametersIn(last.Number + 1)
	_, worth := l.PeriodPrice(l.Subscription.unitThen(l.Price))
	yield(ForecastEvent{On: on, Kind: ForecastEnded, Period: last, Amount: worth})
}
