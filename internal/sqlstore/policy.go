package sqlstore

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"kontor/internal/licensing"
	"kontor/internal/sqlstore/db"
)

func (t *tx) InsertGrant(ctx context.Context, g licensing.Grant) error {
	err := t.q.InsertPermission(ctx, db.InsertPermissionParams{
		ID: string(g.ID), Who: g.Who, Category: categorySubject(g.Category), Action: g.Action,
		GivenBy: pointer(string(g.GivenBy)), UnderID: pointer(string(g.Under)), EndsOn: g.Until.String(), CreatedAt: micro(g.CreatedAt),
	})
	if err != nil {
		return err
	}
	return t.bumpPolicy(ctx, g.Who)
}

func (t *tx) ChangeGrant(ctx context.Context, g licensing.Grant) error {
	who, err := one(t.q.UpdatePermission(ctx, db.UpdatePermissionParams{
		ID: string(g.ID), GivenBy: pointer(string(g.GivenBy)), UnderID: pointer(string(g.Under)), EndsOn: g.Until.String(),
	}))
	if err != nil {
		return err
	}
	return t.bumpPolicy(ctx, who)
}

func (t *tx) LockPolicy(ctx context.Context) error { return t.q.LockPolicy(ctx) }

func (t *tx) DeleteGrant(ctx context.Context, id licensing.GrantID) error {
	who, err := one(t.q.DeletePermission(ctx, string(id)))
	if err != nil {
		return err
	}
	return t.bumpPolicy(ctx, who)
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

func (t *tx) PolicyLines(ctx context.Context, m licensing.MembershipID) (licensing.Policy, error) {
	return policyLines(ctx, t.q, t.now.Wall, t.wall, m)
}

// PolicyLines implements licensing.Store.
func (s *Store) PolicyLines(ctx context.Context, m licensing.MembershipID) (licensing.Policy, error) {
	p, err := policyLines(ctx, s.read, s.wall(), s.wall, m)
	return p, s.engine.translate(err)
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

// policyLines reads what the policy says at begun, an instant of the wall clock: the transaction's now. The business
// clock's offset and zone come with the lines, so that a clock that is moved meanwhile cannot be mixed up with another
// version's lines. How long the lines hold counts from the call.
func policyLines(ctx context.Context, q *db.Queries, begun time.Time, wall func() time.Time, m licensing.MembershipID) (p licensing.Policy, err error) {
	age := wall().Sub(begun)
	rows, err := q.PolicyLines(ctx, string(m))
	if err != nil {
		return p, err
	}
	now := atWall(begun)
	for _, r := range rows {
		if r.Kind == "s" {
			if err := setClock(&now, r.A, r.B); err != nil {
				return p, err
			}
		}
	}
	today := now.Today()
	for _, r := range rows {
		switch r.Kind {
		case "s":
		case "v":
			if p.Version, err = strconv.ParseInt(r.A, 10, 64); err != nil {
				return p, fmt.Errorf("policy version: %w", err)
			}
		case "g":
			p.Lines = append(p.Lines, licensing.PolicyLine{"g", r.A, r.B})
		default:
			last, err := parseDay(r.E)
			if err != nil {
				return p, fmt.Errorf("the end of grant %s: %w", r.D, err)
			}
			if !last.IsZero() {
				if last.Before(today) {
					continue
				}
				ends := max(last.AddDays(1).Begin(now.Zone).Sub(now.Business)-age, 1) // 0 would mean never
				if p.Ends == 0 || ends < p.Ends {
					p.Ends = ends
				}
			}
			p.Lines = append(p.Lines, licensing.PolicyLine{r.Kind, r.A, r.B, r.C, r.D})
		}
	}
	return p, nil
}
