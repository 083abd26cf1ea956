package licensing

import (
	"math"
	"math/big"
	"slices"
	"time"
)

// Charge is what more units cost within a period, from a day to the period's end; less than nothing when it is charged back.
type Charge struct {
	Period int    `json:"period"`           // the period's number
	From   Day    `json:"from"`             // the first day that is charged
	Until  Day    `json:"until"`            // the last one: the period's end
	Units  int64  `json:"units"`            // how many more
	Amount *Money `json:"amount,omitempty"` // nil: no charge
}

// PlacedCharge is a charge as it is kept.
type PlacedCharge struct {
	Charge
	At time.Time // business clock
}

// ParametersIn are the parameters that a license has in a period: what is agreed to come with it, and with those before,
// is in them.
func (l License) ParametersIn(period int) []Value {
	params := l.Parameters
	if l.Subscription == nil {
		return params
	}
	for _, c := range l.Subscription.Coming {
		if c.Period <= period {
			params = WithValues(params, c.Values)
		}
	}
	return params
}

// Agreed are the parameters that a license has once all has come that was agreed. With a subscription that has ended nothing
// comes any more.
func (l License) Agreed() []Value {
	if l.Subscription != nil && l.Subscription.State == SubscriptionEnded {
		return l.ParametersIn(l.Subscription.Last().Number)
	}
	return l.ParametersIn(math.MaxInt)
}

// Agreed is what comes with later periods, in order of period: with those that begin before it ends, and with those that follow
// unless somebody cancels.
func (s Subscription) Agreed() (agreed []Coming) {
	_, goesOn := s.Next()
	for _, c := range s.Coming {
		if c.Period > s.Last().Number && goesOn || c.Period <= s.Last().Number && !s.Starts(c.Period).After(s.EndsOn()) {
			agreed = append(agreed, c)
		}
	}
	return agreed
}

// SeatsFallLater reports whether fewer seats count from a later period only: as long as a subscription runs.
func (l License) SeatsFallLater() bool {
	return l.Subscription != nil && l.Subscription.State != SubscriptionEnded
}

// Begun returns a license as it is on a day: with what was to come with periods that have begun by then. ok is false when
// nothing was.
func (l License) Begun(day Day) (begun License, ok bool) {
	if l.Subscription == nil {
		return l, false
	}
	sub := *l.Subscription
	sub.Coming = nil
	for _, c := range l.Subscription.Coming {
		if c.Period > sub.Last().Number || sub.Starts(c.Period).After(day) {
			sub.Coming = append(sub.Coming, c)
			continue
		}
		l.Parameters, ok = WithValues(l.Parameters, c.Values), true
	}
	l.Subscription = &sub
	return l, ok
}

// DueAt is the instant at which the clock next changes the license's subscription; ok is false when it does not.
func (l License) DueAt(m Moment) (at time.Time, ok bool) {
	if l.Subscription == nil {
		return time.Time{}, false
	}
	return l.Subscription.DueAt(m.Zone)
}

// CaughtUp is a license with everything that the clock demands by an instant, as when it is behind.
func (l License) CaughtUp(at Moment) License {
	for l.Subscription != nil {
		if due, ok := l.Subscription.ExtendsAt(at.Zone); !ok || due.After(at.Business) {
			break
		}
		l, _ = l.Extended(at.Zone)
	}
	l, _ = l.Begun(at.Today())
	return l
}

