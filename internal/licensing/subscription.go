package licensing

import "time"

// SubscriptionType says what a subscription prolongs.
type SubscriptionType string

// The types of subscriptions.
const (
	LicenseSubscription     SubscriptionType = "license"     // sets the expiration time
	MaintenanceSubscription SubscriptionType = "maintenance" // sets the maintenance period
)

// Period is one stretch of a subscription. End is the last licensed day, CancelBy the last day to cancel.
type Period struct {
	Number   int           `json:"number"`
	Start    Day           `json:"start"`
	End      Day           `json:"end"`
	CancelBy Day           `json:"cancelBy"`
	Outcome  PeriodOutcome `json:"outcome,omitempty"`
	Units    int64         `json:"units,omitempty"`  // how many are charged: seats × quantity; 0 where nobody has computed a price
	Amount   *Money        `json:"amount,omitempty"` // what they cost for the period; nil: no charge
}

// Coming is what a license has from the first day of a period on.
type Coming struct {
	Period int     `json:"period"` // its number; the period need not exist yet
	Values []Value `json:"values"`
}

// PeriodOutcome is what became of a period.
type PeriodOutcome string

// The outcomes.
const (
	PeriodOpen     PeriodOutcome = ""         // it runs, or waits to
	PeriodExtended PeriodOutcome = "extended" // nobody cancelled in time: the next period exists
	PeriodEnded    PeriodOutcome = "ended"    // it was the last one
)

// SubscriptionState is where a subscription stands.
type SubscriptionState string

// The states of a subscription.
const (
	SubscriptionActive    SubscriptionState = "active"
	SubscriptionCancelled SubscriptionState = "cancelled" // runs to its end date and is not extended
	SubscriptionEnded     SubscriptionState = "ended"
)

// Subscription is what prolongs a license.
type Subscription struct {
	ID          SubscriptionID    `json:"id"`
	License     LicenseID         `json:"-"`
	Plan        Plan              `json:"plan"` // as it was when sold
	State       SubscriptionState `json:"state"`
	Periods     []Period          `json:"periods"` // in order of number, at least one
	CancelledAt *time.Time        `json:"cancelledAt,omitempty"`
	RevokedOn   Day               `json:"revokedOn,omitzero"` // the day on which a revocation ended it; zero: none did
	Unit        *Money            `json:"unit,omitempty"`     // what one unit cost when it was sold; nil: no charge
	// Coming are the parameters that its license has from the first day of later periods on, in order of period: seats that
	// were given up, which count from then.
	Coming []Coming `json:"coming,omitempty"`
	// Unextended are the product's: a period whose last day to cancel lies in one of them is the last.
	Unextended []Span    `json:"unextended,omitempty"`
	Early      *EarlyEnd `json:"early,omitempty"` // it ends before its last period is over; nil: it does not
	Version    int64     `json:"-"`
}

// Last returns the newest period; its end date is the subscription's.
func (s Subscription) Last() Period { return s.Periods[len(s.Periods)-1] }

// Next returns the period by which it is extended if nobody cancels. ok is false when none follows: it is cancelled or
// has ended, was extended as often as its plan allows, or its product is not sold any more.
func (s Subscription) Next() (next Period, ok bool) {
	if s.State != SubscriptionActive {
		return Period{}, false
	}
	return s.Following(s.Last())
}

// EndsOn is the last licensed day: the end date, or the day of the revocation or the decision that ended it before.
func (s Subscription) EndsOn() Day {
	switch {
	case !s.RevokedOn.IsZero():
		return s.RevokedOn
	case s.Early != nil:
		return s.Early.On
	}
	return s.Last().End
}

// Withdrawn is a cancelled subscription whose cancellation is taken back on a day: it runs on as if nobody had cancelled.
// That is possible up to the last day to cancel of its last period; afterwards its end is what was agreed, and going on is
// a new order.
func (s Subscription) Withdrawn(today Day) (Subscription, error) {
	switch {
	case s.State == SubscriptionActive:
		return s, ConflictError("This subscription is not cancelled.")
	case s.State != SubscriptionCancelled:
		return s, ConflictError("This subscription ended on %s. Place a new order to go on.", s.EndsOn())
	case s.Early != nil:
		return s, ConflictError("Its cancellation was accepted after the last day to cancel. It ends on %s; place a new order to go on.", s.EndsOn())
	case today.After(s.Last().CancelBy):
		return s, ConflictError("A cancellation can be withdrawn up to the last day to cancel, %s. It ends on %s; place a new order to go on.", s.Last().CancelBy, s.Last().End)
	}
	s.State, s.CancelledAt = SubscriptionActive, nil
	return s, nil
}

