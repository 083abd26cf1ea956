package licensing_test

import (
	"reflect"
	"strings"
	"testing"

	"kontor/internal/licensing"
)

func options(values ...string) (all []licensing.Option) {
	for _, v := range values {
		all = append(all, licensing.Option{Value: v})
	}
	return all
}

// What a person reads, and what becomes of the usual input. The rules are those of the demo.
func TestParameterValues(t *testing.T) {
	seats := licensing.Rule{Minimum: "1", Maximum: "50", Step: "1"}
	edition := licensing.Rule{Options: options("standard", "pro", "ultimate")}
	licensee := licensing.Rule{Optional: true, MaxLength: 200}
	until := licensing.Rule{Minimum: "today", Maximum: "+30d"}
	many := licensing.Rule{Options: options(strings.Split("abcdefghijklmn", "")...)}
	for _, c := range []struct {
		typ         string
		rule        licensing.Rule
		value, want string
		says        string // empty: accepted
	}{
		{"number", seats, "25", "25", ""},
		{"number", seats, "1", "1", ""},
		{"number", seats, "50", "50", ""},
		{"number", seats, " +025.0 ", "25", ""},
		{"number", seats, "60", "", "Enter 1 to 50."},
		{"number", seats, "0", "", "Enter 1 to 50."},
		{"number", seats, "-1", "", "Enter 1 to 50."},
		{"number", seats, "", "", "Enter 1 to 50."},
		{"number", seats, "many", "", "Enter 1 to 50."},
		{"number", seats, "1e1", "", "Enter 1 to 50."},
		{"number", seats, "1.5", "", "Enter a whole number from 1 to 50."},
		{"number", seats, strings.Repeat("9", 1_000_000), "", "Enter a number with at most 18 digits before the point and 9 after it."},
		{"number", seats, "1.0000000001", "", "Enter a number with at most 18 digits before the point and 9 after it."},
		{"number", licensing.Rule{Minimum: "2.5", Maximum: "10", Step: "2.5"}, "4", "", "Enter 2.5 to 10, in steps of 2.5."},
		{"number", licensing.Rule{Minimum: "1", Step: "2"}, "3", "3", ""}, // steps count from the minimum
		{"number", licensing.Rule{Minimum: "1", Step: "2"}, "2", "", "Enter 1 or more, in steps of 2."},
		{"number", licensing.Rule{Minimum: "1", Step: "1"}, "1.5", "", "Enter a whole number, 1 or more."},
		{"number", licensing.Rule{Maximum: "-1"}, "0", "", "Enter -1 or less."},
		{"number", licensing.Rule{Step: "5"}, "7", "", "Enter a multiple of 5."},
		{"number", licensing.Rule{}, "x", "", "Enter a number."},
		{"number", licensing.Rule{}, "-0.00", "0", ""},
		{"number", licensing.Rule{}, ".5", "0.5", ""},
		{"number", licensing.Rule{Fixed: new("30")}, "30.0", "30", ""},
		{"number", licensing.Rule{Fixed: new("30.0")}, "31", "", "This is fixed at 30: leave it out, or enter 30."},
		{"selection", edition, "pro", "pro", ""},
		{"selection", edition, "Pro", "", "Choose standard, pro or ultimate."},
		{"selection", edition, "<b>\x00", "", "Choose standard, pro or ultimate."},
		{"selection", many, "z", "", "Choose one of the 14 options, such as a, b, c, d, e, f, g, h, i, j, k, l."},
		{"selection", licensing.Rule{Fixed: new("30")}, "30", "30", ""},
		{"selection", licensing.Rule{Fixed: new("30")}, "60", "", "Choose 30."},
		{"selection", licensing.Rule{Fixed: new("30"), Options: options("30", "60")}, "60", "", "This is fixed at 30: leave it out, or enter 30."},
		{"text", licensee, " Brückner & <Söhne> ", "Brückner & <Söhne>", ""},
		{"text", licensee, strings.Repeat("ü", 200), strings.Repeat("ü", 200), ""},
		{"text", licensee, strings.Repeat("ü", 201), "", "Enter 1 to 200 characters."},
		{"text", licensee, "a\x00b", "", "Enter one line of text. Control characters, such as tabs and line breaks, are not allowed."},
		{"text", licensee, "a\u202eb", "", "Enter one line of text. Control characters, such as tabs and line breaks, are not allowed."},
		{"text", licensee, "\xff", "", "Enter one line of text. Control characters, such as tabs and line breaks, are not allowed."},
		{"text", licensing.Rule{Pattern: "[A-Z]{2}"}, "ABC", "", "Enter text of the form [A-Z]{2}."},
		{"text", licensing.Rule{Pattern: "(?m)^a$"}, "a", "a", ""},
		{"date", until, "2026-11-21", "2026-11-21", ""},
		{"date", until, "2026-12-21", "2026-12-21", ""},
		{"date", until, "2026-12-22", "", "Choose a day from 2026-11-21 to 2026-12-21."},
		{"date", until, "2026-11-20", "", "Choose a day from 2026-11-21 to 2026-12-21."},
		{"date", until, "", "", "Choose a day from 2026-11-21 to 2026-12-21."},
		{"date", until, "21.12.2026", "", "Enter a day of the form 2027-01-31."},
		{"date", until, "+3d", "", "Enter a day of the form 2027-01-31."},
		{"date", licensing.Rule{Minimum: "+1m"}, "2026-12-20", "", "Choose a day from 2026-12-21 on."},
		{"date", licensing.Rule{Maximum: "-1y"}, "2026-12-20", "", "Choose a day up to 2025-11-21."},
		{"date", licensing.Rule{Minimum: "today", Maximum: "2026-11-20"}, "2026-11-20", "", "No day can be chosen any more: the last was 2026-11-20."},
		{"date", licensing.Rule{Fixed: new("2026-12-31")}, "2026-12-30", "", "This is fixed at 2026-12-31: leave it out, or enter 2026-12-31."},
	} {
		typ := licensing.ParameterTypes[c.typ]
		if err := typ.CheckRule(c.rule); err != nil {
			t.Errorf("%s %+v: %v", c.typ, c.rule, err)
		}
		got, err := typ.Canonical(c.rule, c.value, day("2026-11-21"))
		if c.says == "" {
			if err != nil || got != c.want {
				t.Errorf("%s %.40q: got %q, %v, want %q", c.typ, c.value, got, err, c.want)
			}
		} else if err == nil || licensing.AsError(err).Message != c.says {
			t.Errorf("%s %.40q: got %q, %v, want it to say %q", c.typ, c.value, got, err, c.says)
		}
	}
}

