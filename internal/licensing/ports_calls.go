package licensing

import (
	"context"
	"time"
)

// CallTx is the log of calls of the SOAP face; written by calls.
type CallTx interface {
	// InsertCall writes one, with its envelopes sealed; nil: they are not kept.
	InsertCall(ctx context.Context, c Call, sealed []byte) error
	// CallRows returns a page of the list of calls of accounts within sight. Those that only named an account are in sight of
	// its group and of the groups above with all below them, and so not of members. Other calls of nobody known are in the root's
	// sight with all below it, and in no other.
	CallRows(ctx context.Context, s Sight, f CallFilter) ([]CallRow, error)
	// CountCalls counts them up to most; 0: all of them.
	CountCalls(ctx context.Context, s Sight, f CallFilter, most int) (Count, error)
	// CallByReference finds one within sight, the newest of that name, with its envelopes sealed; nil: they are not kept.
	CallByReference(ctx context.Context, s Sight, reference string) (row CallRow, sealed []byte, err error)
	// CountCallsBy counts an account's calls, without those of the console, by outcome, in steps of whole minutes since 1970, from the minute of an instant on.
	// Of step what is no whole minute does not count; it is a minute at least.
	CountCallsBy(ctx context.Context, account MembershipID, from time.Time, step time.Duration) ([]CallCount, error)
	// DropCalls forgets calls from before an instant, most of them at the most, and returns how many those were.
	DropCalls(ctx context.Context, before time.Time, most int) (int, error)
	// DropStrangers forgets calls of nobody known that named no account beyond about so many, the oldest first, most of them at
	// the most.
	DropStrangers(ctx context.Context, keep, most int) (int, error)
	// DropNamed forgets calls that only named an account beyond so many, the oldest first, most of them at the most: of each
	// account that many from where it came in lately, and that many from elsewhere.
	DropNamed(ctx context.Context, keep, most int) (int, error)

	// UseCall counts a call of an account into the minute and the day of now, and returns how many calls those have, unless they
	// would have more than the limits allow: then nothing is counted, and it returns what they have and false. Of licenses it
	// says nothing.
	UseCall(ctx context.Context, account MembershipID, l CallLimits) (u CallUse, ok bool, err error)
	// UseLicenses counts licenses that an account creates into the day of now, unless that would have more than most: then
	// nothing is counted, and it returns false.
	UseLicenses(ctx context.Context, account MembershipID, n, most int) (bool, error)
	// Used returns what both have counted of an account in the minute and the day of now.
	Used(ctx context.Context, account MembershipID) (CallUse, error)
}

// CallFilter narrows a list of calls. Empty fields do not narrow.
type CallFilter struct {
	// Query is the beginning of a reference or a whole address; where the sight reaches below the group also the beginning of a
	// request id, or a whole order number or ticket.
	Query     string       `json:"query,omitempty"`
	Account   MembershipID `json:"account,omitempty"` // its own, and those that only named it
	Operation string       `json:"operation,omitempty"`
	Outcome   CallOutcome  `json:"outcome,omitempty"` // CallFaults: whatever ended with a fault
	Below     string       `json:"below,omitempty"`   // a group's code: accounts of it and of all below it
	From      time.Time    `json:"from,omitzero"`     // by the wall clock, in whole minutes
	To        time.Time    `json:"to,omitzero"`       // the first minute after
	Sort      CallSort     `json:"sort,omitempty"`
	Reverse   bool         `json:"reverse,omitempty"`
	// Which page: what follows the row with the cursor After, or stands right before the one with Before, or the first.
	After  string `json:"-"`
	Before string `json:"-"`
	Limit  int    `json:"-"` // 1 to 1,000
}

// CallSort is an order of a list of calls.
type CallSort string

// The orders of a list of calls.
const (
	CallsByTime CallSort = ""     // newest first
	CallsByTook CallSort = "took" // slowest first
)

// CallRow is a call in a list.
type CallRow struct {
	Call
	GroupCode, GroupName string
	AccountName          string // for people, of the account or the one that is named; empty while there is neither
	Cursor               string // for After and Before, in the order that was asked for
}

// CallCount is how many calls of one outcome came in one step of time.
type CallCount struct {
	From    time.Time // where the step begins
	Outcome CallOutcome
	N       int
}
