package portal

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"kontor/internal/access"
	"kontor/internal/licensing"
)

// peoplePage is what the list of people shows, beside the tree of groups.
type peoplePage struct {
	access.PeoplePage
	Filter  peopleQuery
	Tree    groupTree
	Chosen  *access.GroupRow // the group that the list is narrowed to
	Invited int              // invitations that are pending within sight
}

// peopleQuery is the list's address: everything that narrows, sorts and pages it.
type peopleQuery struct {
	Query string
	In    string // a group's code; empty: everybody within sight
	Role  licensing.Role
	State licensing.PersonState
	Sort  licensing.PeopleSort
	Desc  bool
	After string // the cursor of the page before
	From  int    // how many rows stand before this page
}

func (s *site) people(v *visit) error {
	page := peoplePage{Filter: readPeopleQuery(v)}
	rows, err := s.groupsBeside(v)
	if err != nil {
		return err
	}
	if page.Filter.In != "" {
		i := slices.IndexFunc(rows, func(r access.GroupRow) bool { return r.Group.Code == page.Filter.In })
		if i < 0 {
			return licensing.NotFoundError("", "%s", T(v.ctx(), "group.notFound"))
		}
		page.Chosen = &rows[i]
	}
	page.Tree = newGroupTree(rows, page.Filter.In)
	if page.PeoplePage, err = s.services.People.People(v.ctx(), v.actor, page.Filter.filter()); err != nil {
		return err
	}
	if v.fragment() {
		return v.show(http.StatusOK, peopleResults(page))
	}
	if page.Invited, err = s.services.People.CountInvitations(v.ctx(), v.actor, page.Filter.In); err != nil {
		return err
	}
	return v.show(http.StatusOK, peopleList(page))
}

// groupsBeside are the groups of the tree beside the list. What is drawn anew while one types has no tree: then they are
// named and nothing is counted.
func (s *site) groupsBeside(v *visit) (rows []access.GroupRow, err error) {
	if !v.fragment() {
		return s.services.People.Groups(v.ctx(), v.actor)
	}
	names, err := s.services.People.GroupNames(v.ctx(), v.actor)
	for _, n := range names {
		rows = append(rows, access.GroupRow{Group: licensing.Group{Code: n.Code, Name: n.Name}, Depth: n.Depth})
	}
	return rows, err
}

// filter is what the use case is asked.
func (q peopleQuery) filter() licensing.PeopleFilter {
	return licensing.PeopleFilter{
		Query: q.Query, Group: q.In, Role: q.Role, State: q.State, Sort: q.Sort, Desc: q.Desc, After: q.After, Limit: pageSize,
	}
}

// What one can ask for.
var (
	peopleRoles  = []licensing.Role{licensing.RoleAdmin, licensing.RoleMember, licensing.RoleService}
	peopleStates = []licensing.PersonState{licensing.PersonActive, licensing.PersonSuspended}
	peopleSorts  = []licensing.PeopleSort{licensing.SortEmail, licensing.SortGroup, licensing.SortSince}
)

// readPeopleQuery reads the address. What it does not know narrows nothing.
func readPeopleQuery(v *visit) peopleQuery {
	q := peopleQuery{
		Query: strings.TrimSpace(v.Query("q")), In: v.Query("in"), After: v.Query("after"), Desc: v.Query("order") == "desc",
		Role: known(peopleRoles, v.Query("role")), State: known(peopleStates, v.Query("state")), Sort: known(peopleSorts, v.Query("sort")),
	}
	if n, err := strconv.Atoi(v.Query("from")); err == nil && n > 0 && q.After != "" {
		q.From = n
	}
	return q
}

// known returns text when it is one of those that there are, else nothing.
func known[S ~string](all []S, text string) S {
	if slices.Contains(all, S(text)) {
		return S(text)
	}
	return ""
}

// address is the list's address with a query.
func (q peopleQuery) address(ctx context.Context) string {
	from, order := "", ""
	if q.After != "" {
		from = strconv.Itoa(q.From)
	}
	if q.Desc {
		order = "desc"
	}
	return query(at(ctx, "people"), "q", q.Query, "in", q.In, "role", string(q.Role), "state", string(q.State),
		"sort", string(q.Sort), "order", order, "after", q.After, "from", from)
}

// first is the first page of a query: every other one begins there.
func (q peopleQuery) first() peopleQuery {
	q.After, q.From = "", 0
	return q
}

func (q peopleQuery) in(code string) peopleQuery {
	q.In = code
	return q.first()
}

func (q peopleQuery) withRole(r licensing.Role) peopleQuery {
	q.Role = r
	return q.first()
}

func (q peopleQuery) withState(s licensing.PersonState) peopleQuery {
	q.State = s
	return q.first()
}

// sorted sorts by a column; the one that it is sorted by already, the other way round.
func (q peopleQuery) sorted(by licensing.PeopleSort) peopleQuery {
	q.Desc = q.Sort == by && !q.Desc
	q.Sort = by
	return q.first()
}

// next is the page after this one, which shows n rows and ends at a cursor.
func (q peopleQuery) next(cursor string, n int) peopleQuery {
	q.After, q.From = cursor, q.From+n
	return q
}

// narrowed reports whether more than a group is asked for.
func (q peopleQuery) narrowed() bool { return q.Query != "" || q.Role != "" || q.State != "" }

// direction is the list's order as aria-sort says it.
func (q peopleQuery) direction() string {
	if q.Desc {
		return "descending"
	}
	return "ascending"
}

// count is the second line of the page: "4 people in Nordic and 2 groups below".
func (p peoplePage) count(ctx context.Context) string {
	n, below := number(p.Total), len(p.Tree.rows)-1
	switch {
	case p.Filter.narrowed() && p.Chosen != nil:
		return T(ctx, "people.found", "Count", p.Total, "N", n, "Group", p.Chosen.Group.Name)
	case p.Filter.narrowed():
		return T(ctx, "people.found", "Count", p.Total, "N", n, "Group", visitOf(ctx).actor.GroupName)
	case p.Chosen != nil:
		return T(ctx, "people.count", "Count", p.Total, "N", n, "Group", p.Chosen.Group.Name)
	case below == 0:
		return T(ctx, "people.count", "Count", p.Total, "N", n, "Group", visitOf(ctx).actor.GroupName)
	default:
		return sentencePair(T(ctx, "people.count", "Count", p.Total, "N", n, "Group", visitOf(ctx).actor.GroupName), T(ctx, "people.below", "Count", below, "N", number(below)))
	}
}

// sentencePair joins the beginning of a sentence and its end.
func sentencePair(begin, end string) string { return begin + " " + end }

// rows is "1 to 25 of 61".
func (p peoplePage) rows(ctx context.Context) string {
	return T(ctx, "licenses.rows", "From", number(p.Filter.From+1), "To", number(p.Filter.From+len(p.People)), "N", number(p.Total))
}

// inviteTo is where one invites into the chosen group, as somebody with a role or, without one, as a member.
func (p peoplePage) inviteTo(ctx context.Context, role string) string {
	return query(at(ctx, "people", "invite"), "to", p.Filter.In, "role", role)
}

// personRole is a membership's role for a person: "admin", "service account".
func personRole(ctx context.Context, m licensing.Membership) string {
	return T(ctx, "role."+roleKey(m))
}

// sinceWhen is the day on which a membership began.
func sinceWhen(ctx context.Context, m licensing.Membership) string {
	return dayShort(ctx, licensing.DayOf(m.CreatedAt, visitOf(ctx).now.Zone))
}