// StartsAfter is the first day of a subscription that is still to start on a day; ok is false when it has started by then.
func (s Subscription) StartsAfter(day Day) (start Day, ok bool) {
	start = s.Periods[0].Start
	return start, start.After(day)
}

// CheckCancel is the error of cancelling on a day where that makes no difference: it ends by itself, is cancelled already, has
// ended, or its license is revoked. It says which of them, and the day.
func (s Subscription) CheckCancel(today Day) error {
	switch {
	case !s.RevokedOn.IsZero():
		return ConflictError("This license is revoked: its subscription ended with that on %s.", s.RevokedOn)
	case s.State == SubscriptionEnded:
		return ConflictError("This subscription ended on %s.", s.EndsOn())
	case s.State != SubscriptionActive:
		return ConflictError("This subscription is cancelled already; it ends on %s.", s.EndsOn())
	case !s.Cancellable(today):
		return ConflictError("This subscription is not extended: it ends by itself on %s, and there is nothing to cancel.", s.EndsOn())
	}
	return nil
}

// Restored is a subscription that a revocation ended as it is when the license is reinstated on day: as it was, with
// the periods that it had. No period is added that would have come meanwhile, so that it has ended when the last one is
// over by then.
func (s Subscription) Restored(day Day) Subscription {
	s.RevokedOn = Day{}
	switch {
	case day.After(s.EndsOn()):
		s.State = SubscriptionEnded
	case s.CancelledAt != nil:
		s.State = SubscriptionCancelled
	default:
		s.State = SubscriptionActive
	}
	return s
}

// Current returns the period that runs on day, or the last one before it, or the first.
func (s Subscription) Current(day Day) Period {
	current := s.Periods[0]
	for _, p := range s.Periods {
		if !p.Start.After(day) {
			current = p
		}
	}
	return current
}

// Late reports whether a cancellation on day comes too late for the period that runs then, and which last day to cancel
// was missed. Periods must be known up to day: whoever asks has made those that were due.
func (s Subscription) Late(day Day) (missed Day, late bool) {
	running := s.Current(day)
	return running.CancelBy, day.After(running.CancelBy)
}

// Starts is the first day of a period: of one that exists, or of one that follows the last, as long as nobody cancels.
func (s Subscription) Starts(period int) Day {
	for _, p := range s.Periods {
		if p.Number == period {
			return p.Start
		}
	}
	last := s.Last()
	for last.Number+1 < period {
		next, ok := s.Following(last)
		if !ok {
			break
		}
		last = next
	}
	return last.End.AddDays(1)
}

// DueAt is the instant at which the clock next changes the subscription: right after the last day to cancel it is
// extended, or, when no period follows, right after its end date it ends; and with the first day of a period that exists,
// what was to come with it holds. ok is false for one that has ended.
func (s Subscription) DueAt(zone *time.Location) (at time.Time, ok bool) {
	if s.State != SubscriptionActive && s.State != SubscriptionCancelled {
		return time.Time{}, false
	}
	day := s.EndsOn().AddDays(1)
	if _, extends := s.Next(); extends {
		day = s.Last().CancelBy.AddDays(1)
	}
	for _, c := range s.Coming {
		if start := s.Starts(c.Period); c.Period <= s.Last().Number && start.Before(day) {
			day = start
		}
	}
	return day.Begin(zone), true
}

// ExtendsAt is the instant at which the clock extends the subscription; ok is false when no period follows.
func (s Subscription) ExtendsAt(zone *time.Location) (at time.Time, ok bool) {
	if _, extends := s.Next(); !extends {
		return time.Time{}, false
	}
	return s.Last().CancelBy.AddDays(1).Begin(zone), true
}
