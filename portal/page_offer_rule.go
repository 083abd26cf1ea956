package portal

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"kontor/internal/licensing"
)

// ruleForm is one parameter in the offer's editor: what stands in its fields, and what is wrong with them.
type ruleForm struct {
	Parameter licensing.Parameter
	Tried     tried
	form      url.Values
	errors    map[string]string // by the field's name
	Preview   string            // the address that answers while one edits
}

// tried is what a text's rule says of the text that is tried out.
type tried struct {
	Taken   string // in its canonical form
	Refused string // the sentence that says why not
}

// optionRow is one value of a selection as it is edited.
type optionRow struct {
	Key    string // stays the same while rows move
	Value  string
	Labels []string // in the order of contentLanguages
}

// Name is how a row is called: by its label, or its value.
func (o optionRow) Name() string {
	if o.Labels[0] != "" {
		return o.Labels[0]
	}
	return o.Value
}

// Name is the name of a field of the rule.
func (r ruleForm) Name(parts ...string) string { return ruleName(r.Parameter.Name, parts...) }

// ID is the id of a field of the rule.
func (r ruleForm) ID(parts ...string) string { return "f-" + r.Name(parts...) }

// ErrorID is the id of the place where it stands what is wrong with a field.
func (r ruleForm) ErrorID(parts ...string) string { return "e-" + r.Name(parts...) }

// TryID is the id of the answer to what is tried out.
func (r ruleForm) TryID() string { return "t-" + r.Parameter.Name }

// SectionID is the id of the parameter's section.
func (r ruleForm) SectionID() string { return "p-" + r.Parameter.Name }

// Value is what stands in a field.
func (r ruleForm) Value(parts ...string) string { return r.form.Get(r.Name(parts...)) }

// Error is what is wrong with a field.
func (r ruleForm) Error(parts ...string) string { return r.errors[r.Name(parts...)] }

// Fixed reports whether the value is fixed, as it stands in the form.
func (r ruleForm) Fixed() bool { return r.Value(partMode) == modeFixed }

// invalid marks a field in which something is wrong.
func (r ruleForm) invalid(parts ...string) templ.Attributes {
	if r.Error(parts...) == "" {
		return nil
	}
	return templ.Attributes{"aria-invalid": "true"}
}

// Rows are the values of a selection as they stand in the form.
func (r ruleForm) Rows() []optionRow {
	var rows []optionRow
	for i, key := range r.form[r.Name(partRow)] {
		row := optionRow{Key: key, Value: nth(r.form[r.Name(partValue)], i)}
		for _, language := range contentLanguages {
			row.Labels = append(row.Labels, nth(r.form[r.Name(partOption, language)], i))
		}
		rows = append(rows, row)
	}
	return rows
}

// Options are the values that can be fixed: those offered.
func (r ruleForm) Options() []licensing.Option { return readOptions(r.form, r.Parameter, nil) }

func (r ruleForm) offers(value string) bool {
	return slices.ContainsFunc(r.Options(), func(o licensing.Option) bool { return o.Value == value })
}

// hasDefault reports whether a value is proposed, so that one can also propose none.
func (r ruleForm) hasDefault() bool { return r.Value(partDefault) != "" }

// wordsOpen reports whether what is under the disclosure has to be seen: something in it is set, or wrong.
func (r ruleForm) wordsOpen() bool {
	if r.Value(partHidden) != "" || r.Error(partHidden) != "" {
		return true
	}
	for _, language := range contentLanguages {
		if r.Value(partLabel, language) != "" || r.Value(partHelp, language) != "" || r.Error(partLabel, language) != "" || r.Error(partHelp, language) != "" {
			return true
		}
	}
	return false
}

// changesOf are what may happen to a value of a type after creation. Only numbers and days can rise.
func changesOf(parameterType string) []licensing.Change {
	if parameterType == "number" || parameterType == "date" {
		return []licensing.Change{licensing.ChangeNothing, licensing.ChangeUp, licensing.ChangeAny}
	}
	return []licensing.Change{licensing.ChangeNothing, licensing.ChangeAny}
}

// changeKey names a change in the language files.
func changeKey(c licensing.Change) string {
	if c == licensing.ChangeNothing {
		return "nothing"
	}
	return string(c)
}

// typeAndEffect is "number, sets the quantity".
func typeAndEffect(ctx context.Context, p licensing.Parameter) string {
	return T(ctx, "type."+p.Type) + ", " + T(ctx, "sets."+string(p.Sets))
}

// unitLabel is a label with the parameter's unit: "Minimum, in GB".
func unitLabel(ctx context.Context, key string, p licensing.Parameter) string {
	if p.Unit == "" {
		return T(ctx, key)
	}
	return T(ctx, "offer.withUnit", "Label", T(ctx, key), "Unit", p.Unit)
}

// defaultWidth is how wide the field for the proposed value is.
func defaultWidth(parameterType string) string {
	if parameterType == "number" {
		return "k-w-s"
	}
	return "k-w-m"
}

// optionName is a value as it stands in a list.
func optionName(o licensing.Option) string {
	if o.Label != "" {
		return o.Label
	}
	return o.Value
}

// rowButton lets a button of a selection's rows change them in place; without scripts it sends the form.
func rowButton(ctx context.Context, r ruleForm, id string) templ.Attributes {
	return templ.Attributes{
		"id": "do-" + r.Parameter.Name + "-" + id, "formnovalidate": true,
		"hx-post": r.Preview, "hx-target": "#" + strings.ReplaceAll(r.SectionID(), ".", `\.`) + "-options", "hx-swap": "outerHTML",
	}
}

// NotOffered are the values that the product knows and that are not among the rows.
func (r ruleForm) NotOffered(ctx context.Context) string {
	var others []string
	for _, o := range r.Parameter.Options {
		if !r.offers(o.Value) {
			others = append(others, o.LabelIn(languageOf(ctx)))
		}
	}
	return both(ctx, others)
}

// Checked are the fields in which something can be wrong, so that what is wrong can be told while one edits.
func (r ruleForm) Checked() [][]string {
	parts := [][]string{{partFixed}, {partReason, englishTag}, {partChange}, {partHidden}}
	switch r.Parameter.Type {
	case "number":
		parts = append(parts, []string{partMinimum}, []string{partMaximum}, []string{partStep}, []string{partDefault})
	case "date":
		parts = append(parts, []string{partMinimum}, []string{partMaximum}, []string{partDefault})
	case "text":
		parts = append(parts, []string{partShortest}, []string{partLongest}, []string{partPattern}, []string{partDefault})
	case "selection":
		parts = append(parts, []string{"options"})
	default:
		parts = append(parts, []string{partDefault})
	}
	for _, language := range contentLanguages {
		parts = append(parts, []string{partLabel, language}, []string{partHelp, language})
	}
	return parts
}
