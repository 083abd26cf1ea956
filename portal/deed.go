package portal

import (
	"context"
	"strings"

	"kontor/internal/licensing"
)

// deedTitle says what an entry of the history of a group or of somebody means, and who did it.
func deedTitle(ctx context.Context, e licensing.HistoryEntry) string {
	by := e.By
	if e.FromAbove || by == "" {
		by = T(ctx, "deed.above")
	}
	key := "deed.is." + e.Action
	args := []any{"By", by}
	for _, d := range e.Detail {
		args = append(args, capital(d.Name), d.Value)
	}
	if text := T(ctx, key, args...); text != key && !strings.Contains(text, "<no value>") {
		return text
	}
	return T(ctx, "deed.unknown", "Action", e.Action, "By", by)
}

// deedLines are the particulars of an entry, a line each.
func deedLines(ctx context.Context, e licensing.HistoryEntry) []string {
	var lines []string
	for _, d := range e.Detail {
		if d.Value != "" {
			lines = append(lines, d.Name+": "+d.Value)
		}
	}
	return lines
}
