package access

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
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
	return usecase.Read(ctx, s.runner, actor, func(ctx context.Context, tx *usecase.Tx) ([]GroupRow, error) {
		sight := licensing.SightOf(tx.Actor.Membership)
		groups, err := tx.GroupsIn(ctx, sight)
		if err != nil {
			return nil, err
		}
		counts, err := tx.CountsIn(ctx, sight)
		if err != nil {
			return nil, err
		}
		rows := make([]GroupRow, len(groups))
		at := map[licensing.GroupID]int{}
		for i, g := range groups {
			c := counts[g.ID]
			rows[i] = GroupRow{Group: hideParent(tx, g), People: c.People, Licenses: c.Licenses}
			if parent, ok := at[g.Parent]; ok {
				rows[i].Depth = rows[parent].Depth + 1
				rows[parent].Children++
			}
			at[g.ID] = i
		}
		return rows, nil
	})
}

// GroupName is one group of the tree as choices name it.
type GroupName struct {
	Code, Name string
	Parent     string // the code of the group that it lies below; empty for the actor's own
	Depth      int    // below the actor's own group, which has 0
}

// GroupNames returns the tree within the actor's sight, as Groups does, without what counting it costs.
func (s *Service) GroupNames(ctx context.Context, actor licensing.Actor) ([]GroupName, error) {
	return usecase.Read(ctx, s.runner, actor, func(ctx context.Context, tx *usecase.Tx) ([]GroupName, error) {
		groups, err := tx.GroupsIn(ctx, licensing.SightOf(tx.Actor.Membership))
		if err != nil {
			return nil, err
		}
		names := make([]GroupName, len(groups))
		at := make(map[licensing.GroupID]int, len(groups))
		for i, g := range groups {
			names[i] = GroupName{Code: g.Code, Name: g.Name}
			if parent, ok := at[g.Parent]; ok {
				names[i].Parent, names[i].Depth = names[parent].Code, names[parent].Depth+1
			}
			at[g.ID] = i
		}
		return names, nil
	})
}

// hideParent leaves out what the actor's own group lies below: not even an id of it is told.
func hideParent(tx *usecase.Tx, g licensing.Group) licensing.Group {
	if g.ID == tx.Actor.Group && !tx.Actor.GroupIsISV {
		g.Parent = ""
	}
	return g
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
	return usecase.Read(ctx, s.runner, actor, func(ctx context.Context, tx *usecase.Tx) (d GroupDetail, err error) {
		g, err := groupInSight(ctx, tx, "group", code)
		if err != nil {
			return d, err
		}
		if d.Path, err = pathTo(ctx, tx, g); err != nil {
			return d, err
		}
		subtree, err := tx.GroupsIn(ctx, licensing.Sight{Group: g.ID, Below: true})
		if err != nil {
			return d, err
		}
		counts, err := tx.CountsIn(ctx, licensing.Sight{Group: g.ID})
		if err != nil {
			return d, err
		}
		c := counts[g.ID]
		d.GroupRow = GroupRow{Group: hideParent(tx, g), Depth: len(d.Path) - 1, People: c.People, Licenses: c.Licenses}
		for _, child := range subtree {
			if child.Parent == g.ID {
				d.Children++
			}
		}
		d.ServiceAccounts = c.Services
		d.CanWrite = tx.Actor.Role == licensing.RoleAdmin
		d.CanMove = d.CanWrite && g.ID != tx.Actor.Group
		return d, nil
	})
}

// groupInSight finds a group by its code. Beyond sight is not found. The error names field.
func groupInSight(ctx context.Context, tx *usecase.Tx, field, code string) (licensing.Group, error) {
	g, err := tx.GroupByCode(ctx, code)
	if err == nil {
		var seen bool
		if seen, err = tx.InSight(ctx, tx.Actor.Group, tx.Actor.Role.Below(), g.ID); err == nil && !seen {
			err = licensing.ErrNone
		}
	}
	if errors.Is(err, licensing.ErrNone) {
		return licensing.Group{}, licensing.NotFoundError(field, "There is no such group within your sight.")
	}
	return g, err
}

// ownOr finds a group within sight by its code, or the actor's own when that is empty.
func ownOr(ctx context.Context, tx *usecase.Tx, field, code string) (licensing.Group, error) {
	if code == "" {
		return tx.GroupByID(ctx, tx.Actor.Group)
	}
	return groupInSight(ctx, tx, field, code)
}

// adminsOnly refuses everybody else.
func adminsOnly(ctx context.Context, tx *usecase.Tx) error {
	// As he is now: since the request came in he may have been demoted, suspended or removed.
	m, err := tx.Membership(ctx, tx.Actor.ID)
	if err != nil && !errors.Is(err, licensing.ErrNone) {
		return err
	}
	if m.Role != licensing.RoleAdmin || !m.Active() {
		return licensing.DeniedError("", "Only admins see and change groups and the people in them. Nothing has been changed.")
	}
	return nil
}

