package usecasetest

import (
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kontor/internal/licensing"
	"kontor/internal/ordering"
)

// TestOneRequestSentManyTimes sends one request 50 times at once to two processes, and once more after a restart.
func TestOneRequestSentManyTimes(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		erp := h.erpAccount(t)
		houses := []*house{h, h.another(t)}
		const sends = 50
		var first atomic.Int64
		answers := make([]ordering.Created, sends)
		var all sync.WaitGroup
		for i := range sends {
			all.Go(func() {
				out, replayed, err := houses[i%2].ordering.CreateLicense(t.Context(), erp, "R-1", design())
				if err != nil {
					t.Errorf("send %d: %v", i, err)
				}
				if !replayed {
					first.Add(1)
				}
				answers[i] = out
			})
		}
		all.Wait()
		same(t, "carried out", first.Load(), int64(1))
		var orders []licensing.OrderRow
		var order licensing.Order
		h.read(t, func(tx licensing.Tx) {
			orders = got[[]licensing.OrderRow](t)(tx.OrderRows(t.Context(), licensing.SightOf(erp.Membership), licensing.OrderFilter{Limit: 10}))
			order = got[licensing.Order](t)(tx.OrderByNumber(t.Context(), orders[0].Number))
		})
		if len(orders) != 1 || len(order.Licenses) != 1 || len(order.Documents) != 1 {
			t.Fatalf("there are %d orders: %+v", len(orders), orders)
		}
		for _, a := range answers {
			same(t, "order", a.OrderNumber, orders[0].Number)
			same(t, "ticket and file", []string{a.Licenses[0].Ticket, a.Licenses[0].File}, []string{order.Licenses[0].Ticket, order.Licenses[0].File})
		}
		unchanged(t, h, "a replay", func() {
			out, replayed, err := h.another(t).ordering.CreateLicense(t.Context(), erp, "R-1", design())
			must(t, err)
			same(t, "replayed", replayed, true)
			same(t, "answer", out.OrderNumber, orders[0].Number)
		})
	})
}

// TestSameContent holds which requests count as the same one.
func TestSameContent(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		erp := h.erpAccount(t)
		base := trial()
		h.mustReplay(t, erp, base, false)
		for name, change := range map[string]func(*ordering.CreateLicense){
			"the default quantity": func(in *ordering.CreateLicense) { in.Quantity = new(1) },
			"the default group":    func(in *ordering.CreateLicense) { in.Group = "aurora" },
			"no parameters, as a list": func(in *ordering.CreateLicense) {
				in.Parameters, in.DataFields = []licensing.Value{}, []licensing.Value{}
			},
		} {
			t.Run(name, func(t *testing.T) { h.mustReplay(t, erp, with(base, change), true) })
		}
		for name, change := range map[string]func(*ordering.CreateLicense){
			"quantity":    func(in *ordering.CreateLicense) { in.Quantity = new(2) },
			"group":       func(in *ordering.CreateLicense) { in.Group = "northwind" },
			"category":    func(in *ordering.CreateLicense) { in.Category = "internal" },
			"product":     func(in *ordering.CreateLicense) { in.Product = "AUR-NOTHING" },
			"customer":    func(in *ordering.CreateLicense) { in.Customer.Company = "Bright" },
			"parameters":  parameters("days", "31"),
			"data fields": dataFields("externalOrderNumber", "1"),
			"start":       func(in *ordering.CreateLicense) { in.StartDate = day(2026, 11, 21) },
			"end":         func(in *ordering.CreateLicense) { in.EndDate = day(2026, 11, 21) },
			"separate":    func(in *ordering.CreateLicense) { in.Separate = true },
			"test":        func(in *ordering.CreateLicense) { in.Test = true },
			"order":       func(in *ordering.CreateLicense) { in.OrderNumber = "K26-10001" },
		} {
			unchanged(t, h, name, func() {
				_, _, err := h.ordering.CreateLicense(t.Context(), erp, "R-1", with(base, change))
				refused(t, name, err, licensing.CodeRequestIDReused, "requestId")
			})
		}
		// The id is the account's own: another one may use it for something else.
		if _, replayed, err := h.ordering.CreateLicense(t.Context(), h.anna(t), "R-1", design()); err != nil || replayed {
			t.Errorf("another account: replayed %v, %v", replayed, err)
		}
	})
}

