package licensing

import (
	"context"
	"errors"
	"time"
)

// ErrRace says that a transaction lost a race (a serialization failure, a deadlock, a busy database) and may be run
// again from the start.
var ErrRace = errors.New("lost a race, run again")

// ErrNone says that a query that wants one row found none.
var ErrNone = errors.New("no such row")

// Store keeps everything. Its engines pass one suite (internal/storetest).
type Store interface {
	// Write runs fn in a transaction that commits when fn returns nil. The error is ErrRace when the transaction
	// may be run again.
	Write(ctx context.Context, fn func(Tx) error) error
	// Read runs fn on one snapshot. Writing in it is an error.
	Read(ctx context.Context, fn func(Tx) error) error
	// PolicyVersion returns the policy's version at a moment after the call.
	PolicyVersion(ctx context.Context) (int64, error)
	// PolicyChanges returns what changed after a version, in order, and the newest version.
	PolicyChanges(ctx context.Context, after int64) ([]PolicyChange, int64, error)
	// PolicyLines returns on one snapshot the policy's version and every line that can matter to a membership: its
	// grants, those of its group and of the groups above, and the memberships of names (g lines).
	PolicyLines(ctx context.Context, m MembershipID) (int64, []PolicyLine, error)
}

// Tx is a transaction with one now. A package writes its own tables only, and may read any.
type Tx interface {
	// Now is the same for the whole transaction.
	Now() Moment
	OrganizationTx
	PolicyTx
	CatalogTx
	OrderTx
	SubscriptionTx
	MessageTx
	RequestTx
	SettingTx
}

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
	Membership(ctx context.Context, id MembershipID) (Membership, error)
	MembershipsOf(ctx context.Context, u UserID) ([]Membership, error)
	// AdminsOf returns the active admins of a group, by name.
	AdminsOf(ctx context.Context, g GroupID) ([]Membership, error)
	SetServiceSecret(ctx context.Context, m MembershipID, sealed []byte) error
	// ServiceAccount finds one by its name, the e-mail address. ErrNone for any other user.
	ServiceAccount(ctx context.Context, name string) (ServiceAccount, error)
	// LoginFailures returns how often in a row a login under key failed, and when last (wall clock).
	LoginFailures(ctx context.Context, key string) (int, time.Time, error)
	NoteLoginFailure(ctx context.Context, key string) error
	ForgetLoginFailures(ctx context.Context, key string) error
	// UseNonce remembers a nonce until expires; false when it was used before.
	UseNonce(ctx context.Context, nonce string, expires time.Time) (bool, error)
}

// PolicyTx is grants, and the policy as the transaction sees it; written by access. Each write bumps the policy's
// version.
type PolicyTx interface {
	InsertGrant(ctx context.Context, g Grant) error
	DeleteGrant(ctx context.Context, id GrantID) error
	GrantByID(ctx context.Context, id GrantID) (Grant, error)
	// PolicyLines is Store.PolicyLines on the transaction's own data.
	PolicyLines(ctx context.Context, m MembershipID) (int64, []PolicyLine, error)
}

// CatalogTx is categories, products and offers; written by catalog.
type CatalogTx interface {
	InsertCategory(ctx context.Context, c Category) error
	InsertProduct(ctx context.Context, p Product) error
	InsertOffer(ctx context.Context, id OfferID, c CategoryID, p ProductID, rules map[string]Rule) error
	// InsertDataField adds one for a category, or for all when c is empty.
	InsertDataField(ctx context.Context, c CategoryID, f DataField) error
	Categories(ctx context.Context) ([]Category, error)
	// Offer finds an offer by its codes, with everything that ordering it needs.
	Offer(ctx context.Context, category, product string) (Offer, error)
	// Offers returns all offers, by category and position.
	Offers(ctx context.Context) ([]Offer, error)
}

