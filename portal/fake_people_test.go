package portal_test

import (
	"context"
	"slices"
	"strings"
	"time"

	"kontor/internal/access"
	"kontor/internal/licensing"
)

// fakePeople stands in for the use cases about groups and who is in them.
type fakePeople struct {
	w           *world
	groups      []licensing.Group // parents before their children
	invitations []licensing.Invitation
	mails       map[licensing.InvitationID]access.MailRow
	tokens      map[string]licensing.InvitationID
	accounts    map[licensing.MembershipID]access.ServiceAccountRow

	allowances   map[licensing.MembershipID]licensing.Allowance
	sandboxes    map[licensing.MembershipID]licensing.Sandbox
	certificates map[licensing.MembershipID][]access.CertificateRow
	secrets      map[string]bool // request ids whose secret was shown
}

func newFakePeople(w *world) *fakePeople {
	p := &fakePeople{w: w, certificates: map[licensing.MembershipID][]access.CertificateRow{}, allowances: map[licensing.MembershipID]licensing.Allowance{}, sandboxes: map[licensing.MembershipID]licensing.Sandbox{}, mails: map[licensing.InvitationID]access.MailRow{}, tokens: map[string]licensing.InvitationID{}, accounts: map[licensing.MembershipID]access.ServiceAccountRow{}, secrets: map[string]bool{}}
	for _, g := range [][3]string{{"aurora", "Aurora Software", ""}, {"nordic", "Nordic", "aurora"}, {"fjord", "Fjord", "nordic"}, {"sund", "Sund", "nordic"}, {"northwind", "Northwind", "aurora"}} {
		group := licensing.Group{ID: licensing.GroupID("g-" + g[0]), Code: g[0], Name: g[1], Version: 1, CreatedAt: w.now.Business.AddDate(0, -9, 0)}
		if g[2] != "" {
			group.Parent = licensing.GroupID("g-" + g[2])
		}
		p.groups = append(p.groups, group)
	}
	p.groups[2].Address, p.groups[2].Contact = "Strandgaten 12\n5013 Bergen\nNorway", licensing.Contact{Name: "Freya Lund", Email: "office@fjord.example", Phone: "+47 55 00 00 00"}
	p.groups[2].Brand = licensing.Brand{Title: "Fjord Licenses", Color: "#7a3e9d"}
	p.addInvitation("ola@fjord.example", "fjord", licensing.RoleMember, access.MailRow{State: licensing.MailSent, Tries: 1})
	next := w.now.Wall.Add(4 * time.Minute)
	p.addInvitation("siri@sund.example", "sund", licensing.RoleAdmin, access.MailRow{State: licensing.MailWaiting, Tries: 2, LastError: "The mail server cannot be reached.", NextTry: &next})
	return p
}

func (p *fakePeople) addInvitation(email, group string, role licensing.Role, mail access.MailRow) licensing.Invitation {
	i := licensing.Invitation{
		ID: licensing.InvitationID("i-" + email), Group: licensing.GroupID("g-" + group), GroupCode: group, GroupName: p.group(group).Name, Email: email,
		Role: role, InviterName: "Nora Dahl", State: licensing.InvitationOpen, CreatedAt: p.w.now.Business, ExpiresAt: p.w.now.Wall.Add(access.InvitationLifetime),
	}
	p.invitations = append([]licensing.Invitation{i}, p.invitations...)
	p.mails[i.ID], p.tokens["token-"+email] = mail, i.ID
	return i
}

// addAccount makes a service account for the pages to show.
func (p *fakePeople) addAccount(email, label, group string) licensing.MembershipID {
	p.w.addMember(email, label, group, p.group(group).Name, licensing.RoleService, nil)
	m := p.w.memberships[len(p.w.memberships)-1]
	until := p.w.now.Wall.Add(20 * time.Hour)
	p.accounts[m.ID] = access.ServiceAccountRow{Membership: m, SecretSince: p.w.now.Wall.Add(-4 * time.Hour), OldUntil: &until}
	return m.ID
}

