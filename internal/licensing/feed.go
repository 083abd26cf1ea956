package licensing

import (
	"context"
	"time"
)

// FeedEntry is one thing that happened to an order, a license or a subscription, as other systems that follow are told.
type FeedEntry struct {
	Number      int64  // its place in the feed, from 1; 0 until it has one
	Mark        string // random, so that a place in this feed is told from one in another database's
	At          time.Time
	Kind        MessageKind
	Group       GroupID // that owned it then
	FromGroup   GroupID // that owned it before; empty unless it was moved
	OrderNumber string
	Ticket      string // empty for what is about the order
	Test        bool   // the order is one of test licenses
}

// TellLicenseCreated is the kind of a change that no message tells: that of the order does.
const TellLicenseCreated MessageKind = "licenseCreated"

// The kinds of changes that no message tells, because nothing is charged or done yet: what follows on a last day to cancel
// is another thing now, because the product was deactivated or is sold again.
const (
	TellSubscriptionDiscontinued MessageKind = "subscriptionDiscontinued"
	TellSubscriptionResumed      MessageKind = "subscriptionResumed"
)

// ChangeTx is the feed of changes; written by connecting.
type ChangeTx interface {
	// InsertChange adds one at the business moment of the transaction. It has no place in the feed yet.
	InsertChange(ctx context.Context, c FeedEntry) error
	// NumberChanges gives places to at most limit changes that have committed without one, and returns to how many.
	// Transactions that do so at the same time wait for one another, so that places come without gaps and in the order
	// in which they can be read. Changes of one license keep their order.
	NumberChanges(ctx context.Context, limit int) (int, error)
	// ChangesWait reports whether there are changes without a place.
	ChangesWait(ctx context.Context) (bool, error)
	// ChangesAfter returns the changes within sight whose place is after a number, in order.
	ChangesAfter(ctx context.Context, s Sight, after int64, limit int) ([]FeedEntry, error)
	// ChangeHead is the newest place and its mark; 0 and "" when there is none.
	ChangeHead(ctx context.Context) (number int64, mark string, err error)
	// ChangeMark returns the mark of the change at a place; ErrNone when there is none.
	ChangeMark(ctx context.Context, number int64) (string, error)
}
