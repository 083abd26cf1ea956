package portal_test

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"time"

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
func customerID(c licensing.Customer) licensing.CustomerID {
	return licensing.CustomerID("c-" + c.Number)
}

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

// LastDays implements portal.Ordering.
func (w *world) LastDays(ctx context.Context, a licensing.Actor, most int) (days []licensing.Day, err error) {
	page, err := w.Licenses(ctx, a, licensing.LicenseFilter{
		States: []licensing.LicenseState{licensing.LicenseActive}, Cancellable: true, Sort: licensing.SortCancelBy, Limit: most,
	})
	for _, l := range page.Licenses {
		days = append(days, l.Subscription.Last().CancelBy)
	}
	return days, err
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
			ExpiresAt: l.ExpiresAt, Customer: l.Customer, DataFields: l.DataFields, Ends: l.MaintenanceUntil, Test: l.Test,
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

// StartExport implements portal.Lists: it is ready at once, or waits until a test sets it going.
func (w *world) StartExport(_ context.Context, a licensing.Actor, _ string, in ordering.StartExport) (ordering.Exported, bool, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	e := licensing.Export{
		ID: licensing.ExportID("e-" + strconv.Itoa(len(w.exports)+1)), Owner: a.ID, List: in.List, Format: in.Format, Filter: in.Filter, Columns: in.Columns, Words: in.Words,
		State: licensing.ExportReady, Done: 61, Total: 61, Size: 3, CreatedAt: w.now.Wall, EndedAt: w.now.Wall,
	}
	if w.slowExports {
		e.State, e.Done, e.Total, e.Size, e.EndedAt = licensing.ExportWaiting, 0, 0, 0, time.Time{}
	}
	w.exports = append(w.exports, e)
	return ordering.Exported{ID: e.ID}, false, nil
}

// Exports implements portal.Lists.
func (w *world) Exports(_ context.Context, a licensing.Actor) (mine []licensing.Export, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, e := range slices.Backward(w.exports) {
		if e.Owner == a.ID {
			mine = append(mine, e)
		}
	}
	return mine, nil
}

// Export implements portal.Lists.
func (w *world) Export(ctx context.Context, a licensing.Actor, id licensing.ExportID) (licensing.Export, error) {
	mine, err := w.Exports(ctx, a)
	for _, e := range mine {
		if e.ID == id {
			return e, err
		}
	}
	return licensing.Export{}, licensing.NotFoundError("export", "There is no such export of yours. It is kept for 7 days.")
}

// StopExport implements portal.Lists.
func (w *world) StopExport(ctx context.Context, a licensing.Actor, _ string, id licensing.ExportID) (ordering.Exported, bool, error) {
	_, err := w.Export(ctx, a, id)
	return ordering.Exported{ID: id}, false, err
}

// ExportPart implements portal.Lists.
func (w *world) ExportPart(ctx context.Context, a licensing.Actor, id licensing.ExportID, number int) ([]byte, error) {
	if _, err := w.Export(ctx, a, id); err != nil || number == 1 {
		return []byte("a,b"), err
	}
	return nil, licensing.ErrNone
}

// setExport changes the newest export, as the job does that writes it.
func (w *world) setExport(change func(*licensing.Export)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	change(&w.exports[len(w.exports)-1])
}
