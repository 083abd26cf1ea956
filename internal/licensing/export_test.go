package licensing

import "regexp/syntax"

// PatternExample returns a text that a rule's pattern matches, and whether there is one.
func PatternExample(r Rule) (string, bool) {
	tree, err := syntax.Parse(wholePattern(r.Pattern), syntax.Perl)
	if err != nil {
		return "", false
	}
	prog, err := syntax.Compile(tree.Simplify())
	if err != nil {
		return "", false
	}
	shortest, longest := textLengths(r)
	return (&patternSearch{prog: prog, upper: r.Upper, runes: map[runeKey]rune{}}).example(shortest, longest)
}
