package portal

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"kontor/internal/access"
	"kontor/internal/licensing"
)

const (
	// grantRows is how many rows of the matrix stand on a page.
	grantRows = 50
	// mostColumns is how many categories the matrix shows side by side.
	mostColumns = 6
	// offeredCategories is how many categories the choice lists at once; more are found by typing.
	offeredCategories = 30
)

// grantActions are the actions in the order of the matrix.
var grantActions = []licensing.Action{licensing.Create, licensing.Modify, licensing.Revoke}

// grantQuery is the address of the matrix: what narrows it, and the cell that is open beside it.
type grantQuery struct {
	Query   string
	Group   string   // a group's code: it and all below
	Columns []string // codes of categories
	After   string   // the cursor of the page before
	Cell    grantCell
}

// grantCell names a cell of the matrix.
type grantCell struct {
	Who, Category string
	Action        licensing.Action
}

// grantsPage is what the page of grants shows.
type grantsPage struct {
	access.Matrix
	Filter grantQuery
	Panel  *grantPanel
}

func (s *site) grants(v *visit) error {
	q := readGrantQuery(v.Request.URL.Query())
	if v.fragment() && v.GetHeader("HX-Target") == "panel" {
		panel, err := s.grantPanel(v, q)
		if err != nil {
			return err
		}
		return v.show(http.StatusOK, grantPanelPart(panel))
	}
	page, err := s.grantsPage(v, q)
	if err != nil {
		return err
	}
	if v.fragment() {
		return v.show(http.StatusOK, grantResults(page))
	}
	if page.Panel, err = s.grantPanel(v, q); err != nil {
		return err
	}
	return v.show(http.StatusOK, grants(page, nil))
}

// grantsPage loads the matrix.
func (s *site) grantsPage(v *visit, q grantQuery) (grantsPage, error) {
	m, err := s.services.Grants.Matrix(v.ctx(), v.actor, access.MatrixFilter{
		Group: q.Group, Query: q.Query, Categories: q.Columns, After: q.After, Limit: grantRows,
	})
	return grantsPage{Matrix: m, Filter: q}, err
}

// readGrantQuery reads an address. What it does not know narrows nothing.
func readGrantQuery(values url.Values) grantQuery {
	q := grantQuery{Query: strings.TrimSpace(values.Get("q")), Group: values.Get("in"), After: values.Get("after")}
	for _, code := range values["c"] {
		if code != "" && !slices.Contains(q.Columns, code) && len(q.Columns) < mostColumns {
			q.Columns = append(q.Columns, code)
		}
	}
	q.Cell = grantCell{values.Get("who"), values.Get("category"), licensing.Action(values.Get("action"))}
	return q
}

// values are the address's.
func (q grantQuery) values() url.Values {
	values := url.Values{}
	for name, value := range map[string]string{
		"q": q.Query, "in": q.Group, "after": q.After, "who": q.Cell.Who, "category": q.Cell.Category, "action": string(q.Cell.Action),
	} {
		if value != "" {
			values.Set(name, value)
		}
	}
	for _, code := range q.Columns {
		values.Add("c", code)
	}
	return values
}

// address is the address of the matrix with a query.
func (q grantQuery) address(ctx context.Context) string {
	path, values := at(ctx, "grants"), q.values()
	if len(values) == 0 {
		return path
	}
	return path + "?" + values.Encode()
}

func (q grantQuery) withGroup(code string) grantQuery {
	q.Group, q.After = code, ""
	return q
}

func (q grantQuery) after(cursor string) grantQuery {
	q.After, q.Cell = cursor, grantCell{}
	return q
}

func (q grantQuery) withCell(who string, c access.Cell) grantQuery {
	q.Cell = grantCell{who, c.Category, c.Action}
	return q
}

// isOpen reports whether a cell is the one that is open.
func (q grantQuery) isOpen(who string, c access.Cell) bool {
	return q.Cell == grantCell{who, c.Category, c.Action}
}

// grantGroup is the rows of one group.
type grantGroup struct {
	Code, Name, Parent string
	Rows               []access.MatrixRow
}

// groups parts the rows by their groups.
func (p grantsPage) groups() []grantGroup {
	var all []grantGroup
	for _, r := range p.Rows {
		if len(all) == 0 || all[len(all)-1].Code != r.Party.GroupCode {
			all = append(all, grantGroup{Code: r.Party.GroupCode, Name: r.Party.GroupName, Parent: r.Parent})
		}
		last := &all[len(all)-1]
		last.Rows = append(last.Rows, r)
	}
	return all
}

// columnName is what a category's column is called.
func (p grantsPage) columnName(code string) string {
	for _, c := range p.Columns {
		if c.Code == code {
			return c.Name
		}
	}
	return code
}

// offered are the categories that the choice lists: the chosen ones first, then others, up to a bound.
func (p grantsPage) offered() (chosen, others []licensing.Category) {
	for _, c := range p.Categories {
		switch {
		case slices.ContainsFunc(p.Columns, func(x licensing.Category) bool { return x.Code == c.Code }):
			chosen = append(chosen, c)
		case len(others) < offeredCategories:
			others = append(others, c)
		}
	}
	return chosen, others
}

// grantCategories answers the search among the categories for columns.
func (s *site) grantCategories(v *visit) error {
	all, err := s.services.Grants.GrantCategories(v.ctx(), v.actor)
	if err != nil {
		return err
	}
	wanted := licensing.Fold(strings.TrimSpace(v.Query("cq")))
	var found []licensing.Category
	for _, c := range all {
		if len(found) < offeredCategories && strings.Contains(licensing.Fold(c.Name+" "+c.Code), wanted) && !slices.Contains(v.Request.URL.Query()["c"], c.Code) {
			found = append(found, c)
		}
	}
	return v.show(http.StatusOK, columnChoices(found, false))
}