// OrderTx is customers, orders and licenses with their files, and the audit trail; written by ordering.
type OrderTx interface {
	// UpsertCustomer returns the customer of a group with that number, or without one with that name and e-mail
	// address; it is made when there is none, and takes the newest particulars.
	UpsertCustomer(ctx context.Context, g GroupID, c Customer) (CustomerID, error)
	FindCustomers(ctx context.Context, s Sight, q string, limit int) ([]CustomerRow, error)
	// InsertOrder returns the order's sequence number.
	InsertOrder(ctx context.Context, o Order, customer CustomerID, by Actor) (int64, error)
	InsertLine(ctx context.Context, l Line) error
	// CountLines returns how many lines an order has.
	CountLines(ctx context.Context, o OrderID) (int, error)
	InsertLicense(ctx context.Context, l License, offer Offer) error
	// LicensesOfLine returns what a line yielded, in the order of creation.
	LicensesOfLine(ctx context.Context, line LineID) ([]License, error)
	// UpdateLicense writes state, expiration and maintenance, when the version is still l.Version; else ErrRace.
	UpdateLicense(ctx context.Context, l License) error
	InsertLicenseFile(ctx context.Context, l LicenseID, file string) error
	// OrderByNumber finds an order with lines, licenses and documents.
	OrderByNumber(ctx context.Context, number string) (Order, error)
	LicenseByTicket(ctx context.Context, ticket string) (License, error)
	LicenseByID(ctx context.Context, id LicenseID) (License, error)
	LicenseFiles(ctx context.Context, id LicenseID) ([]LicenseFile, error)
	ListLicenses(ctx context.Context, s Sight, f LicenseFilter) ([]License, error)
	CountLicenses(ctx context.Context, s Sight, f LicenseFilter) (int, error)
	ListOrders(ctx context.Context, s Sight, f OrderFilter) ([]Order, error)
	// LicensesPerDay counts the licenses created on each day from a day on.
	LicensesPerDay(ctx context.Context, s Sight, from Day) (map[Day]int, error)
	InsertAudit(ctx context.Context, a Audit) error
	// History returns what happened to an object, newest first.
	History(ctx context.Context, object string) ([]HistoryEntry, error)
}

// Sight is what a reader may see: a group, with all below it or not.
type Sight struct {
	Group GroupID
	Below bool
}

// SightOf returns the sight of a membership.
func SightOf(m Membership) Sight { return Sight{m.Group, m.Role.Below()} }

// CustomerRow is a customer in a list.
type CustomerRow struct {
	ID       CustomerID
	Customer Customer
	Licenses int
}

// LicenseFile is one issue of a license's file.
type LicenseFile struct {
	Number   int // from 1
	Text     string
	IssuedAt time.Time // wall clock
}

// LicenseFilter narrows a list of licenses. Empty fields do not narrow.
type LicenseFilter struct {
	Query   string // part of a ticket, customer or order number, data field
	State   LicenseState
	Kind    string // "subscription"
	Product string
	Sort    LicenseSort
	After   string // where the page before ended: its Next
	Limit   int    // 1 to 500
}

// LicenseSort is an order of a list of licenses.
type LicenseSort string

// The orders of a list of licenses.
const (
	SortCreated  LicenseSort = ""         // newest first
	SortCancelBy LicenseSort = "cancelBy" // soonest last day to cancel first; only what can be cancelled
)

// Cursor is where a page that ends with l ends; the next page begins after it.
func (s LicenseSort) Cursor(l License) string {
	if s == SortCancelBy && l.Subscription != nil {
		return l.Subscription.Last().CancelBy.String() + "/" + string(l.ID)
	}
	return string(l.ID)
}

// OrderFilter narrows a list of orders.
type OrderFilter struct {
	Query  string
	Before int64 // orders with a smaller sequence number; 0: from the newest
	Limit  int
}

// Audit is one row of the audit trail.
type Audit struct {
	Actor     Actor
	Action    string // "license.created"
	Object    string // the id of what it is about
	Parent    string // the id of what that belongs to: the order of a license
	RequestID string
	Detail    []Value
}

// SubscriptionTx is subscriptions and periods; written by subscriptions.
type SubscriptionTx interface {
	InsertSubscription(ctx context.Context, s Subscription) error
	SubscriptionOf(ctx context.Context, l LicenseID) (Subscription, error)
	// AppendPeriod closes the last period with outcome extended and adds the next. It reports false, and does
	// nothing, when a period of that number exists.
	AppendPeriod(ctx context.Context, s Subscription, next Period) (bool, error)
	// UpdateSubscription writes state, cancellation and when it is due next, when the version is still s.Version;
	// else ErrRace.
	UpdateSubscription(ctx context.Context, s Subscription) error
	// DueSubscriptions returns licenses whose subscriptions are due at an instant, the longest overdue first.
	DueSubscriptions(ctx context.Context, at time.Time, limit int) ([]LicenseID, error)
}

