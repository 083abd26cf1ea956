package access

import (
	"context"
	"time"

	"kontor/internal/licensing"
)

const (
	// InvitationLifetime is how long an invitation can be accepted, by the wall clock.
	InvitationLifetime = 7 * 24 * time.Hour
	// MinPassword is the least number of characters of a password, MaxPassword the most bytes.
	MinPassword = 12
	MaxPassword = maxPassword
	// MaxPersonName is the most characters of a person's name.
	MaxPersonName = 100
)

// Invite asks to invite somebody into a group. Problems name the fields "group", "email" and "role".
type Invite struct {
	Group string         `json:"group"` // a code; empty: the actor's own
	Email string         `json:"email"`
	Role  licensing.Role `json:"role"` // RoleAdmin or RoleMember; empty: RoleMember
}

// InvitationRow is an invitation in the list of those that are pending.
type InvitationRow struct {
	Invitation licensing.Invitation // its State is that of this moment: open or expired
	Mail       MailRow
	FromAbove  bool // the inviter is above the reader's sight and not named
}

// MailRow is how the mail of an invitation is doing.
type MailRow struct {
	State     licensing.MailState
	Tries     int
	LastError string     // why the last try failed; empty when none did
	NextTry   *time.Time // wall clock; nil when there will be none
	At        time.Time  // of the last change, wall clock
}

// Invite sends an invitation by mail; it can be accepted for InvitationLifetime. Only admins may. It is refused when
// the person is in the group already, or an invitation to the same address is open there.
func (s *Service) Invite(ctx context.Context, actor licensing.Actor, requestID string, in Invite) (out licensing.Invitation, replayed bool, err error) {
	return out, false, notBuilt()
}

// Invitations returns the pending ones, open and expired, of a group within sight, or of all when group is empty; the
// newest first.
func (s *Service) Invitations(ctx context.Context, actor licensing.Actor, group string) ([]InvitationRow, error) {
	return nil, notBuilt()
}

// ResendInvitation sends a new link, valid for InvitationLifetime from now on; the old link is dead from then on.
func (s *Service) ResendInvitation(ctx context.Context, actor licensing.Actor, requestID string, id licensing.InvitationID) (out licensing.Invitation, replayed bool, err error) {
	return out, false, notBuilt()
}

// WithdrawInvitation makes an invitation's link worthless.
func (s *Service) WithdrawInvitation(ctx context.Context, actor licensing.Actor, requestID string, id licensing.InvitationID) (out licensing.Invitation, replayed bool, err error) {
	return out, false, notBuilt()
}

// Invited is what whoever holds the link gets to see.
type Invited struct {
	Email       string
	GroupName   string
	Role        licensing.Role
	InviterName string // who invites makes himself known by that
	ExpiresAt   time.Time
	Known       bool // the address belongs to somebody who has a password already, and is to prove it
}

// Invited returns the open invitation that a link's token belongs to. An unknown token is not found; for one that was
// used, has expired or was withdrawn the error is a conflict that says which.
func (s *Service) Invited(ctx context.Context, token string) (Invited, error) {
	return Invited{}, notBuilt()
}

// Accept is what one joins by. Problems name the fields "name" and "password".
type Accept struct {
	Token    string
	Name     string // of a new person, 1 to MaxPersonName characters
	Password string // of a new person: to be set; of a known one: to be proved
}

// Accept joins the group of an invitation, once, and returns who joined, who is to be signed in, and where. Wrong
// passwords slow as at LogIn.
func (s *Service) Accept(ctx context.Context, in Accept, remote string) (licensing.User, licensing.Membership, error) {
	return licensing.User{}, licensing.Membership{}, notBuilt()
}
