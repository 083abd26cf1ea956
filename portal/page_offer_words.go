package portal

import (
	"context"
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
	what := limitName(ctx, c)
	from, to := limitValue(ctx, c.Limit, c.From), limitValue(ctx, c.Limit, c.To)
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

// limitName is what is different: "maximum of Seats", "label of Seats in German".
func limitName(ctx context.Context, c licensing.OfferChange) string {
	limit, language, _ := strings.Cut(c.Limit, ".")
	if c.Parameter == "" {
		return T(ctx, "limit.plan", "Field", T(ctx, "planForm.fields."+language))
	}
	if slices.Contains(contentLanguages, language) {
		language = T(ctx, "language."+language)
	}
	return T(ctx, "limit."+limit, "Label", c.Label, "Language", language)
}

// planWords are the texts of what a plan says in one word.
var planWords = map[string]string{
	"plan.type.license":        "planForm.types.license",
	"plan.type.maintenance":    "planForm.types.maintenance",
	"plan.align.month":         "planForm.aligns.month",
	"plan.align.quarter":       "planForm.aligns.quarter",
	"plan.align.halfYear":      "planForm.aligns.halfYear",
	"plan.align.year":          "planForm.aligns.year",
	"plan.first.shortened":     "planForm.firsts.shortened",
	"plan.extensionPrice.kept": "planForm.prices.kept",
}

// relativeLimit is a limit of a date that counts from creation.
var relativeLimit = regexp.MustCompile(`\A\+?(-?[0-9]+)([dmy])\z`)

// limitValue is what a limit says, for a person: "+30d" is "30 days", "2027-01-31" is "31 Jan 2027".
func limitValue(ctx context.Context, limit, value string) string {
	if words, ok := planWords[limit+"."+value]; ok {
		return T(ctx, words)
	}
	if m := relativeLimit.FindStringSubmatch(value); m != nil {
		units := map[string]string{"d": "unit.days", "m": "unit.months", "y": "unit.years"}
		return T(ctx, units[m[2]], "Count", m[1])
	}
	if day, err := licensing.ParseDay(value); err == nil {
		return dayShort(ctx, day)
	}
	return value
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
