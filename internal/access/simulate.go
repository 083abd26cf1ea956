package access

import (
	"context"
	"errors"
	"time"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

// SimulationLasts is how long an admin may look at the portal as somebody else before he has to ask again.
const SimulationLasts = 30 * time.Minute

// Simulate names the membership that the portal is to be seen as.
type Simulate struct {
	Member licensing.MembershipID `json:"member"`
}

// Simulation is a look at the portal as another membership. It is bound to the session that began it.
type Simulation struct {
	By    licensing.MembershipID `json:"by"` // the admin's own membership, in which he began it
	As    licensing.Membership   `json:"as"`
	Begun time.Time              `json:"begun"` // wall clock
}

// Until is when it ends by itself.
func (s Simulation) Until() time.Time { return s.Begun.Add(SimulationLasts) }

// Simulate begins a look at the portal as a member or admin in the actor's sight. Only admins may look, never as
// themselves, as a service account or as somebody who is suspended. It stands in that membership's history.
func (s *Service) Simulate(ctx context.Context, actor licensing.Actor, requestID string, in Simulate) (Simulation, bool, error) {
	return usecase.Run(ctx, s.runner, actor, "Simulate", requestID, in, func(ctx context.Context, tx *usecase.Tx, in Simulate) (Simulation, error) {
		as, err := simulable(ctx, tx, tx.Actor.Membership, in.Member)
		if err != nil {
			return Simulation{}, err
		}
		err = tx.Audit(ctx, "simulation.begun", string(as.ID), string(as.Group), licensing.Value{Name: "as", Value: as.UserName})
		return Simulation{By: tx.Actor.ID, As: as, Begun: tx.Now().Wall}, err
	})
}

// EndSimulation records that the actor, himself again, has stopped looking.
func (s *Service) EndSimulation(ctx context.Context, actor licensing.Actor, in Simulate) error {
	_, _, err := usecase.Run(ctx, s.runner, actor, "EndSimulation", "", in, func(ctx context.Context, tx *usecase.Tx, in Simulate) (struct{}, error) {
		as, err := simulable(ctx, tx, tx.Actor.Membership, in.Member)
		if err != nil {
			return struct{}{}, err
		}
		return struct{}{}, tx.Audit(ctx, "simulation.ended", string(as.ID), string(as.Group), licensing.Value{Name: "as", Value: as.UserName})
	})
	return err
}

// Simulated returns the actor of a look that user began as his membership by: the membership as, read-only. It is
// asked at each request, so a look ends with the admin's role, his sight, the membership itself, or after
// SimulationLasts; what it fails with then is not found.
func (s *Service) Simulated(ctx context.Context, user licensing.UserID, by, as licensing.MembershipID, begun time.Time, remote string) (licensing.Actor, error) {
	return usecase.Read(ctx, s.runner, licensing.Actor{}, func(ctx context.Context, tx *usecase.Tx) (licensing.Actor, error) {
		over := licensing.NotFoundError("", "You see the portal as yourself again: a look as somebody else lasts %d minutes, and only while that person is in your sight.", int(SimulationLasts.Minutes()))
		admin, err := tx.Membership(ctx, by)
		if errors.Is(err, licensing.ErrNone) || err == nil && (admin.User != user || !admin.Active() || !tx.Now().Wall.Before(begun.Add(SimulationLasts))) {
			return licensing.Actor{}, over
		}
		if err != nil {
			return licensing.Actor{}, err
		}
		m, err := simulable(ctx, tx, admin, as)
		if e := licensing.AsError(err); e != nil && e.Kind != licensing.Internal && e.Kind != licensing.Unavailable {
			return licensing.Actor{}, over
		}
		return licensing.Actor{Membership: m, Via: licensing.ViaSimulation, Remote: remote}, err
	})
}

// simulable returns the membership id when admin may look at the portal as it.
func simulable(ctx context.Context, tx *usecase.Tx, admin licensing.Membership, id licensing.MembershipID) (licensing.Membership, error) {
	if admin.Role != licensing.RoleAdmin {
		return licensing.Membership{}, licensing.DeniedError("member", "Only admins see the portal as somebody else.")
	}
	m, err := tx.Membership(ctx, id)
	seen := false
	if err == nil {
		seen, err = tx.InSight(ctx, admin.Group, true, m.Group)
	}
	switch {
	case err != nil && !errors.Is(err, licensing.ErrNone):
		return licensing.Membership{}, err
	case err != nil || !seen || !m.RemovedAt.IsZero():
		return licensing.Membership{}, licensing.NotFoundError("member", "There is no such person within your sight.")
	case m.User == admin.User:
		return licensing.Membership{}, licensing.DeniedError("member", "That is you: switch the group instead.")
	case m.Role == licensing.RoleService:
		return licensing.Membership{}, licensing.DeniedError("member", "A service account has no portal to look at.")
	case m.Suspended:
		return licensing.Membership{}, licensing.DeniedError("member", "%s is suspended in %s and sees no portal.", m.UserName, m.GroupName)
	default:
		return m, nil
	}
}
