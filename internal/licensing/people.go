package licensing

import "time"

// InvitationID names an Invitation.
type InvitationID string

// MailID names a MailMessage.
type MailID string

// InvitationState is where an invitation stands.
type InvitationState string

// The states of an invitation. An expired one is an open one whose time has passed.
const (
	InvitationOpen      InvitationState = "open"
	InvitationAccepted  InvitationState = "accepted"
	InvitationWithdrawn InvitationState = "withdrawn"
	InvitationExpired   InvitationState = "expired"
)

// Invitation asks somebody by e-mail to join a group.
type Invitation struct {
	ID          InvitationID
	Group       GroupID
	GroupCode   string
	GroupName   string
	Email       string // folded
	Role        Role   // RoleAdmin or RoleMember
	InvitedBy   MembershipID
	InviterName string // empty in lists when the inviter is above the reader's sight
	TokenHash   []byte // SHA-256 of the token in the link; the token itself is kept nowhere but sealed in the mail
	State       InvitationState
	CreatedAt   time.Time // business clock
	ExpiresAt   time.Time // wall clock
	Version     int
	Mail        MailID // the newest mail that carries its link
}

// OwnedBy is the group that it leads into: whoever does not see that is not told of it again.
func (i Invitation) OwnedBy() GroupID { return i.Group }

// PendingInvitation is an invitation in a list, with what the list says of who invited and of the mail.
type PendingInvitation struct {
	Invitation
	InviterAdmin bool        // who invited is an active admin
	InviterAbove bool        // who invited is in the invitation's group, or in one above it
	InviterSeen  bool        // who invited is in the reader's group, or in one below it
	Post         MailMessage // its newest mail: how that is doing, without what it says; zero when there is none
}

// At returns the state at an instant of the wall clock.
func (i Invitation) At(wall time.Time) InvitationState {
	if i.State == InvitationOpen && !wall.Before(i.ExpiresAt) {
		return InvitationExpired
	}
	return i.State
}

// MailState is where a mail stands.
type MailState string

// The states of a mail.
const (
	MailWaiting MailState = "waiting" // not tried yet, or to be tried again
	MailSent    MailState = "sent"    // the mail server took it
	MailFailed  MailState = "failed"  // the mail server refused it for good, or it was tried too often
)

// MailMessage is one mail to one person, in plain text.
type MailMessage struct {
	ID        MailID
	Recipient string
	Subject   string
	Text      []byte // sealed: it may hold a link that lets somebody in
	State     MailState
	Tries     int
	LastError string     // of the last try that failed, for a person; empty when none did
	NextTry   *time.Time // wall clock; nil when done
	CreatedAt time.Time  // wall clock
	UpdatedAt time.Time  // wall clock
}
