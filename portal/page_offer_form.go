package portal

import (
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"kontor/internal/licensing"
)

// rulePrefix begins the names of the editor's fields: "rule.seats.minimum".
const rulePrefix = "rule."

// What a rule's form is made of, by the ends of its fields' names. A limit of a date is three fields: a number, its
// unit, and a day for the unit "on a day". The rows of a selection are fields that repeat, in the order of the rows.
const (
	partMode     = "mode" // modeFixed or modeFlexible
	partFixed    = "fixed"
	partReason   = "reason" // and, after a point, the language
	partRequired = "required"
	partHidden   = "hidden"
	partDefault  = "default" // of a selection: the key of the row
	partChange   = "change"
	partMinimum  = "minimum"
	partMaximum  = "maximum"
	partStep     = "step"
	partShortest = "minLength"
	partLongest  = "maxLength"
	partPattern  = "pattern"
	partUpper    = "upper"
	partTry      = "try"   // a text to try the pattern on; it is not kept
	partLabel    = "label" // and, after a point, the language
	partHelp     = "help"
	partRow      = "row" // the keys of the rows of a selection
	partValue    = "value"
	partOption   = "option" // the labels of the rows; and, after a point, the language
	partNumber   = "n"
	partUnit     = "unit"
	partDay      = "day"
)

// The modes of a rule.
const (
	modeFixed    = "fixed"
	modeFlexible = "flexible"
)

// unitOnDay is the unit of a limit that is a day of the calendar.
const unitOnDay = "on"

// englishTag is the language in which every text stands; others are read by who has them.
const englishTag = "en"

// contentLanguages are the languages in which texts can be entered; the first is English.
var contentLanguages = []string{englishTag, "de"}

// ruleName is the name of a field of a parameter's rule.
func ruleName(parameter string, parts ...string) string {
	return rulePrefix + parameter + "." + strings.Join(parts, ".")
}

// writeRule puts a rule into the fields of its form.
func writeRule(form url.Values, p licensing.Parameter, r licensing.Rule) {
	set := func(value string, parts ...string) { form.Set(ruleName(p.Name, parts...), value) }
	set(modeFlexible, partMode)
	if r.Fixed != nil {
		set(modeFixed, partMode)
		set(*r.Fixed, partFixed)
	}
	for part, on := range map[string]bool{partRequired: !r.Optional, partHidden: r.Hidden, partUpper: r.Upper} {
		if on {
			set("1", part)
		}
	}
	set(string(r.Change), partChange)
	set(r.Step, partStep)
	set(r.Pattern, partPattern)
	set(count(r.MinLength), partShortest)
	set(count(r.MaxLength), partLongest)
	for _, language := range contentLanguages {
		set(textIn(r.Label, r.Labels, language), partLabel, language)
		set(textIn(r.Help, r.Helps, language), partHelp, language)
		set(textIn(r.Reason, r.Reasons, language), partReason, language)
	}
	if p.Type == "date" {
		writeDateLimit(set, partMinimum, r.Minimum)
		writeDateLimit(set, partMaximum, r.Maximum)
	} else {
		set(r.Minimum, partMinimum)
		set(r.Maximum, partMaximum)
	}
	writeOptions(form, p, r)
	if r.Default != nil && p.Type != "selection" {
		set(*r.Default, partDefault)
	}
}

// writeOptions puts a selection's values into rows that repeat.
func writeOptions(form url.Values, p licensing.Parameter, r licensing.Rule) {
	for i, o := range r.Options {
		key := "k" + strconv.Itoa(i)
		form.Add(ruleName(p.Name, partRow), key)
		form.Add(ruleName(p.Name, partValue), o.Value)
		for _, language := range contentLanguages {
			form.Add(ruleName(p.Name, partOption, language), textIn(o.Label, o.Labels, language))
		}
		if r.Default != nil && *r.Default == o.Value {
			form.Set(ruleName(p.Name, partDefault), key)
		}
	}
}

// textIn is a text as it stands in the field of a language: empty where it has none of its own.
func textIn(in string, others licensing.Texts, language string) string {
	if language == englishTag {
		return in
	}
	return others[language]
}

func writeDateLimit(set func(value string, parts ...string), part, limit string) {
	switch {
	case limit == "":
		set("d", part, partUnit)
	case limit == "today":
		set("0", part, partNumber)
		set("d", part, partUnit)
	case strings.ContainsAny(limit[:1], "+-"):
		set(strings.TrimPrefix(limit[:len(limit)-1], "+"), part, partNumber)
		set(limit[len(limit)-1:], part, partUnit)
	default:
		set(limit, part, partDay)
		set(unitOnDay, part, partUnit)
	}
}

