package sheet

import "strings"

// formulas are the characters that a formula can begin with, also in their full width.
const formulas = "=+-@＝＋－＠"

// borders are the characters after which a spreadsheet can begin another cell within a value, quoted or not: a German Excel
// takes semicolons for separators and commas for text, so that our quotes stand in the middle of its cells and mean nothing.
const borders = ";\t\r\n"

// blanks can stand before a formula.
const blanks = " \u00a0\ufeff\""

// Harmless keeps spreadsheets from taking a text, or a part of it that they make a cell of its own, for a formula: before
// what begins as formulas do stands an apostrophe, which spreadsheets do not show at the beginning of a cell. So it does
// before a text that begins with a tab or the end of a line, which some of them drop.
func Harmless(s string) string {
	var out strings.Builder
	begins := true // a cell can begin here, or has nothing but blanks so far
	for i, r := range s {
		if begins && strings.ContainsRune(formulas, r) || i == 0 && strings.ContainsRune("\t\r\n", r) {
			out.WriteByte('\'')
		}
		begins = strings.ContainsRune(borders, r) || begins && strings.ContainsRune(blanks, r)
		out.WriteRune(r)
	}
	return out.String()
}
