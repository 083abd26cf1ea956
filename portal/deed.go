package portal

import (
	"context"
	"strings"
	"time"

	"kontor/internal/licensing"
)

// deedTitle says what an entry of the history of a group or of somebody means, and who did it.
func deedTitle(ctx context.Context, e licensing.HistoryEntry) string {
	by := e.By
	if e.FromAbove || by == "" {
		by = T(ctx, "deed.above")
	}
	key, args := "deed.is."+e.Action, []any{"By", by}
	for _, d := range e.Detail {
		value := d.Value
		if text, ok := anyOf[value]; ok {
			value = T(ctx, text[d.Name])
		}
		args = append(args, capital(d.Name), value)
	}
	if text := T(ctx, key, args...); text != key && !strings.Contains(text, "<no value>") {
		return text
	}
	return T(ctx, "deed.unknown", "Action", e.Action, "By", by)
}

// anyOf is what stands for everything in a grant, in words.
var anyOf = map[string]map[string]string{
	licensing.Any: {"action": "move.everyAction", "category": "move.everyCategory"},
}

// deedDetails are the particulars of an entry that say something to a person, in their order. Others are ids, or are
// in the title already.
var deedDetails = []string{
	"name", "address", "contactName", "contactEmail", "contactPhone", "brandTitle", "brandColor", "parent", "role", "oldUntil", "addresses", "operations", "heldGroup", "categories", "callsPerMinute", "callsPerDay", "licensesPerDay",
	"sandboxUntil", "sandboxAnswer", "sandboxSeconds", "sandboxCalls", "subject", "fingerprint", "validUntil", "until", "reason",
}

// deedLines are the particulars of an entry, a line each: "Name: Fjord → Fjord AS".
func deedLines(ctx context.Context, e licensing.HistoryEntry) []string {
	var lines []string
	for _, name := range deedDetails {
		for _, d := range e.Detail {
			if d.Name != name || strings.HasPrefix(e.Action, "serviceAccount.created") {
				continue
			}
			if _, to, ok := licensing.SplitFromTo(d); ok && name == "parent" && e.Action == "group.created" {
				d = licensing.Value{Name: name, Value: to} // it lay nowhere before
			}
			if text := detailText(ctx, d); text != "" {
				lines = append(lines, T(ctx, "deed.line", "Name", T(ctx, "deed.detail."+name), "Text", text))
			}
		}
	}
	return lines
}

// detailText is what a particular is or was and is now; empty when there is nothing to say.
func detailText(ctx context.Context, d licensing.Value) string {
	from, to, changed := licensing.SplitFromTo(d)
	switch {
	case !changed:
		return detailValue(ctx, d.Name, d.Value)
	case from == "" && to == "":
		return ""
	case from == "" && d.Name != "parent":
		return detailValue(ctx, d.Name, to)
	case to == "" && d.Name != "parent":
		return T(ctx, "deed.gone", "Was", detailValue(ctx, d.Name, from))
	default:
		return T(ctx, "deed.fromTo", "From", detailValue(ctx, d.Name, from), "To", detailValue(ctx, d.Name, to))
	}
}

// detailValue is a value for a person: a role by its word, an instant as a day with its time, a day written out. What
// is beyond sight is not named.
func detailValue(ctx context.Context, name, value string) string {
	if name == "parent" && value == "" {
		return T(ctx, "move.who.above")
	}
	if name == "role" && value != "" {
		return T(ctx, "role."+value)
	}
	if t, err := time.Parse(time.RFC3339, value); err == nil {
		return wallMoment(ctx, t)
	}
	if day, err := licensing.ParseDay(value); err == nil {
		return dayLong(ctx, day)
	}
	return value
}
