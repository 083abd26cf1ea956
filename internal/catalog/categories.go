package catalog

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

// The sizes of pages.
const (
	usualPage   = 50
	largestPage = 500
)

func pageSize(limit int) int {
	if limit < 1 {
		return usualPage
	}
	return min(limit, largestPage)
}

// ManagedCategories returns categories with their counts.
func (s *Service) ManagedCategories(ctx context.Context, actor licensing.Actor, f CategoryFilter) (CategoryPage, error) {
	return look(ctx, s, actor, func(ctx context.Context, tx *usecase.Tx) (page CategoryPage, err error) {
		all, err := tx.Categories(ctx)
		if err != nil {
			return page, err
		}
		counts, err := tx.OfferCounts(ctx)
		if err != nil {
			return page, err
		}
		query := licensing.Fold(f.Query)
		for _, c := range all {
			if strings.Contains(licensing.Fold(c.Name), query) || strings.Contains(licensing.Fold(c.Code), query) {
				page.Categories = append(page.Categories, CategoryRow{c, counts[c.ID]})
			}
		}
		page.Total = len(page.Categories)
		sortCategories(page.Categories, f.Sort)
		after := slices.IndexFunc(page.Categories, func(r CategoryRow) bool { return r.Code == f.After }) + 1
		page.Categories = page.Categories[after:]
		if most := pageSize(f.Limit); len(page.Categories) > most {
			page.Categories = page.Categories[:most]
			page.Next = page.Categories[most-1].Code
		}
		return page, nil
	})
}

// sortCategories sorts rows that are in the categories' own order, which stays among what is equal.
func sortCategories(rows []CategoryRow, by string) {
	switch by {
	case "name":
		slices.SortStableFunc(rows, func(a, b CategoryRow) int { return cmp.Compare(licensing.Fold(a.Name), licensing.Fold(b.Name)) })
	case "code":
		slices.SortStableFunc(rows, func(a, b CategoryRow) int { return cmp.Compare(a.Code, b.Code) })
	case "offers":
		slices.SortStableFunc(rows, func(a, b CategoryRow) int { return cmp.Compare(b.Offers, a.Offers) })
	}
}

// ManagedCategory returns one category with its offers.
func (s *Service) ManagedCategory(ctx context.Context, actor licensing.Actor, code string) (ManagedCategory, error) {
	return look(ctx, s, actor, func(ctx context.Context, tx *usecase.Tx) (m ManagedCategory, err error) {
		if m.Category, err = categoryByCode(ctx, tx, code); err != nil {
			return m, err
		}
		rows, err := tx.OfferRows(ctx, m.ID)
		if err != nil {
			return m, err
		}
		for _, r := range rows {
			if r.Closed {
				m.Closed = append(m.Closed, r)
			} else {
				m.Offers = append(m.Offers, r)
			}
		}
		use, err := tx.CategoryUse(ctx, m.Category)
		if err != nil {
			return m, err
		}
		m.Grants = use.Grants
		if m.Licenses, err = tx.LiveLicenses(ctx, m.ID, ""); err != nil {
			return m, err
		}
		m.History, err = tx.History(ctx, string(m.ID))
		return m, err
	})
}

// CreateCategory adds a category at the end.
func (s *Service) CreateCategory(ctx context.Context, actor licensing.Actor, requestID string, in EditCategory) (out licensing.Category, replayed bool, err error) {
	return edit(ctx, s, actor, "CreateCategory", requestID, in, func(ctx context.Context, tx *usecase.Tx, in EditCategory) (licensing.Category, error) {
		c, err := licensing.Category{ID: licensing.CategoryID(licensing.NewID()), Code: in.Code, Name: in.Name, Description: in.Description, Version: 1}.Check()
		if err != nil {
			return c, err
		}
		switch _, err := tx.CategoryByCode(ctx, c.Code); {
		case err == nil:
			return c, licensing.Problems{licensing.InvalidRequest("code", "Another category has this code already.")}
		case !errors.Is(err, licensing.ErrNone):
			return c, err
		}
		if err := tx.InsertCategory(ctx, c); err != nil {
			return c, err
		}
		return c, noteChange(ctx, tx, "category.created", string(c.ID), "", c.Version, []licensing.Value{{Name: "code", Value: c.Code}, {Name: "name", Value: c.Name}})
	})
}

