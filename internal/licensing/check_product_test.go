package licensing_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"kontor/internal/licensing"
)

// catalogFields are the fields that the problems in err speak of, in their order.
func catalogFields(t *testing.T, err error) string {
	t.Helper()
	if err == nil {
		return ""
	}
	var all licensing.Problems
	if !errors.As(err, &all) {
		t.Fatalf("%v are no problems", err)
	}
	names := make([]string, len(all))
	for i, e := range all {
		if e.Kind != licensing.Invalid || !strings.HasSuffix(e.Message, ".") {
			t.Errorf("%v is no sentence about what was entered", e)
		}
		names[i] = e.Field
	}
	return strings.Join(names, " ")
}

// whole is a product with a parameter for everything that can be set.
func whole() licensing.Product {
	bits := []licensing.Feature{{Bit: 0, Name: "layout"}, {Bit: 31, Name: "prepress"}}
	return licensing.Product{
		Code: "APP", Name: "App", Features: bits,
		Parameters: []licensing.Parameter{
			{Name: "seats", Type: "number", Label: "Seats", Sets: licensing.SetsSeats, Unit: "seats"},
			{Name: "months", Type: "number", Label: "Months", Sets: licensing.SetsMonths},
			{Name: "until", Type: "date", Label: "Until", Sets: licensing.SetsUntil},
			{Name: "care", Type: "number", Label: "Care", Sets: licensing.SetsMaintenance},
			{Name: "edition", Type: "selection", Label: "Edition", Sets: licensing.SetsFeatures, Options: options("lite", "pro"), Features: map[string][]licensing.Feature{"pro": bits[1:]}},
			{Name: "layout", Type: "yesno", Label: "Layout", Sets: licensing.SetsFeatures, Features: map[string][]licensing.Feature{"yes": {{Bit: 0}}}},
			{Name: "pages", Type: "number", Label: "Pages", Sets: licensing.SetsUnits},
			{Name: "site", Type: "text", Label: "Site", Sets: licensing.SetsCustomer, Particular: "company"},
			{Name: "land", Type: "text", Label: "Country", Sets: licensing.SetsCustomer, Particular: "country"},
			{Name: "note", Type: "text", Label: "Note", Labels: licensing.Texts{"de": "Notiz"}, Sets: licensing.SetsText},
		},
	}
}

