package usecasetest

import (
	"strings"
	"testing"

	"kontor/internal/licensing"
	"kontor/internal/ordering"
)

// hide hides a parameter and a data field of the category partner.
func (h *house) hide(t testing.TB, parameter string) {
	t.Helper()
	h.write(t, func(tx licensing.Tx) error {
		o, err := tx.Offer(t.Context(), "partner", "FLEX")
		if err != nil {
			return err
		}
		rule := o.Rules[parameter]
		rule.Hidden = true
		o.Rules[parameter] = rule
		if err := tx.UpdateOffer(t.Context(), o); err != nil {
			return err
		}
		return tx.InsertDataField(t.Context(), o.Category.ID, licensing.DataField{
			Name: "margin", Type: "text", Label: "Margin", Rule: licensing.Rule{Optional: true, Change: licensing.ChangeAny}, Hidden: true,
		})
	})
}

// TestHidden: what is hidden is read by the ISV's group and by service accounts alone, on whatever way.
func TestHidden(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		in := h.flexible(t)
		h.hide(t, "licensee")
		isv := h.isv(t)
		in.Group, in.DataFields = "northwind", values("externalOrderNumber", "PO-4711", "margin", "40")
		out := h.create(t, isv, in)
		l := out.Licenses[0]
		h.modify(t, isv, ordering.ModifyLicense{Ticket: l.Ticket, Parameters: values("licensee", "Secret", "edition", "pro"), DataFields: values("margin", "30")})
		secret := licensing.LicenseFilter{DataFields: values("margin", "30")}
		for name, c := range map[string]struct {
			actor licensing.Actor
			sees  bool
		}{"the ISV's admin": {isv, true}, "a reseller's admin": {h.anna(t), false}, "a reseller's member": {h.ben(t), false}} {
			t.Run(name, func(t *testing.T) {
				has := func(what string, values []licensing.Value, name string) {
					t.Helper()
					_, ok := licensing.ValueOf(values, name)
					same(t, what+": "+name, ok, c.sees)
				}
				ctx := t.Context()
				license := got[licensing.License](t)(h.ordering.LicenseByID(ctx, c.actor, l.ID))
				has("license", license.Parameters, "licensee")
				has("license", license.DataFields, "margin")
				edition, _ := licensing.ValueOf(license.Parameters, "edition")
				same(t, "what is shown", edition, "pro")
				order := h.order(t, c.actor, out.OrderNumber)
				has("order", order.DataFields, "margin")
				has("order's license", order.Licenses[0].Parameters, "licensee")
				for _, e := range got[[]licensing.HistoryEntry](t)(h.ordering.History(ctx, c.actor, l.ID)) {
					if e.Action == "license.modified" {
						has("history", e.Detail, "parameter.licensee")
						has("history", e.Detail, "dataField.margin")
					}
				}
				has("list", got[ordering.LicenseList](t)(h.ordering.LicenseList(ctx, c.actor, licensing.LicenseFilter{})).Licenses[0].DataFields, "margin")
				has("orders", got[ordering.OrderList](t)(h.ordering.OrderList(ctx, c.actor, licensing.OrderFilter{})).Orders[0].DataFields, "margin")
				found := got[ordering.LicenseList](t)(h.ordering.LicenseList(ctx, c.actor, secret))
				same(t, "found by it", []bool{len(found.Licenses) == 1, found.Found.N == 1}, []bool{c.sees, c.sees})
				bought := got[ordering.OrderList](t)(h.ordering.OrderList(ctx, c.actor, licensing.OrderFilter{DataFields: values("margin", "40")}))
				same(t, "orders found by it", len(bought.Orders) == 1, c.sees)
				for q, want := range map[string]bool{"30": c.sees, "PO-4711": true, "Bright 30": c.sees} {
					found := got[ordering.LicenseList](t)(h.ordering.LicenseList(ctx, c.actor, licensing.LicenseFilter{Query: q}))
					same(t, "licenses found by "+q, []bool{len(found.Licenses) == 1, found.Found.N == 1}, []bool{want, want})
				}
				for q, want := range map[string]bool{"40": c.sees, "PO-4711": true} {
					found := got[ordering.OrderList](t)(h.ordering.OrderList(ctx, c.actor, licensing.OrderFilter{Query: q}))
					same(t, "orders found by "+q, []bool{len(found.Orders) == 1, found.Found.N == 1}, []bool{want, want})
				}
				export := ordering.StartExport{List: licensing.ListOfLicenses, Format: licensing.FormatCSV, Filter: "{}", Columns: []string{"ticket", "field.margin"}}
				if c.sees {
					_, file := h.exported(t, c.actor, export)
					same(t, "exported", strings.Contains(string(file), ",30\r\n"), true)
					return
				}
				_, _, err := h.ordering.StartExport(ctx, c.actor, licensing.NewID(), export)
				refused(t, "its column", err, licensing.CodeInvalidRequest, "columns")
				export.Columns, export.Filter = []string{"ticket"}, `{"dataFields":[{"name":"margin","value":"30"}]}`
				e, _ := h.exported(t, c.actor, export)
				same(t, "exported by it", e.Done, 0)
			})
		}
	})
}
