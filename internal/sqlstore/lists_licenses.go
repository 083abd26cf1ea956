package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"

	"kontor/internal/licensing"
	"kontor/internal/sqlstore/db"
)

// licenseKeys are the columns of the orders, and whether their natural direction is down.
var licenseKeys = map[licensing.LicenseSort]struct {
	column string
	desc   bool
}{
	licensing.SortCreated: {"created_day", true}, licensing.SortCustomer: {"by_customer", false}, licensing.SortEnds: {"by_ends", false},
	licensing.SortCancelBy: {"by_cancel", false}, licensing.SortProduct: {"by_product", false},
}

func (t *tx) licenseListing(ctx context.Context, s licensing.Sight, f licensing.LicenseFilter) (*listing, error) {
	if err := t.relist(ctx); err != nil {
		return nil, err
	}
	key, ok := licenseKeys[f.Sort]
	if !ok {
		key = licenseKeys[licensing.SortCreated]
	}
	if id := licensing.LicenseID(f.After); f.Sort == licensing.SortCreated && uuid.Validate(f.After) == nil {
		var err error
		if f.After, err = t.cursorOf(ctx, id); err != nil {
			return nil, err
		}
	}
	l := &listing{table: "license_list", words: "license_word", key: key.column, desc: key.desc != f.Reverse, page: page{f.After, f.Before, f.Limit}}
	var err error
	if unheard(f.Query, f.Group, f.Below, f.Product, f.Category, f.Kind, f.CustomerNumber, string(f.Customer)) || slices.ContainsFunc(f.States, func(s licensing.LicenseState) bool { return unheard(string(s)) }) {
		l.nothing = true
		return l, nil
	}
	if l.within, err = t.groupsOf(ctx, s, f.Below); err != nil {
		return nil, err
	}
	l.query(f.Query, f.QueryFields)
	l.fields(f.DataFields)
	if f.ExactFields {
		for _, v := range f.DataFields {
			l.check("REPLACE(l.shown, ?, '') <> l.shown", toJSON(v))
		}
	}
	l.states(f.States, t.now)
	l.days("created_day", f.CreatedFrom, f.CreatedTo)
	l.days("by_ends", f.EndsFrom, f.EndsTo)
	if f.Group != "" {
		if err := l.named(ctx, "group_id", f.Group, t.q.GroupIDByCode); err != nil {
			return nil, err
		}
	}
	if f.CustomerNumber != "" {
		key := matchKey(licensing.Customer{Number: f.CustomerNumber})
		l.sources = append(l.sources, part{"SELECT l.seq FROM customer c JOIN license_list l ON l.customer_id = c.id WHERE c.match_key = ?", []any{key}})
		l.check("EXISTS (SELECT 1 FROM customer c WHERE c.id = l.customer_id AND c.match_key = ?)", key)
	}
	if !f.ChangedSince.IsZero() {
		l.find("l.changed_at >= ?", micro(f.ChangedSince))
		l.check("l.changed_at >= ?", micro(f.ChangedSince))
	}
	if f.Kind != "" {
		l.check("l.kind = ?", f.Kind)
	}
	if n := len(f.Without); n > 0 {
		l.check("l.category_id || '' NOT IN ("+marks(n)+")", anyIDs(f.Without)...)
	}
	if f.Cancellable {
		l.check("l.subscription = 'active' AND l.by_cancel <> '" + never + "'")
	}
	if f.Customer != "" {
		l.exactly("customer_id", string(f.Customer))
	}
	if f.Product != "" {
		if err := l.named(ctx, "product_id", f.Product, t.q.ProductIDByCode); err != nil {
			return nil, err
		}
	}
	if f.Category != "" {
		if err := l.named(ctx, "category_id", f.Category, t.q.CategoryIDByCode); err != nil {
			return nil, err
		}
	}
	if len(f.IDs) > 0 {
		args := anyIDs(f.IDs)
		l.find("l.id IN ("+marks(len(args))+")", args...)
		l.check("l.id || '' IN ("+marks(len(args))+")", args...)
	}
	return l, nil
}

// anyIDs are ids as arguments.
func anyIDs[ID ~string](ids []ID) []any {
	args := make([]any, len(ids))
	for i, id := range ids {
		args[i] = string(id)
	}
	return args
}

// cursorOf is where a license stands in the list by creation, which it never leaves.
func (t *tx) cursorOf(ctx context.Context, id licensing.LicenseID) (string, error) {
	var f found
	err := t.sql.QueryRowContext(ctx, "SELECT seq, created_day FROM license_list WHERE id = $1", string(id)).Scan(&f.seq, &f.key)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return f.cursor(), err
}

// unheard reports whether a text is in no row: databases hold none with zero bytes, or that is not UTF-8.
func unheard(texts ...string) bool {
	return slices.ContainsFunc(texts, func(s string) bool { return !utf8.ValidString(s) || strings.ContainsRune(s, 0) })
}

// exactly adds a condition that a column has a value.
func (l *listing) exactly(column, value string) {
	l.find("l."+column+" = ?", value)
	l.check("l."+column+" || '' = ?", value)
}

