package outbound

import (
	"strconv"

	"github.com/beevik/etree"

	"kontor/internal/licensing"
)

// addStatement adds a closed statement with all its entries.
func addStatement(v *envelope, root *etree.Element, st licensing.Statement) {
	v.text(root, "group", st.GroupCode)
	v.text(root, "groupName", st.GroupName)
	v.text(root, "month", st.Month.String())
	v.text(root, "closedAt", dateTime(st.ClosedAt))
	v.text(root, "hash", st.Hash)
	for _, sum := range st.Sums {
		v.amount(root, "sum", sum)
	}
	entries := root.CreateElement("entries")
	for _, e := range st.Entries {
		x := entries.CreateElement("entry")
		v.text(x, "kind", string(e.Kind))
		v.text(x, "day", e.On.String())
		if m, late := st.Corrects(e); late {
			v.text(x, "corrects", m.String())
		}
		v.text(x, "orderNumber", e.OrderNumber)
		addCustomer(v, x, e.Customer)
		addValues(v, x, "dataFields", "dataField", e.DataFields)
		v.text(x, "product", e.ProductCode)
		v.text(x, "name", e.ProductName)
		v.number(x, "quantity", e.Quantity)
		if e.Units != 0 {
			v.text(x, "units", strconv.FormatInt(e.Units, 10))
		}
		if e.Unit != nil {
			v.amount(x, "price", *e.Unit)
		}
		if e.Amount != nil {
			v.amount(x, "amount", *e.Amount)
		}
		if p := e.Period; p != nil {
			y := x.CreateElement("period")
			v.number(y, "number", p.Number)
			v.text(y, "start", p.Start.String())
			v.text(y, "end", p.End.String())
		}
		v.optional(x, "reason", e.Reason)
	}
}
