package access

import (
	"context"
	"errors"
	"slices"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

// view shows parties to a viewer as far as his sight reaches, and remembers what it has read.
type view struct {
	*facts
	viewer  licensing.Membership
	all     bool // the operator's view, who sees everything
	parties map[string]Party
	people  map[licensing.MembershipID]licensing.Membership
	to      map[string][]licensing.Grant // what a name holds by itself and has not ended
	counts  map[licensing.MembershipID]map[string]int
	members map[string][]licensing.Membership // of groups, the active ones
}

func newView(f *facts, viewer licensing.Membership) *view {
	return &view{
		facts: f, viewer: viewer, parties: map[string]Party{}, people: map[licensing.MembershipID]licensing.Membership{},
		to: map[string][]licensing.Grant{}, counts: map[licensing.MembershipID]map[string]int{}, members: map[string][]licensing.Membership{},
	}
}

// sees reports whether a group, loaded with those above it, is in the viewer's sight.
func (v *view) sees(code string) bool {
	return v.all || code == v.viewer.GroupCode || v.viewer.Role.Below() && v.AtOrBelow(code, v.viewer.GroupCode)
}

// party shows whom a name of the policy stands for.
func (v *view) party(ctx context.Context, tx *usecase.Tx, who string) (Party, error) {
	if p, known := v.parties[who]; known {
		return p, nil
	}
	code, _ := licensing.SubjectGroup(who)
	var m licensing.Membership
	g, loaded := v.groups[code]
	var err error
	if _, isMember := licensing.SubjectEmail(who); isMember || !loaded {
		m, g, err = namedBy(ctx, tx, who)
	}
	if errors.Is(err, licensing.ErrNone) {
		return Party{Kind: PartyAbove}, nil // nobody has that name
	}
	if err == nil {
		err = v.above(ctx, tx, g.ID, g.Code)
	}
	if err != nil {
		return Party{}, err
	}
	p := Party{Kind: PartyAbove}
	switch {
	case !v.sees(g.Code):
	case m.ID != "":
		p = v.partyOf(m)
	default:
		p = Party{Kind: PartyGroup, Who: who, Name: g.Name, GroupCode: g.Code, GroupName: g.Name}
		if who == licensing.TreeSubject(g.Code) {
			p.Kind = PartyTree
		}
	}
	v.parties[who] = p
	return p, nil
}

// partyOf shows a membership that is in sight.
func (v *view) partyOf(m licensing.Membership) Party {
	kind := PartyMember
	if m.Role == licensing.RoleService {
		kind = PartyService
	}
	return Party{
		Kind: kind, Who: m.Subject(), Membership: m.ID, Name: m.UserName, Email: m.Email, Role: m.Role,
		GroupCode: m.GroupCode, GroupName: m.GroupName, You: m.ID == v.viewer.ID && !v.all, Suspended: m.Suspended,
	}
}

// giverOf shows who gave a grant.
func (v *view) giverOf(ctx context.Context, tx *usecase.Tx, g licensing.Grant) (Party, error) {
	if g.GivenBy == "" {
		if v.all || v.viewer.GroupIsISV {
			return Party{Kind: PartyISV}, nil
		}
		return Party{Kind: PartyAbove}, nil
	}
	m, err := v.person(ctx, tx, g.GivenBy)
	if err != nil {
		return Party{}, err
	}
	if err := v.above(ctx, tx, m.Group, m.GroupCode); err != nil {
		return Party{}, err
	}
	if !v.sees(m.GroupCode) {
		return Party{Kind: PartyAbove}, nil
	}
	return v.partyOf(m), nil
}

func (v *view) person(ctx context.Context, tx *usecase.Tx, id licensing.MembershipID) (licensing.Membership, error) {
	if m, known := v.people[id]; known {
		return m, nil
	}
	m, err := tx.Membership(ctx, id)
	v.people[id] = m
	return m, err
}

// holds returns what a name holds by itself and has not ended.
func (v *view) holds(ctx context.Context, tx *usecase.Tx, who string) ([]licensing.Grant, error) {
	if gs, known := v.to[who]; known {
		return gs, nil
	}
	gs, err := tx.GrantsTo(ctx, who)
	gs = slices.DeleteFunc(gs, func(g licensing.Grant) bool { return g.Ended(v.Today) })
	v.to[who] = gs
	return gs, err
}

// namesOf returns the names that a grant can reach somebody by who has a name: himself, or the people of a group.
func (v *view) namesOf(who string) []string {
	code, _ := licensing.SubjectGroup(who)
	names := []string{who}
	_, isMember := licensing.SubjectEmail(who)
	if isMember {
		names = append(names, licensing.GroupSubject(code))
	}
	for c := code; c != ""; c = v.Parent[c] {
		if name := licensing.TreeSubject(c); name != who {
			names = append(names, name)
		}
	}
	return names
}

// reaching returns what reaches who, his own first, without some grants.
func (v *view) reaching(ctx context.Context, tx *usecase.Tx, who string, without map[licensing.GrantID]bool) (all []licensing.Grant, err error) {
	for _, name := range v.namesOf(who) {
		gs, err := v.holds(ctx, tx, name)
		if err != nil {
			return nil, err
		}
		for _, g := range gs {
			if !without[g.ID] {
				all = append(all, g)
			}
		}
	}
	return all, nil
}

func covered(gs []licensing.Grant, category, action string) bool {
	return slices.ContainsFunc(gs, func(g licensing.Grant) bool { return g.Covers(category, action) })
}

// active returns the active people and service accounts of a group.
func (v *view) active(ctx context.Context, tx *usecase.Tx, code string) ([]licensing.Membership, error) {
	if all, known := v.members[code]; known {
		return all, nil
	}
	all, err := v.activeIn(ctx, tx, licensing.Sight{Group: v.groups[code].ID})
	v.members[code] = all
	return all, err
}

// activeIn returns the active people and service accounts within sight.
func (v *view) activeIn(ctx context.Context, tx *usecase.Tx, sight licensing.Sight) (all []licensing.Membership, err error) {
	for _, role := range []licensing.Role{"", licensing.RoleService} {
		f := licensing.PeopleFilter{Role: role, State: licensing.PersonActive, Limit: 500}
		for {
			page, err := tx.ListPeople(ctx, sight, f)
			if err != nil {
				return nil, err
			}
			all = append(all, page...)
			if len(page) < f.Limit {
				break
			}
			f.After = string(page[len(page)-1].ID)
		}
	}
	return all, nil
}

// behind returns the active memberships that a name stands for.
func (v *view) behind(ctx context.Context, tx *usecase.Tx, who string) ([]licensing.Membership, error) {
	if _, isMember := licensing.SubjectEmail(who); isMember {
		m, _, err := namedBy(ctx, tx, who)
		if errors.Is(err, licensing.ErrNone) || err == nil && !m.Active() {
			return nil, nil
		}
		return []licensing.Membership{m}, err
	}
	code, _ := licensing.SubjectGroup(who)
	if who == licensing.GroupSubject(code) {
		return v.active(ctx, tx, code)
	}
	if v.sees(code) {
		return v.activeIn(ctx, tx, licensing.Sight{Group: v.groups[code].ID, Below: true})
	}
	var all []licensing.Membership
	for c := range v.groups { // of a tree that reaches beyond sight, only what was loaded
		if v.AtOrBelow(c, code) {
			ms, err := v.active(ctx, tx, c)
			if err != nil {
				return nil, err
			}
			all = append(all, ms...)
		}
	}
	return all, nil
}

// countLicenses counts at once what everybody looks after whom a group's name stands for, as licenses would one by one.
func (v *view) countLicenses(ctx context.Context, tx *usecase.Tx, who string, people []licensing.Membership) error {
	if _, isMember := licensing.SubjectEmail(who); isMember {
		return nil
	}
	code, _ := licensing.SubjectGroup(who)
	counts, err := tx.LookedAfterIn(ctx, licensing.Sight{Group: v.groups[code].ID, Below: who == licensing.TreeSubject(code)})
	for _, m := range people {
		v.counts[m.ID] = counts[m.ID]
	}
	return err
}

// licenses counts the live licenses that a membership looks after in a category, or in all.
func (v *view) licenses(ctx context.Context, tx *usecase.Tx, m licensing.MembershipID, category string) (n int, err error) {
	counts, known := v.counts[m]
	if !known {
		if counts, err = tx.LookedAfter(ctx, m); err != nil {
			return 0, err
		}
		v.counts[m] = counts
	}
	for code, c := range counts {
		if category == licensing.Any || category == code {
			n += c
		}
	}
	return n, nil
}
