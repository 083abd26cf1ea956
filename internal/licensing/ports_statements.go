package licensing

import "context"

// StatementTx is what statements are made of; written by statements.
type StatementTx interface {
	// InsertEntry records one; it does nothing when there is one of that key already.
	InsertEntry(ctx context.Context, e StatementEntry) error
	// OldestEntry returns the day of the oldest entry that is in no statement. ErrNone when there is none.
	OldestEntry(ctx context.Context) (Day, error)
	// OpenEntries returns a group's entries up to a day that are in no statement, by day.
	OpenEntries(ctx context.Context, g GroupID, upTo Day) ([]StatementEntry, error)
	// GroupsToClose returns groups that have entries up to a month's end in no statement, and no statement of the month, in
	// the order of their ids, after one; empty: from the first.
	GroupsToClose(ctx context.Context, m Month, after GroupID, limit int) ([]GroupID, error)

	// NewestMonth returns the newest month whose statements are closed or being closed, and whether all are. ErrNone when
	// there is none.
	NewestMonth(ctx context.Context) (m Month, done bool, err error)
	// BeginMonth begins to close a month. False, and nothing is done, when that was begun before.
	BeginMonth(ctx context.Context, m Month) (bool, error)
	EndMonth(ctx context.Context, m Month) error
	// InsertStatement makes a statement of a group's entries up to the month's end that are in none, and returns them by
	// day. False, and nothing is done, when there is one of that month.
	InsertStatement(ctx context.Context, s Statement) ([]StatementEntry, bool, error)
	// SealStatement writes count, sums, hash and when it was closed.
	SealStatement(ctx context.Context, s Statement) error

	// Statement returns a closed one with its entries and documents.
	Statement(ctx context.Context, g GroupID, m Month) (Statement, error)
	// StatementWay returns a closed one with its documents and without its entries: pages ask for it again and again.
	StatementWay(ctx context.Context, g GroupID, m Month) (Statement, error)
	// StatementByID returns a closed one with its entries.
	StatementByID(ctx context.Context, id StatementID) (Statement, error)
	// ListStatements returns closed ones within sight, without entries: the newest month first, then by the groups' names.
	// Zero values in the filter are any.
	ListStatements(ctx context.Context, s Sight, f StatementFilter) ([]Statement, error)
	// OpenMonths returns for each group within sight and month what is in no statement: count and sums.
	OpenMonths(ctx context.Context, s Sight) ([]Statement, error)
}

// StatementFilter narrows a list of statements.
type StatementFilter struct {
	Month Month
	Limit int
}
