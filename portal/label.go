package portal

import (
	"context"
	"strings"

	"kontor/internal/catalog"
	"kontor/internal/licensing"
)

// offerBook finds the offers that the actor may create, to read a license's values by: its labels, units and
// options. A license whose offer is not among them is read by what it carries of its product.
type offerBook map[string]licensing.Offer

// bookOf asks for the actor's offers that some licenses are of.
func (s *site) bookOf(v *visit, licenses ...licensing.License) (offerBook, error) {
	book, seen := offerBook{}, map[catalog.OfferName]bool{}
	var names []catalog.OfferName
	for _, l := range licenses {
		if n := (catalog.OfferName{Category: l.CategoryCode, Product: l.ProductCode}); !seen[n] {
			seen[n] = true
			names = append(names, n)
		}
	}
	if len(names) == 0 {
		return book, nil
	}
	offers, err := s.services.Catalog.OffersNamed(v.ctx(), v.actor, names)
	for _, o := range offers {
		book[o.Category.Code+"/"+o.Product.Code] = o
	}
	return book, err
}

func (b offerBook) of(category, product string) (licensing.Offer, bool) {
	o, ok := b[category+"/"+product]
	return o, ok
}

// forReading is what a license's values are read by: its offer, or, where that is not the actor's to create, the
// parameters that the license itself carries, without rules. It reports whether it is the offer.
func (b offerBook) forReading(l licensing.License) (licensing.Offer, bool) {
	if o, ok := b.of(l.CategoryCode, l.ProductCode); ok {
		return o, true
	}
	return licensing.Offer{Product: licensing.Product{Parameters: l.Definitions}}, false
}

// seats returns how many seats a license has, or "".
func (b offerBook) seats(l licensing.License) string {
	o, _ := b.forReading(l)
	return seatsIn(l.Parameters, o.Product.Parameters)
}

// seatsIn returns the value of the parameter that sets the seats. Without the product's parameters, the one that
// is called so.
func seatsIn(values []licensing.Value, parameters []licensing.Parameter) string {
	for _, p := range parameters {
		if p.Sets == licensing.SetsSeats {
			seats, _ := licensing.ValueOf(values, p.Name)
			return seats
		}
	}
	seats, _ := licensing.ValueOf(values, "seats")
	return seats
}

// name is a license as a person calls it: "Aurora Design, Pro, 8 seats".
func (b offerBook) name(ctx context.Context, l licensing.License) string {
	o, _ := b.forReading(l)
	return strings.Join(append([]string{l.ProductName}, particulars(ctx, o, l.Parameters, l.Quantity)...), ", ")
}

// particulars are the values that tell one license of a product from another: "Pro", "8 seats", "to 18 Dec 2026".
func particulars(ctx context.Context, o licensing.Offer, values []licensing.Value, quantity int) []string {
	var words []string
	seats := ""
	for _, p := range o.Product.Parameters {
		value, ok := licensing.ValueOf(values, p.Name)
		switch {
		case !ok || value == "":
		case p.Sets == licensing.SetsSeats:
			seats = value
		case p.Sets == licensing.SetsDays:
			words = append(words, T(ctx, "unit.days", "Count", value))
		case p.Sets == licensing.SetsUntil:
			words = append(words, T(ctx, "unit.until", "Day", valueShort(ctx, p, o.RuleOf(p.Name), value)))
		case p.Type == "selection":
			words = append(words, valueShort(ctx, p, o.RuleOf(p.Name), value))
		}
	}
	if seats == "" {
		seats = seatsIn(values, o.Product.Parameters)
	}
	if seats != "" {
		words = append(words, T(ctx, "unit.seats", "Count", seats))
	}
	if quantity > 1 {
		words = append(words, T(ctx, "unit.licenses", "Count", quantity))
	}
	return words
}

// valueShort is a parameter's value for a person: a selection's label, a date as "18 Dec 2026".
func valueShort(ctx context.Context, p licensing.Parameter, r licensing.Rule, value string) string {
	for _, options := range [][]licensing.Option{r.Options, p.Options} {
		for _, o := range options {
			if o.Value == value {
				return o.LabelIn(languageOf(ctx))
			}
		}
	}
	if p.Type == "yesno" && (value == "yes" || value == "no") {
		return T(ctx, "field."+value)
	}
	if day, err := licensing.ParseDay(value); err == nil && p.Type == "date" {
		return dayShort(ctx, day)
	}
	return value
}

// ticketShort is a ticket as lists show it: enough to tell two apart, too little to use.
func ticketShort(ticket string) string {
	const shown = 11 // two groups of five
	if len(ticket) <= shown {
		return ticket
	}
	return ticket[:shown] + "…"
}

// customerName is a customer as lists show it: the company when there is one.
func customerName(c licensing.Customer) string {
	if c.Company != "" {
		return c.Company
	}
	return c.Name
}

// customerLine is the second line of a customer: who, where, under which number.
func customerLine(ctx context.Context, c licensing.Customer) string {
	var parts []string
	if c.Company != "" {
		parts = append(parts, c.Name)
	}
	if c.Country != "" {
		parts = append(parts, countryName(c.Country))
	}
	if c.Number != "" {
		parts = append(parts, T(ctx, "customer.numbered", "Number", c.Number))
	}
	if c.Email != "" {
		parts = append(parts, c.Email)
	}
	return strings.Join(parts, " · ")
}