// MessageTx is the ledger: messages and their tries; written by connecting.
type MessageTx interface {
	// InsertMessage records one; it does nothing when the connector has one of that key already.
	InsertMessage(ctx context.Context, m Message) error
	Message(ctx context.Context, id MessageID) (Message, error)
	// ClaimMessage takes a waiting or lost message whose next try has come, counts the try, and marks it sent until
	// lost. ErrNone when there is nothing to take: it is done, not due, or somebody else has it.
	ClaimMessage(ctx context.Context, id MessageID, lost time.Time) (Message, error)
	// EarlierMessage returns the oldest message to the same connector about the same order that was recorded before m
	// and is still on its way; ErrNone when there is none.
	EarlierMessage(ctx context.Context, m Message) (Message, error)
	// MessagesOf returns the messages about an order, oldest first.
	MessagesOf(ctx context.Context, o OrderID) ([]Message, error)
	// FinishTry records what came of a try, what the other system said, and where the message stands now. ErrNone when the try counted as lost and
	// another one has taken its place.
	FinishTry(ctx context.Context, m Message, took time.Duration, said string) error
	// OverdueMessages returns those that should have been tried before an instant (wall clock) and were not.
	OverdueMessages(ctx context.Context, before time.Time, limit int) ([]MessageID, error)
	// WaitingMessages returns messages within sight that are not accepted, newest first.
	WaitingMessages(ctx context.Context, s Sight, limit int) ([]WaitingMessage, error)
}

// WaitingMessage is a message on its way, for the home page.
type WaitingMessage struct {
	Message     Message
	OrderNumber string
	Customer    string
}

// RequestTx remembers which requests were carried out; written by the runner alone.
type RequestTx interface {
	// ClaimRequest takes a request id for an account. It waits while another transaction holds the same one. When
	// the id was committed before, it returns false and what was stored then.
	ClaimRequest(ctx context.Context, account MembershipID, id string, fingerprint []byte) (claimed bool, stored StoredRequest, err error)
	StoreAnswer(ctx context.Context, account MembershipID, id string, sealed []byte) error
}

// StoredRequest is a request that was carried out.
type StoredRequest struct {
	Fingerprint []byte // of operation and input
	Answer      []byte // sealed
}

// SettingTx is what is set once for the whole house: the demo's clock, the demo's mark.
type SettingTx interface {
	Setting(ctx context.Context, name string) (string, error) // "" when not set
	SetSetting(ctx context.Context, name, value string) error
	// Empty reports whether there is no group yet: nobody has begun to use the house.
	Empty(ctx context.Context) (bool, error)
}

// Decision is the answer to "may this membership do this in this category".
type Decision struct {
	Allowed bool
	Grant   string // the grant that allows it
}

// Decider answers from kept answers, or from the transaction when it cannot confirm that they are current.
type Decider interface {
	Decide(ctx context.Context, tx Tx, m MembershipID, action Action, category string) (Decision, error)
	// Categories returns the codes of those categories, out of the given ones, in which the action is allowed.
	Categories(ctx context.Context, tx Tx, m MembershipID, action Action, of []string) ([]string, error)
}

// Signer signs with the maker's keys.
type Signer interface {
	// LicenseFile wraps a payload (see LicensePayload) into a signed license file; when encrypted, under key.
	LicenseFile(payload []byte, form FileForm, key string) (string, error)
}

// Job names work to be done after the transaction has committed.
type Job struct {
	Kind string // "send_message", "extend_subscriptions", …
	ID   string // of the row it is about; may be empty
	Once bool   // not when one that was enqueued so still waits
}

// Enqueuer records jobs in the business transaction, so that they exist exactly when it commits.
type Enqueuer interface {
	Enqueue(ctx context.Context, tx Tx, jobs ...Job) error
}

// Answer is what a connector's system said.
type Answer struct {
	Accepted bool
	Number   string // its document number
	Text     string // what it said, for a person
}

// Connector passes messages on to one foreign system. A message passed twice does no harm there: it carries its id.
// An error means that nobody knows whether it arrived; it is tried again.
type Connector interface {
	Pass(ctx context.Context, m Message) (Answer, error)
}
