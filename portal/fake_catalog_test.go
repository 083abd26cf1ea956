package portal_test

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"

	"kontor/internal/catalog"
	"kontor/internal/licensing"
)

// shelf stands in for the use cases that edit the catalog: on the world's offers, with the real pure rules.
type shelf struct {
	w          *world
	categories []licensing.Category
	products   []licensing.Product
	versions   map[licensing.OfferID][]licensing.OfferVersion // newest first
	closed     map[licensing.OfferID]licensing.Offer
	dataFields []licensing.DataField
	sales      int // how many offers were opened
}

func newShelf(w *world) *shelf {
	s := &shelf{w: w, versions: map[licensing.OfferID][]licensing.OfferVersion{}, closed: map[licensing.OfferID]licensing.Offer{}}
	s.categories = []licensing.Category{
		{ID: "c1", Code: "partner", Name: "Partner", Description: "Resellers and their customers", Version: 1},
		{ID: "c2", Code: "internal", Name: "Internal", Description: "Aurora’s own people and tests", Version: 1},
	}
	for i := range w.offers {
		w.offers[i].Version, w.offers[i].Product.Version = 1, 1
		s.remember(w.offers[i], "Iris Voss")
		s.products = append(s.products, w.offers[i].Product)
	}
	return s
}

// isv refuses everybody but ISV admins.
func (s *shelf) isv(a licensing.Actor) error {
	if !a.GroupIsISV || a.Role != licensing.RoleAdmin {
		return licensing.DeniedError("", "Only admins of the ISV edit the catalog.")
	}
	return nil
}

func (s *shelf) remember(o licensing.Offer, by string) {
	o.Rules = maps.Clone(o.Rules)
	s.versions[o.ID] = append([]licensing.OfferVersion{{Version: o.Version, Offer: o, At: s.w.now.Business, By: by}}, s.versions[o.ID]...)
}

func (s *shelf) category(code string) *licensing.Category {
	for i := range s.categories {
		if s.categories[i].Code == code {
			return &s.categories[i]
		}
	}
	return nil
}

func (s *shelf) product(code string) *licensing.Product {
	for i := range s.products {
		if s.products[i].Code == code {
			return &s.products[i]
		}
	}
	return nil
}

func (s *shelf) offerAt(category, product string) int {
	return slices.IndexFunc(s.w.offers, func(o licensing.Offer) bool { return o.Category.Code == category && o.Product.Code == product })
}

func (s *shelf) licensesBy(category, product string) (n int) {
	for _, o := range s.w.orders {
		for _, l := range o.Licenses {
			if l.CategoryCode == category && (product == "" || l.ProductCode == product) {
				n++
			}
		}
	}
	return n
}

var errNone = licensing.NotFoundError("", "There is no such thing in the catalog.")

// ManagedCategories implements portal.CatalogEditing.
func (s *shelf) ManagedCategories(_ context.Context, a licensing.Actor, f catalog.CategoryFilter) (catalog.CategoryPage, error) {
	if err := s.isv(a); err != nil {
		return catalog.CategoryPage{}, err
	}
	var page catalog.CategoryPage
	for _, c := range s.categories {
		if contains(f.Query, c.Name, c.Code) {
			row := catalog.CategoryRow{Category: c}
			for _, o := range s.w.offers {
				if o.Category.Code == c.Code {
					row.Offers++
				}
			}
			page.Categories = append(page.Categories, row)
		}
	}
	slices.SortStableFunc(page.Categories, func(x, y catalog.CategoryRow) int {
		switch f.Sort {
		case "name":
			return strings.Compare(x.Name, y.Name)
		case "code":
			return strings.Compare(x.Code, y.Code)
		case "offers":
			return y.Offers - x.Offers
		default:
			return 0
		}
	})
	page.Total = len(page.Categories)
	page.Categories, page.Next = cut(page.Categories, f.After, f.Limit)
	return page, nil
}

// cut is one page of a list; its cursor is a position.
func cut[T any](all []T, after string, limit int) ([]T, string) {
	if limit == 0 {
		limit = 50
	}
	from, _ := strconv.Atoi(after)
	to := min(from+limit, len(all))
	if to == len(all) {
		return all[from:to], ""
	}
	return all[from:to], strconv.Itoa(to)
}

// ManagedCategory implements portal.CatalogEditing.
func (s *shelf) ManagedCategory(_ context.Context, a licensing.Actor, code string) (catalog.ManagedCategory, error) {
	c := s.category(code)
	if err := s.isv(a); err != nil {
		return catalog.ManagedCategory{}, err
	} else if c == nil {
		return catalog.ManagedCategory{}, errNone
	}
	m := catalog.ManagedCategory{Category: *c, Grants: 2, Licenses: s.licensesBy(code, "")}
	if code != "partner" && code != "internal" {
		m.Grants = 0
	}
	row := func(o licensing.Offer) catalog.OfferRow {
		return catalog.OfferRow{Product: o.Product, Version: o.Version, Licenses: s.licensesBy(code, o.Product.Code)}
	}
	for _, o := range s.w.offers {
		if o.Category.Code == code {
			m.Offers = append(m.Offers, row(o))
		}
	}
	for _, o := range s.closed {
		if o.Category.Code == code {
			m.Closed = append(m.Closed, row(o))
		}
	}
	return m, nil
}