// EditCategory changes name and description. The error of a lost race tells what has changed.
func (s *Service) EditCategory(ctx context.Context, actor licensing.Actor, requestID string, in EditCategory) (out licensing.Category, replayed bool, err error) {
	return edit(ctx, s, actor, "EditCategory", requestID, in, func(ctx context.Context, tx *usecase.Tx, in EditCategory) (licensing.Category, error) {
		was, err := categoryByCode(ctx, tx, in.Code)
		if err != nil {
			return was, err
		}
		if was.Version != in.Version {
			return was, staleWords(ctx, tx, string(was.ID), in.Version)
		}
		c := was
		c.Name, c.Description = in.Name, in.Description
		if c, err = c.Check(); err != nil {
			return was, err
		}
		changes := differences([3]string{"name", was.Name, c.Name}, [3]string{"description", was.Description, c.Description})
		if len(changes) == 0 {
			return was, nil
		}
		if err := tx.UpdateCategory(ctx, c); err != nil {
			return was, err
		}
		c.Version++
		return c, noteChange(ctx, tx, "category.changed", string(c.ID), "", c.Version, changes)
	})
}

// MoveCategory changes the order of the categories.
func (s *Service) MoveCategory(ctx context.Context, actor licensing.Actor, requestID string, in Place) (out Done, replayed bool, err error) {
	return edit(ctx, s, actor, "MoveCategory", requestID, in, func(ctx context.Context, tx *usecase.Tx, in Place) (Done, error) {
		c, err := categoryByCode(ctx, tx, in.Code)
		if err != nil {
			return Done{}, err
		}
		var before licensing.Category
		if in.Before != "" {
			if before, err = categoryByCode(ctx, tx, in.Before); err != nil {
				return Done{}, err
			}
		}
		if err := tx.PlaceCategory(ctx, c.ID, before.ID); err != nil {
			return Done{}, err
		}
		return Done{}, tx.Audit(ctx, "category.moved", string(c.ID), "", licensing.Value{Name: "before", Value: before.Name})
	})
}

// DeleteCategory deletes one that no grant, order or license names.
func (s *Service) DeleteCategory(ctx context.Context, actor licensing.Actor, requestID string, in DeleteCategory) (out Done, replayed bool, err error) {
	return edit(ctx, s, actor, "DeleteCategory", requestID, in, func(ctx context.Context, tx *usecase.Tx, in DeleteCategory) (Done, error) {
		c, err := categoryByCode(ctx, tx, in.Code)
		if err != nil {
			return Done{}, err
		}
		if c.Version != in.Version {
			return Done{}, staleWords(ctx, tx, string(c.ID), in.Version)
		}
		// Grants that are given at the same moment name it, or find it gone.
		if err := tx.LockPolicy(ctx); err != nil {
			return Done{}, err
		}
		use, err := tx.CategoryUse(ctx, c)
		switch {
		case err != nil:
			return Done{}, err
		case use.Lines > 0:
			return Done{}, licensing.ConflictError("Orders name %s, so it stays. Take its products out instead: nothing can be licensed in it then.", c.Name)
		case use.Grants > 0:
			return Done{}, licensing.ConflictError("Grants name %s. Take them back first; there are %d.", c.Name, use.Grants)
		case use.Offers > 0:
			return Done{}, licensing.ConflictError("Products are in %s. Take them out first; there are %d.", c.Name, use.Offers)
		}
		if err := tx.DeleteCategory(ctx, c); err != nil {
			return Done{}, err
		}
		return Done{}, tx.Audit(ctx, "category.deleted", string(c.ID), "", licensing.Value{Name: "code", Value: c.Code}, licensing.Value{Name: "name", Value: c.Name})
	})
}
