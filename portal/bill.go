package portal

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"kontor/internal/licensing"
	"kontor/internal/ordering"
)

// bill is the summary beside the form.
type bill struct {
	Offer         licensing.Offer
	Group         string // the name of the group that it is billed to; empty: the actor's own
	Quote         ordering.Quote
	Quotes        []ordering.Quote // of all lines of the order, Quote among them
	Before, After []billLine       // the other lines, where they stand
	Room          bool             // there can be one more
	To            string           // the number of the order that the line is added to; empty: a new one
	Complete      bool             // the values of the license are as the rules allow: there is a sum
	See           string           // the label of the first field that stands in the way of a sum
	Particular    string           // "Pro, 8 seats"
	Test          bool             // not for productive use
	At            int              // the position of the line that is being filled in, from 0
	Chosen        bool             // the first period does not end as the plan has it by itself
	Ends          *field           // the field of the end date as the chosen start has it; nil where there is none
}

// billFor asks what the form comes to.
func (s *site) billFor(v *visit, o licensing.Offer, beside []licensing.Offer, form url.Values) (bill, error) {
	basket := readBasket(form)
	in := basket.order(o.Category.Code, o.Product.Code, form)
	for i := range in.Lines {
		in.Lines[i].OfferVersion = 0 // what it comes to by the rules as they stand now; that they changed is told when it is sent
	}
	quotes, err := s.quotes(v, o, in, form)
	mine, wrong, isInput := basket.of(err)
	// That another line is not the actor's to create any more is said when the form is sent.
	lost := len(basket.Lines) > 0 && err != nil && licensing.AsError(err).Kind == licensing.Denied
	if err != nil && !isInput && !lost {
		return bill{}, err
	}
	b := bill{Offer: o, Quotes: quotes, Complete: !lost, Test: in.Test, At: basket.At, To: form.Get(toOrderField)}
	b.Room = b.To == "" && basket.hasRoom() // an order that exists gets one line at a time
	if basket.At < len(quotes) {
		b.Quote = quotes[basket.At]
	}
	b.Before, b.After = basket.billLines(v.ctx(), quotes, wrong)
	if group, err := s.forGroup(v, in.Group); err == nil { // else the quote has said so
		b.Group = group.Name
	}
	known := s.newPage(v, o, beside, form, problems{}).names()
	for _, f := range s.newPage(v, o, beside, form, sortProblems(v.ctx(), mine, known)).License {
		if f.Error != "" {
			b.Complete, b.See = false, f.Label
			break
		}
	}
	if plan := o.Plan(); plan != nil {
		if b.Ends = endField(v.ctx(), plan, v.today(), form); b.Ends == nil && plan.ShortestTerm != nil { // not for this start
			b.Ends = &field{Name: endDateField, Hint: endHint(v.ctx(), plan, v.today(), form)}
		}
		b.Chosen = b.Quote.Period != nil && b.Quote.Period.End != plan.FirstEnd(b.Quote.Period.Start, v.today())
	}
	b.Particular = joinParticulars(v.ctx(), b.Quote, in.Lines[basket.At])
	return b, nil
}

// quotes are what the lines of a form come to: of a new order, or the one that is added to an order.
func (s *site) quotes(v *visit, o licensing.Offer, in ordering.CreateOrder, form url.Values) ([]ordering.Quote, error) {
	if form.Get(toOrderField) == "" {
		return s.services.Ordering.QuoteOrder(v.ctx(), v.actor, in)
	}
	line := readLicenseForm(o.Category.Code, o.Product.Code, form)
	line.OfferVersion = 0
	q, err := s.services.Ordering.Quote(v.ctx(), v.actor, line)
	return []ordering.Quote{q}, err
}

