package access

import (
	"context"
	"slices"
	"strings"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

const (
	matrixRows       = 50
	maxMatrixRows    = 200
	matrixColumns    = 6
	maxMatrixColumns = 20
)

// Matrix shows who may do what in the actor's sight. Only admins see it; denied to others.
func (s *Service) Matrix(ctx context.Context, actor licensing.Actor, f MatrixFilter) (Matrix, error) {
	return usecase.Read(ctx, s.runner, actor, func(ctx context.Context, tx *usecase.Tx) (out Matrix, err error) {
		g, err := s.looking(ctx, tx)
		if err != nil {
			return out, err
		}
		if out.Categories, err = g.known(ctx, tx); err != nil {
			return out, err
		}
		out.Columns = columns(out.Categories, f.Categories)
		rows, err := g.rows(ctx, tx, f)
		if err != nil {
			return out, err
		}
		out.Rows, out.Next = rows.all, rows.next
		for i := range out.Rows {
			if err := g.fill(ctx, tx, &out.Rows[i], out.Columns); err != nil {
				return out, err
			}
		}
		return out, nil
	})
}

// GrantCategories returns the categories that the actor may know of, in the catalog's order: where he, or anybody in
// his sight, holds something.
func (s *Service) GrantCategories(ctx context.Context, actor licensing.Actor) ([]licensing.Category, error) {
	return usecase.Read(ctx, s.runner, actor, knownCategories)
}

// knownCategories returns the categories that the actor may know of.
func knownCategories(ctx context.Context, tx *usecase.Tx) ([]licensing.Category, error) {
	m, err := tx.Membership(ctx, tx.Actor.ID)
	if err != nil {
		return nil, err
	}
	v := newView(newFacts(tx), m)
	if err := v.above(ctx, tx, m.Group, m.GroupCode); err != nil {
		return nil, err
	}
	return v.known(ctx, tx)
}

// known returns the categories that the viewer may know of.
func (v *view) known(ctx context.Context, tx *usecase.Tx) ([]licensing.Category, error) {
	all, err := tx.Categories(ctx)
	if err != nil {
		return nil, err
	}
	reaching, err := v.reaching(ctx, tx, v.viewer.Subject(), nil)
	if err != nil {
		return nil, err
	}
	codes := map[string]bool{}
	for _, g := range reaching {
		codes[g.Category] = true
	}
	if v.viewer.Role == licensing.RoleAdmin && !codes[licensing.Any] {
		within, err := tx.GrantedCategories(ctx, v.viewer.Group)
		if err != nil {
			return nil, err
		}
		for _, c := range within {
			codes[c] = true
		}
	}
	if codes[licensing.Any] || v.all {
		return all, nil
	}
	return slices.DeleteFunc(all, func(c licensing.Category) bool { return !codes[c.Code] }), nil
}

// columns are the chosen categories out of the known ones, in their order; the first few when none is chosen.
func columns(known []licensing.Category, chosen []string) (out []licensing.Category) {
	for _, c := range known {
		if slices.Contains(chosen, c.Code) {
			out = append(out, c)
		}
	}
	most := maxMatrixColumns
	if len(out) == 0 {
		out, most = known, matrixColumns
	}
	return out[:min(len(out), most)]
}

// matrixPage is a page of rows that is being filled.
type matrixPage struct {
	all   []MatrixRow
	limit int
	next  string // set when the page is full: the cursor of its last row
}

// add adds a row and reports whether there is room for another one.
func (p *matrixPage) add(row MatrixRow, cursor ...string) bool {
	if len(p.all) == p.limit {
		return false
	}
	p.all = append(p.all, row)
	p.next = strings.Join(cursor, "/")
	return true
}

// The parts of a group, in order, as they stand in cursors.
const (
	partGroup    = "group"
	partTree     = "tree"
	partPeople   = "people"
	partServices = "services"
)

// rows returns a page of rows without cells. A cursor is the code of a group, a part of it, and a membership: pages are
// found again by them, however many there are before.
func (g *giving) rows(ctx context.Context, tx *usecase.Tx, f MatrixFilter) (*matrixPage, error) {
	p := &matrixPage{limit: f.Limit}
	if p.limit < 1 || p.limit > maxMatrixRows {
		p.limit = matrixRows
	}
	code := f.Group
	if code == "" {
		code = g.admin.GroupCode
	}
	top, loaded := g.groups[code]
	if !loaded || !g.sees(code) {
		return nil, licensing.NotFoundError("group", "There is no group %q in your sight.", code)
	}
	after := strings.SplitN(f.After+"//", "/", 4)
	if query := strings.TrimSpace(f.Query); query != "" {
		for _, part := range []string{partPeople, partServices} {
			if after[1] == partServices && part == partPeople {
				continue
			}
			more, err := g.peopleRows(ctx, tx, p, licensing.Sight{Group: top.ID, Below: true}, "", part, query, memberAfter(after, "", part))
			if err != nil || more {
				return p, err
			}
		}
		p.next = ""
		return p, nil
	}
	all, err := tx.GroupsIn(ctx, licensing.Sight{Group: top.ID, Below: true})
	if err != nil {
		return nil, err
	}
	if i := slices.IndexFunc(all, func(x licensing.Group) bool { return x.Code == after[0] }); i >= 0 {
		all = all[i:]
	}
	parts := []string{partGroup, partTree, partPeople, partServices}
	for _, group := range all {
		begin := 0
		if group.Code == after[0] {
			begin = max(slices.Index(parts, after[1]), 0)
			if begin < 2 && after[1] == parts[begin] {
				begin++ // that row was the last one of the page before
			}
		}
		for _, part := range parts[begin:] {
			more := false
			switch part {
			case partGroup, partTree:
				who := licensing.GroupSubject(group.Code)
				if part == partTree {
					who = licensing.TreeSubject(group.Code)
				}
				row, err := g.row(ctx, tx, who)
				if err != nil {
					return nil, err
				}
				more = !p.add(row, group.Code, part)
			default:
				if more, err = g.peopleRows(ctx, tx, p, licensing.Sight{Group: group.ID}, group.Code, part, "", memberAfter(after, group.Code, part)); err != nil {
					return nil, err
				}
			}
			if more {
				return p, nil
			}
		}
	}
	p.next = ""
	return p, nil
}

// memberAfter is where a list of people goes on, when the page before ended in it.
func memberAfter(after []string, group, part string) string {
	if after[0] == group && after[1] == part {
		return after[2]
	}
	return ""
}

// peopleRows adds people, or service accounts, and reports whether there are more than the page has room for.
func (g *giving) peopleRows(ctx context.Context, tx *usecase.Tx, p *matrixPage, sight licensing.Sight, group, part, query, after string) (more bool, err error) {
	f := licensing.PeopleFilter{Query: query, After: after, Limit: p.limit - len(p.all) + 1}
	if part == partServices {
		f.Role = licensing.RoleService
	}
	if query != "" {
		f.Sort = licensing.SortGroup
	}
	people, err := tx.ListPeople(ctx, sight, f)
	if err != nil {
		return false, err
	}
	for _, m := range people {
		row, err := g.row(ctx, tx, m.Subject())
		if err != nil {
			return false, err
		}
		row.Party = g.partyOf(m)
		if !p.add(row, group, part, string(m.ID)) {
			return true, nil
		}
	}
	return false, nil
}

// row is a row without cells; its group is loaded with those above it.
func (g *giving) row(ctx context.Context, tx *usecase.Tx, who string) (row MatrixRow, err error) {
	code, _ := licensing.SubjectGroup(who)
	if parent := g.Parent[code]; parent != "" && g.sees(parent) {
		row.Parent = g.groups[parent].Name
	}
	for c := code; c != "" && c != g.admin.GroupCode; c = g.Parent[c] {
		row.Depth++
	}
	if _, isMember := licensing.SubjectEmail(who); !isMember { // people are listed with what they are
		row.Party, err = g.party(ctx, tx, who)
	}
	return row, err
}

// fill gives a row its cells.
func (g *giving) fill(ctx context.Context, tx *usecase.Tx, row *MatrixRow, columns []licensing.Category) error {
	grants, err := g.reaching(ctx, tx, row.Party.Who, nil)
	if err != nil {
		return err
	}
	for _, c := range columns {
		for _, action := range allActions {
			cell, err := g.cell(ctx, tx, row.Party.Who, c.Code, action, grants)
			if err != nil {
				return err
			}
			row.Cells = append(row.Cells, cell)
		}
	}
	return nil
}

// cell tells how somebody stands to an action, by what reaches him.
func (g *giving) cell(ctx context.Context, tx *usecase.Tx, who, category string, action licensing.Action, reaching []licensing.Grant) (Cell, error) {
	cell := Cell{Category: category, Action: action, State: CellNone}
	if g.MayGiveTo(g.admin, who) == nil {
		_, cell.MayGive = g.support(category, action)
	}
	best, ok := bestOf(reaching, who, category, string(action))
	if !ok {
		if cell.MayGive {
			cell.State = CellMayGive
		}
		return cell, nil
	}
	cell.State, cell.Until = CellHeld, best.Until
	var err error
	if best.Who != who {
		cell.State = CellThrough
		if cell.Through, err = g.party(ctx, tx, best.Who); err != nil {
			return cell, err
		}
	}
	cell.From, err = g.giverOf(ctx, tx, best)
	return cell, err
}

// bestOf returns the grant that a cell shows: one to the holder himself before one to a group, the one that lasts
// longest, the oldest.
func bestOf(grants []licensing.Grant, who, category, action string) (best licensing.Grant, ok bool) {
	for _, g := range grants {
		if !g.Covers(category, action) || ok && best.Who == who && g.Who != who {
			continue
		}
		if !ok || best.Who != who && g.Who == who || licensing.Earlier(best.Until, g.Until) != g.Until {
			best, ok = g, true
		}
	}
	return best, ok
}

// support returns what the admin could give an action under.
func (g *giving) support(category string, action licensing.Action) (licensing.Grant, bool) {
	key := category + "/" + string(action)
	if s, known := g.supports[key]; known {
		return s, s.ID != ""
	}
	s, ok := g.Support(g.admin, category, string(action))
	g.supports[key] = s
	return s, ok
}
