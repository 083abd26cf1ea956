package portal

import (
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kontor/internal/licensing"
)

func TestFieldsByTypeAndRule(t *testing.T) {
	ctx := english(t)
	options := func(values ...string) (all []licensing.Option) {
		for _, v := range values {
			all = append(all, licensing.Option{Value: v, Label: "The " + v})
		}
		return all
	}
	for name, c := range map[string]struct {
		parameter licensing.Parameter
		rule      licensing.Rule
		form      url.Values
		control   control
		hint      string
		value     string
		wrong     string
	}{
		"seats begin with the fewest": {
			licensing.Parameter{Name: "p", Type: "number", Sets: licensing.SetsSeats}, licensing.Rule{Minimum: "1", Maximum: "50", Step: "1"}, nil,
			controlNumber, "1 to 50 seats", "1", "Enter 1 to 50.",
		},
		"what was typed stays": {
			licensing.Parameter{Name: "p", Type: "number", Sets: licensing.SetsSeats}, licensing.Rule{Minimum: "1", Maximum: "50"}, url.Values{"parameter.p": {"sixty"}},
			controlNumber, "1 to 50 seats", "sixty", "Enter 1 to 50.",
		},
		"steps are told": {
			licensing.Parameter{Name: "p", Type: "number", Unit: "GB", Help: "Of storage"}, licensing.Rule{Minimum: "10", Step: "10", Default: new("20")}, nil,
			controlNumber, "10 or more GB, in steps of 10. Of storage", "20", "Enter 10 or more.",
		},
		"four options are radios": {
			licensing.Parameter{Name: "p", Type: "selection"}, licensing.Rule{Options: options("a", "b", "c", "d")}, nil,
			controlRadios, "", "", "",
		},
		"five are a list": {
			licensing.Parameter{Name: "p", Type: "selection"}, licensing.Rule{Options: options("a", "b", "c", "d", "e")}, nil,
			controlSelect, "", "", "",
		},
		"a day's range is written out": {
			licensing.Parameter{Name: "p", Type: "date"}, licensing.Rule{Minimum: "today", Maximum: "+30d"}, nil,
			controlDate, "Today to Mon 21 December 2026 (30 days from today), the last day included", "", "Choose a day from today to Mon 21 December 2026.",
		},
		"a day without end": {
			licensing.Parameter{Name: "p", Type: "date"}, licensing.Rule{Minimum: "+1d"}, nil,
			controlDate, "From Sun 22 November 2026 on", "", "Choose a day from Sun 22 November 2026 on.",
		},
		"a text's length is told": {
			licensing.Parameter{Name: "p", Type: "text", Help: "Shown at the start"}, licensing.Rule{Optional: true, MaxLength: 200}, nil,
			controlText, "Shown at the start. Up to 200 characters", "", "Enter at most 200 characters.",
		},
		"a text of any length says nothing of it": {
			licensing.Parameter{Name: "p", Type: "text"}, licensing.Rule{}, nil,
			controlText, "", "", "Enter at most 2000 characters.",
		},
		"a fixed value is locked": {
			licensing.Parameter{Name: "p", Type: "selection", Unit: "days"}, licensing.Rule{Fixed: new("a"), Options: options("a")}, url.Values{"parameter.p": {"b"}},
			controlLocked, "", "a", "",
		},
		"an unknown type is text": {
			licensing.Parameter{Name: "p", Type: "color"}, licensing.Rule{Default: new("red")}, nil,
			controlText, "", "red", "",
		},
	} {
		t.Run(name, func(t *testing.T) {
			f := parameterField(ctx, parameterPrefix, c.parameter, c.rule, "Partner", testDay, c.form)
			if f.Control != c.control || f.Hint != c.hint || f.Value != c.value || f.Wrong != c.wrong {
				t.Errorf("got %s, %q, %q, %q", f.Control, f.Hint, f.Value, f.Wrong)
			}
		})
	}
}

func TestProblemsFindTheirFields(t *testing.T) {
	ctx := english(t)
	known := []string{"parameter.seats", "parameter.reference", "dataField.reference", "dataField.cost", "customer.name", "quantity"}
	found, ok := formProblems(ctx, licensing.Problems{
		licensing.InvalidParameter("seats", "Enter %s to %s.", "1", "50"),
		licensing.InvalidParameter("cost", "Enter at most 20 characters."),
		licensing.InvalidParameter("reference", "Enter 1 to 40 characters."), // a parameter goes before a data field
		licensing.InvalidParameter("shade", "There is no such parameter."),
		licensing.InvalidRequest("customer.name", "Enter 1 to 200 characters."),
		licensing.InvalidRequest("quantity", "Enter 1 to 10,000."),
		licensing.InvalidRequest("quantity", "The order is too large."),
		licensing.InvalidRequest("until", "Choose a day from %s to %s.", testDay, day(2026, 12, 21)),
	}, known)
	want := problems{
		byField: map[string]string{
			"parameter.seats": "Enter 1 to 50.", "dataField.cost": "Enter at most 20 characters.", "parameter.reference": "Enter 1 to 40 characters.",
			"customer.name": "Enter 1 to 200 characters.", "quantity": "Enter 1 to 10,000.",
		},
		rest: []string{"There is no such parameter.", "Choose a day from today to Mon 21 December 2026."},
	}
	if diff := cmp.Diff(want, found, cmp.AllowUnexported(problems{})); diff != "" || !ok {
		t.Error(diff)
	}
	if _, ok := formProblems(ctx, licensing.DeniedError("product", "You may not."), known); ok {
		t.Error("a denial is no problem of the form")
	}
}

