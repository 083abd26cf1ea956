package licensing

import (
	"regexp"
	"strconv"
	"strings"
)

// dateType is a day of the calendar. Its canonical form is 2027-01-31. Limits are days, or relative to the day on
// which the rule is applied: "today", "+30d", "-5d", "+1m", "+1y"; months and years end at the month's end where a
// month is too short. Both limits are allowed themselves. Fixed and default values are days.
type dateType struct{}

// relativeDay is the form of a relative limit other than "today".
var relativeDay = regexp.MustCompile(`\A([+-][0-9]{1,5})([dmy])\z`)

// longestRelative bounds relative limits to about a hundred years, by unit.
var longestRelative = map[string]int{"d": 36_500, "m": 1_200, "y": 100}

// dateLimit is one limit, read.
type dateLimit struct {
	set      bool
	relative bool
	term     Term // when relative
	day      Day  // when not
}

// on returns the limit as it stands on day.
func (l dateLimit) on(day Day) Day {
	if l.relative {
		return l.term.After(day)
	}
	return l.day
}

// Name implements ParameterType.
func (dateType) Name() string { return "date" }

// CheckRule implements ParameterType. Whether a day lies within relative limits depends on when it is asked, so fixed
// and default values are held against absolute limits only.
func (t dateType) CheckRule(r Rule) error {
	minimum, maximum, err := readDateLimits(r)
	if err != nil {
		return err
	}
	if alwaysOneOf(minimum, maximum) && contradict(minimum, maximum) {
		return InvalidRequest("maximum", "The maximum lies before the minimum, at least on some days of the year.")
	}
	return checkRule(t, r, func(v string) error {
		day, err := ParseDay(strings.TrimSpace(v))
		if err != nil {
			return dayExpected()
		}
		if minimum.relative {
			minimum.set = false
		}
		if maximum.relative {
			maximum.set = false
		}
		return checkDay(day, minimum, maximum, Day{})
	}, "minimum", "maximum")
}

// Canonical implements ParameterType.
func (dateType) Canonical(r Rule, value string, day Day) (string, error) {
	minimum, maximum, err := readDateLimits(r)
	if err != nil {
		return "", brokenRule(err)
	}
	value = strings.TrimSpace(value)
	chosen, err := ParseDay(value)
	if err != nil && value != "" {
		return "", dayExpected()
	}
	if err := checkDay(chosen, minimum, maximum, day); err != nil {
		return "", err
	}
	if r.Fixed != nil {
		if err := checkFixed(chosen.String(), strings.TrimSpace(*r.Fixed)); err != nil {
			return "", err
		}
	}
	return chosen.String(), nil
}

// Limits implements ParameterType.
func (dateType) Limits(r Rule, day Day) (limits Limits) {
	minimum, maximum, err := readDateLimits(r)
	if err != nil {
		return Limits{}
	}
	if minimum.set {
		limits.Minimum = minimum.on(day).String()
	}
	if maximum.set {
		limits.Maximum = maximum.on(day).String()
	}
	return limits
}

func readDateLimits(r Rule) (minimum, maximum dateLimit, err error) {
	if minimum, err = readDateLimit("minimum", r.Minimum); err == nil {
		maximum, err = readDateLimit("maximum", r.Maximum)
	}
	return minimum, maximum, err
}

func readDateLimit(name, s string) (dateLimit, error) {
	switch s {
	case "":
		return dateLimit{}, nil
	case "today":
		return dateLimit{set: true, relative: true}, nil
	}
	if day, err := ParseDay(s); err == nil {
		return dateLimit{set: true, day: day}, nil
	}
	if parts := relativeDay.FindStringSubmatch(s); parts != nil {
		unit := parts[2]
		n, _ := strconv.Atoi(parts[1]) // the form admits nothing else
		if most := longestRelative[unit]; -most <= n && n <= most {
			term := map[string]Term{"d": {Days: n}, "m": {Months: n}, "y": {Months: 12 * n}}[unit]
			return dateLimit{set: true, relative: true, term: term}, nil
		}
	}
	return dateLimit{}, InvalidRequest(name, `Enter a day such as 2027-01-31, or "today", "+30d", "-5d", "+1m", "+1y", up to 100 years.`)
}

// alwaysOneOf reports whether both limits are set and move together, or not at all, so that they can be compared.
func alwaysOneOf(minimum, maximum dateLimit) bool {
	return minimum.set && maximum.set && minimum.relative == maximum.relative
}

// contradict reports whether on some day no day is allowed. Months have different lengths ("+30d" to "+1m" fails at
// the end of January), so every day of four years is tried.
func contradict(minimum, maximum dateLimit) bool {
	const days = 4*365 + 1
	for day, i := (Day{2025, 1, 1}), 0; i < days; day, i = day.AddDays(1), i+1 {
		if maximum.on(day).Before(minimum.on(day)) {
			return true
		}
	}
	return false
}

// checkDay holds a day, or no day, against the limits as they stand on another.
func checkDay(chosen Day, minimum, maximum dateLimit, on Day) error {
	first, last := minimum.on(on), maximum.on(on)
	if !chosen.IsZero() && (!minimum.set || !chosen.Before(first)) && (!maximum.set || !chosen.After(last)) {
		return nil
	}
	switch {
	case minimum.set && maximum.set && last.Before(first):
		return InvalidParameter("", "No day can be chosen any more: the last was %s.", last)
	case minimum.set && maximum.set:
		return InvalidParameter("", "Choose a day from %s to %s.", first, last)
	case minimum.set:
		return InvalidParameter("", "Choose a day from %s on.", first)
	case maximum.set:
		return InvalidParameter("", "Choose a day up to %s.", last)
	default:
		return dayExpected()
	}
}

func dayExpected() error { return InvalidParameter("", "Enter a day of the form 2027-01-31.") }

// Ordered implements ParameterType.
func (dateType) Ordered() bool { return true }

// Compare implements ParameterType.
func (dateType) Compare(a, b string) int {
	x, errX := ParseDay(a)
	y, errY := ParseDay(b)
	if errX != nil || errY != nil {
		return 0
	}
	return x.Compare(y)
}
