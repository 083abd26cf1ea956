package licensing

import (
	"regexp/syntax"
	"unicode"
	"unicode/utf8"
)

// largestPattern bounds the program that a pattern becomes: a value is held against each of its steps at each of its
// characters, so that 2,000 characters take tens of milliseconds at the very most.
const largestPattern = 5_000

// checkPattern refuses a pattern that no text of the rule's lengths matches, and one that is too large to be held
// against texts. It is called for a pattern that compiles.
func checkPattern(r Rule) error {
	if r.Pattern == "" {
		return nil
	}
	tree, err := syntax.Parse(wholePattern(r.Pattern), syntax.Perl)
	if err != nil {
		return InvalidRequest("pattern", "This is no regular expression (RE2).")
	}
	prog, err := syntax.Compile(tree.Simplify())
	if err != nil || len(prog.Inst) > largestPattern {
		return InvalidRequest("pattern", "This pattern is too large. Write it with fewer or smaller repeats.")
	}
	shortest, longest := textLengths(r)
	if _, ok := (&patternSearch{prog: prog, upper: r.Upper, runes: map[runeKey]rune{}}).example(shortest, longest); !ok {
		return InvalidRequest("pattern", "No text of %d to %d characters matches this pattern.", shortest, longest)
	}
	return nil
}

// wholePattern is a pattern that matches the whole value.
func wholePattern(pattern string) string { return `\A(?:` + pattern + `)\z` }

// patternSearch looks for a text that a pattern matches, by walking the pattern's program without a text: a step is
// possible when any character at all takes it. What is walked is one path at a time, so nothing has to be made
// deterministic, and the work is the size of the program for each character.
type patternSearch struct {
	prog  *syntax.Prog
	upper bool             // characters that upper case changes do not occur
	runes map[runeKey]rune // what was found by firstRune; -1 for nothing
}

// runeClass sorts characters by what a pattern's \b, and the trimming of blanks, can tell apart.
type runeClass int

const (
	classEdge  runeClass = iota // no character: before the first and after the last
	classWord                   // what \w matches
	classBlank                  // what is trimmed from both ends
	classOther
	classes
)

// like is a character of the class, for the pattern's empty-width conditions.
var like = [classes]rune{-1, 'a', ' ', '-'}

type runeKey struct {
	pc    uint32
	class runeClass
}

// step is a character of a path, and what came before it.
type step struct {
	char   rune
	before *step
}

// paths are where paths stand: by the class of the character behind them, and the instruction before them.
type paths [classes]map[uint32]*step

// example returns a text of shortest to longest characters that matches, and whether there is one.
func (s *patternSearch) example(shortest, longest int) (string, bool) {
	var at paths
	at[classEdge] = map[uint32]*step{uint32(s.prog.Start): nil} //nolint:gosec // an index
	for n := 0; ; n++ {
		if n >= shortest {
			if text, ok := s.end(at); ok {
				return text, true
			}
		}
		if n == longest {
			return "", false
		}
		alive := false
		if at, alive = s.advance(at); !alive {
			return "", false
		}
	}
}

// end looks for a path that matches when the text ends here. A blank at the end would have been trimmed.
func (s *patternSearch) end(at paths) (text string, ok bool) {
	for last := range at {
		if runeClass(last) == classBlank {
			continue
		}
		s.closure(at[last], runeClass(last), classEdge, func(pc uint32, path *step) {
			if s.prog.Inst[pc].Op == syntax.InstMatch && !ok {
				text, ok = textOf(path), true
			}
		})
	}
	return text, ok
}

// advance takes every path one character on, and reports whether any is left.
func (s *patternSearch) advance(at paths) (next paths, alive bool) {
	for class := classWord; class < classes; class++ {
		next[class] = map[uint32]*step{}
		for last := range at {
			if runeClass(last) == classEdge && class == classBlank {
				continue
			}
			s.closure(at[last], runeClass(last), class, func(pc uint32, path *step) {
				to := s.prog.Inst[pc].Out
				if _, known := next[class][to]; known {
					return
				}
				if char := s.firstRune(pc, class); char >= 0 {
					next[class][to] = &step{char, path}
					alive = true
				}
			})
		}
	}
	return next, alive
}

// closure finds the instructions that take a character, or match, which paths reach between two classes of characters.
func (s *patternSearch) closure(from map[uint32]*step, last, next runeClass, found func(pc uint32, path *step)) {
	holds := syntax.EmptyOpContext(like[last], like[next])
	seen := make([]bool, len(s.prog.Inst))
	var todo []uint32
	for start, path := range from {
		todo = append(todo[:0], start)
		for len(todo) > 0 {
			pc := todo[len(todo)-1]
			todo = todo[:len(todo)-1]
			if seen[pc] {
				continue
			}
			seen[pc] = true
			switch inst := &s.prog.Inst[pc]; inst.Op {
			case syntax.InstAlt, syntax.InstAltMatch:
				todo = append(todo, inst.Out, inst.Arg)
			case syntax.InstCapture, syntax.InstNop:
				todo = append(todo, inst.Out)
			case syntax.InstEmptyWidth:
				if syntax.EmptyOp(inst.Arg)&^holds == 0 { //nolint:gosec // a set of a few bits
					todo = append(todo, inst.Out)
				}
			case syntax.InstFail:
			default:
				found(pc, path)
			}
		}
	}
}

// firstRune returns a character of a class that takes an instruction and may stand in a text; -1 when there is none.
func (s *patternSearch) firstRune(pc uint32, class runeClass) rune {
	key := runeKey{pc, class}
	found, known := s.runes[key]
	if !known {
		found = s.findRune(&s.prog.Inst[pc], class)
		s.runes[key] = found
	}
	return found
}

func (s *patternSearch) findRune(inst *syntax.Inst, class runeClass) rune {
	fits := func(r rune) bool {
		return classOf(r) == class && utf8.ValidRune(r) && !unicode.IsControl(r) && !unicode.Is(unwritable, r) && (!s.upper || unicode.ToUpper(r) == r)
	}
	switch inst.Op {
	case syntax.InstRuneAny, syntax.InstRuneAnyNotNL:
		return map[runeClass]rune{classWord: 'A', classBlank: ' ', classOther: '-'}[class]
	case syntax.InstRune, syntax.InstRune1:
	default:
		return -1
	}
	if len(inst.Rune) == 1 { // perhaps without regard to case
		for r, first := inst.Rune[0], true; first || r != inst.Rune[0]; r, first = unicode.SimpleFold(r), false {
			if fits(r) && inst.MatchRune(r) {
				return r
			}
		}
		return -1
	}
	for i := 0; i+1 < len(inst.Rune); i += 2 {
		for r := inst.Rune[i]; r <= inst.Rune[i+1]; r++ {
			if fits(r) {
				return r
			}
		}
	}
	return -1
}

func classOf(r rune) runeClass {
	switch {
	case syntax.IsWordChar(r):
		return classWord
	case unicode.Is(unicode.Zs, r):
		return classBlank
	default:
		return classOther
	}
}

func textOf(s *step) string {
	var reversed []rune
	for ; s != nil; s = s.before {
		reversed = append(reversed, s.char)
	}
	for i, j := 0, len(reversed)-1; i < j; i, j = i+1, j-1 {
		reversed[i], reversed[j] = reversed[j], reversed[i]
	}
	return string(reversed)
}
