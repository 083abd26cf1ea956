package portal

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"kontor/internal/licensing"
	"kontor/internal/ordering"
)

// listQuery is a list's address: everything that narrows, sorts and pages it. A link shows the same list to whoever may
// see it.
type listQuery struct {
	Path   []string   // below the group: "licenses"
	Values url.Values // what narrows and sorts, by the names that the list knows
	After  string     // the cursor of the page before
	Before string     // the cursor of the page behind
	From   int        // how many rows stand before this page
}

// readList reads the address. What the list does not know narrows nothing.
func readList(v *visit, known []string, path ...string) listQuery {
	q := listQuery{Path: path, Values: url.Values{}, After: v.Query("after"), Before: v.Query("before")}
	if n, err := strconv.Atoi(v.Query("from")); err == nil && n > 0 && (q.After != "" || q.Before != "") {
		q.From = n
	}
	for name, values := range v.Request.URL.Query() {
		if !slices.Contains(known, name) && !strings.HasPrefix(name, fieldFilter) {
			continue
		}
		for _, value := range values {
			if value = strings.TrimSpace(value); value != "" && !slices.Contains(q.Values[name], value) {
				q.Values.Add(name, value)
			}
		}
	}
	return q
}

// fieldFilter begins the names of filters by data fields.
const fieldFilter = "field."

// get is the value of a filter, or "".
func (q listQuery) get(name string) string { return q.Values.Get(name) }

// day is the value of a filter that is a day; zero when it is none.
func (q listQuery) day(name string) licensing.Day {
	day, err := licensing.ParseDay(q.get(name))
	if err != nil {
		return licensing.Day{}
	}
	return day
}

// reverse reports whether the list stands on its head.
func (q listQuery) reverse() bool { return q.get("dir") == "reverse" }

// narrowed reports whether anything is asked for beside an order.
func (q listQuery) narrowed() bool {
	for name := range q.Values {
		if name != "sort" && name != "dir" {
			return true
		}
	}
	return false
}

// address is the list's address with a query.
func (q listQuery) address(ctx context.Context) string {
	values := url.Values{}
	for name, all := range q.Values {
		values[name] = all
	}
	if q.After != "" || q.Before != "" {
		values.Set("from", strconv.Itoa(q.From))
	}
	if q.After != "" {
		values.Set("after", q.After)
	} else if q.Before != "" {
		values.Set("before", q.Before)
	}
	if len(values) == 0 {
		return at(ctx, q.Path...)
	}
	return at(ctx, q.Path...) + "?" + values.Encode()
}

// with is the first page of the list with another value of a filter; none takes it away.
func (q listQuery) with(name string, values ...string) listQuery {
	next := listQuery{Path: q.Path, Values: url.Values{}}
	for n, all := range q.Values {
		if n != name {
			next.Values[n] = slices.Clone(all)
		}
	}
	for _, value := range values {
		if value != "" {
			next.Values.Add(name, value)
		}
	}
	return next
}

// first is the list's first page.
func (q listQuery) first() listQuery { return q.with("") }

// sorted is the list in another order; in the one that it has, it is turned round.
func (q listQuery) sorted(by string) listQuery {
	dir := ""
	if q.get("sort") == by && !q.reverse() {
		dir = "reverse"
	}
	return q.with("sort", by).with("dir", dir)
}

// hidden are the filters as a form carries them, but for one.
func (q listQuery) hidden(but ...string) (all []licensing.Value) {
	for name, values := range q.Values {
		if slices.Contains(but, name) {
			continue
		}
		for _, value := range values {
			all = append(all, licensing.Value{Name: name, Value: value})
		}
	}
	slices.SortFunc(all, func(a, b licensing.Value) int { return strings.Compare(a.Name+"\x00"+a.Value, b.Name+"\x00"+b.Value) })
	return all
}

// listColumn is one column of a list.
type listColumn struct {
	Name  string // in addresses, cookies and files
	Label string
	Sort  string // the order that its header asks for; empty with Sorts false
	Sorts bool
	Down  bool // its natural direction
	Num   bool // figures: at the right
	Shown bool
	Fixed bool // cannot be put away
	// Idle says that it would be the same in every row of this page: it is neither shown nor asked about, and whether it
	// was chosen stays as it is.
	Idle bool
	With string // the column whose value it shows as a second line; in files that is a column of its own
}

// kept reports whether the choice of columns keeps it without asking.
func (c listColumn) kept() bool { return c.Fixed || c.Idle && c.Shown }

// listView is what the parts around a list's rows need to know.
type listView struct {
	Query   listQuery
	Name    string // "licenses": of its cookie, and in an export
	Find    string // what can be looked for
	Chips   []listChip
	Filters []listFilter
	Columns []listColumn
	Page    ordering.Page
	Rows    int // on this page
}

