package usecasetest

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"kontor/internal/demo"
	"kontor/internal/licensing"
	"kontor/internal/ordering"
	"kontor/internal/subscriptions"
)

// TestSandboxChangesTestsOnly calls each operation that changes something in a sandbox: for what is real it is refused, and
// nothing is written; for a test it is carried out.
func TestSandboxChangesTestsOnly(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		isv := h.isv(t)
		reads := []string{"FindLicenses", "GetLicense", "GetOrder", "GetSubscription", "ListChanges", "ListOffers"}
		creates := []string{"CreateLicense", "CreateOrder"} // what they create is a test: TestSandboxMakesTests
		state := func(change licensing.StateChange) func(context.Context, licensing.Actor, licensing.License) error {
			return func(ctx context.Context, a licensing.Actor, l licensing.License) error {
				_, _, err := h.ordering.ChangeState(ctx, a, licensing.NewID(), change, ordering.ChangeState{Ticket: l.Ticket, Reason: "tried"})
				return err
			}
		}
		cancel := func(ctx context.Context, a licensing.Actor, l licensing.License) error {
			_, _, err := h.subscriptions.Cancel(ctx, a, licensing.NewID(), subscriptions.Cancel{Ticket: l.Ticket})
			return err
		}
		changes := map[string]struct {
			field       string
			before, run func(context.Context, licensing.Actor, licensing.License) error
		}{
			"ModifyLicense": {"ticket", nil, func(ctx context.Context, a licensing.Actor, l licensing.License) error {
				in := ordering.ModifyLicense{Ticket: l.Ticket, Customer: &licensing.Customer{Number: l.Customer.Number, Name: "Tried"}, Parameters: values("seats", "12")}
				_, _, err := h.ordering.ModifyLicense(ctx, a, licensing.NewID(), in)
				return err
			}},
			"SuspendLicense":     {"ticket", nil, state(licensing.ToSuspend)},
			"RevokeLicense":      {"ticket", nil, state(licensing.ToRevoke)},
			"ReinstateLicense":   {"ticket", state(licensing.ToSuspend), state(licensing.ToReinstate)},
			"CancelSubscription": {"ticket", nil, cancel},
			"WithdrawCancellation": {"ticket", cancel, func(ctx context.Context, a licensing.Actor, l licensing.License) error {
				_, _, err := h.subscriptions.Withdraw(ctx, a, licensing.NewID(), subscriptions.Withdraw{Ticket: l.Ticket})
				return err
			}},
			"ReportDocument": {"orderNumber", nil, func(ctx context.Context, a licensing.Actor, l licensing.License) error {
				_, _, err := h.ordering.ReportDocument(ctx, a, licensing.NewID(), reportOf(l.OrderNumber, "shop", licensing.MessageAccepted, "SO-1", ""))
				return err
			}},
		}
		h.sandbox(t, licensing.SandboxNormal, 0, 0)
		held := got[licensing.Actor](t)(h.tries(t, erpName, demo.Password, office))
		for _, operation := range licensing.Operations {
			c, ok := changes[operation]
			if !ok {
				if !slices.Contains(reads, operation) && !slices.Contains(creates, operation) {
					t.Errorf("%s is not tried", operation)
				}
				continue
			}
			for _, test := range []bool{false, true} {
				l := h.create(t, isv, with(suite(), func(in *ordering.CreateLicense) { in.Test = test })).Licenses[0]
				if c.before != nil {
					must(t, c.before(t.Context(), isv, l))
				}
				before := fmt.Sprint(h.rows(t))
				err := c.run(t.Context(), held, l)
				if test {
					must(t, err)
					continue
				}
				refused(t, operation, err, licensing.CodeDenied, c.field)
				same(t, operation+" wrote", fmt.Sprint(h.rows(t)), before)
			}
		}
		sold := h.create(t, isv, suite())
		_, _, err := h.ordering.CreateLicense(t.Context(), held, licensing.NewID(), with(suite(), func(in *ordering.CreateLicense) { in.OrderNumber = sold.OrderNumber }))
		refused(t, "a line of a real order", err, licensing.CodeDenied, "orderNumber")
	})
}

// TestTestsLeaveCustomers: whatever tests say of a customer, those who see what is real see him as he was.
func TestTestsLeaveCustomers(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		real := licensing.Customer{Number: "C-77", Name: "Ute Brückner", Company: "Brückner GmbH", Email: "ute@example.com"}
		sale := func(c licensing.Customer, test bool) licensing.License {
			return h.create(t, h.isv(t), with(suite(), func(in *ordering.CreateLicense) { in.Customer, in.Test = c, test })).Licenses[0]
		}
		known := func() licensing.Customer {
			return got[[]licensing.CustomerRow](t)(h.ordering.Customers(t.Context(), h.isv(t), "C-77"))[0].Customer
		}
		l := sale(real, false)
		probe := sale(licensing.Customer{Number: "C-77", Name: "Probe", Email: "probe@example.com"}, true)
		same(t, "after a test order", known(), real)
		same(t, "what the test says of itself", probe.Customer.Name, "Probe")
		_, _, err := h.ordering.ModifyLicense(t.Context(), h.isv(t), "m", ordering.ModifyLicense{Ticket: probe.Ticket, Customer: &licensing.Customer{Number: "C-77", Name: "Changed"}})
		must(t, err)
		same(t, "after a test was modified", known(), real)
		same(t, "the license", got[licensing.License](t)(h.ordering.License(t.Context(), h.isv(t), l.Ticket)).Customer, real)
		real.Name = "Ute Brückner-Klein"
		sale(real, false)
		same(t, "after what is real", known(), real)
	})
}