func TestLimits(t *testing.T) {
	for _, c := range []struct {
		typ  string
		rule licensing.Rule
		want licensing.Limits
	}{
		{"text", licensing.Rule{Pattern: "a+"}, licensing.Limits{Pattern: "a+", MinLength: 1, MaxLength: licensing.MaxTextLength}},
		{"text", licensing.Rule{MinLength: 2, MaxLength: 9}, licensing.Limits{MinLength: 2, MaxLength: 9}},
		{"number", licensing.Rule{Minimum: "01.0", Step: ".50"}, licensing.Limits{Minimum: "1", Step: "0.5"}},
		{"selection", licensing.Rule{Options: options("a")}, licensing.Limits{Options: options("a")}},
		{"date", licensing.Rule{Minimum: "today", Maximum: "+1m"}, licensing.Limits{Minimum: "2027-01-31", Maximum: "2027-02-28"}},
		{"date", licensing.Rule{Maximum: "2027-12-31"}, licensing.Limits{Maximum: "2027-12-31"}},
	} {
		if got := licensing.ParameterTypes[c.typ].Limits(c.rule, day("2027-01-31")); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s %+v: got %+v, want %+v", c.typ, c.rule, got, c.want)
		}
	}
}

// A rule that does not hold together is nobody's fault who orders: the error is no licensing.Error that he would see.
func TestBrokenRuleIsOurFault(t *testing.T) {
	for typ, rule := range map[string]licensing.Rule{
		"text": {Pattern: "("}, "number": {Minimum: "x"}, "selection": {}, "date": {Minimum: "x"},
	} {
		_, err := licensing.ParameterTypes[typ].Canonical(rule, "1", day("2026-11-21"))
		if e := licensing.AsError(err); e == nil || e.Code != licensing.CodeInternal {
			t.Errorf("%s: got %v, want an internal error", typ, err)
		}
	}
}
