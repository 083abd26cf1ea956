package portal

import (
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"kontor/internal/licensing"
	"kontor/internal/ordering"
)

// What the names of form fields begin with.
const (
	parameterPrefix = "parameter."
	dataFieldPrefix = "dataField."
	customerPrefix  = "customer."
)

// customerFields are the particulars of a customer that the form asks for.
var customerFields = []string{"name", "company", "number", "email", "country"}

// readLicenseForm turns the form for an offer into what the use case takes. It checks nothing but that numbers are
// numbers: what stands in a field is passed on as it was typed.
func readLicenseForm(category, product string, form url.Values) ordering.CreateLicense {
	in := ordering.CreateLicense{
		Group: form.Get("group"), Category: category, Product: product, OrderNumber: form.Get(toOrderField),
		Customer: licensing.Customer{
			Number: form.Get(customerPrefix + "number"), Name: form.Get(customerPrefix + "name"), Company: form.Get(customerPrefix + "company"),
			Email: form.Get(customerPrefix + "email"), Country: form.Get(customerPrefix + "country"),
		},
		Parameters: valuesOf(form, parameterPrefix),
		DataFields: valuesOf(form, dataFieldPrefix),
		StartDate:  readDay(form, startDateField),
		EndDate:    readDay(form, endDateField),
		Separate:   form.Get("separate") != "",
		Test:       form.Get("test") != "",
	}
	in.OfferVersion, _ = strconv.ParseInt(form.Get("offerVersion"), 10, 64) // no number does not care
	if form.Has("quantity") {
		n, err := strconv.Atoi(strings.TrimSpace(form.Get("quantity")))
		if err != nil { // zero is refused by the use case, with the sentence that says what is allowed
			n = 0
		}
		in.Quantity = &n
	}
	return in
}

// valuesOf returns the fields whose names begin with prefix, in order of name; empty ones are left out.
func valuesOf(form url.Values, prefix string) []licensing.Value {
	var values []licensing.Value
	for name, given := range form {
		if short, ok := strings.CutPrefix(name, prefix); ok {
			for _, value := range given {
				if strings.TrimSpace(value) != "" {
					values = append(values, licensing.Value{Name: short, Value: value})
				}
			}
		}
	}
	sortValues(values)
	return values
}

// sortValues puts values in order of name: a form is read in none.
func sortValues(values []licensing.Value) {
	slices.SortFunc(values, func(a, b licensing.Value) int { return strings.Compare(a.Name, b.Name) })
}

// fillFromOrder is the form filled in as an order was: customer and parameters. The data fields stay empty, since an
// order number of the buyer's belongs to one order.
func fillFromOrder(o licensing.Order, category, product string) url.Values {
	form := url.Values{}
	c := o.Customer
	for name, value := range map[string]string{"number": c.Number, "name": c.Name, "company": c.Company, "email": c.Email, "country": c.Country} {
		if value != "" {
			form.Set(customerPrefix+name, value)
		}
	}
	if o.Test {
		form.Set("test", "1")
	}
	for _, l := range o.Licenses {
		i := slices.IndexFunc(o.Lines, func(line licensing.Line) bool { return line.ID == l.Line })
		if i >= 0 && l.CategoryCode == category && l.ProductCode == product {
			own, _ := fillFromLine(o, o.Lines[i])
			maps.Copy(form, own)
			break
		}
	}
	return form
}

// fillFromLine is a line filled in as in an order; ok is false where none of its licenses is to be seen.
func fillFromLine(o licensing.Order, line licensing.Line) (form url.Values, ok bool) {
	i := slices.IndexFunc(o.Licenses, func(l licensing.License) bool { return l.Line == line.ID })
	if i < 0 {
		return nil, false
	}
	form = url.Values{"quantity": {strconv.Itoa(line.Quantity)}}
	if len(line.Tickets) > 1 {
		form.Set("separate", "1")
	}
	for _, v := range o.Licenses[i].Parameters {
		form.Set(parameterPrefix+v.Name, v.Value)
	}
	return form, true
}