// joinParticulars is "Pro, 8 seats at 180.00", of several licenses "Pro, 3 licenses of 8 seats each at 180.00".
func joinParticulars(ctx context.Context, q ordering.Quote, line ordering.NewLine) string {
	quantity := 1
	if line.Quantity != nil {
		quantity = *line.Quantity
	}
	words := particulars(ctx, q.Offer, q.Parameters, quantity)
	if seats := seatsIn(q.Parameters, q.Offer.Product.Parameters); seats != "" && quantity > 1 {
		one := particulars(ctx, q.Offer, q.Parameters, 1)
		words = append(one[:len(one)-1], T(ctx, "unit.licensesOf", "Count", seats, "N", number(quantity)))
	}
	text := strings.Join(words, ", ")
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
	if !b.Complete || slices.ContainsFunc(b.others(), func(l billLine) bool { return l.Wrong != "" }) {
		return "—"
	}
	var sums []licensing.Money
	for _, q := range b.Quotes {
		sums = addTo(sums, q.Amount)
	}
	return sumText(sums, len(sums) > 1)
}

// amount is that of the line that is being filled in.
func (b bill) amount() string {
	if !b.Complete {
		return "—"
	}
	return amountOf(b.Quote)
}

// amountOf is what a line comes to: nothing to pay where there is no price.
func amountOf(q ordering.Quote) string {
	if q.Amount == nil && q.Offer.Product.Price == nil {
		return "0.00"
	}
	return figure(q.Amount)
}

// addTo adds an amount to the sum of its currency; nil adds nothing.
func addTo(sums []licensing.Money, m *licensing.Money) []licensing.Money {
	if m == nil {
		return sums
	}
	for i := range sums {
		if sums[i].Currency == m.Currency {
			sums[i].Minor += m.Minor
			return sums
		}
	}
	return append(sums, *m)
}

// sumText writes sums, with their currencies or without.
func sumText(sums []licensing.Money, named bool) string {
	if len(sums) == 0 {
		return "0.00"
	}
	texts := make([]string, len(sums))
	for i := range sums {
		texts[i] = figure(&sums[i])
		if named {
			texts[i] = money(&sums[i])
		}
	}
	return strings.Join(texts, " + ")
}

// others are the bill's other lines.
func (b bill) others() []billLine { return slices.Concat(b.Before, b.After) }

// currencies are those of the lines, in their order.
func (b bill) currencies() (all []string) {
	for _, q := range b.Quotes {
		if p := q.Offer.Product.Price; p != nil && !slices.Contains(all, p.Currency) {
			all = append(all, p.Currency)
		}
	}
	return all
}

// sumLabel names the sum: "EUR, net".
func (b bill) sumLabel(ctx context.Context) string {
	if currencies := b.currencies(); len(currencies) > 0 {
		return T(ctx, "bill.net", "Currency", strings.Join(currencies, ", "))
	}
	return T(ctx, "bill.free")
}

// lastDay is until when the license holds that is ordered, if it ends.
func (b bill) lastDay(ctx context.Context) string {
	if b.Quote.ExpiresAt == nil || b.Quote.Period != nil {
		return ""
	}
	v := visitOf(ctx)
	return dayLong(ctx, licensing.DayOf(b.Quote.ExpiresAt.Add(-1), v.now.Zone))
}

// starts is the day on which the subscription starts that is ordered, if that is not today.
func (b bill) starts(ctx context.Context) string {
	if b.Quote.Period == nil || b.Quote.Period.Start == visitOf(ctx).today() {
		return ""
	}
	return dayLong(ctx, b.Quote.Period.Start)
}

// linesAddress is where a form goes that turns to another line of its order.
func linesAddress(ctx context.Context, o licensing.Offer) templ.SafeURL {
	return templ.SafeURL(query(at(ctx, "licenses", "lines"), "category", o.Category.Code, "product", o.Product.Code))
}

// currentLine says to a screen reader which line is being filled in, where there are several.
func currentLine(b bill) string {
	if len(b.others()) > 0 {
		return "true"
	}
	return "false"
}

// createWord is what the button says.
func createWord(ctx context.Context, b bill) string {
	if b.To != "" {
		return T(ctx, "extend.button")
	}
	if len(b.others()) > 0 {
		return T(ctx, "new.createOrder")
	}
	return T(ctx, "new.create")
}