// named adds a condition that a column has the id of what is called so.
func (l *listing) named(ctx context.Context, column, code string, id func(context.Context, string) (string, error)) error {
	found, err := one(id(ctx, code))
	if errors.Is(err, licensing.ErrNone) {
		l.nothing = true
		return nil
	}
	if err == nil {
		l.exactly(column, found)
	}
	return err
}

// fields adds whole values of data fields.
func (l *listing) fields(values []licensing.Value) {
	for _, v := range values {
		if unheard(v.Name, v.Value) {
			l.nothing = true
			continue
		}
		l.findWhole(fieldWord(v))
	}
}

// stateDeleted is a license's that is in no list.
const stateDeleted = string(licensing.LicenseDeleted)

// states adds states, any of them. Few licenses are in most of them.
func (l *listing) states(states []licensing.LicenseState, now licensing.Moment) {
	if len(states) == 0 {
		l.check("l.state <> '" + stateDeleted + "'")
		return
	}
	var either []string
	var args, seldom []any
	few := true
	for _, s := range states {
		switch s {
		case licensing.LicenseActive:
			few = false
			either, args = append(either, "l.state = 'active' AND (l.expires_at IS NULL OR l.expires_at > ?)"), append(args, now.Business)
		case licensing.LicenseExpired:
			few = false
			either, args = append(either, "l.state = 'active' AND l.expires_at <= ?"), append(args, now.Business)
		case licensing.LicenseDeleted:
		default:
			either, args, seldom = append(either, "l.state = ?"), append(args, string(s)), append(seldom, string(s))
		}
	}
	if len(either) == 0 {
		l.nothing = true
		return
	}
	l.check("("+strings.Join(either, " OR ")+")", args...)
	if few {
		l.find("l.state <> 'active' AND l.state IN ("+marks(len(seldom))+")", seldom...)
	}
	if len(states) == 1 && states[0] == licensing.LicenseExpired {
		l.find("l.by_ends <= ?", now.Today().String())
	}
}

func (t *tx) LicenseRows(ctx context.Context, s licensing.Sight, f licensing.LicenseFilter) ([]licensing.LicenseRow, error) {
	l, err := t.licenseListing(ctx, s, f)
	if err != nil {
		return nil, err
	}
	page, err := t.run(ctx, l)
	if err != nil || len(page) == 0 {
		return nil, err
	}
	rows, err := t.sql.QueryContext(ctx, `SELECT l.seq, l.id, l.group_id, g.code, g.name, c.code, c.name, l.kind, l.state, l.expires_at, l.by_ends, l.by_cancel, l.subscription, l.shown
		FROM license_list l JOIN org_group g ON g.id = l.group_id JOIN category c ON c.id = l.category_id
		WHERE l.seq IN (`+placeholders(len(page))+`)`, seqs(page)...)
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // its error comes by Err
	all, place := make([]licensing.LicenseRow, len(page)), places(page)
	for rows.Next() {
		var seq int64
		var r licensing.LicenseRow
		var ends, cancelBy, shown string
		if err := rows.Scan(&seq, &r.ID, &r.Group, &r.GroupCode, &r.GroupName, &r.CategoryCode, &r.CategoryName, &r.Kind, &r.State, &r.ExpiresAt, &ends, &cancelBy, &r.SubscriptionState, &shown); err != nil {
			return nil, err
		}
		if r.Ends, err = listedDay(ends); err != nil {
			return nil, err
		}
		if r.CancelBy, err = listedDay(cancelBy); err != nil {
			return nil, err
		}
		s, err := fromJSON[shownLicense](shown)
		if err != nil {
			return nil, err
		}
		r.Ticket, r.OrderNumber, r.ProductCode, r.ProductName, r.Quantity, r.Seats = s.Ticket, s.OrderNumber, s.ProductCode, s.ProductName, s.Quantity, s.Seats
		r.CreatedAt, r.Customer, r.DataFields, r.Yearly, r.Test = utc(s.CreatedAt), s.Customer, s.DataFields, s.Yearly, s.Test
		r.Discontinued = s.Discontinued
		r.ExpiresAt, r.Cursor = utcPointer(r.ExpiresAt), page[place[seq]].cursor()
		all[place[seq]] = r
	}
	return all, rows.Err()
}

// listedDay reads a day of a list.
func listedDay(s string) (licensing.Day, error) {
	if s == never {
		return licensing.Day{}, nil
	}
	return parseDay(s)
}

// seqs are the parameters for a page's rows.
func seqs(page []found) []any {
	all := make([]any, len(page))
	for i, f := range page {
		all[i] = f.seq
	}
	return all
}

// places says where on the page a row stands.
func places(page []found) map[int64]int {
	all := make(map[int64]int, len(page))
	for i, f := range page {
		all[f.seq] = i
	}
	return all
}

