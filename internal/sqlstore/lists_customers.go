package sqlstore

import (
	"context"
	"database/sql"

	"kontor/internal/licensing"
)

func (t *tx) customerListing(ctx context.Context, s licensing.Sight, f licensing.CustomerFilter) (*listing, error) {
	l := &listing{table: "customer_list", words: "customer_word", key: "by_customer", desc: f.Reverse, page: page{f.After, f.Before, f.Limit}}
	if f.Sort == licensing.CustomersByCreated {
		l.key, l.desc = "created_day", !f.Reverse
	}
	if unheard(f.Query, f.Below) {
		l.nothing = true
		return l, nil
	}
	var err error
	l.within, err = t.groupsOf(ctx, s, f.Below)
	l.query(f.Query, nil)
	return l, err
}

func (t *tx) CustomerRows(ctx context.Context, s licensing.Sight, f licensing.CustomerFilter) ([]licensing.CustomerRow, error) {
	l, err := t.customerListing(ctx, s, f)
	if err != nil {
		return nil, err
	}
	page, err := t.run(ctx, l)
	if err != nil || len(page) == 0 {
		return nil, err
	}
	return t.customers(ctx, s, page)
}

// customers reads what the rows of a page show.
func (t *tx) customers(ctx context.Context, s licensing.Sight, page []found) ([]licensing.CustomerRow, error) {
	all, place := make([]licensing.CustomerRow, len(page)), places(page)
	err := t.each(ctx, `SELECT l.seq, c.id, c.group_id, g.code, g.name, c.particulars, c.created_at
		FROM customer_list l JOIN customer c ON c.id = l.id JOIN org_group g ON g.id = c.group_id
		WHERE l.seq IN (`+placeholders(len(page))+`)`, seqs(page), func(rows *sql.Rows) (err error) {
		var seq int64
		var r licensing.CustomerRow
		var particulars string
		if err := rows.Scan(&seq, &r.ID, &r.Group, &r.GroupCode, &r.GroupName, &particulars, &r.CreatedAt); err != nil {
			return err
		}
		i := place[seq]
		r.CreatedAt, r.Cursor = utc(r.CreatedAt), page[i].cursor()
		r.Customer, err = fromJSON[licensing.Customer](particulars)
		all[i] = r
		return err
	})
	if err != nil {
		return nil, err
	}
	within, err := t.groupsOf(ctx, s, "")
	if err != nil {
		return nil, err
	}
	if err := t.relist(ctx); err != nil {
		return nil, err
	}
	byID := map[string]int{}
	ids := make([]any, len(all))
	for i, r := range all {
		byID[string(r.ID)], ids[i] = i, string(r.ID)
	}
	if err := t.countOf(ctx, "license_list l", " AND l.state <> '"+stateDeleted+"'", within, ids, func(id string, n int) { all[byID[id]].Licenses = n }); err != nil {
		return nil, err
	}
	return all, t.countOf(ctx, "order_list l", "", within, ids, func(id string, n int) { all[byID[id]].Orders = n })
}

// countOf counts the rows of a list by customer, within groups.
func (t *tx) countOf(ctx context.Context, table, and string, w within, ids []any, set func(id string, n int)) error {
	p := part{"SELECT l.customer_id, COUNT(*) FROM " + table + " WHERE l.customer_id IN (" + marks(len(ids)) + ")" + and, ids}
	if !w.all {
		p.add(" AND ")
		p.append(w.in("l.group_id || ''"))
	}
	p.add(" GROUP BY l.customer_id")
	return t.each(ctx, p.text(), p.args, func(rows *sql.Rows) error {
		var id string
		var n int
		if err := rows.Scan(&id, &n); err != nil {
			return err
		}
		set(id, n)
		return nil
	})
}

func (t *tx) CountCustomers(ctx context.Context, s licensing.Sight, f licensing.CustomerFilter, most int) (licensing.Count, error) {
	l, err := t.customerListing(ctx, s, f)
	if err != nil {
		return licensing.Count{}, err
	}
	return t.count(ctx, l, most)
}

func (t *tx) CustomerByID(ctx context.Context, s licensing.Sight, id licensing.CustomerID) (licensing.CustomerRow, error) {
	if unheard(string(id)) {
		return licensing.CustomerRow{}, licensing.ErrNone
	}
	l, err := t.customerListing(ctx, s, licensing.CustomerFilter{Limit: 1})
	if err != nil {
		return licensing.CustomerRow{}, err
	}
	l.find("l.id = ?", string(id))
	l.check("l.id || '' = ?", string(id))
	page, err := t.run(ctx, l)
	if err != nil {
		_, err = one(0, err)
		return licensing.CustomerRow{}, err
	}
	if len(page) == 0 {
		return licensing.CustomerRow{}, licensing.ErrNone
	}
	all, err := t.customers(ctx, s, page)
	if err != nil {
		return licensing.CustomerRow{}, err
	}
	return all[0], nil
}
