package portal_test

import (
	"context"
	"fmt"
	"time"

	"kontor/internal/access"
	"kontor/internal/licensing"
)

// looks is what is noted of admins who see the portal as somebody else.
type looks struct{ begun, ended int }

func (w *world) membership(id licensing.MembershipID) (licensing.Membership, bool) {
	for _, m := range w.memberships {
		if m.ID == id {
			return m, true
		}
	}
	return licensing.Membership{}, false
}

// Simulate implements portal.Simulation.
func (w *world) Simulate(_ context.Context, a licensing.Actor, _ string, in access.Simulate) (access.Simulation, bool, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if a.ReadOnly() {
		return access.Simulation{}, false, licensing.ReadOnlyError()
	}
	if a.Role != licensing.RoleAdmin {
		return access.Simulation{}, false, licensing.DeniedError("member", "Only admins see the portal as somebody else.")
	}
	m, ok := w.membership(in.Member)
	if !ok {
		return access.Simulation{}, false, licensing.NotFoundError("member", "There is no such person within your sight.")
	}
	w.looks.begun++
	return access.Simulation{By: a.ID, As: m, Begun: w.now.Wall}, false, nil
}

// EndSimulation implements portal.Simulation.
func (w *world) EndSimulation(context.Context, licensing.Actor, access.Simulate) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.looks.ended++
	return nil
}

// Simulated implements portal.Simulation.
func (w *world) Simulated(_ context.Context, _ licensing.UserID, _, as licensing.MembershipID, begun time.Time, remote string) (licensing.Actor, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	m, ok := w.membership(as)
	if !ok || !w.now.Wall.Before(begun.Add(access.SimulationLasts)) {
		return licensing.Actor{}, licensing.NotFoundError("", "It is over.")
	}
	return licensing.Actor{Membership: m, Via: licensing.ViaSimulation, Remote: remote}, nil
}

// written tells one state of the world from another.
func (w *world) written() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return fmt.Sprintf("%+v %+v %+v %v %v %v", w.orders, w.history, w.requests, w.creations, w.now.Business, w.looks)
}
