package access

import "kontor/internal/licensing"

// PartyKind is what sort of holder or giver a Party is.
type PartyKind string

// The kinds of parties.
const (
	PartyAbove   PartyKind = "above"   // somebody above the viewer's sight; nothing else is told
	PartyISV     PartyKind = "isv"     // the software maker itself, which everything comes from; told to its own group alone
	PartyMember  PartyKind = "member"  // a membership, an admin's included
	PartyService PartyKind = "service" // a service account
	PartyGroup   PartyKind = "group"   // everyone in a group
	PartyTree    PartyKind = "tree"    // a group with all below it
)

// Party is who holds, gives or loses a grant, as far as the viewer may know.
type Party struct {
	Kind       PartyKind
	Who        string                 // as in Grant.Who; empty above
	Membership licensing.MembershipID // of a member or service account
	Name       string                 // the person's or account's name; of groups the group's name
	Email      string
	Role       licensing.Role
	GroupCode  string
	GroupName  string
	You        bool // the viewer's own membership
	Suspended  bool
}
