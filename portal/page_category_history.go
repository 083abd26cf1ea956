package portal

import (
	"context"
	"strings"

	"kontor/internal/licensing"
)

// historyActions are the texts of what happens to categories and products, by the action in the audit trail.
var historyActions = map[string]string{
	"category.created": "catalogHistory.created", "category.changed": "catalogHistory.edited", "category.moved": "catalogHistory.moved",
	"category.sorted": "catalogHistory.sorted", "product.created": "catalogHistory.created", "product.changed": "catalogHistory.edited",
	"product.sorted": "catalogHistory.sorted", "offer.changed": "catalogHistory.offer", "offer.opened": "catalogHistory.opened",
	"offer.closed": "catalogHistory.closed", "product.deactivated": "catalogHistory.deactivated", "product.reactivated": "catalogHistory.reactivated",
}

// catalogTitle says what happened, and who did it.
func catalogTitle(ctx context.Context, e licensing.HistoryEntry) string {
	if key, ok := historyActions[e.Action]; ok {
		return T(ctx, key, "By", e.By)
	}
	return T(ctx, "history.unknown", "Action", e.Action, "By", e.By)
}

// catalogDetail is what changed, from what to what.
func catalogDetail(e licensing.HistoryEntry) string {
	var parts []string
	for _, d := range e.Detail {
		if d.Value != "" {
			parts = append(parts, d.Name+": "+d.Value)
		}
	}
	return strings.Join(parts, "; ")
}
