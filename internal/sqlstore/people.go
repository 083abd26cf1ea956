package sqlstore

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"kontor/internal/licensing"
	"kontor/internal/sqlstore/db"
)

func (t *tx) GroupByID(ctx context.Context, id licensing.GroupID) (licensing.Group, error) {
	g, err := one(t.q.GroupByID(ctx, string(id)))
	return group(g), err
}

func (t *tx) UpdateGroup(ctx context.Context, g licensing.Group) error {
	return changed(t.q.UpdateGroup(ctx, db.UpdateGroupParams{
		ID: string(g.ID), Version: int64(g.Version), Name: g.Name, Address: g.Address, ContactName: g.Contact.Name, ContactEmail: g.Contact.Email,
		ContactPhone: g.Contact.Phone, BrandTitle: g.Brand.Title, BrandColor: g.Brand.Color, Folded: groupFolded(g.Name),
	}))
}

// MoveGroup bumps the policy first: the version's row lock makes moves wait for one another, so that two of them
// cannot make a cycle together.
func (t *tx) MoveGroup(ctx context.Context, g licensing.Group, parent licensing.GroupID) error {
	if err := t.bumpPolicy(ctx, licensing.TreeSubject(g.Code)); err != nil {
		return err
	}
	cycle, err := t.InSight(ctx, g.ID, true, parent)
	if err != nil {
		return err
	}
	if cycle {
		return licensing.ErrRace
	}
	return changed(t.q.SetParent(ctx, db.SetParentParams{ID: string(g.ID), ParentID: pointer(string(parent))}))
}

func (t *tx) GroupsIn(ctx context.Context, s licensing.Sight) ([]licensing.Group, error) {
	rows, err := t.q.GroupsIn(ctx, db.GroupsInParams{Own: string(s.Group), Below: s.Below})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(rows, func(a, b db.OrgGroup) int { return cmp.Or(cmp.Compare(a.Folded, b.Folded), cmp.Compare(a.ID, b.ID)) })
	below := map[string][]db.OrgGroup{}
	var all []licensing.Group
	var add func(db.OrgGroup)
	add = func(g db.OrgGroup) {
		all = append(all, group(g))
		for _, child := range below[g.ID] {
			add(child)
		}
	}
	var top *db.OrgGroup
	for i, r := range rows {
		if r.ID == string(s.Group) {
			top = &rows[i]
			continue
		}
		below[value(r.ParentID)] = append(below[value(r.ParentID)], r)
	}
	if top != nil {
		add(*top)
	}
	return all, nil
}

func (t *tx) CountsIn(ctx context.Context, s licensing.Sight) (map[licensing.GroupID]licensing.GroupCounts, error) {
	people, err := t.q.CountPeople(ctx, db.CountPeopleParams{Own: string(s.Group), Below: s.Below})
	if err != nil {
		return nil, err
	}
	live, err := t.q.CountLive(ctx, db.CountLiveParams{Own: string(s.Group), Below: s.Below, Now: &t.now.Business})
	if err != nil {
		return nil, err
	}
	counts := map[licensing.GroupID]licensing.GroupCounts{}
	for _, r := range people {
		counts[licensing.GroupID(r.GroupID)] = licensing.GroupCounts{People: int(r.People), Services: int(r.Services)}
	}
	for _, r := range live {
		c := counts[licensing.GroupID(r.GroupID)]
		c.Licenses = int(r.Licenses)
		counts[licensing.GroupID(r.GroupID)] = c
	}
	return counts, nil
}

func (t *tx) UserByID(ctx context.Context, id licensing.UserID) (licensing.User, error) {
	a, err := one(t.q.AccountByID(ctx, string(id)))
	return account(a), err
}

func (t *tx) SetPasswordHash(ctx context.Context, id licensing.UserID, hash string) error {
	return t.q.SetPasswordHash(ctx, db.SetPasswordHashParams{ID: string(id), PasswordHash: hash})
}

func (t *tx) MembershipIn(ctx context.Context, u licensing.UserID, g licensing.GroupID) (licensing.Membership, error) {
	row, err := one(t.q.MembershipIn(ctx, db.MembershipInParams{AccountID: string(u), GroupID: string(g)}))
	return membership(row), err
}

func (t *tx) UpdateMembership(ctx context.Context, m licensing.Membership) error {
	// The policy first: its row lock makes those wait for one another who take the last admins away at once.
	if err := t.bumpPolicy(ctx, licensing.MemberSubject(m.Email, m.GroupCode)); err != nil {
		return err
	}
	return changed(t.q.UpdateMembership(ctx, db.UpdateMembershipParams{
		ID: string(m.ID), Version: int64(m.Version), Role: string(m.Role), Suspended: m.Suspended, RemovedAt: microPointer(pointer(m.RemovedAt)),
	}))
}

