package portal_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"kontor/internal/access"
	"kontor/internal/licensing"
)

// delegation stands in for the use cases about grants: the people and grants of a small organization, and what was
// asked of it. What is computed from real grants is tried in the house.
type delegation struct {
	w       *world
	given   []access.GivePermission
	ends    []access.SetEnd
	taken   []access.TakeBack
	copied  []access.CopyGrants
	changed bool // what falls is not what was shown, once
	refusal error
	columns int // how many categories there are; 0: two
}

func person(name, group, groupName string, role licensing.Role) access.Party {
	email := strings.ToLower(strings.Fields(name)[0]) + "@" + group + ".example"
	kind := access.PartyMember
	if role == licensing.RoleService {
		kind = access.PartyService
	}
	return access.Party{
		Kind: kind, Who: licensing.MemberSubject(email, group), Membership: licensing.MembershipID("m-" + email + "-" + group), Name: name, Email: email,
		Role: role, GroupCode: group, GroupName: groupName,
	}
}

var (
	above = access.Party{Kind: access.PartyAbove}
	nora  = func() access.Party {
		p := person("Nora Dahl", "nordic", "Nordic", licensing.RoleAdmin)
		p.You = true
		return p
	}()
	oskar    = person("Oskar Lind", "nordic", "Nordic", licensing.RoleMember)
	freya    = person("Freya Lund", "fjord", "Fjord", licensing.RoleAdmin)
	ben      = person("Ben Hartmann", "fjord", "Fjord", licensing.RoleMember)
	mia      = person("Mia Solberg", "fjord", "Fjord", licensing.RoleMember)
	tor      = person("Tor Aas", "fjord", "Fjord", licensing.RoleMember)
	shop     = person("shop", "fjord", "Fjord", licensing.RoleService)
	nordics  = access.Party{Kind: access.PartyGroup, Who: "group:nordic", Name: "Nordic", GroupCode: "nordic", GroupName: "Nordic"}
	nordTree = access.Party{Kind: access.PartyTree, Who: "tree:nordic", Name: "Nordic", GroupCode: "nordic", GroupName: "Nordic"}
	fjords   = access.Party{Kind: access.PartyGroup, Who: "group:fjord", Name: "Fjord", GroupCode: "fjord", GroupName: "Fjord"}
)

// held is who holds what from whom: by holder, then "category action".
var held = map[string]map[string]access.Party{
	nordics.Who: {"partner modify": nora},
	nora.Who:    {"partner create": above, "partner modify": above, "education create": above, "education modify": above},
	oskar.Who:   {"partner create": nora},
	freya.Who:   {"partner create": nora, "partner modify": nora, "education create": nora},
	mia.Who:     {"partner create": freya, "partner modify": freya},
	tor.Who:     {"partner create": freya},
	shop.Who:    {"partner create": freya, "education create": freya},
}

func (d *delegation) categories() []licensing.Category {
	all := []licensing.Category{{Code: "partner", Name: "Partner"}, {Code: "education", Name: "Education"}}
	for i := range d.columns {
		all = append(all, licensing.Category{Code: fmt.Sprintf("c%d", i), Name: fmt.Sprintf("Category %d", i)})
	}
	return all
}

func (d *delegation) cell(p access.Party, category string, action licensing.Action) access.Cell {
	c := access.Cell{Category: category, Action: action, State: access.CellNone}
	if _, mine := held[nora.Who][category+" "+string(action)]; mine && !p.You {
		c.State, c.MayGive = access.CellMayGive, true
	}
	if from, ok := held[p.Who][category+" "+string(action)]; ok {
		c.State, c.From = access.CellHeld, from
		if p.Who == tor.Who {
			c.Until = licensing.Day{Year: 2026, Month: time.December, Date: 31}
		}
	} else if p.GroupCode == "nordic" && p.Kind == access.PartyMember && held[nordics.Who][category+" "+string(action)].Kind != "" {
		c.State, c.Through, c.From = access.CellThrough, nordics, nora
	}
	return c
}

func onlyAdmins(a licensing.Actor) error {
	if a.Role != licensing.RoleAdmin {
		return licensing.DeniedError("", "Only admins see who holds what.")
	}
	return nil
}