// pathTo is the way down to a group from the actor's own, both included.
func pathTo(ctx context.Context, tx *usecase.Tx, g licensing.Group) ([]licensing.Group, error) {
	up, err := tx.Lineage(ctx, g.ID)
	if err != nil {
		return nil, err
	}
	if i := slices.IndexFunc(up, func(x licensing.Group) bool { return x.ID == tx.Actor.Group }); i >= 0 {
		up = up[:i+1]
	}
	slices.Reverse(up)
	if len(up) > 0 {
		up[0] = hideParent(tx, up[0])
	}
	return up, nil
}

// GroupParticulars is what describes a group and can be edited.
type GroupParticulars struct {
	Name         string `json:"name"`
	Address      string `json:"address"` // of several lines
	ContactName  string `json:"contactName"`
	ContactEmail string `json:"contactEmail"`
	ContactPhone string `json:"contactPhone"`
	BrandTitle   string `json:"brandTitle"`
	BrandColor   string `json:"brandColor"` // "#rrggbb"
}

// put writes the particulars into a group, in the form that is kept.
func (p GroupParticulars) put(g *licensing.Group) error {
	g.Name, g.Address = p.Name, p.Address
	g.Contact = licensing.Contact{Name: p.ContactName, Email: p.ContactEmail, Phone: p.ContactPhone}
	g.Brand = licensing.Brand{Title: p.BrandTitle, Color: p.BrandColor}
	return g.CheckParticulars()
}

// CreateGroup asks for a group. Problems name the fields "parent", "code", "name", "address", "contactName",
// "contactEmail", "contactPhone", "brandTitle" and "brandColor".
type CreateGroup struct {
	Parent string `json:"parent"` // the code of the group that it stands below; empty: the actor's own
	Code   string `json:"code"`
	GroupParticulars
}

// CreateGroup makes a group below one within sight. Only admins may.
func (s *Service) CreateGroup(ctx context.Context, actor licensing.Actor, requestID string, in CreateGroup) (out licensing.Group, replayed bool, err error) {
	return usecase.Run(ctx, s.runner, actor, "CreateGroup", requestID, in, func(ctx context.Context, tx *usecase.Tx, in CreateGroup) (none licensing.Group, err error) {
		if err := adminsOnly(ctx, tx); err != nil {
			return none, err
		}
		var problems licensing.Problems
		parent, err := ownOr(ctx, tx, "parent", in.Parent)
		problems.Add(err)
		g := licensing.Group{ID: licensing.GroupID(licensing.NewID()), Parent: parent.ID, Version: 1, CreatedAt: tx.Now().Business}
		g.Code, err = licensing.CheckGroupCode(in.Code)
		problems.Add(err)
		problems.Add(in.put(&g))
		if err == nil {
			_, taken := tx.GroupByCode(ctx, g.Code)
			switch {
			case taken == nil: // the same words within sight and beyond
				problems.Add(licensing.InvalidRequest("code", "The code %q is taken. Choose another one.", g.Code))
			case !errors.Is(taken, licensing.ErrNone):
				return none, taken
			}
		}
		if err := problems.OrNil(); err != nil {
			return none, err
		}
		if err := tx.InsertGroup(ctx, g); err != nil {
			return none, err
		}
		detail := append([]licensing.Value{{Name: "code", Value: g.Code}, licensing.FromTo("parent", "", parent.Code)}, changedParticulars(licensing.Group{}, g)...)
		return g, tx.Audit(ctx, "group.created", string(g.ID), string(g.ID), detail...)
	})
}

// EditGroup asks to change a group's particulars, all of them.
type EditGroup struct {
	Code    string `json:"code"`
	Version int    `json:"version"` // of the group that was shown
	GroupParticulars
}

// EditGroup changes what describes a group within sight. When somebody else did so since it was shown, the error is
// a conflict that says what changed, from what to what; who insists sends the version that the group has by then. Only
// admins may.
func (s *Service) EditGroup(ctx context.Context, actor licensing.Actor, requestID string, in EditGroup) (out licensing.Group, replayed bool, err error) {
	return usecase.Run(ctx, s.runner, actor, "EditGroup", requestID, in, func(ctx context.Context, tx *usecase.Tx, in EditGroup) (none licensing.Group, err error) {
		if err := adminsOnly(ctx, tx); err != nil {
			return none, err
		}
		g, err := groupInSight(ctx, tx, "group", in.Code)
		if err != nil {
			return none, err
		}
		now := g
		if err := in.put(&now); err != nil {
			return none, err
		}
		if g.Version != in.Version {
			return none, s.editedMeanwhile(ctx, tx, g, in.Version)
		}
		changes := changedParticulars(g, now)
		if len(changes) == 0 {
			return hideParent(tx, g), nil
		}
		if err := tx.UpdateGroup(ctx, now); err != nil {
			return none, err
		}
		now.Version++
		return hideParent(tx, now), tx.Audit(ctx, "group.edited", string(g.ID), string(g.ID), changes...)
	})
}

