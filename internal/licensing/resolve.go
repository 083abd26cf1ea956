package licensing

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// The bounds of what a caller may send as parameters, and as data fields.
const (
	MaxValues          = 100
	MaxValueNameLength = 100 // in characters
)

// field is a parameter or data field with the rule that holds for it.
type field struct {
	Parameter
	rule Rule
}

// fieldsOf are the parameters of an offer.
func fieldsOf(o Offer) []field {
	fields := make([]field, len(o.Product.Parameters))
	for i, p := range o.Product.Parameters {
		fields[i] = field{p, o.RuleOf(p.Name)}
	}
	return fields
}

// dataFieldsOf are data fields.
func dataFieldsOf(all []DataField) []field {
	fields := make([]field, len(all))
	for i, f := range all {
		fields[i] = field{f.AsParameter(), f.Rule}
	}
	return fields
}

// ResolveParameters turns what a caller gave into the parameters of a license that is created on day: each value in
// canonical form, in the product's order, with fixed and default values filled in. A parameter that may be left out
// and was, by not being named or by an empty value, is not in the result.
//
// The error is Problems (code invalidParameter, field the parameter's name) and holds everything that is wrong; what
// is right is returned beside it, for a form that shows a price while it is filled in. An error of another kind means
// that the offer's own configuration is broken.
func ResolveParameters(o Offer, given []Value, day Day) ([]Value, error) {
	return resolve("parameter", fieldsOf(o), given, day)
}

// ResolveDataFields does for the data fields of an order what ResolveParameters does for parameters. Hidden fields
// may be given too: they are hidden on pages only.
func ResolveDataFields(fields []DataField, given []Value, day Day) ([]Value, error) {
	return resolve("data field", dataFieldsOf(fields), given, day)
}

func resolve(what string, fields []field, given []Value, day Day) ([]Value, error) {
	if len(given) > MaxValues {
		return nil, Problems{InvalidParameter(listNames[what], "Enter at most %d values.", MaxValues)}
	}
	values, problems := readGiven(what, fields, given)
	var resolved []Value
	for _, f := range fields {
		value, err := f.resolve(values[f.Name], day)
		if refusal := (*Error)(nil); err != nil && !errors.As(err, &refusal) {
			return nil, fmt.Errorf("%s %s: %w", what, f.Name, err)
		}
		switch {
		case err != nil:
			problems.Add(named(f.Name, err))
		case value != "":
			resolved = append(resolved, Value{f.Name, value})
		}
	}
	return resolved, problems.OrNil()
}

// listNames are what the request calls the lists of values; an error speaks of the list when a name cannot be shown.
var listNames = map[string]string{"parameter": "parameters", "data field": "dataFields"}

// readGiven returns the given values by name, without the empty ones, and what is wrong with the names.
func readGiven(what string, fields []field, given []Value) (map[string]string, Problems) {
	known := map[string]bool{}
	for _, f := range fields {
		known[f.Name] = true
	}
	var problems Problems
	values, seen := map[string]string{}, map[string]bool{}
	for _, v := range given {
		switch {
		case v.Name == "" || utf8.RuneCountInString(v.Name) > MaxValueNameLength || !printable(v.Name):
			problems.Add(InvalidParameter(listNames[what], "A %s has a name of 1 to %d characters on one line.", what, MaxValueNameLength))
		case !known[v.Name]:
			problems.Add(unknownName(what, v.Name, fields))
		case seen[v.Name]:
			problems.Add(InvalidParameter(v.Name, "This %s stands twice. Enter it once.", what))
		case trimBlanks(v.Value) != "":
			values[v.Name] = v.Value
		}
		seen[v.Name] = true
	}
	return values, problems
}

func unknownName(what, name string, fields []field) error {
	if len(fields) == 0 {
		return InvalidParameter(name, "There is no such %s; there are none here.", what)
	}
	var names []string
	for _, f := range fields {
		names = append(names, f.Name)
	}
	return InvalidParameter(name, "There is no such %s. There are: %s.", what, strings.Join(names, ", "))
}

// resolve returns the canonical value of f when value was given, or "" for one that is left out, as an empty value is.
func (f field) resolve(value string, day Day) (string, error) {
	typ, ok := ParameterTypes[f.Type]
	if !ok {
		return "", fmt.Errorf("unknown type %q", f.Type)
	}
	if value == "" {
		switch {
		case f.rule.Fixed != nil:
			value = *f.rule.Fixed
		case f.rule.Default != nil:
			value = *f.rule.Default
		case f.rule.Optional:
			return "", nil
		}
		// What is still empty is refused by its type, with the words that say what is allowed.
	}
	canonical, err := typ.Canonical(f.rule, value, day)
	if err != nil {
		return "", err
	}
	return checkEffect(f.Parameter, canonical, day)
}

// named puts a field's name on the error of its rule.
func named(name string, err error) error {
	e := *AsError(err)
	e.Field = name
	return &e
}
