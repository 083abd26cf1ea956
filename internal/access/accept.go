package access

import (
	"cmp"
	"context"
	"errors"
	"time"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

// Invited is what whoever holds the link gets to see.
type Invited struct {
	Email       string
	GroupName   string
	Role        licensing.Role
	InviterName string // who invites makes himself known by that; empty for whoever runs the house
	ExpiresAt   time.Time
	Known       bool // the address belongs to somebody who has a password already, and is to prove it
}

// Invited returns the open invitation that a link's token belongs to. An unknown token is not found; for one that was
// used, has expired or was withdrawn the error is a conflict that says which. One whose inviter is no active admin at
// or above the group any more counts as withdrawn.
func (s *Service) Invited(ctx context.Context, token string) (Invited, error) {
	return usecase.Read(ctx, s.runner, licensing.Actor{}, func(ctx context.Context, tx *usecase.Tx) (Invited, error) {
		i, user, err := invited(ctx, tx, token)
		return Invited{
			Email: i.Email, GroupName: i.GroupName, Role: i.Role, InviterName: i.InviterName, ExpiresAt: i.ExpiresAt, Known: user.PasswordHash != "",
		}, err
	})
}

// invited finds an open invitation, and the person that it is for, when there is one yet.
func invited(ctx context.Context, tx *usecase.Tx, token string) (i licensing.Invitation, user licensing.User, err error) {
	i, err = tx.InvitationByToken(ctx, hashToken(token))
	if errors.Is(err, licensing.ErrNone) {
		return licensing.Invitation{}, user, licensing.NotFoundError("", "This link belongs to no invitation. It may be incomplete, or a newer mail has taken its place.")
	}
	if err != nil {
		return licensing.Invitation{}, user, err
	}
	state, err := stateNow(ctx, tx, i)
	if err != nil {
		return licensing.Invitation{}, user, err
	}
	switch state {
	case licensing.InvitationOpen:
	case licensing.InvitationAccepted:
		return licensing.Invitation{}, user, licensing.ConflictError("This invitation was accepted already. Sign in with your e-mail address and your password.")
	case licensing.InvitationWithdrawn:
		return licensing.Invitation{}, user, withdrawn()
	default:
		return licensing.Invitation{}, user, licensing.ConflictError("This invitation has expired. Ask for a new one.")
	}
	user, err = tx.UserByEmail(ctx, i.Email)
	if errors.Is(err, licensing.ErrNone) {
		return i, licensing.User{}, nil
	}
	if err != nil {
		return licensing.Invitation{}, licensing.User{}, err
	}
	if service, err := isService(ctx, tx, user); err != nil || service { // the account was made since it was sent
		return licensing.Invitation{}, licensing.User{}, cmp.Or[error](err, withdrawn())
	}
	return i, user, nil
}

func withdrawn() *licensing.Error {
	return licensing.ConflictError("This invitation was withdrawn. Ask for a new one.")
}

// stateAt is where an invitation stands now. An open one counts as withdrawn when whoever invited may not do so any more:
// who is no active admin of the group, or of one above it. What nobody's membership has sent stands as it is.
func stateAt(i licensing.Invitation, wall time.Time, inviterMay bool) licensing.InvitationState {
	state := i.At(wall)
	if state == licensing.InvitationOpen && i.InvitedBy != "" && !inviterMay {
		return licensing.InvitationWithdrawn
	}
	return state
}

// stateNow is where one invitation stands, with what that takes read for it.
func stateNow(ctx context.Context, tx *usecase.Tx, i licensing.Invitation) (licensing.InvitationState, error) {
	m, err := tx.Membership(ctx, i.InvitedBy)
	may := err == nil && m.Role == licensing.RoleAdmin && m.Active()
	if may {
		may, err = tx.InSight(ctx, m.Group, true, i.Group)
	}
	if err != nil && !errors.Is(err, licensing.ErrNone) {
		return "", err
	}
	return stateAt(i, tx.Now().Wall, may), nil
}

// Accept is what one joins by. Problems name the fields "name" and "password".
type Accept struct {
	Token    string
	Name     string // of a new person, 1 to licensing.MaxPersonName characters
	Password string // of a new person: to be set; of a known one: to be proved
}

// Accept joins the group of an invitation, once, and returns who joined, who is to be signed in, and where. Wrong
// passwords slow as at LogIn. It takes no request id: a token is used once, and a password is to be kept nowhere.
func (s *Service) Accept(ctx context.Context, in Accept, remote string) (licensing.User, licensing.Membership, error) {
	var i licensing.Invitation
	user, err := usecase.Read(ctx, s.runner, licensing.Actor{}, func(ctx context.Context, tx *usecase.Tx) (user licensing.User, err error) {
		i, user, err = invited(ctx, tx, in.Token)
		return user, err
	})
	if err != nil {
		return licensing.User{}, licensing.Membership{}, err
	}
	// Hashing takes a while: it is done before the transaction, which then looks whether all is as it was.
	known := user.PasswordHash != ""
	if known {
		err = s.prove(ctx, user, in.Password, remote)
	} else {
		user, err = s.newPerson(ctx, user, i.Email, in)
	}
	if err != nil {
		return licensing.User{}, licensing.Membership{}, err
	}
	m, _, err := usecase.Run(ctx, s.runner, licensing.Actor{}, "Accept", "", user.ID, func(ctx context.Context, tx *usecase.Tx, _ licensing.UserID) (licensing.Membership, error) {
		// Whoever takes the inviter's role away at this moment is before or after it, not in between.
		if err := tx.LockPolicy(ctx); err != nil {
			return licensing.Membership{}, err
		}
		i, now, err := invited(ctx, tx, in.Token)
		if err != nil {
			return licensing.Membership{}, err
		}
		if known != (now.PasswordHash != "") || known && now.PasswordHash != user.PasswordHash {
			return licensing.Membership{}, licensing.ConflictError("Somebody set or changed this address’s password at the same moment. Open the link again.")
		}
		switch {
		case now.ID == "":
			err = tx.InsertUser(ctx, user)
		case !known:
			user.ID = now.ID
			err = tx.SetPasswordHash(ctx, now.ID, user.PasswordHash)
		}
		if err != nil {
			return licensing.Membership{}, err
		}
		return join(ctx, tx, user, i, remote)
	})
	return user, m, err
}

// prove checks a known person's password, with the waits of LogIn.
func (s *Service) prove(ctx context.Context, user licensing.User, password, remote string) error {
	key := loginKey("password", user.Email, remote)
	done, err := s.hashes.turn(ctx)
	if err != nil {
		return err
	}
	defer done()
	_, failures, err := slowed(ctx, s, key, func(context.Context, *usecase.Tx) (struct{}, error) { return struct{}{}, nil })
	if err != nil {
		return err
	}
	ok := false
	if len(password) <= licensing.MaxPassword {
		if ok, err = s.hashes.matches(password, user.PasswordHash); err != nil {
			return err
		}
	}
	if !ok {
		return s.failed(ctx, licensing.InvalidRequest("password", "This is not the password of %s.", user.Email), key)
	}
	if failures > 0 {
		return s.forget(ctx, key)
	}
	return nil
}

// newPerson checks what a new person chose.
func (s *Service) newPerson(ctx context.Context, user licensing.User, email string, in Accept) (licensing.User, error) {
	var problems licensing.Problems
	name, err := licensing.CheckPersonName("name", in.Name)
	problems.Add(err)
	problems.Add(licensing.CheckNewPassword(in.Password, email))
	if err := problems.OrNil(); err != nil {
		return user, err
	}
	done, err := s.hashes.turn(ctx)
	if err != nil {
		return user, err
	}
	defer done()
	user.Email = email
	if user.ID == "" {
		user.ID, user.Name = licensing.UserID(licensing.NewID()), name
	}
	user.PasswordHash, err = HashPassword(in.Password)
	return user, err
}

// join makes a membership of an invitation, while the policy is locked. One that was removed comes back, without what it held.
func join(ctx context.Context, tx *usecase.Tx, user licensing.User, i licensing.Invitation, remote string) (licensing.Membership, error) {
	if user.CreatedAt.IsZero() {
		user.CreatedAt = tx.Now().Business
	}
	before, err := tx.MembershipIn(ctx, user.ID, i.Group)
	m := before
	switch {
	case errors.Is(err, licensing.ErrNone):
		m = licensing.Membership{ID: licensing.MembershipID(licensing.NewID()), User: user.ID, Group: i.Group, Role: i.Role, CreatedAt: tx.Now().Business}
		err = tx.InsertMembership(ctx, m)
	case err != nil:
	case m.RemovedAt.IsZero():
		err = licensing.ConflictError("You are in %s already. Sign in with your e-mail address and your password.", i.GroupName)
	default:
		m.Role, m.Suspended, m.RemovedAt = i.Role, false, time.Time{}
		err = tx.UpdateMembership(ctx, m)
	}
	if err != nil {
		return m, err
	}
	if m, err = tx.Membership(ctx, m.ID); err != nil {
		return m, err
	}
	before.GroupIsISV, before.Role = m.GroupIsISV, licensing.RoleMember // what it was when it was removed does not count
	if err := rootGrant(ctx, tx, before, m); err != nil {
		return m, err
	}
	i.State = licensing.InvitationAccepted
	if err := tx.UpdateInvitation(ctx, i); err != nil {
		return m, err
	}
	as := tx.As(licensing.Actor{Membership: m, Via: "portal", Remote: remote})
	return m, as.Audit(ctx, "membership.joined", string(m.ID), string(m.Group),
		licensing.Value{Name: "person", Value: m.UserName}, licensing.FromTo("role", "", string(m.Role)))
}