func (t *tx) ListPeople(ctx context.Context, s licensing.Sight, f licensing.PeopleFilter) ([]licensing.Membership, error) {
	backward := f.Before != ""
	list := t.q.ListPeopleUp
	if f.Desc != backward { // what stands before is what follows in the opposite order
		list = func(ctx context.Context, arg db.ListPeopleUpParams) ([]db.MembershipView, error) {
			return t.q.ListPeopleDown(ctx, db.ListPeopleDownParams(arg))
		}
	}
	rows, err := list(ctx, db.ListPeopleUpParams{
		Own: string(s.Group), Below: s.Below, Pattern: peoplePattern(f), Role: string(f.Role), State: string(f.State), Sort: string(f.Sort), After: cmp.Or(f.Before, f.After),
		Most: int32(f.Limit), //nolint:gosec // small
	})
	if backward {
		slices.Reverse(rows)
	}
	return memberships(rows), err
}

func (t *tx) CountPeople(ctx context.Context, s licensing.Sight, f licensing.PeopleFilter) (int, error) {
	n, err := t.q.CountListed(ctx, db.CountListedParams{
		Own: string(s.Group), Below: s.Below, Pattern: peoplePattern(f), Role: string(f.Role), State: string(f.State),
	})
	return int(n), err
}

// peoplePattern is the LIKE pattern of a search; empty when nothing is searched.
func peoplePattern(f licensing.PeopleFilter) string {
	if f.Query == "" {
		return ""
	}
	return containing(licensing.Fold(f.Query))
}

func (t *tx) CountAdmins(ctx context.Context, g licensing.GroupID) (int, error) {
	n, err := t.q.CountAdmins(ctx, string(g))
	return int(n), err
}

func (t *tx) SetServiceSecrets(ctx context.Context, a licensing.ServiceAccount) error {
	return changed(t.q.ReplaceServiceSecrets(ctx, db.ReplaceServiceSecretsParams{
		ID: string(a.Membership.ID), Version: int64(a.Membership.Version), Secret: a.Secret, SecretAt: microPointer(pointer(a.SecretSince)), OldSecret: a.OldSecret, OldUntil: microPointer(pointer(a.OldUntil)),
	}))
}

func (t *tx) ServiceAccountByID(ctx context.Context, id licensing.MembershipID) (licensing.ServiceAccount, error) {
	row, err := one(t.q.MembershipByID(ctx, string(id)))
	if err == nil && licensing.Role(row.Role) != licensing.RoleService {
		err = licensing.ErrNone
	}
	return serviceAccount(row), err
}

func (t *tx) ServiceAccountsIn(ctx context.Context, s licensing.Sight) ([]licensing.ServiceAccount, error) {
	rows, err := t.q.ServiceAccountsIn(ctx, db.ServiceAccountsInParams{Own: string(s.Group), Below: s.Below})
	if err != nil {
		return nil, err
	}
	all := make([]licensing.ServiceAccount, len(rows))
	for i, r := range rows {
		all[i] = serviceAccount(r)
	}
	return all, nil
}

func serviceAccount(row db.MembershipView) licensing.ServiceAccount {
	return licensing.ServiceAccount{
		Membership: membership(row), Secret: row.Secret, SecretSince: utc(value(row.SecretAt)), OldSecret: row.OldSecret, OldUntil: utc(value(row.OldUntil)),
	}
}

func (t *tx) HistoryWithin(ctx context.Context, object string, limit int) ([]licensing.HistoryEntry, error) {
	rows, err := t.q.HistoryWithin(ctx, db.HistoryWithinParams{Object: object, Most: int32(limit)}) //nolint:gosec // small
	if err != nil {
		return nil, err
	}
	all := make([]licensing.HistoryEntry, len(rows))
	for i, r := range rows {
		all[i] = licensing.HistoryEntry{At: utc(r.At), By: r.ByName, ByGroup: r.ByGroup, Action: r.Action}
		if all[i].Detail, err = fromJSON[[]licensing.Value](r.Detail); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// groupFolded is what groups are sorted by. It is not empty, even of a name that consists of marks.
func groupFolded(name string) string { return cmp.Or(licensing.Fold(name), name) }

// refold fills what rows are searched and sorted by, for rows that were written before there was such a column.
// Processes that start at once may do so together.
func (s *Store) refold(ctx context.Context) error {
	for {
		groups, err := s.read.UnfoldedGroups(ctx)
		if err != nil {
			return s.engine.translate(err)
		}
		accounts, err := s.read.UnfoldedAccounts(ctx)
		if err != nil {
			return s.engine.translate(err)
		}
		if len(groups) == 0 && len(accounts) == 0 {
			return nil
		}
		err = s.run(ctx, s.writer, s.write, nil, func(t licensing.Tx) error {
			q := t.(*tx).q
			for _, g := range groups {
				if err := q.FoldGroup(ctx, db.FoldGroupParams{ID: g.ID, Folded: groupFolded(g.Name)}); err != nil {
					return err
				}
			}
			for _, a := range accounts {
				if err := q.FoldAccount(ctx, db.FoldAccountParams{ID: a.ID, Search: accountSearch(a.Name, a.Email)}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil && !errors.Is(err, licensing.ErrRace) {
			return err
		}
	}
}
