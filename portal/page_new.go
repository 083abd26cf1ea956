package portal

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"github.com/google/uuid"

	"kontor/internal/licensing"
)

// newPage is what the form for a license shows.
type newPage struct {
	Offer     licensing.Offer
	Basket    basket          // the other lines of the order
	Group     licensing.Group // that the license shall belong to; the zero group: the actor's own
	License   []field
	Books     []field // the data fields
	Customer  customerPart
	RequestID string // the form's; sent twice, it makes one license
	Separate  bool
	Test      bool
	Again     string // the number of the order that filled it in
	Without   int    // how many of that order's lines are not filled in
	Bill      bill
	Problems  []problem
	Sent      bool // the form has made an order already, with other values
	Changed   bool // somebody has changed the offer while the form was filled in
	To        *extendedOrder
}

// problem is one line of the summary above a form.
type problem struct {
	Anchor string // the field's id; empty when it speaks of none
	Label  string
	Text   string
}

// newLicense shows the form for an offer.
func (s *site) newLicense(v *visit) error {
	offer, err := s.services.Catalog.Offer(v.ctx(), v.actor, v.Query("category"), v.Query("product"))
	if err != nil {
		return err
	}
	form := url.Values{}
	to, err := s.extendedOrder(v, v.Query("order"))
	if err != nil {
		return err
	}
	group, err := s.forGroup(v, to.group(v.Query("group")))
	if err != nil {
		return err
	}
	to.fill(form)
	again, without := v.Query("again"), 0
	if again != "" {
		o, err := s.services.Ordering.Order(v.ctx(), v.actor, again)
		if err != nil {
			return err
		}
		form = fillFromOrder(o, offer.Category.Code, offer.Product.Code)
		var others basket
		if others, without, err = s.basketFromOrder(v, o, offer.Category.Code, offer.Product.Code); err != nil {
			return err
		}
		for _, carried := range others.hidden() {
			form.Add(carried.Name, carried.Value)
		}
	}
	beside, err := s.offersOf(v, readBasket(form))
	if err != nil {
		return err
	}
	form.Set("group", group.Code)
	page := s.newLine(v, to, offer, beside, form, problems{})
	page.Again, page.Without, page.Group = again, without, group
	if page.Bill, err = s.billFor(v, offer, beside, page.formValues(form)); err != nil {
		return err
	}
	return v.show(http.StatusOK, newLicense(page))
}

// create asks for one license, or with other lines for the whole order. It returns the order's number.
func (s *site) create(v *visit, b basket, category, product string) (string, error) {
	form := v.Request.PostForm
	if len(b.Lines) == 0 {
		out, _, err := s.services.Ordering.CreateLicense(v.ctx(), v.actor, form.Get("requestId"), readLicenseForm(category, product, form))
		return out.OrderNumber, err
	}
	out, _, err := s.services.Ordering.CreateOrder(v.ctx(), v.actor, form.Get("requestId"), b.order(category, product, form))
	return out.Order.Number, err
}

// createLicense sends the form to the use case, and shows the order or what is wrong.
func (s *site) createLicense(v *visit) error {
	category, product, form := v.Query("category"), v.Query("product"), v.Request.PostForm
	b := readBasket(form)
	number, err := s.create(v, b, category, product)
	if err == nil {
		return v.goTo(at(v.ctx(), "orders", number))
	}
	offer, offerErr := s.services.Catalog.Offer(v.ctx(), v.actor, category, product)
	if offerErr != nil || len(b.Lines) > 0 && licensing.AsError(err).Kind == licensing.Denied {
		return s.lostOffer(v, err, form) // not the actor's to create any more: that is what the use case said
	}
	beside, besideErr := s.offersOf(v, b)
	if besideErr != nil {
		return besideErr
	}
	mine, others, ok := b.of(err)
	reused := licensing.AsError(err).Code == licensing.CodeRequestIDReused
	if !ok && !reused {
		return err
	}
	to, toErr := s.extendedOrder(v, form.Get(toOrderField))
	if toErr != nil {
		return toErr
	}
	page := s.newLine(v, to, offer, beside, form, sortProblems(v.ctx(), mine, s.newLine(v, to, offer, beside, form, problems{}).names()))
	page.Problems = append(page.Problems, b.problems(v.ctx(), beside, others)...)
	page.Changed = form.Get("offerVersion") != "" && form.Get("offerVersion") != strconv.FormatInt(offer.Version, 10)
	var groupErr error
	if page.Group, groupErr = s.forGroup(v, form.Get("group")); groupErr != nil {
		return err
	}
	status := http.StatusUnprocessableEntity
	if reused {
		page.Sent, page.Problems, page.RequestID, status = true, nil, newRequestID(), http.StatusConflict
	}
	if page.Bill, err = s.billFor(v, offer, beside, form); err != nil {
		return err
	}
	return v.show(status, newLicense(page))
}