func (t *tx) ListLicenses(ctx context.Context, s licensing.Sight, f licensing.LicenseFilter) ([]licensing.License, error) {
	rows, err := t.LicenseRows(ctx, s, f)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	place, args := map[string]int{}, make([]any, len(rows))
	for i, r := range rows {
		place[string(r.ID)], args[i] = i, string(r.ID)
	}
	views, err := t.licenseViews(ctx, args)
	if err != nil {
		return nil, err
	}
	periods, err := t.periodsOf(ctx, views)
	if err != nil {
		return nil, err
	}
	all := make([]licensing.License, len(rows))
	for _, v := range views {
		if all[place[v.ID]], err = t.license(ctx, v, periods); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// viewColumns are what a license is made of. Its file is not among them: lists go without, and it is long.
const viewColumns = `id, ticket, order_id, line_id, group_id, product_name, quantity, state, created_at, expires_at, maintenance_until, parameters, version,
	group_code, group_name, category_code, category_name, product_code, file_form, definitions, order_seq, order_day, customer, data_fields,
	test, subscription_id, plan, subscription_state, last_number, last_start, last_end, cancel_by, cancelled_at, subscription_version,
	revoked_on, customer_id, price_minor, price_currency, unit_minor, unit_currency, coming, last_units, last_amount_minor, last_currency, unextended, early_end`

// licenseViews reads a page of licenses by their ids.
func (t *tx) licenseViews(ctx context.Context, ids []any) (all []db.LicenseView, err error) {
	err = t.each(ctx, "SELECT "+viewColumns+" FROM license_view WHERE id IN ("+placeholders(len(ids))+")", ids, func(rows *sql.Rows) error {
		all = append(all, db.LicenseView{})
		i := &all[len(all)-1]
		return rows.Scan(&i.ID, &i.Ticket, &i.OrderID, &i.LineID, &i.GroupID, &i.ProductName, &i.Quantity, &i.State, &i.CreatedAt, &i.ExpiresAt,
			&i.MaintenanceUntil, &i.Parameters, &i.Version, &i.GroupCode, &i.GroupName, &i.CategoryCode, &i.CategoryName, &i.ProductCode, &i.FileForm,
			&i.Definitions, &i.OrderSeq, &i.OrderDay, &i.Customer, &i.DataFields, &i.Test, &i.SubscriptionID, &i.Plan, &i.SubscriptionState,
			&i.LastNumber, &i.LastStart, &i.LastEnd, &i.CancelBy, &i.CancelledAt, &i.SubscriptionVersion, &i.RevokedOn, &i.CustomerID,
			&i.PriceMinor, &i.PriceCurrency, &i.UnitMinor, &i.UnitCurrency, &i.Coming, &i.LastUnits, &i.LastAmountMinor, &i.LastCurrency, &i.Unextended, &i.EarlyEnd)
	})
	return all, err
}

// periodsOf reads the periods of those licenses of a page that have several.
func (t *tx) periodsOf(ctx context.Context, views []db.LicenseView) (periodRows, error) {
	var ids []any
	for _, v := range views {
		if value(v.LastNumber) > 1 {
			ids = append(ids, *v.SubscriptionID)
		}
	}
	known := map[string][]db.PeriodsOfRow{}
	find := func(_ context.Context, subscription string) ([]db.PeriodsOfRow, error) {
		return known[subscription], nil
	}
	if len(ids) == 0 {
		return find, nil
	}
	return find, t.each(ctx, `SELECT subscription_id, number, start_date, end_date, cancel_by, outcome, units, amount_minor, currency FROM period
		WHERE subscription_id IN (`+placeholders(len(ids))+`) ORDER BY subscription_id, number`, ids, func(rows *sql.Rows) error {
		var id string
		var r db.PeriodsOfRow
		if err := rows.Scan(&id, &r.Number, &r.StartDate, &r.EndDate, &r.CancelBy, &r.Outcome, &r.Units, &r.AmountMinor, &r.Currency); err != nil {
			return err
		}
		known[id] = append(known[id], r)
		return nil
	})
}

func (t *tx) CountLicenses(ctx context.Context, s licensing.Sight, f licensing.LicenseFilter, most int) (licensing.Count, error) {
	l, err := t.licenseListing(ctx, s, f)
	if err != nil {
		return licensing.Count{}, err
	}
	return t.count(ctx, l, most)
}

func (t *tx) LicensesPerDay(ctx context.Context, s licensing.Sight, from licensing.Day) (map[licensing.Day]int, error) {
	if err := t.relist(ctx); err != nil {
		return nil, err
	}
	within, err := t.groupsOf(ctx, s, "")
	if err != nil || within.empty() {
		return map[licensing.Day]int{}, err
	}
	p := part{"SELECT l.created_day, COUNT(*) FROM license_list l WHERE l.state <> '" + stateDeleted + "' AND l.created_day >= ?", []any{from.String()}}
	if !within.all {
		p.add(" AND ")
		p.append(within.in("l.group_id"))
	}
	p.add(" GROUP BY l.created_day")
	rows, err := t.sql.QueryContext(ctx, p.text(), p.args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // its error comes by Err
	days := map[licensing.Day]int{}
	for rows.Next() {
		var text string
		var n int
		if err := rows.Scan(&text, &n); err != nil {
			return nil, err
		}
		day, err := parseDay(text)
		if err != nil {
			return nil, err
		}
		days[day] = n
	}
	return days, rows.Err()
}
