package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"kontor/internal/licensing"
)

// RunningSubscriptions walks an index that holds nothing else: of everybody by number, or group after group.
func (t *tx) RunningSubscriptions(ctx context.Context, s licensing.Sight, f licensing.RunningFilter) (p licensing.RunningPage, err error) {
	if unheard(f.Below, f.Category, f.Product, f.After) {
		return p, nil
	}
	if err := t.relist(ctx); err != nil {
		return p, err
	}
	within, err := t.groupsOf(ctx, s, f.Below)
	if err != nil || within.empty() {
		return p, err
	}
	narrowed, err := t.runningChecks(ctx, f)
	if errors.Is(err, licensing.ErrNone) {
		return p, nil
	} else if err != nil {
		return p, err
	}
	at := runningPosition(f.After)
	f.Limit = max(1, f.Limit)
	if within.all || within.many != nil {
		if within.many != nil {
			narrowed.add(" AND ")
			narrowed.append(within.in("l.group_id || ''"))
		}
		p.Rows, err = t.running(ctx, narrowed, at.seq, f.Limit)
		p.Next = nextRunning("", p.Rows, f.Limit)
		return p, err
	}
	slices.Sort(within.ids)
	for _, id := range within.ids {
		if id < at.key {
			continue
		}
		of := part{"l.group_id = ?", []any{id}}
		of.add(" AND ")
		of.append(narrowed)
		after := int64(0)
		if id == at.key {
			after = at.seq
		}
		rows, err := t.running(ctx, of, after, f.Limit-len(p.Rows))
		if err != nil {
			return p, err
		}
		if p.Rows = append(p.Rows, rows...); len(p.Rows) == f.Limit {
			p.Next = nextRunning(id, p.Rows, f.Limit)
			return p, nil
		}
	}
	return p, nil
}

// runningPosition reads where a page ended: the group that was walked, and the number in it. What is none is the beginning.
func runningPosition(after string) (at found) {
	group, number, _ := strings.Cut(after, ".")
	seq, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		return found{}
	}
	return found{seq: seq, key: group}
}

func nextRunning(group string, rows []licensing.Running, limit int) string {
	if len(rows) < limit {
		return ""
	}
	return group + "." + strconv.FormatInt(rows[len(rows)-1].Seq, 10)
}

// runningChecks are the conditions of a filter; ErrNone when it names what does not exist.
func (t *tx) runningChecks(ctx context.Context, f licensing.RunningFilter) (p part, err error) {
	p.add("l.subscription IN ('active', 'cancelled')")
	for _, named := range []struct {
		column, code string
		id           func(context.Context, string) (string, error)
	}{{"category_id", f.Category, t.q.CategoryIDByCode}, {"product_id", f.Product, t.q.ProductIDByCode}} {
		if named.code == "" {
			continue
		}
		id, err := one(named.id(ctx, named.code))
		if err != nil {
			return p, err
		}
		p.add(" AND l."+named.column+" || '' = ?", id)
	}
	return p, nil
}

// running reads those after a number that conditions let through.
func (t *tx) running(ctx context.Context, where part, after int64, limit int) (all []licensing.Running, err error) {
	p := part{sql: `SELECT l.seq, l.id, l.group_id, g.code, g.name, c.code, c.name, p.code, x.product_name, x.ticket, x.quantity, l.state, x.created_at, o.test, l.changed_at,
			x.parameters, p.parameters, p.price_minor, p.price_currency,
			s.id, s.plan, s.state, s.last_number, s.last_start, s.last_end, s.cancel_by, s.unit_minor, s.unit_currency, s.coming, p.unextended, s.early_end
		FROM (SELECT l.seq, l.id, l.group_id, l.category_id, l.product_id, l.state, l.changed_at FROM license_list l WHERE `}
	p.append(where)
	p.add(fmt.Sprintf(` AND l.seq > ? ORDER BY l.seq LIMIT %d) l
		JOIN license x ON x.id = l.id JOIN customer_order o ON o.id = x.order_id JOIN subscription s ON s.license_id = l.id
		JOIN org_group g ON g.id = l.group_id JOIN category c ON c.id = l.category_id JOIN product p ON p.id = l.product_id
		ORDER BY l.seq`, limit), after)
	err = t.each(ctx, p.text(), p.args, func(rows *sql.Rows) error {
		r, err := t.runningRow(rows)
		all = append(all, r)
		return err
	})
	return all, err
}

func (t *tx) runningRow(rows *sql.Rows) (r licensing.Running, err error) {
	l, s := &r.License, licensing.Subscription{}
	var changed *time.Time
	var parameters, definitions, plan, start, end, cancelBy, coming, unextended, early string
	var last licensing.Period
	var price, unit *int64
	var priceCurrency, unitCurrency *string
	err = rows.Scan(&r.Seq, &l.ID, &l.Group, &l.GroupCode, &l.GroupName, &l.CategoryCode, &l.CategoryName, &l.ProductCode, &l.ProductName, &l.Ticket, &l.Quantity, &l.State, &l.CreatedAt, &l.Test, &changed,
		&parameters, &definitions, &price, &priceCurrency,
		&s.ID, &plan, &s.State, &last.Number, &start, &end, &cancelBy, &unit, &unitCurrency, &coming, &unextended, &early)
	if err != nil {
		return r, err
	}
	l.CreatedAt = utc(l.CreatedAt)
	r.ChangedAt = l.CreatedAt
	if changed != nil {
		r.ChangedAt = utc(*changed)
	}
	for _, d := range []struct {
		text string
		day  *licensing.Day
	}{{start, &last.Start}, {end, &last.End}, {cancelBy, &last.CancelBy}} { // a map would lose one where two are the same
		if *d.day, err = parseDay(d.text); err != nil {
			return r, err
		}
	}
	kept, err := t.kept.plans.of(plan)
	if err != nil {
		return r, err
	}
	if kept != nil {
		s.Plan = *kept
	}
	if l.Parameters, err = t.kept.values.of(parameters); err != nil {
		return r, err
	}
	if l.Definitions, err = t.kept.parameters.of(definitions); err != nil {
		return r, err
	}
	if s.Coming, err = t.kept.coming.of(coming); err != nil {
		return r, err
	}
	if s.Unextended, err = t.kept.spans.of(unextended); err != nil {
		return r, err
	}
	if s.Early, err = t.kept.early.of(early); err != nil {
		return r, err
	}
	l.Price, s.Unit = amount(price, priceCurrency), amount(unit, unitCurrency)
	s.License, s.Periods = l.ID, []licensing.Period{last}
	l.Subscription = &s
	return r, nil
}
