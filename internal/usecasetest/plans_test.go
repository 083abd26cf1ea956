package usecasetest

import (
	"testing"

	"kontor/internal/catalog"
	"kontor/internal/licensing"
	"kontor/internal/ordering"
	"kontor/internal/subscriptions"
)

// monthly is a product that is extended by months, twice at the most, from the 31st.
func monthly() catalog.EditProduct {
	return catalog.EditProduct{
		Code: "MONTHLY", Name: "Monthly", Kind: licensing.KindSubscription, Plan: &licensing.Plan{
			Type: licensing.LicenseSubscription, Term: licensing.Term{Months: 1}, Cancellation: licensing.Term{Days: 7}, MostExtensions: new(2), Consumer: true,
		},
	}
}

// offered creates a product and offers it to resellers.
func (h *house) offered(t *testing.T, in catalog.EditProduct) {
	t.Helper()
	_, _, err := h.catalog.CreateProduct(t.Context(), h.isv(t), licensing.NewID(), in)
	must(t, err)
	_, _, err = h.catalog.SortProducts(t.Context(), h.isv(t), licensing.NewID(), catalog.SortProducts{Products: []string{in.Code}, In: []string{"partner"}})
	must(t, err)
}

// TestLimitedPlan runs a subscription to its last extension: it comes back to the 31st, is not to be cancelled in its last
// period, and ends by itself.
func TestLimitedPlan(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		anna := h.anna(t)
		h.offered(t, monthly())
		h.setBusinessDay(t, day(2027, 1, 31))
		in := ordering.CreateLicense{Category: "partner", Product: "MONTHLY", Customer: licensing.Customer{Name: "Ada"}}
		quote := got[ordering.Quote](t)(h.ordering.Quote(t.Context(), anna, in))
		same(t, "quoted", []licensing.Day{quote.Period.End, quote.Next.End}, []licensing.Day{day(2027, 2, 27), day(2027, 3, 30)})
		l := h.create(t, anna, in).Licenses[0]
		running := licensing.LicenseFilter{Cancellable: true, Sort: licensing.SortCancelBy}
		same(t, "to be cancelled", len(got[ordering.LicenseList](t)(h.ordering.LicenseList(t.Context(), anna, running)).Licenses), 1)

		h.setBusinessDay(t, day(2027, 3, 24)) // both last days to cancel have passed
		same(t, "extensions", h.extendDue(t), 2)
		l = h.license(t, l.ID)
		var ends []licensing.Day
		for _, p := range l.Subscription.Periods {
			ends = append(ends, p.End)
		}
		same(t, "end dates", ends, []licensing.Day{day(2027, 2, 27), day(2027, 3, 30), day(2027, 4, 29)})
		same(t, "expires", l.ExpiresAt, berlin(day(2027, 4, 30)))
		same(t, "nothing more is due", h.extendDue(t), 0)
		same(t, "none to be cancelled", len(got[ordering.LicenseList](t)(h.ordering.LicenseList(t.Context(), anna, running)).Licenses), 0)
		same(t, "no last day to cancel", len(got[[]licensing.Day](t)(h.ordering.LastDays(t.Context(), anna, 10))), 0)
		_, _, err := h.subscriptions.Cancel(t.Context(), anna, licensing.NewID(), subscriptions.Cancel{Ticket: l.Ticket})
		refused(t, "cancelling what ends by itself", err, licensing.CodeConflict, "")
		why := "This subscription is not extended: it ends by itself on 2027-04-29, and there is nothing to cancel."
		same(t, "why", licensing.AsError(err).Message, why)
		many := got[[]subscriptions.PreviewedOne](t)(h.subscriptions.PreviewCancelMany(t.Context(), anna, []licensing.LicenseID{l.ID}))
		same(t, "why, among many", many[0].Refused.Message, why)

		h.setBusinessDay(t, day(2027, 4, 29))
		same(t, "on its last day", h.extendDue(t), 0)
		h.setBusinessDay(t, day(2027, 4, 30))
		same(t, "steps", h.extendDue(t), 1)
		l = h.license(t, l.ID)
		same(t, "state", []any{l.Subscription.State, l.Subscription.Last().Outcome}, []any{licensing.SubscriptionEnded, licensing.PeriodEnded})
		same(t, "told", h.told(t, l.Order), []string{"orderCreated", "subscriptionExtended 2", "subscriptionExtended 3", "subscriptionEnded 3"})
	})
}

