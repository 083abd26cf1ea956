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
			in.Customer = licensing.Customer{Name: fmt.Sprintf("Customer i%02d", i)}
			h.create(t, anna, in)
		}
		licenses := func(f licensing.LicenseFilter) ordering.LicenseList {
			return got[ordering.LicenseList](t)(h.ordering.LicenseList(t.Context(), anna, f))
		}
		first := licenses(licensing.LicenseFilter{})
		same(t, "first page", []any{len(first.Licenses), first.Found.N, first.All.N, first.Licenses[0].Customer.Name, first.Before}, []any{25, orders, orders, "Customer i26", ""})
		second := licenses(licensing.LicenseFilter{After: first.After})
		same(t, "second page", []any{len(second.Licenses), second.After, second.Licenses[1].Customer.Name}, []any{2, "", "Customer i00"})
		back := licenses(licensing.LicenseFilter{Before: second.Before})
		same(t, "back on the first page", []any{len(back.Licenses), back.Licenses[0].ID, back.Before, back.After}, []any{25, first.Licenses[0].ID, "", first.After})
		same(t, "a page that is just full", licenses(licensing.LicenseFilter{Limit: orders}).After, "")
		found := licenses(licensing.LicenseFilter{Query: "  CUSTOMER I1", Sort: licensing.SortCancelBy})
		same(t, "found", []int{len(found.Licenses), found.Found.N, found.All.N}, []int{10, 10, orders})
		same(t, "in full", len(got[ordering.LicensePage](t)(h.ordering.Licenses(t.Context(), anna, licensing.LicenseFilter{Limit: 3})).Licenses), 3)

		page := got[ordering.OrderList](t)(h.ordering.OrderList(t.Context(), anna, licensing.OrderFilter{}))
		rest := got[ordering.OrderList](t)(h.ordering.OrderList(t.Context(), anna, licensing.OrderFilter{After: page.After}))
		same(t, "orders", []any{len(page.Orders), len(rest.Orders), rest.After, page.Found.N}, []any{25, 2, "", orders})
		same(t, "customers", len(got[[]licensing.CustomerRow](t)(h.ordering.Customers(t.Context(), anna, "customer"))), 20)
		one := got[[]licensing.CustomerRow](t)(h.ordering.Customers(t.Context(), anna, "cust i07"))
		same(t, "a customer", []any{len(one), one[0].Customer.Name, one[0].Licenses, one[0].Orders}, []any{1, "Customer i07", 1, 1})
		same(t, "his licenses", len(licenses(licensing.LicenseFilter{Customer: one[0].ID}).Licenses), 1)
		names := got[ordering.CustomerList](t)(h.ordering.CustomerList(t.Context(), anna, licensing.CustomerFilter{Limit: 2}))
		same(t, "customers by name", []string{names.Customers[0].Customer.Name, names.Customers[1].Customer.Name}, []string{"Customer i00", "Customer i01"})
		_, err := h.ordering.Customer(t.Context(), h.as(t, "freya@fjord.example", "fjord"), one[0].ID)
		refused(t, "a customer beside", err, licensing.CodeNotFound, "customer")
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
			page, err := h.ordering.LicenseList(t.Context(), anna, f)
			if err != nil || len(page.Licenses) != want || page.Found.N != want {
				t.Errorf("licenses by %.20q: %d, %v; want %d", query, len(page.Licenses), err, want)
			}
			orders, err := h.ordering.OrderList(t.Context(), anna, licensing.OrderFilter{Query: query})
			if err != nil || len(orders.Orders) != want {
				t.Errorf("orders by %.20q: %d, %v; want %d", query, len(orders.Orders), err, want)
			}
			customers, err := h.ordering.Customers(t.Context(), anna, query)
			if err != nil || len(customers) != want {
				t.Errorf("customers by %.20q: %d, %v; want %d", query, len(customers), err, want)
			}
		}
		for _, f := range []licensing.LicenseFilter{{After: "no id"}, {After: "no id", Sort: licensing.SortCancelBy}, {Sort: "none"}, {Limit: -1}, {Limit: 1 << 40}, {States: []licensing.LicenseState{"none"}}, {Kind: "none"}} {
			if _, err := h.ordering.LicenseList(t.Context(), anna, f); err != nil {
				t.Errorf("%+v: %v", f, err)
			}
		}
		for _, f := range []licensing.LicenseFilter{{After: "\x00"}, {Product: "\x00"}, {States: []licensing.LicenseState{"\xff"}}} {
			if _, err := h.ordering.LicenseList(t.Context(), anna, f); err != nil && licensing.AsError(err).Kind != licensing.Invalid {
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
