package licensing

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// selectionType is one of a list of values. Its canonical form is the option's value to the letter.
type selectionType struct{}

// MaxOptions is the most that a selection may offer.
const MaxOptions = 500

// optionsNamed is how many options an error names before it just counts them.
const optionsNamed = 12

// Name implements ParameterType.
func (selectionType) Name() string { return "selection" }

// CheckRule implements ParameterType. A fixed selection needs no options.
func (t selectionType) CheckRule(r Rule) error {
	if err := checkOptions(r); err != nil {
		return err
	}
	return checkRule(t, r, func(v string) error {
		if slices.Contains(allowedValues(r), v) {
			return nil
		}
		return selectionRefusal(r)
	}, "options")
}

// Canonical implements ParameterType.
func (selectionType) Canonical(r Rule, value string, _ Day) (string, error) {
	if err := checkOptions(r); err != nil {
		return "", brokenRule(err)
	}
	if !slices.Contains(allowedValues(r), value) {
		return "", selectionRefusal(r)
	}
	if r.Fixed != nil {
		if err := checkFixed(value, *r.Fixed); err != nil {
			return "", err
		}
	}
	return value, nil
}

// Limits implements ParameterType.
func (selectionType) Limits(r Rule, _ Day) Limits { return Limits{Options: r.Options} }

// allowedValues are those of the options, or the fixed one when there are no options.
func allowedValues(r Rule) (values []string) {
	if len(r.Options) == 0 && r.Fixed != nil {
		return []string{*r.Fixed}
	}
	for _, o := range r.Options {
		values = append(values, o.Value)
	}
	return values
}

// checkOptions reports whether there is something to choose, and the values can be told apart and shown.
func checkOptions(r Rule) error {
	values := allowedValues(r)
	switch {
	case len(values) == 0:
		return InvalidRequest("options", "A selection needs at least one option, or a fixed value.")
	case len(values) > MaxOptions:
		return InvalidRequest("options", "Enter at most %d options.", MaxOptions)
	}
	if slices.ContainsFunc(r.Options, func(o Option) bool { return !printable(o.Label) }) {
		return InvalidRequest("options", "Each label must be one line of text.")
	}
	seen := map[string]bool{}
	for _, v := range values {
		if v == "" || seen[v] || v != trimBlanks(v) || !printable(v) || utf8.RuneCountInString(v) > MaxTextLength {
			return InvalidRequest("options", "Each value must be one line of 1 to %d characters, without blanks at its ends, and stand only once.", MaxTextLength)
		}
		seen[v] = true
	}
	return nil
}

func selectionRefusal(r Rule) error {
	allowed := allowedValues(r)
	switch n := len(allowed); {
	case n == 1:
		return InvalidParameter("", "Choose %s.", allowed[0])
	case n > optionsNamed:
		return InvalidParameter("", "Choose one of the %d options, such as %s.", n, strings.Join(allowed[:optionsNamed], ", "))
	default:
		return InvalidParameter("", "Choose %s or %s.", strings.Join(allowed[:n-1], ", "), allowed[n-1])
	}
}

// Ordered implements ParameterType: options have no order but that of their display.
func (selectionType) Ordered() bool { return false }

// Compare implements ParameterType.
func (selectionType) Compare(_, _ string) int { return 0 }
