package sqlstore

import (
	"context"

	"kontor/internal/licensing"
	"kontor/internal/sqlstore/db"
)

func (t *tx) InsertGroup(ctx context.Context, g licensing.Group) error {
	return t.q.InsertGroup(ctx, db.InsertGroupParams{
		ID: string(g.ID), ParentID: pointer(string(g.Parent)), Code: g.Code, Name: g.Name, CreatedAt: micro(g.CreatedAt),
		Address: g.Address, ContactName: g.Contact.Name, ContactEmail: g.Contact.Email, ContactPhone: g.Contact.Phone,
		BrandTitle: g.Brand.Title, BrandColor: g.Brand.Color, Folded: groupFolded(g.Name),
	})
}

func (t *tx) GroupByCode(ctx context.Context, code string) (licensing.Group, error) {
	g, err := one(t.q.GroupByCode(ctx, code))
	return group(g), err
}

func (t *tx) RootGroup(ctx context.Context) (licensing.Group, error) {
	g, err := one(t.q.RootGroup(ctx))
	return group(g), err
}

func group(g db.OrgGroup) licensing.Group {
	return licensing.Group{
		ID: licensing.GroupID(g.ID), Parent: licensing.GroupID(value(g.ParentID)), Code: g.Code, Name: g.Name, Address: g.Address,
		Contact: licensing.Contact{Name: g.ContactName, Email: g.ContactEmail, Phone: g.ContactPhone},
		Brand:   licensing.Brand{Title: g.BrandTitle, Color: g.BrandColor}, Version: int(g.Version), CreatedAt: utc(g.CreatedAt),
	}
}

func (t *tx) InSight(ctx context.Context, own licensing.GroupID, below bool, target licensing.GroupID) (bool, error) {
	if own == target || !below {
		return own == target, nil
	}
	n, err := t.q.InSight(ctx, db.InSightParams{Own: string(own), Target: string(target)})
	return n > 0, err
}

func (t *tx) InsertUser(ctx context.Context, u licensing.User) error {
	return t.q.InsertAccount(ctx, db.InsertAccountParams{
		ID: string(u.ID), Email: u.Email, Name: u.Name, PasswordHash: u.PasswordHash, CreatedAt: micro(u.CreatedAt),
		Search: accountSearch(u.Name, u.Email),
	})
}

// accountSearch is what people are found and sorted by.
func accountSearch(name, email string) string {
	return licensing.Fold(name) + "\n" + licensing.Fold(email)
}

func (t *tx) UserByEmail(ctx context.Context, email string) (licensing.User, error) {
	a, err := one(t.q.AccountByEmail(ctx, email))
	return account(a), err
}

func account(a db.Account) licensing.User {
	return licensing.User{
		ID: licensing.UserID(a.ID), Email: a.Email, Name: a.Name, PasswordHash: a.PasswordHash, CreatedAt: utc(a.CreatedAt),
	}
}

func (t *tx) InsertMembership(ctx context.Context, m licensing.Membership) error {
	return t.q.InsertMembership(ctx, db.InsertMembershipParams{
		ID: string(m.ID), AccountID: string(m.User), GroupID: string(m.Group), Role: string(m.Role), Suspended: m.Suspended, CreatedAt: micro(m.CreatedAt),
	})
}

func (t *tx) Membership(ctx context.Context, id licensing.MembershipID) (licensing.Membership, error) {
	row, err := one(t.q.MembershipByID(ctx, string(id)))
	return membership(row), err
}

func (t *tx) MembershipsOf(ctx context.Context, u licensing.UserID) ([]licensing.Membership, error) {
	rows, err := t.q.MembershipsOf(ctx, string(u))
	return memberships(rows), err
}

func (t *tx) AdminsOf(ctx context.Context, g licensing.GroupID) ([]licensing.Membership, error) {
	rows, err := t.q.AdminsOf(ctx, string(g))
	return memberships(rows), err
}

func (t *tx) SetServiceSecret(ctx context.Context, m licensing.MembershipID, sealed []byte) error {
	return t.q.SetServiceSecret(ctx, db.SetServiceSecretParams{ID: string(m), Secret: sealed, SecretAt: new(micro(t.now.Wall))})
}

func (t *tx) ServiceAccount(ctx context.Context, name string) (licensing.ServiceAccount, error) {
	row, err := one(t.q.ServiceAccount(ctx, name))
	return serviceAccount(row), err
}

func membership(row db.MembershipView) licensing.Membership {
	return licensing.Membership{
		ID: licensing.MembershipID(row.ID), User: licensing.UserID(row.AccountID), Email: row.Email, UserName: row.AccountName,
		Group: licensing.GroupID(row.GroupID), GroupCode: row.GroupCode, GroupName: row.GroupName, GroupIsISV: row.ParentID == nil,
		GroupBrand: licensing.Brand{Title: row.BrandTitle, Color: row.BrandColor}, Role: licensing.Role(row.Role), Suspended: row.Suspended,
		RemovedAt: utc(value(row.RemovedAt)), Version: int(row.Version), CreatedAt: utc(row.CreatedAt),
	}
}

func memberships(rows []db.MembershipView) []licensing.Membership {
	all := make([]licensing.Membership, len(rows))
	for i, r := range rows {
		all[i] = membership(r)
	}
	return all
}
