package portal_test

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"kontor/internal/catalog"
	"kontor/internal/licensing"
	"kontor/internal/ordering"
)

// ManagedOffer implements portal.CatalogEditing.
func (s *shelf) ManagedOffer(_ context.Context, a licensing.Actor, category, product string) (catalog.ManagedOffer, error) {
	if err := s.isv(a); err != nil {
		return catalog.ManagedOffer{}, err
	}
	i := s.offerAt(category, product)
	if i < 0 {
		return catalog.ManagedOffer{}, errNone
	}
	m := catalog.ManagedOffer{Offer: s.w.offers[i], Licenses: s.licensesBy(category, product), Last: s.versions[s.w.offers[i].ID][0]}
	m.Rules = maps.Clone(m.Rules)
	for _, o := range s.w.offers {
		if o.Product.Code == product && o.Category.Code != category {
			m.Others = append(m.Others, o.Category)
		}
	}
	return m, nil
}

// checkRules returns the rules that hold together, and what is wrong with the others.
func checkRules(o licensing.Offer, rules map[string]licensing.Rule) (map[string]licensing.Rule, licensing.Problems) {
	good, wrong := maps.Clone(o.Rules), licensing.Problems(nil)
	for _, p := range o.Product.Parameters {
		var err error
		if kind, ok := licensing.ParameterTypes[p.Type]; ok {
			err = kind.CheckRule(rules[p.Name])
		}
		if err == nil {
			good[p.Name] = rules[p.Name]
			continue
		}
		e := *licensing.AsError(err)
		e.Field = p.Name + "." + e.Field
		wrong.Add(&e)
	}
	return good, wrong
}

// checkNarrowing returns the narrowing where it holds together, else that of the offer, with what is wrong.
func checkNarrowing(o licensing.Offer, n *licensing.Narrowing, wrong *licensing.Problems) licensing.Narrowing {
	if n == nil {
		return o.Narrowing
	}
	if err := n.Check(o.Product.Plan); err != nil {
		var all licensing.Problems
		all.Add(err)
		for _, e := range all {
			wrong.Add(licensing.InvalidRequest("plan."+e.Field, "%s", e.Message))
		}
		return o.Narrowing
	}
	return n.InUse()
}

// SaveOffer implements portal.CatalogEditing.
func (s *shelf) SaveOffer(ctx context.Context, a licensing.Actor, _ string, in catalog.SaveOffer) (licensing.Offer, bool, error) {
	m, err := s.ManagedOffer(ctx, a, in.Category, in.Product)
	if err != nil {
		return licensing.Offer{}, false, err
	}
	o := &s.w.offers[s.offerAt(in.Category, in.Product)]
	if in.Version != o.Version {
		stale := &catalog.Stale{By: s.versions[o.ID][0].By, At: s.versions[o.ID][0].At, Current: m.Offer}
		for _, v := range s.versions[o.ID] {
			if v.Version == in.Version {
				stale.Changes = licensing.OfferChanges(v.Offer, m.Offer)
			}
		}
		conflict := licensing.ConflictError("%s has saved this offer meanwhile.", stale.By)
		conflict.Err = stale
		return licensing.Offer{}, false, conflict
	}
	good, wrong := checkRules(m.Offer, in.Rules)
	narrowing := checkNarrowing(m.Offer, in.Narrowing, &wrong)
	if wrong != nil {
		return licensing.Offer{}, false, wrong
	}
	o.Rules, o.Narrowing, o.Version = good, narrowing, o.Version+1
	s.remember(*o, a.UserName)
	return *o, false, nil
}

// PreviewOffer implements portal.CatalogEditing.
func (s *shelf) PreviewOffer(ctx context.Context, a licensing.Actor, in catalog.SaveOffer, day licensing.Day) (catalog.OfferPreview, error) {
	m, err := s.ManagedOffer(ctx, a, in.Category, in.Product)
	if err != nil {
		return catalog.OfferPreview{}, err
	}
	if day.IsZero() {
		day = s.w.now.Today()
	}
	out := catalog.OfferPreview{Offer: m.Offer, Day: day}
	out.Offer.Rules, out.Problems = checkRules(m.Offer, in.Rules)
	out.Offer.Narrowing = checkNarrowing(m.Offer, in.Narrowing, &out.Problems)
	typed := m.Offer
	typed.Rules = in.Rules
	if in.Narrowing != nil {
		typed.Narrowing = in.Narrowing.InUse()
	}
	out.Changes = licensing.OfferChanges(m.Offer, typed)
	return out, nil
}

