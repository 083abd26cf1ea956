package portal

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"kontor/internal/licensing"
	"kontor/internal/ordering"
)

// ordersPage is what the list of orders shows.
type ordersPage struct {
	ordering.OrderPage
	Query  string
	Before int64
}

func (s *site) orders(v *visit) error {
	page := ordersPage{Query: strings.TrimSpace(v.Query("q"))}
	if n, err := strconv.ParseInt(v.Query("before"), 10, 64); err == nil && n > 0 {
		page.Before = n
	}
	var err error
	page.OrderPage, err = s.services.Ordering.Orders(v.ctx(), v.actor, licensing.OrderFilter{Query: page.Query, Before: page.Before, Limit: pageSize})
	if err != nil {
		return err
	}
	if v.fragment() {
		return v.show(http.StatusOK, orderResults(page))
	}
	return v.show(http.StatusOK, orders(page))
}

// orderProducts is what an order holds: "Aurora Design, Aurora Suite and 2 more".
func orderProducts(ctx context.Context, o licensing.Order) string {
	const named = 2
	var names []string
	for _, l := range o.Lines {
		names = append(names, l.ProductName)
	}
	more := len(names) - named
	if more > 0 {
		return T(ctx, "home.more", "Text", strings.Join(names[:named], ", "), "N", number(more))
	}
	return strings.Join(names, ", ")
}

// lastDocument is the newest message of an order; ok is false when nothing is passed on.
func lastDocument(o licensing.Order) (licensing.Document, bool) {
	if len(o.Documents) == 0 {
		return licensing.Document{}, false
	}
	return o.Documents[len(o.Documents)-1], true
}

// beforeText writes the cursor into the pager's address.
func beforeText(n int64) string { return strconv.FormatInt(n, 10) }

// orderAmount is what an order comes to.
func orderAmount(ctx context.Context, o licensing.Order) string {
	if sum := (orderPage{Order: o}).total(); sum != nil {
		return money(sum)
	}
	return T(ctx, "price.none")
}