// TestLateIntoTheLastPeriod cancels too late for the second period: the third, the last one, was extended to, and nothing
// is spared by it.
func TestLateIntoTheLastPeriod(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		anna := h.anna(t)
		h.offered(t, monthly())
		h.setBusinessDay(t, day(2027, 1, 31))
		l := h.create(t, anna, ordering.CreateLicense{Category: "partner", Product: "MONTHLY", Customer: licensing.Customer{Name: "Ada"}}).Licenses[0]
		h.setBusinessDay(t, day(2027, 3, 24))
		p := got[subscriptions.Preview](t)(h.subscriptions.PreviewCancel(t.Context(), anna, l.ID))
		same(t, "preview", []any{p.InTime, p.Last.End, p.Spared}, []any{false, day(2027, 4, 29), licensing.Period{}})
		out := h.cancel(t, anna, subscriptions.Cancel{Ticket: l.Ticket})
		same(t, "cancelled", []any{out.InTime, out.EndsOn}, []any{false, day(2027, 4, 29)})
		h.setBusinessDay(t, day(2027, 4, 30))
		same(t, "steps", h.extendDue(t), 1)
		same(t, "state", h.license(t, l.ID).Subscription.State, licensing.SubscriptionEnded)
	})
}

// TestEditPlan changes a plan: what was sold keeps its own, what is sold then has the new one, and an open form is told.
func TestEditPlan(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		ctx, isv, anna := t.Context(), h.isv(t), h.anna(t)
		sold := h.create(t, anna, suite()).Licenses[0]
		before := h.rulesOf(t, "partner", "AUR-SUITE").Version
		p := got[catalog.ManagedProduct](t)(h.catalog.ManagedProduct(ctx, isv, "AUR-SUITE"))
		edit := func(change func(*licensing.Plan)) (licensing.Product, error) {
			now := got[catalog.ManagedProduct](t)(h.catalog.ManagedProduct(ctx, isv, "AUR-SUITE"))
			in := catalog.EditProduct{Code: p.Code, Name: p.Name, Subtitle: p.Subtitle, Kind: p.Kind, Parameters: p.Parameters, Features: p.Features, Version: now.Version}
			if change != nil {
				in.Plan = new(*p.Plan)
				change(in.Plan)
			}
			out, _, err := h.catalog.EditProduct(ctx, isv, licensing.NewID(), in)
			return out, err
		}
		for name, c := range map[string]struct {
			change func(*licensing.Plan)
			field  string
		}{
			"no plan":              {nil, "plan"},
			"too long a notice":    {func(p *licensing.Plan) { p.Cancellation = licensing.Term{Months: 13} }, "plan.cancellation"},
			"for consumers":        {func(p *licensing.Plan) { p.Consumer = true }, "plan.cancellation"},
			"an anchor of its own": {func(p *licensing.Plan) { p.Anchor = 31 }, "plan.anchor"},
			"a day that is none": {func(p *licensing.Plan) {
				p.Align, p.AlignTo = licensing.AlignDay, &licensing.YearDay{Month: 2, Date: 30}
			}, "plan.alignTo"},
		} {
			unchanged(t, h, name, func() {
				_, err := edit(c.change)
				refused(t, name, err, licensing.CodeInvalidRequest, c.field)
			})
		}
		_, err := edit(func(p *licensing.Plan) {
			p.Align, p.AlignTo, p.First = licensing.AlignDay, &licensing.YearDay{Month: 6, Date: 30}, licensing.FirstShortened
		})
		must(t, err)
		again := h.create(t, anna, suite()).Licenses[0]
		same(t, "sold then", again.Subscription.Last().End, day(2027, 6, 30))
		h.setBusinessDay(t, day(2027, 10, 22))
		h.extendDue(t)
		same(t, "sold before", h.license(t, sold.ID).Subscription.Last().End, day(2028, 11, 20))
		same(t, "the offer has another version", h.rulesOf(t, "partner", "AUR-SUITE").Version > before, true)
		history := got[catalog.ManagedProduct](t)(h.catalog.ManagedProduct(ctx, isv, "AUR-SUITE")).History
		align, _ := licensing.ValueOf(history[0].Detail, "plan.align")
		same(t, "history", align, licensing.FromTo("", "", "30 June").Value)

		_, _, err = h.catalog.CreateProduct(ctx, isv, licensing.NewID(), catalog.EditProduct{Code: "X", Name: "X", Kind: licensing.KindPerpetual, Plan: p.Plan})
		refused(t, "a plan of what is no subscription", err, licensing.CodeInvalidRequest, "plan")
	})
}
