package licensing

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// unwritable are characters that no text may have besides control characters: line and paragraph separators,
// the marks that turn the direction of what follows (a name could pretend to be another one), and those that XML
// cannot carry.
var unwritable = &unicode.RangeTable{
	R16: []unicode.Range16{
		{Lo: 0x2028, Hi: 0x202E, Stride: 1}, // separators, embeddings and overrides of direction
		{Lo: 0x2066, Hi: 0x2069, Stride: 1}, // isolates of direction
		{Lo: 0xFDD0, Hi: 0xFDEF, Stride: 1}, // noncharacters
		{Lo: 0xFFFE, Hi: 0xFFFF, Stride: 1}, // not allowed in XML
	},
}

// printable reports whether s is valid UTF-8 and can be shown on one line. Whatever looks like HTML is fine: it is
// escaped where it is shown.
func printable(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool {
		return unicode.IsControl(r) || unicode.Is(unwritable, r)
	})
}

// trimBlanks removes blanks of every width from both ends; tabs and line breaks are control characters and stay.
func trimBlanks(s string) string {
	return strings.TrimFunc(s, func(r rune) bool { return unicode.Is(unicode.Zs, r) })
}