// editedMeanwhile tells what happened to a group after the version that was shown.
func (s *Service) editedMeanwhile(ctx context.Context, tx *usecase.Tx, g licensing.Group, shown int) error {
	history, err := groupHistory(ctx, tx, g)
	if err != nil {
		return err
	}
	var told []string
	for _, e := range history {
		if len(told) >= g.Version-shown || len(told) == 3 {
			break
		}
		if e.Action == "group.edited" || e.Action == "group.moved" {
			told = append(told, tellChange(e))
		}
	}
	if len(told) == 0 {
		told = []string{"Somebody else changed it"}
	}
	return licensing.ConflictError("%s since you opened it. What you typed is kept, nothing has been saved; save again to have it so.", strings.Join(told, "; before that, "))
}

// tellChange is "Iris Voss changed the name from “Fjord” to “Fjord AS”".
func tellChange(e licensing.HistoryEntry) string {
	by := e.By
	if e.FromAbove {
		by = "somebody from above"
	}
	var changes []string
	for _, v := range e.Detail {
		if from, to, ok := licensing.SplitFromTo(v); ok && (from != "" || to != "") {
			changes = append(changes, fmt.Sprintf("the %s from “%s” to “%s”", particularWords[v.Name], from, to))
		}
	}
	if len(changes) == 0 {
		return by + " changed it"
	}
	return by + " changed " + strings.Join(changes, ", ")
}

// particularWords are the names of what histories of groups tell.
var particularWords = map[string]string{
	"name": "name", "address": "address", "contactName": "contact", "contactEmail": "contact’s e-mail address", "contactPhone": "contact’s phone",
	"brandTitle": "title", "brandColor": "color", "parent": "group that it lies below",
}

// changedParticulars is what is different in b, for the audit trail.
func changedParticulars(a, b licensing.Group) (changes []licensing.Value) {
	for _, p := range []struct{ name, from, to string }{
		{"name", a.Name, b.Name},
		{"address", a.Address, b.Address},
		{"contactName", a.Contact.Name, b.Contact.Name},
		{"contactEmail", a.Contact.Email, b.Contact.Email},
		{"contactPhone", a.Contact.Phone, b.Contact.Phone},
		{"brandTitle", a.Brand.Title, b.Brand.Title},
		{"brandColor", a.Brand.Color, b.Brand.Color},
	} {
		if p.from != p.to {
			changes = append(changes, licensing.FromTo(p.name, oneLine(p.from), oneLine(p.to)))
		}
	}
	return changes
}

func oneLine(s string) string { return strings.ReplaceAll(s, "\n", ", ") }

// maxHistory is the most that a group's history shows.
const maxHistory = 200

// GroupHistory returns what happened to a group within sight and to the people in it, newest first, at most 200. Only
// admins may read it.
func (s *Service) GroupHistory(ctx context.Context, actor licensing.Actor, code string) ([]licensing.HistoryEntry, error) {
	return usecase.Read(ctx, s.runner, actor, func(ctx context.Context, tx *usecase.Tx) ([]licensing.HistoryEntry, error) {
		if err := adminsOnly(ctx, tx); err != nil {
			return nil, err
		}
		g, err := groupInSight(ctx, tx, "group", code)
		if err != nil {
			return nil, err
		}
		return groupHistory(ctx, tx, g)
	})
}

// groupHistory leaves out where a group lay when that is beyond the actor's sight.
func groupHistory(ctx context.Context, tx *usecase.Tx, g licensing.Group) ([]licensing.HistoryEntry, error) {
	all, err := tx.HistoryWithin(ctx, string(g.ID), maxHistory)
	if err != nil {
		return nil, err
	}
	visible := func(code string) (string, error) {
		seen, err := tx.SeesGroup(ctx, code)
		if err != nil || seen {
			return code, err
		}
		return "", nil
	}
	for _, e := range all {
		for i, v := range e.Detail {
			from, to, ok := licensing.SplitFromTo(v)
			if v.Name != "parent" || !ok {
				continue
			}
			if from, err = visible(from); err != nil {
				return nil, err
			}
			if to, err = visible(to); err != nil {
				return nil, err
			}
			e.Detail[i] = licensing.FromTo(v.Name, from, to)
		}
	}
	return all, nil
}
