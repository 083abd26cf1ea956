package access

import (
	"context"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

// AsAccount returns an actor who sees what a service account within sight sees, and changes nothing: for what is shown
// to whoever makes that system call. Only admins may.
func (s *Service) AsAccount(ctx context.Context, actor licensing.Actor, id licensing.MembershipID) (licensing.Actor, error) {
	return usecase.Read(ctx, s.runner, actor, func(ctx context.Context, tx *usecase.Tx) (licensing.Actor, error) {
		a, err := accountInSight(ctx, tx, id)
		return licensing.Actor{Membership: a.Membership, Via: licensing.ViaSimulation, Remote: tx.Actor.Remote}, err
	})
}
