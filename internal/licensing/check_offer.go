package licensing

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/shopspring/decimal"
)

// CheckRules returns the rules of an offer as they are kept: one for each parameter of the product, each of which holds
// together, stays within what the product knows, and can be set. The error is Problems (code invalidRequest) with
// fields such as "seats.maximum", "edition.options", "seats.labels.de". Rules that are wrong are not in the result.
func CheckRules(p Product, rules map[string]Rule) (map[string]Rule, error) {
	var problems Problems
	checked := map[string]Rule{}
	for _, def := range p.Parameters {
		r, err := CheckRuleOf(def, rules[def.Name])
		if err == nil {
			checked[def.Name] = r
			continue
		}
		var wrong Problems
		wrong.Add(err)
		for _, e := range wrong {
			problems.Add(named(def.Name+"."+e.Field, e))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(rules)) {
		if !slices.ContainsFunc(p.Parameters, func(def Parameter) bool { return def.Name == name }) {
			problems.Add(InvalidRequest(name, "The product has no such parameter."))
		}
	}
	return checked, problems.OrNil()
}

// CheckRuleOf returns the rule of one parameter as it is kept. The error is Problems (code invalidRequest) that names
// limits as in Rule's JSON.
func CheckRuleOf(def Parameter, r Rule) (Rule, error) {
	typ, ok := ParameterTypes[def.Type]
	if !ok {
		return r, Problems{InvalidRequest("type", "There is no such type.")}
	}
	var problems Problems
	checkTexts(&problems, "label", &r.Label, &r.Labels, 0, MaxLabel)
	checkTexts(&problems, "help", &r.Help, &r.Helps, 0, MaxHelp)
	checkTexts(&problems, "reason", &r.Reason, &r.Reasons, 0, MaxHelp)
	if len(r.Options) > 0 {
		r.Options = checkLabeledOptions(&problems, "options", r.Options, def)
	}
	if len(problems) == 0 {
		if err := typ.CheckRule(r); err != nil {
			problems.Add(err)
		}
	}
	if len(problems) == 0 {
		checkWithinProduct(&problems, def, r)
		checkSettable(&problems, typ, def, &r)
	}
	return r, problems.OrNil()
}

// checkWithinProduct refuses options that the product does not know.
func checkWithinProduct(problems *Problems, def Parameter, r Rule) {
	if len(def.Options) == 0 || def.Type != "selection" {
		return
	}
	for _, value := range allowedValues(r) {
		if !slices.ContainsFunc(def.Options, func(o Option) bool { return o.Value == value }) {
			field := "options"
			if len(r.Options) == 0 {
				field = "fixed"
			}
			problems.Add(InvalidRequest(field, "The product does not know the value %s.", value))
		}
	}
}

// checkSettable checks that something within the rule can be set, and brings the fixed and the default value to their
// canonical form.
func checkSettable(problems *Problems, typ ParameterType, def Parameter, r *Rule) {
	for _, v := range []struct {
		field string
		value **string
	}{{"fixed", &r.Fixed}, {"default", &r.Default}} {
		if *v.value == nil {
			continue
		}
		canonical, err := canonicalConstant(typ, *r, **v.value)
		if err == nil {
			err = checkConstant(def, canonical)
		}
		if err != nil {
			problems.Add(InvalidRequest(v.field, "It cannot be set. %s", AsError(err).Message))
			continue
		}
		*v.value = &canonical
	}
	if def.Type != "number" {
		return
	}
	least, most, ok := boundsOf(def.Sets)
	if !ok {
		return
	}
	for _, limit := range []struct{ field, value string }{{"minimum", r.Minimum}, {"maximum", r.Maximum}} {
		n, ok := readNumber(limit.value)
		if ok && (!n.IsInteger() || n.LessThan(decimal.NewFromInt(least)) || n.GreaterThan(decimal.NewFromInt(most))) {
			problems.Add(InvalidRequest(limit.field, "It cannot be set. Enter a whole number from %d to %d.", least, most))
		}
	}
}

// canonicalConstant is the canonical form of a fixed or default value. Where it depends on the day whether a value is
// allowed, it is read without limits.
func canonicalConstant(typ ParameterType, r Rule, value string) (string, error) {
	if typ.Name() == "date" {
		r.Minimum, r.Maximum = "", ""
	}
	r.Fixed = nil
	if len(r.Options) == 0 && typ.Name() == "selection" {
		return value, nil
	}
	canonical, err := typ.Canonical(r, value, Day{Year: 2026, Month: 1, Date: 1})
	if refusal := (*Error)(nil); err != nil && !errors.As(err, &refusal) {
		return "", fmt.Errorf("after it was checked: %w", err)
	}
	return canonical, err
}

// boundsOf are the whole numbers that an effect can set.
func boundsOf(e Effect) (least, most int64, ok bool) {
	switch e {
	case SetsSeats:
		return 1, MaxSeats, true
	case SetsUnits:
		return 0, MaxUnits, true
	default:
		p, ok := periods[e]
		return 1, p.most, ok
	}
}

// WidestRule is the rule with which a parameter begins in a category: as wide as its type and the product allow.
func WidestRule(def Parameter) Rule {
	switch def.Type {
	case "number":
		r := Rule{Step: "1"}
		if least, _, ok := boundsOf(def.Sets); ok {
			r.Minimum = fmt.Sprint(least)
		}
		return r
	case "selection":
		return Rule{Options: def.Options}
	case "date":
		if def.Sets == SetsUntil || def.Sets == SetsMaintenance {
			return Rule{Minimum: "today"}
		}
		return Rule{Optional: true}
	case "text":
		return Rule{Optional: true, MaxLength: 200}
	default:
		return Rule{}
	}
}

// Check returns the data field as it is kept. The error is Problems (code invalidRequest, fields "name", "type",
// "label", "labels.de", and limits as in Rule's JSON).
func (f DataField) Check() (DataField, error) {
	var problems Problems
	if !parameterName.MatchString(f.Name) {
		problems.Add(InvalidRequest("name", "Enter a letter, then up to 49 letters, digits, dashes and underscores."))
	}
	checkTexts(&problems, "label", &f.Label, &f.Labels, 1, MaxLabel)
	checkTexts(&problems, "help", &f.Help, &f.Helps, 0, MaxHelp)
	f.Rule.Label, f.Rule.Labels, f.Rule.Help, f.Rule.Helps = "", nil, "", nil // the field has its own
	def := f.AsParameter()
	r, err := CheckRuleOf(def, f.Rule)
	problems.Add(err)
	f.Rule = r
	if f.Hidden && !f.Rule.Optional && f.Rule.Default == nil && f.Rule.Fixed == nil {
		problems.Add(InvalidRequest("hidden", "What is hidden is fixed, has a default, or may be left out."))
	}
	return f, problems.OrNil()
}
