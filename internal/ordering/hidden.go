package ordering

import (
	"context"
	"errors"
	"slices"
	"strings"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

// veil takes out of what the actor reads the parameters and data fields that are hidden. Members of the ISV's group see
// them, and so do service accounts, which may set them.
type veil struct {
	tx         *usecase.Tx
	all        bool                                 // the actor sees all
	fields     licensing.Hiding                     // nil: none is hidden
	categories map[string]licensing.CategoryID      // by code
	rules      map[string]map[string]licensing.Rule // of offers, by their codes
}

func veilOf(ctx context.Context, tx *usecase.Tx) (*veil, error) {
	v := &veil{tx: tx, all: tx.Actor.GroupIsISV || tx.Actor.Role == licensing.RoleService}
	if v.all {
		return v, nil
	}
	fields, err := tx.DataFields(ctx)
	if err != nil {
		return nil, err
	}
	v.fields = fields
	v.categories, v.rules = map[string]licensing.CategoryID{}, map[string]map[string]licensing.Rule{}
	if !v.fields.Any() {
		v.fields = nil // nothing to ask about, then
		return v, nil
	}
	all, err := tx.Categories(ctx)
	for _, c := range all {
		v.categories[c.Code] = c.ID
	}
	return v, err
}

// shown are the data fields that are hidden in none of some categories.
func (v *veil) shown(values []licensing.Value, categories ...licensing.CategoryID) []licensing.Value {
	if v.all {
		return values
	}
	return v.fields.Shown(values, categories...)
}

// without are the values whose names are not hidden.
func without(values []licensing.Value, hidden func(name string) bool) []licensing.Value {
	if !slices.ContainsFunc(values, func(x licensing.Value) bool { return hidden(x.Name) }) {
		return values
	}
	return slices.DeleteFunc(slices.Clone(values), func(x licensing.Value) bool { return hidden(x.Name) })
}

// rulesOf are the rules by which a license's parameters are hidden or not; none when its offer is there no more.
func (v *veil) rulesOf(ctx context.Context, l licensing.License) (map[string]licensing.Rule, error) {
	key := l.CategoryCode + "/" + l.ProductCode
	if rules, known := v.rules[key]; known {
		return rules, nil
	}
	offer, err := v.tx.OfferOfLicense(ctx, l.CategoryCode, l.ProductCode)
	if err != nil && !errors.Is(err, licensing.ErrNone) {
		return nil, err
	}
	v.rules[key] = offer.Rules
	return offer.Rules, nil
}

// license veils a license.
func (v *veil) license(ctx context.Context, l *licensing.License) error {
	if v.all {
		return nil
	}
	rules, err := v.rulesOf(ctx, *l)
	if err != nil {
		return err
	}
	l.Parameters = without(l.Parameters, func(name string) bool { return rules[name].Hidden })
	l.DataFields = v.shown(l.DataFields, v.categories[l.CategoryCode])
	if l.Subscription != nil && len(l.Subscription.Coming) > 0 {
		sub := *l.Subscription
		sub.Coming = slices.Clone(sub.Coming)
		for i, c := range sub.Coming {
			sub.Coming[i].Values = without(c.Values, func(name string) bool { return rules[name].Hidden })
		}
		l.Subscription = &sub
	}
	return nil
}

// licenses veils licenses.
func (v *veil) licenses(ctx context.Context, all []licensing.License) error {
	for i := range all {
		if err := v.license(ctx, &all[i]); err != nil {
			return err
		}
	}
	return nil
}

// order veils an order and its licenses. What is hidden in the category of one line is hidden.
func (v *veil) order(ctx context.Context, o *licensing.Order) error {
	var categories []licensing.CategoryID
	for _, l := range o.Lines {
		categories = append(categories, l.Category)
	}
	o.DataFields = v.shown(o.DataFields, categories...)
	return v.licenses(ctx, o.Licenses)
}

// history veils what the audit trail says was changed of a license.
func (v *veil) history(ctx context.Context, l licensing.License, entries []licensing.HistoryEntry) error {
	if v.all {
		return nil
	}
	rules, err := v.rulesOf(ctx, l)
	if err != nil {
		return err
	}
	for i, e := range entries {
		if e.Action != "license.modified" {
			continue
		}
		entries[i].Detail = without(e.Detail, func(detail string) bool {
			kind, name, _ := strings.Cut(detail, ".")
			return (kind == "parameter" || kind == "coming") && rules[name].Hidden || kind == "dataField" && v.fields.In(v.categories[l.CategoryCode], name)
		})
	}
	return nil
}

// licenseRows veils a page of the list of licenses.
func (v *veil) licenseRows(rows []licensing.LicenseRow) {
	for i, r := range rows {
		rows[i].DataFields = v.shown(r.DataFields, v.categories[r.CategoryCode])
	}
}

// orderRows veils a page of the list of orders.
func (v *veil) orderRows(rows []licensing.OrderRow) {
	for i, r := range rows {
		rows[i].DataFields = v.shown(r.DataFields, r.Categories...)
	}
}

// hiding are the categories in which one of some data fields is hidden: nobody is to find by its value there.
func (v *veil) hiding(fields []licensing.Value) (in []licensing.CategoryID) {
	for _, c := range v.categories {
		if slices.ContainsFunc(fields, func(f licensing.Value) bool { return v.fields.In(c, f.Name) }) {
			in = append(in, c)
		}
	}
	slices.Sort(in)
	return in
}

// searched are the data fields whose values are found by a word of them: none that is hidden anywhere. nil: all.
func (v *veil) searched() []string {
	if v.fields == nil {
		return nil
	}
	names := []string{}
	for _, f := range v.fields {
		if !slices.ContainsFunc(v.fields, func(o licensing.DataField) bool { return o.Name == f.Name && o.Hidden }) && !slices.Contains(names, f.Name) {
			names = append(names, f.Name)
		}
	}
	return names
}

// column reports whether a list can have a column: one for a data field that is hidden everywhere it cannot.
func (v *veil) column(name string) bool {
	name, isField := strings.CutPrefix(name, FieldColumn)
	if v.all || !isField {
		return true
	}
	named := func(f licensing.DataField) bool { return f.Name == name }
	return !slices.ContainsFunc(v.fields, named) || slices.ContainsFunc(v.fields, func(f licensing.DataField) bool { return named(f) && !f.Hidden })
}
