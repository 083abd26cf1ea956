package portal

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"kontor/internal/licensing"
	"kontor/internal/subscriptions"
)

// timeMachineFilters are the names that the page's address knows.
var timeMachineFilters = []string{"until", "below", "category", "product", "cancel", "mails", "month", "behind"}

// The sizes of the page.
const (
	forecastLines  = 50
	calendarMonths = 4
	forecastAhead  = 12 // months after this one, when the address does not say up to when
)

// timeMachinePage is what the page shows.
type timeMachinePage struct {
	Query    listQuery
	Until    licensing.Day
	Filters  []listFilter
	Forecast subscriptions.Forecast
	Charts   []valueChart
	Months   []calendarMonth
	Mails    bool     // reminders and what is told stand among the lines
	Tells    []string // the names of the systems that are told
	Problem  string
	// Kept are the tried licenses whose lines are not on this page.
	Kept []licensing.LicenseID
}

func (s *site) timeMachine(v *visit) error {
	q := readList(v, timeMachineFilters, "time-machine")
	choices, err := s.choicesOf(v)
	if err != nil {
		return err
	}
	p := timeMachinePage{Query: q, Filters: catalogFilters(v.ctx(), q, choices), Mails: q.get("mails") != "", Tells: s.connectors()}
	view := forecastViewOf(q, v.today())
	p.Forecast, err = s.services.Subscriptions.Forecast(v.ctx(), v.actor, view)
	status := http.StatusOK
	if problem := licensing.AsError(err); err != nil && problem.Kind == licensing.Invalid {
		// What was asked for stands there with what is allowed, and the picture is the usual one.
		p.Problem, status = sentence(v.ctx(), problem), http.StatusUnprocessableEntity
		view.Until, view.Tried = usualUntil(v.today()), nil
		p.Forecast, err = s.services.Subscriptions.Forecast(v.ctx(), v.actor, view)
	}
	if err != nil {
		return err
	}
	p.Until = view.Until
	for _, value := range p.Forecast.Values {
		p.Charts = append(p.Charts, drawValues(v.ctx(), value))
	}
	p.Months = drawCalendar(view.From, p.Forecast)
	p.Kept = p.kept()
	if v.fragment() { // htmx puts no other status in its place
		return v.show(http.StatusOK, timeMachineResults(p))
	}
	return v.show(status, timeMachine(p))
}

// usualUntil is the last day of the picture when the address does not say it: a month's last, so that none is cut.
func usualUntil(today licensing.Day) licensing.Day {
	return licensing.MonthOf(licensing.Day{Year: today.Year, Month: today.Month, Date: 1}.AddMonths(forecastAhead)).Last()
}

// forecastFilterOf turns an address into what the use case takes.
func forecastFilterOf(q listQuery, today licensing.Day) subscriptions.ForecastFilter {
	f := subscriptions.ForecastFilter{Until: q.day("until"), Group: q.get("below"), Category: q.get("category"), Product: q.get("product")}
	if f.Until.IsZero() {
		f.Until = usualUntil(today)
	}
	for _, id := range q.Values["cancel"] {
		f.Tried = append(f.Tried, licensing.LicenseID(id)) // one that is not there changes nothing
	}
	return f
}

func forecastViewOf(q listQuery, today licensing.Day) subscriptions.ForecastView {
	from, err := licensing.ParseDay(q.get("month") + "-01")
	if err != nil || from.Before(today) {
		from = licensing.Day{Year: today.Year, Month: today.Month, Date: 1}
	}
	return subscriptions.ForecastView{
		ForecastFilter: forecastFilterOf(q, today), After: q.get("behind"), Lines: forecastLines, Reminders: q.get("mails") != "", From: from, Months: calendarMonths,
	}
}

// kept are the tried licenses that no box on the page stands for.
func (p timeMachinePage) kept() (all []licensing.LicenseID) {
	shown := map[licensing.LicenseID]bool{}
	for _, l := range p.Forecast.Lines {
		if canTry(l) {
			shown[l.Of.ID] = true
		}
	}
	for _, of := range p.Forecast.Tried {
		if !shown[of.ID] {
			all = append(all, of.ID)
		}
	}
	return all
}

// canTry reports whether a line has the box by which a cancellation is tried out: the next last day to cancel.
func canTry(l subscriptions.ForecastLine) bool {
	return l.Kind == licensing.ForecastCancelBy && l.Period.Number == l.Of.Cancels
}

// address is the page's with one thing changed.
func (p timeMachinePage) address(ctx context.Context, name string, values ...string) string {
	return p.Query.with(name, values...).address(ctx)
}

// usual is the page without filters and trials.
func (p timeMachinePage) usual(ctx context.Context) string { return at(ctx, "time-machine") }

// cancelAddress leads to the question whether to cancel what is tried out.
func (p timeMachinePage) cancelAddress(ctx context.Context) string {
	values := url.Values{}
	for _, of := range p.Forecast.Tried {
		values.Add("id", string(of.ID))
	}
	return at(ctx, "licenses", "cancel") + "?" + values.Encode()
}

// file is the address of all lines as a file.
func (p timeMachinePage) file(ctx context.Context, format licensing.ExportFormat) string {
	values := url.Values{"format": {string(format)}}
	for _, v := range p.Query.hidden("behind", "month") {
		values.Add(v.Name, v.Value)
	}
	return at(ctx, "time-machine", "file") + "?" + values.Encode()
}

// narrowed reports whether the address asks for less than everything.
func (p timeMachinePage) narrowed() bool {
	return p.Query.get("below") != "" || p.Query.get("category") != "" || p.Query.get("product") != ""
}

