package access

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"time"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

const (
	// InvitationLifetime is how long an invitation can be accepted, by the wall clock.
	InvitationLifetime = 7 * 24 * time.Hour
	// tokenBytes is how much is random in an invitation's link: 128 bits.
	tokenBytes = 16
	// maxInvitations is the most that a list shows.
	maxInvitations = 500
)

// Invite asks to invite somebody into a group. Problems name the fields "group", "email" and "role".
type Invite struct {
	Group string         `json:"group"` // a code; empty: the actor's own
	Email string         `json:"email"`
	Role  licensing.Role `json:"role"` // RoleAdmin or RoleMember; empty: RoleMember
}

// InvitationRow is an invitation in the list of those that are pending.
type InvitationRow struct {
	Invitation licensing.Invitation // its State is that of this moment: open, expired, or withdrawn with who invited
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
	if in.Role == "" {
		in.Role = licensing.RoleMember
	}
	return usecase.Run(ctx, s.runner, actor, "Invite", requestID, in, func(ctx context.Context, tx *usecase.Tx, in Invite) (none licensing.Invitation, err error) {
		if err := adminsOnly(ctx, tx); err != nil {
			return none, err
		}
		var problems licensing.Problems
		g, err := ownOr(ctx, tx, "group", in.Group)
		problems.Add(err)
		if in.Role != licensing.RoleAdmin && in.Role != licensing.RoleMember {
			problems.Add(licensing.InvalidRequest("role", "Choose admin or member."))
		}
		email, err := licensing.CheckAddress("email", in.Email)
		problems.Add(err)
		if err := problems.OrNil(); err != nil {
			return none, err
		}
		if err := s.invitable(ctx, tx, g, email); err != nil {
			return none, err
		}
		i := licensing.Invitation{
			ID: licensing.InvitationID(licensing.NewID()), Group: g.ID, GroupCode: g.Code, GroupName: g.Name, Email: email, Role: in.Role,
			InvitedBy: tx.Actor.ID, InviterName: tx.Actor.UserName, State: licensing.InvitationOpen, CreatedAt: tx.Now().Business, Version: 1,
		}
		if err := s.sendInvitation(ctx, tx, &i); err != nil {
			return none, err
		}
		if err := tx.InsertInvitation(ctx, i); err != nil {
			return none, err
		}
		return shown(i), tx.Audit(ctx, "invitation.sent", string(i.ID), string(g.ID), aboutInvitation(i)...)
	})
}

// shown is an invitation without what nobody needs to be told.
func shown(i licensing.Invitation) licensing.Invitation {
	i.TokenHash = nil
	return i
}

func aboutInvitation(i licensing.Invitation) []licensing.Value {
	return []licensing.Value{{Name: "email", Value: i.Email}, {Name: "role", Value: string(i.Role)}}
}

// invitable refuses an address that is in the group, or has an open invitation to it. One that has
// expired, or lost who invited, makes room.
func (s *Service) invitable(ctx context.Context, tx *usecase.Tx, g licensing.Group, email string) error {
	user, err := tx.UserByEmail(ctx, email)
	if err != nil && !errors.Is(err, licensing.ErrNone) {
		return err
	}
	if err == nil {
		if service, err := isService(ctx, tx, user); err != nil || service {
			return cmp.Or[error](err, licensing.InvalidRequest("email", "Nobody can be invited by this address. Enter another one."))
		}
		m, err := tx.MembershipIn(ctx, user.ID, g.ID)
		if err != nil && !errors.Is(err, licensing.ErrNone) {
			return err
		}
		if err == nil && m.RemovedAt.IsZero() {
			return licensing.InvalidRequest("email", "%s is in %s already.", email, g.Name)
		}
	}
	open, err := tx.OpenInvitation(ctx, g.ID, email)
	if errors.Is(err, licensing.ErrNone) {
		return nil
	}
	if err != nil {
		return err
	}
	state, err := stateNow(ctx, tx, open)
	if err != nil {
		return err
	}
	if state == licensing.InvitationOpen {
		return licensing.InvalidRequest("email", "%s is invited to %s already. Send that invitation again, or withdraw it first.", email, g.Name)
	}
	if err := dropMail(ctx, tx, open.Mail, "A newer invitation has taken its place."); err != nil {
		return err
	}
	open.State = licensing.InvitationExpired
	if state == licensing.InvitationWithdrawn {
		open.State = state
	}
	return tx.UpdateInvitation(ctx, open)
}

