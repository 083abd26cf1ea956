package sqlstore

import (
	"context"
	"encoding/base64"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"kontor/internal/licensing"
	"kontor/internal/sqlstore/db"
)

// Lists are read in two steps: the sequence numbers of a page, then what its rows show. The first step goes one of three
// ways, whichever looks at least:
//
//   - gather: when something that narrows finds few rows, those are taken by its index, checked and sorted;
//   - merge: a sight of few groups walks the order's index of each, and takes the first of all;
//   - walk: else the order's index is walked, and rows are checked, until the page is full.
//
// Planners do not know which: their statistics say nothing about words, and a limit makes them hope. So we count, up to a
// bound, and write down the way. Checks stand as expressions over columns (column || ”), which no index answers, so that a
// walk stays one.

const (
	fewRows   = 10_000 // as many are gathered
	fewGroups = 32     // as many are merged
	// lookedAt is how many rows are looked at, to count those that a filter finds which finds many.
	lookedAt = 50_000
)

// part is a piece of SQL with its parameters, which stand in it as question marks.
type part struct {
	sql  string
	args []any
}

func (p *part) add(text string, args ...any) {
	p.sql += text
	p.args = append(p.args, args...)
}

func (p *part) append(o part) { p.add(o.sql, o.args...) }

// text numbers the parameters, as both engines want them.
func (p part) text() string {
	var b strings.Builder
	n := 0
	for _, r := range p.sql {
		if r == '?' {
			n++
			b.WriteString("$" + strconv.Itoa(n))
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

// marks is "?, ?, ?" for n parameters.
func marks(n int) string { return strings.TrimSuffix(strings.Repeat("?, ", n), ", ") }

// page says which page of a list is wanted, as licensing.LicenseFilter does.
type page struct {
	after, before string
	limit         int
}

// listing is one request for a list.
type listing struct {
	table string // license_list, order_list or customer_list; l in conditions
	words string // the table of its words
	key   string // the column that it is sorted by, before seq
	desc  bool
	page  page

	nothing bool   // it is known to find nothing
	within  within // whose rows
	// checks are conditions on a row l; sources find sequence numbers by an index, one for whatever may find few.
	checks, sources []part
}

// within is the groups of a sight, narrowed by a filter.
type within struct {
	all bool // every group: nothing to check
	ids []string
	// many is set when there are more groups than a statement should name.
	many *licensing.Sight
}

// manyGroups is how many groups a statement names; more are found by the statement itself.
const manyGroups = 1000

// groupsOf returns the groups of a sight, and of a group in it when one is named.
func (t *tx) groupsOf(ctx context.Context, s licensing.Sight, group string) (w within, err error) {
	if group != "" {
		id, err := one(t.q.GroupIDByCode(ctx, group))
		if err != nil {
			return w, noneIsNothing(err)
		}
		seen, err := t.InSight(ctx, s.Group, s.Below, licensing.GroupID(id))
		if err != nil || !seen {
			return w, err
		}
		s = licensing.Sight{Group: licensing.GroupID(id), Below: s.Below}
	}
	if s.Below {
		n, err := t.q.IsRootGroup(ctx, string(s.Group))
		if err != nil {
			return w, noneIsNothing(err)
		}
		if n > 0 {
			return within{all: true}, nil
		}
	}
	if w.ids, err = t.q.SightGroups(ctx, db.SightGroupsParams{Own: string(s.Group), Below: s.Below, Most: manyGroups + 1}); err != nil {
		return w, noneIsNothing(err)
	}
	if len(w.ids) > manyGroups {
		w.many = &s
	}
	return w, nil
}

// noneIsNothing turns "no such row" into a list of nothing.
func noneIsNothing(err error) error {
	if _, err = one(0, err); err == licensing.ErrNone { //nolint:errorlint // one returns it bare
		return nil
	}
	return err
}

// in is the condition that a column names one of the groups. Written as an expression it is answered by no index.
func (w within) in(column string) part {
	if w.many != nil {
		return part{column + ` IN (WITH RECURSIVE sight (id) AS (
			SELECT g.id FROM org_group g WHERE g.id = ?
			UNION ALL SELECT g.id FROM org_group g JOIN sight ON g.parent_id = sight.id
		) SELECT sight.id FROM sight)`, []any{string(w.many.Group)}}
	}
	p := part{sql: column + " IN (" + marks(len(w.ids)) + ")"}
	for _, id := range w.ids {
		p.args = append(p.args, id)
	}
	return p
}

func (w within) empty() bool { return !w.all && len(w.ids) == 0 }

// check adds a condition on a row.
func (l *listing) check(text string, args ...any) { l.checks = append(l.checks, part{text, args}) }

// find adds a condition that an index answers: by is what stands after WHERE for the index's column, of table l.
func (l *listing) find(by string, args ...any) {
	l.sources = append(l.sources, part{"SELECT l.seq FROM " + l.table + " l WHERE " + by, args})
}

// findWhole adds a condition by a word that is so.
func (l *listing) findWhole(word string) {
	l.sources = append(l.sources, part{"SELECT w.seq FROM " + l.words + " w WHERE w.word = ?", []any{word}})
	l.check(`l.words LIKE ? ESCAPE '\'`, "%\n"+likeEscaper.Replace(word)+"\n%")
}

// findBeginning adds a condition by words that begin so: of the row itself, and of the data fields with these names; nil:
// of all.
func (l *listing) findBeginning(word string, fields []string) {
	l.sources = append(l.sources, part{"SELECT w.seq FROM " + l.words + " w WHERE w.word >= ? AND w.word < ?", []any{word, word + maxTerm}})
	marks := []string{"\n", valueMark}
	if fields != nil {
		marks = []string{"\n"}
		for _, f := range fields {
			marks = append(marks, "\n"+markOf(f))
		}
	}
	either := part{}
	for i, m := range marks {
		if i > 0 {
			either.add(" OR ")
		}
		either.add(`l.words LIKE ? ESCAPE '\'`, "%"+likeEscaper.Replace(m+word)+"%")
	}
	l.check("("+either.sql+")", either.args...)
}

// query adds what somebody typed: every word of it begins one of the row's, or of those of data fields that may be
// searched (nil: all).
func (l *listing) query(typed string, fields []string) {
	if typed == "" {
		return
	}
	words := wanted(typed)
	if len(words) == 0 {
		l.nothing = true
	}
	for _, w := range words {
		l.findBeginning(w, fields)
	}
}

// days adds a range of days of a column; zero days do not bound it.
func (l *listing) days(column string, from, to licensing.Day) {
	if from.IsZero() && to.IsZero() {
		return
	}
	low, high := "0", never
	if !from.IsZero() {
		low = from.String()
	}
	if !to.IsZero() {
		high = to.AddDays(1).String()
	}
	condition := "l." + column + " >= ? AND l." + column + " < ?"
	l.find(condition, low, high)
	if l.key == column { // the walk begins and ends there
		l.check(condition, low, high)
		return
	}
	l.check("l."+column+" || '' >= ? AND l."+column+" || '' < ?", low, high)
}

// where is the checks, and the groups unless they are seen to otherwise.
func (l *listing) where(groups bool) part {
	p := part{sql: "1 = 1"}
	if groups && !l.within.all {
		p.add(" AND ")
		p.append(l.within.in("l.group_id || ''"))
	}
	for _, c := range l.checks {
		p.add(" AND ")
		p.append(c)
	}
	return p
}

// found is one row of a page, before what it shows is read.
type found struct {
	seq int64
	key string
}

func (f found) cursor() string {
	return base64.RawURLEncoding.EncodeToString([]byte(f.key + "\x1f" + strconv.FormatInt(f.seq, 10)))
}

// position reads a cursor. What is none is no position: the list begins at its beginning.
func position(cursor string) (f found, ok bool) {
	b, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil || cursor == "" {
		return f, false
	}
	key, seq, _ := strings.Cut(string(b), "\x1f")
	f.key = strings.ToValidUTF8(strings.ReplaceAll(key, "\x00", ""), "")
	f.seq, err = strconv.ParseInt(seq, 10, 64)
	return f, err == nil
}

// run finds the rows of the page.
func (t *tx) run(ctx context.Context, l *listing) ([]found, error) {
	if l.nothing || l.within.empty() {
		return nil, nil
	}
	desc, from := l.desc, part{}
	back := false
	if p, ok := position(l.page.before); ok {
		back, desc = true, !desc
		from = l.beyond(p, desc)
	} else if p, ok := position(l.page.after); ok {
		from = l.beyond(p, desc)
	}
	text, err := t.way(ctx, l, from, desc)
	if err != nil {
		return nil, err
	}
	rows, err := t.sql.QueryContext(ctx, text.text(), text.args...)
	if err != nil {
		return nil, fmt.Errorf("list: %w", err)
	}
	defer rows.Close() //nolint:errcheck // its error comes by Err
	var all []found
	for rows.Next() {
		var f found
		if err := rows.Scan(&f.seq, &f.key); err != nil {
			return nil, err
		}
		all = append(all, f)
	}
	if back {
		slices.Reverse(all)
	}
	return all, rows.Err()
}

// beyond is the condition for what comes after a position.
func (l *listing) beyond(p found, desc bool) part {
	sign := ">"
	if desc {
		sign = "<"
	}
	return part{fmt.Sprintf(" AND (l.%s, l.seq) %s (?, ?)", l.key, sign), []any{p.key, p.seq}}
}

// way writes down how the page is found.
func (t *tx) way(ctx context.Context, l *listing, from part, desc bool) (p part, err error) {
	direction := ""
	if desc {
		direction = " DESC"
	}
	order := func(prefix string) string {
		return fmt.Sprintf(" ORDER BY %s%s%s, %sseq%s LIMIT %d", prefix, l.key, direction, prefix, direction, max(l.page.limit, 1))
	}
	source, err := t.fewest(ctx, l)
	if err != nil {
		return p, err
	}
	if source != nil {
		p = l.gathered(*source, "l.seq, l."+l.key)
		p.append(from)
		p.add(order("l."))
		return p, nil
	}
	if l.within.all || len(l.within.ids) > fewGroups {
		p.add("SELECT l.seq, l." + l.key + " FROM " + l.table + " l WHERE ")
		p.append(l.where(true))
		p.append(from)
		p.add(order("l."))
		return p, nil
	}
	p.add("SELECT u.seq, u." + l.key + " FROM (")
	for i, id := range l.within.ids {
		if i > 0 {
			p.add(" UNION ALL ")
		}
		p.add("SELECT * FROM (SELECT l.seq, l."+l.key+" FROM "+l.table+" l WHERE l.group_id = ? AND ", id)
		p.append(l.where(false))
		p.append(from)
		p.add(order("l.") + fmt.Sprintf(") g%d", i))
	}
	p.add(") u" + order("u."))
	return p, nil
}

// gathered selects columns of the rows that a source finds and the checks let through.
func (l *listing) gathered(source part, columns string) (p part) {
	p.add("WITH hits AS MATERIALIZED (SELECT DISTINCT h.seq FROM (")
	p.append(source)
	p.add(") h) SELECT " + columns + " FROM hits JOIN " + l.table + " l ON l.seq = hits.seq WHERE ")
	p.append(l.where(true))
	return p
}

// fewest returns the source that finds the fewest rows, if one finds few. A small sight is a source too, where something
// else narrows: without that, merging looks at less.
func (t *tx) fewest(ctx context.Context, l *listing) (*part, error) {
	sources := l.sources
	if !l.within.all && (len(l.checks) > 0 || len(l.within.ids) > fewGroups) {
		group := part{sql: "SELECT l.seq FROM " + l.table + " l WHERE "}
		group.append(l.within.in("l.group_id"))
		sources = append(slices.Clone(sources), group)
	}
	var best *part
	bound := fewRows
	for _, s := range sources {
		n, err := t.countUpTo(ctx, s, bound+1)
		if err != nil {
			return nil, err
		}
		if n <= bound {
			best, bound = &s, n
		}
		if bound == 0 {
			break
		}
	}
	return best, nil
}

// countUpTo counts the rows of a query, at most so many.
func (t *tx) countUpTo(ctx context.Context, query part, most int) (n int, err error) {
	p := part{sql: "SELECT COUNT(*) FROM ("}
	p.append(query)
	if most > 0 {
		p.add(fmt.Sprintf(" LIMIT %d", most))
	}
	p.add(") c")
	err = t.sql.QueryRowContext(ctx, p.text(), p.args...).Scan(&n)
	return n, err
}

// count counts what the list finds, up to most (0: all of it). Of a filter that finds many it looks at so many rows only.
func (t *tx) count(ctx context.Context, l *listing, most int) (c licensing.Count, err error) {
	if l.nothing || l.within.empty() {
		return c, nil
	}
	bound := 0
	if most > 0 {
		bound = most + 1
	}
	source, err := t.fewest(ctx, l)
	if err != nil {
		return c, err
	}
	switch {
	case source != nil:
		c.N, err = t.countUpTo(ctx, l.gathered(*source, "1 AS n"), bound)
	case most == 0 || len(l.checks) == 0:
		p := part{sql: "SELECT 1 AS n FROM " + l.table + " l WHERE "}
		p.append(l.indexed())
		c.N, err = t.countUpTo(ctx, p, bound)
	default:
		return t.estimate(ctx, l, most)
	}
	if most > 0 && c.N > most {
		c = licensing.Count{N: most, More: true}
	}
	return c, err
}

// indexed is where, with the groups as an index answers them.
func (l *listing) indexed() part {
	p := l.where(false)
	if !l.within.all {
		p.add(" AND ")
		p.append(l.within.in("l.group_id"))
	}
	return p
}

// estimate counts among the first rows that it looks at, until it has found enough.
func (t *tx) estimate(ctx context.Context, l *listing, most int) (c licensing.Count, err error) {
	rows := part{sql: " FROM " + l.table + " l WHERE "}
	if l.within.all {
		rows.add("1 = 1")
	} else {
		rows.append(l.within.in("l.group_id"))
	}
	p := part{sql: "SELECT 1 AS n FROM (SELECT CASE WHEN "}
	p.append(l.where(false))
	p.add(" THEN 1 ELSE 0 END AS hit")
	p.append(rows)
	p.add(fmt.Sprintf(" LIMIT %d) x WHERE x.hit = 1", lookedAt))
	if c.N, err = t.countUpTo(ctx, p, most+1); err != nil {
		return c, err
	}
	if c.N > most {
		return licensing.Count{N: most, More: true}, nil
	}
	all := part{sql: "SELECT 1 AS n"}
	all.append(rows)
	looked, err := t.countUpTo(ctx, all, lookedAt+1)
	c.More = looked > lookedAt
	return c, err
}
