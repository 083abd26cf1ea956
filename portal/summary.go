package portal

import (
	"context"
	"strconv"
	"strings"

	"kontor/internal/licensing"
)

// offerSummary says in a line what can be licensed: "1 to 50 seats, Standard or Pro", "1 year, extends by itself;
// cancel 30 days before the end".
func offerSummary(ctx context.Context, o licensing.Offer, today licensing.Day) string {
	if p := o.Plan(); p != nil {
		return planSummary(ctx, *p)
	}
	var parts []string
	for _, p := range o.Product.Parameters {
		if text := ruleSummary(ctx, p, o.RuleOf(p.Name), today); text != "" {
			parts = append(parts, text)
		}
	}
	if len(parts) == 0 {
		return o.Product.Subtitle
	}
	return strings.Join(parts, ", ")
}

// offerShort is the shortest word on an offer, for a narrow column: "1 to 50 seats", "1 year, extends".
func offerShort(ctx context.Context, o licensing.Offer) string {
	if p := o.Plan(); p != nil {
		return T(ctx, "plan.short", "Term", term(ctx, p.Term))
	}
	today := visitOf(ctx).today()
	for _, p := range o.Product.Parameters {
		r := o.RuleOf(p.Name)
		if last, err := licensing.ParseDay(limitsOf(p.Type, r, today).Maximum); err == nil && r.Fixed == nil {
			return T(ctx, "rule.untilShort", "Count", today.DaysUntil(last))
		}
		if text := ruleSummary(ctx, p, r, today); text != "" {
			return text
		}
	}
	return price(ctx, o)
}

// ruleSummary says what a rule allows, in a few words; nothing for what may be left out or is not worth a word.
func ruleSummary(ctx context.Context, p licensing.Parameter, r licensing.Rule, today licensing.Day) string {
	if r.Optional {
		return ""
	}
	limits := limitsOf(p.Type, r, today)
	switch {
	case p.Sets == licensing.SetsDays && r.Fixed != nil:
		return T(ctx, "rule.daysFixed", "Count", *r.Fixed)
	case r.Fixed != nil:
		return T(ctx, "rule.fixed", "Label", p.Label, "Value", valueShort(ctx, p, r, *r.Fixed))
	case len(limits.Options) > 0 && p.Sets == licensing.SetsDays:
		return T(ctx, "rule.daysOf", "Options", either(ctx, optionValues(limits.Options)))
	case len(limits.Options) > 0:
		return either(ctx, optionLabels(limits.Options))
	case p.Type == "number":
		return numberRange(ctx, limits, unitOf(ctx, p))
	case p.Type == "date" && limits.Maximum != "":
		last, _ := licensing.ParseDay(limits.Maximum)
		return T(ctx, "rule.until", "Count", today.DaysUntil(last))
	}
	return ""
}

// limitsOf tells a rule as it stands on day.
func limitsOf(typeName string, r licensing.Rule, day licensing.Day) licensing.Limits {
	t, ok := licensing.ParameterTypes[typeName]
	if !ok {
		return licensing.Limits{}
	}
	return t.Limits(r, day)
}

// unitOf is the word behind a parameter's numbers. Seats have one even where the product names none.
func unitOf(ctx context.Context, p licensing.Parameter) string {
	if p.Unit == "" && p.Sets == licensing.SetsSeats {
		return T(ctx, "unit.seatsWord")
	}
	return p.Unit
}

// numberRange is "1 to 50 seats".
func numberRange(ctx context.Context, l licensing.Limits, unit string) string {
	text := ""
	switch {
	case l.Minimum != "" && l.Maximum != "":
		text = T(ctx, "rule.range", "Min", l.Minimum, "Max", l.Maximum)
	case l.Minimum != "":
		text = T(ctx, "rule.from", "Min", l.Minimum)
	case l.Maximum != "":
		text = T(ctx, "rule.upTo", "Max", l.Maximum)
	}
	return strings.TrimSpace(text + " " + unit)
}

// planSummary says how long a subscription runs, and when it must be cancelled.
func planSummary(ctx context.Context, p licensing.Plan) string {
	length := term(ctx, p.Term)
	if p.Align != licensing.AlignNone {
		length = T(ctx, "plan.aligned", "Term", length, "End", alignedTo(ctx, p))
	}
	if p.Type == licensing.MaintenanceSubscription {
		length = T(ctx, "plan.maintenance", "Term", length)
	}
	if !p.Extends(1) {
		return T(ctx, "plan.never", "Term", length)
	}
	how := T(ctx, "plan.itself")
	if extension := p.ExtensionTerm(); extension != p.Term {
		how = T(ctx, "plan.by", "Term", term(ctx, extension))
	}
	if p.MostExtensions != nil {
		how = T(ctx, "plan.most", "How", how, "Count", *p.MostExtensions)
	}
	text := length
	if p.Type == licensing.LicenseSubscription || p.MostExtensions != nil || p.ExtensionTerm() != p.Term {
		text = T(ctx, "plan.extends", "Term", length, "How", how) // that maintenance goes on by itself goes without saying
	}
	if p.Cancellation == (licensing.Term{}) {
		return T(ctx, "plan.cancelAny", "Text", text)
	}
	return T(ctx, "plan.cancel", "Text", text, "Before", term(ctx, p.Cancellation))
}

// alignedTo is where a plan lets periods end: "the month's end", "30 June".
func alignedTo(ctx context.Context, p licensing.Plan) string {
	if p.Align == licensing.AlignDay && p.AlignTo != nil {
		return T(ctx, "plan.onDay", "Date", p.AlignTo.Date, "Month", T(ctx, "month.m"+strconv.Itoa(int(p.AlignTo.Month))))
	}
	return T(ctx, "plan.to."+string(p.Align))
}

// term is "1 year", "3 months", "30 days", "1 year and 10 days".
func term(ctx context.Context, t licensing.Term) string {
	var parts []string
	months := t.Months
	if months >= 12 && months%12 == 0 {
		parts, months = append(parts, T(ctx, "unit.years", "Count", t.Months/12)), 0
	}
	if months > 0 {
		parts = append(parts, T(ctx, "unit.months", "Count", months))
	}
	if t.Days > 0 {
		parts = append(parts, T(ctx, "unit.days", "Count", t.Days))
	}
	return strings.Join(parts, " + ")
}

// price is what one costs: "390.00 EUR a seat", "no charge".
func price(ctx context.Context, o licensing.Offer) string {
	if o.Product.Price == nil {
		return T(ctx, "price.none")
	}
	if hasSeats(o.Product) {
		return T(ctx, "price.seat", "Price", money(o.Product.Price))
	}
	return money(o.Product.Price)
}

func hasSeats(p licensing.Product) bool {
	for _, parameter := range p.Parameters {
		if parameter.Sets == licensing.SetsSeats {
			return true
		}
	}
	return false
}

func optionLabels(options []licensing.Option) []string {
	labels := make([]string, len(options))
	for i, o := range options {
		labels[i] = o.Label
	}
	return labels
}

func optionValues(options []licensing.Option) []string {
	values := make([]string, len(options))
	for i, o := range options {
		values[i] = o.Value
	}
	return values
}
