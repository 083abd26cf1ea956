package access

import (
	"context"
	"errors"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

// PreviewCopy tells what Copy would give, and what not.
func (s *Service) PreviewCopy(ctx context.Context, actor licensing.Actor, in CopyGrants) (Copied, error) {
	return usecase.Read(ctx, s.runner, actor, func(ctx context.Context, tx *usecase.Tx) (Copied, error) {
		g, err := s.looking(ctx, tx)
		if err != nil {
			return Copied{}, err
		}
		out, _, err := g.copied(ctx, tx, in)
		return out, err
	})
}

// Copy gives a member what another one holds himself, as far as the actor may.
func (s *Service) Copy(ctx context.Context, actor licensing.Actor, requestID string, in CopyGrants) (out Copied, replayed bool, err error) {
	return usecase.Run(ctx, s.runner, actor, "Copy", requestID, in, func(ctx context.Context, tx *usecase.Tx, in CopyGrants) (Copied, error) {
		g, err := s.giving(ctx, tx)
		if err != nil {
			return Copied{}, err
		}
		out, gives, err := g.copied(ctx, tx, in)
		if err != nil {
			return Copied{}, err
		}
		for _, give := range gives {
			if _, err := g.give(ctx, tx, give); err != nil {
				return Copied{}, err
			}
		}
		return out, nil
	})
}

// copied sorts what one member holds himself by what becomes of it for another one.
func (g *giving) copied(ctx context.Context, tx *usecase.Tx, in CopyGrants) (out Copied, gives []GivePermission, err error) {
	var from, to licensing.Membership
	for _, x := range []struct {
		field string
		id    licensing.MembershipID
		m     *licensing.Membership
		p     *Party
	}{{"from", in.From, &from, &out.From}, {"to", in.To, &to, &out.To}} {
		if *x.m, err = tx.Membership(ctx, x.id); errors.Is(err, licensing.ErrNone) || err == nil && (!x.m.RemovedAt.IsZero() || !g.sees(x.m.GroupCode)) {
			return out, nil, licensing.NotFoundError(x.field, "There is no such person in your sight.")
		}
		if err != nil {
			return out, nil, err
		}
		*x.p = g.partyOf(*x.m)
		g.parties[x.m.Subject()] = *x.p
	}
	if from.ID == to.ID {
		return out, nil, licensing.InvalidRequest("from", "Choose somebody else to copy from.")
	}
	if err := g.MayGiveTo(g.admin, to.Subject()); err != nil {
		e := *licensing.AsError(err)
		e.Field = "to"
		return out, nil, &e
	}
	theirs, err := g.holds(ctx, tx, from.Subject())
	if err != nil {
		return out, nil, err
	}
	has, err := g.holds(ctx, tx, to.Subject())
	if err != nil {
		return out, nil, err
	}
	for _, x := range theirs {
		if g.withRole(x) {
			continue // it comes with being an ISV admin
		}
		line := CopiedGrant{Category: x.Category, CategoryName: g.categories[x.Category].Name, Action: x.Action, Until: x.Until}
		if lasting(has, x) {
			out.Has = append(out.Has, line)
			continue
		}
		under, _ := g.Support(g.admin, x.Category, x.Action)
		give := GivePermission{Who: to.Subject(), Category: x.Category, Action: x.Action, Until: licensing.Earlier(x.Until, under.Until)}
		grant, err := g.mayGive(ctx, tx, give)
		switch e := licensing.AsError(err); {
		case err == nil:
			line.Until = grant.Until
			out.Given = append(out.Given, line)
			gives = append(gives, give)
		case e.Kind == licensing.Internal || e.Kind == licensing.Unavailable || errors.Is(err, licensing.ErrRace):
			return out, nil, err
		default:
			line.Why = e.Message
			out.Left = append(out.Left, line)
		}
	}
	return out, gives, nil
}

// lasting reports whether one of some grants allows what g does, as long as g does.
func lasting(grants []licensing.Grant, g licensing.Grant) bool {
	for _, x := range grants {
		if x.Covers(g.Category, g.Action) && licensing.Earlier(x.Until, g.Until) == g.Until {
			return true
		}
	}
	return false
}
