package catalog

import (
	"context"
	"errors"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

// Holding is what somebody may do in a category, and from whom he has it.
type Holding struct {
	Action licensing.Action
	Held   bool
	// GivenBy names the giver when he is in the holder's own group. Nobody above is ever named, so it is empty for
	// what comes from there.
	GivenBy string
}

// Held returns what the actor may do in a category (a code), action by action. Nothing is held in a category that does
// not exist.
func (s *Service) Held(ctx context.Context, actor licensing.Actor, category string) ([]Holding, error) {
	return usecase.Read(ctx, s.runner, actor, func(ctx context.Context, tx *usecase.Tx) ([]Holding, error) {
		var all []Holding
		for _, action := range []licensing.Action{licensing.Create, licensing.Modify, licensing.Revoke} {
			d, err := s.decider.Decide(ctx, tx, tx.Actor.ID, action, category)
			if err != nil {
				return nil, err
			}
			h := Holding{Action: action, Held: d.Allowed}
			if d.Allowed {
				if h.GivenBy, err = giver(ctx, tx, licensing.GrantID(d.Grant)); err != nil {
					return nil, err
				}
			}
			all = append(all, h)
		}
		return all, nil
	})
}

// giver names who gave a grant, when he is in the actor's own group.
func giver(ctx context.Context, tx *usecase.Tx, id licensing.GrantID) (string, error) {
	g, err := tx.GrantByID(ctx, id)
	if errors.Is(err, licensing.ErrNone) { // taken back since it was decided
		return "", nil
	}
	if err != nil || g.GivenBy == "" {
		return "", err
	}
	m, err := tx.Membership(ctx, g.GivenBy)
	if errors.Is(err, licensing.ErrNone) || err == nil && m.Group != tx.Actor.Group {
		return "", nil
	}
	return m.UserName, err
}