// summary is "Of 61 end dates up to 30 November 2027, 50 move on, for 67,870.00 EUR; 11 are final, worth 6,330.00 EUR."
func (p timeMachinePage) summary(ctx context.Context) (text string) {
	f := p.Forecast
	if f.Ends == 0 {
		return T(ctx, "machine.noEnds", "Day", dayLong(ctx, p.Until))
	}
	return T(ctx, "machine.ofEnds", "Count", f.Ends, "N", number(f.Ends), "Day", dayLong(ctx, p.Until))
}

// moving and final are the two halves of that sentence.
func (p timeMachinePage) moving(ctx context.Context) string {
	if p.Forecast.Extends == 0 {
		return T(ctx, "machine.noneMoves")
	}
	return T(ctx, "machine.moving", "Count", p.Forecast.Extends, "N", number(p.Forecast.Extends)) + p.worth(ctx, "machine.for", func(m subscriptions.ForecastMonth) int64 { return m.Extends })
}

func (p timeMachinePage) final(ctx context.Context) string {
	if p.Forecast.Final == 0 {
		return T(ctx, "machine.noneFinal")
	}
	return T(ctx, "machine.final", "Count", p.Forecast.Final, "N", number(p.Forecast.Final)) + p.worth(ctx, "machine.worth", func(m subscriptions.ForecastMonth) int64 { return m.Ends })
}

// less is what trying out takes from the extensions: "930.00 EUR less extends."
func (p timeMachinePage) less(ctx context.Context) string {
	sums := p.sums(func(m subscriptions.ForecastMonth) int64 { return m.Less })
	if len(sums) == 0 {
		return T(ctx, "machine.nothingLess")
	}
	return T(ctx, "machine.less", "Amounts", and(ctx, sums))
}

func (p timeMachinePage) worth(ctx context.Context, key string, of func(subscriptions.ForecastMonth) int64) string {
	sums := p.sums(of)
	if len(sums) == 0 {
		return ""
	}
	return T(ctx, key, "Amounts", and(ctx, sums))
}

// sums are amounts in every currency that has one.
func (p timeMachinePage) sums(of func(subscriptions.ForecastMonth) int64) (all []string) {
	for _, v := range p.Forecast.Values {
		if n := of(v.Total); n != 0 && v.Currency != "" {
			all = append(all, money(&licensing.Money{Minor: n, Currency: v.Currency}))
		}
	}
	return all
}

// and is "1.00 EUR and 2.00 USD".
func and(ctx context.Context, items []string) string {
	if len(items) < 2 {
		return items[0]
	}
	last := len(items) - 1
	text := items[0]
	for _, i := range items[1:last] {
		text += ", " + i
	}
	return T(ctx, "machine.and", "Items", text, "Last", items[last])
}

// oneCurrency is the currency of all lines, which the column's head names then; "" when there are several, or none.
func (p timeMachinePage) oneCurrency() (code string) {
	for _, v := range p.Forecast.Values {
		if v.Currency != "" && code != "" {
			return ""
		}
		if v.Currency != "" {
			code = v.Currency
		}
	}
	return code
}

// forecastAmount is what a line's extension costs.
func (p timeMachinePage) forecastAmount(l subscriptions.ForecastLine) string {
	switch {
	case l.Kind != licensing.ForecastExtended || l.Amount == nil:
		return ""
	case p.oneCurrency() != "":
		return figure(l.Amount)
	default:
		return money(l.Amount)
	}
}

// forecastLicense is "Aurora Suite, 12 seats".
func forecastLicense(ctx context.Context, of *subscriptions.Forecasted) string {
	if of.Seats == 0 {
		return of.ProductName
	}
	return T(ctx, "machine.license", "Name", of.ProductName, "Count", of.Seats, "N", number(of.Seats))
}

// tells says who hears of a line: other systems, and people by mail. "" when nobody does.
func tells(ctx context.Context, l subscriptions.ForecastLine, connectors []string) string {
	var who []string
	for _, t := range l.Tells() {
		if t != licensing.TellERP {
			who = append(who, T(ctx, "machine.tells."+string(t)))
			continue
		}
		for _, name := range connectors {
			who = append(who, T(ctx, "machine.message", "Name", name))
		}
	}
	if len(who) == 0 {
		return ""
	}
	return capital(and(ctx, who))
}

// connectors are the names of the systems that are told, in order.
func (s *site) connectors() []string { return slices.Sorted(maps.Values(s.config.ConnectorNames)) }

// forecastWord is what happens: "Extended to 29 Dec 2027".
func forecastWord(ctx context.Context, l subscriptions.ForecastLine) string {
	return T(ctx, "machine.event."+string(l.Kind), "Day", dayShort(ctx, l.Period.End), "CancelBy", dayShort(ctx, l.Period.CancelBy))
}

// month is the page with the calendar at another month; on with the lines from a day on.
func (p timeMachinePage) month(ctx context.Context, first licensing.Day) string {
	return p.address(ctx, "month", first.String()[:len("2026-11")]) + "#c-cal"
}

func (p timeMachinePage) on(ctx context.Context, d licensing.Day) string {
	return p.address(ctx, "behind", subscriptions.ForecastAt(d)) + "#days"
}

// more leads to the next lines: "The next 50 of 143".
func (p timeMachinePage) more(ctx context.Context) string {
	left := p.Forecast.Total - p.Forecast.Before - len(p.Forecast.Lines)
	return T(ctx, "machine.more", "N", number(min(left, forecastLines)), "Left", number(left))
}

// pixels is a length in a drawing.
func pixels(v float64) string { return strconv.FormatFloat(v, 'f', 1, 64) }