func TestReadLicenseForm(t *testing.T) {
	in := readLicenseForm("partner", "AUR-DESIGN", url.Values{
		"parameter.seats": {"8"}, "parameter.licensee": {" "}, "parameter.edition": {"pro", "standard"}, "dataField.reference": {"<b>NW\x00</b>"},
		"customer.name": {"Ute"}, "customer.country": {"de"}, "quantity": {" 1e9 "}, "separate": {"1"}, "requestId": {"r"}, "q": {"ute"},
	})
	if in.Quantity == nil || *in.Quantity != 0 {
		t.Errorf("what is no number becomes one that is refused, not %v", in.Quantity)
	}
	in.Quantity = nil
	want := readLicenseForm("partner", "AUR-DESIGN", url.Values{})
	want.Customer = licensing.Customer{Name: "Ute", Country: "de"}
	want.Parameters = []licensing.Value{{Name: "edition", Value: "pro"}, {Name: "edition", Value: "standard"}, {Name: "seats", Value: "8"}}
	want.DataFields = []licensing.Value{{Name: "reference", Value: "<b>NW\x00</b>"}}
	want.Separate = true
	if diff := cmp.Diff(want, in); diff != "" {
		t.Error(diff)
	}
}

func TestSameAgainLeavesTheBooksEmpty(t *testing.T) {
	o := licensing.Order{
		Customer:   licensing.Customer{Name: "Ute", Company: "Brückner"},
		DataFields: []licensing.Value{{Name: "reference", Value: "NW-1"}},
		Lines:      []licensing.Line{{ID: "l1", Quantity: 7}},
		Licenses: []licensing.License{
			{Line: "l0", CategoryCode: "partner", ProductCode: "AUR-FONTS", Parameters: []licensing.Value{{Name: "seats", Value: "1"}}},
			{Line: "l1", CategoryCode: "partner", ProductCode: "AUR-DESIGN", Parameters: []licensing.Value{{Name: "seats", Value: "8"}}},
		},
	}
	want := url.Values{"customer.name": {"Ute"}, "customer.company": {"Brückner"}, "parameter.seats": {"8"}, "quantity": {"7"}}
	if diff := cmp.Diff(want, fillFromOrder(o, "partner", "AUR-DESIGN")); diff != "" {
		t.Error(diff)
	}
}

func TestCustomerPart(t *testing.T) {
	ctx := english(t)
	missing := problems{byField: map[string]string{"customer.name": "Enter 1 to 200 characters."}}
	wrong := problems{byField: map[string]string{"customer.email": "Enter one e-mail address."}}
	for name, c := range map[string]struct {
		form    url.Values
		found   problems
		mode    customerMode
		missing bool
	}{
		"at first one searches":              {url.Values{}, problems{}, customerSearch, false},
		"a chosen one is shown":              {url.Values{"customer.name": {"Ute"}}, problems{}, customerKnown, false},
		"without a name it is being typed":   {url.Values{"customer.company": {"Brückner"}}, problems{}, customerNew, false},
		"none at all is asked for":           {url.Values{}, missing, customerSearch, true},
		"what is wrong in it has to be seen": {url.Values{"customer.name": {"Ute"}, "customer.email": {"x"}}, wrong, customerNew, false},
	} {
		if p := customerPartOf(ctx, c.form, c.found); p.Mode != c.mode || p.Missing != c.missing {
			t.Errorf("%s: %s, missing %t", name, p.Mode, p.Missing)
		}
	}
}

func TestMarkedParts(t *testing.T) {
	for _, c := range []struct{ text, q, before, match, after string }{
		{"Brückner & Söhne", "BRÜCK", "", "Brück", "ner & Söhne"},
		{"Hansen", "sen", "Han", "sen", ""},
		{"Hansen", "x", "Hansen", "", ""},
		{"Hansen", "", "Hansen", "", ""},
		{"İzmir GmbH", "gmbh", "İzmir GmbH", "", ""}, // lower case is longer there
	} {
		if b, m, a := markedParts(c.text, c.q); b != c.before || m != c.match || a != c.after {
			t.Errorf("%q in %q: %q %q %q", c.q, c.text, b, m, a)
		}
	}
}

func TestCountries(t *testing.T) {
	if n := len(countries()); n < 240 || n > 260 {
		t.Errorf("there are %d countries", n)
	}
	if countryName("DE") != "Germany" || countryName("CH") != "Switzerland" || countryName("QQ") != "QQ" {
		t.Error("countries have wrong names")
	}
	for _, c := range countries() { // the form may offer nothing that the use case refuses
		if _, err := (licensing.Customer{Name: "Ute", Country: c.Value}).Check(); err != nil {
			t.Errorf("%s: %v", c.Value, err)
		}
	}
}
