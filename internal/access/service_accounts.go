package access

import (
	"context"
	"time"

	"kontor/internal/licensing"
)

const (
	// DefaultOverlap is for how many hours the old secret works beside a new one.
	DefaultOverlap = 24
	// MaxOverlap is the most hours of that.
	MaxOverlap = 168
)

// ServiceAccountRow is a service account in a list.
type ServiceAccountRow struct {
	Membership  licensing.Membership
	SecretSince time.Time  // wall clock
	OldUntil    *time.Time // wall clock; until then the secret before works as well; nil: only one works
}

// ServiceAccounts returns those of a group within sight, or all within sight when group is empty, by name. Only
// admins may.
func (s *Service) ServiceAccounts(ctx context.Context, actor licensing.Actor, group string) ([]ServiceAccountRow, error) {
	return nil, notBuilt()
}

// ServiceAccount returns one within sight. Only admins may.
func (s *Service) ServiceAccount(ctx context.Context, actor licensing.Actor, id licensing.MembershipID) (ServiceAccountRow, error) {
	return ServiceAccountRow{}, notBuilt()
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
	return out, false, notBuilt()
}

// RotateSecret asks for a new secret. Problems name the field "overlap".
type RotateSecret struct {
	Membership licensing.MembershipID `json:"membership"`
	Version    int                    `json:"version"` // of the membership that was shown; 0: any
	Overlap    *int                   `json:"overlap"` // hours that the old secret works on, 0 to MaxOverlap; nil: DefaultOverlap
}

// RotateSecret makes a new secret; the old one works on for the overlap, one before that no more. Only admins may.
func (s *Service) RotateSecret(ctx context.Context, actor licensing.Actor, requestID string, in RotateSecret) (out NewSecret, replayed bool, err error) {
	return out, false, notBuilt()
}

// EndOverlap makes the old secret worthless now. Only admins may.
func (s *Service) EndOverlap(ctx context.Context, actor licensing.Actor, requestID string, id licensing.MembershipID) (out ServiceAccountRow, replayed bool, err error) {
	return out, false, notBuilt()
}
