package licensing

import "time"

// MessageKind says what a message tells.
type MessageKind string

// The kinds of messages.
const (
	TellOrderCreated          MessageKind = "orderCreated"
	TellOrderExtended         MessageKind = "orderExtended" // a line was added to an order
	TellSubscriptionExtended  MessageKind = "subscriptionExtended"
	TellSubscriptionCancelled MessageKind = "subscriptionCancelled"
	TellCancellationWithdrawn MessageKind = "cancellationWithdrawn"
	TellSubscriptionEnded     MessageKind = "subscriptionEnded"
	TellLicenseModified       MessageKind = "licenseModified"
	TellLicenseSuspended      MessageKind = "licenseSuspended"
	TellLicenseRevoked        MessageKind = "licenseRevoked"
	TellLicenseReinstated     MessageKind = "licenseReinstated"
	TellLicenseMoved          MessageKind = "licenseMoved"
	TellLicenseDeleted        MessageKind = "licenseDeleted"
	TellStatementClosed       MessageKind = "statementClosed"
	TellDocumentReported      MessageKind = "documentReported" // told by the other system, of a document that no message asked for
)

// MessageState is how far a message is.
type MessageState string

// The states of a message, as the SOAP contract names them.
const (
	MessageWaiting  MessageState = "waiting"  // not sent yet, or to be sent again
	MessageSent     MessageState = "sent"     // being sent now
	MessageAccepted MessageState = "accepted" // the other system answered with its document number
	MessageRejected MessageState = "rejected" // the other system refused it; a person is needed
	MessageFailed   MessageState = "failed"   // it cannot be built or understood; a person is needed
)

// Message is one thing to tell one connector.
type Message struct {
	ID        MessageID
	Connector string // the connector's code
	Kind      MessageKind
	Key       string      // what it is about, unique per connector: so one thing is told once
	Order     OrderID     // that it is about; empty for one about a statement
	Statement StatementID // that it is about; empty for one about an order
	Content   Content
	State     MessageState
	Attempts  int
	NextTry   time.Time // wall clock; for a waiting one the next try, for a sent one when it counts as lost
	LastError string    // what went wrong at the last try, for a person
	Number    string    // the other system's document number
	CreatedAt time.Time // wall clock
	UpdatedAt time.Time // wall clock
}

// Name is the id by which the other system recognizes what it was told already. What the clock does, it does again when a
// database was restored from a backup: that has the same name each time, made of what it is about. What people and systems
// do has a name of its own each time: after a restore they may do something else. A group has one statement of a month.
func (m Message) Name() string {
	if m.Kind == TellSubscriptionExtended || m.Kind == TellSubscriptionEnded || m.Kind == TellStatementClosed {
		return DerivedID("message", m.Connector, m.Key)
	}
	return string(m.ID)
}

// Content is what a message tells, as it was when it was recorded.
type Content struct {
	Month       Month            `json:"month,omitzero"` // of a statement
	Statement   *Statement       `json:"-"`              // a closed one never changes: it is read when it is sent
	OrderNumber string           `json:"orderNumber"`
	Group       string           `json:"group"`
	Customer    Customer         `json:"customer"`
	DataFields  []Value          `json:"dataFields,omitempty"`
	Lines       []ContentLine    `json:"lines,omitempty"`
	Test        bool             `json:"test,omitempty"`
	Period      *Period          `json:"period,omitempty"` // of a subscription message
	Licenses    []ContentLicense `json:"licenses,omitempty"`
	Reason      string           `json:"reason,omitempty"`    // of a change of a license: why
	FromGroup   string           `json:"fromGroup,omitempty"` // of a move: the group that owned it
	Amount      *Money           `json:"amount,omitempty"`    // of a modification: what more seats cost; nil: no charge
}

// ContentLine is an order line in a message.
type ContentLine struct {
	Position     int     `json:"position"`
	ExternalLine string  `json:"externalLine,omitempty"`
	Category     string  `json:"category"`
	Product      string  `json:"product"`
	Name         string  `json:"name"`
	Quantity     int     `json:"quantity"`
	Amount       *Money  `json:"amount,omitempty"`
	DataFields   []Value `json:"dataFields,omitempty"` // those that the order has not, or otherwise
}

// ContentLicense is a license in a message. Keys and files are told to nobody but the customer's side.
type ContentLicense struct {
	Ticket           string       `json:"ticket"`
	Product          string       `json:"product"`
	Quantity         int          `json:"quantity"`
	State            LicenseState `json:"state,omitempty"`    // of a change of a license: where it stands after it
	StartDate        Day          `json:"startDate,omitzero"` // of an order: the first day of the subscription
	ExpiresAt        *time.Time   `json:"expiresAt,omitempty"`
	MaintenanceUntil Day          `json:"maintenanceUntil,omitempty"`
	Parameters       []Value      `json:"parameters,omitempty"`
}

// Document is a message as a reader of the order sees it.
type Document struct {
	ID        MessageID    `json:"-"`
	Connector string       `json:"connector"`
	Kind      MessageKind  `json:"kind"`
	State     MessageState `json:"state"`
	Number    string       `json:"number,omitempty"`
	At        time.Time    `json:"at"`
	NextTry   time.Time    `json:"nextTry,omitzero"`
	Attempts  int          `json:"attempts"`
	LastError string       `json:"lastError,omitempty"`
}
