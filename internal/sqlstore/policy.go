package sqlstore

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"kontor/internal/licensing"
	"kontor/internal/sqlstore/db"
)

func (t *tx) InsertGrant(ctx context.Context, g licensing.Grant) error {
	err := t.q.InsertPermission(ctx, db.InsertPermissionParams{
		ID: string(g.ID), Who: g.Who, Category: categorySubject(g.Category), Action: g.Action,
		GivenBy: pointer(string(g.GivenBy)), UnderID: pointer(string(g.Under)), CreatedAt: micro(g.CreatedAt),
	})
	if err != nil {
		return err
	}
	return t.bumpPolicy(ctx, g.Who)
}

func (t *tx) DeleteGrant(ctx context.Context, id licensing.GrantID) error {
	who, err := one(t.q.DeletePermission(ctx, string(id)))
	if err != nil {
		return err
	}
	return t.bumpPolicy(ctx, who)
}

func (t *tx) GrantByID(ctx context.Context, id licensing.GrantID) (licensing.Grant, error) {
	row, err := one(t.q.PermissionByID(ctx, string(id)))
	return licensing.Grant{
		ID: licensing.GrantID(row.ID), Who: row.Who, Category: categoryCode(row.Category), Action: row.Action,
		GivenBy: licensing.MembershipID(value(row.GivenBy)), Under: licensing.GrantID(value(row.UnderID)), CreatedAt: utc(row.CreatedAt),
	}, err
}

// categoryPrefix marks a category's name in the policy, so that it is never mixed up with another kind of name.
const categoryPrefix = "category:"

func categorySubject(code string) string {
	if code == licensing.Any {
		return code
	}
	return categoryPrefix + code
}

func categoryCode(subject string) string { return strings.TrimPrefix(subject, categoryPrefix) }

// bumpPolicy counts the version and notes what changed. The row lock on the version makes writers commit in its order.
func (t *tx) bumpPolicy(ctx context.Context, subject string) error {
	v, err := t.q.BumpPolicy(ctx)
	if err != nil {
		return err
	}
	return t.q.InsertPolicyChange(ctx, db.InsertPolicyChangeParams{Version: v, Subject: subject})
}

func (t *tx) PolicyLines(ctx context.Context, m licensing.MembershipID) (int64, []licensing.PolicyLine, error) {
	return policyLines(ctx, t.q, m)
}

// PolicyLines implements licensing.Store.
func (s *Store) PolicyLines(ctx context.Context, m licensing.MembershipID) (int64, []licensing.PolicyLine, error) {
	v, lines, err := policyLines(ctx, s.read, m)
	return v, lines, s.engine.translate(err)
}

// PolicyVersion implements licensing.Store.
func (s *Store) PolicyVersion(ctx context.Context) (int64, error) {
	v, err := s.read.PolicyVersion(ctx)
	return v, s.engine.translate(err)
}

// PolicyChanges implements licensing.Store.
func (s *Store) PolicyChanges(ctx context.Context, after int64) ([]licensing.PolicyChange, int64, error) {
	// The version first: what is committed between the two statements is for the next call.
	newest, err := s.read.PolicyVersion(ctx)
	if err != nil {
		return nil, 0, s.engine.translate(err)
	}
	rows, err := s.read.PolicyChanges(ctx, db.PolicyChangesParams{After: after, UpTo: newest})
	if err != nil {
		return nil, 0, s.engine.translate(err)
	}
	changes := make([]licensing.PolicyChange, len(rows))
	for i, r := range rows {
		changes[i] = licensing.PolicyChange{Version: r.Version, Subject: r.Subject}
	}
	return changes, newest, nil
}

func policyLines(ctx context.Context, q *db.Queries, m licensing.MembershipID) (version int64, lines []licensing.PolicyLine, err error) {
	rows, err := q.PolicyLines(ctx, string(m))
	if err != nil {
		return 0, nil, err
	}
	for _, r := range rows {
		switch r.Kind {
		case "v":
			if version, err = strconv.ParseInt(r.A, 10, 64); err != nil {
				return 0, nil, fmt.Errorf("policy version: %w", err)
			}
		case "g":
			lines = append(lines, licensing.PolicyLine{"g", r.A, r.B})
		default:
			lines = append(lines, licensing.PolicyLine{r.Kind, r.A, r.B, r.C, r.D})
		}
	}
	return version, lines, nil
}
