package access

import (
	"context"

	"kontor/internal/licensing"
)

// Limits of what a group is described by, in characters.
const (
	MaxGroupCode    = 40
	MaxGroupName    = 100
	MaxGroupAddress = 500 // on at most 8 lines
	MaxContact      = 100 // each of name and phone; an e-mail address has at most 254
	MaxBrandTitle   = 40
	MaxReason       = 500
)

// GroupRow is one group of the tree.
type GroupRow struct {
	Group    licensing.Group
	Depth    int // below the actor's own group, which has 0
	Children int // groups directly below it
	People   int // its own admins and members, suspended ones included; no service accounts
	Licenses int // its own that are active and not expired
}

// Groups returns the tree within the actor's sight: parents before their children, siblings by folded name.
func (s *Service) Groups(ctx context.Context, actor licensing.Actor) ([]GroupRow, error) {
	return nil, notBuilt()
}

// GroupDetail is one group with what surrounds it.
type GroupDetail struct {
	GroupRow
	Path            []licensing.Group // from the actor's own group down to this one, both included
	ServiceAccounts int               // its own that are not removed
	CanWrite        bool              // the actor may edit it and what is in it
	CanMove         bool              // it is not the actor's own group
}

// Group returns a group within sight.
func (s *Service) Group(ctx context.Context, actor licensing.Actor, code string) (GroupDetail, error) {
	return GroupDetail{}, notBuilt()
}

// GroupParticulars is what describes a group and can be edited.
type GroupParticulars struct {
	Name         string `json:"name"`
	Address      string `json:"address"`
	ContactName  string `json:"contactName"`
	ContactEmail string `json:"contactEmail"`
	ContactPhone string `json:"contactPhone"`
	BrandTitle   string `json:"brandTitle"`
	BrandColor   string `json:"brandColor"` // "#rrggbb"
}

// CreateGroup asks for a group. Problems name the fields "parent", "code", "name", "address", "contactName",
// "contactEmail", "contactPhone", "brandTitle" and "brandColor".
type CreateGroup struct {
	Parent string `json:"parent"` // the code of the group that it stands below
	Code   string `json:"code"`
	GroupParticulars
}

// CreateGroup makes a group below one within sight. Only admins may.
func (s *Service) CreateGroup(ctx context.Context, actor licensing.Actor, requestID string, in CreateGroup) (out licensing.Group, replayed bool, err error) {
	return out, false, notBuilt()
}

// EditGroup asks to change a group's particulars, all of them.
type EditGroup struct {
	Code    string `json:"code"`
	Version int    `json:"version"` // of the group that was shown
	GroupParticulars
}

// EditGroup changes what describes a group within sight. When somebody else did so since it was shown, the error is
// a conflict that says what changed, from what to what. Only admins may.
func (s *Service) EditGroup(ctx context.Context, actor licensing.Actor, requestID string, in EditGroup) (out licensing.Group, replayed bool, err error) {
	return out, false, notBuilt()
}

// GroupHistory returns what happened to a group within sight, newest first.
func (s *Service) GroupHistory(ctx context.Context, actor licensing.Actor, code string) ([]licensing.HistoryEntry, error) {
	return nil, notBuilt()
}

func notBuilt() error {
	return &licensing.Error{Kind: licensing.Unavailable, Code: licensing.CodeUnavailable, Message: "This is not built yet."}
}
