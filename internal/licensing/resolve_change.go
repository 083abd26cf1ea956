package licensing

import (
	"errors"
	"fmt"
)

// ResolveChange returns the parameters of a license after a change: what is not named keeps its value; what is named
// takes the given one, in canonical form, when the offer's rule lets it change so (Rule.Change). An empty value leaves
// it out, or takes the rule's default. A value that is given as it is already is no change, whatever the rule says by
// now. Relative limits count from the day on which the license was created.
//
// seatsFall says that seats which only rise may fall all the same, since they do so later (License.SeatsFallLater).
//
// The error is Problems (code invalidParameter, field the parameter's name), as that of ResolveParameters.
func ResolveChange(o Offer, current, given []Value, created Day, seatsFall bool) ([]Value, error) {
	check := checkChange
	if seatsFall {
		check = func(f field, from, to string) error {
			if f.Sets == SetsSeats && f.rule.Change == ChangeUp && to != "" {
				return nil
			}
			return checkChange(f, from, to)
		}
	}
	return resolveChange("parameter", fieldsOf(o), current, given, created, check)
}

// ResolveDataFieldsChange does for data fields what ResolveChange does for parameters; they may always change, within
// their rules as they stand on today.
func ResolveDataFieldsChange(fields []DataField, current, given []Value, today Day) ([]Value, error) {
	return resolveChange("data field", dataFieldsOf(fields), current, given, today, func(field, string, string) error { return nil })
}

// resolveChange finds the new values. Those of fields that there are no more stay, behind the others.
func resolveChange(what string, fields []field, current, given []Value, day Day, mayChange func(f field, from, to string) error) ([]Value, error) {
	if len(given) > MaxValues {
		return nil, Problems{InvalidParameter(listNames[what], "Enter at most %d values.", MaxValues)}
	}
	values, problems := readGiven(what, fields, given)
	isGiven, known := map[string]bool{}, map[string]bool{}
	for _, v := range given {
		isGiven[v.Name] = true
	}
	var changed []Value
	for _, f := range fields {
		known[f.Name] = true
		value, err := f.change(current, values[f.Name], isGiven[f.Name], day, mayChange)
		if refusal := (*Error)(nil); err != nil && !errors.As(err, &refusal) {
			return nil, fmt.Errorf("%s %s: %w", what, f.Name, err)
		}
		switch {
		case err != nil:
			problems.Add(named(f.Name, err))
		case value != "":
			changed = append(changed, Value{f.Name, value})
		}
	}
	for _, v := range current {
		if !known[v.Name] {
			changed = append(changed, v)
		}
	}
	return changed, problems.OrNil()
}

// change returns the value of f after a change; "" for one that is left out.
func (f field) change(current []Value, value string, given bool, day Day, mayChange func(f field, from, to string) error) (string, error) {
	from, _ := ValueOf(current, f.Name)
	if !given || value == from || value == "" && f.rule.Fixed != nil {
		return from, nil
	}
	to, err := f.resolve(value, day)
	if same, readErr := f.sameAs(value, from, day); readErr == nil && same {
		return from, nil // as it is already, if written in another way
	}
	if f.rule.Change == ChangeNothing || f.rule.Fixed != nil {
		// Said before what is wrong with the value: no other one would do.
		if refusal := mayChange(f, from, to); refusal != nil {
			return "", refusal
		}
	}
	if err != nil || to == from {
		return from, err
	}
	return to, mayChange(f, from, to)
}

// sameAs reports whether a value that was given means the one that there is, by the type alone.
func (f field) sameAs(value, from string, day Day) (bool, error) {
	typ, ok := ParameterTypes[f.Type]
	if !ok || value == "" || from == "" {
		return false, nil
	}
	rule := Rule{Upper: f.rule.Upper, Options: []Option{{Value: from}}}
	canonical, err := typ.Canonical(rule, value, day)
	return canonical == from, err
}

// checkChange says whether a rule lets a value change; an empty one is left out.
func checkChange(f field, from, to string) error {
	is := from
	if is == "" {
		is = "empty"
	}
	switch {
	case f.rule.Fixed != nil || f.rule.Change == ChangeNothing:
		return InvalidParameter("", "This cannot change after creation. It stays %s.", is)
	case f.rule.Change == ChangeAny:
		return nil
	case from == "" && limitsUsage(f.Sets), to == "":
		return InvalidParameter("", "This may only rise after creation. It is %s.", is)
	case from != "" && ParameterTypes[f.Type].Compare(from, to) >= 0:
		return InvalidParameter("", "This may only rise after creation. Enter more than %s.", is)
	}
	return nil
}

// limitsUsage reports whether a license without the value is good for longer than one with it.
func limitsUsage(e Effect) bool {
	return e == SetsDays || e == SetsMonths || e == SetsYears || e == SetsUntil
}
