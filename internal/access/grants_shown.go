package access

import (
	"time"

	"kontor/internal/licensing"
)

// MatrixFilter narrows the matrix of grants. Empty fields do not narrow.
type MatrixFilter struct {
	Group      string   // a group in sight: it and all below; empty: the actor's own
	Query      string   // part of a name or e-mail address; rows of groups are left out where nothing matches
	Categories []string // codes of the columns, at most 20; empty: the first six that the actor may know of
	After      string   // where the page before ended: its Next
	Limit      int      // rows, 1 to 200; 0: 50
}

// Matrix is who may do what: a page of rows by the chosen categories and the three actions.
type Matrix struct {
	Columns []licensing.Category // the chosen ones
	// Categories are all that the actor may know of: where he, or anybody in his sight, holds something.
	Categories []licensing.Category
	Rows       []MatrixRow // groups before those below them; in each its "everyone", its "with all below", its people by name
	Next       string      // where the next page begins; empty on the last
}

// MatrixRow is one holder.
type MatrixRow struct {
	Party  Party
	Parent string // the name of the group that the row's group lies below, when that is in sight
	Depth  int    // of the row's group, 0 being the filter's
	Cells  []Cell // for each column create, modify, revoke
}

// CellState is how a holder stands to an action in a category.
type CellState string

// The states of a cell.
const (
	CellHeld    CellState = "held"    // by a grant to the holder himself
	CellThrough CellState = "through" // by a grant to a group that reaches the holder
	CellMayGive CellState = "mayGive" // not held; the actor can give it
	CellNone    CellState = "none"    // not held, and not the actor's to give
)

// Cell is one holder, category and action.
type Cell struct {
	Category string
	Action   licensing.Action
	State    CellState
	From     Party         // who gave it, when held
	Through  Party         // the group that it is held through; above sight: PartyAbove
	Until    licensing.Day // the last day; zero: open
	MayGive  bool          // the actor could give it to this holder, whatever the state
}

// HeldGrant is one grant that allows a cell.
type HeldGrant struct {
	ID       licensing.GrantID
	To       Party
	From     Party
	Category string // a code, or licensing.Any
	Action   string // an action, or licensing.Any
	Until    licensing.Day
	GivenAt  time.Time
	// Chain is who gave it to whom, from the top to the holder: the first may be PartyAbove, once for all above sight.
	Chain []Link
	// PassedOn is who the holders passed it on to, the first 50; PassedOnCount counts them all, those of theirs included.
	PassedOn      []Link
	PassedOnCount int
	MayTakeBack   bool // by the actor
	MaySetEnd     bool
	Latest        licensing.Day // the latest last day that it may get; zero: may be open
}

// Link is one hand that a grant went through.
type Link struct {
	Party   Party
	GivenAt time.Time     // when the party got it; zero for the top
	Until   licensing.Day // zero: open
}

// CellDetail is a cell with where it comes from and where it went.
type CellDetail struct {
	Cell
	Party        Party
	CategoryName string
	Grants       []HeldGrant   // those that reach the holder, the holder's own first; empty when not held
	Reaches      []string      // names of the groups in sight that the holder's name covers, the first 50
	ReachesCount int           // of those groups
	People       int           // active memberships that it covers
	Licenses     int           // live licenses, of this category, that the holder's membership ordered
	Latest       licensing.Day // the latest last day that the actor could give it with; zero: may be open
	Today        licensing.Day // the business day, the earliest last day
}
