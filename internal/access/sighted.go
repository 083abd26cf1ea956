package access

import (
	"context"
	"errors"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

// What answers belong to, so that one is given again only to who still sees all of it: see usecase.Sighted and
// usecase.Followed.

// OwnedBy implements usecase.Sighted.
func (s Simulation) OwnedBy() licensing.GroupID { return s.As.Group }

// OwnedBy implements usecase.Sighted.
func (r ServiceAccountRow) OwnedBy() licensing.GroupID { return r.Membership.Group }

// OwnedBy implements usecase.Sighted.
func (n NewSecret) OwnedBy() licensing.GroupID { return n.Account.Membership.Group }

// OwnersNow implements usecase.Followed.
func (g Given) OwnersNow(ctx context.Context, tx *usecase.Tx) ([]licensing.GroupID, error) {
	return groupsOf(ctx, tx, g.To)
}

// OwnersNow implements usecase.Followed.
func (c Copied) OwnersNow(ctx context.Context, tx *usecase.Tx) ([]licensing.GroupID, error) {
	return groupsOf(ctx, tx, c.From, c.To)
}

// OwnersNow implements usecase.Followed.
func (p MovePreview) OwnersNow(context.Context, *usecase.Tx) ([]licensing.GroupID, error) {
	owners := []licensing.GroupID{p.Group.ID}
	for _, path := range [][]licensing.Group{p.From, p.To} {
		for _, g := range path {
			owners = append(owners, g.ID)
		}
	}
	return owners, nil
}

// groupsOf returns the groups of parties; who stands above sight was told without one.
func groupsOf(ctx context.Context, tx *usecase.Tx, parties ...Party) (groups []licensing.GroupID, err error) {
	known := map[string]bool{"": true}
	for _, p := range parties {
		if known[p.GroupCode] {
			continue
		}
		known[p.GroupCode] = true
		g, err := tx.GroupByCode(ctx, p.GroupCode)
		if errors.Is(err, licensing.ErrNone) {
			continue
		}
		if err != nil {
			return nil, err
		}
		groups = append(groups, g.ID)
	}
	return groups, nil
}
