package licensing

import (
	"slices"
	"time"
)

// EarlyEnd is the ISV's decision that a subscription ends before its last period is over, because a cancellation that came
// too late was accepted all the same.
type EarlyEnd struct {
	On     Day      `json:"on"`               // the last licensed day
	Credit []Charge `json:"credit,omitempty"` // what was charged back for the days after it; negative
}

// EarlyEnds are the days on which a late cancellation could let the subscription end, the latest first: the ends of the
// periods that run or have yet to, but for the last, and today. There are none while no last day to cancel has passed, nor for
// one that was cancelled in time: no cancellation came too late.
func (s Subscription) EarlyEnds(at Moment) (days []Day) {
	today := at.Today()
	if s.State == SubscriptionEnded || s.cancelledInTime(at.Zone) || !today.After(s.Periods[0].CancelBy) || !today.Before(s.EndsOn()) {
		return nil
	}
	for _, p := range slices.Backward(s.Periods) {
		if p.End.After(today) && p.End.Before(s.EndsOn()) {
			days = append(days, p.End)
		}
	}
	return append(days, today)
}

// cancelledInTime reports whether it is cancelled for the end of the period that ran when the cancellation was received.
func (s Subscription) cancelledInTime(zone *time.Location) bool {
	if s.State != SubscriptionCancelled || s.CancelledAt == nil || s.Early != nil {
		return false
	}
	_, late := s.Late(DayOf(*s.CancelledAt, zone))
	return !late
}

// Missed is the newest last day to cancel that has passed on a day; the zero Day when none has.
func (s Subscription) Missed(day Day) (missed Day) {
	for _, p := range s.Periods {
		if p.CancelBy.Before(day) {
			missed = p.CancelBy
		}
	}
	return missed
}

// EndedEarly is a subscription that ends on one of its EarlyEnds. Charged is what more units cost within its periods. The
// error names the field "endsOn".
func (s Subscription) EndedEarly(on Day, at Moment, charged []PlacedCharge) (Subscription, error) {
	days := s.EarlyEnds(at)
	switch {
	case s.State == SubscriptionEnded:
		return s, ConflictError("This subscription ended on %s.", s.EndsOn())
	case s.cancelledInTime(at.Zone):
		return s, ConflictError("This subscription was cancelled in time and ends on %s. Revoke the license to end it sooner.", s.EndsOn())
	case len(days) == 0 && !at.Today().After(s.Periods[0].CancelBy):
		return s, ConflictError("Its last day to cancel, %s, has not passed. Cancel it as usual.", s.Periods[0].CancelBy)
	case len(days) == 0:
		return s, ConflictError("This subscription ends on %s.", s.EndsOn())
	case !slices.Contains(days, on):
		return s, InvalidRequest("endsOn", "Choose one of the days on which it can end. Today is %s.", at.Today())
	}
	early := EarlyEnd{On: on, Credit: s.credit(on, charged)}
	if s.Early != nil {
		early.Credit = append(slices.Clone(s.Early.Credit), early.Credit...)
	}
	s.State, s.CancelledAt, s.Early = SubscriptionCancelled, new(at.Business), &early
	return s, nil
}

// credit is what is charged back when a subscription ends on a day: of each period, and of what was charged within it, the
// share of the days after that, but for what was charged back before.
func (s Subscription) credit(on Day, charged []PlacedCharge) (all []Charge) {
	for _, p := range s.Periods {
		if !p.End.After(on) {
			continue
		}
		c := Charge{Period: p.Number, From: p.Start, Until: p.End, Units: -p.Units}
		if !c.From.After(on) {
			c.From = on.AddDays(1)
		}
		c.take(p.Amount, p.Start, p.End)
		for _, more := range charged {
			if more.Period == p.Number {
				c.Units -= more.Units
				c.take(more.Amount, more.From, more.Until)
			}
		}
		if s.Early != nil {
			for _, before := range s.Early.Credit {
				if before.Period == p.Number && before.Amount != nil && c.Amount != nil {
					c.Amount.Minor -= before.Amount.Minor
				}
			}
			if c.Amount != nil && c.Amount.Minor == 0 || p.Start.After(s.Early.On) {
				continue // all of it was charged back
			}
		}
		all = append(all, c)
	}
	return all
}

// take takes from a credit the share of an amount that was charged for some days.
func (c *Charge) take(amount *Money, from, until Day) {
	if amount == nil {
		return
	}
	if c.Amount == nil {
		c.Amount = &Money{Currency: amount.Currency}
	}
	begin := from
	if begin.Before(c.From) {
		begin = c.From
	}
	if !begin.After(until) {
		c.Amount.Minor -= amount.share(1, begin.DaysUntil(until)+1, from.DaysUntil(until)+1).Minor
	}
}

// WithdrawnLate is a cancelled subscription that runs on although its cancellation cannot be withdrawn any more, and what is
// charged again for that.
func (s Subscription) WithdrawnLate(today Day) (then Subscription, charges []Charge, err error) {
	switch {
	case s.State == SubscriptionActive:
		return s, nil, ConflictError("This subscription is not cancelled.")
	case s.State != SubscriptionCancelled:
		return s, nil, ConflictError("This subscription ended on %s. Place a new order to go on.", s.EndsOn())
	case s.Early == nil && !today.After(s.Last().CancelBy):
		return s, nil, ConflictError("Its last day to cancel, %s, has not passed. Withdraw the cancellation as usual.", s.Last().CancelBy)
	}
	if s.Early != nil {
		for _, c := range s.Early.Credit {
			c.Units = -c.Units
			if c.Amount != nil {
				c.Amount = &Money{Minor: -c.Amount.Minor, Currency: c.Amount.Currency}
			}
			charges = append(charges, c)
		}
	}
	s.State, s.CancelledAt, s.Early = SubscriptionActive, nil, nil
	return s, charges, nil
}

// WithSubscription is a license with its subscription as it is then, and the end that this sets.
func (l License) WithSubscription(s Subscription, zone *time.Location) License {
	l.ExpiresAt, l.MaintenanceUntil = Prolong(s.Plan.Type, Period{End: s.EndsOn()}, zone)
	l.Subscription = &s
	return l
}