// Matrix implements portal.Grants.
func (d *delegation) Matrix(_ context.Context, a licensing.Actor, f access.MatrixFilter) (access.Matrix, error) {
	if err := onlyAdmins(a); err != nil {
		return access.Matrix{}, err
	}
	m := access.Matrix{Categories: d.categories()}
	for _, c := range m.Categories {
		if len(f.Categories) == 0 && len(m.Columns) < 6 || slices.Contains(f.Categories, c.Code) {
			m.Columns = append(m.Columns, c)
		}
	}
	for _, p := range []access.Party{nordics, nordTree, nora, oskar, fjords, freya, ben, mia, tor, shop} {
		if !contains(f.Query, p.Name, p.Email) || f.Group != "" && f.Group != "nordic" && p.GroupCode != f.Group {
			continue
		}
		row := access.MatrixRow{Party: p}
		if p.GroupCode == "fjord" {
			row.Parent, row.Depth = "Nordic", 1
		}
		for _, c := range m.Columns {
			for _, action := range []licensing.Action{licensing.Create, licensing.Modify, licensing.Revoke} {
				row.Cells = append(row.Cells, d.cell(p, c.Code, action))
			}
		}
		m.Rows = append(m.Rows, row)
	}
	return m, nil
}

func partyOf(who string) (access.Party, bool) {
	for _, p := range []access.Party{nordics, nordTree, nora, oskar, fjords, freya, ben, mia, tor, shop} {
		if p.Who == who {
			return p, true
		}
	}
	return access.Party{}, false
}

// Cell implements portal.Grants.
func (d *delegation) Cell(_ context.Context, a licensing.Actor, who, category string, action licensing.Action) (access.CellDetail, error) {
	if err := onlyAdmins(a); err != nil {
		return access.CellDetail{}, err
	}
	p, ok := partyOf(who)
	if !ok {
		return access.CellDetail{}, licensing.NotFoundError("who", "There is nobody of that name within your sight.")
	}
	c := access.CellDetail{Cell: d.cell(p, category, action), Party: p, CategoryName: category, Reaches: []string{p.GroupName}, ReachesCount: 1, People: 3, Today: theDay}
	for _, x := range d.categories() {
		if x.Code == category {
			c.CategoryName = x.Name
		}
	}
	if c.State == access.CellHeld {
		at := func(m time.Month, day int) time.Time { return time.Date(2026, m, day, 9, 0, 0, 0, berlin) }
		g := access.HeldGrant{
			ID: "g-1", To: p, From: c.From, Category: category, Action: string(action), Until: c.Until, GivenAt: at(3, 9), MayTakeBack: !p.You, MaySetEnd: c.From.You,
			Chain: []access.Link{{Party: above}, {Party: nora, GivenAt: at(2, 3)}},
		}
		if c.From.Who == freya.Who {
			g.Chain = append(g.Chain, access.Link{Party: freya, GivenAt: at(3, 9)})
		}
		if !p.You {
			g.Chain = append(g.Chain, access.Link{Party: p, GivenAt: at(3, 9)})
		}
		if p.Who == freya.Who {
			g.PassedOn = []access.Link{{Party: mia}, {Party: tor}, {Party: shop}}
			g.PassedOnCount = 3
			c.Licenses = 9
		}
		c.Grants = []access.HeldGrant{g}
	}
	return c, nil
}

// GrantCategories implements portal.Grants.
func (d *delegation) GrantCategories(context.Context, licensing.Actor) ([]licensing.Category, error) {
	return d.categories(), nil
}

func (d *delegation) write(a licensing.Actor) error {
	if a.ReadOnly() {
		return licensing.ReadOnlyError()
	}
	refusal := d.refusal
	d.refusal = nil
	if err := onlyAdmins(a); err != nil {
		return err
	}
	return refusal
}

