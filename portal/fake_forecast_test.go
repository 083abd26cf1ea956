package portal_test

import (
	"cmp"
	"context"
	"slices"

	"kontor/internal/licensing"
	"kontor/internal/subscriptions"
)

// Forecast implements portal.Forecasts: the pure rule of every license in sight, in order, with all lines on one page.
func (w *world) Forecast(_ context.Context, a licensing.Actor, v subscriptions.ForecastView) (f subscriptions.Forecast, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	f.Today, f.Days = w.now.Today(), map[licensing.Day]subscriptions.ForecastDay{}
	if v.Until.Before(f.Today) {
		return f, licensing.InvalidRequest("until", "Choose a day from %s on.", f.Today)
	}
	sum := subscriptions.ForecastValue{Currency: "EUR"}
	for first := (licensing.Day{Year: f.Today.Year, Month: f.Today.Month, Date: 1}); !first.After(v.Until); first = first.AddMonths(1) {
		sum.Months = append(sum.Months, subscriptions.ForecastMonth{First: first})
	}
	f.Lines, f.Tried, f.Subscriptions = w.foresee(a, v.ForecastFilter)
	for _, l := range f.Lines {
		d := f.Days[l.On]
		amount := int64(18000)
		if l.Amount != nil {
			amount = l.Amount.Minor
		}
		m := &sum.Months[min(len(sum.Months)-1, (l.Period.End.Year-f.Today.Year)*12+int(l.Period.End.Month-f.Today.Month))]
		switch {
		case l.Kind == licensing.ForecastCancelBy:
			d.CancelBy++
		case l.Spared:
			m.Less, sum.Total.Less = m.Less+amount, sum.Total.Less+amount
		case l.Kind == licensing.ForecastExtended:
			d.Extended++
			f.Ends, f.Extends = f.Ends+1, f.Extends+1
			m.Extends, sum.Total.Extends = m.Extends+amount, sum.Total.Extends+amount
		case l.Kind == licensing.ForecastEnded:
			d.Ended++
			f.Ends, f.Final = f.Ends+1, f.Final+1
			m.Ends, sum.Total.Ends = m.Ends+amount, sum.Total.Ends+amount
		}
		f.Days[l.On] = d
	}
	if f.Ends > 0 {
		f.Values = []subscriptions.ForecastValue{sum}
	}
	f.Total = len(f.Lines)
	return f, nil
}

// ForecastLines implements portal.Forecasts.
func (w *world) ForecastLines(_ context.Context, a licensing.Actor, f subscriptions.ForecastFilter, yield func(licensing.Day, []subscriptions.ForecastLine) error) error {
	w.mu.Lock()
	lines, _, _ := w.foresee(a, f)
	today := w.now.Today()
	times, fails := max(w.forecastTimes, 1), w.forecastFails
	w.mu.Unlock()
	for range times {
		if err := yield(today, lines); err != nil {
			return err
		}
	}
	return fails
}

func (w *world) foresee(a licensing.Actor, f subscriptions.ForecastFilter) (lines []subscriptions.ForecastLine, tried []*subscriptions.Forecasted, n int) {
	today := w.now.Today()
	for _, o := range w.orders {
		for _, l := range o.Licenses {
			if l.GroupCode != a.GroupCode || l.Subscription == nil {
				continue
			}
			n++
			of := &subscriptions.Forecasted{
				ID: l.ID, Ticket: l.Ticket, GroupCode: l.GroupCode, GroupName: l.GroupName, ProductCode: l.ProductCode, ProductName: l.ProductName, Quantity: l.Quantity,
				Customer: l.Customer, Seats: int(licensing.Seats(l.Parameters, l.Definitions)), Cancels: l.Subscription.Last().Number,
			}
			trial := slices.Contains(f.Tried, l.ID)
			if trial {
				tried = append(tried, of)
			}
			for e := range l.Forecast(today, f.Until, berlin, false) {
				lines = append(lines, subscriptions.ForecastLine{ForecastEvent: e, Of: of, Tried: trial, Spared: trial && e.Period.Number > of.Cancels})
			}
		}
	}
	slices.SortStableFunc(lines, func(a, b subscriptions.ForecastLine) int {
		return cmp.Or(a.On.Compare(b.On), cmp.Compare(a.Of.ID, b.Of.ID))
	})
	return lines, tried, n
}

// CalendarFeed implements portal.Forecasts.
func (w *world) CalendarFeed(_ context.Context, a licensing.Actor) (subscriptions.CalendarFeed, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return subscriptions.CalendarFeed{Exists: w.calendar == a.ID, MadeAt: w.now.Wall}, nil
}

// MakeCalendarFeed implements portal.Forecasts. There is one address, with one secret.
func (w *world) MakeCalendarFeed(_ context.Context, a licensing.Actor, _ string) (subscriptions.CalendarFeed, bool, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.calendar = a.ID
	return subscriptions.CalendarFeed{Exists: true, MadeAt: w.now.Wall, Address: "https://kontor.example/calendar/secret.ics"}, false, nil
}

// WithdrawCalendarFeed implements portal.Forecasts.
func (w *world) WithdrawCalendarFeed(context.Context, licensing.Actor, string) (subscriptions.CalendarFeed, bool, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.calendar = ""
	return subscriptions.CalendarFeed{}, false, nil
}

// CalendarAt implements portal.Forecasts.
func (w *world) CalendarAt(_ context.Context, secret string) (subscriptions.Calendar, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if secret != "secret.ics" || w.calendar == "" {
		return subscriptions.Calendar{}, licensing.NotFoundError("", "There is no calendar at this address.")
	}
	c := subscriptions.Calendar{GroupName: "Northwind", GroupCode: "northwind", PortalURL: "https://kontor.example"}
	lines, _, _ := w.foresee(licensing.Actor{Membership: licensing.Membership{GroupCode: "northwind"}}, subscriptions.ForecastFilter{Until: theDay.AddMonths(24)})
	for _, l := range lines {
		if l.Kind == licensing.ForecastCancelBy {
			c.Lines = append(c.Lines, l)
		}
	}
	return c, nil
}
