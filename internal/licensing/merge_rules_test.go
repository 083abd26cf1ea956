package licensing_test

import (
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"kontor/internal/licensing"
)

// ruleFields are what a rule says, field by field and language by language, as a form holds it.
func ruleFields(r licensing.Rule) map[string]any {
	fields := map[string]any{}
	v := reflect.ValueOf(r)
	for i := range v.NumField() {
		name, value := v.Type().Field(i).Name, v.Field(i).Interface()
		switch value := value.(type) {
		case licensing.Texts:
			for _, language := range []string{"de", "fr"} {
				fields[name+"."+language] = value[language]
			}
		case *string:
			fields[name] = ""
			if value != nil {
				fields[name] = "=" + *value
			}
		case []licensing.Option:
			fields[name] = append([]licensing.Option{}, value...)
		default:
			fields[name] = value
		}
	}
	return fields
}

// TestMergeRules holds that what one leaves as it was takes the other's value, that what he changed stays, and that
// what both changed is named.
func TestMergeRules(t *testing.T) {
	word := rapid.SampledFrom([]string{"", "1", "2"})
	texts := rapid.Custom(func(t *rapid.T) licensing.Texts {
		all := licensing.Texts{}
		for _, language := range []string{"de", "fr"} {
			if text := word.Draw(t, language); text != "" {
				all[language] = text
			}
		}
		return all
	})
	rule := rapid.Custom(func(t *rapid.T) licensing.Rule {
		constant := func() *string {
			if s := word.Draw(t, "constant"); s != "" {
				return &s
			}
			return nil
		}
		draw := func() string { return word.Draw(t, "word") }
		r := licensing.Rule{Fixed: constant(), Default: constant(), Minimum: draw(), Maximum: draw(), Step: draw(), Pattern: draw(),
			MinLength: len(draw()), MaxLength: len(draw()), Upper: draw() == "1", Optional: draw() == "1", Hidden: draw() == "1", Change: licensing.Change(draw()),
			Label: draw(), Help: draw(), Reason: draw(), Labels: texts.Draw(t, "labels"), Helps: texts.Draw(t, "helps"), Reasons: texts.Draw(t, "reasons")}
		for range len(draw()) {
			r.Options = append(r.Options, licensing.Option{Value: "a", Label: draw()})
		}
		return r
	})
	rapid.Check(t, func(t *rapid.T) {
		base, theirs, mine := rule.Draw(t, "base"), rule.Draw(t, "theirs"), rule.Draw(t, "mine")
		got, both := licensing.MergeRules(base, theirs, mine)
		b, th, m, merged := ruleFields(base), ruleFields(theirs), ruleFields(mine), ruleFields(got)
		told := 0
		for name := range merged {
			want := m[name]
			if reflect.DeepEqual(m[name], b[name]) {
				want = th[name]
			} else if !reflect.DeepEqual(th[name], b[name]) && !reflect.DeepEqual(th[name], m[name]) {
				told++
			}
			if !reflect.DeepEqual(merged[name], want) {
				t.Fatalf("%s is %v: was %v, theirs %v, mine %v", name, merged[name], b[name], th[name], m[name])
			}
		}
		if len(both) != told || len(slices.Compact(slices.Sorted(slices.Values(both)))) != told {
			t.Fatalf("%d fields were changed by both, told are %v", told, both)
		}
	})
}
