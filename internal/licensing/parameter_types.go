package licensing

import (
	"fmt"
	"slices"
)

// ParameterTypes are the kinds of values by name: what products, data fields and rules may use.
var ParameterTypes = map[string]ParameterType{
	"text":      textType{},
	"number":    numberType{},
	"selection": selectionType{},
	"date":      dateType{},
	"yesno":     yesNoType{},
}

// checkRule is what CheckRule of every type has in common: r sets no limit that the type does not know, and its fixed
// and default values pass check. Limits are called as in Rule's JSON.
func checkRule(t ParameterType, r Rule, check func(value string) error, known ...string) error {
	for _, limit := range limitsSet(r) {
		if !slices.Contains(known, limit) {
			return InvalidRequest(limit, "A %s has no such limit.", t.Name())
		}
	}
	if err := checkChangeRule(t, r); err != nil {
		return err
	}
	if r.Fixed != nil && r.Default != nil {
		return InvalidRequest("default", "A fixed value has no default beside it.")
	}
	if r.Hidden && r.Fixed == nil && r.Default == nil && !r.Optional {
		return InvalidRequest("hidden", "What is hidden is fixed, has a default, or may be left out.")
	}
	if r.Fixed != nil {
		if err := check(*r.Fixed); err != nil {
			return InvalidRequest("fixed", "The rule refuses its own fixed value. %s", AsError(err).Message)
		}
	}
	if r.Default != nil {
		if err := check(*r.Default); err != nil {
			return InvalidRequest("default", "The rule refuses its own default. %s", AsError(err).Message)
		}
	}
	return nil
}

// checkChangeRule checks what a rule lets happen after creation.
func checkChangeRule(t ParameterType, r Rule) error {
	switch r.Change {
	case ChangeNothing, ChangeAny:
	case ChangeUp:
		if !t.Ordered() {
			return InvalidRequest("change", "The values of a %s have no up. Choose nothing or any.", t.Name())
		}
	default:
		return InvalidRequest("change", "Choose nothing, up or any.")
	}
	if r.Fixed != nil && r.Change != ChangeNothing {
		return InvalidRequest("change", "A fixed value never changes.")
	}
	return nil
}

// limitsSet names the limits that a rule sets.
func limitsSet(r Rule) (names []string) {
	for _, limit := range []struct {
		name string
		set  bool
	}{
		{"minimum", r.Minimum != ""},
		{"maximum", r.Maximum != ""},
		{"step", r.Step != ""},
		{"pattern", r.Pattern != ""},
		{"minLength", r.MinLength != 0},
		{"maxLength", r.MaxLength != 0},
		{"upper", r.Upper},
		{"options", len(r.Options) > 0},
	} {
		if limit.set {
			names = append(names, limit.name)
		}
	}
	return names
}

// checkFixed refuses a canonical value that is not the rule's fixed one; fixed is that in canonical form.
func checkFixed(canonical, fixed string) error {
	if canonical != fixed {
		return InvalidParameter("", "This is fixed at %s: leave it out, or enter %s.", fixed, fixed)
	}
	return nil
}

// brokenRule says that a rule is in use which CheckRule refuses. It deliberately hides the *Error inside: this is no
// fault of the one who ordered.
func brokenRule(err error) error {
	return fmt.Errorf("the rule does not hold together: %s", err.Error())
}
