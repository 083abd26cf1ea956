package ordering

import (
	"cmp"
	"slices"

	"kontor/internal/licensing"
)

// unordered are values by name, as they are compared: other systems send them in whatever order they have them.
func unordered(values []licensing.Value) []licensing.Value {
	values = slices.Clone(values)
	slices.SortStableFunc(values, func(a, b licensing.Value) int { return cmp.Compare(a.Name, b.Name) })
	return values
}

// Content implements usecase.Contented.
func (in CreateLicense) Content() any {
	in.Parameters, in.DataFields = unordered(in.Parameters), unordered(in.DataFields)
	return in
}

// Content implements usecase.Contented. The order of lines is part of it: it is that of the order.
func (in CreateOrder) Content() any {
	in.DataFields, in.Lines = unordered(in.DataFields), slices.Clone(in.Lines)
	for i := range in.Lines {
		l := &in.Lines[i]
		l.Parameters, l.DataFields = unordered(l.Parameters), unordered(l.DataFields)
	}
	return in
}

// Content implements usecase.Contented.
func (in ModifyLicense) Content() any {
	in.Parameters, in.DataFields = unordered(in.Parameters), unordered(in.DataFields)
	return in
}
