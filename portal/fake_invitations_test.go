package portal_test

import (
	"context"
	"slices"
	"strings"

	"kontor/internal/access"
	"kontor/internal/licensing"
)

// Invite implements portal.People.
func (p *fakePeople) Invite(_ context.Context, _ licensing.Actor, _ string, in access.Invite) (licensing.Invitation, bool, error) {
	if !strings.Contains(in.Email, "@") {
		return licensing.Invitation{}, false, licensing.InvalidRequest("email", "Enter an e-mail address, such as name@company.example.")
	}
	return p.addInvitation(in.Email, in.Group, in.Role, access.MailRow{State: licensing.MailWaiting}), false, nil
}

// CountInvitations implements portal.People.
func (p *fakePeople) CountInvitations(ctx context.Context, a licensing.Actor, group string) (int, error) {
	all, err := p.Invitations(ctx, a, group)
	return len(all), err
}

// Invitations implements portal.People.
func (p *fakePeople) Invitations(_ context.Context, a licensing.Actor, group string) ([]access.InvitationRow, error) {
	var rows []access.InvitationRow
	for _, i := range p.invitations {
		if i.State == licensing.InvitationOpen && p.path(a.Group, i.Group) != nil && (group == "" || i.GroupCode == group) {
			rows = append(rows, access.InvitationRow{Invitation: i, Mail: p.mails[i.ID]})
		}
	}
	return rows, nil
}

func (p *fakePeople) pending(id licensing.InvitationID) (*licensing.Invitation, error) {
	i := slices.IndexFunc(p.invitations, func(i licensing.Invitation) bool { return i.ID == id })
	if i < 0 {
		return nil, beyondSight()
	}
	return &p.invitations[i], nil
}

// ResendInvitation implements portal.People.
func (p *fakePeople) ResendInvitation(_ context.Context, _ licensing.Actor, _ string, id licensing.InvitationID) (licensing.Invitation, bool, error) {
	i, err := p.pending(id)
	if err != nil {
		return licensing.Invitation{}, false, err
	}
	p.mails[id] = access.MailRow{State: licensing.MailWaiting}
	return *i, false, nil
}

// WithdrawInvitation implements portal.People.
func (p *fakePeople) WithdrawInvitation(_ context.Context, _ licensing.Actor, _ string, id licensing.InvitationID) (licensing.Invitation, bool, error) {
	i, err := p.pending(id)
	if err != nil {
		return licensing.Invitation{}, false, err
	}
	i.State = licensing.InvitationWithdrawn
	return *i, false, nil
}

// Invited implements portal.People.
func (p *fakePeople) Invited(_ context.Context, token string) (access.Invited, error) {
	i, err := p.pending(p.tokens[token])
	if err != nil {
		return access.Invited{}, licensing.NotFoundError("", "This link belongs to no invitation.")
	}
	switch i.State {
	case licensing.InvitationWithdrawn:
		return access.Invited{}, licensing.ConflictError("This invitation was withdrawn.")
	case licensing.InvitationAccepted:
		return access.Invited{}, licensing.ConflictError("This invitation was used already.")
	}
	_, known := p.w.passwords[i.Email]
	return access.Invited{Email: i.Email, GroupName: i.GroupName, Role: i.Role, InviterName: i.InviterName, ExpiresAt: i.ExpiresAt, Known: known}, nil
}

// Accept implements portal.People.
func (p *fakePeople) Accept(ctx context.Context, in access.Accept, remote string) (licensing.User, licensing.Membership, error) {
	invited, err := p.Invited(ctx, in.Token)
	if err != nil {
		return licensing.User{}, licensing.Membership{}, err
	}
	if invited.Known {
		if _, _, err := p.w.LogIn(ctx, invited.Email, in.Password, remote); err != nil {
			return licensing.User{}, licensing.Membership{}, err
		}
	} else if len(in.Password) < access.MinPassword {
		return licensing.User{}, licensing.Membership{}, licensing.InvalidRequest("password", "Enter at least %d characters.", access.MinPassword)
	}
	i, _ := p.pending(p.tokens[in.Token])
	i.State = licensing.InvitationAccepted
	p.w.addMember(i.Email, in.Name, i.GroupCode, i.GroupName, i.Role, nil)
	p.w.passwords[i.Email] = in.Password
	m := p.w.memberships[len(p.w.memberships)-1]
	return licensing.User{ID: m.User, Email: m.Email, Name: m.UserName}, m, nil
}

// ServiceAccounts implements portal.People.
func (p *fakePeople) ServiceAccounts(_ context.Context, a licensing.Actor, group string) ([]access.ServiceAccountRow, error) {
	var rows []access.ServiceAccountRow
	for _, m := range p.w.memberships {
		if m.Role == licensing.RoleService && p.path(a.Group, m.Group) != nil && (group == "" || m.GroupCode == group) {
			rows = append(rows, p.accounts[m.ID])
		}
	}
	return rows, nil
}

// ServiceAccount implements portal.People.
func (p *fakePeople) ServiceAccount(_ context.Context, _ licensing.Actor, id licensing.MembershipID) (access.ServiceAccountRow, error) {
	if row, ok := p.accounts[id]; ok {
		return row, nil
	}
	return access.ServiceAccountRow{}, beyondSight()
}

// CreateServiceAccount implements portal.People.
func (p *fakePeople) CreateServiceAccount(_ context.Context, _ licensing.Actor, requestID string, in access.CreateServiceAccount) (access.NewSecret, bool, error) {
	if !strings.Contains(in.Name, "@") {
		return access.NewSecret{}, false, licensing.InvalidRequest("name", "Enter a name in the form of an e-mail address, such as shop@northwind.example.")
	}
	if p.secrets[requestID] {
		return access.NewSecret{Account: p.accounts[licensing.MembershipID("m-"+in.Name+"-"+in.Group)]}, true, nil
	}
	p.secrets[requestID] = true
	id := p.addAccount(in.Name, in.Label, in.Group)
	return access.NewSecret{Account: p.accounts[id], Secret: "QK4M-2PAZ-77RD-LW3C-XE5T-9HNB-UJ6V-G8YF"}, false, nil
}

// RotateSecret implements portal.People.
func (p *fakePeople) RotateSecret(_ context.Context, _ licensing.Actor, _ string, in access.RotateSecret) (access.NewSecret, bool, error) {
	row, ok := p.accounts[in.Membership]
	if !ok {
		return access.NewSecret{}, false, beyondSight()
	}
	if in.Overlap == nil || *in.Overlap < 0 || *in.Overlap > access.MaxOverlap {
		return access.NewSecret{}, false, licensing.InvalidRequest("overlap", "Enter 0 to %d hours.", access.MaxOverlap)
	}
	return access.NewSecret{Account: row, Secret: "M7UX-44QB-0R1D-VV5C-PE2T-9HNB-KJ6V-A8ZF"}, false, nil
}

// EndOverlap implements portal.People.
func (p *fakePeople) EndOverlap(_ context.Context, _ licensing.Actor, _ string, id licensing.MembershipID) (access.ServiceAccountRow, bool, error) {
	row, ok := p.accounts[id]
	if !ok {
		return row, false, beyondSight()
	}
	row.OldUntil = nil
	p.accounts[id] = row
	return row, false, nil
}
