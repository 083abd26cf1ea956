package usecasetest

import (
	"errors"
	"strings"
	"testing"

	"kontor/internal/licensing"
	"kontor/internal/ordering"
)

// refusals are inputs that create nothing. The actor is anna, who holds partner in northwind.
var refusals = []struct {
	name   string
	base   func() ordering.CreateLicense
	change func(in *ordering.CreateLicense)
	code   licensing.Code
	field  string
}{
	{"quantity 0", design, func(in *ordering.CreateLicense) { in.Quantity = new(0) }, licensing.CodeInvalidRequest, "quantity"},
	{"quantity -1", design, func(in *ordering.CreateLicense) { in.Quantity = new(-1) }, licensing.CodeInvalidRequest, "quantity"},
	{"quantity 10,001", design, func(in *ordering.CreateLicense) { in.Quantity = new(10_001) }, licensing.CodeInvalidRequest, "quantity"},
	{"quantity 10^9", design, func(in *ordering.CreateLicense) { in.Quantity = new(1_000_000_000) }, licensing.CodeInvalidRequest, "quantity"},
	{"smallest quantity", design, func(in *ordering.CreateLicense) { in.Quantity = new(-1 << 63) }, licensing.CodeInvalidRequest, "quantity"},

	{"seats 0", suite, parameters("seats", "0"), licensing.CodeInvalidParameter, "seats"},
	{"seats above the maximum", suite, parameters("seats", "51"), licensing.CodeInvalidParameter, "seats"},
	{"seats beyond integers", suite, parameters("seats", "99999999999999999999999999"), licensing.CodeInvalidParameter, "seats"},
	{"half a seat", suite, parameters("seats", "1.5"), licensing.CodeInvalidParameter, "seats"},
	{"seats in words", suite, parameters("seats", "ten"), licensing.CodeInvalidParameter, "seats"},
	{"seats as an exponent", suite, parameters("seats", "1e1"), licensing.CodeInvalidParameter, "seats"},
	{"seats with a line break", suite, parameters("seats", "1\n0"), licensing.CodeInvalidParameter, "seats"},
	{"no seats", suite, parameters(), licensing.CodeInvalidParameter, "seats"},
	{"unknown choice", design, parameters("seats", "5", "edition", "ultimate"), licensing.CodeInvalidParameter, "edition"},
	{"choice in another case", design, parameters("seats", "5", "edition", "PRO"), licensing.CodeInvalidParameter, "edition"},
	{"no choice", design, parameters("seats", "5"), licensing.CodeInvalidParameter, "edition"},
	{"text too long", design, parameters("seats", "5", "edition", "pro", "licensee", strings.Repeat("x", 201)), licensing.CodeInvalidParameter, "licensee"},
	{"control characters in text", design, parameters("seats", "5", "edition", "pro", "licensee", "a\x00b"), licensing.CodeInvalidParameter, "licensee"},
	{"text that turns direction", design, parameters("seats", "5", "edition", "pro", "licensee", "a\u202eb"), licensing.CodeInvalidParameter, "licensee"},
	{"text that is no UTF-8", design, parameters("seats", "5", "edition", "pro", "licensee", "a\xffb"), licensing.CodeInvalidParameter, "licensee"},
	{"fixed value changed", trial, parameters("days", "60"), licensing.CodeInvalidParameter, "days"},
	{"day before today", event, parameters("until", "2026-11-20"), licensing.CodeInvalidParameter, "until"},
	{"day too late", event, parameters("until", "2026-12-22"), licensing.CodeInvalidParameter, "until"},
	{"day that is in no calendar", event, parameters("until", "2026-11-31"), licensing.CodeInvalidParameter, "until"},
	{"day with a time", event, parameters("until", "2026-12-01T00:00:00Z"), licensing.CodeInvalidParameter, "until"},
	{"unknown parameter", suite, parameters("seats", "1", "color", "red"), licensing.CodeInvalidParameter, "color"},
	{"parameter in another case", suite, parameters("Seats", "1"), licensing.CodeInvalidParameter, "Seats"},
	{"parameter of another product", suite, parameters("seats", "1", "edition", "pro"), licensing.CodeInvalidParameter, "edition"},
	{"parameter twice", suite, parameters("seats", "1", "seats", "1"), licensing.CodeInvalidParameter, "seats"},
	{"parameter without a name", suite, parameters("seats", "1", "", "1"), licensing.CodeInvalidParameter, "parameters"},
	{"too many parameters", suite, parameters(strings.Split(strings.Repeat("x,1,", 101)+"x,1", ",")...), licensing.CodeInvalidParameter, "parameters"},

	{"unknown data field", design, dataFields("po", "1"), licensing.CodeInvalidParameter, "po"},
	{"data field twice", design, dataFields("externalOrderNumber", "1", "externalOrderNumber", "1"), licensing.CodeInvalidParameter, "externalOrderNumber"},
	{"data field too long", design, dataFields("externalOrderNumber", strings.Repeat("x", 101)), licensing.CodeInvalidParameter, "externalOrderNumber"},
	{"control characters in a data field", design, dataFields("externalOrderNumber", "a\tb"), licensing.CodeInvalidParameter, "externalOrderNumber"},

	{"no name", design, customer(func(c *licensing.Customer) { c.Name = "" }), licensing.CodeInvalidRequest, "customer.name"},
	{"blank name", design, customer(func(c *licensing.Customer) { c.Name = " \u00a0 " }), licensing.CodeInvalidRequest, "customer.name"},
	{"long name", design, customer(func(c *licensing.Customer) { c.Name = strings.Repeat("x", 201) }), licensing.CodeInvalidRequest, "customer.name"},
	{"control characters in the name", design, customer(func(c *licensing.Customer) { c.Name = "a\x1bb" }), licensing.CodeInvalidRequest, "customer.name"},
	{"control characters in the company", design, customer(func(c *licensing.Customer) { c.Company = "a\x00b" }), licensing.CodeInvalidRequest, "customer.company"},
	{"control characters in the number", design, customer(func(c *licensing.Customer) { c.Number = "a\nb" }), licensing.CodeInvalidRequest, "customer.number"},
	{"no address", design, customer(func(c *licensing.Customer) { c.Email = "bright.example" }), licensing.CodeInvalidRequest, "customer.email"},
	{"two addresses", design, customer(func(c *licensing.Customer) { c.Email = "a@x.example,b@x.example" }), licensing.CodeInvalidRequest, "customer.email"},
	{"unknown country", design, customer(func(c *licensing.Customer) { c.Country = "XX" }), licensing.CodeInvalidRequest, "customer.country"},
	{"unknown language", design, customer(func(c *licensing.Customer) { c.Language = "no language" }), licensing.CodeInvalidRequest, "customer.language"},

	{"start of no subscription", design, func(in *ordering.CreateLicense) { in.StartDate = day(2026, 11, 21) }, licensing.CodeInvalidRequest, "startDate"},
	{"end of no subscription", trial, func(in *ordering.CreateLicense) { in.EndDate = day(2027, 11, 21) }, licensing.CodeInvalidRequest, "startDate"},
	{"start that cannot be chosen", suite, func(in *ordering.CreateLicense) { in.StartDate = day(2026, 11, 22) }, licensing.CodeInvalidRequest, "startDate"},
	{"start in the past", care, func(in *ordering.CreateLicense) { in.StartDate = day(2026, 11, 20) }, licensing.CodeInvalidRequest, "startDate"},
	{"end that cannot be chosen", suite, func(in *ordering.CreateLicense) { in.EndDate = day(2028, 11, 20) }, licensing.CodeInvalidRequest, "endDate"},

	{"unknown category", design, func(in *ordering.CreateLicense) { in.Category = "nonsense" }, licensing.CodeDenied, "category"},
	{"category not granted", design, func(in *ordering.CreateLicense) { in.Category = "internal" }, licensing.CodeDenied, "category"},
	{"no category", design, func(in *ordering.CreateLicense) { in.Category = "" }, licensing.CodeDenied, "category"},
	{"any category", design, func(in *ordering.CreateLicense) { in.Category = "*" }, licensing.CodeDenied, "category"},
	{"category of control characters", design, func(in *ordering.CreateLicense) { in.Category = "partner\x00" }, licensing.CodeDenied, "category"},
	{"unknown product", design, func(in *ordering.CreateLicense) { in.Product = "AUR-NOTHING" }, licensing.CodeDenied, "product"},
	{"product in another case", design, func(in *ordering.CreateLicense) { in.Product = "aur-design" }, licensing.CodeDenied, "product"},
	{"product of control characters", design, func(in *ordering.CreateLicense) { in.Product = "AUR-DESIGN\x00" }, licensing.CodeDenied, "product"},
	{"product that is no UTF-8", design, func(in *ordering.CreateLicense) { in.Product = "AUR-\xff" }, licensing.CodeDenied, "product"},
	{"unknown group", design, func(in *ordering.CreateLicense) { in.Group = "nowhere" }, licensing.CodeDenied, "group"},
	{"group of control characters", design, func(in *ordering.CreateLicense) { in.Group = "north\x00wind" }, licensing.CodeDenied, "group"},
	{"group that is no UTF-8", design, func(in *ordering.CreateLicense) { in.Group = "\xff" }, licensing.CodeDenied, "group"},

	{"unknown order", design, func(in *ordering.CreateLicense) { in.OrderNumber = "K26-99999" }, licensing.CodeNotFound, "orderNumber"},
	{"no order number", design, func(in *ordering.CreateLicense) { in.OrderNumber = "' OR 1=1" }, licensing.CodeNotFound, "orderNumber"},
	{"order number of control characters", design, func(in *ordering.CreateLicense) { in.OrderNumber = "K26-1\x00" }, licensing.CodeNotFound, "orderNumber"},
}

