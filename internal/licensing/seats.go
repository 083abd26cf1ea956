package licensing

import (
	"math"
	"math/big"
	"slices"
	"time"
)

// Charge is what more units cost within a period, from a day to the period's end.
type Charge struct {
	Period int    // the period's number
	From   Day    // the first day that is charged
	Until  Day    // the last one: the period's end
	Units  int64  // how many more
	Amount *Money // nil: no charge
}

// PlacedCharge is a charge as it is kept.
type PlacedCharge struct {
	Charge
	At time.Time // business clock
}

// Agreed are the parameters that a license has once what was agreed has come: fewer seats from the next period on count
// already.
func (l License) Agreed() []Value {
	if l.Subscription == nil {
		return l.Parameters
	}
	return WithValues(l.Parameters, l.Subscription.Coming)
}

// SeatsFallLater reports whether fewer seats count from the next period only: as long as a subscription runs.
func (l License) SeatsFallLater() bool {
	return l.Subscription != nil && l.Subscription.State != SubscriptionEnded
}

// WithParameters returns a license with other parameters. All hold at once but for fewer seats of one whose subscription
// runs: those it has from the next period on. The error (code invalidParameter) says that no period follows.
func (l License) WithParameters(params []Value) (License, error) {
	if !l.SeatsFallLater() {
		l.Parameters = params
		return l, nil
	}
	sub, agreed := *l.Subscription, l.Agreed()
	sub.Coming = nil
	params = slices.Clone(params)
	for _, def := range l.Definitions {
		i := slices.IndexFunc(params, func(v Value) bool { return v.Name == def.Name })
		is, has := ValueOf(l.Parameters, def.Name)
		if def.Sets != SetsSeats || i < 0 || !has || ParameterTypes[def.Type].Compare(params[i].Value, is) >= 0 {
			continue
		}
		fewer := params[i]
		params[i].Value = is
		if was, _ := ValueOf(agreed, def.Name); was != fewer.Value {
			if _, extends := sub.Next(); !extends {
				return l, InvalidParameter(def.Name, "Fewer would count from the next period, and none follows: it ends on %s. Enter at least %s.", sub.Last().End, is)
			}
		}
		sub.Coming = append(sub.Coming, fewer)
	}
	l.Parameters, l.Subscription = params, &sub
	return l, nil
}

// ChargesSince returns what it costs that a license has more units than it had before, from day on: the share of each of
// its periods that is not over, counted by day, rounded to the nearest minor unit and half up. It is empty when there are
// no more units, and when the subscription is over.
func (l License) ChargesSince(before License, day Day) (charges []Charge) {
	if l.Subscription == nil || l.Subscription.State == SubscriptionEnded {
		return nil
	}
	was, _ := before.PeriodPrice(nil)
	units, _ := l.PeriodPrice(nil)
	if units <= was {
		return nil
	}
	unit := l.Subscription.unitThen(l.Price)
	for _, p := range l.Subscription.Periods {
		if p.End.Before(day) {
			continue
		}
		c := Charge{Period: p.Number, From: p.Start, Until: p.End, Units: units - was}
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
			total.Minor = min(total.Minor, math.MaxInt64-c.Amount.Minor) + c.Amount.Minor
		}
	}
	return total
}
