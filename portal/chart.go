package portal

import (
	"context"
	"math"
	"strconv"

	"github.com/bojanz/currency"

	"kontor/internal/licensing"
	"kontor/internal/subscriptions"
)

// valueChart is the drawing of what extends and ends in one currency: bars up and down from a line, x in percent and y in
// pixels.
type valueChart struct {
	Currency string // "": numbers of licenses
	Unit     string // what the axis counts, in words
	Bars     []valueBar
	Ticks    []valueTick
	Zero     float64 // y of the line
	Height   int
	Width    float64 // of a bar
	Spoken   string  // what it shows, for who does not see it
	Rows     []valueRow
}

// valueBar is one month, or one year.
type valueBar struct {
	X                        float64
	Extends, Less, Ends, End float64 // heights: what extends, what would besides, what ends, which part of that is tried out
	Label                    string
	Minor                    bool // a phone leaves the label out
}

type valueTick struct {
	Y     float64
	Label string
}

// valueRow is a bar in words.
type valueRow struct{ Label, Extends, Ends string }

// The measures of the drawing.
const (
	chartTop    = 31.5  // px above the highest grid line
	chartBars   = 175.0 // px that the highest and the deepest bar have together
	chartBottom = 34    // px below the deepest bar, for labels
	chartLeft   = 4.0   // % that the axis' words take
	mostMonths  = 24    // more are drawn by year
)

// drawValues lays the values out, by month, or by year where months would be too many.
func drawValues(ctx context.Context, v subscriptions.ForecastValue) valueChart {
	parts, byYear := v.Months, len(v.Months) > mostMonths
	if byYear {
		parts = years(v.Months)
	}
	up, down := 0.0, 0.0
	for _, p := range parts {
		up, down = max(up, float64(p.Extends+p.Less)), max(down, float64(p.Ends))
	}
	digits := 0
	if d, ok := currency.GetDigits(v.Currency); ok {
		digits = int(d)
	}
	unit := math.Pow10(digits)
	c := valueChart{Currency: v.Currency, Unit: v.Currency}
	if v.Currency == "" {
		c.Unit = T(ctx, "machine.licenses")
	}
	if max(up, down) >= 1_000*unit {
		unit *= 1000
		c.Unit = T(ctx, "machine.thousand", "Unit", c.Unit)
	}
	step := niceStep(max(up, down/2) / unit)
	highest := math.Ceil(up/unit/step) * step
	scale := chartBars / max(highest*unit+down, unit)
	c.Zero = chartTop + highest*unit*scale
	c.Height = int(c.Zero + down*scale + chartBottom)
	for value := 0.0; value <= highest+step/2; value += step {
		c.Ticks = append(c.Ticks, valueTick{c.Zero - value*unit*scale, strconv.FormatFloat(value, 'f', -1, 64)})
	}
	slot := (100 - chartLeft) / float64(len(parts))
	c.Width = min(slot*0.6, 4)
	for i, p := range parts {
		bar := valueBar{
			X: chartLeft + slot*float64(i) + (slot-c.Width)/2, Extends: float64(p.Extends) * scale, Less: float64(p.Less) * scale,
			Ends: float64(p.Ends-p.More) * scale, End: float64(p.More) * scale,
		}
		bar.Label, bar.Minor = barLabel(ctx, p.First, i, len(parts), byYear)
		c.Bars = append(c.Bars, bar)
		c.Rows = append(c.Rows, valueRow{partName(ctx, p.First, byYear), c.amount(p.Extends), c.amount(p.Ends)})
	}
	c.Spoken = T(ctx, "machine.spoken", "From", c.Rows[0].Label, "To", c.Rows[len(c.Rows)-1].Label, "Extends", c.amount(v.Total.Extends), "Ends", c.amount(v.Total.Ends))
	return c
}

// amount is a value in words.
func (c valueChart) amount(n int64) string {
	if c.Currency == "" {
		return number(int(n))
	}
	return money(&licensing.Money{Minor: n, Currency: c.Currency})
}

