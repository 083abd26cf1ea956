package licensing

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// textType is one line of text. Its canonical form has no blanks at the ends, and is in upper case where the rule says
// so; nothing else is changed.
type textType struct{}

// longestPattern bounds a pattern, in bytes; it is named in errors.
const longestPattern = 500

// Name implements ParameterType.
func (textType) Name() string { return "text" }

// CheckRule implements ParameterType.
func (t textType) CheckRule(r Rule) error {
	if err := checkTextLimits(r); err != nil {
		return err
	}
	if err := checkPattern(r); err != nil {
		return err
	}
	return checkRule(t, r, func(v string) error {
		_, err := canonicalText(r, v)
		return err
	}, "pattern", "minLength", "maxLength", "upper")
}

// Canonical implements ParameterType.
func (textType) Canonical(r Rule, value string, _ Day) (string, error) {
	if err := checkTextLimits(r); err != nil {
		return "", brokenRule(err)
	}
	text, err := canonicalText(r, value)
	if err != nil {
		return "", err
	}
	if r.Fixed != nil {
		if err := checkFixed(text, textForm(r, *r.Fixed)); err != nil {
			return "", err
		}
	}
	return text, nil
}

// Limits implements ParameterType.
func (textType) Limits(r Rule, _ Day) Limits {
	shortest, longest := textLengths(r)
	return Limits{Pattern: r.Pattern, MinLength: shortest, MaxLength: longest, Upper: r.Upper}
}

// textLengths are the lengths that r allows. No text has no characters: that is a value left out.
func textLengths(r Rule) (shortest, longest int) {
	shortest, longest = max(r.MinLength, 1), r.MaxLength
	if longest == 0 {
		longest = MaxTextLength
	}
	return shortest, longest
}

func checkTextLimits(r Rule) error {
	shortest, longest := textLengths(r)
	switch {
	case r.MinLength < 0 || r.MinLength > MaxTextLength:
		return InvalidRequest("minLength", "Enter 0 to %d.", MaxTextLength)
	case r.MaxLength < 0 || r.MaxLength > MaxTextLength:
		return InvalidRequest("maxLength", "Enter 1 to %d, or nothing.", MaxTextLength)
	case shortest > longest:
		return InvalidRequest("maxLength", "The longest length is shorter than the shortest, %d.", shortest)
	case len(r.Pattern) > longestPattern || !printable(r.Pattern):
		return InvalidRequest("pattern", "Enter one line of at most %d characters.", longestPattern)
	}
	// Compiled by itself, as a pattern with a parenthesis too many could otherwise escape from the anchors.
	if _, err := regexp.Compile(r.Pattern); err != nil {
		return InvalidRequest("pattern", "This is no regular expression (RE2).")
	}
	return nil
}

// textForm is a text as the rule wants it, before it is checked.
func textForm(r Rule, value string) string {
	text := trimBlanks(value)
	if r.Upper {
		text = strings.ToUpper(text)
	}
	return text
}

// canonicalText checks a text against all of r but its fixed value.
func canonicalText(r Rule, value string) (string, error) {
	if !printable(value) {
		return "", InvalidParameter("", "Enter one line of text. Control characters, such as tabs and line breaks, are not allowed.")
	}
	text := textForm(r, value)
	shortest, longest := textLengths(r)
	if n := utf8.RuneCountInString(text); n < shortest || n > longest {
		return "", InvalidParameter("", "Enter %d to %d characters.", shortest, longest)
	}
	if r.Pattern != "" {
		whole, err := regexp.Compile(wholePattern(r.Pattern))
		if err != nil {
			return "", brokenRule(err)
		}
		if !whole.MatchString(text) {
			return "", InvalidParameter("", "Enter text of the form %s.", r.Pattern)
		}
	}
	return text, nil
}

// Ordered implements ParameterType: texts have no order.
func (textType) Ordered() bool { return false }

// Compare implements ParameterType.
func (textType) Compare(_, _ string) int { return 0 }
