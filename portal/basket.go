package portal

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"kontor/internal/catalog"
	"kontor/internal/licensing"
	"kontor/internal/ordering"
)

// mostLines is how many lines an order has that is made in the portal: its form carries all of them.
const mostLines = 50

// linePrefix begins the names of the fields of the lines that are not being filled in: "line.0.parameter.seats".
const linePrefix = "line."

// atField says which line of the order is being filled in, from 0.
const atField = "at"

// basket is the other lines of an order while one of them is being filled in. The form carries them, so that nothing is kept
// anywhere else and nothing is lost when a page is left open.
type basket struct {
	At    int          // the position of the line that is being filled in, from 0
	Lines []basketLine // the others, in their order
}

// basketLine is one of them: its offer and what was entered.
type basketLine struct {
	Category, Product string
	Form              url.Values // as the form for one license names its fields
}

// lineFields are the fields of a form that belong to the line and not to the order.
func lineFields(form url.Values) url.Values {
	own := url.Values{}
	for name, given := range form {
		if strings.HasPrefix(name, parameterPrefix) || slices.Contains([]string{"quantity", "separate", startDateField, endDateField, "offerVersion"}, name) {
			own[name] = given
		}
	}
	return own
}

// readBasket reads the other lines of a form. What does not name a line is left out.
func readBasket(form url.Values) (b basket) {
	byIndex := map[int]*basketLine{}
	for name, given := range form {
		rest, ok := strings.CutPrefix(name, linePrefix)
		index, field, cut := strings.Cut(rest, ".")
		n, err := strconv.Atoi(index)
		if !ok || !cut || err != nil || n < 0 || n >= mostLines || len(given) == 0 {
			continue
		}
		line := byIndex[n]
		if line == nil {
			line = &basketLine{Form: url.Values{}}
			byIndex[n] = line
		}
		switch field {
		case "category":
			line.Category = given[0]
		case "product":
			line.Product = given[0]
		default:
			line.Form[field] = given
		}
	}
	for n := range mostLines {
		if line := byIndex[n]; line != nil && line.Product != "" {
			b.Lines = append(b.Lines, *line)
		}
	}
	at, err := strconv.Atoi(form.Get(atField))
	if err != nil || at < 0 || at > len(b.Lines) {
		at = len(b.Lines)
	}
	b.At = at
	return b
}

// hidden are the fields by which a form carries the basket.
func (b basket) hidden() []licensing.Value {
	if len(b.Lines) == 0 {
		return nil
	}
	fields := []licensing.Value{{Name: atField, Value: strconv.Itoa(b.At)}}
	for i, line := range b.Lines {
		prefix := linePrefix + strconv.Itoa(i) + "."
		var own []licensing.Value
		for name, given := range line.Form {
			for _, value := range given {
				own = append(own, licensing.Value{Name: prefix + name, Value: value})
			}
		}
		sortValues(own)
		fields = append(fields, licensing.Value{Name: prefix + "category", Value: line.Category}, licensing.Value{Name: prefix + "product", Value: line.Product})
		fields = append(fields, own...)
	}
	return fields
}

// whole is all lines, the one that is being filled in among them.
func (b basket) whole(current basketLine) []basketLine {
	return slices.Insert(slices.Clone(b.Lines), b.At, current)
}

// stowed puts the line that is being filled in back among the others; the next one comes last.
func (b basket) stowed(current basketLine) basket {
	all := b.whole(current)
	return basket{At: len(all), Lines: all}
}

// taken is the basket in which line n of the whole order, from 0, is the one that is being filled in.
func (b basket) taken(n int) (basket, basketLine, bool) {
	if n < 0 || n >= len(b.Lines) {
		return b, basketLine{}, false
	}
	line := b.Lines[n]
	return basket{At: n, Lines: slices.Delete(slices.Clone(b.Lines), n, n+1)}, line, true
}

// position is the place in the order, from 0, of the i-th of the other lines.
func (b basket) position(i int) int {
	if i >= b.At {
		return i + 1
	}
	return i
}

// hasRoom reports whether another line can be added.
func (b basket) hasRoom() bool { return len(b.Lines)+1 < mostLines }

// order is what the whole form asks for.
func (b basket) order(category, product string, form url.Values) ordering.CreateOrder {
	head := readLicenseForm(category, product, form)
	in := ordering.CreateOrder{Group: head.Group, Customer: head.Customer, DataFields: head.DataFields, Test: head.Test}
	for _, line := range b.whole(basketLine{category, product, lineFields(form)}) {
		l := readLicenseForm(line.Category, line.Product, line.Form)
		in.Lines = append(in.Lines, ordering.NewLine{
			Category: l.Category, Product: l.Product, Quantity: l.Quantity, Parameters: l.Parameters, StartDate: l.StartDate, EndDate: l.EndDate,
			Separate: l.Separate, OfferVersion: l.OfferVersion,
		})
	}
	return in
}

