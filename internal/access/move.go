package access

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"slices"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
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
	Gain     []SeenBy          // who sees it then and not now, the nearest group first
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
	return usecase.Read(ctx, s.runner, actor, func(ctx context.Context, tx *usecase.Tx) (MovePreview, error) {
		p, _, err := previewMove(ctx, tx, in)
		return p, err
	})
}

// MoveGroup moves a group within sight below another one within sight. A move below itself or below one of its own
// groups (a cycle), of the root, of the actor's own group, and beyond sight are refused; problems name the fields
// "code" and "under". Only admins may.
func (s *Service) MoveGroup(ctx context.Context, actor licensing.Actor, requestID string, in MoveGroup) (out MovePreview, replayed bool, err error) {
	return usecase.Run(ctx, s.runner, actor, "MoveGroup", requestID, in, func(ctx context.Context, tx *usecase.Tx, in MoveGroup) (MovePreview, error) {
		// Others who change the tree, roles or grants wait from here on.
		if err := tx.LockPolicy(ctx); err != nil {
			return MovePreview{}, err
		}
		out, under, err := previewMove(ctx, tx, in)
		if err != nil {
			return out, err
		}
		if in.Preview != "" && in.Preview != out.Fingerprint {
			return out, licensing.ConflictError("What this move changes is not what you were shown: somebody else changed groups, people or grants since. Nothing has been moved. Look at it again.")
		}
		g := out.Group
		if err := tx.MoveGroup(ctx, g, under.ID); err != nil {
			return out, err
		}
		g.Parent = under.ID
		g.Version++
		if out.Falls, err = settleMoved(ctx, tx, g); err != nil {
			return out, err
		}
		out.Group = g
		return out, tx.Audit(ctx, "group.moved", string(g.ID), string(g.ID), licensing.FromTo("parent", last(out.From).Code, under.Code))
	})
}

func last(path []licensing.Group) licensing.Group {
	if len(path) == 0 {
		return licensing.Group{}
	}
	return path[len(path)-1]
}

// previewMove is what a move changes, and where the group goes.
func previewMove(ctx context.Context, tx *usecase.Tx, in MoveGroup) (p MovePreview, under licensing.Group, err error) {
	if err := adminsOnly(ctx, tx); err != nil {
		return p, under, err
	}
	if p.Group, under, err = movable(ctx, tx, in); err != nil {
		return p, under, err
	}
	if err := p.describe(ctx, tx, under); err != nil {
		return p, under, err
	}
	if p.Falls, err = previewMoved(ctx, tx, p.Group, under); err != nil {
		return p, under, err
	}
	p.Fingerprint = p.fingerprint()
	return p, under, nil
}

// movable finds the group and its new parent, and refuses what cannot be.
func movable(ctx context.Context, tx *usecase.Tx, in MoveGroup) (g, under licensing.Group, err error) {
	if g, err = groupInSight(ctx, tx, "code", in.Code); err != nil {
		return g, under, err
	}
	switch {
	case g.Parent == "":
		return g, under, licensing.InvalidRequest("code", "%s is the root of the tree and cannot be moved.", g.Name)
	case g.ID == tx.Actor.Group:
		return g, under, licensing.DeniedError("code", "You act in %s. It can be moved only from above.", g.Name)
	}
	if under, err = groupInSight(ctx, tx, "under", in.Under); err != nil {
		return g, under, err
	}
	inside, err := tx.InSight(ctx, g.ID, true, under.ID)
	switch {
	case err != nil:
	case under.ID == g.ID:
		err = licensing.InvalidRequest("under", "A group cannot be moved below itself. Choose another group.")
	case inside:
		err = licensing.InvalidRequest("under", "%s lies below %s. Choose a group that does not.", under.Name, g.Name)
	case under.ID == g.Parent:
		err = licensing.InvalidRequest("under", "%s lies below %s already. Choose another group.", g.Name, under.Name)
	}
	return g, under, err
}

// describe fills in what a move below under changes, but for the grants that fall.
func (p *MovePreview) describe(ctx context.Context, tx *usecase.Tx, under licensing.Group) error {
	path, err := pathTo(ctx, tx, p.Group)
	if err != nil {
		return err
	}
	p.From = path[:len(path)-1]
	if p.To, err = pathTo(ctx, tx, under); err != nil {
		return err
	}
	subtree, err := tx.GroupsIn(ctx, licensing.Sight{Group: p.Group.ID, Below: true})
	if err != nil {
		return err
	}
	counts, err := tx.CountsIn(ctx, licensing.Sight{Group: p.Group.ID, Below: true})
	if err != nil {
		return err
	}
	p.Groups = len(subtree)
	for _, c := range counts {
		p.People += c.People
		p.Licenses += c.Licenses
	}
	if p.Lose, err = p.seers(ctx, tx, p.From, p.To, false); err != nil {
		return err
	}
	p.Gain, err = p.seers(ctx, tx, p.To, p.From, true)
	return err
}

// seers are the groups on a path that are not on the other one, the nearest first; what was given to them with all below is
// noted to begin or to cease.
func (p *MovePreview) seers(ctx context.Context, tx *usecase.Tx, path, other []licensing.Group, begins bool) (all []SeenBy, err error) {
	for _, g := range slices.Backward(path) {
		if slices.ContainsFunc(other, func(x licensing.Group) bool { return x.ID == g.ID }) {
			continue
		}
		by := SeenBy{Group: g}
		if by.Admins, err = tx.AdminsOf(ctx, g.ID); err != nil {
			return nil, err
		}
		all = append(all, by)
		grants, err := tx.GrantsTo(ctx, licensing.TreeSubject(g.Code))
		if err != nil {
			return nil, err
		}
		for _, grant := range grants {
			p.Reach = append(p.Reach, ReachChange{Grant: grant, Begins: begins})
		}
	}
	return all, nil
}

// fingerprint is different when the move would change something else: who sees, what falls, what reaches. That
// somebody joined or a license was made is no other change.
func (p *MovePreview) fingerprint() string {
	h := sha256.New()
	for _, path := range [][]licensing.Group{p.From, p.To} {
		for _, g := range path {
			fmt.Fprintln(h, "path", g.ID)
		}
		fmt.Fprintln(h, "below", p.Group.ID)
	}
	falls := slices.Clone(p.Falls)
	slices.SortFunc(falls, func(a, b licensing.Grant) int { return cmp.Compare(a.ID, b.ID) })
	for _, g := range falls {
		fmt.Fprintln(h, "falls", g.ID)
	}
	for _, r := range p.Reach {
		fmt.Fprintln(h, "reach", r.Grant.ID, r.Begins)
	}
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil)[:16])
}
