package licensing

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// OfferChange is one thing that is different between two versions of an offer.
type OfferChange struct {
	Parameter string // its name; empty: the plan
	Label     string // what it is called, in English
	// Limit is named as in Rule's JSON: "maximum", "options", "label", "labels.de"; "optionLabel" and "optionLabels.de"
	// are what values are called, "added" and "removed" speak of the parameter itself,
	// "plan.longestTerm" of the plan.
	Limit    string
	From, To string // in words: "50", "standard, pro", "+30d", "yes"; empty where there was or is nothing
}

// OfferChanges returns what is different in b against a, in the order of the parameters: what the rules say, and what the
// parameters are called under them; and then in the plan as it is narrowed. The texts of the products themselves are not
// compared.
func OfferChanges(a, b Offer) (changes []OfferChange) {
	before := map[string]Parameter{}
	for _, p := range a.Product.Parameters {
		before[p.Name] = p
	}
	after := map[string]bool{}
	for _, p := range b.Product.Parameters {
		after[p.Name] = true
		label := p.LabelIn(b.RuleOf(p.Name), "")
		was, ok := before[p.Name]
		if !ok || was.Type != p.Type {
			changes = append(changes, OfferChange{Parameter: p.Name, Label: label, Limit: "added"})
			continue
		}
		from, to := limitWords(a.RuleOf(p.Name)), limitWords(b.RuleOf(p.Name))
		for i := range to {
			if from[i].words != to[i].words {
				changes = append(changes, OfferChange{p.Name, label, to[i].limit, from[i].words, to[i].words})
			}
		}
		for _, c := range textChanges(a.RuleOf(p.Name), b.RuleOf(p.Name)) {
			c.Parameter, c.Label = p.Name, label
			changes = append(changes, c)
		}
	}
	for _, p := range a.Product.Parameters {
		if !after[p.Name] {
			changes = append(changes, OfferChange{Parameter: p.Name, Label: p.LabelIn(a.RuleOf(p.Name), ""), Limit: "removed"})
		}
	}
	return append(changes, PlanChanges(a.Plan(), b.Plan())...)
}

// textChanges are the texts that are different in b against a, in each language.
func textChanges(a, b Rule) (changes []OfferChange) {
	add := func(limit, from, to string) {
		if from != to {
			changes = append(changes, OfferChange{Limit: limit, From: from, To: to})
		}
	}
	for _, text := range []struct {
		limit    string
		from, to string
		was, is  Texts
	}{{"label", a.Label, b.Label, a.Labels, b.Labels}, {"help", a.Help, b.Help, a.Helps, b.Helps}, {"reason", a.Reason, b.Reason, a.Reasons, b.Reasons}} {
		add(text.limit, text.from, text.to)
		for _, language := range languagesOf(text.was, text.is) {
			add(text.limit+"s."+language, text.was[language], text.is[language])
		}
	}
	was, is := map[string]Option{}, map[string]Option{}
	var labels []Texts
	for _, o := range a.Options {
		was[o.Value], labels = o, append(labels, o.Labels)
	}
	for _, o := range b.Options {
		is[o.Value], labels = o, append(labels, o.Labels)
	}
	// labelsOf are the labels of the values that both have, where they are not the same.
	labelsOf := func(label func(Option) string) (from, to string) {
		var before, after []string
		for _, o := range b.Options {
			if old, ok := was[o.Value]; ok && label(old) != label(is[o.Value]) {
				before, after = append(before, cmp.Or(label(old), o.Value)), append(after, cmp.Or(label(o), o.Value))
			}
		}
		return strings.Join(before, ", "), strings.Join(after, ", ")
	}
	from, to := labelsOf(func(o Option) string { return o.Label })
	add("optionLabel", from, to)
	for _, language := range languagesOf(labels...) {
		from, to := labelsOf(func(o Option) string { return o.Labels[language] })
		add("optionLabels."+language, from, to)
	}
	return changes
}

// limitWord is one thing that a rule says.
type limitWord struct{ limit, words string }

// limitWords is everything that a rule says but texts, always in the same order.
func limitWords(r Rule) []limitWord {
	value := func(s *string) string {
		if s == nil {
			return ""
		}
		return *s
	}
	length := func(n int) string {
		if n == 0 {
			return ""
		}
		return strconv.Itoa(n)
	}
	yes := func(b bool) string {
		if b {
			return Yes
		}
		return No
	}
	options := make([]string, len(r.Options))
	for i, o := range r.Options {
		options[i] = o.Value
	}
	change := string(r.Change)
	if r.Change == ChangeNothing {
		change = "nothing"
	}
	return []limitWord{
		{"fixed", value(r.Fixed)},
		{"minimum", r.Minimum},
		{"maximum", r.Maximum},
		{"step", r.Step},
		{"minLength", length(r.MinLength)},
		{"maxLength", length(r.MaxLength)},
		{"pattern", r.Pattern},
		{"upper", yes(r.Upper)},
		{"options", strings.Join(options, ", ")},
		{"default", value(r.Default)},
		{"optional", yes(r.Optional)},
		{"change", change},
		{"hidden", yes(r.Hidden)},
	}
}

