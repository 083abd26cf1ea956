package licensing

import "context"

// OrganizationTx is groups, users and memberships; written by access.
type OrganizationTx interface {
	InsertGroup(ctx context.Context, g Group) error
	GroupByCode(ctx context.Context, code string) (Group, error)
	// RootGroup is the ISV.
	RootGroup(ctx context.Context) (Group, error)
	// InSight reports whether target is a itself or, when below, anywhere below it.
	InSight(ctx context.Context, own GroupID, below bool, target GroupID) (bool, error)
	InsertUser(ctx context.Context, u User) error
	UserByEmail(ctx context.Context, email string) (User, error)
	InsertMembership(ctx context.Context, m Membership) error
	// Membership returns a removed one, too.
	Membership(ctx context.Context, id MembershipID) (Membership, error)
	// MembershipsOf returns a user's memberships that are not removed.
	MembershipsOf(ctx context.Context, u UserID) ([]Membership, error)
	// AdminsOf returns the active admins of a group, by name.
	AdminsOf(ctx context.Context, g GroupID) ([]Membership, error)
	// SetServiceSecret makes a sealed secret the only one of a service account.
	SetServiceSecret(ctx context.Context, m MembershipID, sealed []byte) error
	// ServiceAccount finds one by its name, the e-mail address. ErrNone for any other user.
	ServiceAccount(ctx context.Context, name string) (ServiceAccount, error)
}

// Sight is what a reader may see: a group, with all below it or not.
type Sight struct {
	Group GroupID
	Below bool
}

// SightOf returns the sight of a membership.
func SightOf(m Membership) Sight { return Sight{m.Group, m.Role.Below()} }