func (p *fakePeople) group(code string) *licensing.Group {
	for i := range p.groups {
		if p.groups[i].Code == code {
			return &p.groups[i]
		}
	}
	return &licensing.Group{}
}

func (p *fakePeople) byID(id licensing.GroupID) *licensing.Group {
	return p.group(strings.TrimPrefix(string(id), "g-"))
}

// path is the way from a group down to another one; nil when it does not lie below.
func (p *fakePeople) path(from, to licensing.GroupID) []licensing.Group {
	if to == "" {
		return nil
	}
	g := *p.byID(to)
	if to == from {
		return []licensing.Group{g}
	}
	if above := p.path(from, g.Parent); above != nil {
		return append(above, g)
	}
	return nil
}

func beyondSight() error {
	return licensing.NotFoundError("", "There is no such thing within your sight.")
}

// Groups implements portal.People.
func (p *fakePeople) Groups(_ context.Context, a licensing.Actor) ([]access.GroupRow, error) {
	var rows []access.GroupRow
	var walk func(g licensing.Group, depth int)
	walk = func(g licensing.Group, depth int) {
		row := access.GroupRow{Group: g, Depth: depth, Licenses: 3 * depth}
		at := len(rows)
		rows = append(rows, row)
		for _, m := range p.w.memberships {
			if m.Group == g.ID && m.Role != licensing.RoleService {
				rows[at].People++
			}
		}
		var below []licensing.Group
		for _, c := range p.groups {
			if c.Parent == g.ID {
				below = append(below, c)
			}
		}
		slices.SortFunc(below, func(a, b licensing.Group) int { return strings.Compare(a.Name, b.Name) })
		rows[at].Children = len(below)
		for _, c := range below {
			walk(c, depth+1)
		}
	}
	walk(*p.byID(a.Group), 0)
	return rows, nil
}

// GroupNames implements portal.People.
func (p *fakePeople) GroupNames(ctx context.Context, a licensing.Actor) (names []access.GroupName, err error) {
	rows, err := p.Groups(ctx, a)
	for _, r := range rows {
		n := access.GroupName{Code: r.Group.Code, Name: r.Group.Name, Depth: r.Depth}
		if above := p.byID(r.Group.Parent); above != nil && r.Depth > 0 {
			n.Parent = above.Code
		}
		names = append(names, n)
	}
	return names, err
}

// Group implements portal.People.
func (p *fakePeople) Group(ctx context.Context, a licensing.Actor, code string) (access.GroupDetail, error) {
	rows, _ := p.Groups(ctx, a)
	for _, r := range rows {
		if r.Group.Code == code {
			return access.GroupDetail{GroupRow: r, Path: p.path(a.Group, r.Group.ID), CanWrite: true, CanMove: r.Depth > 0}, nil
		}
	}
	return access.GroupDetail{}, beyondSight()
}

// CreateGroup implements portal.People.
func (p *fakePeople) CreateGroup(_ context.Context, _ licensing.Actor, _ string, in access.CreateGroup) (licensing.Group, bool, error) {
	var found licensing.Problems
	if in.Name == "" {
		found.Add(licensing.InvalidRequest("name", "Enter a name of 1 to %d characters.", access.MaxGroupName))
	}
	if len(in.Code) < 2 {
		found.Add(licensing.InvalidRequest("code", "Enter 2 to %d lower-case letters, digits and dashes.", access.MaxGroupCode))
	} else if p.group(in.Code).Code != "" {
		found.Add(licensing.InvalidRequest("code", "This code is taken already. Choose another one."))
	}
	if err := found.OrNil(); err != nil {
		return licensing.Group{}, false, err
	}
	g := licensing.Group{ID: licensing.GroupID("g-" + in.Code), Parent: p.group(in.Parent).ID, Code: in.Code, Name: in.Name, Version: 1, CreatedAt: p.w.now.Business}
	p.groups = append(p.groups, g)
	return g, false, nil
}

