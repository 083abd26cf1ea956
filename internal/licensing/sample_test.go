package licensing

import (
	"slices"
	"testing"
)

// TestSampleValues: what is offered as an example is accepted by the rule, for each type, and what nobody can make up
// is not guessed.
func TestSampleValues(t *testing.T) {
	on := Day{Year: 2026, Month: 11, Date: 21}
	fixed, usual := "3", "7"
	o := Offer{
		Product: Product{Parameters: []Parameter{
			{Name: "fixed", Type: "number"}, {Name: "optional", Type: "text"}, {Name: "usual", Type: "number"}, {Name: "seats", Type: "number"},
			{Name: "edition", Type: "selection"}, {Name: "until", Type: "date"}, {Name: "name", Type: "text"}, {Name: "short", Type: "text"}, {Name: "on", Type: "yesno"},
			{Name: "margin", Type: "number"},
		}},
		Rules: map[string]Rule{
			"fixed": {Fixed: &fixed}, "optional": {Optional: true}, "usual": {Default: &usual}, "seats": {Minimum: "5", Maximum: "50", Step: "5"},
			"edition": {Options: []Option{{Value: "pro"}, {Value: "basic"}}}, "until": {Minimum: "+1d", Maximum: "+30d"}, "name": {}, "short": {MaxLength: 2}, "margin": {Hidden: true, Default: &usual},
		},
		DataFields: []DataField{{Name: "reference", Type: "text"}, {Name: "free", Type: "text", Rule: Rule{Optional: true}}},
	}
	parameters, fields, ok := o.SampleValues(on)
	if !ok {
		t.Fatal("there is no sample")
	}
	for _, v := range parameters {
		i := slices.IndexFunc(o.Product.Parameters, func(p Parameter) bool { return p.Name == v.Name })
		if got, err := ParameterTypes[o.Product.Parameters[i].Type].Canonical(o.RuleOf(v.Name), v.Value, on); err != nil || got != v.Value {
			t.Errorf("%s: %q is %q, %v", v.Name, v.Value, got, err)
		}
	}
	want := []Value{{Name: "usual", Value: "7"}, {Name: "seats", Value: "5"}, {Name: "edition", Value: "pro"}, {Name: "until", Value: "2026-11-22"}, {Name: "name", Value: "Example"}, {Name: "short", Value: "X"}, {Name: "on", Value: "yes"}}
	if !slices.Equal(parameters, want) || !slices.Equal(fields, []Value{{Name: "reference", Value: "Example"}}) {
		t.Errorf("got %v and %v", parameters, fields)
	}
	o.Rules["name"] = Rule{Pattern: "[0-9]{4}-[a-z]{2}"}
	if parameters, _, ok := o.SampleValues(on); ok {
		t.Errorf("%v is guessed", parameters)
	}
}
