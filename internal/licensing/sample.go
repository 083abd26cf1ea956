package licensing

import "strings"

// SampleValues are values of parameters and of data fields with which the offer can be ordered on day, to be shown in
// an example: what has to be named, and what has a default. ok is false when a rule asks for something that cannot be
// made up, such as a text of a certain form.
func (o Offer) SampleValues(day Day) (parameters, fields []Value, ok bool) {
	for _, p := range o.Product.Parameters {
		rule := o.RuleOf(p.Name)
		if rule.Fixed != nil || rule.Hidden || rule.Optional && rule.Default == nil {
			continue
		}
		value, ok := sampleValue(p.Type, rule, day)
		if !ok {
			return nil, nil, false
		}
		parameters = append(parameters, Value{Name: p.Name, Value: value})
	}
	for _, f := range o.DataFields {
		if f.Rule.Fixed != nil || f.Rule.Optional || f.Rule.Default != nil {
			continue
		}
		value, ok := sampleValue(f.Type, f.Rule, day)
		if !ok {
			return nil, nil, false
		}
		fields = append(fields, Value{Name: f.Name, Value: value})
	}
	return parameters, fields, true
}

// sampleValue is the first that the rule takes of what is at hand for any type.
func sampleValue(typeName string, r Rule, day Day) (string, bool) {
	t := ParameterTypes[typeName]
	if t == nil {
		return "", false
	}
	limits := t.Limits(r, day)
	var tries []string
	if r.Default != nil {
		tries = append(tries, *r.Default)
	}
	for _, o := range limits.Options {
		tries = append(tries, o.Value)
	}
	tries = append(tries, limits.Minimum, limits.Maximum, "Example", strings.Repeat("X", max(limits.MinLength, 1)), "1", "yes", day.String())
	for _, text := range tries {
		if text == "" {
			continue
		}
		if value, err := t.Canonical(r, text, day); err == nil {
			return value, true
		}
	}
	return "", false
}
