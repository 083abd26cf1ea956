package licensing

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Receipt confirms a cancellation: what was received when, whether in time, and what follows. It is written once, with the
// cancellation, and never changed; a cancellation that is taken back leaves its receipt behind, and another one makes
// another receipt.
type Receipt struct {
	Seq      int64          `json:"-"` // never used twice
	License  LicenseID      `json:"-"`
	Group    GroupID        `json:"-"` // that owned the license when it was cancelled
	Number   string         `json:"number"`
	Document string         `json:"document"` // signed; see ReceiptPayload
	Facts    ReceiptPayload `json:"facts"`    // what the document says
	// WithdrawnAt is when the cancellation was taken back, on the business clock; nil: it was not.
	WithdrawnAt *time.Time `json:"withdrawnAt,omitempty"`
}

// ReceiptFormat names the form of a receipt's payload, in it.
const ReceiptFormat = "kontor cancellation receipt 1"

// ReceiptPayload is what a receipt says, as its document has it: JSON with the keys in this order, without blanks.
type ReceiptPayload struct {
	Format       string           `json:"format"` // ReceiptFormat
	Number       string           `json:"number"`
	Issuer       string           `json:"issuer"`     // the ISV's name
	ReceivedAt   time.Time        `json:"receivedAt"` // when our clock had read the request; UTC, microseconds
	Zone         string           `json:"zone"`       // the ISV's time zone, in which last days to cancel end
	CancelBy     Day              `json:"cancelBy"`   // the last day to cancel that the cancellation was held against
	InTime       bool             `json:"inTime"`
	AcceptedLate bool             `json:"acceptedLate,omitempty"` // it came too late, and the ISV accepted it all the same
	EndsOn       Day              `json:"endsOn"`                 // the last licensed day
	Subscription SubscriptionType `json:"subscription"`
	Ticket       string           `json:"ticket"`
	OrderNumber  string           `json:"orderNumber"`
	Product      string           `json:"product"`
	ProductName  string           `json:"productName"`
	Quantity     int              `json:"quantity"`        // of licenses
	Units        int64            `json:"units,omitempty"` // seats × quantity; 0: the product counts none, or the receipt is older than this figure
	Group        string           `json:"group"`
	GroupName    string           `json:"groupName"`
	Customer     Customer         `json:"customer"`
	Reason       string           `json:"reason"`
	CancelledBy  string           `json:"cancelledBy"` // a name; empty: somebody above the group, whom its receipts do not name
	Follows      string           `json:"follows"`     // what follows, in words
}

// NewReceipt writes what the receipt of a cancellation says, but for its number. L is the license as the cancellation
// left it, received when the request was, cancelBy the last day to cancel that it was held against.
func NewReceipt(l License, issuer string, by Actor, reason string, received Moment, cancelBy Day, inTime bool) ReceiptPayload {
	sub := l.Subscription
	p := ReceiptPayload{
		Format: ReceiptFormat, Issuer: issuer, ReceivedAt: received.Business, Zone: received.Zone.String(), CancelBy: cancelBy, InTime: inTime,
		EndsOn: sub.EndsOn(), AcceptedLate: sub.Early != nil, Subscription: sub.Plan.Type, Ticket: l.Ticket, OrderNumber: l.OrderNumber, Product: l.ProductCode, ProductName: l.ProductName,
		Quantity: l.Quantity, Group: l.GroupCode, GroupName: l.GroupName, Customer: l.Customer, Reason: reason,
	}
	p.Units, _ = l.CountedSeats()
	if by.AtHome().Group == l.Group {
		p.CancelledBy = by.UserName
	}
	p.Follows = p.follows()
	return p
}

// follows says what follows, for somebody who reads nothing else.
func (p ReceiptPayload) follows() string {
	what := "The license runs to"
	if p.Subscription == MaintenanceSubscription {
		what = "Maintenance runs to"
	}
	ends := fmt.Sprintf("%s %s. It is not extended after that day.", what, p.EndsOn)
	if p.AcceptedLate {
		return fmt.Sprintf("The cancellation was received after the last day to cancel, %s, and accepted all the same by %s. %s", p.CancelBy, p.Issuer, ends)
	}
	if p.InTime {
		return fmt.Sprintf("The cancellation was received in time: the last day to cancel is %s. %s", p.CancelBy, ends)
	}
	return fmt.Sprintf("The cancellation was received after the last day to cancel, %s: it was extended by then, and the cancellation counts for the end of the extended period. %s", p.CancelBy, ends)
}

// Encode returns the payload as its signature covers it.
func (p ReceiptPayload) Encode() ([]byte, error) { return json.Marshal(p) }

// ReadReceipt reads a receipt's payload. The error says that it is none.
func ReadReceipt(payload []byte) (p ReceiptPayload, err error) {
	if err := json.Unmarshal(payload, &p); err != nil {
		return p, fmt.Errorf("the receipt's content cannot be read: %w", err)
	}
	if p.Format != ReceiptFormat {
		return p, fmt.Errorf("the receipt is of another form than %q", ReceiptFormat)
	}
	return p, nil
}

// ReceiptNumber makes the number of a receipt: R, the year of the cancellation in the ISV's zone, and a number that is
// never used twice.
func ReceiptNumber(received Day, seq int64) string {
	return fmt.Sprintf("R%02d-%d", received.Year%100, receiptNumberBase+seq)
}

// ParseReceiptNumber returns the sequence number in a receipt's number. Whether the year fits, its reader checks.
func ParseReceiptNumber(s string) (seq int64, ok bool) {
	year, n, found := strings.Cut(strings.ToUpper(strings.TrimSpace(s)), "-")
	if !found || len(year) != 3 || year[0] != 'R' || len(n) > 15 {
		return 0, false
	}
	number, err := strconv.ParseInt(n, 10, 64)
	return number - receiptNumberBase, err == nil && number > receiptNumberBase
}

// receiptNumberBase makes the first number have five digits, as the following ones.
const receiptNumberBase = 10000

// ReceiptSigner signs receipts with the maker's key for receipts.
type ReceiptSigner interface {
	// Receipt wraps a payload (see ReceiptPayload) into a signed document, a line of JSON.
	Receipt(payload []byte) string
}
