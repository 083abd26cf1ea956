package usecasetest

import (
	"testing"

	"kontor/internal/licensing"
	"kontor/internal/ordering"
)

// TestCreator: an order tells who created it to those alone in whose sight he is.
func TestCreator(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		isv, anna := h.isv(t), h.anna(t)
		above := h.create(t, isv, with(suite(), func(in *ordering.CreateLicense) { in.Group = "northwind" })).OrderNumber
		hers := h.create(t, anna, design()).OrderNumber
		for name, c := range map[string]struct {
			actor licensing.Actor
			order string
			want  string
		}{
			"from above, for an admin":  {anna, above, ""},
			"from above, for a member":  {h.ben(t), above, ""},
			"from above, for himself":   {isv, above, isv.UserName},
			"hers, for herself":         {anna, hers, anna.UserName},
			"hers, for a member beside": {h.ben(t), hers, anna.UserName},
			"hers, from above":          {isv, hers, anna.UserName},
		} {
			same(t, name, h.order(t, c.actor, c.order).CreatedBy, c.want)
		}
	})
}
