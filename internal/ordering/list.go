package ordering

import (
	"context"
	"errors"
	"strings"
	"unicode"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

// Page says where a page of a list stands, and how long the list is.
type Page struct {
	Found  licensing.Count // what the filter finds
	All    licensing.Count // what is in sight
	Before string          // for the filter's Before; empty on the first page
	After  string          // for the filter's After; empty on the last page
}

// LicenseList is one page of the list of licenses.
type LicenseList struct {
	Page
	Licenses []licensing.LicenseRow
}

// OrderList is one page of the list of orders.
type OrderList struct {
	Page
	Orders []licensing.OrderRow
}

// CustomerList is one page of the list of customers.
type CustomerList struct {
	Page
	Customers []licensing.CustomerRow
}

// LicensePage is a page of licenses in full.
type LicensePage struct {
	Licenses []licensing.License
	All      licensing.Count // what is in sight
	Next     string          // for the filter's After; empty on the last page
}

// The sizes of pages.
const (
	defaultPage  = 25
	maxPage      = 500
	maxCustomers = 20
)

// countedUpTo is how far lists are counted: people do not need to know more exactly.
const countedUpTo = 10_000

// maxQuery is how many characters of a query are looked for.
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

// cutPage takes a page of size rows out of rows, of which there is one more than asked for if there is another page
// behind it, and says what is around it.
func cutPage[R any](rows []R, size int, after, before string, cursor func(R) string) ([]R, Page) {
	more := len(rows) > size
	backward := before != ""
	if more && backward {
		rows = rows[len(rows)-size:]
	} else if more {
		rows = rows[:size]
	}
	var p Page
	if len(rows) == 0 {
		return rows, p
	}
	if backward && more || !backward && after != "" {
		p.Before = cursor(rows[0])
	}
	if backward || more {
		p.After = cursor(rows[len(rows)-1])
	}
	return rows, p
}

// LicenseList lists the licenses within the actor's sight.
func (s *Service) LicenseList(ctx context.Context, actor licensing.Actor, f licensing.LicenseFilter) (LicenseList, error) {
	f.Limit, f.Query = pageSize(f.Limit), searchable(f.Query)
	return usecase.Read(ctx, s.runner, actor, func(ctx context.Context, tx *usecase.Tx) (p LicenseList, err error) {
		if err := needSight(ctx, tx, f.Below, "licenses"); err != nil {
			return p, err
		}
		sight := licensing.SightOf(tx.Actor.Membership)
		veil, err := veilOf(ctx, tx)
		if err != nil {
			return p, err
		}
		f.Without, f.QueryFields = veil.hiding(f.DataFields), veil.searched()
		more := f
		more.Limit++ // one more tells whether there is another page
		if p.Licenses, err = tx.LicenseRows(ctx, sight, more); err != nil {
			return p, err
		}
		veil.licenseRows(p.Licenses)
		p.Licenses, p.Page = cutPage(p.Licenses, f.Limit, f.After, f.Before, func(r licensing.LicenseRow) string { return r.Cursor })
		if p.Found, err = tx.CountLicenses(ctx, sight, f, countedUpTo); err != nil {
			return p, err
		}
		p.All, err = tx.CountLicenses(ctx, sight, licensing.LicenseFilter{}, countedUpTo)
		return p, err
	})
}

// Licenses lists the licenses within the actor's sight with everything of them but their files, and counts those in sight.
func (s *Service) Licenses(ctx context.Context, actor licensing.Actor, f licensing.LicenseFilter) (LicensePage, error) {
	f.Limit, f.Query = pageSize(f.Limit), searchable(f.Query)
	return usecase.Read(ctx, s.runner, actor, func(ctx context.Context, tx *usecase.Tx) (p LicensePage, err error) {
		sight := licensing.SightOf(tx.Actor.Membership)
		veil, err := veilOf(ctx, tx)
		if err != nil {
			return p, err
		}
		f.Without, f.QueryFields = veil.hiding(f.DataFields), veil.searched()
		if p.Licenses, err = tx.ListLicenses(ctx, sight, f); err != nil {
			return p, err
		}
		if err := veil.licenses(ctx, p.Licenses); err != nil {
			return p, err
		}
		p.All, err = tx.CountLicenses(ctx, sight, licensing.LicenseFilter{}, countedUpTo)
		return p, err
	})
}

// LastDays returns the last days to cancel of the running subscriptions within the actor's sight that nobody has
// cancelled, soonest first, most of them at the most.
func (s *Service) LastDays(ctx context.Context, actor licensing.Actor, most int) ([]licensing.Day, error) {
	return usecase.Read(ctx, s.runner, actor, func(ctx context.Context, tx *usecase.Tx) ([]licensing.Day, error) {
		rows, err := tx.LicenseRows(ctx, licensing.SightOf(tx.Actor.Membership), licensing.LicenseFilter{
			States: []licensing.LicenseState{licensing.LicenseActive}, Cancellable: true, Sort: licensing.SortCancelBy, Limit: pageSize(most),
		})
		days := make([]licensing.Day, len(rows))
		for i, r := range rows {
			days[i] = r.CancelBy
		}
		return days, err
	})
}

// OrderList lists the orders within the actor's sight.
func (s *Service) OrderList(ctx context.Context, actor licensing.Actor, f licensing.OrderFilter) (OrderList, error) {
	f.Limit, f.Query = pageSize(f.Limit), searchable(f.Query)
	return usecase.Read(ctx, s.runner, actor, func(ctx context.Context, tx *usecase.Tx) (p OrderList, err error) {
		if err := needSight(ctx, tx, f.Below, "orders"); err != nil {
			return p, err
		}
		sight := licensing.SightOf(tx.Actor.Membership)
		veil, err := veilOf(ctx, tx)
		if err != nil {
			return p, err
		}
		f.Without, f.QueryFields = veil.hiding(f.DataFields), veil.searched()
		more := f
		more.Limit++ // one more tells whether there is another page
		if p.Orders, err = tx.OrderRows(ctx, sight, more); err != nil {
			return p, err
		}
		veil.orderRows(p.Orders)
		p.Orders, p.Page = cutPage(p.Orders, f.Limit, f.After, f.Before, func(r licensing.OrderRow) string { return r.Cursor })
		if p.Found, err = tx.CountOrders(ctx, sight, f, countedUpTo); err != nil {
			return p, err
		}
		p.All, err = tx.CountOrders(ctx, sight, licensing.OrderFilter{}, countedUpTo)
		return p, err
	})
}

// CustomerList lists the customers within the actor's sight.
func (s *Service) CustomerList(ctx context.Context, actor licensing.Actor, f licensing.CustomerFilter) (CustomerList, error) {
	f.Limit, f.Query = pageSize(f.Limit), searchable(f.Query)
	return usecase.Read(ctx, s.runner, actor, func(ctx context.Context, tx *usecase.Tx) (p CustomerList, err error) {
		if err := needSight(ctx, tx, f.Below, "customers"); err != nil {
			return p, err
		}
		sight := licensing.SightOf(tx.Actor.Membership)
		more := f
		more.Limit++ // one more tells whether there is another page
		if p.Customers, err = tx.CustomerRows(ctx, sight, more); err != nil {
			return p, err
		}
		p.Customers, p.Page = cutPage(p.Customers, f.Limit, f.After, f.Before, func(r licensing.CustomerRow) string { return r.Cursor })
		if p.Found, err = tx.CountCustomers(ctx, sight, f, countedUpTo); err != nil {
			return p, err
		}
		p.All, err = tx.CountCustomers(ctx, sight, licensing.CustomerFilter{}, countedUpTo)
		return p, err
	})
}

// Customer finds a customer by his id.
func (s *Service) Customer(ctx context.Context, actor licensing.Actor, id licensing.CustomerID) (licensing.CustomerRow, error) {
	return usecase.Read(ctx, s.runner, actor, func(ctx context.Context, tx *usecase.Tx) (licensing.CustomerRow, error) {
		c, err := tx.CustomerByID(ctx, licensing.SightOf(tx.Actor.Membership), id)
		if errors.Is(err, licensing.ErrNone) {
			err = licensing.NotFoundError("customer", "There is no such customer within your sight.")
		}
		return c, err
	})
}

// Customers finds customers within the actor's sight by the beginnings of words of a name, company, number or e-mail
// address; at most 20.
func (s *Service) Customers(ctx context.Context, actor licensing.Actor, q string) ([]licensing.CustomerRow, error) {
	return usecase.Read(ctx, s.runner, actor, func(ctx context.Context, tx *usecase.Tx) ([]licensing.CustomerRow, error) {
		return tx.CustomerRows(ctx, licensing.SightOf(tx.Actor.Membership), licensing.CustomerFilter{
			Query: searchable(q), Limit: maxCustomers,
		})
	})
}

// LicensesPerDay counts the licenses in the actor's sight that were created on each day from a day on.
func (s *Service) LicensesPerDay(ctx context.Context, actor licensing.Actor, from licensing.Day) (map[licensing.Day]int, error) {
	return usecase.Read(ctx, s.runner, actor, func(ctx context.Context, tx *usecase.Tx) (map[licensing.Day]int, error) {
		return tx.LicensesPerDay(ctx, licensing.SightOf(tx.Actor.Membership), from)
	})
}