// Give implements portal.Grants.
func (d *delegation) Give(_ context.Context, a licensing.Actor, _ string, in access.GivePermission) (access.Given, bool, error) {
	d.w.mu.Lock()
	defer d.w.mu.Unlock()
	if err := d.write(a); err != nil {
		return access.Given{}, false, err
	}
	if _, ok := partyOf(in.Who); !ok {
		return access.Given{}, false, licensing.NotFoundError("who", "There is nobody of that name within your sight.")
	}
	if !in.Until.IsZero() && in.Until.Before(theDay) {
		return access.Given{}, false, licensing.InvalidRequest("until", "Enter a day from %s on, or none.", theDay)
	}
	d.given = append(d.given, in)
	return access.Given{}, false, nil
}

// SetEnd implements portal.Grants.
func (d *delegation) SetEnd(_ context.Context, a licensing.Actor, _ string, in access.SetEnd) (access.EndSet, bool, error) {
	d.w.mu.Lock()
	defer d.w.mu.Unlock()
	if err := d.write(a); err != nil {
		return access.EndSet{}, false, err
	}
	if in.Grant != "g-1" {
		return access.EndSet{}, false, licensing.NotFoundError("grant", "There is no such grant within your sight.")
	}
	d.ends = append(d.ends, in)
	return access.EndSet{}, false, nil
}

// PreviewCopy implements portal.Grants.
func (d *delegation) PreviewCopy(_ context.Context, a licensing.Actor, in access.CopyGrants) (access.Copied, error) {
	if err := onlyAdmins(a); err != nil {
		return access.Copied{}, err
	}
	return access.Copied{
		From: freya, To: ben,
		Given: []access.CopiedGrant{{Category: "partner", CategoryName: "Partner", Action: "create"}, {Category: "education", CategoryName: "Education", Action: "create"}},
		Has:   []access.CopiedGrant{{Category: "partner", CategoryName: "Partner", Action: "modify"}},
		Left:  []access.CopiedGrant{{Category: "staff", CategoryName: "Staff", Action: "create", Why: "You do not hold it."}},
	}, nil
}

// Copy implements portal.Grants.
func (d *delegation) Copy(_ context.Context, a licensing.Actor, _ string, in access.CopyGrants) (access.Copied, bool, error) {
	d.w.mu.Lock()
	defer d.w.mu.Unlock()
	if err := d.write(a); err != nil {
		return access.Copied{}, false, err
	}
	if in.From == "nobody" {
		return access.Copied{}, false, licensing.NotFoundError("from", "There is no such person within your sight.")
	}
	d.copied = append(d.copied, in)
	return access.Copied{}, false, nil
}

// PreviewTakeBack implements portal.Grants.
func (d *delegation) PreviewTakeBack(_ context.Context, a licensing.Actor, g licensing.GrantID) (access.TakeBackPreview, error) {
	if err := onlyAdmins(a); err != nil {
		return access.TakeBackPreview{}, err
	}
	if g != "g-1" {
		return access.TakeBackPreview{}, licensing.NotFoundError("grant", "There is no such grant within your sight.")
	}
	loss := func(p, from access.Party, depth, licenses int, keeps ...access.Keeps) access.Loss {
		return access.Loss{Party: p, From: from, Depth: depth, Category: "partner", Action: "create", Keeps: keeps, Licenses: licenses}
	}
	modify := access.Keeps{Category: "partner", CategoryName: "Partner", Actions: []licensing.Action{licensing.Modify}}
	education := access.Keeps{Category: "education", CategoryName: "Education", Actions: []licensing.Action{licensing.Create}}
	p := access.TakeBackPreview{
		Grant: g, To: freya, Category: "partner", CategoryName: "Partner", Action: "create", Fingerprint: "f-1",
		Falls:    []access.Loss{loss(freya, nora, 0, 9, modify, education), loss(mia, freya, 1, 21, modify), loss(tor, freya, 1, 4), loss(shop, freya, 1, 7, education)},
		Held:     []access.Party{mia, tor, shop},
		Licenses: 41, NobodyLeft: []string{"Fjord"},
	}
	if d.changed {
		p.Falls, p.Held, p.Licenses, p.Fingerprint = p.Falls[:3], p.Held[:2], 34, "f-2"
	}
	return p, nil
}

