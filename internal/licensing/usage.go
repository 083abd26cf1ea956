package licensing

import (
	"fmt"
	"strconv"
)

// The bounds of what parameters set in a license, whatever the rules say: they keep dates within the calendar that
// license files can express, and amounts within integers.
const (
	MaxSeats  = 1_000_000_000
	MaxDays   = 36_500 // about a hundred years
	MaxMonths = 1_200  // a hundred years
	MaxYears  = 100
	MaxUnits  = 1_000_000_000_000_000 // a float, which JSON's readers use, still keeps it
)

// Expiry returns the last licensed day that parameters set, and whether any does. A usage period counts the day of
// creation as its first. When several parameters set one, the earliest holds. An error means that params did not come
// from ResolveParameters.
func Expiry(params []Value, defs []Parameter, created Day) (lastDay Day, ok bool, err error) {
	for _, def := range defs {
		value, given := ValueOf(params, def.Name)
		if !given {
			continue
		}
		var day Day
		switch def.Sets {
		case SetsDays, SetsMonths, SetsYears:
			term, err := period(def, value)
			if err != nil {
				return Day{}, false, err
			}
			day = term.After(created).AddDays(-1)
		case SetsUntil:
			if day, err = ParseDay(value); err != nil {
				return Day{}, false, fmt.Errorf("parameter %s does not set a day: %w", def.Name, err)
			}
		default:
			continue
		}
		if !ok || day.Before(lastDay) {
			lastDay, ok = day, true
		}
	}
	return lastDay, ok, nil
}

// Maintenance returns the last day with maintenance that parameters set, and whether any does. A number of months
// counts the day of creation as its first. An error means that params did not come from ResolveParameters.
func Maintenance(params []Value, defs []Parameter, created Day) (lastDay Day, ok bool, err error) {
	for _, def := range defs {
		value, given := ValueOf(params, def.Name)
		if !given || def.Sets != SetsMaintenance {
			continue
		}
		if def.Type == "date" {
			if lastDay, err = ParseDay(value); err != nil {
				return Day{}, false, fmt.Errorf("parameter %s does not set a day: %w", def.Name, err)
			}
			return lastDay, true, nil
		}
		term, err := period(def, value)
		if err != nil {
			return Day{}, false, err
		}
		return term.After(created).AddDays(-1), true, nil
	}
	return Day{}, false, nil
}

// periods are the lengths of time that a number can mean, by what it sets.
var periods = map[Effect]struct {
	most int64
	one  Term
}{
	SetsDays:        {MaxDays, Term{Days: 1}},
	SetsMonths:      {MaxMonths, Term{Months: 1}},
	SetsYears:       {MaxYears, Term{Months: 12}},
	SetsMaintenance: {MaxMonths, Term{Months: 1}},
}

// period reads a length of time.
func period(def Parameter, value string) (Term, error) {
	p := periods[def.Sets]
	n, err := strconv.ParseInt(value, 10, 64)
	if err != nil || n < 1 || n > p.most {
		return Term{}, fmt.Errorf("parameter %s does not set a length of time", def.Name)
	}
	return Term{Months: p.one.Months * int(n), Days: p.one.Days * int(n)}, nil
}

// Units returns the value of the unit counter, and whether a parameter sets it.
func Units(params []Value, defs []Parameter) (int64, bool) {
	for _, def := range defs {
		if def.Sets != SetsUnits {
			continue
		}
		value, _ := ValueOf(params, def.Name)
		if n, err := strconv.ParseInt(value, 10, 64); err == nil && n >= 0 {
			return n, true
		}
	}
	return 0, false
}

// Features returns the feature map: the bits that the values set, put together, with their names in order of the bits.
// It reports false when no parameter sets any.
func Features(params []Value, defs []Parameter) (bits uint32, names []string, ok bool) {
	named := map[int]string{}
	for _, def := range defs {
		if def.Sets != SetsFeatures {
			continue
		}
		ok = true
		value, _ := ValueOf(params, def.Name)
		for _, f := range def.Features[value] {
			if f.Bit >= 0 && f.Bit < FeatureBits {
				bits |= 1 << f.Bit
				named[f.Bit] = f.Name
			}
		}
	}
	for bit := range FeatureBits {
		if name := named[bit]; name != "" {
			names = append(names, name)
		}
	}
	return bits, names, ok
}

// LicensedTo returns the customer's particulars that parameters put into the license file, by the names of Customer's
// JSON. A parameter that was left out takes what the license's customer has. It reports false when no parameter sets
// any.
func LicensedTo(params []Value, defs []Parameter, c Customer) (particulars map[string]string, ok bool) {
	particulars = map[string]string{}
	for _, def := range defs {
		if def.Sets != SetsCustomer {
			continue
		}
		ok = true
		value, given := ValueOf(params, def.Name)
		if !given {
			value = *c.particular(def.Particular)
		}
		if value != "" {
			particulars[def.Particular] = value
		}
	}
	return particulars, ok
}

// Seats returns how many may use one license: the value of the parameter that sets the seats, and 1 when none does or
// it was left out.
func Seats(params []Value, defs []Parameter) int64 {
	for _, def := range defs {
		if def.Sets != SetsSeats {
			continue
		}
		value, _ := ValueOf(params, def.Name)
		if n, err := strconv.ParseInt(value, 10, 64); err == nil && n >= 1 {
			return n
		}
	}
	return 1
}

// checkEffect checks that a canonical value can set what its parameter sets, and returns it as it is set. A rule is
// usually narrower; this holds also where it is not.
func checkEffect(p Parameter, value string, day Day) (string, error) {
	switch p.Sets {
	case SetsSeats:
		return value, checkWhole(value, 1, MaxSeats)
	case SetsDays, SetsMonths, SetsYears:
		return value, checkWhole(value, 1, periods[p.Sets].most)
	case SetsUnits:
		return value, checkWhole(value, 0, MaxUnits)
	case SetsUntil:
		return value, checkAhead(value, day)
	case SetsMaintenance:
		if p.Type == "date" {
			return value, checkAhead(value, day)
		}
		return value, checkWhole(value, 1, MaxMonths)
	case SetsCustomer:
		return checkParticular(p.Particular, value)
	}
	return value, nil
}

func checkAhead(value string, day Day) error {
	latest := day.AddDays(MaxDays)
	if until, err := ParseDay(value); err != nil || until.Before(day) || until.After(latest) {
		return InvalidParameter("", "Choose a day from %s to %s.", day, latest)
	}
	return nil
}

func checkWhole(value string, least, most int64) error {
	if n, err := strconv.ParseInt(value, 10, 64); err != nil || n < least || n > most {
		return InvalidParameter("", "Enter a whole number from %d to %d.", least, most)
	}
	return nil
}
