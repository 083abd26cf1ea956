package licensing

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Fold returns the form of s that is searched and sorted: without regard to case, accents and width, so that
// "Brückner" is found by "BRUCK". Both what is stored and what is asked for go through it, because databases disagree
// about all of this. Folding twice changes nothing.
func Fold(s string) string {
	s = withoutMarks(strings.ToValidUTF8(s, "\uFFFD"))
	return oneLowerCase.Replace(strings.ToLower(s))
}

// oneLowerCase replaces lower-case letters that have the same upper case as others.
var oneLowerCase = strings.NewReplacer("ß", "ss", "ς", "σ")

// withoutMarks takes letters and marks apart (NFKD) and drops the marks.
func withoutMarks(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFKD.String(s))
}
