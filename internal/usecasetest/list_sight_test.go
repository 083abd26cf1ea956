package usecasetest

import (
	"testing"

	"kontor/internal/licensing"
	"kontor/internal/ordering"
)

// TestListsOfGroupsBeyondSight holds that each list says so when it is narrowed to a group beyond sight, in the words for one that
// there isn't, as FindLicenses does.
func TestListsOfGroupsBeyondSight(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		anna := h.anna(t)
		for name, list := range map[string]func(group string) error{
			"found": func(group string) error {
				_, err := h.ordering.FindLicenses(t.Context(), anna, ordering.FindLicenses{Group: group})
				return err
			},
			"licenses": func(group string) error {
				_, err := h.ordering.LicenseList(t.Context(), anna, licensing.LicenseFilter{Below: group})
				return err
			},
			"orders": func(group string) error {
				_, err := h.ordering.OrderList(t.Context(), anna, licensing.OrderFilter{Below: group})
				return err
			},
			"customers": func(group string) error {
				_, err := h.ordering.CustomerList(t.Context(), anna, licensing.CustomerFilter{Below: group})
				return err
			},
		} {
			must(t, list(""))
			must(t, list("northwind"))
			refused(t, name, list("aurora"), licensing.CodeDenied, "group")
			refused(t, name, list("nowhere"), licensing.CodeDenied, "group")
		}
	})
}
