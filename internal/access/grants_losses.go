package access

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

// preview tells who loses what.
func (t *taking) preview(ctx context.Context, tx *usecase.Tx) (TakeBackPreview, error) {
	out := TakeBackPreview{Grant: t.grant.ID, Category: t.grant.Category, CategoryName: t.categories[t.grant.Category].Name, Action: t.grant.Action, Fingerprint: t.fingerprint()}
	var err error
	if out.To, err = t.party(ctx, tx, t.grant.Who); err != nil {
		return out, err
	}
	gone := map[licensing.GrantID]bool{}
	children := map[licensing.GrantID][]licensing.Grant{}
	for _, g := range t.falls.Lost(t.Today) {
		gone[g.ID] = true
		if g.ID != t.grant.ID {
			children[g.Under] = append(children[g.Under], g)
		}
	}
	losers := map[licensing.MembershipID]int{} // their licenses
	var list func(g licensing.Grant, depth int) error
	list = func(g licensing.Grant, depth int) error {
		loss, err := t.loss(ctx, tx, g, gone, losers)
		if err != nil {
			return err
		}
		loss.Depth = depth
		out.Falls = append(out.Falls, loss)
		below := children[g.ID]
		if err := t.byName(ctx, tx, below); err != nil {
			return err
		}
		for _, c := range below {
			if err := list(c, depth+1); err != nil {
				return err
			}
		}
		return nil
	}
	if err := list(t.grant, 0); err != nil {
		return out, err
	}
	out.People = len(losers)
	for _, n := range losers {
		out.Licenses += n
	}
	if out.Held, err = t.names(ctx, tx, t.heldOn(gone)); err != nil {
		return out, err
	}
	if out.Stays, err = t.names(ctx, tx, t.staying()); err != nil {
		return out, err
	}
	out.NobodyLeft, err = t.nobodyLeft(ctx, tx, losers, gone)
	return out, err
}

// heldOn returns those of the grants that fall which go on when the admin holds what hangs under the one that is taken.
func (t *taking) heldOn(gone map[licensing.GrantID]bool) (on []licensing.Grant) {
	fall := map[licensing.GrantID]bool{}
	for _, g := range t.held.Fallen {
		fall[g.ID] = true
	}
	for id := range gone {
		if !fall[id] {
			on = append(on, t.Grants[id])
		}
	}
	return on
}

// staying returns what hung right under the grant and finds another place.
func (t *taking) staying() (stay []licensing.Grant) {
	for _, g := range t.falls.Changed {
		if before := t.Grants[g.ID]; before.Under == t.grant.ID && g.Under != before.Under {
			stay = append(stay, g)
		}
	}
	return stay
}

// names shows whom grants are for, by name, everybody once.
func (t *taking) names(ctx context.Context, tx *usecase.Tx, grants []licensing.Grant) (parties []Party, err error) {
	if err := t.byName(ctx, tx, grants); err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	for _, g := range grants {
		if !seen[g.Who] {
			seen[g.Who] = true
			parties = append(parties, t.parties[g.Who])
		}
	}
	return parties, nil
}

// byName sorts grants by the name of whom they are for.
func (t *taking) byName(ctx context.Context, tx *usecase.Tx, grants []licensing.Grant) error {
	for _, g := range grants {
		if _, err := t.party(ctx, tx, g.Who); err != nil {
			return err
		}
	}
	slices.SortFunc(grants, func(a, b licensing.Grant) int {
		p, q := t.parties[a.Who], t.parties[b.Who]
		return cmp.Or(strings.Compare(licensing.Fold(p.Name), licensing.Fold(q.Name)), strings.Compare(a.Who, b.Who), strings.Compare(string(a.ID), string(b.ID)))
	})
	return nil
}

// loss tells what the holder of a grant loses with it, and adds the people to all losers.
func (t *taking) loss(ctx context.Context, tx *usecase.Tx, g licensing.Grant, gone map[licensing.GrantID]bool, losers map[licensing.MembershipID]int) (out Loss, err error) {
	out = Loss{Category: g.Category, Action: g.Action}
	if out.Party, err = t.party(ctx, tx, g.Who); err != nil {
		return out, err
	}
	if out.From, err = t.giverOf(ctx, tx, g); err != nil {
		return out, err
	}
	kept, err := t.reaching(ctx, tx, g.Who, gone)
	if err != nil {
		return out, err
	}
	out.Keeps = t.keeps(kept)
	if out.Still = covered(kept, g.Category, g.Action); out.Still {
		return out, nil
	}
	people, err := t.behind(ctx, tx, g.Who)
	if err != nil {
		return out, err
	}
	if err := t.countLicenses(ctx, tx, g.Who, people); err != nil {
		return out, err
	}
	for _, m := range people {
		has, err := t.reaching(ctx, tx, m.Subject(), gone)
		if err != nil {
			return out, err
		}
		if covered(has, g.Category, g.Action) {
			continue
		}
		n, err := t.licenses(ctx, tx, m.ID, g.Category)
		if err != nil {
			return out, err
		}
		out.People++
		out.Licenses += n
		losers[m.ID] = max(losers[m.ID], n)
	}
	return out, nil
}

// keeps sums up what grants allow, in the catalog's order.
func (v *giving) keeps(grants []licensing.Grant) (all []Keeps) {
	var codes []string
	for _, g := range grants {
		if !slices.Contains(codes, g.Category) {
			codes = append(codes, g.Category)
		}
	}
	slices.SortFunc(codes, func(a, b string) int {
		return cmp.Or(strings.Compare(v.categories[a].Name, v.categories[b].Name), strings.Compare(a, b))
	})
	for _, code := range codes {
		k := Keeps{Category: code, CategoryName: v.categories[code].Name}
		for _, action := range allActions {
			if slices.ContainsFunc(grants, func(g licensing.Grant) bool { return g.Category == code && g.Covers(code, string(action)) }) {
				k.Actions = append(k.Actions, action)
			}
		}
		all = append(all, k)
	}
	return all
}

var allActions = []licensing.Action{licensing.Create, licensing.Modify, licensing.Revoke}

// nobodyLeft names the groups of those who lose it in which nobody could do it any more.
func (t *taking) nobodyLeft(ctx context.Context, tx *usecase.Tx, losers map[licensing.MembershipID]int, gone map[licensing.GrantID]bool) (names []string, err error) {
	checked := map[string]bool{}
	for id := range losers {
		m, err := t.person(ctx, tx, id)
		if err != nil {
			return nil, err
		}
		if checked[m.GroupCode] {
			continue
		}
		checked[m.GroupCode] = true
		people, err := t.active(ctx, tx, m.GroupCode)
		if err != nil {
			return nil, err
		}
		left := false
		for _, p := range people {
			has, err := t.reaching(ctx, tx, p.Subject(), gone)
			if err != nil {
				return nil, err
			}
			if left = covered(has, t.grant.Category, t.grant.Action); left {
				break
			}
		}
		if !left {
			names = append(names, m.GroupName)
		}
	}
	slices.Sort(names)
	return names, nil
}
