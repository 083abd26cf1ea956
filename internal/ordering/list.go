package ordering

import (
	"context"
	"strings"
	"unicode"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

// LicensePage is one page of a list of licenses.
type LicensePage struct {
	Licenses []licensing.License
	Total    int    // how many the filter finds
	All      int    // how many are in sight
	Next     string // for LicenseFilter.After; empty on the last page
}

// OrderPage is one page of a list of orders, newest first.
type OrderPage struct {
	Orders []licensing.Order
	Next   int64 // for OrderFilter.Before; 0 on the last page
}

// The sizes of pages.
const (
	defaultPage  = 25
	maxPage      = 500
	maxCustomers = 20
)

// maxQuery is how many characters of a query are looked for; SQLite refuses patterns of a certain length.
const maxQuery = 200

// searchable is what is looked for when somebody enters q: on one line, and not too long.
func searchable(q string) string {
	r := []rune(strings.ToValidUTF8(q, " "))
	for i, c := range r {
		if unicode.IsControl(c) {
			r[i] = ' '
		}
	}
	return strings.TrimSpace(string(r[:min(len(r), maxQuery)]))
}

func pageSize(n int) int {
	if n < 1 {
		return defaultPage
	}
	return min(n, maxPage)
}

// Licenses lists the licenses within the actor's sight.
func (s *Service) Licenses(ctx context.Context, actor licensing.Actor, f licensing.LicenseFilter) (LicensePage, error) {
	f.Limit, f.Query = pageSize(f.Limit), searchable(f.Query)
	return usecase.Read(ctx, s.runner, actor, func(ctx context.Context, tx *usecase.Tx) (p LicensePage, err error) {
		sight := licensing.SightOf(tx.Actor.Membership)
		more := f
		more.Limit++ // one more tells whether there is a next page
		if p.Licenses, err = tx.ListLicenses(ctx, sight, more); err != nil {
			return p, err
		}
		if len(p.Licenses) > f.Limit {
			p.Licenses = p.Licenses[:f.Limit]
			p.Next = f.Sort.Cursor(p.Licenses[f.Limit-1])
		}
		if p.Total, err = tx.CountLicenses(ctx, sight, f); err != nil {
			return p, err
		}
		p.All, err = tx.CountLicenses(ctx, sight, licensing.LicenseFilter{})
		return p, err
	})
}

// Orders lists the orders within the actor's sight, newest first.
func (s *Service) Orders(ctx context.Context, actor licensing.Actor, f licensing.OrderFilter) (OrderPage, error) {
	f.Limit, f.Query = pageSize(f.Limit), searchable(f.Query)
	return usecase.Read(ctx, s.runner, actor, func(ctx context.Context, tx *usecase.Tx) (p OrderPage, err error) {
		more := f
		more.Limit++
		if p.Orders, err = tx.ListOrders(ctx, licensing.SightOf(tx.Actor.Membership), more); err != nil {
			return p, err
		}
		if len(p.Orders) > f.Limit {
			p.Orders = p.Orders[:f.Limit]
			p.Next, _ = licensing.ParseOrderNumber(p.Orders[f.Limit-1].Number)
		}
		return p, nil
	})
}

// Customers finds customers within the actor's sight by part of a name, company, number or e-mail address; at most 20.
func (s *Service) Customers(ctx context.Context, actor licensing.Actor, q string) ([]licensing.CustomerRow, error) {
	return usecase.Read(ctx, s.runner, actor, func(ctx context.Context, tx *usecase.Tx) ([]licensing.CustomerRow, error) {
		return tx.FindCustomers(ctx, licensing.SightOf(tx.Actor.Membership), searchable(q), maxCustomers)
	})
}

// LicensesPerDay counts the licenses in the actor's sight that were created on each day from a day on.
func (s *Service) LicensesPerDay(ctx context.Context, actor licensing.Actor, from licensing.Day) (map[licensing.Day]int, error) {
	return usecase.Read(ctx, s.runner, actor, func(ctx context.Context, tx *usecase.Tx) (map[licensing.Day]int, error) {
		return tx.LicensesPerDay(ctx, licensing.SightOf(tx.Actor.Membership), from)
	})
}