// CreateCategory implements portal.CatalogEditing.
func (s *shelf) CreateCategory(_ context.Context, a licensing.Actor, _ string, in catalog.EditCategory) (licensing.Category, bool, error) {
	var wrong licensing.Problems
	switch {
	case s.isv(a) != nil:
		return licensing.Category{}, false, s.isv(a)
	case in.Code == "":
		wrong.Add(licensing.InvalidRequest("code", "Enter 1 to 40 letters, digits and dashes."))
	case s.category(in.Code) != nil:
		wrong.Add(licensing.InvalidRequest("code", "There is a category with this code already."))
	}
	if in.Name == "" {
		wrong.Add(licensing.InvalidRequest("name", "Enter 1 to 100 characters."))
	}
	if wrong != nil {
		return licensing.Category{}, false, wrong
	}
	c := licensing.Category{ID: licensing.CategoryID("c-" + in.Code), Code: in.Code, Name: in.Name, Description: in.Description, Version: 1}
	s.categories = append(s.categories, c)
	return c, false, nil
}

// EditCategory implements portal.CatalogEditing.
func (s *shelf) EditCategory(_ context.Context, a licensing.Actor, _ string, in catalog.EditCategory) (licensing.Category, bool, error) {
	c := s.category(in.Code)
	switch {
	case s.isv(a) != nil:
		return licensing.Category{}, false, s.isv(a)
	case c == nil:
		return licensing.Category{}, false, errNone
	case in.Version != c.Version:
		return licensing.Category{}, false, licensing.ConflictError("Iris Voss has changed this category meanwhile: the name is now %s.", c.Name)
	case in.Name == "":
		return licensing.Category{}, false, licensing.InvalidRequest("name", "Enter 1 to 100 characters.")
	}
	c.Name, c.Description, c.Version = in.Name, in.Description, c.Version+1
	return *c, false, nil
}

// MoveCategory implements portal.CatalogEditing.
func (s *shelf) MoveCategory(_ context.Context, a licensing.Actor, _ string, in catalog.Place) (catalog.Done, bool, error) {
	if err := s.isv(a); err != nil {
		return catalog.Done{}, false, err
	} else if s.category(in.Code) == nil {
		return catalog.Done{}, false, errNone
	}
	s.categories = move(s.categories, func(c licensing.Category) string { return c.Code }, in)
	return catalog.Done{}, false, nil
}

// move puts an element before another, or at the end.
func move[T any](all []T, key func(T) string, in catalog.Place) []T {
	at := func(k string) int { return slices.IndexFunc(all, func(e T) bool { return key(e) == k }) }
	here := at(in.Code)
	if here < 0 {
		return all
	}
	one := all[here]
	all = slices.Delete(all, here, here+1)
	to := at(in.Before)
	if to < 0 {
		to = len(all)
	}
	return slices.Insert(all, to, one)
}

// DeleteCategory implements portal.CatalogEditing.
func (s *shelf) DeleteCategory(ctx context.Context, a licensing.Actor, _ string, in catalog.DeleteCategory) (catalog.Done, bool, error) {
	m, err := s.ManagedCategory(ctx, a, in.Code)
	if err == nil && m.Grants+m.Licenses > 0 {
		err = licensing.ConflictError("%s is named by %d grants and %d licenses. Only a category that nothing names can be deleted.", m.Name, m.Grants, m.Licenses)
	}
	if err != nil {
		return catalog.Done{}, false, err
	}
	s.categories = slices.DeleteFunc(s.categories, func(c licensing.Category) bool { return c.Code == in.Code })
	return catalog.Done{}, false, nil
}

// MoveOffer implements portal.CatalogEditing.
func (s *shelf) MoveOffer(_ context.Context, a licensing.Actor, _ string, in catalog.Place) (catalog.Done, bool, error) {
	if err := s.isv(a); err != nil {
		return catalog.Done{}, false, err
	} else if s.offerAt(in.Category, in.Code) < 0 {
		return catalog.Done{}, false, errNone
	}
	s.w.offers = move(s.w.offers, func(o licensing.Offer) string {
		if o.Category.Code != in.Category {
			return ""
		}
		return o.Product.Code
	}, in)
	return catalog.Done{}, false, nil
}

// PreviewSort implements portal.CatalogEditing.
func (s *shelf) PreviewSort(_ context.Context, a licensing.Actor, in catalog.SortProducts) (catalog.Sorted, error) {
	var out catalog.Sorted
	if err := s.isv(a); err != nil {
		return out, err
	}
	if len(in.Products) == 0 {
		return out, licensing.InvalidRequest("products", "Choose at least one product.")
	}
	for _, p := range in.Products {
		for _, c := range in.In {
			if s.offerAt(c, p) < 0 {
				out.Opened++
			} else {
				out.Same++
			}
		}
		for _, c := range in.Out {
			if s.offerAt(c, p) < 0 {
				out.Same++
			} else {
				out.Closed++
				out.Licenses += s.licensesBy(c, p)
			}
		}
	}
	return out, nil
}

// SortProducts implements portal.CatalogEditing.
func (s *shelf) SortProducts(ctx context.Context, a licensing.Actor, _ string, in catalog.SortProducts) (catalog.Sorted, bool, error) {
	out, err := s.PreviewSort(ctx, a, in)
	if err != nil {
		return out, false, err
	}
	for _, p := range in.Products {
		for _, c := range in.In {
			if s.offerAt(c, p) >= 0 {
				continue
			}
			s.sales++
			o := licensing.Offer{ID: licensing.OfferID("new" + strconv.Itoa(s.sales)), Category: *s.category(c), Product: *s.product(p), Rules: map[string]licensing.Rule{}, Version: 1}
			if i := s.offerAt(in.RulesFrom, p); i >= 0 {
				o.Rules = maps.Clone(s.w.offers[i].Rules)
			}
			s.w.offers = append(s.w.offers, o)
			s.remember(o, a.UserName)
		}
		for _, c := range in.Out {
			if i := s.offerAt(c, p); i >= 0 {
				s.closed[s.w.offers[i].ID] = s.w.offers[i]
				s.w.offers = slices.Delete(s.w.offers, i, i+1)
			}
		}
	}
	return out, false, nil
}
