package portal_test

import (
	"context"
	"slices"
	"time"

	"kontor/internal/access"
	"kontor/internal/licensing"
)

// Sandbox implements portal.People.
func (p *fakePeople) Sandbox(_ context.Context, _ licensing.Actor, id licensing.MembershipID) (access.SandboxRow, error) {
	a, ok := p.accounts[id]
	if !ok {
		return access.SandboxRow{}, beyondSight()
	}
	s := p.sandboxes[id]
	return access.SandboxRow{Account: a.Membership, Sandbox: s, IsOn: s.On(p.w.now.Wall)}, nil
}

// SetSandbox implements portal.People.
func (p *fakePeople) SetSandbox(ctx context.Context, a licensing.Actor, _ string, in access.SetSandbox) (access.SandboxRow, bool, error) {
	if _, ok := p.accounts[in.Membership]; !ok {
		return access.SandboxRow{}, false, beyondSight()
	}
	var problems licensing.Problems
	if !slices.Contains(licensing.SandboxHours, in.Hours) {
		problems.Add(licensing.InvalidRequest("hours", "Choose for how long."))
	}
	s := licensing.Sandbox{Until: p.w.now.Wall.Add(time.Duration(in.Hours) * time.Hour), Answer: in.Answer, Seconds: in.Seconds, Calls: in.Calls}
	problems.Add(s.Check())
	if err := problems.OrNil(); err != nil {
		return access.SandboxRow{}, false, err
	}
	p.sandboxes[in.Membership] = s
	row, err := p.Sandbox(ctx, a, in.Membership)
	return row, false, err
}

// EndSandbox implements portal.People.
func (p *fakePeople) EndSandbox(ctx context.Context, a licensing.Actor, _ string, in access.EndSandbox) (access.SandboxRow, bool, error) {
	delete(p.sandboxes, in.Membership)
	row, err := p.Sandbox(ctx, a, in.Membership)
	return row, false, err
}
