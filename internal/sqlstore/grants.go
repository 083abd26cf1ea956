package sqlstore

import (
	"context"
	"fmt"

	"kontor/internal/licensing"
	"kontor/internal/sqlstore/db"
)

func (t *tx) GrantByID(ctx context.Context, id licensing.GrantID) (licensing.Grant, error) {
	row, err := one(t.q.PermissionByID(ctx, string(id)))
	if err != nil {
		return licensing.Grant{}, err
	}
	return permission(row)
}

func (t *tx) GrantsTo(ctx context.Context, who string) ([]licensing.Grant, error) {
	return permissions(t.q.PermissionsTo(ctx, who))
}

func (t *tx) GrantsReaching(ctx context.Context, m licensing.MembershipID) ([]licensing.Grant, error) {
	return permissions(t.q.PermissionsReaching(ctx, string(m)))
}

func (t *tx) GrantsGivenBy(ctx context.Context, m licensing.MembershipID) ([]licensing.Grant, error) {
	return permissions(t.q.PermissionsGivenBy(ctx, string(m)))
}

func (t *tx) GrantsUnder(ctx context.Context, id licensing.GrantID) ([]licensing.Grant, error) {
	return permissions(t.q.PermissionsUnder(ctx, string(id)))
}

func (t *tx) GrantsWithin(ctx context.Context, g licensing.GroupID) ([]licensing.Grant, error) {
	return permissions(t.q.PermissionsWithin(ctx, string(g)))
}

func (t *tx) GrantedCategories(ctx context.Context, g licensing.GroupID) ([]string, error) {
	names, err := t.q.CategoriesWithin(ctx, string(g))
	codes := make([]string, len(names))
	for i, n := range names {
		codes[i] = categoryCode(n)
	}
	return codes, err
}

func (t *tx) Lineage(ctx context.Context, g licensing.GroupID) ([]licensing.Group, error) {
	rows, err := t.q.Lineage(ctx, string(g))
	return groups(rows), err
}

func groups(rows []db.OrgGroup) []licensing.Group {
	all := make([]licensing.Group, len(rows))
	for i, r := range rows {
		all[i] = group(r)
	}
	return all
}

func (t *tx) LookedAfter(ctx context.Context, m licensing.MembershipID) (map[string]int, error) {
	now := t.now.Business
	rows, err := t.q.LookedAfter(ctx, db.LookedAfterParams{Membership: string(m), Now: &now})
	counts := make(map[string]int, len(rows))
	for _, r := range rows {
		counts[r.Code] = int(r.Licenses)
	}
	return counts, err
}

func (t *tx) LookedAfterIn(ctx context.Context, s licensing.Sight) (map[licensing.MembershipID]map[string]int, error) {
	rows, err := t.q.LookedAfterIn(ctx, db.LookedAfterInParams{Own: string(s.Group), Below: s.Below, Now: &t.now.Business})
	all := map[licensing.MembershipID]map[string]int{}
	for _, r := range rows {
		id := licensing.MembershipID(r.ID)
		if all[id] == nil {
			all[id] = map[string]int{}
		}
		all[id][r.Code] = int(r.Licenses)
	}
	return all, err
}

func permissions(rows []db.Permission, err error) ([]licensing.Grant, error) {
	if err != nil {
		return nil, err
	}
	all := make([]licensing.Grant, len(rows))
	for i, r := range rows {
		if all[i], err = permission(r); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func permission(row db.Permission) (licensing.Grant, error) {
	until, err := parseDay(row.EndsOn)
	if err != nil {
		return licensing.Grant{}, fmt.Errorf("the end of grant %s: %w", row.ID, err)
	}
	return licensing.Grant{
		ID: licensing.GrantID(row.ID), Who: row.Who, Category: categoryCode(row.Category), Action: row.Action,
		GivenBy: licensing.MembershipID(value(row.GivenBy)), Under: licensing.GrantID(value(row.UnderID)), Until: until, CreatedAt: utc(row.CreatedAt),
	}, nil
}