// niceStep is the distance of grid lines for values up to most: 1, 2 or 5 times a power of ten, so that there are few.
func niceStep(most float64) float64 {
	for power := 1.0; ; power *= 10 {
		for _, factor := range []float64{1, 2, 5} {
			if most <= 4*factor*power {
				return factor * power
			}
		}
	}
}

// years are the sums of months by year.
func years(months []subscriptions.ForecastMonth) (all []subscriptions.ForecastMonth) {
	for _, m := range months {
		if len(all) == 0 || all[len(all)-1].First.Year != m.First.Year {
			all = append(all, subscriptions.ForecastMonth{First: m.First})
		}
		y := &all[len(all)-1]
		y.Extends, y.Ends, y.Less, y.More = y.Extends+m.Extends, y.Ends+m.Ends, y.Less+m.Less, y.More+m.More
	}
	return all
}

func partName(ctx context.Context, d licensing.Day, byYear bool) string {
	if byYear {
		return strconv.Itoa(d.Year)
	}
	return T(ctx, "machine.month", "Month", T(ctx, "month.m"+strconv.Itoa(int(d.Month))), "Year", d.Year)
}

// barLabel is what stands below a bar: "Dec", "Jan 2027", "2031"; "" where there is no room. A phone leaves out the minor.
func barLabel(ctx context.Context, d licensing.Day, i, n int, byYear bool) (label string, minor bool) {
	const roomFor = 14
	if byYear {
		every := (n + roomFor - 1) / roomFor
		if i%every != 0 {
			return "", true
		}
		return strconv.Itoa(d.Year), i/every%3 != 0
	}
	if n > roomFor && i%3 != 0 {
		return "", true
	}
	label = T(ctx, "monthShort.m"+strconv.Itoa(int(d.Month)))
	if i == 0 && n > roomFor || i > 0 && (d.Month == 1 || n > roomFor && d.Month < 4) {
		label += " " + strconv.Itoa(d.Year)
	}
	return label, n <= roomFor && i%3 != 1 || n > roomFor && i%6 != 0
}

// calendarMonth is a month as a calendar shows it.
type calendarMonth struct {
	First licensing.Day
	Weeks [][7]calendarDay // from Monday; days of other months are zero
}

// calendarDay is a day with what happens on it.
type calendarDay struct {
	Day         licensing.Day // zero: none
	Past, Today bool
	subscriptions.ForecastDay
}

// busy reports whether something happens.
func (d calendarDay) busy() bool { return d.CancelBy+d.Extended+d.Ended > 0 }

// drawCalendar lays months out, from the one of a day on.
func drawCalendar(from licensing.Day, f subscriptions.Forecast) (all []calendarMonth) {
	for i := range calendarMonths {
		first := licensing.Day{Year: from.Year, Month: from.Month, Date: 1}.AddMonths(i)
		m := calendarMonth{First: first}
		column := (int(first.Weekday()) + 6) % 7
		for day := first; day.Month == first.Month; day = day.AddDays(1) {
			if column == 0 || len(m.Weeks) == 0 {
				m.Weeks = append(m.Weeks, [7]calendarDay{})
			}
			m.Weeks[len(m.Weeks)-1][column] = calendarDay{Day: day, Past: day.Before(f.Today), Today: day == f.Today, ForecastDay: f.Days[day]}
			column = (column + 1) % 7
		}
		all = append(all, m)
	}
	return all
}

// happens says what happens on a day: "29 November: last day to cancel, extended (3)".
func (d calendarDay) happens(ctx context.Context) string {
	var what []string
	for _, e := range []struct {
		n   int
		key licensing.ForecastKind
	}{{d.CancelBy, licensing.ForecastCancelBy}, {d.Extended, licensing.ForecastExtended}, {d.Ended, licensing.ForecastEnded}} {
		if e.n == 1 {
			what = append(what, T(ctx, "machine.day."+string(e.key)))
		} else if e.n > 1 {
			what = append(what, T(ctx, "machine.several", "What", T(ctx, "machine.day."+string(e.key)), "N", number(e.n)))
		}
	}
	return T(ctx, "machine.happens", "Day", dayLong(ctx, d.Day), "What", and(ctx, what))
}
