package licensing

import (
	"maps"
	"slices"
)

// MergeRules puts together what two people made of the same rule: base is what both began with, theirs is what one of
// them has saved, mine is what the other wants to save. What mine leaves as it was in base is as theirs has it; what
// mine changes stays. both names what each of them changed to something else, as OfferChange.Limit does: there mine
// hides theirs, and whoever made it has to be told. The result can contradict itself; CheckRuleOf says so.
func MergeRules(base, theirs, mine Rule) (merged Rule, both []string) {
	merged = Rule{
		Fixed:     mergeBy(&both, "fixed", base.Fixed, theirs.Fixed, mine.Fixed, sameValue),
		Minimum:   mergeOf(&both, "minimum", base.Minimum, theirs.Minimum, mine.Minimum),
		Maximum:   mergeOf(&both, "maximum", base.Maximum, theirs.Maximum, mine.Maximum),
		Step:      mergeOf(&both, "step", base.Step, theirs.Step, mine.Step),
		MinLength: mergeOf(&both, "minLength", base.MinLength, theirs.MinLength, mine.MinLength),
		MaxLength: mergeOf(&both, "maxLength", base.MaxLength, theirs.MaxLength, mine.MaxLength),
		Pattern:   mergeOf(&both, "pattern", base.Pattern, theirs.Pattern, mine.Pattern),
		Upper:     mergeOf(&both, "upper", base.Upper, theirs.Upper, mine.Upper),
		Options:   mergeBy(&both, "options", base.Options, theirs.Options, mine.Options, sameOptions),
		Default:   mergeBy(&both, "default", base.Default, theirs.Default, mine.Default, sameValue),
		Optional:  mergeOf(&both, "optional", base.Optional, theirs.Optional, mine.Optional),
		Change:    mergeOf(&both, "change", base.Change, theirs.Change, mine.Change),
		Hidden:    mergeOf(&both, "hidden", base.Hidden, theirs.Hidden, mine.Hidden),
		Label:     mergeOf(&both, "label", base.Label, theirs.Label, mine.Label),
		Help:      mergeOf(&both, "help", base.Help, theirs.Help, mine.Help),
		Reason:    mergeOf(&both, "reason", base.Reason, theirs.Reason, mine.Reason),
	}
	merged.Labels = mergeTexts(&both, "labels", base.Labels, theirs.Labels, mine.Labels)
	merged.Helps = mergeTexts(&both, "helps", base.Helps, theirs.Helps, mine.Helps)
	merged.Reasons = mergeTexts(&both, "reasons", base.Reasons, theirs.Reasons, mine.Reasons)
	return merged, both
}

// mergeBy merges one thing that a rule says.
func mergeBy[T any](both *[]string, limit string, base, theirs, mine T, same func(a, b T) bool) T {
	if same(base, mine) {
		return theirs
	}
	if !same(base, theirs) && !same(theirs, mine) {
		*both = append(*both, limit)
	}
	return mine
}

func mergeOf[T comparable](both *[]string, limit string, base, theirs, mine T) T {
	return mergeBy(both, limit, base, theirs, mine, func(a, b T) bool { return a == b })
}

// mergeTexts merges each language by itself.
func mergeTexts(both *[]string, limit string, base, theirs, mine Texts) Texts {
	merged := Texts{}
	for _, language := range languagesOf(base, theirs, mine) {
		if text := mergeOf(both, limit+"."+language, base[language], theirs[language], mine[language]); text != "" {
			merged[language] = text
		}
	}
	if len(merged) == 0 {
		return nil
	}
	return merged
}

// languagesOf are the languages of texts, in order.
func languagesOf(texts ...Texts) []string {
	all := map[string]bool{}
	for _, t := range texts {
		for language := range t {
			all[language] = true
		}
	}
	return slices.Sorted(maps.Keys(all))
}

func sameValue[T comparable](a, b *T) bool {
	return a == b || a != nil && b != nil && *a == *b
}

func sameOptions(a, b []Option) bool {
	return slices.EqualFunc(a, b, func(a, b Option) bool {
		return a.Value == b.Value && a.Label == b.Label && maps.Equal(a.Labels, b.Labels)
	})
}
