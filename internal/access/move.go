package access

import (
	"context"

	"kontor/internal/licensing"
)

// MoveGroup asks to put a group, with all below it, below another one.
type MoveGroup struct {
	Code  string `json:"code"`
	Under string `json:"under"` // the code of the new parent
	// Preview is MovePreview.Fingerprint of what was shown. When what the move would change is different by now, the
	// error is a conflict that says so. Empty: whatever it changes.
	Preview string `json:"preview"`
}

// MovePreview is what a move changes.
type MovePreview struct {
	Group    licensing.Group
	From, To []licensing.Group // the paths down to the old and the new parent, from the actor's own group on
	Groups   int               // that move: the group itself and all below it
	People   int               // admins and members in them
	Licenses int               // of theirs that are active and not expired
	Lose     []SeenBy          // who sees it now and not then, the nearest group first
	Gain     []SeenBy          // who sees it then and not now
	// Falls are the grants that end by the move, and Reach those to whole subtrees that begin or cease to reach the
	// people in it.
	Falls       []licensing.Grant
	Reach       []ReachChange
	Fingerprint string
}

// SeenBy is a group whose admins see what is below it.
type SeenBy struct {
	Group  licensing.Group
	Admins []licensing.Membership // active ones, by name
}

// ReachChange is a grant to a group with all below it that reaches other people after a move.
type ReachChange struct {
	Grant  licensing.Grant
	Begins bool // it begins to reach them; otherwise it ceases to
}

// PreviewMove tells what a move would change, and refuses as MoveGroup does.
func (s *Service) PreviewMove(ctx context.Context, actor licensing.Actor, in MoveGroup) (MovePreview, error) {
	return MovePreview{}, notBuilt()
}

// MoveGroup moves a group within sight below another one within sight. A move below itself or below one of its own
// groups (a cycle), of the root, of the actor's own group, and beyond sight are refused; problems name the fields
// "code" and "under". Only admins may.
func (s *Service) MoveGroup(ctx context.Context, actor licensing.Actor, requestID string, in MoveGroup) (out MovePreview, replayed bool, err error) {
	return out, false, notBuilt()
}
