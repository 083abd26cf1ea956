package portal

import (
	"context"
	"net/url"
)

// plainField is a field of the catalog's forms that has no rule: a name, a code, a description.
func plainField(ctx context.Context, form url.Values, name, label string, longest int) field {
	return field{
		Control: controlText, Name: name, Label: T(ctx, label), Value: form.Get(name), Length: longest,
		Wrong: T(ctx, "field.wrongLength", "Max", longest),
	}
}

// markFields writes into the fields what is wrong with them, and returns the lines of the summary.
func markFields(fields []field, found problems) []problem {
	var all []problem
	for i := range fields {
		if text := found.byField[fields[i].Name]; text != "" {
			fields[i].Error = text
			all = append(all, problem{fields[i].ID(), fields[i].Label, text})
		}
	}
	for _, text := range found.rest {
		all = append(all, problem{Text: text})
	}
	return all
}

// names are the names of fields.
func names(fields []field) []string {
	all := make([]string, len(fields))
	for i, f := range fields {
		all[i] = f.Name
	}
	return all
}
