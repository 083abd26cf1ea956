package sqlstore

import (
	"context"

	"kontor/internal/licensing"
	"kontor/internal/sqlstore/db"
)

func (t *tx) SetAllowance(ctx context.Context, m licensing.MembershipID, a licensing.Allowance) error {
	return t.q.SetAllowance(ctx, db.SetAllowanceParams{MembershipID: string(m), Content: toJSON(a)})
}

func (t *tx) HeldTo(ctx context.Context, m licensing.MembershipID) (a licensing.Allowance, s licensing.Sandbox, err error) {
	row, err := one(t.q.HeldTo(ctx, string(m)))
	if err != nil {
		return a, s, err
	}
	if row.Allowance != "" {
		if a, err = fromJSON[licensing.Allowance](row.Allowance); err != nil {
			return a, s, err
		}
	}
	if row.Sandbox != "" {
		s, err = fromJSON[licensing.Sandbox](row.Sandbox)
		s.Left = int(row.CallsLeft)
	}
	return a, s, err
}

func (t *tx) SetSandbox(ctx context.Context, m licensing.MembershipID, s licensing.Sandbox) error {
	return t.q.SetSandbox(ctx, db.SetSandboxParams{MembershipID: string(m), ID: s.ID, Content: toJSON(s), CallsLeft: int64(s.Left)})
}

func (t *tx) UseSandbox(ctx context.Context, m licensing.MembershipID, id string) (bool, error) {
	n, err := t.q.UseSandbox(ctx, db.UseSandboxParams{MembershipID: string(m), ID: id})
	return n > 0, err
}
