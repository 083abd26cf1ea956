package access

import (
	"context"

	"kontor/internal/licensing"
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
	// Licenses are the live licenses that all of Falls look after together.
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
	Keeps    []Keeps // what he may still do elsewhere, without licensing.Any written out
	Still    bool    // by another grant he can do the same as before, so that he loses nothing
	// Licenses are the live licenses of the category that the membership ordered; 0 for groups.
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
	return TakeBackPreview{}, notBuiltYet()
}

// TakeBack takes a grant back. A conflict says that the situation is not the one that was shown, or that somebody else
// has taken it back already: nothing is changed then.
func (s *Service) TakeBack(ctx context.Context, actor licensing.Actor, requestID string, in TakeBack) (out TakenBack, replayed bool, err error) {
	return out, false, notBuiltYet()
}