// WithParameters returns a license with other parameters, as asked for at a moment. All hold at once but for fewer seats of one
// whose subscription runs: what is agreed already stays so, and it has the fewer from the first period that could still be
// cancelled then. The error (code invalidParameter) says that no such period follows.
func (l License) WithParameters(params []Value, at Moment) (License, error) {
	if !l.SeatsFallLater() {
		l.Parameters = params
		return l, nil
	}
	sub, agreed, then := *l.Subscription, l.Agreed(), l.CaughtUp(at).Subscription // the clock may be behind
	params = slices.Clone(params)
	for _, def := range l.Definitions {
		i := slices.IndexFunc(params, func(v Value) bool { return v.Name == def.Name })
		now, has := ValueOf(l.Parameters, def.Name)
		if def.Sets != SetsSeats || i < 0 || !has {
			continue
		}
		if was, _ := ValueOf(agreed, def.Name); sub.Early != nil && params[i].Value != was {
			return l, InvalidParameter(def.Name, "It ends on %s, before its period is over; until then it stays %s.", sub.EndsOn(), was)
		}
		wanted, fewer := params[i].Value, func(a, b string) bool { return ParameterTypes[def.Type].Compare(a, b) < 0 }
		if fewer(wanted, now) {
			params[i].Value = now
		}
		before, coming := params[i].Value, []Coming(nil)
		for _, c := range l.Subscription.Coming {
			value, has := ValueOf(c.Values, def.Name)
			if !has || c.Period > then.Last().Number {
				continue
			}
			if fewer(value, wanted) {
				value = wanted
			}
			if value != before {
				coming, before = append(coming, Coming{c.Period, []Value{{def.Name, value}}}), value
			}
		}
		if fewer(wanted, before) {
			if was, _ := ValueOf(agreed, def.Name); was != wanted {
				if _, extends := then.Next(); !extends {
					return l, InvalidParameter(def.Name, "Fewer would count from the next period, and none follows: it ends on %s. Enter at least %s.", then.Last().End, before)
				}
			}
			coming = append(coming, Coming{then.Last().Number + 1, []Value{{def.Name, wanted}}})
		}
		sub.Coming = coming // a product has one parameter for seats
	}
	l.Parameters, l.Subscription = params, &sub
	return l, nil
}

// ChargesSince returns what it costs that a license has more units than it had before, from day on: the share of each of
// its periods that is not over, counted by day, rounded to the nearest minor unit and half up. It is empty when there are
// no more units in any, and when the subscription is over.
func (l License) ChargesSince(before License, day Day) (charges []Charge) {
	if l.Subscription == nil || l.Subscription.State == SubscriptionEnded {
		return nil
	}
	unit := l.Subscription.unitThen(l.Price)
	for _, p := range l.Subscription.Periods {
		more := l.unitsIn(p.Number) - before.unitsIn(p.Number)
		if p.End.Before(day) || more <= 0 {
			continue
		}
		c := Charge{Period: p.Number, From: p.Start, Until: p.End, Units: more}
		if c.From.Before(day) {
			c.From = day
		}
		if unit != nil {
			c.Amount = unit.share(c.Units, c.From.DaysUntil(c.Until)+1, p.Start.DaysUntil(p.End)+1)
		}
		charges = append(charges, c)
	}
	return charges
}

// unitsIn is how many units a license has in a period.
func (l License) unitsIn(period int) int64 {
	l.Parameters = l.ParametersIn(period)
	units, _ := l.PeriodPrice(nil)
	return units
}

// share is what units cost for some days of all.
func (m Money) share(units int64, days, all int) *Money {
	total := new(big.Int).Mul(big.NewInt(m.Minor), big.NewInt(units))
	total.Mul(total, big.NewInt(int64(2*days))).Add(total, big.NewInt(int64(all)))
	total.Div(total, big.NewInt(int64(2*all))) // half up
	if !total.IsInt64() {
		return &Money{math.MaxInt64, m.Currency} // as for whole periods: beyond every bill
	}
	return &Money{total.Int64(), m.Currency}
}

// Total is what charges cost together; nil when nothing is charged. They are of one currency.
func Total(charges []Charge) *Money {
	var total *Money
	for _, c := range charges {
		switch {
		case c.Amount == nil:
		case total == nil:
			total = new(*c.Amount)
		default:
			total.Minor = min(total.Minor, math.MaxInt64-max(c.Amount.Minor, 0)) + c.Amount.Minor
		}
	}
	return total
}
