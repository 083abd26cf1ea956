package licensing

import (
	"context"
)

// PolicyTx is grants, and the policy as the transaction sees it; written by access. Each write bumps the policy's
// version.
type PolicyTx interface {
	InsertGrant(ctx context.Context, g Grant) error
	DeleteGrant(ctx context.Context, id GrantID) error
	GrantByID(ctx context.Context, id GrantID) (Grant, error)
	// PolicyLines is Store.PolicyLines on the transaction's own data.
	PolicyLines(ctx context.Context, m MembershipID) (int64, []PolicyLine, error)
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
