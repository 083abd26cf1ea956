package licensing

import "slices"

// Hiding says which data fields are hidden where: pages show them to the ISV's group alone. It holds the fields of every
// category, and those for all.
type Hiding []DataField

// Any reports whether anything is hidden anywhere.
func (h Hiding) Any() bool {
	return slices.ContainsFunc(h, func(f DataField) bool { return f.Hidden })
}

// In reports whether a data field is hidden in a category: its own stands in the place of the one for all.
func (h Hiding) In(c CategoryID, name string) bool {
	hidden := false
	for _, f := range h {
		if f.Name != name {
			continue
		}
		if f.Category == c && c != "" {
			return f.Hidden
		}
		if f.Category == "" {
			hidden = f.Hidden
		}
	}
	return hidden
}

// Shown are the values of data fields that are hidden in none of some categories: those of all lines of an order.
func (h Hiding) Shown(values []Value, categories ...CategoryID) []Value {
	hidden := func(v Value) bool {
		return slices.ContainsFunc(categories, func(c CategoryID) bool { return h.In(c, v.Name) })
	}
	if !slices.ContainsFunc(values, hidden) {
		return values
	}
	return slices.DeleteFunc(slices.Clone(values), hidden)
}
