package portal

import (
	"context"
	"net/url"

	"kontor/internal/licensing"
)

// toOrderField carries the number of the order that a line is added to.
const toOrderField = "orderNumber"

// extendedOrder is the order that a line is added to, whose customer and data fields stay as they are. nil is a new one.
type extendedOrder struct {
	Order licensing.Order
	Book  offerBook
	asked map[string]bool // the data fields that each of its lines has for itself
}

// extendedOrder reads the order of a number within sight; nil when there is no number.
func (s *site) extendedOrder(v *visit, number string) (*extendedOrder, error) {
	if number == "" {
		return nil, nil
	}
	o, err := s.services.Ordering.Order(v.ctx(), v.actor, number)
	if err != nil {
		return nil, err
	}
	book, err := s.bookOf(v, o.Licenses...)
	return &extendedOrder{o, book, o.DifferingFields()}, err
}

// group is the group that the line's licenses shall belong to: the order's; else the given one.
func (t *extendedOrder) group(code string) string {
	if t == nil {
		return code
	}
	return t.Order.GroupCode
}

// asks reports whether the form asks for a data field.
func (t *extendedOrder) asks(field string) bool { return t == nil || t.asked[field] }

// number is the order's; empty for a new one.
func (t *extendedOrder) number() string {
	if t == nil {
		return ""
	}
	return t.Order.Number
}

// fill writes what the form carries of the order.
func (t *extendedOrder) fill(form url.Values) {
	for _, f := range t.carried() {
		form.Set(f.Name, f.Value)
	}
}

// carried is what the form says of the order without asking: for whom it is.
func (t *extendedOrder) carried() []licensing.Value {
	if t == nil {
		return nil
	}
	c := t.Order.Customer
	all := []licensing.Value{{Name: toOrderField, Value: t.Order.Number}}
	for _, f := range []licensing.Value{
		{Name: "number", Value: c.Number}, {Name: "name", Value: c.Name}, {Name: "company", Value: c.Company}, {Name: "email", Value: c.Email},
		{Name: "country", Value: c.Country},
	} {
		if f.Value != "" {
			all = append(all, licensing.Value{Name: customerPrefix + f.Name, Value: f.Value})
		}
	}
	if t.Order.Test {
		all = append(all, licensing.Value{Name: "test", Value: "1"})
	}
	return all
}

// chooseAddress is the page on which the product of a license is chosen: of a new order for a group, or of a line of an order.
func (p newPage) chooseAddress(ctx context.Context) string {
	if p.To != nil {
		return query(at(ctx, "licenses", "choose"), "category", p.Offer.Category.Code, "order", p.To.Order.Number)
	}
	return query(at(ctx, "licenses", "choose"), "category", p.Offer.Category.Code, "group", p.Group.Code)
}

// formAddress is where the form is sent.
func (p newPage) formAddress(ctx context.Context) string {
	return newLicenseAddress(ctx, p.Offer, p.Group.Code, p.To.number())
}
