package portal

import (
	"context"
	"strings"

	"kontor/internal/licensing"
	"kontor/internal/ordering"
)

// joinParticulars is "Pro, 8 seats at 180.00".
func joinParticulars(ctx context.Context, o licensing.Offer, q ordering.Quote, quantity int) string {
	text := strings.Join(particulars(ctx, o, q.Parameters, quantity), ", ")
	if q.Unit == nil {
		return text
	}
	if text == "" {
		return T(ctx, "bill.single", "Price", figure(q.Unit))
	}
	return T(ctx, "bill.at", "Text", text, "Price", figure(q.Unit))
}

// group is whom the bill goes to.
func (b bill) group(ctx context.Context) string {
	if b.Group != "" {
		return b.Group
	}
	return visitOf(ctx).actor.GroupName
}

// sum is the amount of the bill's last line: a dash until there is one, and nothing to pay where there is no price.
func (b bill) sum() string {
	switch {
	case !b.Complete:
		return "—"
	case b.Quote.Amount == nil && b.Offer.Product.Price == nil:
		return "0.00"
	default:
		return figure(b.Quote.Amount)
	}
}

// sumLabel names the sum: "EUR, net".
func (b bill) sumLabel(ctx context.Context) string {
	if b.Offer.Product.Price == nil {
		return T(ctx, "bill.free")
	}
	return T(ctx, "bill.net", "Currency", b.Offer.Product.Price.Currency)
}

// lastDay is until when the license holds that is ordered, if it ends.
func (b bill) lastDay(ctx context.Context) string {
	if b.Quote.ExpiresAt == nil || b.Quote.Period != nil {
		return ""
	}
	v := visitOf(ctx)
	return dayLong(ctx, licensing.DayOf(b.Quote.ExpiresAt.Add(-1), v.now.Zone))
}