// sendInvitation gives an invitation a new link, a new end and a mail that carries both. The caller writes the
// invitation.
func (s *Service) sendInvitation(ctx context.Context, tx *usecase.Tx, i *licensing.Invitation) error {
	b := make([]byte, tokenBytes)
	rand.Read(b) // it never fails
	token := base64.RawURLEncoding.EncodeToString(b)
	i.TokenHash = hashToken(token)
	i.ExpiresAt = tx.Now().Wall.Add(InvitationLifetime)
	subject, text, err := invitationMail(ctx, tx, *i, s.publicURL+"/invitation/"+token)
	if err != nil {
		return err
	}
	i.Mail = licensing.MailID(licensing.NewID())
	return tx.Emit(ctx, licensing.MailWritten{ID: i.Mail, Recipient: i.Email, Subject: subject, Text: text})
}

// isService reports whether an account is that of a service account that is not removed.
func isService(ctx context.Context, tx *usecase.Tx, u licensing.User) (bool, error) {
	_, err := tx.ServiceAccount(ctx, u.Email)
	if errors.Is(err, licensing.ErrNone) {
		return false, nil
	}
	return err == nil, err
}

func hashToken(token string) []byte {
	h := sha256.Sum256([]byte(token))
	return h[:]
}

// Invitations returns the pending ones, open and expired, of a group within sight, or of all when group is empty; the
// newest first, at most 500. Only admins may.
func (s *Service) Invitations(ctx context.Context, actor licensing.Actor, group string) ([]InvitationRow, error) {
	return usecase.Read(ctx, s.runner, actor, func(ctx context.Context, tx *usecase.Tx) ([]InvitationRow, error) {
		sight, err := invitationSight(ctx, tx, group)
		if err != nil {
			return nil, err
		}
		all, err := tx.InvitationsIn(ctx, sight, tx.Actor.Group, maxInvitations)
		if err != nil {
			return nil, err
		}
		rows := make([]InvitationRow, len(all))
		for n, i := range all {
			rows[n] = invitationRow(i, tx.Now().Wall)
		}
		return rows, nil
	})
}

// CountInvitations counts what Invitations returns, however many there are. Only admins may.
func (s *Service) CountInvitations(ctx context.Context, actor licensing.Actor, group string) (int, error) {
	return usecase.Read(ctx, s.runner, actor, func(ctx context.Context, tx *usecase.Tx) (int, error) {
		sight, err := invitationSight(ctx, tx, group)
		if err != nil {
			return 0, err
		}
		return tx.CountInvitations(ctx, sight)
	})
}

// invitationSight is one group, or all that an admin sees when it is empty.
func invitationSight(ctx context.Context, tx *usecase.Tx, group string) (licensing.Sight, error) {
	if err := adminsOnly(ctx, tx); err != nil {
		return licensing.Sight{}, err
	}
	if group == "" {
		return licensing.SightOf(tx.Actor.Membership), nil
	}
	g, err := groupInSight(ctx, tx, "group", group)
	return licensing.Sight{Group: g.ID}, err
}

func invitationRow(i licensing.PendingInvitation, wall time.Time) InvitationRow {
	row := InvitationRow{
		Invitation: shown(i.Invitation), FromAbove: !i.InviterSeen,
		Mail: MailRow{State: i.Post.State, Tries: i.Post.Tries, LastError: i.Post.LastError, NextTry: i.Post.NextTry, At: i.Post.UpdatedAt},
	}
	row.Invitation.State = stateAt(i.Invitation, wall, i.InviterAdmin && i.InviterAbove)
	if row.FromAbove {
		row.Invitation.InviterName, row.Invitation.InvitedBy = "", ""
	}
	return row
}