func parameters(pairs ...string) func(*ordering.CreateLicense) {
	return func(in *ordering.CreateLicense) { in.Parameters = values(pairs...) }
}

func dataFields(pairs ...string) func(*ordering.CreateLicense) {
	return func(in *ordering.CreateLicense) { in.DataFields = values(pairs...) }
}

func customer(change func(*licensing.Customer)) func(*ordering.CreateLicense) {
	return func(in *ordering.CreateLicense) { change(&in.Customer) }
}

// TestRefused holds that bad input gets a clear error, writes no row anywhere, and leaves its request id free.
func TestRefused(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		anna := h.anna(t)
		for _, c := range refusals {
			t.Run(c.name, func(t *testing.T) {
				in := with(c.base(), c.change)
				unchanged(t, h, c.name, func() {
					_, replayed, err := h.ordering.CreateLicense(t.Context(), anna, "the id", in)
					refused(t, "creating", err, c.code, c.field)
					if replayed {
						t.Error("it is said to be replayed")
					}
					_, err = h.ordering.Quote(t.Context(), anna, in)
					refused(t, "quoting", err, c.code, c.field)
				})
			})
		}
		if _, replayed, err := h.ordering.CreateLicense(t.Context(), anna, "the id", design()); err != nil || replayed {
			t.Errorf("the id after all refusals: replayed %v, %v", replayed, err)
		}
	})
}

func TestRefusedRequestIDs(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		for _, id := range []string{"", "  ", strings.Repeat("x", 256), "a\x00b", "a\xffb", "a\nb"} {
			unchanged(t, h, id, func() {
				_, _, err := h.ordering.CreateLicense(t.Context(), h.anna(t), id, design())
				refused(t, "creating", err, licensing.CodeInvalidRequest, "requestId")
			})
		}
	})
}

// TestAllProblemsAtOnce holds that a form can mark every field.
func TestAllProblemsAtOnce(t *testing.T) {
	h := newHouse(t, "sqlite")
	in := design()
	in.Quantity, in.Customer, in.Parameters, in.DataFields = new(0), licensing.Customer{Email: "x"}, values("seats", "51", "edition", "none"), values("po", "1")
	_, err := h.ordering.Quote(t.Context(), h.anna(t), in)
	var all licensing.Problems
	if !errors.As(err, &all) {
		t.Fatalf("got %v, want all problems", err)
	}
	var fields []string
	for _, p := range all {
		fields = append(fields, p.Field)
	}
	same(t, "fields", fields, []string{"customer.name", "customer.email", "quantity", "seats", "edition", "po"})
}