func TestProductCheck(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(p *licensing.Product)
		fields string
	}{
		{"whole", func(*licensing.Product) {}, ""},
		{"no name", func(p *licensing.Product) { p.Name = " " }, "name"},
		{"a code with a blank", func(p *licensing.Product) { p.Code = "A B" }, "code"},
		{"seats twice", func(p *licensing.Product) { p.Parameters[9].Type, p.Parameters[9].Sets = "number", licensing.SetsSeats }, "parameters.9.sets"},
		{"a usage period in two units", func(p *licensing.Product) { p.Parameters[6].Sets = licensing.SetsYears }, "parameters.6.sets"},
		{"a particular twice", func(p *licensing.Product) { p.Parameters[8].Particular = "company" }, "parameters.8.sets"},
		{"no particular", func(p *licensing.Product) { p.Parameters[8].Particular = "" }, "parameters.8.particular"},
		{"a type that cannot set it", func(p *licensing.Product) { p.Parameters[0].Type = "text" }, "parameters.0.sets"},
		{"no type", func(p *licensing.Product) { p.Parameters[0].Type = "color" }, "parameters.0.type"},
		{"sets nothing known", func(p *licensing.Product) { p.Parameters[0].Sets = "mood" }, "parameters.0.sets"},
		{"a name twice", func(p *licensing.Product) { p.Parameters[9].Name = "SEATS" }, "parameters.9.name"},
		{"a name with a comma", func(p *licensing.Product) { p.Parameters[9].Name = "a,b" }, "parameters.9.name"},
		{"no English label", func(p *licensing.Product) { p.Parameters[9].Label = "" }, "parameters.9.label parameters.9.label"},
		{"no language", func(p *licensing.Product) { p.Parameters[9].Labels = licensing.Texts{"de": "Notiz", "x!": "?"} }, "parameters.9.labels.x!"},
		{"English among the others", func(p *licensing.Product) { p.Parameters[9].Helps = licensing.Texts{"en": "?"} }, "parameters.9.helps.en"},
		{"a bit that has no name", func(p *licensing.Product) { p.Features = p.Features[1:] }, "parameters.5.features"},
		{"bit 32", func(p *licensing.Product) { p.Features = append(p.Features, licensing.Feature{Bit: 32, Name: "x"}) }, "features.32"},
		{"a bit twice", func(p *licensing.Product) { p.Features = append(p.Features, licensing.Feature{Bit: 31, Name: "x"}) }, "features.31"},
		{"a feature's name twice", func(p *licensing.Product) { p.Features = append(p.Features, licensing.Feature{Bit: 3, Name: "Layout"}) }, "features.3"},
		{"bits of a value that is not there", func(p *licensing.Product) { p.Parameters[4].Options = options("lite") }, "parameters.4.features"},
		{"an option twice", func(p *licensing.Product) { p.Parameters[4].Options = options("lite", "pro", "pro") }, "parameters.4.options"},
		{"a length in words", func(p *licensing.Product) {
			p.Parameters[1].Type, p.Parameters[1].Options = "selection", options("12", "many")
		}, "parameters.1.options"},
		{"a length beside a subscription", func(p *licensing.Product) {
			p.Kind, p.Plan = licensing.KindSubscription, &licensing.Plan{Type: licensing.LicenseSubscription, Term: licensing.Term{Months: 12}}
		}, "parameters.1.sets parameters.2.sets parameters.3.sets"},
		{"a subscription without a plan", func(p *licensing.Product) { p.Kind = licensing.KindSubscription }, "plan"},
		{"a plan of what is no subscription", func(p *licensing.Product) {
			p.Kind, p.Plan = licensing.KindLimited, &licensing.Plan{Type: licensing.LicenseSubscription, Term: licensing.Term{Months: 12}}
		}, "plan parameters.1.sets parameters.2.sets parameters.3.sets"},
	} {
		p := whole()
		c.change(&p)
		checked, err := p.Check()
		if got := catalogFields(t, err); got != c.fields {
			t.Errorf("%s: problems of %q, want %q (%v)", c.name, got, c.fields, err)
		}
		if err == nil {
			if again, err := checked.Check(); err != nil || fmt.Sprint(again) != fmt.Sprint(checked) {
				t.Errorf("%s: checked again it is another one, %v", c.name, err)
			}
			if name := checked.Parameters[5].Features["yes"][0].Name; name != "layout" {
				t.Errorf("%s: the bit is called %q", c.name, name)
			}
		}
	}
}

