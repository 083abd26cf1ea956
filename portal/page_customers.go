package portal

import (
	"context"
	"net/http"

	"kontor/internal/licensing"
)

// customersPage is what the list of customers shows.
type customersPage struct {
	listView
	Customers []licensing.CustomerRow
}

// customerPage is what the page of a customer shows: who he is, and the newest of what he has.
type customerPage struct {
	Customer licensing.CustomerRow
	Licenses listView
	Rows     []licensing.LicenseRow
	Orders   listView
	Bought   []licensing.OrderRow
}

// customerFilters are the names that the list's address knows.
var customerFilters = []string{"q", "below", "sort", "dir"}

func (s *site) customerList(v *visit) error {
	q := readList(v, customerFilters, "customers")
	groups, err := s.groupChoices(v)
	if err != nil {
		return err
	}
	choices := listChoices{Groups: groups}
	page := customersPage{listView: listView{Query: q, Name: "customers", Find: T(v.ctx(), "lists.findCustomer"), Columns: customerColumns(v.ctx(), choices)}}
	if s.chosenColumns(v, page.Name, page.Columns) {
		return v.goTo(q.address(v.ctx()))
	}
	f := customerFilterOf(q)
	f.Limit = pageSize
	found, err := s.services.Ordering.CustomerList(v.ctx(), v.actor, f)
	if err != nil {
		return err
	}
	page.Customers, page.Page, page.Rows = found.Customers, found.Page, len(found.Customers)
	for _, filter := range catalogFilters(v.ctx(), q, choices) {
		if filter.Name == "below" {
			page.Filters = append(page.Filters, filter)
		}
	}
	page.Chips = filterChips(v.ctx(), q, page.Filters)
	if v.fragment() {
		return v.show(http.StatusOK, customerResults(page))
	}
	return v.show(http.StatusOK, customersList(page))
}

// customerFilterOf turns an address into what the use case takes.
func customerFilterOf(q listQuery) licensing.CustomerFilter {
	return licensing.CustomerFilter{
		Query: q.get("q"), Below: q.get("below"), Sort: licensing.CustomerSort(q.get("sort")), Reverse: q.reverse(), After: q.After, Before: q.Before,
	}
}

// customerColumns are the columns of the list, the usual ones shown.
func customerColumns(ctx context.Context, choices listChoices) []listColumn {
	return []listColumn{
		{Name: "customer", Label: T(ctx, "license.customer"), Shown: true, Fixed: true, Sorts: true, Sort: string(licensing.CustomersByName)},
		{Name: "contact", Label: T(ctx, "lists.contact"), Shown: true},
		{Name: "customerNumber", Label: T(ctx, "lists.customerNumber"), Shown: true},
		{Name: "email", Label: T(ctx, "lists.email"), Shown: true},
		{Name: "country", Label: T(ctx, "lists.country")},
		{Name: "group", Label: T(ctx, "license.group"), Shown: len(choices.Groups) > 1},
		{Name: "created", Label: T(ctx, "lists.since"), Sorts: true, Sort: string(licensing.CustomersByCreated), Down: true},
		{Name: "licenses", Label: T(ctx, "nav.licenses"), Shown: true, Num: true},
		{Name: "orders", Label: T(ctx, "nav.orders"), Shown: true, Num: true},
	}
}

// count is the second line of the page.
func (p customersPage) count(ctx context.Context) string {
	group := visitOf(ctx).actor.GroupName
	if p.Query.narrowed() {
		return T(ctx, "licenses.some", "N", countText(ctx, p.Page.Found), "All", countText(ctx, p.Page.All), "Group", group)
	}
	if p.Page.All.More {
		return T(ctx, "lists.manyCustomers", "N", countText(ctx, p.Page.All), "Group", group)
	}
	return T(ctx, "lists.customers", "Count", p.Page.All.N, "N", number(p.Page.All.N), "Group", group)
}

// ofCustomer is how many rows of each list the page of a customer shows.
const ofCustomer = 10

func (s *site) customerPage(v *visit) error {
	id := licensing.CustomerID(v.Param("id"))
	c, err := s.services.Ordering.Customer(v.ctx(), v.actor, id)
	if err != nil {
		return err
	}
	page := customerPage{Customer: c}
	found, err := s.services.Ordering.LicenseList(v.ctx(), v.actor, licensing.LicenseFilter{Customer: id, Limit: ofCustomer})
	if err != nil {
		return err
	}
	bought, err := s.services.Ordering.OrderList(v.ctx(), v.actor, licensing.OrderFilter{Customer: id, Limit: ofCustomer})
	if err != nil {
		return err
	}
	page.Rows, page.Bought = found.Licenses, bought.Orders
	page.Licenses = listView{Name: "licenses", Query: listQuery{Path: []string{"licenses"}}.with("customer", string(id)), Columns: shownOnly(licenseColumns(v.ctx(), listChoices{}), "ticket", "license", "seats", "number", "ends", "cancelBy", "state")}
	page.Orders = listView{Name: "orders", Query: listQuery{Path: []string{"orders"}}.with("customer", string(id)), Columns: shownOnly(orderColumns(v.ctx(), listChoices{}), "order", "number", "products", "created", "document", "amount")}
	return v.show(http.StatusOK, customerDetail(page))
}

// shownOnly are the columns with those names, for a short list that is neither sorted nor narrowed.
func shownOnly(columns []listColumn, names ...string) (all []listColumn) {
	for _, name := range names {
		for _, c := range columns {
			if c.Name == name {
				c.Shown, c.Sorts = true, false
				all = append(all, c)
			}
		}
	}
	return all
}