// readRule reads what stands in a parameter's fields. It checks nothing but that lengths are numbers: what stands in
// a field is passed on as it was typed. saved is the rule as it was: texts in languages that have no field stay.
func readRule(form url.Values, p licensing.Parameter, saved licensing.Rule) licensing.Rule {
	get := func(parts ...string) string { return strings.TrimSpace(form.Get(ruleName(p.Name, parts...))) }
	r := licensing.Rule{Options: readOptions(form, p, saved.Options)}
	r.Label, r.Labels = get(partLabel, englishTag), readTexts(get, partLabel, saved.Labels)
	r.Help, r.Helps = get(partHelp, englishTag), readTexts(get, partHelp, saved.Helps)
	r.Reason, r.Reasons = get(partReason, englishTag), readTexts(get, partReason, saved.Reasons)
	r.Hidden = get(partHidden) != ""
	if p.Type == "text" {
		r.Pattern, r.Upper = get(partPattern), get(partUpper) != ""
		r.MinLength, r.MaxLength = length(get(partShortest)), length(get(partLongest))
	}
	switch p.Type {
	case "number":
		r.Minimum, r.Maximum, r.Step = get(partMinimum), get(partMaximum), get(partStep)
	case "date":
		r.Minimum, r.Maximum = readDateLimit(get, partMinimum), readDateLimit(get, partMaximum)
	}
	if get(partMode) == modeFixed {
		r.Fixed = new(get(partFixed))
		return r
	}
	r.Optional, r.Change = get(partRequired) == "", licensing.Change(get(partChange))
	if standard := get(partDefault); p.Type == "selection" {
		for i, key := range form[ruleName(p.Name, partRow)] {
			if key == standard && i < len(r.Options) {
				r.Default = new(r.Options[i].Value)
			}
		}
	} else if standard != "" {
		r.Default = &standard
	}
	return r
}

// readOptions reads the rows of a selection.
func readOptions(form url.Values, p licensing.Parameter, saved []licensing.Option) []licensing.Option {
	values := form[ruleName(p.Name, partValue)]
	options := make([]licensing.Option, 0, len(values))
	for i, value := range values {
		get := func(parts ...string) string {
			return strings.TrimSpace(nth(form[ruleName(p.Name, parts...)], i))
		}
		o := licensing.Option{Value: strings.TrimSpace(value), Label: get(partOption, englishTag)}
		var before licensing.Texts
		for _, s := range saved {
			if s.Value == o.Value {
				before = s.Labels
			}
		}
		o.Labels = readTexts(get, partOption, before)
		options = append(options, o)
	}
	return options
}

// readTexts reads a text in the languages other than English that have fields; in others it stays as it was.
func readTexts(get func(parts ...string) string, part string, saved licensing.Texts) licensing.Texts {
	texts := licensing.Texts{}
	maps.Copy(texts, saved)
	for _, language := range contentLanguages[1:] {
		if text := get(part, language); text != "" {
			texts[language] = text
		} else {
			delete(texts, language)
		}
	}
	if len(texts) == 0 {
		return nil
	}
	return texts
}

func readDateLimit(get func(parts ...string) string, part string) string {
	n, unit := get(part, partNumber), get(part, partUnit)
	switch {
	case unit == unitOnDay:
		return get(part, partDay)
	case n == "":
		return ""
	case strings.ContainsAny(n[:1], "+-"):
		return n + unit
	default:
		return "+" + n + unit
	}
}

// count is a length as it stands in its field: empty where there is no limit.
func count(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// length reads a length. What is no number becomes one that every rule refuses, with the sentence that says what is
// allowed.
func length(s string) int {
	if s == "" {
		return 0
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		return -1
	}
	return n
}

// nth is the element at i, or nothing.
func nth(all []string, i int) string {
	if i >= len(all) {
		return ""
	}
	return all[i]
}

// rowChange is what a button of a selection's rows asks for: "up:edition:k1".
type rowChange struct {
	Do        string // up, down, remove, add
	Parameter string
	Row       string
}

func readRowChange(s string) rowChange {
	parts := strings.SplitN(s, ":", 3)
	for len(parts) < 3 {
		parts = append(parts, "")
	}
	return rowChange{parts[0], parts[1], parts[2]}
}

// apply does it to the form.
func (c rowChange) apply(form url.Values) {
	repeated := []string{ruleName(c.Parameter, partRow), ruleName(c.Parameter, partValue)}
	for _, language := range contentLanguages {
		repeated = append(repeated, ruleName(c.Parameter, partOption, language))
	}
	keys := form[repeated[0]]
	here := slices.Index(keys, c.Row)
	for _, name := range repeated {
		column := slices.Clone(form[name])
		for len(column) < len(keys) {
			column = append(column, "")
		}
		switch {
		case c.Do == "add" && name == repeated[0]:
			column = append(column, newRow(keys))
		case c.Do == "add":
			column = append(column, "")
		case here < 0:
		case c.Do == "remove":
			column = slices.Delete(column, here, here+1)
		case c.Do == "up" && here > 0:
			column[here-1], column[here] = column[here], column[here-1]
		case c.Do == "down" && here+1 < len(column):
			column[here+1], column[here] = column[here], column[here+1]
		}
		form[name] = column
	}
}

// newRow is a key that no row has.
func newRow(keys []string) string {
	most := -1
	for _, key := range keys {
		if n, err := strconv.Atoi(strings.TrimPrefix(key, "k")); err == nil {
			most = max(most, n)
		}
	}
	return "k" + strconv.Itoa(most+1)
}