// EditGroup implements portal.People.
func (p *fakePeople) EditGroup(_ context.Context, _ licensing.Actor, _ string, in access.EditGroup) (licensing.Group, bool, error) {
	g := p.group(in.Code)
	if in.Name == "" {
		return *g, false, licensing.InvalidRequest("name", "Enter a name of 1 to %d characters.", access.MaxGroupName)
	}
	if in.Version != g.Version {
		return *g, false, licensing.ConflictError("Somebody changed this group since it was shown: the name is now %q.", g.Name)
	}
	g.Name, g.Address, g.Brand = in.Name, in.Address, licensing.Brand{Title: in.BrandTitle, Color: in.BrandColor}
	g.Contact, g.Version = licensing.Contact{Name: in.ContactName, Email: in.ContactEmail, Phone: in.ContactPhone}, g.Version+1
	return *g, false, nil
}

// PreviewMove implements portal.People.
func (p *fakePeople) PreviewMove(_ context.Context, a licensing.Actor, in access.MoveGroup) (access.MovePreview, error) {
	g, to := p.group(in.Code), p.group(in.Under)
	if g.ID == a.Group {
		return access.MovePreview{}, licensing.DeniedError("code", "You act in this group: only somebody above can move it.")
	}
	if p.path(g.ID, to.ID) != nil {
		return access.MovePreview{}, licensing.InvalidRequest("under", "%s cannot go below itself or one of its own groups.", g.Name)
	}
	out := access.MovePreview{
		Group: *g, From: p.path(a.Group, g.Parent), To: p.path(a.Group, to.ID), Groups: 1, People: 2, Licenses: 6, Fingerprint: "f",
		Gain: []access.SeenBy{{Group: *to, Admins: []licensing.Membership{{UserName: "Anna Lindqvist"}}}}, Lose: []access.SeenBy{{Group: *p.byID(g.Parent)}},
		Falls: []licensing.Grant{{Who: "member:freya@fjord.example/fjord", Category: "partner", Action: "create"}, {Who: "group:fjord", Category: "partner", Action: "modify"}},
		Reach: []access.ReachChange{{Grant: licensing.Grant{Who: "tree:northwind", Category: "partner", Action: licensing.Any}, Begins: true}},
	}
	return out, nil
}

// MoveGroup implements portal.People.
func (p *fakePeople) MoveGroup(ctx context.Context, a licensing.Actor, _ string, in access.MoveGroup) (access.MovePreview, bool, error) {
	preview, err := p.PreviewMove(ctx, a, in)
	if err == nil {
		p.group(in.Code).Parent = p.group(in.Under).ID
	}
	return preview, false, err
}

// GroupHistory implements portal.People.
func (p *fakePeople) GroupHistory(_ context.Context, _ licensing.Actor, code string) ([]licensing.HistoryEntry, error) {
	return []licensing.HistoryEntry{{At: p.group(code).CreatedAt, FromAbove: true, Action: "group.created"}}, nil
}

// People implements portal.People.
func (p *fakePeople) People(_ context.Context, a licensing.Actor, f licensing.PeopleFilter) (access.PeoplePage, error) {
	var page access.PeoplePage
	for _, m := range p.w.memberships {
		service := m.Role == licensing.RoleService
		switch {
		case p.path(a.Group, m.Group) == nil, f.Group != "" && m.GroupCode != f.Group, f.Role != "" && m.Role != f.Role, f.Role == "" && service,
			f.State != "" && (f.State == licensing.PersonSuspended) != m.Suspended, !contains(f.Query, m.UserName, m.Email):
		default:
			page.People = append(page.People, m)
		}
	}
	slices.SortStableFunc(page.People, func(a, b licensing.Membership) int {
		order := strings.Compare(licensing.Fold(a.UserName), licensing.Fold(b.UserName))
		if f.Sort == licensing.SortGroup && a.GroupName != b.GroupName {
			order = strings.Compare(licensing.Fold(a.GroupName), licensing.Fold(b.GroupName))
		}
		if f.Desc {
			return -order
		}
		return order
	})
	page.Total = len(page.People)
	from, to, around := window(page.Total, f.Limit, f.After, f.Before)
	page.People, page.Before, page.After = page.People[from:to], around.Before, around.After
	return page, nil
}

