package sqlstore

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"strings"

	"kontor/internal/licensing"
	"kontor/internal/sqlstore/db"
)

func (t *tx) InsertCategory(ctx context.Context, c licensing.Category) error {
	return t.q.InsertCategory(ctx, db.InsertCategoryParams{ID: string(c.ID), Code: c.Code, Name: c.Name, Description: c.Description})
}

func (t *tx) UpdateCategory(ctx context.Context, c licensing.Category) error {
	return changed(t.q.UpdateCategory(ctx, db.UpdateCategoryParams{ID: string(c.ID), Name: c.Name, Description: c.Description, Version: c.Version}))
}

func (t *tx) DeleteCategory(ctx context.Context, c licensing.Category) error {
	for _, remove := range []func(context.Context, string) error{t.q.DeleteOfferVersionsOf, t.q.DeleteOffersOf, t.q.DeleteDataFieldsOf} {
		if err := remove(ctx, string(c.ID)); err != nil {
			return err
		}
	}
	return changed(t.q.DeleteCategory(ctx, db.DeleteCategoryParams{ID: string(c.ID), Version: c.Version}))
}

func (t *tx) PlaceCategory(ctx context.Context, c, before licensing.CategoryID) error {
	rows, err := t.q.Categories(ctx)
	if err != nil {
		return err
	}
	at := positionOf(rows, func(r db.Category) (string, int64) { return r.ID, r.Position }, string(before))
	if at != nil {
		if err := t.q.ShiftCategories(ctx, *at); err != nil {
			return err
		}
	}
	return t.q.PlaceCategory(ctx, db.PlaceCategoryParams{ID: string(c), Position: at})
}

// positionOf finds where something stands; nil when it is not there.
func positionOf[R any](rows []R, of func(R) (id string, position int64), id string) *int64 {
	for _, r := range rows {
		if is, position := of(r); is == id {
			return &position
		}
	}
	return nil
}

func (t *tx) Categories(ctx context.Context) ([]licensing.Category, error) {
	rows, err := t.q.Categories(ctx)
	all := make([]licensing.Category, len(rows))
	for i, r := range rows {
		all[i] = category(r)
	}
	return all, err
}

func category(r db.Category) licensing.Category {
	return licensing.Category{ID: licensing.CategoryID(r.ID), Code: r.Code, Name: r.Name, Description: r.Description, Version: r.Version}
}

func (t *tx) CategoryByCode(ctx context.Context, code string) (licensing.Category, error) {
	row, err := one(t.q.CategoryByCode(ctx, code))
	return category(row), err
}

func (t *tx) CategoriesNamed(ctx context.Context, m licensing.MembershipID) ([]licensing.Category, error) {
	policy, err := t.PolicyLines(ctx, m)
	if err != nil {
		return nil, err
	}
	const kind, who, named = 0, 1, 2 // of a line
	codes := map[string]bool{}
	for _, l := range policy.Lines {
		if l[kind] != "p" || len(l) <= named || l[who] == "" {
			continue
		}
		if l[named] == licensing.Any {
			return t.Categories(ctx)
		}
		codes[categoryCode(l[named])] = true
	}
	rows, err := t.categoriesCoded(ctx, slices.Collect(maps.Keys(codes)))
	if err != nil {
		return nil, err
	}
	slices.SortFunc(rows, func(a, b db.Category) int {
		return cmp.Or(cmp.Compare(a.Position, b.Position), cmp.Compare(a.ID, b.ID))
	})
	all := make([]licensing.Category, len(rows))
	for i, r := range rows {
		all[i] = category(r)
	}
	return all, nil
}

func (t *tx) OfferCounts(ctx context.Context) (map[licensing.CategoryID]int, error) {
	rows, err := t.q.OfferCounts(ctx)
	counts := make(map[licensing.CategoryID]int, len(rows))
	for _, r := range rows {
		counts[licensing.CategoryID(r.CategoryID)] = int(r.Offers)
	}
	return counts, err
}

func (t *tx) CategoryUse(ctx context.Context, c licensing.Category) (licensing.CategoryUse, error) {
	row, err := t.q.CategoryUse(ctx, db.CategoryUseParams{Subject: categorySubject(c.Code), ID: string(c.ID)})
	return licensing.CategoryUse{Grants: int(row.Grants), Lines: int(row.Lines), Offers: int(row.Offers)}, err
}

func (t *tx) LiveLicenses(ctx context.Context, c licensing.CategoryID, p licensing.ProductID) (int, error) {
	n, err := t.q.CountLiveLicenses(ctx, db.CountLiveLicensesParams{CategoryID: string(c), ProductID: string(p), Now: &t.now.Business})
	return int(n), err
}

