package licensing

import "time"

// Alignment moves an end date forward to the end of something.
type Alignment string

// The alignments.
const (
	AlignNone     Alignment = ""
	AlignMonth    Alignment = "month"
	AlignQuarter  Alignment = "quarter"
	AlignHalfYear Alignment = "halfYear"
	AlignYear     Alignment = "year"
	AlignDay      Alignment = "day" // a fixed day of the year: Plan.AlignTo
)

// YearDay is a day of every year. 29 February is the last of February where there is none.
type YearDay struct {
	Month time.Month `json:"month"` // 1 to 12
	Date  int        `json:"date"`  // 1 to the length of the month in a leap year
}

// In returns the day in a year.
func (y YearDay) In(year int) Day {
	last := Day{year, y.Month, 1}.MonthEnd()
	return Day{year, y.Month, min(y.Date, last.Date)}
}

// known reports whether there is such a day.
func (y YearDay) known() bool {
	const leap = 2024
	return y.Month >= time.January && y.Month <= time.December && y.Date >= 1 && y.Date <= Day{leap, y.Month, 1}.MonthEnd().Date
}

// alignments say to which months' ends each moves an end date (every nth; 0: to none), and how a range of end dates is
// put in words.
var alignments = map[Alignment]struct {
	months int
	choose string
}{
	AlignNone:     {0, "Choose a day from %s to %s."},
	AlignMonth:    {1, "Choose the last day of a month from %s to %s."},
	AlignQuarter:  {3, "Choose the last day of a quarter from %s to %s."},
	AlignHalfYear: {6, "Choose the last day of a half-year from %s to %s."},
	AlignYear:     {12, "Choose the last day of a year from %s to %s."},
	AlignDay:      {0, "Choose the day of the year on which it ends, from %s to %s."},
}

// chooseWords are the words for a range of end dates, with the first and the last in it.
func (p Plan) chooseWords() string { return alignments[p.Align].choose }

// align moves a day forward to where the plan lets periods end.
func (p Plan) align(d Day) Day {
	if p.Align == AlignDay && p.AlignTo != nil {
		if day := p.AlignTo.In(d.Year); !day.Before(d) {
			return day
		}
		return p.AlignTo.In(d.Year + 1)
	}
	n := alignments[p.Align].months
	if n == 0 {
		return d
	}
	for int(d.Month)%n != 0 {
		d = d.MonthEnd().AddDays(1)
	}
	return d.MonthEnd()
}

// alignBack moves a day back to where the plan lets periods end; one on which they may end stays.
func (p Plan) alignBack(d Day) Day {
	if p.align(d) == d {
		return d
	}
	switch {
	case p.Align == AlignDay && p.AlignTo != nil:
		if day := p.AlignTo.In(d.Year); !day.After(d) {
			return day
		}
		return p.AlignTo.In(d.Year - 1)
	default:
		n := alignments[p.Align].months
		return p.align(d).AddMonths(-n).MonthEnd()
	}
}