// TestOrderOfValuesIsNoContent sends values by name in another order, as programs do that keep them in maps.
func TestOrderOfValuesIsNoContent(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		anna := h.anna(t)
		turned := func(values []licensing.Value) []licensing.Value {
			values = slices.Clone(values)
			slices.Reverse(values)
			return values
		}
		in := with(design(), func(in *ordering.CreateLicense) {
			in.Parameters, in.DataFields = values("seats", "5", "edition", "pro"), values("externalOrderNumber", "PO-1")
		})
		h.mustReplay(t, anna, in, false)
		h.mustReplay(t, anna, with(in, func(in *ordering.CreateLicense) { in.Parameters = turned(in.Parameters) }), true)
		_, _, err := h.ordering.CreateLicense(t.Context(), anna, "R-1", with(in, func(in *ordering.CreateLicense) {
			in.Parameters = values("seats", "pro", "edition", "5")
		}))
		refused(t, "values that changed places", err, licensing.CodeRequestIDReused, "requestId")

		whole := func(first, second []licensing.Value) (bool, error) {
			_, replayed, err := h.ordering.CreateOrder(t.Context(), anna, "R-2", ordering.CreateOrder{Customer: in.Customer, DataFields: in.DataFields, Lines: []ordering.NewLine{
				{Category: in.Category, Product: in.Product, Parameters: first}, {Category: in.Category, Product: in.Product, Parameters: second},
			}})
			return replayed, err
		}
		other := values("seats", "6", "edition", "pro")
		same(t, "a new order", got[bool](t)(whole(in.Parameters, other)), false)
		same(t, "the same order", got[bool](t)(whole(turned(in.Parameters), turned(other))), true)
		_, err = whole(other, in.Parameters)
		refused(t, "lines that changed places", err, licensing.CodeRequestIDReused, "requestId")

		ticket := h.create(t, anna, in).Licenses[0].Ticket
		modify := func(p []licensing.Value) bool {
			_, replayed, err := h.ordering.ModifyLicense(t.Context(), anna, "R-3", ordering.ModifyLicense{Ticket: ticket, Parameters: p})
			must(t, err)
			return replayed
		}
		same(t, "modified", []bool{modify(other), modify(turned(other))}, []bool{false, true})
	})
}

func (h *house) mustReplay(t *testing.T, actor licensing.Actor, in ordering.CreateLicense, want bool) {
	t.Helper()
	_, replayed, err := h.ordering.CreateLicense(t.Context(), actor, "R-1", in)
	must(t, err)
	same(t, "replayed", replayed, want)
}

// TestReplayedAnswer holds that the second answer says what the first said, even when the license has moved on.
func TestReplayedAnswer(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		anna := h.anna(t)
		first, _, err := h.ordering.CreateLicense(t.Context(), anna, "R-1", suite())
		must(t, err)
		must(t, h.clock.MoveTo(t.Context(), day(2027, 10, 22)))
		second, replayed, err := h.ordering.CreateLicense(t.Context(), anna, "R-1", suite())
		must(t, err)
		same(t, "replayed", replayed, true)
		same(t, "periods", len(second.Licenses[0].Subscription.Periods), 1)
		hidden := cmp.FilterPath(func(p cmp.Path) bool { // what is for the inside only
			return slices.Contains([]string{"Order", "Line", "Group", "FileForm", "Definitions", "Price", "Version", "License", "CustomerID"}, p.Last().String()[1:])
		}, cmp.Ignore())
		if diff := cmp.Diff(first, second, hidden); diff != "" {
			t.Errorf("the answers differ (-first +second):\n%s", diff)
		}
	})
}

// TestReplayNeedsNoGrant takes the grant away between two sends: what was done is told again, within sight.
func TestReplayNeedsNoGrant(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		ben := h.ben(t)
		first, _, err := h.ordering.CreateLicense(t.Context(), ben, "R-1", design())
		must(t, err)
		h.revokeAll(t, ben)
		_, _, err = h.ordering.CreateLicense(t.Context(), ben, "R-2", design())
		refused(t, "a new request", err, licensing.CodeDenied, "category")
		again, replayed, err := h.ordering.CreateLicense(t.Context(), ben, "R-1", design())
		must(t, err)
		same(t, "replayed", replayed, true)
		same(t, "order", again.OrderNumber, first.OrderNumber)
	})
}

// revokeAll takes back every grant that names a membership.
func (h *house) revokeAll(t testing.TB, a licensing.Actor) {
	t.Helper()
	h.write(t, func(tx licensing.Tx) error {
		p, err := tx.PolicyLines(t.Context(), a.ID)
		if err != nil {
			return err
		}
		for _, l := range p.Lines {
			if l[0] == "p" {
				if err := tx.DeleteGrant(t.Context(), licensing.GrantID(l[4])); err != nil {
					return err
				}
			}
		}
		return nil
	})
}
