package sqlstore

import (
	"context"
	"database/sql"

	"kontor/internal/licensing"
)

func (t *tx) orderListing(ctx context.Context, s licensing.Sight, f licensing.OrderFilter) (*listing, error) {
	l := &listing{table: "order_list", words: "order_word", key: "created_day", desc: !f.Reverse, page: page{f.After, f.Before, f.Limit}}
	if f.Sort == licensing.OrdersByCustomer {
		l.key, l.desc = "by_customer", f.Reverse
	}
	if unheard(f.Query, f.Below, f.Product, string(f.Customer)) {
		l.nothing = true
		return l, nil
	}
	var err error
	if l.within, err = t.groupsOf(ctx, s, f.Below); err != nil {
		return nil, err
	}
	l.query(f.Query, f.QueryFields)
	l.fields(f.DataFields)
	l.days("created_day", f.CreatedFrom, f.CreatedTo)
	if n := len(f.Without); n > 0 {
		l.check("NOT EXISTS (SELECT 1 FROM order_line x WHERE x.order_id = l.id AND x.category_id || '' IN ("+marks(n)+"))", anyIDs(f.Without)...)
	}
	if f.Customer != "" {
		l.exactly("customer_id", string(f.Customer))
	}
	if f.Product != "" {
		id, err := one(t.q.ProductIDByCode(ctx, f.Product))
		if err != nil {
			l.nothing = true
			return l, noneIsNothing(err)
		}
		l.sources = append(l.sources, part{"SELECT o.seq FROM order_line x JOIN order_list o ON o.id = x.order_id WHERE x.product_id = ?", []any{id}})
		l.check("EXISTS (SELECT 1 FROM order_line x WHERE x.order_id = l.id AND x.product_id || '' = ?)", id)
	}
	return l, nil
}

func (t *tx) OrderRows(ctx context.Context, s licensing.Sight, f licensing.OrderFilter) ([]licensing.OrderRow, error) {
	l, err := t.orderListing(ctx, s, f)
	if err != nil {
		return nil, err
	}
	page, err := t.run(ctx, l)
	if err != nil || len(page) == 0 {
		return nil, err
	}
	all, place := make([]licensing.OrderRow, len(page)), places(page)
	byID := map[string]int{}
	ids := make([]any, len(page))
	err = t.each(ctx, `SELECT o.seq, o.id, o.group_id, g.code, g.name, o.customer, o.data_fields, o.test, o.created_day, o.created_at
		FROM customer_order o JOIN org_group g ON g.id = o.group_id WHERE o.seq IN (`+placeholders(len(page))+`)`, seqs(page), func(rows *sql.Rows) error {
		var seq int64
		var r licensing.OrderRow
		var customer, fields, created string
		if err := rows.Scan(&seq, &r.ID, &r.Group, &r.GroupCode, &r.GroupName, &customer, &fields, &r.Test, &created, &r.CreatedAt); err != nil {
			return err
		}
		day, err := parseDay(created)
		if err != nil {
			return err
		}
		if r.Customer, err = fromJSON[licensing.Customer](customer); err != nil {
			return err
		}
		if r.DataFields, err = fromJSON[[]licensing.Value](fields); err != nil {
			return err
		}
		i := place[seq]
		r.Number, r.CreatedAt, r.Cursor = licensing.OrderNumber(day, seq), utc(r.CreatedAt), page[i].cursor()
		all[i], ids[i], byID[string(r.ID)] = r, string(r.ID), i
		return nil
	})
	if err != nil {
		return nil, err
	}
	if err := t.fillProducts(ctx, all, byID, ids); err != nil {
		return nil, err
	}
	return all, t.fillDocuments(ctx, all, byID, ids)
}

// fillProducts adds what the orders' lines hold and come to.
func (t *tx) fillProducts(ctx context.Context, all []licensing.OrderRow, byID map[string]int, ids []any) error {
	return t.each(ctx, "SELECT order_id, product_name, category_id, amount_minor, currency FROM order_line WHERE order_id IN ("+placeholders(len(ids))+") ORDER BY order_id, position", ids, func(rows *sql.Rows) error {
		var id, product string
		var category licensing.CategoryID
		var minor *int64
		var currency *string
		if err := rows.Scan(&id, &product, &category, &minor, &currency); err != nil {
			return err
		}
		r := &all[byID[id]]
		r.Products, r.Categories = append(r.Products, product), append(r.Categories, category)
		if minor != nil {
			if r.Amount == nil {
				r.Amount = &licensing.Money{Currency: value(currency)}
			}
			r.Amount.Minor += *minor
		}
		return nil
	})
}

// fillDocuments adds the newest message about each order.
func (t *tx) fillDocuments(ctx context.Context, all []licensing.OrderRow, byID map[string]int, ids []any) error {
	return t.each(ctx, `SELECT order_id, connector, kind, state, document_number, updated_at, next_try, attempts, last_error
		FROM message WHERE order_id IN (`+placeholders(len(ids))+`) ORDER BY order_id, id`, ids, func(rows *sql.Rows) error {
		var id string
		var d licensing.Document
		if err := rows.Scan(&id, &d.Connector, &d.Kind, &d.State, &d.Number, &d.At, &d.NextTry, &d.Attempts, &d.LastError); err != nil {
			return err
		}
		d.At, d.NextTry = utc(d.At), utc(d.NextTry)
		all[byID[id]].Document = &d
		return nil
	})
}

// each runs a query and fn for each of its rows.
func (t *tx) each(ctx context.Context, query string, args []any, fn func(*sql.Rows) error) error {
	rows, err := t.sql.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close() //nolint:errcheck // its error comes by Err
	for rows.Next() {
		if err := fn(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

func (t *tx) CountOrders(ctx context.Context, s licensing.Sight, f licensing.OrderFilter, most int) (licensing.Count, error) {
	l, err := t.orderListing(ctx, s, f)
	if err != nil {
		return licensing.Count{}, err
	}
	return t.count(ctx, l, most)
}
