package licensing

import (
	"context"
	"time"
)

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
	// MessagesOfStatement returns the messages about a closed statement, oldest first.
	MessagesOfStatement(ctx context.Context, s StatementID) ([]Message, error)
	// TryAgain makes a message that waits or that was given up due now. False when it is being sent, was accepted, or is a
	// report of the other system.
	TryAgain(ctx context.Context, id MessageID) (bool, error)
	// SettleMessage writes what the other system has reported of a message that was not accepted: where it stands, its number,
	// and what was said. It counts as a try. False when it was accepted meanwhile.
	SettleMessage(ctx context.Context, m Message, said string) (bool, error)
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
	OrderNumber string // empty for one about a statement
	Customer    string
}
