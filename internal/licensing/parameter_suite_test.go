package licensing_test

import (
	"errors"
	"math/big"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"kontor/internal/licensing"
)

// typeCase is what TestEveryParameterType needs to know of a type.
type typeCase struct {
	// rules draws rules, contradictory ones among them.
	rules func(t *rapid.T) licensing.Rule
	// values draws values, some of which rules allow.
	values func(t *rapid.T) string
	// allowed reports naively, by other means than the type's own, whether a canonical value satisfies a rule.
	allowed func(r licensing.Rule, canonical string, day licensing.Day) bool
	// broken are rules that contradict themselves or do not parse, by the limit that the error names.
	broken map[string][]licensing.Rule
}

var typeCases = map[string]typeCase{
	"text":      {drawTextRule, drawText, textAllowed, brokenTextRules},
	"number":    {drawNumberRule, drawNumber, numberAllowed, brokenNumberRules},
	"selection": {drawSelectionRule, drawOption, optionAllowed, brokenSelectionRules},
	"date":      {drawDateRule, drawDateText, dateAllowed, brokenDateRules},
	"yesno":     {drawYesNoRule, drawYesNo, yesNoAllowed, brokenYesNoRules},
}

// TestEveryParameterType holds every type to what ParameterType promises. A new type adds its case.
func TestEveryParameterType(t *testing.T) {
	for name, typ := range licensing.ParameterTypes {
		t.Run(name, func(t *testing.T) {
			c, ok := typeCases[name]
			if !ok {
				t.Fatalf("the type %s has no case in typeCases", name)
			}
			if typ.Name() != name {
				t.Errorf("it calls itself %q", typ.Name())
			}
			t.Run("refuses broken rules", func(t *testing.T) { refusesBrokenRules(t, typ, c) })
			t.Run("accepts what the rule allows", rapid.MakeCheck(func(t *rapid.T) { acceptsWhatTheRuleAllows(t, typ, c) }))
			t.Run("takes its fixed value only", rapid.MakeCheck(func(t *rapid.T) { takesItsFixedValueOnly(t, typ, c) }))
			t.Run("orders its values", rapid.MakeCheck(func(t *rapid.T) { ordersItsValues(t, typ, c) }))
			t.Run("changes as the rule says", rapid.MakeCheck(func(t *rapid.T) { changesAsTheRuleSays(t, typ, c) }))
			t.Run("survives anything", rapid.MakeCheck(func(t *rapid.T) { survivesAnything(t, typ, c) }))
		})
	}
}

func refusesBrokenRules(t *testing.T, typ licensing.ParameterType, c typeCase) {
	for field, rules := range c.broken {
		for _, r := range rules {
			err := typ.CheckRule(r)
			checkRefusal(t, err, field, "")
			if t.Failed() {
				t.Fatalf("for the rule %+v", r)
			}
		}
	}
}

func acceptsWhatTheRuleAllows(t *rapid.T, typ licensing.ParameterType, c typeCase) {
	rule, value, today := c.rules(t), c.values(t), drawDay(t, "today")
	if typ.CheckRule(rule) != nil {
		return
	}
	canonical, err := typ.Canonical(rule, value, today)
	if err != nil {
		checkSentence(t, err)
		if trimmed := strings.TrimSpace(value); c.allowed(rule, trimmed, today) && trimmed == value {
			t.Fatalf("%q is refused (%v), though %+v allows it", value, err, rule)
		}
		return
	}
	if !c.allowed(rule, canonical, today) {
		t.Fatalf("%q is accepted as %q, though %+v does not allow it", value, canonical, rule)
	}
	if again, err := typ.Canonical(rule, canonical, today); err != nil || again != canonical {
		t.Fatalf("the canonical %q becomes %q, %v", canonical, again, err)
	}
}

func takesItsFixedValueOnly(t *rapid.T, typ licensing.ParameterType, c typeCase) {
	rule, fixed, other, today := c.rules(t), c.values(t), c.values(t), drawDay(t, "today")
	rule.Default, rule.Fixed = nil, nil
	if typ.CheckRule(rule) != nil { // drawn at random, its limits may contradict each other
		return
	}
	want, err := typ.Canonical(rule, fixed, today)
	if err != nil {
		return
	}
	rule.Fixed = &fixed
	if err := typ.CheckRule(rule); err != nil {
		t.Fatalf("%+v with the allowed %q as its fixed value: %v", rule, fixed, err)
	}
	if got, err := typ.Canonical(rule, fixed, today); err != nil || got != want {
		t.Fatalf("the fixed value %q becomes %q, %v, want %q", fixed, got, err, want)
	}
	if got, err := typ.Canonical(rule, other, today); err == nil && got != want {
		t.Fatalf("%q is accepted as %q, though %q is fixed", other, got, fixed)
	}
}

