package subscriptions

import (
	"context"
	"maps"
	"slices"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

// ForecastView says what of a forecast is looked at.
type ForecastView struct {
	ForecastFilter
	After     string        // the place behind which lines are shown; "": from the first
	Lines     int           // how many; 0 to MaxLines
	Reminders bool          // reminders stand among the lines
	From      licensing.Day // the first day of the calendar's first month; zero: this month
	Months    int           // how many months the calendar has
}

// MaxLines is the most lines of a page.
const MaxLines = 500

// Forecast is a picture of what will happen.
type Forecast struct {
	Today         licensing.Day
	Subscriptions int // that have not ended
	// Ends is how many end dates come up to the filter's day; so many of them move on by an extension, and so many are
	// final.
	Ends, Extends, Final int
	Tried                []*Forecasted // whose cancellations are tried out
	Values               []ForecastValue
	Days                 map[licensing.Day]ForecastDay // of the calendar's months, where something happens
	Lines                []ForecastLine
	Total                int    // lines in all
	Before               int    // lines before those
	Next                 string // for After; "": there are no more
}

// ForecastValue is what extends and ends in a currency, by month of the end date.
type ForecastValue struct {
	Currency string // "": these have no price; their values are numbers of licenses
	Total    ForecastMonth
	Months   []ForecastMonth // every one up to the filter's day, the first of them today's
}

// ForecastMonth is the value of what extends and ends in a month, in minor units of a currency. What is tried out counts
// as if it were done.
type ForecastMonth struct {
	First   licensing.Day // the first day of the month
	Extends int64         // what the next periods cost
	Ends    int64         // what one more period would have cost
	Less    int64         // what would extend besides, if nothing were tried out
	More    int64         // which part of Ends is tried out
}

// ForecastDay is how much happens on a day.
type ForecastDay struct{ CancelBy, Extended, Ended int }

// Forecast draws what will happen within the actor's sight, when nobody does anything but what is tried out. Everything is
// read once, and only what is shown is held. The errors are those of ForecastLines.
func (s *Service) Forecast(ctx context.Context, actor licensing.Actor, v ForecastView) (Forecast, error) {
	return usecase.Read(ctx, s.runner, actor, func(ctx context.Context, tx *usecase.Tx) (Forecast, error) {
		sight, err := sightOfActor(ctx, tx)
		if err != nil {
			return Forecast{}, err
		}
		p := newPicture(tx.Now().Today(), v)
		if p.Subscriptions, err = v.walk(ctx, tx, sight, p.add); err != nil {
			return Forecast{}, err
		}
		p.finish()
		of := p.Tried
		for _, l := range p.Lines {
			of = append(of, l.Of)
		}
		return p.Forecast, fill(ctx, tx, sight, of)
	})
}

// picture is a forecast that is being drawn.
type picture struct {
	Forecast
	view   ForecastView
	to     licensing.Day // the last day of the calendar
	window *window
	values map[string]*ForecastValue
}

func newPicture(today licensing.Day, v ForecastView) *picture {
	if v.From.IsZero() {
		v.From = today
	}
	v.From.Date = 1
	v.Lines = min(max(v.Lines, 0), MaxLines)
	return &picture{
		Forecast: Forecast{Today: today, Days: map[licensing.Day]ForecastDay{}}, view: v, to: v.From.AddMonths(v.Months).AddDays(-1),
		window: newWindow(v.After, v.Lines), values: map[string]*ForecastValue{},
	}
}

func (p *picture) add(l ForecastLine) bool {
	if l.Kind != licensing.ForecastReminder || p.view.Reminders {
		p.Total++
		if p.window.after != nil && keyOf(l).compare(*p.window.after) <= 0 {
			p.Before++
		}
		p.window.add(l)
	}
	if l.Tried && !slices.Contains(p.Tried, l.Of) { // few: at most MaxTried
		p.Tried = append(p.Tried, l.Of)
	}
	p.count(l)
	if !l.Spared && !l.On.Before(p.view.From) && !l.On.After(p.to) {
		d := p.Days[l.On]
		switch l.Kind {
		case licensing.ForecastCancelBy:
			d.CancelBy++
		case licensing.ForecastExtended:
			d.Extended++
		case licensing.ForecastEnded:
			d.Ended++
		case licensing.ForecastReminder:
			return true
		}
		p.Days[l.On] = d
	}
	return true
}

// count adds an end date to its month.
func (p *picture) count(l ForecastLine) {
	end := l.Period.End
	if l.Kind == licensing.ForecastExtended {
		end = l.Before.End
	} else if l.Kind != licensing.ForecastEnded {
		return
	}
	if end.After(p.view.Until) {
		return
	}
	currency, amount := "", int64(1)
	if l.Amount != nil {
		currency, amount = l.Amount.Currency, l.Amount.Minor
	}
	value := p.values[currency]
	if value == nil {
		value = &ForecastValue{Currency: currency, Months: months(p.Today, p.view.Until)}
		p.values[currency] = value
	}
	at := min(max((end.Year-p.Today.Year)*12+int(end.Month-p.Today.Month), 0), len(value.Months)-1)
	for _, m := range []*ForecastMonth{&value.Total, &value.Months[at]} {
		switch {
		case l.Kind == licensing.ForecastExtended && l.Spared:
			m.Less += amount
		case l.Kind == licensing.ForecastExtended:
			m.Extends += amount
		case l.Tried && !l.Spared:
			m.Ends += amount
			m.More += amount
		case !l.Spared:
			m.Ends += amount
		}
	}
	switch {
	case l.Spared:
	case l.Kind == licensing.ForecastExtended:
		p.Extends++
		p.Ends++
	default:
		p.Final++
		p.Ends++
	}
}

// months are those from a day's to another's.
func months(from, to licensing.Day) (all []ForecastMonth) {
	for first := (licensing.Day{Year: from.Year, Month: from.Month, Date: 1}); !first.After(to); first = first.AddMonths(1) {
		all = append(all, ForecastMonth{First: first})
	}
	return all
}

func (p *picture) finish() {
	for _, currency := range slices.Sorted(maps.Keys(p.values)) {
		p.Values = append(p.Values, *p.values[currency])
	}
	// What has a price comes first.
	slices.SortStableFunc(p.Values, func(a, b ForecastValue) int {
		if (a.Currency == "") != (b.Currency == "") {
			if a.Currency == "" {
				return 1
			}
			return -1
		}
		return 0
	})
	p.Lines = p.window.sorted()
	if p.window.more && len(p.Lines) > 0 {
		p.Next = keyOf(p.Lines[len(p.Lines)-1]).cursor()
	}
}
