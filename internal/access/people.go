package access

import (
	"context"

	"kontor/internal/licensing"
)

// PeoplePage is a part of a list of memberships.
type PeoplePage struct {
	People []licensing.Membership
	Next   string // PeopleFilter.After of the next page; empty at the end
	Total  int    // how many the filter leaves, over all pages
}

// People returns memberships within the actor's sight.
func (s *Service) People(ctx context.Context, actor licensing.Actor, f licensing.PeopleFilter) (PeoplePage, error) {
	return PeoplePage{}, notBuilt()
}

// PersonDetail is one membership with what surrounds it.
type PersonDetail struct {
	Membership licensing.Membership
	Others     []licensing.Membership // of the same person in other groups within sight, the oldest first
	PassedOn   int                    // grants that it has given
	Self       bool                   // it is the actor's own
	// CanDemote, CanSuspend and CanRemove say what the actor may do; Why is the reason, for a person, when one of
	// them is false although the actor is an admin.
	CanWrite, CanDemote, CanSuspend, CanRemove bool
	Why                                        string
}

// Person returns a membership within sight that is not removed.
func (s *Service) Person(ctx context.Context, actor licensing.Actor, id licensing.MembershipID) (PersonDetail, error) {
	return PersonDetail{}, notBuilt()
}

// PersonHistory returns what happened to a membership within sight, newest first; removed ones have one, too.
func (s *Service) PersonHistory(ctx context.Context, actor licensing.Actor, id licensing.MembershipID) ([]licensing.HistoryEntry, error) {
	return nil, notBuilt()
}

// ChangePerson asks to change a membership. Problems name the fields "role" and "reason".
type ChangePerson struct {
	Membership licensing.MembershipID `json:"membership"`
	Version    int                    `json:"version"`        // of the membership that was shown; 0: any
	Role       licensing.Role         `json:"role,omitempty"` // of SetRole: RoleAdmin or RoleMember
	Reason     string                 `json:"reason"`         // at most MaxReason characters; Remove and Suspend want one
}

// SetRole makes a member an admin or an admin a member. Nobody changes his own role. What a demoted admin passed on
// hangs from then on under who gave it to him. The last active admin of a group is demoted only from above, the last
// active ISV admin not at all. An ISV admin gets the root grant with the role, and loses it with it.
func (s *Service) SetRole(ctx context.Context, actor licensing.Actor, requestID string, in ChangePerson) (out licensing.Membership, replayed bool, err error) {
	return out, false, notBuilt()
}

// Suspend keeps a membership from acting until it is resumed; service accounts, too. What it passed on hangs from
// then on under who gave it to it.
func (s *Service) Suspend(ctx context.Context, actor licensing.Actor, requestID string, in ChangePerson) (out licensing.Membership, replayed bool, err error) {
	return out, false, notBuilt()
}

// Resume lets a suspended membership act again.
func (s *Service) Resume(ctx context.Context, actor licensing.Actor, requestID string, in ChangePerson) (out licensing.Membership, replayed bool, err error) {
	return out, false, notBuilt()
}

// Remove takes a membership, or a service account, out of its group: it acts nowhere and is listed nowhere any more, and what it held is gone. What it
// passed on hangs from then on under who gave it to it.
func (s *Service) Remove(ctx context.Context, actor licensing.Actor, requestID string, in ChangePerson) (out licensing.Membership, replayed bool, err error) {
	return out, false, notBuilt()
}
