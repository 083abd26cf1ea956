package usecasetest

import (
	"encoding/json"
	"errors"
	"testing"

	"kontor/internal/licensing"
	"kontor/internal/ordering"
)

// lineOf is a line that licenses what an input for one license does.
func lineOf(external string, in ordering.CreateLicense) ordering.NewLine {
	return ordering.NewLine{ExternalLine: external, Category: in.Category, Product: in.Product, Quantity: in.Quantity, Parameters: in.Parameters, Separate: in.Separate}
}

// basket is an order of three lines in two categories, as another system sends it.
func basket() ordering.CreateOrder {
	trials := lineOf("30", trial())
	trials.Category, trials.Quantity, trials.Separate, trials.Parameters = "internal", new(3), true, values("days", "30")
	return ordering.CreateOrder{
		Customer: bright, DataFields: values("externalOrderNumber", "PO-1", "reference", "yes"),
		Lines: []ordering.NewLine{lineOf("10", design()), lineOf("20", suite()), trials},
	}
}

// ordered carries out what has to succeed.
func (h *house) ordered(t testing.TB, actor licensing.Actor, in ordering.CreateOrder) licensing.Order {
	t.Helper()
	out, _, err := h.ordering.CreateOrder(t.Context(), actor, licensing.NewID(), in)
	must(t, err)
	return out.Order
}

// TestCreateOrder creates three lines at once: they are what three requests would have made, in one order.
func TestCreateOrder(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		erp := h.erpAccount(t)
		o := h.ordered(t, erp, basket())
		same(t, "as read", o, h.order(t, erp, o.Number))
		var lines, licenses []any
		for _, l := range o.Lines {
			lines = append(lines, []any{l.Position, l.ExternalLine, l.CategoryCode, l.ProductCode, l.Quantity, l.Amount, len(l.Tickets)})
		}
		same(t, "lines", lines, []any{
			[]any{1, "10", "partner", "AUR-DESIGN", 1, euros(1950), 1}, []any{2, "20", "partner", "AUR-SUITE", 1, euros(1800), 1},
			[]any{3, "30", "internal", "AUR-DESIGN-DEMO", 3, (*licensing.Money)(nil), 3},
		})
		for _, l := range o.Licenses {
			licenses = append(licenses, []any{l.ProductCode, l.DataFields, l.File != ""})
		}
		both, one := values("externalOrderNumber", "PO-1", "reference", "yes"), values("externalOrderNumber", "PO-1")
		same(t, "licenses", licenses, []any{
			[]any{"AUR-DESIGN", both, true}, []any{"AUR-SUITE", both, true}, []any{"AUR-DESIGN-DEMO", one, true}, []any{"AUR-DESIGN-DEMO", one, true}, []any{"AUR-DESIGN-DEMO", one, true},
		})
		same(t, "data fields", o.DataFields, both)
		same(t, "told", h.told(t, o.ID), []string{"orderCreated"})
		m := h.messages(t, o.ID)[0]
		same(t, "told of all lines", []any{len(m.Content.Lines), m.Content.Lines[2].ExternalLine, len(m.Content.Licenses)}, []any{3, "30", 5})
		same(t, "changes", kinds(h.changes(t, erp, "", 100).Changes, o.Licenses[1].Ticket), []string{"licenseCreated"})
	})
}

// TestLinesOfTheirOwn gives a line other data fields than its order: they are on its licenses, and the order has what all agree on.
func TestLinesOfTheirOwn(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		in := basket()
		in.Lines[1].DataFields = values("externalOrderNumber", "PO-2")
		o := h.ordered(t, h.erpAccount(t), in)
		same(t, "of the order", o.DataFields, values("reference", "yes"))
		var of []string
		for _, l := range o.Licenses {
			number, _ := licensing.ValueOf(l.DataFields, "externalOrderNumber")
			of = append(of, number)
		}
		same(t, "of the licenses", of, []string{"PO-1", "PO-2", "PO-1", "PO-1", "PO-1"})
		var told [][]licensing.Value
		for _, l := range h.messages(t, o.ID)[0].Content.Lines {
			told = append(told, l.DataFields)
		}
		same(t, "told", told, [][]licensing.Value{values("externalOrderNumber", "PO-1"), values("externalOrderNumber", "PO-2"), values("externalOrderNumber", "PO-1")})
	})
}

// TestCreateOrderOnce sends an order twice: it is created once, and whatever a later day changes, the answer is that of then.
func TestCreateOrderOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		erp := h.erpAccount(t)
		first, _, err := h.ordering.CreateOrder(t.Context(), erp, "id", basket())
		must(t, err)
		in := basket()
		in.Group = "aurora"           // is the default
		in.Lines[0].Quantity = new(1) // is the default
		unchanged(t, h, "a replay", func() {
			again, replayed, err := h.ordering.CreateOrder(t.Context(), erp, "id", in)
			must(t, err)
			same(t, "replayed", replayed, true)
			same(t, "answer", string(got[[]byte](t)(json.Marshal(again))), string(got[[]byte](t)(json.Marshal(first))))
		})
		in.Lines[0], in.Lines[1] = in.Lines[1], in.Lines[0]
		unchanged(t, h, "another content", func() {
			_, _, err := h.ordering.CreateOrder(t.Context(), erp, "id", in)
			refused(t, "another content", err, licensing.CodeRequestIDReused, "requestId")
		})
	})
}