// OfferVersions implements portal.CatalogEditing.
func (s *shelf) OfferVersions(_ context.Context, a licensing.Actor, category, product string) ([]licensing.OfferVersion, error) {
	if err := s.isv(a); err != nil {
		return nil, err
	}
	i := s.offerAt(category, product)
	if i < 0 {
		return nil, errNone
	}
	return s.versions[s.w.offers[i].ID], nil
}

// ManagedProducts implements portal.CatalogEditing.
func (s *shelf) ManagedProducts(_ context.Context, a licensing.Actor, f catalog.ProductFilter) (catalog.ProductPage, error) {
	if err := s.isv(a); err != nil {
		return catalog.ProductPage{}, err
	}
	var page catalog.ProductPage
	for _, p := range s.products {
		offered := func(category string) bool { return s.offerAt(category, p.Code) >= 0 }
		if !contains(f.Query, p.Name, p.Code) || f.Kind != "" && p.Kind != f.Kind || f.Category != "" && !offered(f.Category) || f.NotIn != "" && offered(f.NotIn) {
			continue
		}
		row := catalog.ProductRow{Product: p}
		for _, c := range s.categories {
			if offered(c.Code) {
				row.Categories++
			}
		}
		page.Products = append(page.Products, row)
	}
	slices.SortStableFunc(page.Products, func(x, y catalog.ProductRow) int {
		if f.Sort == "code" {
			return strings.Compare(x.Code, y.Code)
		}
		return strings.Compare(x.Name, y.Name)
	})
	page.Total = len(page.Products)
	page.Products, page.Next = cut(page.Products, f.After, f.Limit)
	return page, nil
}

// ManagedProduct implements portal.CatalogEditing.
func (s *shelf) ManagedProduct(_ context.Context, a licensing.Actor, code string) (catalog.ManagedProduct, error) {
	p := s.product(code)
	if err := s.isv(a); err != nil {
		return catalog.ManagedProduct{}, err
	} else if p == nil {
		return catalog.ManagedProduct{}, errNone
	}
	m := catalog.ManagedProduct{Product: *p}
	for _, c := range s.categories {
		if s.offerAt(c.Code, code) >= 0 {
			m.Categories = append(m.Categories, c)
		}
	}
	return m, nil
}

// CreateProduct implements portal.CatalogEditing.
func (s *shelf) CreateProduct(_ context.Context, a licensing.Actor, _ string, in catalog.EditProduct) (licensing.Product, bool, error) {
	if err := s.isv(a); err != nil {
		return licensing.Product{}, false, err
	}
	if in.Code == "" || s.product(in.Code) != nil {
		return licensing.Product{}, false, licensing.InvalidRequest("code", "Enter a product id that no other product has.")
	}
	p := licensing.Product{ID: licensing.ProductID(in.Code), Code: in.Code, Name: in.Name, Subtitle: in.Subtitle, Kind: in.Kind, Plan: in.Plan, Version: 1}
	if in.Plan != nil {
		if _, err := p.Check(); err != nil {
			return licensing.Product{}, false, err
		}
	}
	s.products = append(s.products, p)
	return p, false, nil
}

// EditProduct implements portal.CatalogEditing.
func (s *shelf) EditProduct(_ context.Context, a licensing.Actor, _ string, in catalog.EditProduct) (licensing.Product, bool, error) {
	p := s.product(in.Code)
	if err := s.isv(a); err != nil {
		return licensing.Product{}, false, err
	} else if p == nil {
		return licensing.Product{}, false, errNone
	}
	if in.Version != p.Version {
		return licensing.Product{}, false, licensing.ConflictError("Iris Voss has changed this product meanwhile.")
	}
	var wrong licensing.Problems
	for i, one := range in.Parameters {
		if one.Label == "" {
			wrong.Add(licensing.InvalidRequest("parameters."+strconv.Itoa(i)+".label", "Enter 1 to 100 characters."))
		}
	}
	if wrong != nil {
		return licensing.Product{}, false, wrong
	}
	p.Name, p.Subtitle, p.Plan, p.Parameters, p.Features, p.Version = in.Name, in.Subtitle, in.Plan, in.Parameters, in.Features, p.Version+1
	return *p, false, nil
}

// ManagedDataFields implements portal.CatalogEditing.
func (s *shelf) ManagedDataFields(_ context.Context, a licensing.Actor, category string) ([]catalog.ManagedDataField, error) {
	if err := s.isv(a); err != nil {
		return nil, err
	}
	var all []catalog.ManagedDataField
	for _, f := range s.dataFields {
		m := catalog.ManagedDataField{DataField: f}
		for _, c := range s.categories {
			if c.ID == f.Category {
				m.CategoryCode, m.CategoryName = c.Code, c.Name
			}
		}
		if category == "" || m.CategoryCode == "" || m.CategoryCode == category {
			all = append(all, m)
		}
	}
	return all, nil
}

