package portal

import (
	"context"
	"net/http"
	"strings"

	"kontor/internal/catalog"
	"kontor/internal/licensing"
)

// categoriesPage is what the list of categories shows.
type categoriesPage struct {
	catalog.CategoryPage
	Filter    shelfQuery
	RequestID string
}

// shelfQuery is the address of one of the catalog's lists: everything that narrows, sorts and pages it.
type shelfQuery struct {
	Path  string // of the list
	Query string
	Sort  string
	After string   // the cursor of the page before
	More  []string // names and values of what else narrows it
}

func readShelfQuery(v *visit, path string) shelfQuery {
	return shelfQuery{Path: path, Query: strings.TrimSpace(v.Query("q")), Sort: v.Query("sort"), After: v.Query("after")}
}

// address is the list's address with the query.
func (q shelfQuery) address() string {
	return query(q.Path, append([]string{"q", q.Query, "sort", q.Sort, "after", q.After}, q.More...)...)
}

// withSort is the list sorted otherwise; it begins at its first page.
func (q shelfQuery) withSort(sort string) shelfQuery {
	q.Sort, q.After = sort, ""
	return q
}

func (q shelfQuery) page(after string) shelfQuery {
	q.After = after
	return q
}

// narrowed reports whether anything is searched for.
func (q shelfQuery) narrowed() bool { return q.Query != "" || len(q.More) > 0 }

// inOrder reports whether the rows stand in their own order, so that they can be moved.
func (q shelfQuery) inOrder() bool { return !q.narrowed() && q.Sort == "" }

// categories shows the list.
func (s *site) categories(v *visit) error {
	page := categoriesPage{Filter: readShelfQuery(v, at(v.ctx(), "categories")), RequestID: newRequestID()}
	var err error
	page.CategoryPage, err = s.services.Catalog.ManagedCategories(v.ctx(), v.actor, catalog.CategoryFilter{
		Query: page.Filter.Query, Sort: page.Filter.Sort, After: page.Filter.After, Limit: pageSize,
	})
	if err != nil {
		return err
	}
	if v.fragment() {
		return v.show(http.StatusOK, categoryResults(page))
	}
	return v.show(http.StatusOK, categories(page))
}

// moveCategory puts a category elsewhere in the order.
func (s *site) moveCategory(v *visit) error {
	_, _, err := s.services.Catalog.MoveCategory(v.ctx(), v.actor, v.Request.PostForm.Get("requestId"), readPlace(v))
	if err != nil {
		return err
	}
	if v.fragment() {
		return s.categories(v)
	}
	return v.goTo(at(v.ctx(), "categories"))
}

// readPlace reads "partner>internal": what is moved, and what it shall stand before.
func readPlace(v *visit) catalog.Place {
	code, before, _ := strings.Cut(v.Request.PostForm.Get("move"), ">")
	return catalog.Place{Code: code, Before: before}
}

// places are the values of the buttons that move a row of a list: up and down, empty where it cannot go there.
func places(codes []string, i int) (up, down string) {
	if i > 0 {
		up = codes[i] + ">" + codes[i-1]
	}
	switch {
	case i+2 < len(codes):
		down = codes[i] + ">" + codes[i+2]
	case i+1 < len(codes):
		down = codes[i] + ">"
	}
	return up, down
}

// codes are those of the rows, in their order.
func (p categoriesPage) codes() []string {
	codes := make([]string, len(p.Categories))
	for i, c := range p.Categories {
		codes[i] = c.Code
	}
	return codes
}

// count is the second line of the page.
func (p categoriesPage) count(ctx context.Context) string {
	if p.Filter.narrowed() {
		return T(ctx, "categories.found", "Count", p.Total, "N", number(p.Total))
	}
	return T(ctx, "categories.count", "Count", p.Total, "N", number(p.Total))
}

// kindName is what a kind of product is called, as in "perpetual".
func kindName(ctx context.Context, k licensing.ProductKind) string {
	if k == "" {
		return ""
	}
	return T(ctx, "kind."+string(k))
}