// pending finds an invitation within sight that is neither accepted nor withdrawn, for an admin.
func pending(ctx context.Context, tx *usecase.Tx, id licensing.InvitationID) (licensing.Invitation, error) {
	if err := adminsOnly(ctx, tx); err != nil {
		return licensing.Invitation{}, err
	}
	i, err := tx.Invitation(ctx, id)
	if err == nil {
		var seen bool
		if seen, err = tx.InSight(ctx, tx.Actor.Group, true, i.Group); err == nil && !seen {
			err = licensing.ErrNone
		}
	}
	switch {
	case errors.Is(err, licensing.ErrNone):
		return i, licensing.NotFoundError("invitation", "There is no such invitation within your sight.")
	case err != nil:
		return i, err
	case i.State == licensing.InvitationAccepted:
		return i, licensing.ConflictError("%s has accepted this invitation and is in %s. Nothing has been changed.", i.Email, i.GroupName)
	case i.State == licensing.InvitationWithdrawn:
		return i, licensing.ConflictError("This invitation is withdrawn already. Nothing has been changed.")
	case i.State != licensing.InvitationOpen:
		return i, licensing.ConflictError("This invitation has expired, and there is a newer one. Nothing has been changed.")
	}
	return i, nil
}

// ResendInvitation sends a new link, valid for InvitationLifetime from now on; the old link is dead from then on. One
// whose inviter is no active admin there any more is the actor's from then on.
func (s *Service) ResendInvitation(ctx context.Context, actor licensing.Actor, requestID string, id licensing.InvitationID) (out licensing.Invitation, replayed bool, err error) {
	return usecase.Run(ctx, s.runner, actor, "ResendInvitation", requestID, id, func(ctx context.Context, tx *usecase.Tx, id licensing.InvitationID) (none licensing.Invitation, err error) {
		i, err := pending(ctx, tx, id)
		if err != nil {
			return none, err
		}
		state, err := stateNow(ctx, tx, i)
		if err != nil {
			return none, err
		}
		if state == licensing.InvitationWithdrawn { // who invited is no admin any more: it is the actor's from now on
			i.InvitedBy, i.InviterName = tx.Actor.ID, tx.Actor.UserName
		}
		if err := dropMail(ctx, tx, i.Mail, "A newer mail with another link has taken its place."); err != nil {
			return none, err
		}
		if err := s.sendInvitation(ctx, tx, &i); err != nil {
			return none, err
		}
		if err := tx.UpdateInvitation(ctx, i); err != nil {
			return none, err
		}
		i.Version++
		return shown(i), tx.Audit(ctx, "invitation.sentAgain", string(i.ID), string(i.Group), aboutInvitation(i)...)
	})
}

// WithdrawInvitation makes an invitation's link worthless.
func (s *Service) WithdrawInvitation(ctx context.Context, actor licensing.Actor, requestID string, id licensing.InvitationID) (out licensing.Invitation, replayed bool, err error) {
	return usecase.Run(ctx, s.runner, actor, "WithdrawInvitation", requestID, id, func(ctx context.Context, tx *usecase.Tx, id licensing.InvitationID) (none licensing.Invitation, err error) {
		i, err := pending(ctx, tx, id)
		if err != nil {
			return none, err
		}
		if err := dropMail(ctx, tx, i.Mail, "The invitation was withdrawn."); err != nil {
			return none, err
		}
		i.State = licensing.InvitationWithdrawn
		if err := tx.UpdateInvitation(ctx, i); err != nil {
			return none, err
		}
		i.Version++
		return shown(i), tx.Audit(ctx, "invitation.withdrawn", string(i.ID), string(i.Group), aboutInvitation(i)...)
	})
}