// listChip is a filter that holds, with its way out.
type listChip struct {
	Name, Value, Remove string
}

// listFilter is a field of the filter's form: a choice, several choices, a day, or a text.
type listFilter struct {
	Name    string
	Label   string
	Kind    string // "select", "checks", "day", "text"
	Value   string
	Options []listOption
	Closed  bool // there is nothing beside its options: other values narrow nothing, and its chip has their words within a line
}

type listOption struct {
	Value, Text string
	Chosen      bool
}

// shown are the columns that stand in the table.
func (l listView) shown() (all []listColumn) {
	for _, c := range l.Columns {
		if c.Shown && !c.Idle {
			all = append(all, c)
		}
	}
	return all
}

// shows reports whether a column stands in the table.
func (l listView) shows(name string) bool {
	return slices.ContainsFunc(l.shown(), func(c listColumn) bool { return c.Name == name })
}

// filterNames are the names that the filter's form sends.
func (l listView) filterNames() (names []string) {
	for _, f := range l.Filters {
		names = append(names, f.Name)
	}
	return names
}

// pages is "1 to 25 of 61"; how many there are is not known of a long list.
func (l listView) pages(ctx context.Context) string {
	from := l.Query.From + 1
	return T(ctx, "lists.rows", "From", number(from), "To", number(from+l.Rows-1), "N", countText(ctx, l.Page.Found))
}

// countText is "61", or "more than 10,000".
func countText(ctx context.Context, c licensing.Count) string {
	if c.More {
		return T(ctx, "lists.moreThan", "N", number(roundDown(c.N)))
	}
	return number(c.N)
}

// roundDown leaves the two first digits of a number that only says how many at least.
func roundDown(n int) int {
	unit := 1
	for n/unit >= 100 {
		unit *= 10
	}
	return n / unit * unit
}

// before and next are the pages around this one.
func (l listView) before() listQuery {
	q := l.Query.first()
	q.Before, q.From = l.Page.Before, max(0, l.Query.From-pageSize)
	return q
}

func (l listView) next() listQuery {
	q := l.Query.first()
	q.After, q.From = l.Page.After, l.Query.From+l.Rows
	return q
}

// sortedBy says of a column's header how the list is sorted by it: "ascending", "descending", or "".
func (l listView) sortedBy(c listColumn) string {
	switch {
	case !c.Sorts || l.Query.get("sort") != c.Sort:
		return ""
	case c.Down != l.Query.reverse():
		return "descending"
	default:
		return "ascending"
	}
}

// columnsCookie keeps which columns somebody chose for a list.
func columnsCookie(list string) string { return "kontor_columns_" + list }

// chosenColumns marks those columns that were chosen, now or on an earlier day, and keeps the choice. It reports true when
// the choice came in the address: then the list is shown at its address without it.
func (s *site) chosenColumns(v *visit, list string, columns []listColumn) (chosen bool) {
	names, sent := v.Request.URL.Query()["column"]
	if !sent {
		if c, err := v.Request.Cookie(columnsCookie(list)); err == nil {
			if kept, err := url.QueryUnescape(c.Value); err == nil {
				names = strings.Split(kept, "!")
			}
		}
	}
	if len(names) > 0 && !slices.Contains(names, "usual") {
		for i := range columns {
			columns[i].Shown = columns[i].Fixed || slices.Contains(names, columns[i].Name)
		}
	}
	if !sent {
		return false
	}
	var kept []string
	for _, c := range columns {
		if c.Shown {
			kept = append(kept, c.Name)
		}
	}
	life := int((365 * 24 * time.Hour).Seconds())
	if slices.Contains(names, "usual") {
		life = -1
	}
	http.SetCookie(v.Writer, &http.Cookie{
		Name: columnsCookie(list), Value: url.QueryEscape(strings.Join(kept, "!")), Path: "/", MaxAge: life, HttpOnly: true, Secure: s.config.Secure, SameSite: http.SameSiteLaxMode,
	})
	return true
}

// exportAddress leads to the question in which form the whole list is wanted.
func (l listView) exportAddress(ctx context.Context) string {
	q := url.Values{"list": {l.Name}}
	for _, v := range l.Query.hidden() {
		q.Add(v.Name, v.Value)
	}
	for _, c := range l.shown() {
		q.Add("column", c.Name)
		if c.With != "" && !l.shows(c.With) {
			q.Add("column", c.With)
		}
	}
	return at(ctx, "exports", "new") + "?" + q.Encode()
}

// outOfBand lets what stands above a list be replaced too, in the answer to a search. htmx wants a value: without one it
// puts the element into the list.
func outOfBand(ctx context.Context) templ.Attributes {
	if visitOf(ctx).fragment() {
		return templ.Attributes{"hx-swap-oob": "true"}
	}
	return nil
}
