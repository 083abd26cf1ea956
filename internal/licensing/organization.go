package licensing

import "time"

// The ids of the inside are UUIDv7 strings; each kind has a type of its own so that they are not mixed up.
type (
	// GroupID names a Group.
	GroupID string
	// UserID names a User.
	UserID string
	// MembershipID names a Membership.
	MembershipID string
	// CategoryID names a Category.
	CategoryID string
	// ProductID names a Product.
	ProductID string
	// OfferID names an Offer.
	OfferID string
	// CustomerID names a customer of a group.
	CustomerID string
	// OrderID names an Order.
	OrderID string
	// LineID names a Line.
	LineID string
	// LicenseID names a License; it stands in addresses, where a ticket must not.
	LicenseID string
	// SubscriptionID names a Subscription.
	SubscriptionID string
	// MessageID names a Message; the other system recognizes it by its Name.
	MessageID string
	// GrantID names a Grant.
	GrantID string
)

// Group is a node of the organization tree. The root, the one without a parent, is the ISV.
type Group struct {
	ID        GroupID
	Parent    GroupID // empty for the ISV
	Code      string  // what callers name it by; lower-case letters, digits and dashes; it never changes
	Name      string
	Address   string // postal, of several lines; may be empty
	Contact   Contact
	Brand     Brand
	Version   int // counts edits, from 1
	CreatedAt time.Time
}

// OwnedBy is the group itself: whoever does not see it is not told of it again.
func (g Group) OwnedBy() GroupID { return g.ID }

// Contact is whom to turn to about a group. All of it may be empty.
type Contact struct {
	Name, Email, Phone string
}

// Brand is how pages look that a group's people work on. It is not passed down: the groups below would learn who is
// above them.
type Brand struct {
	Title string // beside the portal's name; empty: the group's name
	Color string // of accents, "#rrggbb" in lower case; empty: the portal's own
}

// Role is what a membership is in its group.
type Role string

// The roles. An admin of the root is an ISV admin.
const (
	RoleAdmin   Role = "admin"
	RoleMember  Role = "member"
	RoleService Role = "service" // a service account; it acts by SOAP only
)

// Below reports whether sight reaches the groups below the own one.
func (r Role) Below() bool { return r == RoleAdmin || r == RoleService }

// User is somebody who logs in, or a service account.
type User struct {
	ID           UserID
	Email        string
	Name         string
	PasswordHash string // argon2id; empty for a service account
	CreatedAt    time.Time
}

// Membership is a user in a group, with a role: who acts, and who holds grants.
type Membership struct {
	ID         MembershipID
	User       UserID
	Email      string
	UserName   string
	Group      GroupID
	GroupCode  string
	GroupName  string
	GroupIsISV bool
	GroupBrand Brand
	Role       Role
	Suspended  bool
	RemovedAt  time.Time // zero: it is not removed. A removed one acts nowhere and is listed nowhere, but history names it
	Version    int       // counts changes, from 1
	CreatedAt  time.Time
}

// Active reports whether one may act in it.
func (m Membership) Active() bool { return !m.Suspended && m.RemovedAt.IsZero() }

// OwnedBy is the group that it belongs to: whoever does not see that is not told of it again.
func (m Membership) OwnedBy() GroupID { return m.Group }

// Actor is who does something now: a membership, and the way it came in.
type Actor struct {
	Membership
	Via    string // "portal", "soap", "console", "scheduler"
	Remote string // the peer's address; empty inside
	// Allowance is what a service account is held to; nil: to nothing.
	Allowance *Allowance
	Home      *Membership // of one who is held to a group below his own; nil: Membership
	Sandbox   *Sandbox    // of a service account, while it is on; else nil

	// MakesTests says that what he creates is a test license, whatever he asks for, and that he changes nothing else;
	// OnlyTests that he finds no license by its ticket and no order by its number which is no test. The transaction holds him to both, whatever the use case.
	MakesTests, OnlyTests bool
}

// ViaConsole is the way in of whoever tries out an operation in the portal as a service account.
const ViaConsole = "console"

// RequestSpace is what sets the request ids of a way in apart: what somebody tries out in the console is none of the
// account's own requests. No request id begins like that, for it holds no control characters.
func (a Actor) RequestSpace() string {
	if a.Via == ViaConsole {
		return ViaConsole + "\x1f"
	}
	return ""
}

// Scheduler returns the actor of what happens because of the clock: extensions, retries.
func Scheduler() Actor { return Actor{Membership: Membership{UserName: "Scheduler"}, Via: "scheduler"} }

// ServiceAccount is what a SOAP caller authenticates as.
type ServiceAccount struct {
	Membership  Membership
	Secret      []byte    // sealed; the clear text is needed to check a digest
	SecretSince time.Time // wall clock
	OldSecret   []byte    // sealed; works beside Secret until OldUntil; nil: there is none
	OldUntil    time.Time // wall clock
}

// Action is something that a category permits.
type Action string

// The actions.
const (
	Create Action = "create" // order, extend an order, renew
	Modify Action = "modify" // parameters, data fields, customer, seats, cancel and withdraw
	Revoke Action = "revoke" // revoke, reinstate, suspend, delete
)

// Any means, as the category or the action of a grant, all of them.
const Any = "*"

// Grant lets somebody do an action in a category.
type Grant struct {
	ID        GrantID
	Who       string // "member:EMAIL/GROUP", "group:CODE" (its members) or "tree:CODE" (and all below it)
	Category  string // a category's code, or Any
	Action    string // an Action, or Any
	GivenBy   MembershipID
	Under     GrantID // the grant of the giver that it hangs under; empty for what the ISV gave itself
	Until     Day     // the last day that it allows something on, in the ISV's zone; zero: it has no end
	CreatedAt time.Time
}

// PolicyLine is one line of casbin's policy, its kind ("p", "g") first.
type PolicyLine []string

// Policy is what the policy says about one membership at one moment.
type Policy struct {
	Version int64
	Lines   []PolicyLine
	// Ends is for how long the lines hold at most, from before they were read: until the first grant among them ends by
	// the business clock; 0 when none of them has an end. It is exact unless the wall clock is set meanwhile.
	Ends time.Duration
}

// PolicyChange says that something about a subject (a Grant.Who, or a group whose parent changed) is different
// since Version.
type PolicyChange struct {
	Version int64
	Subject string
}

// MemberSubject is the name of a membership in the policy.
func MemberSubject(email, group string) string { return "member:" + email + "/" + group }

// GroupSubject is the name of a group's own members in the policy.
func GroupSubject(code string) string { return "group:" + code }

// TreeSubject is the name of a group with all below it in the policy.
func TreeSubject(code string) string { return "tree:" + code }
