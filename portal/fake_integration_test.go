package portal_test

import (
	"context"

	"kontor/internal/licensing"
)

// AsAccount implements portal.People.
func (p *fakePeople) AsAccount(_ context.Context, _ licensing.Actor, id licensing.MembershipID) (licensing.Actor, error) {
	a, ok := p.accounts[id]
	if !ok {
		return licensing.Actor{}, beyondSight()
	}
	return licensing.Actor{Membership: a.Membership, Via: licensing.ViaSimulation}, nil
}