// newPage draws the form's fields, with what was typed and what is wrong. beside are the offers of the order's other lines:
// the data fields of all of them are asked for once.
func (s *site) newPage(v *visit, o licensing.Offer, beside []licensing.Offer, form url.Values, found problems) newPage {
	return s.newLine(v, nil, o, beside, form, found)
}

// newLine is newPage of a line that is added to an order; nil: a new order.
func (s *site) newLine(v *visit, to *extendedOrder, o licensing.Offer, beside []licensing.Offer, form url.Values, found problems) newPage {
	ctx := v.ctx()
	p := newPage{To: to, Offer: o, Basket: readBasket(form), RequestID: form.Get("requestId"), Separate: separateIn(o.Product, form), Test: form.Get("test") != ""}
	if p.RequestID == "" {
		p.RequestID = newRequestID()
	}
	for _, parameter := range o.Product.Parameters {
		if rule := o.RuleOf(parameter.Name); !rule.Hidden {
			p.License = append(p.License, parameterField(ctx, parameterPrefix, parameter, rule, o.Category.Name, v.today(), form))
		}
	}
	p.License = append(p.License, quantityField(ctx, o.Product, form))
	p.License = append(p.License, dateFields(ctx, o.Plan(), v.today(), form)...)
	asked := map[string]bool{}
	for _, of := range append([]licensing.Offer{o}, beside...) {
		for _, d := range of.DataFields {
			if d.Hidden || asked[d.Name] || !to.asks(d.Name) {
				continue
			}
			asked[d.Name] = true
			p.Books = append(p.Books, parameterField(ctx, dataFieldPrefix, d.AsParameter(), d.Rule, of.Category.Name, v.today(), form))
		}
	}
	if to == nil {
		p.Customer = customerPartOf(ctx, form, found)
	}
	for _, fields := range [][]field{p.License, p.Customer.Fields, p.Books} {
		for i := range fields {
			fields[i].Error = found.byField[fields[i].Name]
			switch {
			case fields[i].Error == "":
			case p.Customer.Missing && fields[i].Name == customerPrefix+"name":
				p.Problems = append(p.Problems, problem{"customer", T(ctx, "new.customer"), T(ctx, "customer.missing")})
			default:
				p.Problems = append(p.Problems, problem{fields[i].ID(), fields[i].Label, fields[i].Error})
			}
		}
	}
	for _, text := range found.rest {
		p.Problems = append(p.Problems, problem{Text: text})
	}
	return p
}

// separateIn reports whether each license gets a ticket of its own: as was chosen, and as long as nobody has, where licenses have
// seats, which people know by their tickets.
func separateIn(p licensing.Product, form url.Values) bool {
	chosen := form.Has("requestId") || form.Get("quantity") != "" && form.Get("quantity") != "1"
	return form.Get("separate") != "" || !chosen && hasSeats(p)
}

// names are the names of the form's fields.
func (p newPage) names() []string {
	var names []string
	for _, fields := range [][]field{p.License, p.Customer.Fields, p.Books} {
		for _, f := range fields {
			names = append(names, f.Name)
		}
	}
	return names
}

// formValues are the values as they stand in the fields, proposals included: what the browser would send.
func (p newPage) formValues(form url.Values) url.Values {
	values := url.Values{}
	for name, given := range form {
		values[name] = given
	}
	for _, fields := range [][]field{p.License, p.Books} {
		for _, f := range fields {
			values.Set(f.Name, f.Value)
		}
	}
	return values
}

// headline of the summary: "Two fields need correcting."
func (p newPage) headline(ctx context.Context) string {
	n := len(p.Problems)
	return capital(T(ctx, "new.problems", "Count", n, "N", spelled(ctx, n)))
}

// quote answers, while the form is filled in, what it comes to.
func (s *site) quote(v *visit) error {
	offer, err := s.services.Catalog.Offer(v.ctx(), v.actor, v.Query("category"), v.Query("product"))
	if err != nil {
		return err
	}
	beside, err := s.offersOf(v, readBasket(v.Request.PostForm))
	if err != nil {
		return err
	}
	b, err := s.billFor(v, offer, beside, v.Request.PostForm)
	if err != nil {
		return err
	}
	return v.show(http.StatusOK, quoteAnswer(b))
}

func newRequestID() string { return uuid.NewString() }

// newTitle is the tab's title; with errors it begins with them.
func newTitle(ctx context.Context, p newPage) string {
	if len(p.Problems) > 0 {
		return p.headline(ctx)
	}
	if p.To != nil {
		return T(ctx, "extend.title", "Order", p.To.Order.Number)
	}
	return T(ctx, "new.tab", "Product", p.Offer.Product.Name)
}
