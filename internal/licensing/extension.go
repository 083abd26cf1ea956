package licensing

import (
	"math"
	"slices"
	"time"
)

// ExtensionPrice says what one unit of an extension costs.
type ExtensionPrice string

// The prices of extensions.
const (
	PriceThen ExtensionPrice = ""     // what the product costs when it is extended
	PriceKept ExtensionPrice = "kept" // what it cost when the subscription was sold
)

// Extended returns a license as it is once nobody has cancelled its subscription in time: with the period that follows,
// its price for the parameters that the license has by then, and the end that the period sets. The scheduler writes what it
// returns, and the forecast runs it forward, so that the two cannot differ. ok is false when no period follows. What l
// holds stays as it is.
func (l License) Extended(zone *time.Location) (next License, ok bool) {
	if l.Subscription == nil {
		return l, false
	}
	sub := *l.Subscription
	p, ok := sub.Next()
	if !ok {
		return l, false
	}
	then := l
	then.Parameters = l.ParametersIn(p.Number)
	p.Units, p.Amount = then.PeriodPrice(sub.unitThen(l.Price))
	sub.Periods = slices.Clone(sub.Periods)
	sub.Periods[len(sub.Periods)-1].Outcome = PeriodExtended
	sub.Periods = append(sub.Periods, p)
	l.ExpiresAt, l.MaintenanceUntil = Prolong(sub.Plan.Type, p, zone)
	l.Subscription = &sub
	return l, true
}

// unitThen is what one unit costs from now on, where the product costs price: nil without a charge.
func (s Subscription) unitThen(price *Money) *Money {
	if s.Plan.ExtensionPrice == PriceKept {
		return s.Unit
	}
	return price
}

// PeriodPrice returns how many units a license has (seats × quantity), and what they cost for a whole period. An amount
// that no integer holds is the largest one: a subscription runs on whatever it costs.
func (l License) PeriodPrice(unit *Money) (units int64, amount *Money) {
	units, ok := multiply(Seats(l.Parameters, l.Definitions), int64(max(1, l.Quantity)))
	if !ok {
		units = math.MaxInt64
	}
	if unit == nil {
		return units, nil
	}
	total, ok := multiply(unit.Minor, units)
	if !ok {
		total = math.MaxInt64
	}
	return units, &Money{Minor: total, Currency: unit.Currency}
}

// CountedSeats is how many seats a license has with all that it carries: seats × quantity. ok is false where its product counts
// none.
func (l License) CountedSeats() (seats int64, ok bool) {
	if !slices.ContainsFunc(l.Definitions, func(p Parameter) bool { return p.Sets == SetsSeats }) {
		return 0, false
	}
	seats, _ = l.PeriodPrice(nil)
	return seats, true
}

// WithValues are values of which some are replaced by others of the same name, or joined by them at the end.
func WithValues(values, others []Value) []Value {
	if len(others) == 0 {
		return values
	}
	all := slices.Clone(values)
	for _, o := range others {
		if i := slices.IndexFunc(all, func(v Value) bool { return v.Name == o.Name }); i >= 0 {
			all[i] = o
		} else {
			all = append(all, o)
		}
	}
	return all
}
