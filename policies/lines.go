package policies

import (
	"fmt"
	"strings"
	"unicode"

	"kontor/internal/licensing"
)

// What the names in lines begin with, where licensing has no function that makes them.
const (
	membershipPrefix = "membership:"
	categoryPrefix   = "category:"
)

var actions = []licensing.Action{licensing.Create, licensing.Modify, licensing.Revoke}

// askable reports whether a question has a form that any grant could answer. Everything else is denied unasked.
func askable(m licensing.MembershipID, action licensing.Action, category string) bool {
	return isName(string(m)) && isAction(string(action)) && isCode(category)
}

// check refuses a line that is not of the form that doc.go describes. casbin would read some of these as another
// line: it finds lines by their names joined with commas, and drops a second one that joins to the same text.
func check(l licensing.PolicyLine) error {
	for _, name := range l {
		if !isName(name) {
			return fmt.Errorf("policy line %q: %q is no name", []string(l), name)
		}
	}
	switch {
	case len(l) == 3 && l[0] == "g":
		return nil
	case len(l) == 5 && l[0] == "p" && isCategory(l[2]) && (l[3] == licensing.Any || isAction(l[3])):
		return nil
	default:
		return fmt.Errorf("policy line %q: neither a grant nor a link", []string(l))
	}
}

func isName(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		return r == ',' || unicode.IsSpace(r) || unicode.IsControl(r)
	})
}

func isAction(s string) bool {
	switch licensing.Action(s) {
	case licensing.Create, licensing.Modify, licensing.Revoke:
		return true
	default:
		return false
	}
}

func isCategory(s string) bool {
	code, named := strings.CutPrefix(s, categoryPrefix)
	return s == licensing.Any || named && isCode(code)
}

// isCode reports whether s consists of lower-case letters, digits and dashes.
func isCode(s string) bool {
	for i := range len(s) {
		if c := s[i]; c != '-' && (c < '0' || c > '9') && (c < 'a' || c > 'z') {
			return false
		}
	}
	return s != ""
}
