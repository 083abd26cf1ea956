package licensing

import "strings"

// yesNoType is a yes or a no. Its canonical forms are "yes" and "no"; "true", "false", "1" and "0", as in XML, are read
// as well, without regard to case.
type yesNoType struct{}

// The canonical values of a yes or no.
const (
	Yes = "yes"
	No  = "no"
)

// yesNoForms are the forms in which a yes or no is read.
var yesNoForms = map[string]string{"yes": Yes, "true": Yes, "1": Yes, "no": No, "false": No, "0": No}

// Name implements ParameterType.
func (yesNoType) Name() string { return "yesno" }

// CheckRule implements ParameterType.
func (t yesNoType) CheckRule(r Rule) error {
	return checkRule(t, r, func(v string) error {
		_, err := canonicalYesNo(v)
		return err
	})
}

// Canonical implements ParameterType.
func (yesNoType) Canonical(r Rule, value string, _ Day) (string, error) {
	canonical, err := canonicalYesNo(value)
	if err != nil {
		return "", err
	}
	if r.Fixed != nil {
		fixed, err := canonicalYesNo(*r.Fixed)
		if err != nil {
			return "", brokenRule(err)
		}
		if err := checkFixed(canonical, fixed); err != nil {
			return "", err
		}
	}
	return canonical, nil
}

// Limits implements ParameterType.
func (yesNoType) Limits(Rule, Day) Limits { return Limits{} }

// Ordered implements ParameterType: a no comes before a yes.
func (yesNoType) Ordered() bool { return true }

// Compare implements ParameterType.
func (yesNoType) Compare(a, b string) int {
	switch {
	case a == No && b == Yes:
		return -1
	case a == Yes && b == No:
		return 1
	default:
		return 0
	}
}

func canonicalYesNo(value string) (string, error) {
	if canonical, ok := yesNoForms[strings.ToLower(trimBlanks(value))]; ok {
		return canonical, nil
	}
	return "", InvalidParameter("", "Choose yes or no.")
}
