package licensing

import (
	"context"
	"errors"
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
	// grants, those of its group and of the groups above, and the memberships of names (g lines). Grants that have
	// ended are left out.
	PolicyLines(ctx context.Context, m MembershipID) (Policy, error)
}

// Tx is a transaction with one now. A package writes its own tables only, and may read any.
type Tx interface {
	// Now is the same for the whole transaction.
	Now() Moment
	OrganizationTx
	PeopleTx
	LoginTx
	CertificateTx
	AllowanceTx
	MailTx
	PolicyTx
	CatalogTx
	OrderTx
	ListTx
	ExportTx
	SubscriptionTx
	SaleTx
	ReminderTx
	ReceiptTx
	ChangeTx
	ForecastTx
	StatementTx
	MessageTx
	CallTx
	RequestTx
	SettingTx
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

// SettingPublicURL is the setting that says how addresses of the portal begin, without a slash at the end, for mails that
// are written where no portal is served.
const SettingPublicURL = "url"

// SettingTx is what is set once for the whole house: the demo's clock, the demo's mark.
type SettingTx interface {
	Setting(ctx context.Context, name string) (string, error) // "" when not set
	// SetSetting sets one. Another business clock bumps the policy's version, for grants end by it.
	SetSetting(ctx context.Context, name, value string) error
	// Empty reports whether there is no group yet: nobody has begun to use the house.
	Empty(ctx context.Context) (bool, error)
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
