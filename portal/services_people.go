package portal

import (
	"context"

	"kontor/internal/access"
	"kontor/internal/licensing"
)

// People is what the portal asks of the access use cases about groups and who is in them. All but Invited and Accept
// act within the actor's sight; only admins write.
type People interface {
	Groups(ctx context.Context, actor licensing.Actor) ([]access.GroupRow, error)
	// GroupNames are the same groups for choices, without what they have.
	GroupNames(ctx context.Context, actor licensing.Actor) ([]access.GroupName, error)
	Group(ctx context.Context, actor licensing.Actor, code string) (access.GroupDetail, error)
	CreateGroup(ctx context.Context, actor licensing.Actor, requestID string, in access.CreateGroup) (out licensing.Group, replayed bool, err error)
	EditGroup(ctx context.Context, actor licensing.Actor, requestID string, in access.EditGroup) (out licensing.Group, replayed bool, err error)
	PreviewMove(ctx context.Context, actor licensing.Actor, in access.MoveGroup) (access.MovePreview, error)
	MoveGroup(ctx context.Context, actor licensing.Actor, requestID string, in access.MoveGroup) (out access.MovePreview, replayed bool, err error)
	GroupHistory(ctx context.Context, actor licensing.Actor, code string) ([]licensing.HistoryEntry, error)

	People(ctx context.Context, actor licensing.Actor, f licensing.PeopleFilter) (access.PeoplePage, error)
	Person(ctx context.Context, actor licensing.Actor, id licensing.MembershipID) (access.PersonDetail, error)
	PersonHistory(ctx context.Context, actor licensing.Actor, id licensing.MembershipID) ([]licensing.HistoryEntry, error)
	SetRole(ctx context.Context, actor licensing.Actor, requestID string, in access.ChangePerson) (out licensing.Membership, replayed bool, err error)
	Suspend(ctx context.Context, actor licensing.Actor, requestID string, in access.ChangePerson) (out licensing.Membership, replayed bool, err error)
	Resume(ctx context.Context, actor licensing.Actor, requestID string, in access.ChangePerson) (out licensing.Membership, replayed bool, err error)
	Remove(ctx context.Context, actor licensing.Actor, requestID string, in access.ChangePerson) (out licensing.Membership, replayed bool, err error)

	Invite(ctx context.Context, actor licensing.Actor, requestID string, in access.Invite) (out licensing.Invitation, replayed bool, err error)
	Invitations(ctx context.Context, actor licensing.Actor, group string) ([]access.InvitationRow, error)
	// CountInvitations counts what Invitations lists.
	CountInvitations(ctx context.Context, actor licensing.Actor, group string) (int, error)
	ResendInvitation(ctx context.Context, actor licensing.Actor, requestID string, id licensing.InvitationID) (out licensing.Invitation, replayed bool, err error)
	WithdrawInvitation(ctx context.Context, actor licensing.Actor, requestID string, id licensing.InvitationID) (out licensing.Invitation, replayed bool, err error)
	// Invited and Accept are for whoever holds an invitation's link.
	Invited(ctx context.Context, token string) (access.Invited, error)
	Accept(ctx context.Context, in access.Accept, remote string) (licensing.User, licensing.Membership, error)

	Certificates

	ServiceAccounts(ctx context.Context, actor licensing.Actor, group string) ([]access.ServiceAccountRow, error)
	ServiceAccount(ctx context.Context, actor licensing.Actor, id licensing.MembershipID) (access.ServiceAccountRow, error)
	CreateServiceAccount(ctx context.Context, actor licensing.Actor, requestID string, in access.CreateServiceAccount) (out access.NewSecret, replayed bool, err error)
	RotateSecret(ctx context.Context, actor licensing.Actor, requestID string, in access.RotateSecret) (out access.NewSecret, replayed bool, err error)
	// AsAccount is a service account within sight, who only looks.
	AsAccount(ctx context.Context, actor licensing.Actor, id licensing.MembershipID) (licensing.Actor, error)
	EndOverlap(ctx context.Context, actor licensing.Actor, requestID string, id licensing.MembershipID) (out access.ServiceAccountRow, replayed bool, err error)
}