func (t *tx) InsertDataField(ctx context.Context, c licensing.CategoryID, f licensing.DataField) error {
	return t.q.InsertDataField(ctx, db.InsertDataFieldParams{
		ID: cmp.Or(f.ID, licensing.NewID()), Name: f.Name, CategoryID: string(c), Type: f.Type, Label: f.Label, Labels: textsJSON(f.Labels),
		Help: f.Help, Helps: textsJSON(f.Helps), Rule: toJSON(f.Rule), Hidden: f.Hidden,
	})
}

func (t *tx) UpdateDataField(ctx context.Context, f licensing.DataField) error {
	return changed(t.q.UpdateDataField(ctx, db.UpdateDataFieldParams{
		Label: f.Label, Labels: textsJSON(f.Labels), Help: f.Help, Helps: textsJSON(f.Helps), Rule: toJSON(f.Rule), Hidden: f.Hidden, ID: f.ID, Version: f.Version,
	}))
}

func (t *tx) DeleteDataField(ctx context.Context, f licensing.DataField) error {
	return changed(t.q.DeleteDataField(ctx, db.DeleteDataFieldParams{ID: f.ID, Version: f.Version}))
}

func (t *tx) PlaceDataField(ctx context.Context, id, before string) error {
	rows, err := t.q.DataFields(ctx)
	if err != nil {
		return err
	}
	at := positionOf(rows, func(r db.DataField) (string, int64) { return r.ID, r.Position }, before)
	if at != nil {
		if err := t.q.ShiftDataFields(ctx, *at); err != nil {
			return err
		}
	}
	return t.q.PlaceDataField(ctx, db.PlaceDataFieldParams{ID: id, Position: at})
}

func (t *tx) DataFields(ctx context.Context) ([]licensing.DataField, error) {
	rows, err := t.q.DataFields(ctx)
	if err != nil {
		return nil, err
	}
	all := make([]licensing.DataField, len(rows))
	for i, r := range rows {
		if all[i], err = dataField(r); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func dataField(r db.DataField) (f licensing.DataField, err error) {
	f = licensing.DataField{
		ID: r.ID, Category: licensing.CategoryID(r.CategoryID), Name: r.Name, Type: r.Type, Label: r.Label, Help: r.Help, Hidden: r.Hidden, Version: r.Version,
	}
	if f.Rule, err = fromJSON[licensing.Rule](r.Rule); err != nil {
		return f, err
	}
	if f.Labels, err = fromJSON[licensing.Texts](r.Labels); err != nil {
		return f, err
	}
	f.Helps, err = fromJSON[licensing.Texts](r.Helps)
	return f, err
}

// dataFields returns those of a category and those for all. A category's own stands in the place of one for all of the
// same name.
func dataFields(rows []db.DataField, category string) ([]licensing.DataField, error) {
	own := map[string]bool{}
	for _, r := range rows {
		if r.CategoryID != "" && r.CategoryID == category {
			own[r.Name] = true
		}
	}
	var all []licensing.DataField
	for _, r := range rows {
		if r.CategoryID != category && (r.CategoryID != "" || own[r.Name]) {
			continue
		}
		f, err := dataField(r)
		if err != nil {
			return nil, err
		}
		all = append(all, f)
	}
	return all, nil
}

// textsJSON encodes texts; none are ”.
func textsJSON(t licensing.Texts) string {
	if len(t) == 0 {
		return ""
	}
	return toJSON(t)
}

// refoldProducts fills what products are searched and sorted by, for rows that were written before there was such a
// column. Processes that start at once may do so together.
func (s *Store) refoldProducts(ctx context.Context) error {
	for {
		rows, err := s.read.UnfoldedProducts(ctx)
		if err != nil || len(rows) == 0 {
			return s.engine.translate(err)
		}
		err = s.run(ctx, s.writer, s.write, nil, func(t licensing.Tx) error {
			q := t.(*tx).q
			for _, r := range rows {
				if err := q.FoldProduct(ctx, db.FoldProductParams{NameKey: productKey(r.Name, r.Code), Search: productSearch(r.Name, r.Code), ID: r.ID}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil && !errors.Is(err, licensing.ErrRace) {
			return err
		}
	}
}

// productKey is what products are sorted by; it is not empty.
func productKey(name, code string) string { return cmp.Or(licensing.Fold(name), name, code, " ") }

// productSearch is what a product is found by, folded.
func productSearch(name, code string) string {
	return strings.Join([]string{licensing.Fold(name), licensing.Fold(code)}, "\n")
}
