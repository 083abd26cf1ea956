package usecasetest

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"kontor/internal/licensing"
	"kontor/internal/ordering"
)

// drawInput draws an input that may be right or wrong in any of its parts.
func drawInput(t *rapid.T) ordering.CreateLicense {
	in := rapid.SampledFrom([]func() ordering.CreateLicense{design, suite, care, trial, event}).Draw(t, "product")()
	in.Category = rapid.SampledFrom([]string{"partner", "partner", "partner", "internal", "none"}).Draw(t, "category")
	in.Quantity = rapid.SampledFrom([]*int{nil, new(1), new(3), new(0), new(10_001)}).Draw(t, "quantity")
	in.Separate = rapid.Bool().Draw(t, "separate")
	in.Test = rapid.Bool().Draw(t, "test")
	for i := range in.Parameters {
		if p := &in.Parameters[i]; p.Name == "seats" {
			p.Value = fmt.Sprint(rapid.IntRange(-1, 60).Draw(t, "seats"))
		}
	}
	if in.Product == "AUR-DESIGN-EVENT" {
		in.Parameters = values("until", day(2026, 11, 20).AddDays(rapid.IntRange(0, 33).Draw(t, "until")).String())
	}
	if rapid.IntRange(0, 9).Draw(t, "end") == 0 {
		in.EndDate = day(2027, 11, 30)
	}
	return in
}

// TestQuote holds that a quote promises what creating does, and refuses what creating refuses, in the same words.
func TestQuote(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		anna := h.anna(t)
		rapid.Check(t, func(rt *rapid.T) {
			in := drawInput(rt)
			quote, quoteErr := h.ordering.Quote(t.Context(), anna, in)
			out, _, err := h.ordering.CreateLicense(t.Context(), anna, licensing.NewID(), in)
			if fmt.Sprint(quoteErr) != fmt.Sprint(err) {
				rt.Fatalf("the quote says %v, creating says %v", quoteErr, err)
			}
			if err != nil {
				return
			}
			line, l := h.order(t, anna, out.OrderNumber).Lines[0], out.Licenses[0]
			same(rt, "price", []any{quote.Unit, quote.Units, quote.Amount}, []any{line.Unit, line.Units, line.Amount})
			same(rt, "parameters", quote.Parameters, l.Parameters)
			same(rt, "expires", quote.ExpiresAt, l.ExpiresAt)
			if l.Subscription == nil {
				same(rt, "period", quote.Period, (*licensing.Period)(nil))
			} else {
				same(rt, "period", *quote.Period, l.Subscription.Last())
				next, _ := l.Subscription.Next()
				same(rt, "next", *quote.Next, next)
			}
		})
	})
}

// TestQuoteOfAHalfFilledForm tells what is known already beside what is wrong.
func TestQuoteOfAHalfFilledForm(t *testing.T) {
	h := newHouse(t, "sqlite")
	in := suite()
	in.Customer = licensing.Customer{}
	unchanged(t, h, "a quote", func() {
		q, err := h.ordering.Quote(t.Context(), h.anna(t), in)
		refused(t, "without a customer", err, licensing.CodeInvalidRequest, "customer.name")
		same(t, "offer", q.Offer.Product.Code, "AUR-SUITE")
		same(t, "parameters", q.Parameters, values("seats", "10"))
	})
}
