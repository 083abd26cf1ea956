package inbound

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// builtIn returns the check of a built-in type of XML Schema that requests use.
func builtIn(name string) (*contentType, error) {
	switch name {
	case "string":
		return &contentType{problem: func(string) string { return "" }}, nil
	case "int":
		return &contentType{problem: intProblem}, nil
	case "boolean":
		return &contentType{problem: booleanProblem}, nil
	case "date":
		return &contentType{problem: dateProblem}, nil
	case "dateTime":
		return &contentType{problem: dateTimeProblem}, nil
	}
	return nil, fmt.Errorf("the type xs:%s is not supported", name)
}

func intProblem(s string) string {
	if _, err := parseInt(s); err != nil {
		return "Enter a whole number, such as 3."
	}
	return ""
}

func booleanProblem(s string) string {
	if _, ok := parseBool(s); !ok {
		return "Enter true or false."
	}
	return ""
}

func dateProblem(s string) string {
	if _, err := parseDay(s); err != nil {
		return "Enter a day such as 2027-01-31, without a time zone."
	}
	return ""
}

func dateTimeProblem(s string) string {
	if _, err := parseDateTime(s); err != nil {
		return "Enter an instant such as 2027-01-31T14:30:00Z."
	}
	return ""
}

// oneOf checks that a text is one of some.
func oneOf(values []string) func(string) string {
	return func(s string) string {
		if !slices.Contains(values, s) {
			return "Enter one of: " + strings.Join(values, ", ") + "."
		}
		return ""
	}
}

// length checks how many characters a text has.
func length(least, most int) func(string) string {
	return func(s string) string {
		if n := utf8.RuneCountInString(s); n < least || n > most {
			return fmt.Sprintf("Enter %d to %d characters.", least, most)
		}
		return ""
	}
}