// ordersItsValues wants a total order of canonical values, or none.
func ordersItsValues(t *rapid.T, typ licensing.ParameterType, c typeCase) {
	var values []string
	for range 3 {
		value, err := typ.Canonical(c.rules(t), c.values(t), drawDay(t, "today"))
		if err != nil {
			return
		}
		values = append(values, value)
	}
	x, y, z := values[0], values[1], values[2]
	if !typ.Ordered() {
		if typ.Compare(x, y) != 0 {
			t.Fatalf("%q and %q are ordered, though the type has no order", x, y)
		}
		if err := typ.CheckRule(licensing.Rule{Change: licensing.ChangeUp, Fixed: nil, Options: []licensing.Option{{Value: "a"}}}); err == nil {
			t.Fatal("a rule lets values rise that have no order")
		}
		return
	}
	sign := func(n int) int { return max(-1, min(n, 1)) }
	if sign(typ.Compare(x, y)) != -sign(typ.Compare(y, x)) || (typ.Compare(x, y) == 0) != (x == y) {
		t.Fatalf("%q against %q: %d and %d", x, y, typ.Compare(x, y), typ.Compare(y, x))
	}
	if typ.Compare(x, y) <= 0 && typ.Compare(y, z) <= 0 && typ.Compare(x, z) > 0 {
		t.Fatalf("%q, %q and %q go round", x, y, z)
	}
}

// changesAsTheRuleSays changes a license of one parameter, and holds the outcome against what a rule lets happen.
func changesAsTheRuleSays(t *rapid.T, typ licensing.ParameterType, c typeCase) {
	rule, created := c.rules(t), drawDay(t, "created")
	rule.Change = rapid.SampledFrom([]licensing.Change{licensing.ChangeNothing, licensing.ChangeUp, licensing.ChangeAny}).Draw(t, "change")
	if typ.CheckRule(rule) != nil {
		return
	}
	o := licensing.Offer{
		Product: licensing.Product{Parameters: []licensing.Parameter{{Name: "p", Type: typ.Name(), Sets: licensing.SetsText}}},
		Rules:   map[string]licensing.Rule{"p": rule},
	}
	one := func(v string) []licensing.Value { return []licensing.Value{{Name: "p", Value: v}} }
	before, err := licensing.ResolveParameters(o, one(c.values(t)), created)
	if err != nil {
		return
	}
	given := c.values(t)
	after, err := licensing.ResolveChange(o, before, one(given), created, false)
	from, _ := licensing.ValueOf(before, "p")
	to, _ := licensing.ValueOf(after, "p")
	want, wantErr := licensing.ResolveParameters(o, one(given), created)
	switch wants, _ := licensing.ValueOf(want, "p"); {
	case err != nil:
		// What the rule lets happen has to be refused by the rule's limits.
		rises := from != "" && wants != "" && typ.Compare(from, wants) < 0 || from == "" && wants != ""
		if wantErr == nil && (wants == from || rule.Change == licensing.ChangeAny || rule.Change == licensing.ChangeUp && rises) {
			t.Fatalf("from %q to %q: %v", from, given, err)
		}
	case to == from:
	case wantErr != nil || to != wants:
		t.Fatalf("from %q by %q to %q, though created it would be %q, %v", from, given, to, wants, wantErr)
	case rule.Change == licensing.ChangeNothing, rule.Change == licensing.ChangeUp && from != "" && typ.Compare(from, to) >= 0:
		t.Fatalf("from %q to %q under the change %q", from, to, rule.Change)
	}
	if same, err := licensing.ResolveChange(o, before, nil, created.AddDays(500), true); err != nil || !slices.Equal(same, before) {
		t.Fatalf("without a change %v becomes %v, %v", before, same, err)
	}
}

func survivesAnything(t *rapid.T, typ licensing.ParameterType, c typeCase) {
	value := rapid.OneOf(rapid.String(), rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) })).Draw(t, "anything")
	broken := licensing.Rule{
		Minimum: rapid.SampledFrom([]string{"", value}).Draw(t, "minimum"),
		Pattern: rapid.SampledFrom([]string{"", value}).Draw(t, "pattern"),
		Options: rapid.SampledFrom([][]licensing.Option{nil, {{Value: value}}}).Draw(t, "options"),
	}
	if rapid.Bool().Draw(t, "fixed") {
		broken.Fixed = &value
	}
	for _, rule := range []licensing.Rule{{}, c.rules(t), broken} {
		canonical, err := typ.Canonical(rule, value, drawDay(t, "today"))
		if err == nil && !utf8.ValidString(canonical) {
			t.Fatalf("%q is accepted as %q", value, canonical)
		}
		if err != nil && typ.CheckRule(rule) == nil {
			checkSentence(t, err)
		}
		typ.Limits(rule, drawDay(t, "some day"))
	}
}

