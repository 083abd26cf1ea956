package licensing

import (
	"fmt"
	"strconv"
)

// The bounds of what parameters set in a license, whatever the rules say: they keep dates within the calendar that
// license files can express, and amounts within integers.
const (
	MaxSeats = 1_000_000_000
	MaxDays  = 36_500 // about a hundred years
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
		case SetsDays:
			n, err := strconv.Atoi(value)
			if err != nil || n < 1 || n > MaxDays {
				return Day{}, false, fmt.Errorf("parameter %s does not set a number of days", def.Name)
			}
			day = created.AddDays(n - 1)
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

// checkEffect checks that a canonical value can set what its parameter sets. A rule is usually narrower; this holds
// also where it is not.
func checkEffect(sets Effect, value string, day Day) error {
	switch sets {
	case SetsSeats:
		return checkWhole(value, MaxSeats)
	case SetsDays:
		return checkWhole(value, MaxDays)
	case SetsUntil:
		latest := day.AddDays(MaxDays)
		if until, err := ParseDay(value); err != nil || until.Before(day) || until.After(latest) {
			return InvalidParameter("", "Choose a day from %s to %s.", day, latest)
		}
	}
	return nil
}

func checkWhole(value string, most int64) error {
	if n, err := strconv.ParseInt(value, 10, 64); err != nil || n < 1 || n > most {
		return InvalidParameter("", "Enter a whole number from 1 to %d.", most)
	}
	return nil
}
