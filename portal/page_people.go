package portal

import (
	"context"
	"net/http"
	"slices"

	"kontor/internal/access"
	"kontor/internal/licensing"
	"kontor/internal/ordering"
)

// peoplePage is what the list of people shows, beside the tree of groups.
type peoplePage struct {
	listView
	People  []licensing.Membership
	Tree    groupTree
	Chosen  *access.GroupRow // the group that the list is narrowed to
	Invited int              // invitations that are pending within sight
}

// peopleFilters are the names that the list's address knows; "in" is the code of a group, without those below it.
var peopleFilters = []string{"q", "in", "role", "state", "sort", "dir"}

func (s *site) people(v *visit) error {
	q := readPeople(v)
	rows, err := s.groupsBeside(v)
	if err != nil {
		return err
	}
	page := peoplePage{listView: listView{Query: q, Name: "people", Find: T(v.ctx(), "people.find")}}
	if code := q.get("in"); code != "" {
		i := slices.IndexFunc(rows, func(r access.GroupRow) bool { return r.Group.Code == code })
		if i < 0 {
			return licensing.NotFoundError("", "%s", T(v.ctx(), "group.notFound"))
		}
		page.Chosen = &rows[i]
	}
	page.Tree = newGroupTree(rows, q.get("in"))
	page.Columns = peopleColumns(v.ctx(), page.Chosen != nil || len(rows) == 1)
	if s.chosenColumns(v, page.Name, page.Columns) {
		return v.goTo(q.address(v.ctx()))
	}
	f := peopleFilterOf(q)
	f.Limit = pageSize
	found, err := s.services.People.People(v.ctx(), v.actor, f)
	if err != nil {
		return err
	}
	page.People, page.Rows = found.People, len(found.People)
	page.Page = ordering.Page{Found: licensing.Count{N: found.Total}, Before: found.Before, After: found.After}
	page.Filters = peopleFilterForm(v.ctx(), q)
	page.Chips = page.chips(v.ctx())
	if page.Invited, err = s.services.People.CountInvitations(v.ctx(), v.actor, q.get("in")); err != nil {
		return err
	}
	if v.fragment() {
		return v.show(http.StatusOK, peopleResults(page))
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

// What one can ask for.
var (
	peopleRoles  = []licensing.Role{licensing.RoleAdmin, licensing.RoleMember, licensing.RoleService}
	peopleStates = []licensing.PersonState{licensing.PersonActive, licensing.PersonSuspended}
	peopleSorts  = []licensing.PeopleSort{licensing.SortEmail, licensing.SortGroup, licensing.SortSince}
)

// readPeople reads the address. What there is not narrows nothing.
func readPeople(v *visit) listQuery {
	q := readList(v, peopleFilters, "people")
	for name, value := range map[string]string{
		"role": known(peopleRoles, q.get("role")), "state": known(peopleStates, q.get("state")), "sort": known(peopleSorts, q.get("sort")),
	} {
		q.Values.Del(name)
		if value != "" {
			q.Values.Set(name, value)
		}
	}
	if v.Query("order") == "desc" { // as links have it that were kept from earlier releases
		q.Values.Set("dir", "reverse")
	}
	return q
}

// known returns text when it is one of those that there are, else nothing.
func known[S ~string](all []S, text string) string {
	if slices.Contains(all, S(text)) {
		return text
	}
	return ""
}

// peopleFilterOf turns an address into what the use case takes.
func peopleFilterOf(q listQuery) licensing.PeopleFilter {
	return licensing.PeopleFilter{
		Query: q.get("q"), Group: q.get("in"), Role: licensing.Role(q.get("role")), State: licensing.PersonState(q.get("state")),
		Sort: licensing.PeopleSort(q.get("sort")), Desc: q.reverse(), After: q.After, Before: q.Before,
	}
}

// peopleColumns are the columns of the list, the usual ones shown. Of a single group its name says nothing.
func peopleColumns(ctx context.Context, single bool) []listColumn {
	return []listColumn{
		{Name: "name", Label: T(ctx, "people.name"), Shown: true, Fixed: true, Sorts: true, Sort: string(licensing.SortName), With: "email"},
		{Name: "email", Label: T(ctx, "lists.email"), Sorts: true, Sort: string(licensing.SortEmail)},
		{Name: "role", Label: T(ctx, "people.role"), Shown: true},
		{Name: "group", Label: T(ctx, "license.group"), Shown: true, Sorts: true, Sort: string(licensing.SortGroup), Idle: single},
		{Name: "since", Label: T(ctx, "people.since"), Shown: true, Sorts: true, Sort: string(licensing.SortSince)},
		{Name: "state", Label: T(ctx, "license.state"), Shown: true},
	}
}

// peopleFilterForm are the filters of the list, beside the groups of the tree.
func peopleFilterForm(ctx context.Context, q listQuery) []listFilter {
	roles := listFilter{Name: "role", Label: T(ctx, "people.role"), Kind: "select", Closed: true}
	for _, r := range peopleRoles {
		roles.Options = append(roles.Options, option(q, "role", string(r), T(ctx, "people.roles."+string(r))))
	}
	states := listFilter{Name: "state", Label: T(ctx, "license.state"), Kind: "select", Closed: true}
	for _, s := range peopleStates {
		states.Options = append(states.Options, option(q, "state", string(s), T(ctx, "state."+string(s))))
	}
	return []listFilter{roles, states}
}

// chips are the filters that hold, the chosen group first.
func (p peoplePage) chips(ctx context.Context) (chips []listChip) {
	if p.Chosen != nil {
		chips = append(chips, listChip{T(ctx, "license.group"), p.Chosen.Group.Name, p.Query.with("in").address(ctx)})
	}
	return append(chips, filterChips(ctx, p.Query, p.Filters)...)
}

// narrowed reports whether more than a group is asked for.
func (p peoplePage) narrowed() bool { return p.Query.with("in").narrowed() }

// count is the second line of the page: "4 people in Nordic and 2 groups below".
func (p peoplePage) count(ctx context.Context) string {
	total, below := p.Page.Found.N, len(p.Tree.rows)-1
	n := number(total)
	switch {
	case p.narrowed() && p.Chosen != nil:
		return T(ctx, "people.found", "Count", total, "N", n, "Group", p.Chosen.Group.Name)
	case p.narrowed():
		return T(ctx, "people.found", "Count", total, "N", n, "Group", visitOf(ctx).actor.GroupName)
	case p.Chosen != nil:
		return T(ctx, "people.count", "Count", total, "N", n, "Group", p.Chosen.Group.Name)
	case below == 0:
		return T(ctx, "people.count", "Count", total, "N", n, "Group", visitOf(ctx).actor.GroupName)
	default:
		return sentencePair(T(ctx, "people.count", "Count", total, "N", n, "Group", visitOf(ctx).actor.GroupName), T(ctx, "people.below", "Count", below, "N", number(below)))
	}
}

// sentencePair joins the beginning of a sentence and its end.
func sentencePair(begin, end string) string { return begin + " " + end }

// inviteTo is where one invites into the chosen group, as somebody with a role or, without one, as a member.
func (p peoplePage) inviteTo(ctx context.Context, role string) string {
	return query(at(ctx, "people", "invite"), "to", p.Query.get("in"), "role", role)
}

// personRole is a membership's role for a person: "admin", "service account".
func personRole(ctx context.Context, m licensing.Membership) string {
	return T(ctx, "role."+roleKey(m))
}

// sinceWhen is the day on which a membership began.
func sinceWhen(ctx context.Context, m licensing.Membership) string {
	return dayShort(ctx, licensing.DayOf(m.CreatedAt, visitOf(ctx).now.Zone))
}
