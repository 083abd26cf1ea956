package access

import (
	"context"

	"kontor/internal/licensing"
)

// GivePermission asks for one grant.
type GivePermission struct {
	Who      string        // as in Grant.Who: a member, a group's members, or a group with all below
	Category string        // a code, or licensing.Any
	Action   string        // an action, or licensing.Any
	Until    licensing.Day // the last day in the ISV's zone; zero: as long as the giver's own
}

// Given is a grant that was given.
type Given struct {
	Grant licensing.GrantID
	To    Party
	Until licensing.Day // zero: open
}

// GiveMany asks for several grants; all are given or none.
type GiveMany struct {
	Grants []GivePermission // 1 to 500
}

// GivenMany is what GiveMany gave, in the order of its grants. What was held already from the same giver keeps its
// grant.
type GivenMany struct {
	Grants []Given
}

// CopyGrants asks to give a member what another one holds himself, as far as the actor may.
type CopyGrants struct {
	From, To licensing.MembershipID
}

// Copied is what copying gives, or would give, and what it cannot.
type Copied struct {
	From, To Party
	Given    []CopiedGrant // what To gets
	Has      []CopiedGrant // what To holds already
	Left     []CopiedGrant // what the actor may not give, and so does not
}

// CopiedGrant is one line of Copied.
type CopiedGrant struct {
	Category     string // a code, or licensing.Any
	CategoryName string
	Action       string
	Until        licensing.Day
	Why          string // of what is left out: a sentence for a person
}

// SetEnd asks for another last day of a grant.
type SetEnd struct {
	Grant licensing.GrantID
	Until licensing.Day // zero: as long as the grant that it hangs under
}

// EndSet is a grant with another end.
type EndSet struct {
	Grant   licensing.GrantID
	From    licensing.Day
	Until   licensing.Day
	Clipped int // how many grants that were passed on under it now end earlier, too
}

// Give gives one grant. Denied when the actor does not hold it himself, or the category does not exist; the field is
// "who" for oneself, beside and above, and "until" for a day that is past or later than the giver's own.
// Giving again what the actor gave the same holder before changes its last day.
func (s *Service) Give(ctx context.Context, actor licensing.Actor, requestID string, in GivePermission) (out Given, replayed bool, err error) {
	return out, false, notBuiltYet()
}

// GiveMany gives several grants, all or none.
func (s *Service) GiveMany(ctx context.Context, actor licensing.Actor, requestID string, in GiveMany) (out GivenMany, replayed bool, err error) {
	return out, false, notBuiltYet()
}

// PreviewCopy tells what Copy would give, and what not.
func (s *Service) PreviewCopy(ctx context.Context, actor licensing.Actor, in CopyGrants) (Copied, error) {
	return Copied{}, notBuiltYet()
}

// Copy gives a member what another one holds himself, as far as the actor may.
func (s *Service) Copy(ctx context.Context, actor licensing.Actor, requestID string, in CopyGrants) (out Copied, replayed bool, err error) {
	return out, false, notBuiltYet()
}

// SetEnd gives a grant another last day. What was passed on under it never ends later than it.
func (s *Service) SetEnd(ctx context.Context, actor licensing.Actor, requestID string, in SetEnd) (out EndSet, replayed bool, err error) {
	return out, false, notBuiltYet()
}
