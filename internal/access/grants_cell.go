package access

import (
	"context"
	"errors"
	"slices"
	"strings"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

// maxNamed is how many parties, or names of groups, a detail lists; it counts the rest.
const maxNamed = 50

// Cell shows one cell of the matrix: who is a row's Party.Who. Not found beyond sight.
func (s *Service) Cell(ctx context.Context, actor licensing.Actor, who, category string, action licensing.Action) (CellDetail, error) {
	return usecase.Read(ctx, s.runner, actor, func(ctx context.Context, tx *usecase.Tx) (out CellDetail, err error) {
		g, err := s.looking(ctx, tx)
		if err != nil {
			return out, err
		}
		m, _, err := namedBy(ctx, tx, who)
		if errors.Is(err, licensing.ErrNone) || err == nil && !m.RemovedAt.IsZero() {
			return out, licensing.NobodyInSight()
		}
		if err == nil {
			out.Party, err = g.party(ctx, tx, who)
		}
		if err != nil {
			return out, err
		}
		if out.Party.Kind == PartyAbove {
			return out, licensing.NobodyInSight()
		}
		known, err := g.known(ctx, tx)
		if err != nil {
			return out, err
		}
		i := slices.IndexFunc(known, func(c licensing.Category) bool { return c.Code == category })
		if i < 0 || !slices.Contains(allActions, action) {
			return out, licensing.NotFoundError("category", "Nobody in your sight holds anything in a category %q.", category)
		}
		out.CategoryName, out.Today = known[i].Name, g.Today
		reaching, err := g.reaching(ctx, tx, who, nil)
		if err != nil {
			return out, err
		}
		if out.Cell, err = g.cell(ctx, tx, who, category, action, reaching); err != nil {
			return out, err
		}
		for _, grant := range reaching {
			if grant.Covers(category, string(action)) {
				held, err := g.held(ctx, tx, grant)
				if err != nil {
					return out, err
				}
				out.Grants = append(out.Grants, held)
			}
		}
		if under, ok := g.support(category, action); ok {
			out.Latest = under.Until
		}
		if m.ID != "" {
			if out.Licenses, err = g.licenses(ctx, tx, m.ID, category); err != nil {
				return out, err
			}
		}
		return out, g.reach(ctx, tx, &out)
	})
}

// reach tells which groups and how many people a holder's name covers.
func (g *giving) reach(ctx context.Context, tx *usecase.Tx, out *CellDetail) error {
	for code, group := range g.groups {
		if code == out.Party.GroupCode || out.Party.Kind == PartyTree && g.AtOrBelow(code, out.Party.GroupCode) {
			out.Reaches = append(out.Reaches, group.Name)
		}
	}
	slices.Sort(out.Reaches)
	out.ReachesCount = len(out.Reaches)
	out.Reaches = out.Reaches[:min(maxNamed, len(out.Reaches))]
	if out.Party.Membership != "" {
		people, err := g.behind(ctx, tx, out.Party.Who)
		out.People = len(people)
		return err
	}
	var err error
	out.People, err = g.count(ctx, tx, out.Party)
	return err
}

// held shows a grant that reaches somebody in sight, with where it comes from, where it went, and what the admin may
// do about it.
func (g *giving) held(ctx context.Context, tx *usecase.Tx, grant licensing.Grant) (HeldGrant, error) {
	out, err := g.shown(ctx, tx, grant)
	if err != nil || out.To.Kind == PartyAbove {
		return out, err
	}
	if err := g.under(ctx, tx, grant.ID); err != nil {
		return out, err
	}
	var below []licensing.Grant
	for _, x := range g.Grants {
		if x.ID != grant.ID && !x.Ended(g.Today) && g.HangsUnder(x.ID, grant.ID) {
			out.PassedOnCount++
			if x.Under == grant.ID {
				below = append(below, x)
			}
		}
	}
	slices.SortFunc(below, func(a, b licensing.Grant) int { return strings.Compare(string(a.ID), string(b.ID)) })
	for _, x := range below[:min(maxNamed, len(below))] {
		to, err := g.party(ctx, tx, x.Who)
		if err != nil {
			return out, err
		}
		out.PassedOn = append(out.PassedOn, Link{to, x.CreatedAt, x.Until})
	}
	_, err = g.mayTakeBack(grant)
	if out.MayTakeBack = err == nil; err != nil && licensing.AsError(err).Kind != licensing.Denied {
		return out, err
	}
	latest, err := g.latestEnd(ctx, tx, grant)
	if err != nil {
		if licensing.AsError(err).Kind == licensing.Denied {
			err = nil
		}
		return out, err
	}
	out.MaySetEnd, out.Latest = true, latest
	return out, nil
}

// shown shows a grant with where it comes from.
func (v *view) shown(ctx context.Context, tx *usecase.Tx, grant licensing.Grant) (out HeldGrant, err error) {
	out = HeldGrant{ID: grant.ID, Category: grant.Category, Action: grant.Action, Until: grant.Until, GivenAt: grant.CreatedAt}
	if out.To, err = v.party(ctx, tx, grant.Who); err != nil {
		return out, err
	}
	if out.From, err = v.giverOf(ctx, tx, grant); err != nil {
		return out, err
	}
	way := []licensing.Grant{grant}
	for g := grant; g.Under != ""; {
		if g, err = tx.GrantByID(ctx, g.Under); err != nil {
			return out, err
		}
		way = append(way, g)
	}
	slices.Reverse(way)
	link := func(l Link) {
		if n := len(out.Chain); l.Party.Kind == PartyAbove && n > 0 && out.Chain[n-1].Party.Kind == PartyAbove {
			return // all above sight is one
		}
		if l.Party.Kind == PartyAbove {
			l = Link{Party: l.Party}
		}
		out.Chain = append(out.Chain, l)
	}
	for i, g := range way {
		from, err := v.giverOf(ctx, tx, g)
		if err != nil {
			return out, err
		}
		// Between two grants stands who held the one and gave the other: when he held it through a group, both are named.
		if i == 0 || from.Who != way[i-1].Who || from.Kind == PartyAbove {
			link(Link{Party: from})
		}
		to, err := v.party(ctx, tx, g.Who)
		if err != nil {
			return out, err
		}
		link(Link{to, g.CreatedAt, g.Until})
	}
	return out, nil
}
