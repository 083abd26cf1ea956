package access

import (
	"context"
	"errors"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

// SetEnd gives a grant another last day. What was passed on under it never ends later than it. Its giver may, and
// whoever may take it back; nobody lets it last longer than what he holds himself.
func (s *Service) SetEnd(ctx context.Context, actor licensing.Actor, requestID string, in SetEnd) (out EndSet, replayed bool, err error) {
	return usecase.Run(ctx, s.runner, actor, "SetEnd", requestID, in, func(ctx context.Context, tx *usecase.Tx, in SetEnd) (EndSet, error) {
		g, err := s.giving(ctx, tx)
		if err != nil {
			return EndSet{}, err
		}
		grant, err := g.inSight(ctx, tx, in.Grant)
		if err != nil {
			return EndSet{}, err
		}
		latest, err := g.latestEnd(ctx, tx, grant)
		if err != nil {
			return EndSet{}, err
		}
		until := in.Until
		if until.IsZero() {
			until = latest
		}
		switch {
		case !until.IsZero() && until.Before(g.Today):
			return EndSet{}, licensing.InvalidRequest("until", "Enter %s or a later day.", g.Today)
		case licensing.Earlier(until, latest) != until:
			return EndSet{}, licensing.InvalidRequest("until", "Enter a day up to %s: what it hangs under ends then.", latest)
		}
		after := grant
		after.Until = until
		return g.setEnd(ctx, tx, grant, after)
	})
}

// inSight loads a grant in the admin's sight that has not ended, and all that hangs under it.
func (g *giving) inSight(ctx context.Context, tx *usecase.Tx, id licensing.GrantID) (licensing.Grant, error) {
	grant, err := tx.GrantByID(ctx, id)
	if errors.Is(err, licensing.ErrNone) {
		return grant, licensing.NoSuchGrant()
	}
	if err != nil {
		return grant, err
	}
	code, _ := licensing.SubjectGroup(grant.Who)
	if !g.sees(code) || grant.Ended(g.Today) {
		return grant, licensing.NoSuchGrant()
	}
	if _, err := g.party(ctx, tx, grant.Who); err != nil {
		return grant, err
	}
	return grant, g.under(ctx, tx, id)
}

// latestEnd returns the latest last day that the admin may set, zero for none, or why he may not set any.
func (g *giving) latestEnd(ctx context.Context, tx *usecase.Tx, grant licensing.Grant) (latest licensing.Day, err error) {
	if grant.GivenBy != g.admin.ID {
		own, err := g.mayTakeBack(grant)
		if err != nil {
			return latest, err
		}
		latest = own.Until
	}
	if grant.Under == "" {
		return latest, nil
	}
	above, err := tx.GrantByID(ctx, grant.Under)
	return licensing.Earlier(latest, above.Until), err
}

// mayTakeBack says whether the admin may take a grant back, which is loaded with all that hangs under it, and returns
// what he holds the same by otherwise. casbin is asked without the grant and what hangs under it.
func (g *giving) mayTakeBack(grant licensing.Grant) (own licensing.Grant, err error) {
	if g.withRole(grant) {
		return own, licensing.DeniedError("grant", "This comes with the role of an admin of the software maker. To take it back, change the role.")
	}
	if own, err = g.MayTakeBack(g.admin, grant); err != nil {
		return own, err
	}
	without := licensing.Policy{Version: g.policy.Version}
	for _, l := range g.policy.Lines {
		if l[0] != "p" || !g.HangsUnder(licensing.GrantID(l[4]), grant.ID) {
			without.Lines = append(without.Lines, l)
		}
	}
	d, err := g.judge.Judge(without, g.admin.ID, grant.Action, grant.Category)
	if err == nil && !d.Allowed {
		err = licensing.NotYoursToTakeBack()
	}
	return own, err
}

// withRole reports whether a grant is the one that every ISV admin holds.
func (g *giving) withRole(grant licensing.Grant) bool {
	p := g.parties[grant.Who]
	return grant.Under == "" && grant.Category == licensing.Any && grant.Action == licensing.Any && p.Role == licensing.RoleAdmin && g.Parent[p.GroupCode] == ""
}

// setEnd writes another end, and ends what was passed on under it no later.
func (g *giving) setEnd(ctx context.Context, tx *usecase.Tx, before, grant licensing.Grant) (EndSet, error) {
	out := EndSet{Grant: grant.ID, From: before.Until, Until: grant.Until}
	if grant == before {
		return out, nil
	}
	if err := tx.ChangeGrant(ctx, grant); err != nil {
		return EndSet{}, err
	}
	if err := g.audit(ctx, tx, "grant.endSet", before, grant); err != nil {
		return EndSet{}, err
	}
	g.Grants[grant.ID] = grant
	var below []licensing.GrantID
	for _, x := range g.Grants {
		if x.Under == grant.ID {
			below = append(below, x.ID)
		}
	}
	settled := g.Resettle(below...)
	out.Clipped = len(settled.Changed)
	return out, g.write(ctx, tx, "grant.endSet", settled)
}
