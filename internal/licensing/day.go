package licensing

import (
	"cmp"
	"fmt"
	"time"
)

// Day is a day of the calendar, without time and zone. The zero Day is no day.
type Day struct {
	Year  int
	Month time.Month
	Date  int
}

// DayOf returns the day on which t falls in zone.
func DayOf(t time.Time, zone *time.Location) Day {
	y, m, d := t.In(zone).Date()
	return Day{y, m, d}
}

// ParseDay reads a day in the form 2027-01-31. A zone suffix is refused, as is a day that is in no calendar.
func ParseDay(s string) (Day, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil || t.Year() < 1 {
		return Day{}, fmt.Errorf("%q is not a day of the form 2027-01-31", s)
	}
	return DayOf(t, time.UTC), nil
}

// String returns the form 2027-01-31; the zero Day is the empty string.
func (d Day) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Date)
}

// MarshalText implements encoding.TextMarshaler with the form 2027-01-31.
func (d Day) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler; empty text is the zero Day.
func (d *Day) UnmarshalText(b []byte) (err error) {
	*d = Day{}
	if len(b) > 0 {
		*d, err = ParseDay(string(b))
	}
	return err
}

// IsZero reports whether d is no day.
func (d Day) IsZero() bool { return d == Day{} }

// Compare returns -1, 0 or 1 as d is before, on or after e.
func (d Day) Compare(e Day) int {
	return cmp.Or(cmp.Compare(d.Year, e.Year), cmp.Compare(d.Month, e.Month), cmp.Compare(d.Date, e.Date))
}

// Before reports whether d comes before e.
func (d Day) Before(e Day) bool { return d.Compare(e) < 0 }

// After reports whether d comes after e.
func (d Day) After(e Day) bool { return d.Compare(e) > 0 }

// AddDays returns the day n days later; n may be negative.
func (d Day) AddDays(n int) Day {
	y, m, date := time.Date(d.Year, d.Month, d.Date+n, 0, 0, 0, 0, time.UTC).Date()
	return Day{y, m, date}
}

// AddMonths returns the same date n months later, or the last day of that month when it has no such date
// (31 January plus one month is 28 or 29 February). n may be negative.
func (d Day) AddMonths(n int) Day {
	first := time.Date(d.Year, d.Month+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return Day{first.Year(), first.Month(), min(d.Date, last)}
}

// MonthEnd returns the last day of d's month.
func (d Day) MonthEnd() Day {
	return DayOf(time.Date(d.Year, d.Month+1, 0, 0, 0, 0, 0, time.UTC), time.UTC)
}

// DaysUntil returns how many days e is after d; negative when it is before.
func (d Day) DaysUntil(e Day) int {
	return int(e.midnight(time.UTC).Sub(d.midnight(time.UTC)) / (24 * time.Hour))
}

// Begin returns the instant at which d begins in zone. Where a clock change skips midnight, it is the first instant
// after the gap.
func (d Day) Begin(zone *time.Location) time.Time {
	t := d.midnight(zone)
	if DayOf(t, zone) != d { // midnight does not exist there; Go returned the instant before the gap
		for DayOf(t, zone) != d {
			t = t.Add(15 * time.Minute)
		}
	}
	return t.UTC()
}

// Weekday returns the day of the week.
func (d Day) Weekday() time.Weekday { return d.midnight(time.UTC).Weekday() }

// Time returns d at midnight UTC, for formatting.
func (d Day) Time() time.Time { return d.midnight(time.UTC) }

func (d Day) midnight(zone *time.Location) time.Time {
	return time.Date(d.Year, d.Month, d.Date, 0, 0, 0, 0, zone)
}