// CreateDataField implements portal.CatalogEditing.
func (s *shelf) CreateDataField(_ context.Context, a licensing.Actor, _ string, in catalog.EditDataField) (licensing.DataField, bool, error) {
	return s.putDataField(a, in, len(s.dataFields))
}

// EditDataField implements portal.CatalogEditing.
func (s *shelf) EditDataField(_ context.Context, a licensing.Actor, _ string, in catalog.EditDataField) (licensing.DataField, bool, error) {
	i := slices.IndexFunc(s.dataFields, func(f licensing.DataField) bool { return f.ID == in.ID })
	if err := s.isv(a); err != nil {
		return licensing.DataField{}, false, err
	} else if i < 0 {
		return licensing.DataField{}, false, errNone
	} else if s.dataFields[i].Version != in.Version {
		return licensing.DataField{}, false, licensing.ConflictError("Iris Voss has changed this data field meanwhile.")
	}
	return s.putDataField(a, in, i)
}

func (s *shelf) putDataField(a licensing.Actor, in catalog.EditDataField, i int) (licensing.DataField, bool, error) {
	if err := s.isv(a); err != nil {
		return licensing.DataField{}, false, err
	}
	var wrong licensing.Problems
	if in.Label == "" {
		wrong.Add(licensing.InvalidRequest("label", "Enter 1 to 100 characters."))
	}
	if in.Name == "" {
		wrong.Add(licensing.InvalidRequest("name", "Enter a letter, and then up to 39 letters and digits."))
	}
	if kind, ok := licensing.ParameterTypes[in.Type]; ok {
		wrong.Add(kind.CheckRule(in.Rule))
	}
	if wrong != nil {
		return licensing.DataField{}, false, wrong
	}
	f := licensing.DataField{ID: in.ID, Name: in.Name, Type: in.Type, Label: in.Label, Labels: in.Labels, Help: in.Help, Helps: in.Helps, Rule: in.Rule, Hidden: in.Hidden, Version: in.Version + 1}
	if c := s.category(in.Category); c != nil {
		f.Category = c.ID
	}
	if i == len(s.dataFields) {
		f.ID = "d" + strconv.Itoa(i+1)
		s.dataFields = append(s.dataFields, f)
	}
	s.dataFields[i] = f
	return f, false, nil
}

// MoveDataField implements portal.CatalogEditing.
func (s *shelf) MoveDataField(_ context.Context, a licensing.Actor, _ string, in catalog.Place) (catalog.Done, bool, error) {
	if err := s.isv(a); err != nil {
		return catalog.Done{}, false, err
	}
	if !slices.ContainsFunc(s.dataFields, func(f licensing.DataField) bool { return f.ID == in.Code }) {
		return catalog.Done{}, false, errNone
	}
	s.dataFields = move(s.dataFields, func(f licensing.DataField) string { return f.ID }, in)
	return catalog.Done{}, false, nil
}

// DeleteDataField implements portal.CatalogEditing.
func (s *shelf) DeleteDataField(_ context.Context, a licensing.Actor, _ string, in catalog.DeleteDataField) (catalog.Done, bool, error) {
	if err := s.isv(a); err != nil {
		return catalog.Done{}, false, err
	}
	before := len(s.dataFields)
	if s.dataFields = slices.DeleteFunc(s.dataFields, func(f licensing.DataField) bool { return f.ID == in.ID }); len(s.dataFields) == before {
		return catalog.Done{}, false, errNone
	}
	return catalog.Done{}, false, nil
}

// seen tells what has changed of an offer since the version that a form was filled in by.
func (s *shelf) seen(in ordering.CreateLicense, today licensing.Day) error {
	i := s.offerAt(in.Category, in.Product)
	if i < 0 || in.OfferVersion == 0 {
		return nil
	}
	for _, v := range s.versions[s.w.offers[i].ID] {
		if v.Version == in.OfferVersion {
			return licensing.OfferChanged(v.Offer, s.w.offers[i], today).OrNil()
		}
	}
	return nil
}

// save lets somebody else save an offer's rules.
func (s *shelf) save(t *testing.T, category, product string, rules map[string]licensing.Rule, by string) {
	t.Helper()
	o := &s.w.offers[s.offerAt(category, product)]
	o.Rules, o.Version = rules, o.Version+1
	s.remember(*o, by)
}
