package licensing

import (
	"crypto/sha256"
	"encoding/hex"
	"time"
)

// CallID names a Call; ids sort by when the calls came.
type CallID string

// Call is one request to the SOAP face, as it is remembered of it.
type Call struct {
	ID      CallID
	At      time.Time // wall clock, when it came
	Group   GroupID   // of the account, or of the one that is named; empty while there is neither
	Account MembershipID
	// Named is the account that a call named which was refused before anybody was known, with a wrong secret above all. The call
	// is nobody's all the same: Account is empty, and anybody who knows a name can name it.
	Named MembershipID
	// NamedHome says that it came from an address from which that account came in lately.
	NamedHome bool
	// Name is what the account, or the one that is named, signs in as; else the name as the caller claimed it.
	Name string
	// Console says that an admin tried it in the portal's console: it counts against no limit, and in no use of the account.
	Console    bool
	Remote     string // the peer's address; empty when unknown
	Version    string // of SOAP: "1.1" or "1.2"
	Operation  string // empty while it is none that we know
	RequestID  string
	Took       time.Duration
	Outcome    CallOutcome
	Field      string // that the fault names
	Reference  string // names it, in faults and in the address of its page
	InSize     int    // of the request's envelope in bytes, as it was unpacked
	OutSize    int    // of the answer's envelope in bytes, before it was packed
	Order      string // the number of the order that it is about; empty when there is none, or several
	TicketHash string // of the license that it is about, as HashTicket makes it; empty as with Order
	Kept       bool   // its envelopes are
}

// NamedAccount is the service account that a refused login named; the zero value: there is none of that name.
type NamedAccount struct {
	Account Membership
	Home    bool // it came in lately from the address of the refused one
}

// CallOutcome is how a call ended: CallOK, CallReplayed, CallLost, or the Code of its fault.
type CallOutcome string

// The outcomes beside the codes of faults.
const (
	CallOK       CallOutcome = "ok"
	CallReplayed CallOutcome = "replayed" // the answer was the stored one
	CallLost     CallOutcome = "lost"     // the connection was closed instead of an answer, by a sandbox
)

// CallFaults narrows a list to all that ended with a fault.
const CallFaults CallOutcome = "faults"

// CallOutcomes are those that there are.
var CallOutcomes = []CallOutcome{
	CallOK, CallReplayed, CallOutcome(CodeInvalidParameter), CallOutcome(CodeInvalidRequest), CallOutcome(CodeUnauthenticated), CallOutcome(CodeDenied),
	CallOutcome(CodeNotFound), CallOutcome(CodeRequestIDReused), CallOutcome(CodeConflict), CallOutcome(CodeExhausted), CallOutcome(CodeTooLarge),
	CallOutcome(CodeUnavailable), CallOutcome(CodeInternal), CallLost,
}

// Fault reports whether there was no answer but a fault, or none at all.
func (o CallOutcome) Fault() bool { return o != CallOK && o != CallReplayed }

// HashTicket is what a ticket is found by where it may not stand itself. Nobody finds the ticket by it: 120 bits of it are
// random.
func HashTicket(ticket string) string {
	sum := sha256.Sum256([]byte("ticket\x00" + ticket))
	return hex.EncodeToString(sum[:16])
}

// CallsFor takes order numbers and request ids out of rows, unless the actor is an admin: an account sees what lies below its
// group, and a member of the group does not.
func CallsFor(actor Actor, rows []CallRow) {
	if actor.Role == RoleAdmin {
		return
	}
	for i := range rows {
		rows[i].Order, rows[i].RequestID = "", ""
	}
}
