package portal

import (
	"context"
	"net/url"
	"strings"

	"kontor/internal/licensing"
)

// The names of the fields by which the first period of a subscription is chosen, as the use case names them.
const (
	startDateField = "startDate"
	endDateField   = "endDate"
)

// dateFields are the start and the end date of a subscription, where whoever orders may choose them.
func dateFields(ctx context.Context, p *licensing.Plan, today licensing.Day, form url.Values) (fields []field) {
	if p == nil {
		return nil
	}
	if p.StartAhead > 0 {
		f := dayField(ctx, startDateField, T(ctx, "new.startDate"), T(ctx, "new.startHint"), today, today.AddDays(p.StartAhead), today)
		f.Value = form.Get(startDateField)
		fields = append(fields, f)
	}
	if f := endField(ctx, p, today, form); f != nil {
		fields = append(fields, *f)
	}
	return fields
}

// endField is the end date, with the range that the start has which the form says; nil where it cannot be chosen. While
// another start is typed in, the bill brings its range: see quoteTable.
func endField(ctx context.Context, p *licensing.Plan, today licensing.Day, form url.Values) *field {
	first, last, ok := p.Choice(chosenStart(p, today, form), today)
	if !ok {
		return nil
	}
	f := dayField(ctx, endDateField, T(ctx, "new.endDate"), endHint(ctx, p, today, form), first, last, today)
	f.Value = form.Get(endDateField)
	return &f
}

// chosenStart is the start that a form says, where it can be chosen; else today.
func chosenStart(p *licensing.Plan, today licensing.Day, form url.Values) licensing.Day {
	if chosen := readDay(form, startDateField); !chosen.Before(today) && !chosen.After(today.AddDays(p.StartAhead)) {
		return chosen
	}
	return today
}

// endHint says which end date a start has by itself.
func endHint(ctx context.Context, p *licensing.Plan, today licensing.Day, form url.Values) string {
	return T(ctx, "new.endHint", "Day", dayLong(ctx, p.FirstEnd(chosenStart(p, today, form), today)))
}

// dayField is a day from a range, which may be left out.
func dayField(ctx context.Context, name, label, hint string, first, last, today licensing.Day) field {
	f := field{Control: controlDate, Name: name, Label: label, Optional: true, Limits: licensing.Limits{Minimum: first.String(), Maximum: last.String()}}
	dateControl(ctx, &f, licensing.Parameter{Help: hint}, today)
	return f
}

// readDay reads a day; the zero day where there is none. What is no day becomes one that the use case refuses, with the
// sentence that says what is allowed.
func readDay(form url.Values, name string) licensing.Day {
	text := strings.TrimSpace(form.Get(name))
	if text == "" {
		return licensing.Day{}
	}
	day, err := licensing.ParseDay(text)
	if err != nil {
		return licensing.Day{Year: 1, Month: 1, Date: 1}
	}
	return day
}
