package usecasetest

import (
	"fmt"
	"strings"
	"testing"

	"kontor/internal/licensing"
	"kontor/internal/ordering"
)

func TestLists(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		anna := h.anna(t)
		const orders = 27
		for i := range orders {
			in := suite()
			in.Customer = licensing.Customer{Name: fmt.Sprintf("Customer %02d", i)}
			h.create(t, anna, in)
		}
		licenses := func(f licensing.LicenseFilter) ordering.LicensePage {
			return got[ordering.LicensePage](t)(h.ordering.Licenses(t.Context(), anna, f))
		}
		first := licenses(licensing.LicenseFilter{})
		same(t, "first page", []any{len(first.Licenses), first.Total, first.All, first.Licenses[0].Customer.Name}, []any{25, orders, orders, "Customer 26"})
		second := licenses(licensing.LicenseFilter{After: first.Next})
		same(t, "second page", []any{len(second.Licenses), second.Next, second.Licenses[1].Customer.Name}, []any{2, "", "Customer 00"})
		same(t, "a page that is just full", licenses(licensing.LicenseFilter{Limit: orders}).Next, "")
		found := licenses(licensing.LicenseFilter{Query: "  CUSTOMER 1", Sort: licensing.SortCancelBy})
		same(t, "found", []int{len(found.Licenses), found.Total, found.All}, []int{10, 10, orders})

		page := got[ordering.OrderPage](t)(h.ordering.Orders(t.Context(), anna, licensing.OrderFilter{}))
		rest := got[ordering.OrderPage](t)(h.ordering.Orders(t.Context(), anna, licensing.OrderFilter{Before: page.Next}))
		same(t, "orders", []any{len(page.Orders), len(rest.Orders), rest.Next}, []any{25, 2, int64(0)})
		same(t, "customers", len(got[[]licensing.CustomerRow](t)(h.ordering.Customers(t.Context(), anna, "customer"))), 20)
		one := got[[]licensing.CustomerRow](t)(h.ordering.Customers(t.Context(), anna, "er 07"))
		same(t, "a customer", []any{len(one), one[0].Customer.Name, one[0].Licenses}, []any{1, "Customer 07", 1})
	})
}

// TestOddQueries enters what nobody should: it finds nothing, or what is meant, and breaks nothing.
func TestOddQueries(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		anna := h.anna(t)
		h.create(t, anna, design())
		for query, want := range map[string]int{
			"bright\tstudio": 1, "bright\n": 1, "bright\x00": 1, "\x00": 1, "\xff": 1, "bri\xffght": 0, "%": 0, "'": 0, `\`: 0, "': DROP TABLE": 0,
			strings.Repeat("%", 100_000): 0, strings.Repeat("ﷺ", 100_000): 0, "K26-99999999999999999999999": 0,
		} {
			f := licensing.LicenseFilter{Query: query}
			page, err := h.ordering.Licenses(t.Context(), anna, f)
			if err != nil || len(page.Licenses) != want || page.Total != want {
				t.Errorf("licenses by %.20q: %d, %v; want %d", query, len(page.Licenses), err, want)
			}
			orders, err := h.ordering.Orders(t.Context(), anna, licensing.OrderFilter{Query: query})
			if err != nil || len(orders.Orders) != want {
				t.Errorf("orders by %.20q: %d, %v; want %d", query, len(orders.Orders), err, want)
			}
			customers, err := h.ordering.Customers(t.Context(), anna, query)
			if err != nil || len(customers) != want {
				t.Errorf("customers by %.20q: %d, %v; want %d", query, len(customers), err, want)
			}
		}
		for _, f := range []licensing.LicenseFilter{{After: "no id"}, {After: "no id", Sort: licensing.SortCancelBy}, {Sort: "none"}, {Limit: -1}, {Limit: 1 << 40}, {State: "none"}, {Kind: "none"}} {
			if _, err := h.ordering.Licenses(t.Context(), anna, f); err != nil {
				t.Errorf("%+v: %v", f, err)
			}
		}
		for _, f := range []licensing.LicenseFilter{{After: "\x00"}, {Product: "\x00"}, {State: "\xff"}} {
			if _, err := h.ordering.Licenses(t.Context(), anna, f); err != nil && licensing.AsError(err).Kind != licensing.Invalid {
				t.Errorf("%+v: %v", f, err)
			}
		}
	})
}

func TestUnknownTickets(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		for ticket, code := range map[string]licensing.Code{
			"23456-789AB-CDEFG-HJKLM-NPQRH": licensing.CodeNotFound, "23456-789AB-CDEFG-HJKLM-NPQRR": licensing.CodeInvalidRequest, "": licensing.CodeInvalidRequest, "\x00": licensing.CodeInvalidRequest,
		} {
			_, err := h.ordering.License(t.Context(), h.isv(t), ticket)
			refused(t, ticket, err, code, "ticket")
		}
		_, err := h.ordering.LicenseByID(t.Context(), h.isv(t), "\x00")
		refused(t, "an id", err, licensing.CodeNotFound, "license")
		_, err = h.ordering.Order(t.Context(), h.isv(t), "K26-1\x00")
		refused(t, "an order", err, licensing.CodeNotFound, "orderNumber")
	})
}
