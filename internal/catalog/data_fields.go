package catalog

import (
	"context"
	"slices"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

// ManagedDataFields returns the fields of a category (a code) and those for all; of every category when it is empty.
func (s *Service) ManagedDataFields(ctx context.Context, actor licensing.Actor, category string) (out []ManagedDataField, err error) {
	return look(ctx, s, actor, func(ctx context.Context, tx *usecase.Tx) (all []ManagedDataField, err error) {
		categories, err := tx.Categories(ctx)
		if err != nil {
			return nil, err
		}
		byID := map[licensing.CategoryID]licensing.Category{}
		for _, c := range categories {
			byID[c.ID] = c
		}
		if category != "" && !slices.ContainsFunc(categories, func(c licensing.Category) bool { return c.Code == category }) {
			return nil, licensing.NotFoundError("category", "There is no category %q.", category)
		}
		fields, err := tx.DataFields(ctx)
		for _, f := range fields {
			c := byID[f.Category]
			if category == "" || f.Category == "" || c.Code == category {
				all = append(all, ManagedDataField{f, c.Code, c.Name})
			}
		}
		return all, err
	})
}

// CreateDataField adds a field at the end.
func (s *Service) CreateDataField(ctx context.Context, actor licensing.Actor, requestID string, in EditDataField) (out licensing.DataField, replayed bool, err error) {
	return edit(ctx, s, actor, "CreateDataField", requestID, in, func(ctx context.Context, tx *usecase.Tx, in EditDataField) (licensing.DataField, error) {
		var problems licensing.Problems
		f := licensing.DataField{ID: licensing.NewID(), Name: in.Name, Type: in.Type, Version: 1}
		if in.Category != "" {
			c, err := categoryByCode(ctx, tx, in.Category)
			if err := missing(&problems, "category", err); err != nil {
				return f, err
			}
			f.Category = c.ID
		}
		f, err := in.on(f).Check()
		problems.Add(err)
		all, err := tx.DataFields(ctx)
		if err != nil {
			return f, err
		}
		if slices.ContainsFunc(all, func(other licensing.DataField) bool { return other.Category == f.Category && other.Name == f.Name }) {
			problems.Add(licensing.InvalidRequest("name", "Another data field has this name already."))
		}
		if len(problems) > 0 {
			return f, problems
		}
		if err := tx.InsertDataField(ctx, f.Category, f); err != nil {
			return f, err
		}
		return f, noteChange(ctx, tx, "dataField.created", f.ID, string(f.Category), f.Version,
			[]licensing.Value{{Name: "name", Value: f.Name}, {Name: "category", Value: in.Category}})
	})
}

// on puts what can be edited on a field.
func (in EditDataField) on(f licensing.DataField) licensing.DataField {
	f.Label, f.Labels, f.Help, f.Helps, f.Rule, f.Hidden = in.Label, in.Labels, in.Help, in.Helps, in.Rule, in.Hidden
	return f
}

func dataFieldByID(ctx context.Context, tx *usecase.Tx, id string) (licensing.DataField, error) {
	all, err := tx.DataFields(ctx)
	if err != nil {
		return licensing.DataField{}, err
	}
	for _, f := range all {
		if f.ID == id {
			return f, nil
		}
	}
	return licensing.DataField{}, licensing.NotFoundError("dataField", "There is no such data field.")
}

// EditDataField changes a field. Orders that exist stay as they are.
func (s *Service) EditDataField(ctx context.Context, actor licensing.Actor, requestID string, in EditDataField) (out licensing.DataField, replayed bool, err error) {
	return edit(ctx, s, actor, "EditDataField", requestID, in, func(ctx context.Context, tx *usecase.Tx, in EditDataField) (licensing.DataField, error) {
		was, err := dataFieldByID(ctx, tx, in.ID)
		if err != nil {
			return was, err
		}
		if was.Version != in.Version {
			return was, staleWords(ctx, tx, was.ID, in.Version)
		}
		f, err := in.on(was).Check()
		if err != nil {
			return was, err
		}
		if same(f, was) {
			return was, nil
		}
		if err := tx.UpdateDataField(ctx, f); err != nil {
			return was, err
		}
		f.Version++
		return f, noteChange(ctx, tx, "dataField.changed", f.ID, string(f.Category), f.Version, dataFieldChanges(was, f))
	})
}

// dataFieldChanges is what the audit trail keeps of a change: what an offer's would say of a parameter, and the texts.
func dataFieldChanges(was, is licensing.DataField) []licensing.Value {
	as := func(f licensing.DataField) licensing.Offer {
		return licensing.Offer{Product: licensing.Product{Parameters: []licensing.Parameter{f.AsParameter()}}, Rules: map[string]licensing.Rule{f.Name: f.Rule}}
	}
	shown := func(f licensing.DataField) string {
		if f.Hidden {
			return licensing.No
		}
		return licensing.Yes
	}
	changes := differences([3]string{"label", was.Label, is.Label}, [3]string{"help", was.Help, is.Help}, [3]string{"shown", shown(was), shown(is)})
	for _, c := range licensing.OfferChanges(as(was), as(is)) {
		changes = append(changes, licensing.FromTo(c.Limit, c.From, c.To))
	}
	if len(changes) == 0 {
		changes = []licensing.Value{{Name: "texts", Value: "changed"}}
	}
	return changes
}

// MoveDataField changes the order of the fields.
func (s *Service) MoveDataField(ctx context.Context, actor licensing.Actor, requestID string, in Place) (out Done, replayed bool, err error) {
	return edit(ctx, s, actor, "MoveDataField", requestID, in, func(ctx context.Context, tx *usecase.Tx, in Place) (Done, error) {
		f, err := dataFieldByID(ctx, tx, in.Code)
		if err != nil {
			return Done{}, err
		}
		var before licensing.DataField
		if in.Before != "" {
			if before, err = dataFieldByID(ctx, tx, in.Before); err != nil {
				return Done{}, err
			}
		}
		if err := tx.PlaceDataField(ctx, f.ID, before.ID); err != nil {
			return Done{}, err
		}
		return Done{}, tx.Audit(ctx, "dataField.moved", f.ID, string(f.Category), licensing.Value{Name: "before", Value: before.Name})
	})
}

// DeleteDataField deletes a field. Orders that have a value of it keep it.
func (s *Service) DeleteDataField(ctx context.Context, actor licensing.Actor, requestID string, in DeleteDataField) (out Done, replayed bool, err error) {
	return edit(ctx, s, actor, "DeleteDataField", requestID, in, func(ctx context.Context, tx *usecase.Tx, in DeleteDataField) (Done, error) {
		f, err := dataFieldByID(ctx, tx, in.ID)
		if err != nil {
			return Done{}, err
		}
		if f.Version != in.Version {
			return Done{}, staleWords(ctx, tx, f.ID, in.Version)
		}
		if err := tx.DeleteDataField(ctx, f); err != nil {
			return Done{}, err
		}
		return Done{}, tx.Audit(ctx, "dataField.deleted", f.ID, string(f.Category), licensing.Value{Name: "name", Value: f.Name})
	})
}