// TestCreateOrderRefused holds that one wrong line leaves nothing behind, and that everything that is wrong is named with its line.
func TestCreateOrderRefused(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		erp := h.erpAccount(t)
		for name, c := range map[string]struct {
			change func(in *ordering.CreateOrder)
			line   int
			code   licensing.Code
			field  string
		}{
			"no lines":            {func(in *ordering.CreateOrder) { in.Lines = nil }, 0, licensing.CodeInvalidRequest, "lines"},
			"too many lines":      {func(in *ordering.CreateOrder) { in.Lines = make([]ordering.NewLine, ordering.MaxLines+1) }, 0, licensing.CodeInvalidRequest, "lines"},
			"too many licenses":   {func(in *ordering.CreateOrder) { in.Lines[2].Quantity = new(9_999) }, 0, licensing.CodeInvalidRequest, "lines"},
			"a name twice":        {func(in *ordering.CreateOrder) { in.Lines[2].ExternalLine = " 10" }, 3, licensing.CodeInvalidRequest, "externalLine"},
			"a name of two lines": {func(in *ordering.CreateOrder) { in.Lines[1].ExternalLine = "a\nb" }, 2, licensing.CodeInvalidRequest, "externalLine"},
			"a wrong parameter":   {func(in *ordering.CreateOrder) { in.Lines[1].Parameters = values("seats", "51") }, 2, licensing.CodeInvalidParameter, "seats"},
			"a wrong quantity":    {func(in *ordering.CreateOrder) { in.Lines[2].Quantity = new(0) }, 3, licensing.CodeInvalidRequest, "quantity"},
			"a start of none":     {func(in *ordering.CreateOrder) { in.Lines[0].StartDate = day(2026, 11, 21) }, 1, licensing.CodeInvalidRequest, "startDate"},
			"the only line": {func(in *ordering.CreateOrder) {
				in.Lines = in.Lines[1:2]
				in.Lines[0].Parameters = values("seats", "51")
			}, 1, licensing.CodeInvalidParameter, "seats"},
			"an unknown product":        {func(in *ordering.CreateOrder) { in.Lines[1].Product = "AUR-NOTHING" }, 2, licensing.CodeDenied, "product"},
			"a field that none has":     {func(in *ordering.CreateOrder) { in.DataFields = values("color", "red") }, 0, licensing.CodeInvalidParameter, "color"},
			"a wrong field":             {func(in *ordering.CreateOrder) { in.DataFields = values("reference", "perhaps") }, 0, licensing.CodeInvalidParameter, "reference"},
			"a field of another one":    {func(in *ordering.CreateOrder) { in.Lines[2].DataFields = values("reference", "yes") }, 3, licensing.CodeInvalidParameter, "reference"},
			"a customer without a name": {func(in *ordering.CreateOrder) { in.Customer.Name = "" }, 0, licensing.CodeInvalidRequest, "customer.name"},
			"an unknown group":          {func(in *ordering.CreateOrder) { in.Group = "nowhere" }, 0, licensing.CodeDenied, "group"},
		} {
			in := basket()
			c.change(&in)
			unchanged(t, h, name, func() {
				_, _, err := h.ordering.CreateOrder(t.Context(), erp, name, in)
				refused(t, name, err, c.code, c.field)
				same(t, name+": line", licensing.AsError(err).Line, c.line)
			})
		}
		_, _, err := h.ordering.CreateOrder(t.Context(), h.anna(t), "anna", basket())
		refused(t, "a category that is not granted", err, licensing.CodeDenied, "category")
		_, _, err = h.ordering.CreateOrder(t.Context(), erp, " ", basket())
		refused(t, "without a request id", err, licensing.CodeInvalidRequest, "requestId")

		in := basket()
		in.Customer.Name, in.Lines[0].Parameters, in.Lines[2].Quantity = "", nil, new(0)
		_, _, err = h.ordering.CreateOrder(t.Context(), erp, "all", in)
		var all licensing.Problems
		errors.As(err, &all)
		same(t, "all that is wrong", fieldsOf(all), []string{"customer.name", "seats", "edition", "quantity"})
	})
}

// TestQuoteOrder holds that a quote of several lines says what creating them gives.
func TestQuoteOrder(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		erp, in := h.erpAccount(t), basket()
		quotes := got[[]ordering.Quote](t)(h.ordering.QuoteOrder(t.Context(), erp, in))
		for i, l := range h.ordered(t, erp, in).Lines {
			same(t, "amount", quotes[i].Amount, l.Amount)
		}
		in.Lines[0].Parameters, in.Customer.Name = values("seats", "0", "edition", "pro"), ""
		quotes, err := h.ordering.QuoteOrder(t.Context(), erp, in)
		same(t, "line", []int{licensing.AsError(err).Line, len(quotes)}, []int{0, 3})
		same(t, "what is right is priced", []*licensing.Money{quotes[0].Amount, quotes[1].Amount}, []*licensing.Money{nil, euros(1800)})
	})
}

// TestExtendOrderOfDifferingLines adds a line to an order whose lines have a field each for itself: the new one may, too.
func TestExtendOrderOfDifferingLines(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		in, erp := basket(), h.erpAccount(t)
		in.Lines[1].DataFields = values("externalOrderNumber", "PO-2")
		more := design()
		more.Customer, more.OrderNumber, more.DataFields = in.Customer, h.ordered(t, erp, in).Number, values("externalOrderNumber", "PO-3")
		same(t, "of the new line", h.create(t, erp, more).Licenses[0].DataFields, values("reference", "yes", "externalOrderNumber", "PO-3"))
		more.DataFields = values("reference", "no")
		_, _, err := h.ordering.CreateLicense(t.Context(), erp, "no", more)
		refused(t, "what the order says", err, licensing.CodeInvalidParameter, "reference")
	})
}
