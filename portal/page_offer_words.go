package portal

import (
	"context"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"kontor/internal/licensing"
)

// changeLines are changes of an offer in words: "maximum of Licensed until, from 14 days to 30 days".
func changeLines(ctx context.Context, changes []licensing.OfferChange) []string {
	lines := make([]string, len(changes))
	for i, c := range changes {
		lines[i] = changeLine(ctx, c)
	}
	return lines
}

func changeLine(ctx context.Context, c licensing.OfferChange) string {
	what := T(ctx, "limit."+c.Limit, "Label", c.Label)
	from, to := limitValue(ctx, c.From), limitValue(ctx, c.To)
	switch {
	case from != "" && to != "":
		return T(ctx, "change.fromTo", "What", what, "From", from, "To", to)
	case to != "":
		return T(ctx, "change.to", "What", what, "To", to)
	case from != "":
		return T(ctx, "change.gone", "What", what, "From", from)
	default:
		return what
	}
}

// relativeLimit is a limit of a date that counts from creation.
var relativeLimit = regexp.MustCompile(`\A\+?(-?[0-9]+)([dmy])\z`)

// limitValue is a limit for a person: "+30d" is "30 days", "2027-01-31" is "31 Jan 2027".
func limitValue(ctx context.Context, value string) string {
	if m := relativeLimit.FindStringSubmatch(value); m != nil {
		units := map[string]string{"d": "unit.days", "m": "unit.months", "y": "unit.years"}
		return T(ctx, units[m[2]], "Count", m[1])
	}
	if day, err := licensing.ParseDay(value); err == nil {
		return dayShort(ctx, day)
	}
	return value
}

// changedWords reports whether something is different in the form that changes no rule: labels, help texts, reasons.
func (p offerPage) changedWords() bool {
	saved := url.Values{}
	for _, parameter := range p.Managed.Product.Parameters {
		writeRule(saved, parameter, p.Managed.RuleOf(parameter.Name))
	}
	return !sameRules(saved, p.form)
}

// sameRules reports whether two forms say the same. What is tried out does not count, nor do the keys of rows.
func sameRules(a, b url.Values) bool {
	for _, forms := range [][2]url.Values{{a, b}, {b, a}} {
		for name, values := range forms[0] {
			if !strings.HasPrefix(name, rulePrefix) || strings.HasSuffix(name, "."+partTry) || strings.HasSuffix(name, "."+partRow) {
				continue
			}
			if !slices.Equal(filled(values), filled(forms[1][name])) {
				return false
			}
		}
	}
	return true
}

// filled is values without those at the end that are empty, so that a field that is not there equals one that is.
func filled(values []string) []string {
	for len(values) > 0 && strings.TrimSpace(values[len(values)-1]) == "" {
		values = values[:len(values)-1]
	}
	return values
}

// sameRule is sameRules for one parameter's fields.
func sameRule(parameter string, a, b url.Values) bool {
	return sameRules(only(parameter, a), only(parameter, b))
}

// only is a form with one parameter's fields.
func only(parameter string, form url.Values) url.Values {
	part := url.Values{}
	for name, values := range form {
		if strings.HasPrefix(name, ruleName(parameter)) {
			part[name] = values
		}
	}
	return part
}

// timeWords is "today at 14:02", "20 Nov 2026 at 09:10".
func timeWords(ctx context.Context, t time.Time) string {
	now := visitOf(ctx).now
	day := dayShort(ctx, licensing.DayOf(t, now.Zone))
	if licensing.DayOf(t, now.Zone) == now.Today() {
		day = T(ctx, "date.today")
	}
	return T(ctx, "date.at", "Day", day, "Time", clock(t, now.Zone))
}

// both is "Edition, Seats and Licensee".
func both(ctx context.Context, items []string) string {
	if len(items) < 2 {
		return strings.Join(items, "")
	}
	last := len(items) - 1
	return T(ctx, "list.and", "Items", strings.Join(items[:last], ", "), "Last", items[last])
}