// changeSentences tell whoever fills in a form what has changed of a limit meanwhile: where there was one and is one,
// where there was none, and where there is none any more. Limits that are not here are of no concern to him.
var changeSentences = map[string]struct{ changed, set, unset string }{
	"fixed":     {"It was fixed at %s, and is at %s now.", "It is fixed at %s now.", "It was fixed at %s, and can be chosen now."},
	"minimum":   {"The minimum was %s, and is %s now.", "The minimum is %s now.", "The minimum was %s, and there is none now."},
	"maximum":   {"The maximum was %s, and is %s now.", "The maximum is %s now.", "The maximum was %s, and there is none now."},
	"step":      {"The step was %s, and is %s now.", "The step is %s now.", "The step was %s, and there is none now."},
	"minLength": {"The shortest length was %s, and is %s now.", "The shortest length is %s now.", "The shortest length was %s, and there is none now."},
	"maxLength": {"The longest length was %s, and is %s now.", "The longest length is %s now.", "The longest length was %s, and there is none now."},
	"pattern":   {"The form was %s, and is %s now.", "The form is %s now.", "The form was %s, and any is right now."},
	"options":   {"The choices were %s, and are %s now.", "The choices are %s now.", "The choices were %s, and there are none now."},
}

// OfferChanged says, to whoever filled in a form for an offer as it was, what has changed: one problem for each
// parameter that he sees (code invalidParameter, field its name), and one for the plan (code invalidRequest, field
// "endDate"). It is nil when nothing concerns him. Days are told as they stand on day.
func OfferChanged(was, is Offer, day Day) Problems {
	var problems Problems
	was.Product.Parameters, is.Product.Parameters = visible(was), visible(is)
	sentences, args := map[string][]string{}, map[string][]any{}
	var order []string
	for _, c := range OfferChanges(was, is) {
		format, words := tellChange(c, day)
		if format == "" {
			continue
		}
		if sentences[c.Parameter] == nil {
			order = append(order, c.Parameter)
			sentences[c.Parameter] = []string{"This changed while you filled it in."}
		}
		sentences[c.Parameter] = append(sentences[c.Parameter], format)
		args[c.Parameter] = append(args[c.Parameter], words...)
	}
	for _, name := range order {
		problems.Add(InvalidParameter(name, strings.Join(sentences[name], " "), args[name]...))
	}
	if slices.ContainsFunc(PlanChanges(was.Plan(), is.Plan()), func(c OfferChange) bool { return !quietInPlan[c.Limit] }) {
		problems.Add(InvalidRequest("endDate", "How its subscription runs changed while you filled this in. Look at its dates once more."))
	}
	return problems
}

// quietInPlan are the changes of a plan that are of no concern to whoever orders.
var quietInPlan = map[string]bool{PlanPrefix + "consumer": true, PlanPrefix + "reminders": true, PlanPrefix + "resellerOnly": true}

// visible are the parameters that a form shows.
func visible(o Offer) (shown []Parameter) {
	for _, p := range o.Product.Parameters {
		if !o.RuleOf(p.Name).Hidden {
			shown = append(shown, p)
		}
	}
	return shown
}

// tellChange is the sentence for a change, before its arguments are put in; empty for one of no concern.
func tellChange(c OfferChange, day Day) (format string, args []any) {
	switch c.Limit {
	case "added":
		return "It is new.", nil
	case "removed":
		return "%s is not asked for any more.", []any{c.Label}
	case "optional":
		if c.To == Yes {
			return "", nil // whoever filled it in did no wrong
		}
		return "It is required now.", nil
	}
	s, ok := changeSentences[c.Limit]
	from, to := any(c.From), any(c.To)
	if c.Limit == "minimum" || c.Limit == "maximum" {
		from, to = dayWord(c.From, day), dayWord(c.To, day)
	}
	switch {
	case !ok:
		return "", nil
	case c.From == "":
		return s.set, []any{to}
	case c.To == "":
		return s.unset, []any{from}
	default:
		return s.changed, []any{from, to}
	}
}

// dayWord is a limit as a person reads it: of a date, the day that it means.
func dayWord(limit string, day Day) any {
	if l, err := readDateLimit("", limit); err == nil && l.set {
		return l.on(day)
	}
	return limit
}
