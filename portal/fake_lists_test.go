package portal_test

import (
	"cmp"
	"context"
	"slices"
	"strconv"

	"kontor/internal/licensing"
	"kontor/internal/ordering"
)

// found are the licenses that a filter finds, in its order.
func (w *world) found(a licensing.Actor, f licensing.LicenseFilter) []licensing.License {
	found := slices.DeleteFunc(w.allOf(a), func(l licensing.License) bool {
		return !contains(f.Query, l.Ticket, l.OrderNumber, l.Customer.Name, l.Customer.Company) ||
			len(f.States) > 0 && !slices.Contains(f.States, l.StateAt(w.now.Business)) ||
			f.Kind == "subscription" && l.Subscription == nil || f.Product != "" && l.ProductCode != f.Product ||
			f.Customer != "" && customerID(l.Customer) != f.Customer || len(f.IDs) > 0 && !slices.Contains(f.IDs, l.ID) ||
			f.Cancellable && (l.Subscription == nil || l.Subscription.State != licensing.SubscriptionActive)
	})
	last := func(l licensing.License) string {
		if l.Subscription == nil {
			return "~"
		}
		return l.Subscription.Last().CancelBy.String()
	}
	switch f.Sort {
	case licensing.SortCancelBy:
		slices.SortStableFunc(found, func(x, y licensing.License) int { return cmp.Compare(last(x), last(y)) })
	case licensing.SortCustomer:
		slices.SortStableFunc(found, func(x, y licensing.License) int { return cmp.Compare(x.Customer.Company, y.Customer.Company) })
	}
	if f.Reverse {
		slices.Reverse(found)
	}
	return found
}

// customerID stands in for the store's.
func customerID(c licensing.Customer) licensing.CustomerID { return licensing.CustomerID("c-" + c.Number) }

// window cuts a page out of n rows. The cursor is how many rows stand before it.
func window(n, size int, after, before string) (from, to int, p ordering.Page) {
	from, _ = strconv.Atoi(after)
	if end, err := strconv.Atoi(before); err == nil {
		from = max(0, end-size)
	}
	from = min(from, n)
	to = min(from+size, n)
	if from > 0 {
		p.Before = strconv.Itoa(from)
	}
	if to < n {
		p.After = strconv.Itoa(to)
	}
	p.Found = licensing.Count{N: n}
	return from, to, p
}

// Licenses implements portal.Ordering.
func (w *world) Licenses(_ context.Context, a licensing.Actor, f licensing.LicenseFilter) (ordering.LicensePage, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	found := w.found(a, f)
	return ordering.LicensePage{Licenses: found[:min(f.Limit, len(found))], All: licensing.Count{N: len(w.allOf(a))}}, nil
}

// LicenseList implements portal.Lists.
func (w *world) LicenseList(_ context.Context, a licensing.Actor, f licensing.LicenseFilter) (list ordering.LicenseList, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	found := w.found(a, f)
	from, to, page := window(len(found), f.Limit, f.After, f.Before)
	list.Page = page
	list.All = licensing.Count{N: len(w.allOf(a))}
	for _, l := range found[from:to] {
		r := licensing.LicenseRow{
			ID: l.ID, Ticket: l.Ticket, OrderNumber: l.OrderNumber, Group: l.Group, GroupCode: l.GroupCode, GroupName: l.GroupName, CategoryCode: l.CategoryCode,
			CategoryName: l.CategoryName, ProductCode: l.ProductCode, ProductName: l.ProductName, Quantity: l.Quantity, State: l.State, CreatedAt: l.CreatedAt,
			ExpiresAt: l.ExpiresAt, Customer: l.Customer, DataFields: l.DataFields, Ends: l.MaintenanceUntil,
		}
		if seats, ok := licensing.ValueOf(l.Parameters, "seats"); ok {
			r.Seats, _ = strconv.Atoi(seats)
		}
		if l.ExpiresAt != nil {
			r.Ends = licensing.DayOf(l.ExpiresAt.Add(-1), berlin)
		}
		if s := l.Subscription; s != nil {
			r.SubscriptionState, r.CancelBy = s.State, s.Last().CancelBy
			r.Yearly = &licensing.Money{Minor: int64(r.Seats) * 18_000, Currency: "EUR"}
		}
		list.Licenses = append(list.Licenses, r)
	}
	return list, nil
}

// OrderList implements portal.Lists.
func (w *world) OrderList(_ context.Context, a licensing.Actor, f licensing.OrderFilter) (list ordering.OrderList, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var found []licensing.OrderRow
	for _, o := range slices.Backward(w.orders) {
		if o.Group != a.Group {
			continue
		}
		list.All.N++
		if !contains(f.Query, o.Number, o.Customer.Company) || f.Customer != "" && customerID(o.Customer) != f.Customer {
			continue
		}
		r := licensing.OrderRow{ID: o.ID, Number: o.Number, GroupName: o.GroupName, Customer: o.Customer, DataFields: o.DataFields, CreatedAt: o.CreatedAt}
		for _, l := range o.Lines {
			r.Products, r.Amount = append(r.Products, l.ProductName), l.Amount
		}
		if n := len(o.Documents); n > 0 {
			r.Document = &o.Documents[n-1]
		}
		found = append(found, r)
	}
	if f.Reverse {
		slices.Reverse(found)
	}
	from, to, page := window(len(found), f.Limit, f.After, f.Before)
	page.All = list.All
	return ordering.OrderList{Page: page, Orders: found[from:to]}, nil
}

// CustomerList implements portal.Lists.
func (w *world) CustomerList(ctx context.Context, a licensing.Actor, f licensing.CustomerFilter) (list ordering.CustomerList, err error) {
	found, err := w.Customers(ctx, a, f.Query)
	if err != nil {
		return list, err
	}
	all, err := w.Customers(ctx, a, "")
	if f.Reverse {
		slices.Reverse(found)
	}
	from, to, page := window(len(found), f.Limit, f.After, f.Before)
	page.All = licensing.Count{N: len(all)}
	return ordering.CustomerList{Page: page, Customers: found[from:to]}, err
}

// Customer implements portal.Lists.
func (w *world) Customer(ctx context.Context, a licensing.Actor, id licensing.CustomerID) (licensing.CustomerRow, error) {
	all, err := w.Customers(ctx, a, "")
	for _, c := range all {
		if c.ID == id {
			return c, nil
		}
	}
	if err == nil {
		err = licensing.NotFoundError("customer", "There is no such customer within your sight.")
	}
	return licensing.CustomerRow{}, err
}
