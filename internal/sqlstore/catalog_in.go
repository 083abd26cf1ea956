package sqlstore

import (
	"cmp"
	"context"
	"database/sql"
	"slices"

	"kontor/internal/licensing"
	"kontor/internal/sqlstore/db"
)

// manyNamed is how many ids or codes one statement names.
const manyNamed = 500

// eachIn runs a query once for as many names as a statement takes. The query ends in "IN (", or goes on after it.
func (t *tx) eachIn(ctx context.Context, names []string, before, after string, fn func(*sql.Rows) error) error {
	for page := range slices.Chunk(names, manyNamed) {
		args := make([]any, len(page))
		for i, name := range page {
			args[i] = name
		}
		if err := t.each(ctx, before+"("+placeholders(len(page))+")"+after, args, fn); err != nil {
			return err
		}
	}
	return nil
}

func categoryIDs(all []licensing.CategoryID) []string {
	ids := make([]string, len(all))
	for i, id := range all {
		ids[i] = string(id)
	}
	return ids
}

func (t *tx) OffersIn(ctx context.Context, in []licensing.CategoryID) ([]licensing.Offer, error) {
	ids := categoryIDs(in)
	var views []db.OfferView
	err := t.eachIn(ctx, ids, `SELECT id, rules, narrowing, position, version, closed, category_id, category_code, category_name, description, category_version,
		category_position, product_id, code, name, subtitle, kind, file_form, parameters, features, product_version, plan, price_minor, price_currency, sale
		FROM offer_view WHERE NOT closed AND sale = '' AND category_id IN `, "", func(rows *sql.Rows) error {
		var r db.OfferView
		err := rows.Scan(&r.ID, &r.Rules, &r.Narrowing, &r.Position, &r.Version, &r.Closed, &r.CategoryID, &r.CategoryCode, &r.CategoryName, &r.Description, &r.CategoryVersion,
			&r.CategoryPosition, &r.ProductID, &r.Code, &r.Name, &r.Subtitle, &r.Kind, &r.FileForm, &r.Parameters, &r.Features, &r.ProductVersion, &r.Plan,
			&r.PriceMinor, &r.PriceCurrency, &r.Sale)
		views = append(views, r)
		return err
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(views, func(a, b db.OfferView) int {
		return cmp.Or(cmp.Compare(a.CategoryPosition, b.CategoryPosition), cmp.Compare(a.CategoryID, b.CategoryID), cmp.Compare(a.Position, b.Position), cmp.Compare(a.ID, b.ID))
	})
	fields, err := t.fieldsIn(ctx, ids)
	if err != nil {
		return nil, err
	}
	return t.offers(views, fields)
}

// fieldsIn are the data fields of categories, and those for all, by position.
func (t *tx) fieldsIn(ctx context.Context, categories []string) (fields []db.DataField, err error) {
	err = t.eachIn(ctx, append([]string{""}, categories...), `SELECT id, name, category_id, type, label, labels, help, helps, rule, hidden, position, version
		FROM data_field WHERE category_id IN `, "", func(rows *sql.Rows) error {
		var r db.DataField
		err := rows.Scan(&r.ID, &r.Name, &r.CategoryID, &r.Type, &r.Label, &r.Labels, &r.Help, &r.Helps, &r.Rule, &r.Hidden, &r.Position, &r.Version)
		fields = append(fields, r)
		return err
	})
	slices.SortFunc(fields, func(a, b db.DataField) int {
		return cmp.Or(cmp.Compare(a.Position, b.Position), cmp.Compare(a.ID, b.ID))
	})
	return fields, err
}

func (t *tx) ProductNames(ctx context.Context, in []licensing.CategoryID) (all []licensing.ProductName, err error) {
	keys, seen := map[string]string{}, map[string]bool{}
	err = t.eachIn(ctx, categoryIDs(in), `SELECT p.code, p.name, p.name_key FROM product p WHERE p.id IN
		(SELECT o.product_id FROM offer o WHERE NOT o.closed AND o.category_id IN `, ")", func(rows *sql.Rows) error {
		var p licensing.ProductName
		var key string
		err := rows.Scan(&p.Code, &p.Name, &key)
		if err == nil && !seen[p.Code] {
			seen[p.Code], keys[p.Code] = true, key
			all = append(all, p)
		}
		return err
	})
	slices.SortFunc(all, func(a, b licensing.ProductName) int {
		return cmp.Or(cmp.Compare(keys[a.Code], keys[b.Code]), cmp.Compare(a.Code, b.Code))
	})
	return all, err
}

func (t *tx) FieldNames(ctx context.Context, in []licensing.CategoryID, hidden bool) (all []licensing.FieldName, err error) {
	type field struct {
		licensing.FieldName
		category, id string
		hidden       bool
		position     int64
	}
	var fields []field
	own := map[string]int{} // in how many of the categories a name is their own
	err = t.eachIn(ctx, append([]string{""}, categoryIDs(in)...), `SELECT id, name, category_id, label, hidden, position FROM data_field WHERE category_id IN `, "", func(rows *sql.Rows) error {
		var f field
		err := rows.Scan(&f.id, &f.Name, &f.category, &f.Label, &f.hidden, &f.position)
		if f.category != "" {
			own[f.Name]++
		}
		fields = append(fields, f)
		return err
	})
	slices.SortFunc(fields, func(a, b field) int { return cmp.Or(cmp.Compare(a.position, b.position), cmp.Compare(a.id, b.id)) })
	seen := map[string]bool{}
	for _, f := range fields {
		if f.hidden && !hidden || seen[f.Name] || f.category == "" && own[f.Name] >= len(in) {
			continue
		}
		seen[f.Name] = true
		all = append(all, f.FieldName)
	}
	return all, err
}

func (t *tx) categoriesCoded(ctx context.Context, codes []string) (rows []db.Category, err error) {
	err = t.eachIn(ctx, codes, `SELECT id, code, name, description, position, version FROM category WHERE code IN `, "", func(found *sql.Rows) error {
		var r db.Category
		err := found.Scan(&r.ID, &r.Code, &r.Name, &r.Description, &r.Position, &r.Version)
		rows = append(rows, r)
		return err
	})
	return rows, err
}

func (t *tx) CountOffers(ctx context.Context, category string) (int, error) {
	n, err := t.q.CountOpenOffers(ctx, category)
	return int(n), err
}
