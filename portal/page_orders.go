package portal

import (
	"context"
	"net/http"
	"strings"

	"kontor/internal/licensing"
)

// ordersPage is what the list of orders shows.
type ordersPage struct {
	listView
	Orders []licensing.OrderRow
}

// orderFilters are the names that the list's address knows.
var orderFilters = []string{"q", "product", "below", "customer", "createdFrom", "createdTo", "sort", "dir"}

func (s *site) orders(v *visit) error {
	q := readList(v, orderFilters, "orders")
	choices, err := s.choicesOf(v)
	if err != nil {
		return err
	}
	page := ordersPage{listView: listView{Query: q, Name: "orders", Find: T(v.ctx(), "orders.find"), Columns: orderColumns(v.ctx(), choices)}}
	if s.chosenColumns(v, page.Name, page.Columns) {
		return v.goTo(q.address(v.ctx()))
	}
	f := orderFilterOf(q)
	f.Limit = pageSize
	found, err := s.services.Ordering.OrderList(v.ctx(), v.actor, f)
	if err != nil {
		return err
	}
	page.Orders, page.Page, page.Rows = found.Orders, found.Page, len(found.Orders)
	for _, filter := range catalogFilters(v.ctx(), q, choices) {
		if filter.Name != "category" {
			page.Filters = append(page.Filters, filter)
		}
	}
	page.Filters = append(page.Filters, dayFilters(v.ctx(), q, "createdFrom", "createdTo")...)
	page.Filters = append(page.Filters, fieldFilters(q, choices)...)
	if page.Chips, err = s.licenseChips(v, q, page.Filters); err != nil {
		return err
	}
	if v.fragment() {
		return v.show(http.StatusOK, orderResults(page))
	}
	return v.show(http.StatusOK, orders(page))
}

// orderFilterOf turns an address into what the use case takes.
func orderFilterOf(q listQuery) licensing.OrderFilter {
	return licensing.OrderFilter{
		Query: q.get("q"), Product: q.get("product"), Below: q.get("below"), Customer: licensing.CustomerID(q.get("customer")),
		CreatedFrom: q.day("createdFrom"), CreatedTo: q.day("createdTo"), DataFields: q.fields(),
		Sort: licensing.OrderSort(q.get("sort")), Reverse: q.reverse(), After: q.After, Before: q.Before,
	}
}

// orderColumns are the columns of the list, the usual ones shown.
func orderColumns(ctx context.Context, choices listChoices) []listColumn {
	all := []listColumn{
		{Name: "order", Label: T(ctx, "license.order"), Shown: true, Fixed: true},
		{Name: "number", Label: T(ctx, "license.yourNumber"), Shown: true},
		{Name: "customer", Label: T(ctx, "license.customer"), Shown: true, Sorts: true, Sort: string(licensing.OrdersByCustomer)},
		{Name: "customerNumber", Label: T(ctx, "lists.customerNumber")},
		{Name: "products", Label: T(ctx, "orders.products"), Shown: true},
		{Name: "group", Label: T(ctx, "license.group"), Shown: len(choices.Groups) > 1},
		{Name: "created", Label: T(ctx, "license.created"), Shown: true, Sorts: true, Sort: string(licensing.OrdersByCreated), Down: true},
		{Name: "document", Label: T(ctx, "orders.document"), Shown: true},
		{Name: "amount", Label: T(ctx, "orders.amount"), Shown: true, Num: true},
	}
	return append(all, fieldColumns(choices)...)
}

// orderProducts is what an order holds: "Aurora Design, Aurora Suite and 2 more".
func orderProducts(ctx context.Context, names []string) string {
	const named = 2
	more := len(names) - named
	if more > 0 {
		return T(ctx, "home.more", "Text", strings.Join(names[:named], ", "), "N", number(more))
	}
	return strings.Join(names, ", ")
}

// orderAmount is what an order comes to.
func orderAmount(ctx context.Context, o licensing.OrderRow) string {
	if o.Amount != nil {
		return money(o.Amount)
	}
	return T(ctx, "price.none")
}

// count is the second line of the page.
func (p ordersPage) count(ctx context.Context) string {
	group := visitOf(ctx).actor.GroupName
	if p.Query.narrowed() {
		return T(ctx, "licenses.some", "N", countText(ctx, p.Page.Found), "All", countText(ctx, p.Page.All), "Group", group)
	}
	if p.Page.All.More {
		return T(ctx, "lists.manyOrders", "N", countText(ctx, p.Page.All), "Group", group)
	}
	return T(ctx, "lists.orders", "Count", p.Page.All.N, "N", number(p.Page.All.N), "Group", group)
}
