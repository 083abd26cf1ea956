package access

import "kontor/internal/licensing"

// Question is what Explain answers: may this membership do this in this category.
type Question struct {
	Membership licensing.MembershipID // empty: the actor's own
	Action     licensing.Action
	Category   string // a code
}

// Explanation is an answer with its reasons, as far as the viewer may know them.
type Explanation struct {
	Party        Party
	Action       licensing.Action
	Category     string
	CategoryName string // empty when the viewer may not know whether there is such a category
	Allowed      bool
	// Grant is the one that allows it; nil when denied. Its chain and its holder are told within sight only.
	Grant *HeldGrant
	// Others are further grants that allow it too.
	Others []HeldGrant
	// Steps are what was looked at, in order.
	Steps []Step
	// Groups is the path of groups from the member's own upwards, as far as in sight, by name.
	Groups []string
	// Lines are casbin's lines that decided, or all that were read when nothing allowed.
	Lines []Line
	// Missing says in one sentence what is missing; empty when allowed.
	Missing string
	// Helpers are who could give it, in sight, the actor included; at most 20.
	Helpers []Helper
	Version int64 // of the policy
	At      licensing.Moment
}

// StepKind is what a step looked at.
type StepKind string

// The kinds of steps.
const (
	StepMember     StepKind = "member"     // the membership: its role, suspended or not
	StepCategory   StepKind = "category"   // the category and its offers; left out where the viewer may not know
	StepGrantOwn   StepKind = "grantOwn"   // a grant to the membership itself
	StepGrantGroup StepKind = "grantGroup" // a grant to everyone in its group
	StepGrantTree  StepKind = "grantTree"  // a grant to a group with all below; Party is PartyAbove for all beyond sight together
)

// Step is one thing that was looked at.
type Step struct {
	Kind   StepKind
	Party  Party // whom a grant was looked for
	Good   bool  // it speaks for a yes
	Grant  licensing.GrantID
	From   Party         // who gave the grant, when there is one
	Until  licensing.Day // of that grant
	People int           // how many active memberships such a grant reaches; 0 beyond sight
	Offers int           // of StepCategory
}

// LineGloss is what a line of casbin says, for words beside it.
type LineGloss string

// The glosses of lines.
const (
	GlossQuestion LineGloss = "question" // r: the question
	GlossMember   LineGloss = "member"   // g: the membership has this name
	GlossGroup    LineGloss = "group"    // g: it is a member of the group
	GlossTree     LineGloss = "tree"     // g: the group's members stand in its tree
	GlossBelow    LineGloss = "below"    // g: Party's group lies below Other's
	GlossAbove    LineGloss = "above"    // g: it lies below groups beyond sight
	GlossGrant    LineGloss = "grant"    // p: the grant that allows
	GlossNone     LineGloss = "none"     // p: no grant for any of these names
)

// Line is one line of casbin's policy, without anything beyond sight.
type Line struct {
	Text  string // "g, tree:fjord, tree:nordic"
	Gloss LineGloss
	Party Party
	Other Party
}

// Helper is somebody who could give what is missing.
type Helper struct {
	Party Party
	From  Party // whom he holds it from
}
