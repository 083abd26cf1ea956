package access

import (
	"context"
	"errors"
	"strings"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

// Secrets seals with the master key, and opens what is sealed so.
type Secrets interface {
	Seal(plain, context []byte) ([]byte, error)
	Open(sealed, context []byte) ([]byte, error)
}

// Service offers the use cases.
type Service struct {
	runner  *usecase.Runner
	secrets Secrets
	judge   licensing.Judge
	hashes  hasher

	publicURL string               // how links in mails begin
	limits    licensing.CallLimits // of service accounts that have none of their own
}

// New makes the service. The public URL is how the links in its mails begin; empty where it writes none. The limits are those of
// service accounts that have none of their own, the same that calls.Config has.
func New(runner *usecase.Runner, secrets Secrets, judge licensing.Judge, publicURL string, limits licensing.CallLimits) (*Service, error) {
	h, err := newHasher()
	return &Service{runner: runner, secrets: secrets, judge: judge, hashes: h, publicURL: strings.TrimRight(publicURL, "/"), limits: limits}, err
}

// unauthenticated is the one answer to every wrong login, whoever it names.
func unauthenticated() *licensing.Error {
	return &licensing.Error{Kind: licensing.Unauthenticated, Code: licensing.CodeUnauthenticated, Message: "The name or the password is not right."}
}

// Memberships returns a user's memberships that are not suspended, the oldest first.
func (s *Service) Memberships(ctx context.Context, user licensing.UserID) ([]licensing.Membership, error) {
	return usecase.Read(ctx, s.runner, licensing.Actor{}, func(ctx context.Context, tx *usecase.Tx) ([]licensing.Membership, error) {
		return activeMemberships(ctx, tx, user)
	})
}

func activeMemberships(ctx context.Context, tx *usecase.Tx, user licensing.UserID) ([]licensing.Membership, error) {
	all, err := tx.MembershipsOf(ctx, user)
	if err != nil {
		return nil, err
	}
	var active []licensing.Membership
	for _, m := range all {
		if m.Active() && m.Role != licensing.RoleService {
			active = append(active, m)
		}
	}
	return active, nil
}

// Act returns the actor for a user who acts in one of his memberships. It is not found when it is not his, or is
// suspended.
func (s *Service) Act(ctx context.Context, user licensing.UserID, id licensing.MembershipID, via, remote string) (licensing.Actor, error) {
	return usecase.Read(ctx, s.runner, licensing.Actor{}, func(ctx context.Context, tx *usecase.Tx) (licensing.Actor, error) {
		m, err := tx.Membership(ctx, id)
		if errors.Is(err, licensing.ErrNone) || err == nil && (m.User != user || !m.Active() || m.Role == licensing.RoleService) {
			return licensing.Actor{}, licensing.NotFoundError("acting", "You have no such membership.")
		}
		return licensing.Actor{Membership: m, Via: via, Remote: remote}, err
	})
}

// Admins returns the admins of the actor's own group: whom to ask for a grant.
func (s *Service) Admins(ctx context.Context, actor licensing.Actor) ([]licensing.Membership, error) {
	return usecase.Read(ctx, s.runner, actor, func(ctx context.Context, tx *usecase.Tx) ([]licensing.Membership, error) {
		return tx.AdminsOf(ctx, tx.Actor.Group)
	})
}