// badFormat is what fmt leaves where arguments do not fit a format.
var badFormat = regexp.MustCompile(`%!(\w?\(|NOVERB)`)

// checkSentence wants an error for the person who entered a value: a sentence, without raw input in it.
func checkSentence(t *rapid.T, err error) {
	var e *licensing.Error
	if !errors.As(err, &e) || e.Code != licensing.CodeInvalidParameter || e.Field != "" {
		t.Fatalf("%#v is no error of code invalidParameter without a field", err)
	}
	if !strings.HasSuffix(e.Message, ".") || strings.ContainsFunc(e.Message, unicode.IsControl) || badFormat.MatchString(e.Message) {
		t.Fatalf("%q is no sentence", e.Message)
	}
}

// drawOptionalString draws one of the values, or the empty string.
func drawOptionalString(t *rapid.T, name string, values ...string) string {
	return rapid.SampledFrom(append(values, "")).Draw(t, name)
}

// Text

func drawTextRule(t *rapid.T) licensing.Rule {
	return licensing.Rule{
		Optional:  rapid.Bool().Draw(t, "optional"),
		MinLength: rapid.IntRange(0, 4).Draw(t, "minLength"),
		MaxLength: rapid.IntRange(0, 6).Draw(t, "maxLength"),
		Upper:     rapid.Bool().Draw(t, "upper"),
		Pattern:   drawOptionalString(t, "pattern", "a|ab", "[A-Z]+", "(?i)a+.*", ".*ä$"),
	}
}

func drawText(t *rapid.T) string {
	return rapid.OneOf(
		rapid.StringOfN(rapid.RuneFrom([]rune("aAbBä€😀 <&\u00a0")), 0, 8, -1),
		rapid.StringN(0, 8, -1),
	).Draw(t, "text")
}

func textAllowed(r licensing.Rule, s string, _ licensing.Day) bool {
	n := len([]rune(s))
	longest := r.MaxLength
	if longest == 0 {
		longest = licensing.MaxTextLength
	}
	if s == "" || n < r.MinLength || n > longest || s != strings.TrimSpace(s) || r.Upper && strings.ContainsFunc(s, func(c rune) bool { return unicode.ToUpper(c) != c }) {
		return false
	}
	for _, c := range s {
		if unicode.IsControl(c) || !utf8.ValidRune(c) || strings.ContainsRune("\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufffe\uffff", c) || c >= 0xfdd0 && c <= 0xfdef {
			return false
		}
	}
	whole := regexp.MustCompile(r.Pattern)
	whole.Longest() // so that a match of a part does not hide one of the whole
	return r.Pattern == "" || whole.FindString(s) == s
}

var brokenTextRules = map[string][]licensing.Rule{
	"minLength": {{MinLength: -1}, {MinLength: licensing.MaxTextLength + 1}},
	"maxLength": {{MaxLength: -1}, {MaxLength: licensing.MaxTextLength + 1}, {MinLength: 5, MaxLength: 4}},
	"pattern": {{Pattern: "("}, {Pattern: "a)|(b"}, {Pattern: strings.Repeat("a", 1000)}, {Pattern: "(?=a)"}, {Pattern: "\x00"},
		{Pattern: "a$b"}, {Pattern: `a\bb`}, {Pattern: "[^\\x00-\\x{10FFFF}]"}, {Pattern: "a*", Upper: true}, {Pattern: "[a-z]", Upper: true}, {Pattern: " a"}, {Pattern: "a "},
		{Pattern: "a{3}", MaxLength: 2}, {Pattern: "a{1,3}", MinLength: 4}, {Pattern: "(aa)+", MinLength: 3, MaxLength: 3}, {Pattern: `\n+`}, {Pattern: `\t`},
		{Pattern: "(a{1,1000}b?){1,3}c{900}(x?){1000}(y?){1000}(z?){1000}"},
	},
	"minimum": {{Minimum: "1"}},
	"options": {{Options: []licensing.Option{{Value: "a"}}}},
	"change":  {{Change: "down"}, {Change: licensing.ChangeUp}, {Change: licensing.ChangeAny, Fixed: new("a")}},
	"hidden":  {{Hidden: true}},
	"fixed":   {{Fixed: new("")}, {Fixed: new("ab"), MaxLength: 1}, {Fixed: new("a\nb")}},
	"default": {{Default: new("b"), Pattern: "a"}, {Fixed: new("a"), Default: new("a")}},
}

