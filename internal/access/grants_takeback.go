package access

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

// TakeBackPreview is what taking a grant back does.
type TakeBackPreview struct {
	Grant        licensing.GrantID
	To           Party // whom it is taken from
	Category     string
	CategoryName string // of licensing.Any: empty
	Action       string
	// Falls are who loses what when all of it falls, the holder first, each after whom he had it from.
	Falls []Loss
	// Held are those of Falls who keep it when the actor holds it himself; empty when nothing was passed on.
	Held []Party
	// Stays are those to whom it was passed on under it and who keep it, because their giver holds the same otherwise.
	Stays []Party
	// People are how many active memberships lose it, and Licenses the live licenses that they look after, everybody
	// and everything counted once.
	People   int
	Licenses int
	// NobodyLeft names the groups in sight, of those who lose it, in which nobody could do it any more.
	NobodyLeft []string
	// Fingerprint is to be sent back: TakeBack refuses when what falls is not what was shown.
	Fingerprint string
}

// Loss is one holder who loses a grant.
type Loss struct {
	Party    Party
	From     Party // who gave it
	Depth    int   // 0 for the holder that it is taken from
	Category string
	Action   string
	Keeps    []Keeps // what he may still do; licensing.Any is not written out
	Still    bool    // by another grant he can do the same as before, so that he loses nothing
	// People are how many active memberships lose it: 1 for a member, none when Still, those of a group who do not
	// hold it otherwise.
	People int
	// Licenses are the live licenses of the category that these people ordered.
	Licenses int
}

// Keeps is what somebody may still do in a category.
type Keeps struct {
	Category, CategoryName string
	Actions                []licensing.Action
}

// TakeBack asks to take a grant back.
type TakeBack struct {
	Grant       licensing.GrantID
	Hold        bool   // what was passed on under it goes on, from the actor
	Fingerprint string // of the preview that was shown
}

// TakenBack is what taking back did.
type TakenBack struct {
	Fell int // grants that are gone
	Held int // grants that go on, given by the actor
}

// PreviewTakeBack tells what taking a grant back does. Not found beyond sight, or when somebody was faster.
func (s *Service) PreviewTakeBack(ctx context.Context, actor licensing.Actor, grant licensing.GrantID) (TakeBackPreview, error) {
	return usecase.Read(ctx, s.runner, actor, func(ctx context.Context, tx *usecase.Tx) (TakeBackPreview, error) {
		g, err := s.looking(ctx, tx)
		if err != nil {
			return TakeBackPreview{}, err
		}
		t, err := g.taking(ctx, tx, grant)
		if err != nil {
			return TakeBackPreview{}, err
		}
		return t.preview(ctx, tx)
	})
}

// TakeBack takes a grant back. A conflict says that the situation is not the one that was shown: nothing is changed
// then. Not found when somebody else has taken it back already.
func (s *Service) TakeBack(ctx context.Context, actor licensing.Actor, requestID string, in TakeBack) (out TakenBack, replayed bool, err error) {
	return usecase.Run(ctx, s.runner, actor, "TakeBack", requestID, in, func(ctx context.Context, tx *usecase.Tx, in TakeBack) (TakenBack, error) {
		g, err := s.giving(ctx, tx)
		if err != nil {
			return TakenBack{}, err
		}
		t, err := g.taking(ctx, tx, in.Grant)
		if err != nil {
			return TakenBack{}, err
		}
		if in.Fingerprint != t.fingerprint() {
			return TakenBack{}, licensing.ConflictError("What would fall has changed since it was shown. Nothing has been taken back. Look at it again.")
		}
		if in.Hold {
			return TakenBack{Fell: len(t.held.Lost(g.Today)), Held: t.taken()}, g.write(ctx, tx, "grant.held", t.held, t.grant.ID)
		}
		return TakenBack{Fell: len(t.falls.Lost(g.Today))}, g.write(ctx, tx, "grant.rehung", t.falls, t.grant.ID)
	})
}

// taking is a grant that an admin may take back, with what that brings along.
type taking struct {
	*giving
	grant       licensing.Grant
	own         licensing.Grant   // what the admin holds the same by
	falls, held licensing.Settled // when it falls; when he holds it
}

func (g *giving) taking(ctx context.Context, tx *usecase.Tx, id licensing.GrantID) (*taking, error) {
	grant, err := g.inSight(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	t := &taking{giving: g, grant: grant}
	if t.own, err = g.mayTakeBack(grant); err != nil {
		return nil, err
	}
	given, err := tx.GrantsGivenBy(ctx, g.admin.ID) // with these, what he holds on may become one
	if err != nil {
		return nil, err
	}
	g.add(given)
	t.falls, t.held = g.TakeAway(id), g.Hold(id, g.admin, t.own)
	return t, nil
}

// taken counts the grants that go on, given by the admin.
func (t *taking) taken() (n int) {
	for _, g := range t.held.Changed {
		if g.GivenBy == t.admin.ID && t.Grants[g.ID].GivenBy != t.admin.ID {
			n++
		}
	}
	return n
}

// fingerprint is of what taking back does to which grants, in either way. Licenses are left out: they come and go.
func (t *taking) fingerprint() string {
	h := sha256.New()
	for i, s := range []licensing.Settled{t.falls, t.held} {
		for _, g := range s.Lost(t.Today) {
			fmt.Fprintln(h, i, "falls", g.ID)
		}
		for _, g := range s.Changed {
			fmt.Fprintln(h, i, "stays", g.ID, g.GivenBy, g.Under, g.Until)
		}
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}