// of sorts what is wrong with an order into what speaks of the line that is being filled in, or of none, and the rest, by line
// from 0. It returns false when err is no problem of the input.
func (b basket) of(err error) (mine licensing.Problems, others map[int]licensing.Problems, ok bool) {
	many, ok := inputProblems(err)
	others = map[int]licensing.Problems{}
	for _, p := range many {
		if p.Line > 0 && p.Line-1 != b.At {
			others[p.Line-1] = append(others[p.Line-1], p)
		} else {
			mine = append(mine, p)
		}
	}
	return mine, others, ok
}

// billLine is another line in the bill.
type billLine struct {
	Index      int // among the other lines
	Name       string
	Particular string
	Amount     string
	Wrong      string // what is wrong with it, as a sentence
}

// billLines are the other lines of the bill, by their quotes.
func (b basket) billLines(ctx context.Context, quotes []ordering.Quote, wrong map[int]licensing.Problems) (before, after []billLine) {
	for i, line := range b.Lines {
		at := b.position(i)
		l := billLine{Index: i, Name: line.Product, Amount: "—"}
		if at < len(quotes) && quotes[at].Offer.Product.Code != "" {
			q := quotes[at]
			in := readLicenseForm(line.Category, line.Product, line.Form)
			l.Name, l.Particular = q.Offer.Product.Name, joinParticulars(ctx, q, ordering.NewLine{Quantity: in.Quantity, Separate: in.Separate})
			if len(wrong[at]) == 0 {
				l.Amount = amountOf(q)
			}
		}
		if len(wrong[at]) > 0 {
			l.Wrong, l.Particular = T(ctx, "bill.see", "Field", wrongField(ctx, quotes, at, wrong[at][0])), ""
		}
		if i < b.At {
			before = append(before, l)
		} else {
			after = append(after, l)
		}
	}
	return before, after
}

// wrongField is the label of the field of another line that a problem speaks of.
func wrongField(ctx context.Context, quotes []ordering.Quote, at int, p *licensing.Error) string {
	offer := licensing.Offer{}
	if at < len(quotes) {
		offer = quotes[at].Offer
	}
	return cmp.Or(lineFieldLabel(ctx, offer, p), T(ctx, "new.license"))
}

// lineFieldLabel is the label of the field of an offer's form that a problem speaks of; empty when it speaks of none.
func lineFieldLabel(ctx context.Context, o licensing.Offer, p *licensing.Error) string {
	for _, parameter := range o.Product.Parameters {
		if parameter.Name == p.Field {
			return parameter.Labels.In(languageOf(ctx), parameter.Label)
		}
	}
	if label, ok := map[string]string{"quantity": "new.quantity", startDateField: "new.startDate", endDateField: "new.endDate"}[p.Field]; ok {
		return T(ctx, label)
	}
	return ""
}

// problems are lines of the summary above the form for what is wrong with other lines.
func (b basket) problems(ctx context.Context, beside []licensing.Offer, others map[int]licensing.Problems) (all []problem) {
	for i, line := range b.Lines {
		name, offer := line.Product, licensing.Offer{}
		for _, o := range beside {
			if o.Category.Code == line.Category && o.Product.Code == line.Product {
				name, offer = o.Product.Name, o
			}
		}
		for _, p := range others[b.position(i)] {
			text := sentence(ctx, p)
			if label := lineFieldLabel(ctx, offer, p); label != "" {
				text = label + ": " + text
			}
			all = append(all, problem{Text: T(ctx, "new.lineProblem", "Line", b.position(i)+1, "Product", name, "Text", text)})
		}
	}
	return all
}

// offersOf are the offers of the other lines, those that the actor may create.
func (s *site) offersOf(v *visit, b basket) ([]licensing.Offer, error) {
	if len(b.Lines) == 0 {
		return nil, nil
	}
	var names []catalog.OfferName
	for _, line := range b.Lines {
		if n := (catalog.OfferName{Category: line.Category, Product: line.Product}); !slices.Contains(names, n) {
			names = append(names, n)
		}
	}
	return s.services.Catalog.OffersNamed(v.ctx(), v.actor, names)
}

// basketFromOrder are the other lines of an order that is to be licensed again, but for the first of an offer, which is filled
// in, and for those that the actor may not create or that find no room. It returns how many those are.
func (s *site) basketFromOrder(v *visit, o licensing.Order, category, product string) (basket, int, error) {
	all, filled := basket{}, false
	for _, line := range o.Lines {
		form, ok := fillFromLine(o, line)
		switch {
		case !ok || len(all.Lines)+1 == mostLines:
		case !filled && line.CategoryCode == category && line.ProductCode == product:
			filled, all.At = true, len(all.Lines)
		default:
			all.Lines = append(all.Lines, basketLine{line.CategoryCode, line.ProductCode, form})
		}
	}
	offers, err := s.offersOf(v, all)
	left := basket{At: all.At}
	for i, line := range all.Lines {
		if slices.ContainsFunc(offers, func(o licensing.Offer) bool {
			return o.Category.Code == line.Category && o.Product.Code == line.Product
		}) {
			left.Lines = append(left.Lines, line)
		} else if i < all.At {
			left.At--
		}
	}
	without := len(o.Lines) - len(left.Lines)
	if filled {
		without--
	}
	return left, without, err
}