// TakeBack implements portal.Grants.
func (d *delegation) TakeBack(_ context.Context, a licensing.Actor, _ string, in access.TakeBack) (access.TakenBack, bool, error) {
	d.w.mu.Lock()
	defer d.w.mu.Unlock()
	if err := d.write(a); err != nil {
		return access.TakenBack{}, false, err
	}
	if in.Grant != "g-1" {
		return access.TakenBack{}, false, licensing.NotFoundError("grant", "There is no such grant within your sight.")
	}
	if d.changed && in.Fingerprint == "f-1" {
		return access.TakenBack{}, false, licensing.ConflictError("What falls is not what was shown any more: look at it again. Nothing has been changed.")
	}
	d.taken = append(d.taken, in)
	return access.TakenBack{}, false, nil
}

// Explain implements portal.Grants.
func (d *delegation) Explain(_ context.Context, a licensing.Actor, q access.Question) (access.Explanation, error) {
	own := q.Membership == "" || q.Membership == a.ID
	if !own && a.Role != licensing.RoleAdmin {
		return access.Explanation{}, licensing.DeniedError("member", "Only admins ask about somebody else.")
	}
	x := access.Explanation{Action: q.Action, Category: q.Category, CategoryName: "Partner", Version: 8214, At: d.w.now, Groups: []string{"Fjord", "Nordic"}}
	x.Party = ben
	if own {
		x.Party = access.Party{Kind: access.PartyMember, Membership: a.ID, Name: a.UserName, Email: a.Email, Role: a.Role, GroupCode: a.GroupCode, GroupName: a.GroupName, You: true}
		x.Groups = []string{a.GroupName}
	}
	for _, p := range []access.Party{oskar, freya, mia} {
		if p.Membership == q.Membership {
			x.Party = p
		}
	}
	from, allowed := held[x.Party.Who][q.Category+" "+string(q.Action)]
	if own {
		allowed, from = d.w.may(a, q.Action), above
	}
	x.Steps = []access.Step{{Kind: access.StepMember, Party: x.Party, Good: true}, {Kind: access.StepCategory, Good: true, Offers: 7}}
	group, tree := fjords, nordTree
	x.Lines = []access.Line{
		{Text: "r, membership:57, category:partner, " + string(q.Action), Gloss: access.GlossQuestion}, {Text: "g, membership:57, member:ben@northwind.example/fjord", Gloss: access.GlossMember},
		{Text: "g, member:ben@northwind.example/fjord, group:fjord", Gloss: access.GlossGroup, Other: group}, {Text: "g, group:fjord, tree:fjord", Gloss: access.GlossTree, Party: group},
		{Text: "g, tree:fjord, tree:nordic", Gloss: access.GlossBelow, Party: group, Other: tree},
	}
	if allowed {
		x.Allowed = true
		g := access.HeldGrant{ID: "g-1", To: x.Party, From: from, Category: q.Category, Action: string(q.Action), Chain: []access.Link{{Party: above}, {Party: nora}, {Party: x.Party}}}
		x.Grant = &g
		x.Steps = append(x.Steps, access.Step{Kind: access.StepGrantOwn, Party: x.Party, Good: true, Grant: "g-1", From: from})
		x.Lines = append(x.Lines, access.Line{Text: "p, member:ben@northwind.example/fjord, category:partner, create, g-1", Gloss: access.GlossGrant})
		return x, nil
	}
	x.Steps = append(x.Steps, access.Step{Kind: access.StepGrantOwn, Party: x.Party}, access.Step{Kind: access.StepGrantGroup, Party: group, People: 4}, access.Step{Kind: access.StepGrantTree, Party: tree, People: 7})
	x.Lines = append(x.Lines, access.Line{Text: "p, none for these names", Gloss: access.GlossNone})
	x.Missing = fmt.Sprintf("Nobody has given %s %s in Partner for %s.", x.Party.Name, q.Action, x.Party.GroupName)
	switch {
	case !own:
		x.Helpers = []access.Helper{{Party: nora, From: above}, {Party: freya, From: nora}}
	case a.GroupCode == "northwind" && a.Role != licensing.RoleAdmin:
		anna := person("Anna Lindqvist", "northwind", "Northwind", licensing.RoleAdmin)
		x.Helpers = []access.Helper{{Party: anna, From: above}}
	}
	return x, nil
}
