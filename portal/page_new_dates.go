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
	start, latest := today, today.AddDays(p.StartAhead)
	if chosen := readDay(form, startDateField); !chosen.Before(today) && !chosen.After(latest) {
		start = chosen
	}
	if p.StartAhead > 0 {
		f := dayField(ctx, startDateField, T(ctx, "new.startDate"), T(ctx, "new.startHint"), today, latest, today)
		f.Value = form.Get(startDateField)
		fields = append(fields, f)
	}
	if first, last, ok := p.Choice(start, today); ok {
		hint := T(ctx, "new.endHint", "Day", dayLong(ctx, p.FirstEnd(start, today)))
		f := dayField(ctx, endDateField, T(ctx, "new.endDate"), hint, first, last, today)
		f.Value = form.Get(endDateField)
		if p.StartAhead > 0 { // another start may be chosen in the browser: the range of this one is the server's to hold
			f.Limits, f.Wrong = licensing.Limits{}, ""
		}
		fields = append(fields, f)
	}
	return fields
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