func TestCheckRules(t *testing.T) {
	p := whole()
	for _, c := range []struct {
		name   string
		param  string
		rule   licensing.Rule
		fields string
	}{
		{"seats that nobody has", "seats", licensing.Rule{Maximum: "0"}, "seats.maximum"},
		{"more seats than there are", "seats", licensing.Rule{Minimum: "9999999999"}, "seats.minimum"},
		{"fewer seats than none", "seats", licensing.Rule{Minimum: "-3"}, "seats.minimum"},
		{"seats without end", "seats", licensing.Rule{Maximum: "1000000001"}, "seats.maximum"},
		{"half a seat as the least", "seats", licensing.Rule{Minimum: "1.5"}, "seats.minimum"},
		{"a fixed number below none", "seats", licensing.Rule{Fixed: new("-3")}, "seats.fixed"},
		{"half a seat", "seats", licensing.Rule{Default: new("0.5")}, "seats.default"},
		{"months without end", "months", licensing.Rule{Fixed: new("2000")}, "months.fixed"},
		{"minimum above maximum", "seats", licensing.Rule{Minimum: "3", Maximum: "2"}, "seats.maximum"},
		{"an option that the product does not know", "edition", licensing.Rule{Options: options("pro", "ultimate")}, "edition.options"},
		{"fixed at what the product does not know", "edition", licensing.Rule{Fixed: new("ultimate")}, "edition.fixed"},
		{"a default that is not there", "edition", licensing.Rule{Options: options("pro"), Default: new("lite")}, "edition.default"},
		{"no such country", "land", licensing.Rule{Fixed: new("XX")}, "land.fixed"},
		{"a label in German alone", "note", licensing.Rule{Labels: licensing.Texts{"de": "Notiz"}}, "note.label"},
		{"hidden and required", "note", licensing.Rule{Hidden: true}, "note.hidden"},
		{"up of a text", "note", licensing.Rule{Change: licensing.ChangeUp}, "note.change"},
		{"nothing that it names", "mood", licensing.Rule{}, "mood"},
	} {
		rules := map[string]licensing.Rule{"edition": {Options: options("lite", "pro")}}
		rules[c.param] = c.rule
		_, err := licensing.CheckRules(p, rules)
		if got := catalogFields(t, err); got != c.fields {
			t.Errorf("%s: problems of %q, want %q (%v)", c.name, got, c.fields, err)
		}
	}
	kept, err := licensing.CheckRules(p, map[string]licensing.Rule{
		"edition": {Options: options("lite", "pro")}, "seats": {Fixed: new(" 05.0 ")}, "note": {Upper: true, Default: new("äb"), Label: " Comment ", Labels: licensing.Texts{"de": "  "}},
		"layout": {Default: new("TRUE")}, "land": {Default: new("de")},
	})
	if err != nil || *kept["seats"].Fixed != "5" || *kept["note"].Default != "ÄB" || *kept["layout"].Default != "yes" || *kept["land"].Default != "DE" && *kept["land"].Default != "de" {
		t.Errorf("kept %+v, %v", kept, err)
	}
	if note := kept["note"]; note.Label != "Comment" || note.Labels != nil || len(kept) != len(p.Parameters) {
		t.Errorf("kept %+v", note)
	}
}

// WidestRule fits its parameter, whatever that sets.
func TestWidestRule(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		effect := rapid.SampledFrom(licensing.Effects).Draw(t, "effect")
		def := licensing.Parameter{Name: "p", Label: "P", Sets: effect, Type: rapid.SampledFrom(effect.TypesOf()).Draw(t, "type"), Options: options("1", "2"), Particular: "name"}
		if _, err := licensing.CheckRuleOf(def, licensing.WidestRule(def)); err != nil {
			t.Fatalf("%+v: %v", def, err)
		}
	})
}

func FuzzCheckRule(f *testing.F) {
	f.Add("text", "a+", "", "", "", "x", 1, 5, true)
	f.Add("number", "", "1", "50", "0.5", "2", 0, 0, false)
	f.Add("date", "", "today", "+30d", "", "2026-11-21", 0, 0, false)
	f.Add("selection", "", "", "", "", "pro", 0, 0, false)
	f.Add("yesno", "", "", "", "", "true", 0, 0, true)
	f.Add("text", `(?i)\b[^a]{2,}$|^(x+x+)+y`, "", "", "", "xy", 2, 0, true)
	f.Fuzz(func(t *testing.T, typ, pattern, minimum, maximum, step, value string, shortest, longest int, flag bool) {
		def := licensing.Parameter{Name: "p", Label: "P", Type: typ, Sets: licensing.SetsText}
		r := licensing.Rule{Pattern: pattern, Minimum: minimum, Maximum: maximum, Step: step, MinLength: shortest, MaxLength: longest, Optional: flag}
		if typ == "selection" {
			r.Options = options(value, minimum)
		}
		if flag {
			r.Default = &value
		}
		checked, err := licensing.CheckRuleOf(def, r)
		if err != nil {
			catalogFields(t, err)
			return
		}
		if _, err := licensing.CheckRuleOf(def, checked); err != nil {
			t.Fatalf("%+v is kept as %+v, which is refused: %v", r, checked, err)
		}
		// What the rule accepts it accepts again, and with it what was its default.
		today := day("2028-02-29")
		canonical, err := licensing.ParameterTypes[typ].Canonical(checked, value, today)
		if err != nil {
			return
		}
		if again, err := licensing.ParameterTypes[typ].Canonical(checked, canonical, today); err != nil || again != canonical {
			t.Fatalf("%q becomes %q, which becomes %q, %v", value, canonical, again, err)
		}
	})
}
