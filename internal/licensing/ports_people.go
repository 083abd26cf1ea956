package licensing

import (
	"context"
)

// PeopleTx is what changes about groups and who is in them; written by access. What matters to the policy (a group's
// parent, a membership's role or state) bumps its version.
type PeopleTx interface {
	GroupByID(ctx context.Context, id GroupID) (Group, error)
	// UpdateGroup writes the particulars (all but code, parent and creation), when the version is still g.Version;
	// else ErrRace.
	UpdateGroup(ctx context.Context, g Group) error
	// MoveGroup puts a group below another one, and bumps the policy for its tree. ErrRace, and nothing written,
	// when that would be a cycle by now: whoever asks has checked before.
	MoveGroup(ctx context.Context, g Group, parent GroupID) error
	// GroupsIn returns the groups within sight: parents before their children, siblings by folded name.
	GroupsIn(ctx context.Context, s Sight) ([]Group, error)
	// CountsIn counts what the groups within sight have, each by itself; one that has nothing is not in it.
	CountsIn(ctx context.Context, s Sight) (map[GroupID]GroupCounts, error)

	UserByID(ctx context.Context, id UserID) (User, error)
	SetPasswordHash(ctx context.Context, id UserID, hash string) error
	// MembershipIn finds a user's membership of a group, a removed one too.
	MembershipIn(ctx context.Context, u UserID, g GroupID) (Membership, error)
	// UpdateMembership writes role, suspension and removal, and bumps the policy for it, when the version is still
	// m.Version; else ErrRace.
	UpdateMembership(ctx context.Context, m Membership) error
	// ListPeople returns what the filter leaves of the memberships within sight; of its Group and Below the caller
	// has made the sight.
	ListPeople(ctx context.Context, s Sight, f PeopleFilter) ([]Membership, error)
	CountPeople(ctx context.Context, s Sight, f PeopleFilter) (int, error)
	// CountAdmins counts the active admins of a group.
	CountAdmins(ctx context.Context, g GroupID) (int, error)

	// SetServiceSecrets replaces a service account's secrets, and counts its version, when that is still
	// a.Membership.Version; else ErrRace.
	SetServiceSecrets(ctx context.Context, a ServiceAccount) error
	ServiceAccountByID(ctx context.Context, id MembershipID) (ServiceAccount, error)
	// ServiceAccountsIn returns those within sight that are not removed, by folded name.
	ServiceAccountsIn(ctx context.Context, s Sight) ([]ServiceAccount, error)

	InsertInvitation(ctx context.Context, i Invitation) error
	Invitation(ctx context.Context, id InvitationID) (Invitation, error)
	InvitationByToken(ctx context.Context, hash []byte) (Invitation, error)
	// OpenInvitation finds that of an address into a group which is neither accepted nor withdrawn; it may have expired.
	OpenInvitation(ctx context.Context, g GroupID, email string) (Invitation, error)
	// InvitationsIn returns those within sight that are neither accepted nor withdrawn, the newest first, for an admin of
	// the reader's group.
	InvitationsIn(ctx context.Context, s Sight, reader GroupID, limit int) ([]PendingInvitation, error)
	// IsInvited reports whether an address has an open invitation, into whichever group, that has not expired.
	IsInvited(ctx context.Context, email string) (bool, error)
	// CountInvitations counts those that InvitationsIn returns without a limit.
	CountInvitations(ctx context.Context, s Sight) (int, error)
	// UpdateInvitation writes state, inviter, token, end and mail, when the version is still i.Version; else ErrRace.
	UpdateInvitation(ctx context.Context, i Invitation) error

	// HistoryWithin returns what happened to an object and to what belongs to it (Audit.Parent), newest first.
	HistoryWithin(ctx context.Context, object string, limit int) ([]HistoryEntry, error)
}

// GroupCounts is what one group has by itself.
type GroupCounts struct {
	People   int // admins and members that are not removed
	Services int // service accounts that are not removed
	Licenses int // that are active and not expired
}
