package licensing_test

import (
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"kontor/internal/licensing"
)

// patternLetters are what patterns and the texts that are tried against them are made of.
const patternLetters = "aB- é"

// shortTexts are all texts of up to four of the letters.
var shortTexts = func() []string {
	all, last := []string{""}, []string{""}
	for range 4 {
		var next []string
		for _, text := range last {
			for _, letter := range patternLetters {
				next = append(next, text+string(letter))
			}
		}
		all, last = append(all, next...), next
	}
	return all
}()

func drawPattern(t *rapid.T) string {
	atom := rapid.SampledFrom([]string{"a", "B", "-", " ", "é", ".", "[aB]", "[^a]", `\w`, `\s`, `\b`, `\B`, "^", "$", "(?i:b)", "(?m:$)", `\pL`, "[a-c]"})
	var draw func(depth int) string
	draw = func(depth int) string {
		if depth == 0 {
			return atom.Draw(t, "atom")
		}
		switch rapid.IntRange(0, 4).Draw(t, "kind") {
		case 0:
			return draw(depth-1) + draw(depth-1)
		case 1:
			return "(?:" + draw(depth-1) + "|" + draw(depth-1) + ")"
		case 2:
			return "(" + draw(depth-1) + ")" + rapid.SampledFrom([]string{"*", "+", "?", "{2}", "{1,3}", "{2,}"}).Draw(t, "repeat")
		default:
			return draw(depth-1) + atom.Draw(t, "atom")
		}
	}
	return draw(rapid.IntRange(0, 4).Draw(t, "depth"))
}

// TestPatternThatNeverMatches holds the search for an example against all short texts, and its examples against the
// type itself.
func TestPatternThatNeverMatches(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := licensing.Rule{
			Pattern: drawPattern(t), Upper: rapid.Bool().Draw(t, "upper"),
			MinLength: rapid.IntRange(0, 3).Draw(t, "minLength"), MaxLength: rapid.IntRange(3, 5).Draw(t, "maxLength"),
		}
		example, found := licensing.PatternExample(r)
		if found {
			if got, err := licensing.ParameterTypes["text"].Canonical(r, example, licensing.Day{}); err != nil || got != example {
				t.Fatalf("the example %q becomes %q, %v", example, got, err)
			}
			return
		}
		whole := regexp.MustCompile(`\A(?:` + r.Pattern + `)\z`)
		for _, text := range shortTexts {
			n := len([]rune(text))
			if text != "" && n >= r.MinLength && n <= r.MaxLength && strings.TrimSpace(text) == text && (!r.Upper || strings.ToUpper(text) == text) && whole.MatchString(text) {
				t.Fatalf("no example is found, though %q matches", text)
			}
		}
	})
}

// What is refused as too large, and what is accepted, is decided in bounded time, and so is every value.
func TestPatternsThatTakeLongElsewhere(t *testing.T) {
	text := licensing.ParameterTypes["text"]
	for _, pattern := range []string{"(a+)+$", "(a|aa)+", "(a|a?)+", "(.*)*(.*)*(.*)*", "(x+x+)+y", `(\w+\s?)*`, "(a{0,30}){0,30}", "((a{0,10}){0,10}){0,10}"} {
		r := licensing.Rule{Pattern: pattern, MinLength: 1500}
		if text.CheckRule(r) != nil {
			continue
		}
		if _, err := text.Canonical(r, strings.Repeat("a", 1999)+"!", licensing.Day{}); err != nil && licensing.AsError(err).Code != licensing.CodeInvalidParameter {
			t.Errorf("%s: %v", pattern, err)
		}
	}
}
