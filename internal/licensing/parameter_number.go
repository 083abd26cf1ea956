package licensing

import (
	"regexp"
	"strings"

	"github.com/shopspring/decimal"
)

// numberType is an exact decimal number. Its canonical form has no plus sign, no leading zeros, and no zeros at the
// end of the fraction: "+012.50" is "12.5".
type numberType struct{}

// The bounds of every number: they fit an int64, and a NUMERIC column of every database.
const (
	numberWholeDigits    = 18
	numberFractionDigits = 9
	longestNumberInput   = 60 // with leading zeros and the like
)

// numberForm is the lexical form of xs:decimal: no exponent, and a point for the fraction.
var numberForm = regexp.MustCompile(`\A[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)\z`)

// numberLimits are a rule's limits, read.
type numberLimits struct {
	minimum, maximum, step *decimal.Decimal // nil does not limit
}

// Name implements ParameterType.
func (numberType) Name() string { return "number" }

// CheckRule implements ParameterType.
func (t numberType) CheckRule(r Rule) error {
	limits, err := readNumberLimits(r)
	if err != nil {
		return err
	}
	return checkRule(t, r, func(v string) error {
		_, err := limits.canonical(v)
		return err
	}, "minimum", "maximum", "step")
}

// Canonical implements ParameterType.
func (numberType) Canonical(r Rule, value string, _ Day) (string, error) {
	limits, err := readNumberLimits(r)
	if err != nil {
		return "", brokenRule(err)
	}
	canonical, err := limits.canonical(value)
	if err != nil {
		return "", err
	}
	if r.Fixed != nil {
		fixed, err := limits.canonical(*r.Fixed)
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
func (numberType) Limits(r Rule, _ Day) Limits {
	limits, err := readNumberLimits(r)
	if err != nil {
		return Limits{}
	}
	return Limits{Minimum: numberText(limits.minimum), Maximum: numberText(limits.maximum), Step: numberText(limits.step)}
}

// readNumber reads a number of any kind; ok is false when it is none, or has too many digits.
func readNumber(s string) (n decimal.Decimal, ok bool) {
	s = strings.TrimSpace(s)
	if len(s) > longestNumberInput || !numberForm.MatchString(s) {
		return n, false
	}
	n, err := decimal.NewFromString(s)
	if err != nil {
		return n, false
	}
	whole, fraction, _ := strings.Cut(n.Abs().String(), ".")
	return n, len(whole) <= numberWholeDigits && len(fraction) <= numberFractionDigits
}

func readNumberLimits(r Rule) (limits numberLimits, err error) {
	for _, limit := range []struct {
		name, value string
		to          **decimal.Decimal
	}{
		{"minimum", r.Minimum, &limits.minimum},
		{"maximum", r.Maximum, &limits.maximum},
		{"step", r.Step, &limits.step},
	} {
		if limit.value == "" {
			continue
		}
		n, ok := readNumber(limit.value)
		if !ok {
			return limits, InvalidRequest(limit.name, "Enter a number with at most %d digits before the point and %d after it.", numberWholeDigits, numberFractionDigits)
		}
		*limit.to = &n
	}
	if limits.step != nil && !limits.step.IsPositive() {
		return limits, InvalidRequest("step", "Enter a number above 0.")
	}
	if limits.minimum != nil && limits.maximum != nil && limits.minimum.GreaterThan(*limits.maximum) {
		return limits, InvalidRequest("maximum", "The maximum is less than the minimum, %s.", limits.minimum)
	}
	return limits, nil
}

// canonical checks a number against the limits.
func (l numberLimits) canonical(value string) (string, error) {
	n, ok := readNumber(value)
	switch {
	case !ok && numberForm.MatchString(strings.TrimSpace(value)):
		return "", InvalidParameter("", "Enter a number with at most %d digits before the point and %d after it.", numberWholeDigits, numberFractionDigits)
	case !ok:
		return "", l.refusal(true)
	case !l.onStep(n):
		return "", l.refusal(false)
	case l.minimum != nil && n.LessThan(*l.minimum), l.maximum != nil && n.GreaterThan(*l.maximum):
		return "", l.refusal(true)
	}
	return n.String(), nil
}

// onStep reports whether n is a whole number of steps away from the minimum, or from 0 when there is none.
func (l numberLimits) onStep(n decimal.Decimal) bool {
	if l.step == nil {
		return true
	}
	if l.minimum != nil {
		n = n.Sub(*l.minimum)
	}
	return n.Mod(*l.step).IsZero()
}

// numberSentences say what is allowed, by which bounds there are. Each is given the bounds that there are; steps is
// given the step after them.
var numberSentences = map[struct{ minimum, maximum bool }]struct{ bounds, whole, steps string }{
	{true, true}:   {"Enter %s to %s.", "Enter a whole number from %s to %s.", "Enter %s to %s, in steps of %s."},
	{true, false}:  {"Enter %s or more.", "Enter a whole number, %s or more.", "Enter %s or more, in steps of %s."},
	{false, true}:  {"Enter %s or less.", "Enter a whole number, %s or less.", "Enter %s or less, in steps of %s."},
	{false, false}: {"Enter a number.", "Enter a whole number.", "Enter a multiple of %s."},
}

// refusal is the error that says what is allowed. When only the bounds are at issue, the step is not mentioned.
func (l numberLimits) refusal(boundsOnly bool) error {
	var bounds []any
	if l.minimum != nil {
		bounds = append(bounds, l.minimum.String())
	}
	if l.maximum != nil {
		bounds = append(bounds, l.maximum.String())
	}
	sentences := numberSentences[struct{ minimum, maximum bool }{l.minimum != nil, l.maximum != nil}]
	switch {
	case boundsOnly:
		return InvalidParameter("", sentences.bounds, bounds...)
	case l.step.Equal(decimal.NewFromInt(1)) && (l.minimum == nil || l.minimum.IsInteger()):
		return InvalidParameter("", sentences.whole, bounds...)
	default:
		return InvalidParameter("", sentences.steps, append(bounds, l.step.String())...)
	}
}

// numberText returns a limit in canonical form, empty for one that does not limit.
func numberText(n *decimal.Decimal) string {
	if n == nil {
		return ""
	}
	return n.String()
}

// Ordered implements ParameterType.
func (numberType) Ordered() bool { return true }

// Compare implements ParameterType.
func (numberType) Compare(a, b string) int {
	x, okX := readNumber(a)
	y, okY := readNumber(b)
	if !okX || !okY {
		return 0
	}
	return x.Compare(y)
}
