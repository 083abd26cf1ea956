package access

import (
	"context"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

// settleMoved ends the grants that a move of group has left without support, with what hangs under them, and returns
// them. The group's new parent is written already.
func settleMoved(ctx context.Context, tx *usecase.Tx, group licensing.Group) ([]licensing.Grant, error) {
	if err := tx.LockPolicy(ctx); err != nil {
		return nil, err
	}
	f, settled, err := settleIn(ctx, tx, group, nil)
	if err != nil {
		return nil, err
	}
	return settled.Lost(f.Today), f.write(ctx, tx, "grant.moved", settled)
}

// previewMoved returns the grants that settleMoved would end if group stood below parent.
func previewMoved(ctx context.Context, tx *usecase.Tx, group, parent licensing.Group) ([]licensing.Grant, error) {
	f, settled, err := settleIn(ctx, tx, group, &parent)
	if err != nil {
		return nil, err
	}
	return settled.Lost(f.Today), nil
}

// settleIn settles all grants in a group and below it, as if the group stood below parent when there is one.
func settleIn(ctx context.Context, tx *usecase.Tx, group licensing.Group, parent *licensing.Group) (f *facts, out licensing.Settled, err error) {
	f = newFacts(tx)
	if err := f.tree(ctx, tx, group.ID, group.Code); err != nil {
		return f, out, err
	}
	within, err := tx.GrantsWithin(ctx, group.ID)
	if err != nil {
		return f, out, err
	}
	f.add(within)
	if err := f.givers(ctx, tx, within); err != nil {
		return f, out, err
	}
	if parent != nil {
		if err := f.above(ctx, tx, parent.ID, parent.Code); err != nil {
			return f, out, err
		}
		f.Parent[group.Code] = parent.Code
		for code := parent.Code; code != ""; code = f.Parent[code] {
			there, err := tx.GrantsTo(ctx, licensing.TreeSubject(code))
			if err != nil {
				return f, out, err
			}
			f.add(there)
		}
	}
	ids := make([]licensing.GrantID, len(within))
	for i, g := range within {
		ids[i] = g.ID
	}
	return f, f.Resettle(ids...), nil
}

// rehang lets what m passed on hang under who gave it to m from now on. It is called before m is demoted, suspended
// or removed.
func rehang(ctx context.Context, tx *usecase.Tx, m licensing.Membership) error {
	if err := tx.LockPolicy(ctx); err != nil {
		return err
	}
	given, err := tx.GrantsGivenBy(ctx, m.ID)
	if err != nil || len(given) == 0 {
		return err
	}
	f := newFacts(tx)
	f.add(given)
	next := map[licensing.MembershipID]bool{} // who takes them over
	for _, g := range given {
		if err := f.up(ctx, tx, g, m.ID, next); err != nil {
			return err
		}
	}
	for id := range next {
		theirs, err := takenOverBy(ctx, tx, id, given)
		if err != nil {
			return err
		}
		f.add(theirs)
		for _, g := range theirs { // two that become one leave what hangs under them to the one
			for _, mine := range given {
				if g.Who == mine.Who && g.Category == mine.Category && g.Action == mine.Action {
					below, err := tx.GrantsUnder(ctx, mine.ID)
					if err != nil {
						return err
					}
					f.add(below)
				}
			}
		}
	}
	return f.write(ctx, tx, "grant.passed", f.Rehang(m.ID))
}

// up loads what g hangs under, up to the grant of somebody else than giver that gave it to him, and the one above.
func (f *facts) up(ctx context.Context, tx *usecase.Tx, g licensing.Grant, giver licensing.MembershipID, next map[licensing.MembershipID]bool) error {
	for g.Under != "" {
		mine := g.GivenBy == giver
		p, loaded := f.Grants[g.Under]
		if !loaded {
			var err error
			if p, err = tx.GrantByID(ctx, g.Under); err != nil {
				return err
			}
			f.add([]licensing.Grant{p})
		}
		if !mine {
			next[g.GivenBy] = true
			return nil
		}
		g = p
	}
	if g.GivenBy != giver {
		next[g.GivenBy] = true
	}
	return nil
}

// takenOverBy loads what next has given, among it what becomes one with grants that it takes over. Of the ISV, which
// is nobody and gave a lot, only that to the same holders is loaded.
func takenOverBy(ctx context.Context, tx *usecase.Tx, next licensing.MembershipID, given []licensing.Grant) (theirs []licensing.Grant, err error) {
	if next != "" {
		return tx.GrantsGivenBy(ctx, next)
	}
	seen := map[string]bool{}
	for _, g := range given {
		if seen[g.Who] {
			continue
		}
		seen[g.Who] = true
		held, err := tx.GrantsTo(ctx, g.Who)
		if err != nil {
			return nil, err
		}
		for _, h := range held {
			if h.GivenBy == "" {
				theirs = append(theirs, h)
			}
		}
	}
	return theirs, nil
}

// dropHeld ends the grants to m alone, when m is removed; nothing hangs under them any more.
func dropHeld(ctx context.Context, tx *usecase.Tx, m licensing.Membership) error {
	held, err := tx.GrantsTo(ctx, m.Subject())
	if err != nil {
		return err
	}
	return newFacts(tx).write(ctx, tx, "", licensing.Settled{Fallen: held})
}