// Number

func drawNumberRule(t *rapid.T) licensing.Rule {
	return licensing.Rule{
		Optional: rapid.Bool().Draw(t, "optional"),
		Minimum:  drawOptionalString(t, "minimum", "-3", "0", "0.5", "1", "1.25"),
		Maximum:  drawOptionalString(t, "maximum", "-2.5", "1", "1.3", "4", "12"),
		Step:     drawOptionalString(t, "step", "0.25", "0.3", "1", "2", "1.50"),
	}
}

func drawNumber(t *rapid.T) string {
	return rapid.OneOf(
		rapid.StringMatching(`[+-]?[0-9]{1,2}(\.[0-9]{0,2})?`),
		rapid.StringMatching(` ?-?0{0,3}[0-4]?(\.[05]{0,4}) ?`),
		rapid.StringMatching(`-?[0-9]{15,25}(\.[0-9]{7,12})?`),
		rapid.SampledFrom([]string{"", ".", "-", "1e5", "0x1", "NaN", "Inf", "1,5", "1_000", "١", "1 2", "--1"}),
	).Draw(t, "number")
}

func numberAllowed(r licensing.Rule, s string, _ licensing.Day) bool {
	canonical := regexp.MustCompile(`^(0|-?[1-9][0-9]{0,17}|-?(0|[1-9][0-9]{0,17})\.[0-9]{0,8}[1-9])$`)
	n, ok := new(big.Rat).SetString(s)
	if !ok || !canonical.MatchString(s) {
		return false
	}
	base := new(big.Rat)
	if r.Minimum != "" {
		base.SetString(r.Minimum)
		if n.Cmp(base) < 0 {
			return false
		}
	}
	if r.Maximum != "" {
		if maximum, _ := new(big.Rat).SetString(r.Maximum); n.Cmp(maximum) > 0 {
			return false
		}
	}
	if r.Step != "" {
		step, _ := new(big.Rat).SetString(r.Step)
		return new(big.Rat).Quo(new(big.Rat).Sub(n, base), step).IsInt()
	}
	return true
}

var brokenNumberRules = map[string][]licensing.Rule{
	"minimum":   {{Minimum: "one"}, {Minimum: "1e3"}, {Minimum: "1234567890123456789"}},
	"maximum":   {{Maximum: "0.1234567891"}, {Minimum: "2", Maximum: "1"}},
	"step":      {{Step: "0"}, {Step: "-1"}, {Step: "x"}},
	"maxLength": {{MaxLength: 3}},
	"fixed":     {{Fixed: new("")}, {Fixed: new("51"), Maximum: "50"}, {Fixed: new("1.5"), Step: "1"}},
	"default":   {{Default: new("0"), Minimum: "1"}, {Fixed: new("1"), Default: new("1")}},
}

// Selection

func drawSelectionRule(t *rapid.T) licensing.Rule {
	values := rapid.SliceOfN(rapid.SampledFrom([]string{"standard", "pro", "Pro", "5", "30", "", " pro"}), 0, 4).Draw(t, "options")
	r := licensing.Rule{Optional: rapid.Bool().Draw(t, "optional")}
	for _, v := range values {
		r.Options = append(r.Options, licensing.Option{Value: v, Label: "The " + v})
	}
	return r
}

func drawOption(t *rapid.T) string {
	return rapid.SampledFrom([]string{"standard", "pro", "Pro", "PRO", "5", "5.0", "", " pro", "pro ", "ultimate\x00"}).Draw(t, "option")
}

func optionAllowed(r licensing.Rule, s string, _ licensing.Day) bool {
	return slices.ContainsFunc(r.Options, func(o licensing.Option) bool { return o.Value == s })
}

var brokenSelectionRules = map[string][]licensing.Rule{
	"options": {
		{},
		{Options: []licensing.Option{{Value: ""}}},
		{Options: []licensing.Option{{Value: "a"}, {Value: "a"}}},
		{Options: []licensing.Option{{Value: " a"}}},
		{Options: []licensing.Option{{Value: "a\tb"}}},
		{Options: []licensing.Option{{Value: "\xff"}}},
		{Options: []licensing.Option{{Value: "a", Label: "a\nb"}}},
		{Options: make([]licensing.Option, licensing.MaxOptions+1)},
		{Fixed: new("")},
	},
	"pattern": {{Pattern: "a", Fixed: new("a")}},
	"fixed":   {{Fixed: new("b"), Options: []licensing.Option{{Value: "a"}}}},
	"default": {{Default: new("b"), Options: []licensing.Option{{Value: "a"}}}},
}

