package access

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"errors"
	"strings"
	"time"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

const (
	// DefaultOverlap is for how many hours the old secret works beside a new one.
	DefaultOverlap = 24
	// MaxOverlap is the most hours of that.
	MaxOverlap = 168
)

// secretBytes is how much is random in a secret: 160 bits, 32 characters in 8 groups of 4.
const secretBytes = 20

// ServiceAccountRow is a service account in a list.
type ServiceAccountRow struct {
	Membership  licensing.Membership
	SecretSince time.Time  // wall clock; zero when it was made before this was noted
	OldUntil    *time.Time // wall clock; until then the secret before works as well; nil: only one works
}

func serviceAccountRow(a licensing.ServiceAccount, now licensing.Moment) ServiceAccountRow {
	row := ServiceAccountRow{Membership: a.Membership, SecretSince: a.SecretSince}
	if len(a.OldSecret) > 0 && now.Wall.Before(a.OldUntil) {
		row.OldUntil = new(a.OldUntil)
	}
	return row
}

// ServiceAccounts returns those of a group within sight, or all within sight when group is empty, by name. Only
// admins may.
func (s *Service) ServiceAccounts(ctx context.Context, actor licensing.Actor, group string) ([]ServiceAccountRow, error) {
	return usecase.Read(ctx, s.runner, actor, func(ctx context.Context, tx *usecase.Tx) ([]ServiceAccountRow, error) {
		if err := adminsOnly(ctx, tx); err != nil {
			return nil, err
		}
		sight := licensing.SightOf(tx.Actor.Membership)
		if group != "" {
			g, err := groupInSight(ctx, tx, "group", group)
			if err != nil {
				return nil, err
			}
			sight = licensing.Sight{Group: g.ID}
		}
		accounts, err := tx.ServiceAccountsIn(ctx, sight)
		if err != nil {
			return nil, err
		}
		rows := make([]ServiceAccountRow, len(accounts))
		for i, a := range accounts {
			rows[i] = serviceAccountRow(a, tx.Now())
		}
		return rows, nil
	})
}

// ServiceAccount returns one within sight. Only admins may.
func (s *Service) ServiceAccount(ctx context.Context, actor licensing.Actor, id licensing.MembershipID) (ServiceAccountRow, error) {
	return usecase.Read(ctx, s.runner, actor, func(ctx context.Context, tx *usecase.Tx) (ServiceAccountRow, error) {
		a, err := accountInSight(ctx, tx, id)
		if err != nil {
			return ServiceAccountRow{}, err
		}
		return serviceAccountRow(a, tx.Now()), nil
	})
}

// accountInSight finds a service account for an admin.
func accountInSight(ctx context.Context, tx *usecase.Tx, id licensing.MembershipID) (licensing.ServiceAccount, error) {
	if err := adminsOnly(ctx, tx); err != nil {
		return licensing.ServiceAccount{}, err
	}
	m, err := personInSight(ctx, tx, id, false)
	var a licensing.ServiceAccount
	if err == nil {
		a, err = tx.ServiceAccountByID(ctx, m.ID)
	}
	var e *licensing.Error
	if errors.Is(err, licensing.ErrNone) || errors.As(err, &e) && e.Kind == licensing.NotFound {
		err = licensing.NotFoundError("membership", "There is no such service account within your sight.")
	}
	return a, err
}

// CreateServiceAccount asks for one. Problems name the fields "group", "name" and "label".
type CreateServiceAccount struct {
	Group string `json:"group"` // a code; empty: the actor's own
	Name  string `json:"name"`  // what it signs in as, in the form of an e-mail address: shop@northwind.example
	Label string `json:"label"` // for people: "Web shop"
}

// NewSecret is a service account with the secret that was just made for it.
type NewSecret struct {
	Account ServiceAccountRow
	// Secret is shown once: it is empty when the request was replayed, for it is kept nowhere in the clear.
	Secret string `json:"-"`
}

// CreateServiceAccount makes a service account, which holds no grant yet, and its secret. Only admins may.
func (s *Service) CreateServiceAccount(ctx context.Context, actor licensing.Actor, requestID string, in CreateServiceAccount) (out NewSecret, replayed bool, err error) {
	return usecase.Run(ctx, s.runner, actor, "CreateServiceAccount", requestID, in, func(ctx context.Context, tx *usecase.Tx, in CreateServiceAccount) (none NewSecret, err error) {
		if err := adminsOnly(ctx, tx); err != nil {
			return none, err
		}
		var problems licensing.Problems
		g, err := ownOr(ctx, tx, "group", in.Group)
		problems.Add(err)
		label, err := licensing.CheckPersonName("label", in.Label)
		problems.Add(err)
		name, err := licensing.CheckAddress("name", in.Name)
		problems.Add(err)
		if err == nil {
			taken, err := nameTaken(ctx, tx, name)
			if err != nil {
				return none, err
			}
			if taken { // the same words within sight and beyond
				problems.Add(licensing.InvalidRequest("name", "The name %s is taken. Choose another one.", name))
			}
		}
		if err := problems.OrNil(); err != nil {
			return none, err
		}
		now := tx.Now()
		user := licensing.User{ID: licensing.UserID(licensing.NewID()), Email: name, Name: label, CreatedAt: now.Business}
		if err := tx.InsertUser(ctx, user); err != nil {
			return none, err
		}
		m := licensing.Membership{ID: licensing.MembershipID(licensing.NewID()), User: user.ID, Group: g.ID, Role: licensing.RoleService, CreatedAt: now.Business}
		if err := tx.InsertMembership(ctx, m); err != nil {
			return none, err
		}
		if m, err = tx.Membership(ctx, m.ID); err != nil {
			return none, err
		}
		out, err := s.newSecret(ctx, tx, licensing.ServiceAccount{Membership: m})
		if err != nil {
			return none, err
		}
		return out, tx.Audit(ctx, "serviceAccount.created", string(m.ID), string(g.ID), licensing.Value{Name: "name", Value: name}, licensing.Value{Name: "label", Value: label})
	})
}

