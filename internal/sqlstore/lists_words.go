package sqlstore

import (
	"slices"
	"strings"
	"unicode"

	"kontor/internal/licensing"
)

// The bounds of what is kept for searching and sorting: an index holds no longer texts, and nobody types them.
const (
	maxWord  = 40  // characters of a word; longer ones are found by their beginning
	maxWords = 96  // of one row
	maxKey   = 120 // characters of a text that a list is sorted by
)

// maxTerm begins after every word with a beginning: no text has this character in it that is not cut off there.
const maxTerm = "\U0010FFFF"

// chunks takes a text apart at its blanks, folded, without punctuation around the parts.
func chunks(text string) []string {
	all := strings.Fields(licensing.Fold(text))
	kept := all[:0]
	for _, c := range all {
		if c = strings.TrimFunc(c, func(r rune) bool { return !ofWord(r) }); c != "" {
			kept = append(kept, c)
		}
	}
	return kept
}

func ofWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }

// wordsOf returns what a text is found by: each part between blanks, from each of its words on. "NW-79002" is found by
// "nw-79", and by "79002".
func wordsOf(text string) (words []string) {
	for _, c := range chunks(text) {
		inside := false
		for i, r := range c {
			begins := ofWord(r) && !inside
			inside = ofWord(r)
			if begins && len(words) < maxWords {
				words = append(words, cut(c[i:], maxWord))
			}
		}
	}
	return words
}

// wanted takes apart what somebody typed: each part is the beginning of a word.
func wanted(typed string) []string {
	words := chunks(typed)
	for i, w := range words {
		words[i] = cut(w, maxWord)
	}
	return words
}

// cut returns the first n characters of s.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for i := range s {
		if n--; n < 0 {
			return s[:i]
		}
	}
	return s
}

// sortKey is the form of a name that a list is sorted by.
func sortKey(name string) string { return cut(licensing.Fold(strings.TrimSpace(name)), maxKey) }

// fieldWord is what a data field's whole value is found by. It begins with a character that no word of a text has.
func fieldWord(v licensing.Value) string {
	value := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, licensing.Fold(v.Value))
	return "#" + cut(v.Name, maxWord) + "=" + cut(strings.TrimSpace(value), maxKey)
}

// vocabulary collects the words of a row, each once.
type vocabulary struct {
	words []string // as they are looked up
	lines []string // as they stand in the row: a data field's words say of which
}

func (v *vocabulary) add(words ...string) { v.addOf("", words) }

// addOf adds words that stand behind a mark in the row.
func (v *vocabulary) addOf(mark string, words []string) {
	for _, w := range words {
		if w == "" || len(v.lines) == maxWords || slices.Contains(v.lines, mark+w) {
			continue
		}
		v.lines = append(v.lines, mark+w)
		if !slices.Contains(v.words, w) {
			v.words = append(v.words, w)
		}
	}
}

// valueMark ends the mark of a data field's words. No word has it inside.
const valueMark = "\t"

// markOf is the mark of a data field's words.
func markOf(field string) string { return "@" + cut(field, maxWord) + valueMark }

func (v *vocabulary) addCustomer(c licensing.Customer) {
	for _, text := range []string{c.Number, c.Name, c.Company, c.Email} {
		v.add(wordsOf(text)...)
	}
}

func (v *vocabulary) addFields(values []licensing.Value) {
	for _, f := range values {
		v.add(fieldWord(f))
		v.addOf(markOf(f.Name), wordsOf(f.Value))
	}
}

// addOrder adds an order's number, whole and without its year.
func (v *vocabulary) addOrder(number string) { v.add(wordsOf(number)...) }

// addTicket adds a ticket from each of its groups on, and all of it without dashes.
func (v *vocabulary) addTicket(ticket string) {
	v.add(wordsOf(ticket)...)
	v.add(strings.ToLower(strings.ReplaceAll(ticket, "-", "")))
}

// text is the column that words are looked for in: each between line breaks.
func (v *vocabulary) text() string {
	if len(v.lines) == 0 {
		return "\n"
	}
	return "\n" + strings.Join(v.lines, "\n") + "\n"
}

// wordsIn are the words of a text, as they are looked up.
func wordsIn(text string) []string {
	words := strings.FieldsFunc(text, func(r rune) bool { return r == '\n' })
	for i, w := range words {
		if _, value, marked := strings.Cut(w, valueMark); marked {
			words[i] = value
		}
	}
	return words
}

// containing is the LIKE pattern for a text anywhere inside.
func containing(s string) string { return "%" + likeEscaper.Replace(s) + "%" }