func (p *fakePeople) membership(a licensing.Actor, id licensing.MembershipID) *licensing.Membership {
	for i := range p.w.memberships {
		if m := &p.w.memberships[i]; m.ID == id && p.path(a.Group, m.Group) != nil {
			return m
		}
	}
	return nil
}

// Person implements portal.People.
func (p *fakePeople) Person(_ context.Context, a licensing.Actor, id licensing.MembershipID) (access.PersonDetail, error) {
	m := p.membership(a, id)
	if m == nil {
		return access.PersonDetail{}, beyondSight()
	}
	d := access.PersonDetail{Membership: *m, Self: m.ID == a.ID, CanWrite: true, PassedOn: 2}
	d.CanDemote, d.CanSuspend, d.CanRemove = !d.Self, !d.Self, !d.Self
	if d.Self {
		d.Why = "You cannot demote, suspend or remove yourself."
	}
	for _, other := range p.w.memberships {
		if other.User == m.User && other.ID != m.ID && p.path(a.Group, other.Group) != nil {
			d.Others = append(d.Others, other)
		}
	}
	return d, nil
}

// PersonHistory implements portal.People.
func (p *fakePeople) PersonHistory(context.Context, licensing.Actor, licensing.MembershipID) ([]licensing.HistoryEntry, error) {
	return []licensing.HistoryEntry{
		{At: p.w.now.Business, By: "Nora Dahl", Action: "membership.roleChanged", Detail: []licensing.Value{{Name: "person", Value: "Mia Solberg"}, licensing.FromTo("role", "admin", "member"), {Name: "reason", Value: "Handed over to Freya"}}},
		{At: p.w.now.Business, By: "Nora Dahl", Action: "serviceAccount.certificateAdded", Detail: []licensing.Value{{Name: "fingerprint", Value: strings.Repeat("0123456789abcdef", 4)}}},
	}, nil
}

func (p *fakePeople) change(a licensing.Actor, in access.ChangePerson, do func(*licensing.Membership) error) (licensing.Membership, bool, error) {
	m := p.membership(a, in.Membership)
	if m == nil {
		return licensing.Membership{}, false, beyondSight()
	}
	if err := do(m); err != nil {
		return *m, false, err
	}
	return *m, false, nil
}

func wantReason(in access.ChangePerson) error {
	if in.Reason == "" {
		return licensing.InvalidRequest("reason", "Enter a reason of 1 to %d characters.", access.MaxReason)
	}
	return nil
}

// SetRole implements portal.People.
func (p *fakePeople) SetRole(_ context.Context, a licensing.Actor, _ string, in access.ChangePerson) (licensing.Membership, bool, error) {
	return p.change(a, in, func(m *licensing.Membership) error {
		if in.Role != licensing.RoleAdmin && in.Role != licensing.RoleMember {
			return licensing.InvalidRequest("role", "Choose admin or member.")
		}
		m.Role = in.Role
		return nil
	})
}

// Suspend implements portal.People.
func (p *fakePeople) Suspend(_ context.Context, a licensing.Actor, _ string, in access.ChangePerson) (licensing.Membership, bool, error) {
	return p.change(a, in, func(m *licensing.Membership) error {
		m.Suspended = in.Reason != ""
		return wantReason(in)
	})
}

// Resume implements portal.People.
func (p *fakePeople) Resume(_ context.Context, a licensing.Actor, _ string, in access.ChangePerson) (licensing.Membership, bool, error) {
	return p.change(a, in, func(m *licensing.Membership) error {
		m.Suspended = false
		return nil
	})
}

// Remove implements portal.People.
func (p *fakePeople) Remove(_ context.Context, a licensing.Actor, _ string, in access.ChangePerson) (licensing.Membership, bool, error) {
	m, _, err := p.change(a, in, func(*licensing.Membership) error { return wantReason(in) })
	if err == nil {
		p.w.memberships = slices.DeleteFunc(p.w.memberships, func(x licensing.Membership) bool { return x.ID == in.Membership })
	}
	return m, false, err
}