// Date

func drawDateRule(t *rapid.T) licensing.Rule {
	return licensing.Rule{
		Optional: rapid.Bool().Draw(t, "optional"),
		Minimum:  drawOptionalString(t, "minimum", "today", "+0d", "-5d", "+29d", "+1m", "+1y", "2026-02-28"),
		Maximum:  drawOptionalString(t, "maximum", "today", "+30d", "+1m", "-1m", "+2y", "2028-02-29"),
	}
}

func drawDateText(t *rapid.T) string {
	return rapid.OneOf(
		rapid.Custom(func(t *rapid.T) string { return drawDay(t, "chosen").String() }),
		rapid.SampledFrom([]string{"", "today", "+1d", "2027-02-29", "2027-1-1", " 2027-01-31 ", "2027-01-31Z", "2027-01-31T00:00:00", "10000-01-01", "0000-01-01", "31.01.2027"}),
	).Draw(t, "date")
}

// dateAllowed knows only how to count days and to find a date's like some months on.
func dateAllowed(r licensing.Rule, s string, today licensing.Day) bool {
	terms := map[string]licensing.Term{
		"today": {}, "+0d": {}, "-5d": {Days: -5}, "+29d": {Days: 29}, "+30d": {Days: 30},
		"-1m": {Months: -1}, "+1m": {Months: 1}, "+1y": {Months: 12}, "+2y": {Months: 24},
	}
	limit := func(s string) string {
		if term, ok := terms[s]; ok {
			return naiveAfter(today, term).String()
		}
		return s
	}
	if !regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}$`).MatchString(s) || naiveAfter(today, licensing.Term{Days: today.DaysUntil(naiveDay(s))}).String() != s {
		return false
	}
	return s >= limit(r.Minimum) && (r.Maximum == "" || s <= limit(r.Maximum)) // this form sorts like the calendar
}

// naiveDay reads a day digit by digit, and lets the calendar sort out what is too much.
func naiveDay(s string) licensing.Day {
	n := func(s string) int { i, _ := new(big.Int).SetString(s, 10); return int(i.Int64()) }
	return licensing.Day{Year: n(s[:4]), Month: 1, Date: 1}.AddMonths(n(s[5:7]) - 1).AddDays(n(s[8:]) - 1)
}

var brokenDateRules = map[string][]licensing.Rule{
	"minimum": {{Minimum: "30d"}, {Minimum: "+30"}, {Minimum: "+1w"}, {Minimum: "tomorrow"}, {Minimum: "2027-02-29"}},
	"maximum": {
		{Maximum: "+101y"}, {Maximum: "-99999d"},
		{Minimum: "2027-01-02", Maximum: "2027-01-01"},
		{Minimum: "+2d", Maximum: "+1d"},
		{Minimum: "+30d", Maximum: "+1m"}, // in February, a month is shorter
	},
	"step":    {{Step: "1"}},
	"fixed":   {{Fixed: new("+30d")}, {Fixed: new("2027-01-02"), Maximum: "2027-01-01"}},
	"default": {{Default: new("")}, {Default: new("2026-12-31"), Minimum: "2027-01-01"}},
}

// Yes or no

func drawYesNoRule(t *rapid.T) licensing.Rule {
	return licensing.Rule{Optional: rapid.Bool().Draw(t, "optional")}
}

func drawYesNo(t *rapid.T) string {
	return rapid.SampledFrom([]string{"yes", "no", "YES", "true", "False", "1", "0", " yes ", "", "2", "on", "y", "ja", "yes\x00"}).Draw(t, "answer")
}

func yesNoAllowed(_ licensing.Rule, s string, _ licensing.Day) bool { return s == "yes" || s == "no" }

var brokenYesNoRules = map[string][]licensing.Rule{
	"minimum": {{Minimum: "yes"}},
	"options": {{Options: []licensing.Option{{Value: "yes"}}}},
	"upper":   {{Upper: true}},
	"hidden":  {{Hidden: true}},
	"fixed":   {{Fixed: new("")}, {Fixed: new("maybe")}},
	"default": {{Default: new("maybe")}, {Fixed: new("no"), Default: new("no")}},
}
