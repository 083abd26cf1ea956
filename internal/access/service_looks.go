package access

import (
	"context"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

// AsAccount returns an actor who sees what a service account within sight sees, held to what it is held to, and changes
// nothing: for what is shown to whoever makes that system call. Only admins may. It is denied where the account's own calls
// are: when the group that it is held to lies no longer below its own.
func (s *Service) AsAccount(ctx context.Context, actor licensing.Actor, id licensing.MembershipID) (licensing.Actor, error) {
	return usecase.Read(ctx, s.runner, actor, func(ctx context.Context, tx *usecase.Tx) (licensing.Actor, error) {
		a, err := accountInSight(ctx, tx, id)
		if err != nil {
			return licensing.Actor{}, err
		}
		held, err := admissionOf(ctx, tx, a.Membership)
		if err != nil {
			return licensing.Actor{}, err
		}
		// Its addresses do not count: who looks sits elsewhere.
		return held.hold(licensing.Actor{Membership: a.Membership, Via: licensing.ViaSimulation, Remote: tx.Actor.Remote})
	})
}
