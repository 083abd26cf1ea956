package usecasetest

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"kontor/internal/licensing"
	"kontor/internal/ordering"
)

// TestExtendOrder adds a line to an order a week later.
func TestExtendOrder(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		anna := h.anna(t)
		first := h.create(t, anna, design())
		h.setBusinessDay(t, day(2026, 11, 28))
		in := suite()
		in.OrderNumber = strings.ToLower(first.OrderNumber)
		second := h.create(t, anna, in)
		same(t, "number", second.OrderNumber, first.OrderNumber)
		same(t, "licenses of the request", len(second.Licenses), 1)
		order := h.order(t, anna, first.OrderNumber)
		same(t, "created", order.CreatedAt, soldOn)
		var positions []int
		for _, l := range order.Lines {
			positions = append(positions, l.Position)
		}
		same(t, "positions", positions, []int{1, 2})
		same(t, "licenses", len(order.Licenses), 2)
		added := order.Licenses[1]
		same(t, "created a week later", licensing.DayOf(added.CreatedAt, time.UTC), day(2026, 11, 28))
		same(t, "begins a week later", added.Subscription.Last().Start, day(2026, 11, 28))
		same(t, "data fields of the order", added.DataFields, values("externalOrderNumber", "PO-4711"))
		checkFile(t, h, added, 10)
		same(t, "per day", got[map[licensing.Day]int](t)(h.ordering.LicensesPerDay(t.Context(), anna, day(2026, 11, 1))),
			map[licensing.Day]int{day(2026, 11, 21): 1, day(2026, 11, 28): 1})
		var kinds []licensing.MessageKind
		h.read(t, func(tx licensing.Tx) {
			for _, m := range got[[]licensing.Message](t)(tx.MessagesOf(t.Context(), order.ID)) {
				kinds = append(kinds, m.Kind)
				same(t, "told of one line", []int{len(m.Content.Lines), len(m.Content.Licenses)}, []int{1, 1})
			}
		})
		same(t, "messages", kinds, []licensing.MessageKind{licensing.TellOrderCreated, licensing.TellOrderExtended})
	})
}

func TestExtendOrderRefused(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		anna, isv := h.anna(t), h.isv(t)
		number := h.create(t, anna, design()).OrderNumber
		above := h.create(t, isv, design()).OrderNumber
		for _, c := range []struct {
			name   string
			actor  licensing.Actor
			change func(in *ordering.CreateLicense)
			code   licensing.Code
			field  string
		}{
			{"beyond sight", anna, func(in *ordering.CreateLicense) { in.OrderNumber = above }, licensing.CodeNotFound, "orderNumber"},
			{"another year", anna, func(in *ordering.CreateLicense) { in.OrderNumber = "K25" + number[3:] }, licensing.CodeNotFound, "orderNumber"},
			{"of another group", isv, func(in *ordering.CreateLicense) { in.OrderNumber = number }, licensing.CodeInvalidRequest, "orderNumber"},
			{"for another customer", anna, customer(func(c *licensing.Customer) { c.Number = "C-2" }), licensing.CodeInvalidRequest, "customer"},
			{"for a customer without number", anna, customer(func(c *licensing.Customer) { c.Number = "" }), licensing.CodeInvalidRequest, "customer"},
			{"a test line", anna, func(in *ordering.CreateLicense) { in.Test = true }, licensing.CodeInvalidRequest, "test"},
			{"another data field", anna, dataFields("externalOrderNumber", "PO-2"), licensing.CodeInvalidParameter, "externalOrderNumber"},
			{"unknown data field", anna, dataFields("po", "1"), licensing.CodeInvalidParameter, "po"},
			{"a bad parameter", anna, parameters("seats", "0", "edition", "pro"), licensing.CodeInvalidParameter, "seats"},
		} {
			unchanged(t, h, c.name, func() {
				in := design()
				in.OrderNumber = number
				c.change(&in)
				_, _, err := h.ordering.CreateLicense(t.Context(), c.actor, licensing.NewID(), in)
				refused(t, c.name, err, c.code, c.field)
			})
		}
		same := with(design(), func(in *ordering.CreateLicense) { in.OrderNumber, in.DataFields = number, nil })
		h.create(t, anna, same)
		h.create(t, isv, with(same, func(in *ordering.CreateLicense) { in.Group = "northwind" }))
	})
}

// TestExtendOrderAtOnce lets two processes add lines to one order at once: each finds its place.
func TestExtendOrderAtOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		anna := h.anna(t)
		number := h.create(t, anna, design()).OrderNumber
		houses := []*house{h, h.another(t)}
		const lines = 10
		var all sync.WaitGroup
		for i := range lines {
			all.Go(func() {
				in := with(trial(), func(in *ordering.CreateLicense) { in.OrderNumber = number })
				if _, _, err := houses[i%2].ordering.CreateLicense(t.Context(), anna, fmt.Sprint(i), in); err != nil {
					t.Errorf("line %d: %v", i, err)
				}
			})
		}
		all.Wait()
		order := h.order(t, anna, number)
		for i, l := range order.Lines {
			same(t, "position", l.Position, i+1)
		}
		same(t, "lines, licenses, messages", []int{len(order.Lines), len(order.Licenses), len(order.Documents)}, []int{lines + 1, lines + 1, lines + 1})
	})
}
