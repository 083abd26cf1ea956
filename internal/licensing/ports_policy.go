package licensing

import (
	"context"
)

// PolicyTx is grants, and the policy as the transaction sees it; written by access. Each write bumps the policy's
// version. Grants that have ended are among what is returned; lists are in order of their ids.
type PolicyTx interface {
	// LockPolicy makes other writers of the policy wait until the transaction has ended. Whoever writes by what he
	// reads of grants, roles or the tree calls it before he reads.
	LockPolicy(ctx context.Context) error
	InsertGrant(ctx context.Context, g Grant) error
	// ChangeGrant writes who gave a grant, what it hangs under, and its end. ErrNone when there is no such grant.
	ChangeGrant(ctx context.Context, g Grant) error
	// DeleteGrant deletes a grant that nothing hangs under. ErrNone when there is no such grant.
	DeleteGrant(ctx context.Context, id GrantID) error
	GrantByID(ctx context.Context, id GrantID) (Grant, error)
	// GrantsTo returns those to exactly a name, a Grant.Who.
	GrantsTo(ctx context.Context, who string) ([]Grant, error)
	// GrantsReaching returns those to any name of a membership: itself, its group, and the groups above with all below.
	// Whether the membership may act does not matter.
	GrantsReaching(ctx context.Context, m MembershipID) ([]Grant, error)
	// GrantsGivenBy returns those that a membership gave.
	GrantsGivenBy(ctx context.Context, m MembershipID) ([]Grant, error)
	// GrantsUnder returns a grant with everything that hangs under it, at any depth.
	GrantsUnder(ctx context.Context, id GrantID) ([]Grant, error)
	// GrantsWithin returns those to a group, to any group below it, and to the people in them.
	GrantsWithin(ctx context.Context, g GroupID) ([]Grant, error)
	// GrantedCategories returns the categories of GrantsWithin, once each; Any may be one.
	GrantedCategories(ctx context.Context, g GroupID) ([]string, error)
	// Lineage returns a group and those above it, the nearest first.
	Lineage(ctx context.Context, g GroupID) ([]Group, error)
	// LookedAfter counts the live licenses that a membership ordered, by the code of their category.
	LookedAfter(ctx context.Context, m MembershipID) (map[string]int, error)
	// LookedAfterIn is LookedAfter for everybody within sight; who looks after nothing is not in it.
	LookedAfterIn(ctx context.Context, s Sight) (map[MembershipID]map[string]int, error)
	// PolicyLines is Store.PolicyLines on the transaction's own data.
	PolicyLines(ctx context.Context, m MembershipID) (Policy, error)
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

// Judge asks casbin about lines that were just read, without anything kept: for granting, taking back and explaining.
type Judge interface {
	// Judge decides a question, of which category and action may be Any: then it has to be allowed in every category, or
	// for every action. An error means no.
	Judge(p Policy, m MembershipID, action, category string) (Decision, error)
	// Lines returns casbin's lines that decided a question about one action in one category: when it is allowed the links
	// from the membership to the holder of the grant, and the grant; else all the links that were followed, and no grant.
	Lines(p Policy, m MembershipID, action Action, category string) (Decision, []PolicyLine, error)
}
