package demo

import (
	"context"

	"kontor/internal/access"
	"kontor/internal/licensing"
)

var groups = []struct {
	code, name, parent, address string
	contact                     licensing.Contact
	brand                       licensing.Brand
}{
	{
		"aurora", ISVName, "", "Lindenstraße 12\n10969 Berlin\nGermany",
		licensing.Contact{Name: "Iris Voss", Email: "licenses@aurora.example", Phone: "+49 30 5550100"}, licensing.Brand{},
	},
	{
		"northwind", "Northwind", "aurora", "Kungsgatan 8\n111 43 Stockholm\nSweden",
		licensing.Contact{Name: "Anna Lindqvist", Email: "hello@northwind.example", Phone: "+46 8 5550120"},
		licensing.Brand{Title: "Northwind licenses", Color: "#1f5f8b"},
	},
	{
		"nordic", "Nordic", "aurora", "Vesterbrogade 40\n1620 København V\nDenmark",
		licensing.Contact{Name: "Order desk", Email: "orders@nordic.example", Phone: "+45 55 50 01 30"}, licensing.Brand{},
	},
	{
		"fjord", "Fjord", "nordic", "Strandgaten 3\n5013 Bergen\nNorway",
		licensing.Contact{Name: "Freya Lund", Email: "post@fjord.example", Phone: "+47 55 55 01 40"}, licensing.Brand{},
	},
}

// people are the memberships, givers before those whom they give to.
var people = []struct {
	email, name, group string
	role               licensing.Role
	holds              []held
}{
	{"isv@aurora.example", "Iris Voss", "aurora", licensing.RoleAdmin, []held{{"*", "*", ""}}},
	{"staff@aurora.example", "Stefan Adler", "aurora", licensing.RoleMember, all("internal", "isv@aurora.example/aurora")},
	{"anna@northwind.example", "Anna Lindqvist", "northwind", licensing.RoleAdmin, all("partner", "isv@aurora.example/aurora")},
	{"ben@northwind.example", "Ben Hartmann", "northwind", licensing.RoleMember, []held{
		{"partner", "create", "anna@northwind.example/northwind"}, {"partner", "modify", "anna@northwind.example/northwind"},
	}},
	{"freya@fjord.example", "Freya Lund", "fjord", licensing.RoleAdmin, nil}, // whom Ben can ask
	{"ben@northwind.example", "Ben Hartmann", "fjord", licensing.RoleMember, nil},
	{"erp@aurora.example", "Aurora ERP", "aurora", licensing.RoleService, []held{{"*", "*", "isv@aurora.example/aurora"}}},
}

// held is one grant that a membership holds, and the membership that gave it.
type held struct{ category, action, giver string }

// all is the three actions in a category.
func all(category, giver string) []held {
	return []held{{category, "create", giver}, {category, "modify", giver}, {category, "revoke", giver}}
}

func (s *seeder) organization(ctx context.Context) error {
	ids := map[string]licensing.GroupID{}
	for _, g := range groups {
		ids[g.code] = licensing.GroupID(licensing.NewID())
		err := s.tx.InsertGroup(ctx, licensing.Group{
			ID: ids[g.code], Parent: ids[g.parent], Code: g.code, Name: g.name, Address: g.address, Contact: g.contact, Brand: g.brand, CreatedAt: s.at,
		})
		if err != nil {
			return err
		}
	}
	users := map[string]licensing.UserID{}
	given := map[string]grants{}
	for _, p := range people {
		user, known := users[p.email]
		if !known {
			user = licensing.UserID(licensing.NewID())
			users[p.email] = user
			u := licensing.User{ID: user, Email: p.email, Name: p.name, PasswordHash: s.hash, CreatedAt: s.at}
			if p.role == licensing.RoleService {
				u.PasswordHash = ""
			}
			if err := s.tx.InsertUser(ctx, u); err != nil {
				return err
			}
		}
		m := licensing.Membership{ID: licensing.MembershipID(licensing.NewID()), User: user, Group: ids[p.group], Role: p.role, CreatedAt: s.at}
		if err := s.tx.InsertMembership(ctx, m); err != nil {
			return err
		}
		if p.role == licensing.RoleService {
			if err := s.secret(ctx, m.ID); err != nil {
				return err
			}
		}
		var err error
		if given[p.email+"/"+p.group], err = s.grant(ctx, m.ID, licensing.MemberSubject(p.email, p.group), p.holds, given); err != nil {
			return err
		}
	}
	return nil
}

func (s *seeder) secret(ctx context.Context, m licensing.MembershipID) error {
	sealed, err := s.secrets.Seal([]byte(Password), access.SecretContext(m))
	if err != nil {
		return err
	}
	return s.tx.SetServiceSecret(ctx, m, sealed)
}

// grants is what one membership holds, to pass on.
type grants struct {
	member licensing.MembershipID
	ids    map[held]licensing.GrantID // by category and action
}

// under is the grant that (category, action) is passed on under.
func (g grants) under(category, action string) licensing.GrantID {
	if id, ok := g.ids[held{category, action, ""}]; ok {
		return id
	}
	return g.ids[held{"*", "*", ""}]
}

func (s *seeder) grant(ctx context.Context, m licensing.MembershipID, who string, holds []held, given map[string]grants) (grants, error) {
	mine := grants{member: m, ids: map[held]licensing.GrantID{}}
	for _, h := range holds {
		g := licensing.Grant{ID: licensing.GrantID(licensing.NewID()), Who: who, Category: h.category, Action: h.action, CreatedAt: s.at}
		if h.giver != "" {
			g.GivenBy, g.Under = given[h.giver].member, given[h.giver].under(h.category, h.action)
		}
		mine.ids[held{h.category, h.action, ""}] = g.ID
		if err := s.tx.InsertGrant(ctx, g); err != nil {
			return mine, err
		}
	}
	return mine, nil
}