// nameTaken reports whether an address belongs to an account, or to somebody who is invited and may become one.
func nameTaken(ctx context.Context, tx *usecase.Tx, name string) (bool, error) {
	_, err := tx.UserByEmail(ctx, name)
	if errors.Is(err, licensing.ErrNone) {
		return tx.IsInvited(ctx, name)
	}
	return err == nil, err
}

// newSecret makes a secret for a and writes it beside the old one that a says.
func (s *Service) newSecret(ctx context.Context, tx *usecase.Tx, a licensing.ServiceAccount) (NewSecret, error) {
	secret := makeSecret()
	sealed, err := s.secrets.Seal([]byte(secret), SecretContext(a.Membership.ID))
	if err != nil {
		return NewSecret{}, err
	}
	a.Secret, a.SecretSince = sealed, tx.Now().Wall
	if err := tx.SetServiceSecrets(ctx, a); err != nil {
		return NewSecret{}, err
	}
	a.Membership.Version++
	return NewSecret{Account: serviceAccountRow(a, tx.Now()), Secret: secret}, nil
}

// makeSecret is 160 random bits as people can copy them: ABCD-EFGH-….
func makeSecret() string {
	b := make([]byte, secretBytes)
	rand.Read(b) // it never fails
	text := base32.StdEncoding.EncodeToString(b)
	groups := make([]string, 0, len(text)/4)
	for i := 0; i < len(text); i += 4 {
		groups = append(groups, text[i:i+4])
	}
	return strings.Join(groups, "-")
}

// RotateSecret asks for a new secret. Problems name the field "overlap".
type RotateSecret struct {
	Membership licensing.MembershipID `json:"membership"`
	Version    int                    `json:"version"` // of the membership that was shown; 0: any
	Overlap    *int                   `json:"overlap"` // hours that the old secret works on, 0 to MaxOverlap; nil: DefaultOverlap
}

// RotateSecret makes a new secret; the old one works on for the overlap, one before that no more. Only admins may.
func (s *Service) RotateSecret(ctx context.Context, actor licensing.Actor, requestID string, in RotateSecret) (out NewSecret, replayed bool, err error) {
	if in.Overlap == nil {
		in.Overlap = new(DefaultOverlap)
	}
	return usecase.Run(ctx, s.runner, actor, "RotateSecret", requestID, in, func(ctx context.Context, tx *usecase.Tx, in RotateSecret) (none NewSecret, err error) {
		a, err := accountInSight(ctx, tx, in.Membership)
		if err != nil {
			return none, err
		}
		if *in.Overlap < 0 || *in.Overlap > MaxOverlap {
			return none, licensing.InvalidRequest("overlap", "Enter 0 to %d hours.", MaxOverlap)
		}
		if in.Version != 0 && in.Version != a.Membership.Version {
			return none, licensing.ConflictError("Somebody else changed %s since you opened this. Nothing has been changed; look at it and decide again.", a.Membership.UserName)
		}
		a.OldSecret, a.OldUntil = nil, time.Time{}
		detail := licensing.Value{Name: "oldUntil", Value: ""}
		if *in.Overlap > 0 {
			a.OldSecret, a.OldUntil = a.Secret, tx.Now().Wall.Add(time.Duration(*in.Overlap)*time.Hour)
			detail.Value = a.OldUntil.Format(time.RFC3339)
		}
		out, err := s.newSecret(ctx, tx, a)
		if err != nil {
			return none, err
		}
		return out, tx.Audit(ctx, "serviceAccount.rotated", string(a.Membership.ID), string(a.Membership.Group), detail)
	})
}

// EndOverlap makes the old secret worthless now. Only admins may.
func (s *Service) EndOverlap(ctx context.Context, actor licensing.Actor, requestID string, id licensing.MembershipID) (out ServiceAccountRow, replayed bool, err error) {
	return usecase.Run(ctx, s.runner, actor, "EndOverlap", requestID, id, func(ctx context.Context, tx *usecase.Tx, id licensing.MembershipID) (none ServiceAccountRow, err error) {
		a, err := accountInSight(ctx, tx, id)
		if err != nil {
			return none, err
		}
		if serviceAccountRow(a, tx.Now()).OldUntil == nil { // it has ended, whoever did it
			return serviceAccountRow(a, tx.Now()), nil
		}
		until := a.OldUntil
		a.OldSecret, a.OldUntil = nil, time.Time{}
		if err := tx.SetServiceSecrets(ctx, a); err != nil {
			return none, err
		}
		a.Membership.Version++
		return serviceAccountRow(a, tx.Now()), tx.Audit(ctx, "serviceAccount.overlapEnded", string(a.Membership.ID), string(a.Membership.Group),
			licensing.FromTo("oldUntil", until.Format(time.RFC3339), ""))
	})
}
