package sqlstore

import (
	"context"
	"errors"
	"slices"
	"time"

	"kontor/internal/licensing"
	"kontor/internal/sqlstore/db"
)

func (t *tx) InsertCertificate(ctx context.Context, c licensing.Certificate) error {
	return changed(t.q.InsertCertificate(ctx, db.InsertCertificateParams{
		ID: string(c.ID), MembershipID: string(c.Account), Der: c.DER, AddedAt: micro(c.AddedAt), Fingerprint: string(c.Names.Fingerprint),
		Thumbprint: string(c.Names.Thumbprint), KeyID: string(c.Names.KeyID), Serial: string(c.Names.Serial), PublicKey: string(c.Names.Key),
	}))
}

func (t *tx) CertificatesOf(ctx context.Context, m licensing.MembershipID) ([]licensing.Certificate, error) {
	rows, err := t.q.CertificatesOf(ctx, string(m))
	if err != nil {
		return nil, err
	}
	all, err := certificates(rows)
	slices.SortStableFunc(all, func(a, b licensing.Certificate) int { return b.Until.Compare(a.Until) })
	return all, err
}

func (t *tx) CertificatesNamed(ctx context.Context, name licensing.CertificateName, limit int) ([]licensing.Certificate, error) {
	if name == "" {
		return nil, nil
	}
	rows, err := t.q.CertificatesNamed(ctx, db.CertificatesNamedParams{Name: string(name), Most: int32(limit)}) //nolint:gosec // small
	if err != nil {
		return nil, err
	}
	return certificates(rows)
}

func (t *tx) FreeCertificate(ctx context.Context, fingerprint licensing.CertificateName) error {
	return t.q.FreeCertificate(ctx, string(fingerprint))
}

func (t *tx) DeleteCertificate(ctx context.Context, id licensing.CertificateID) error {
	return t.q.DeleteCertificate(ctx, string(id))
}

func certificates(rows []db.ServiceCertificate) ([]licensing.Certificate, error) {
	var all []licensing.Certificate
	for _, r := range rows {
		c, err := licensing.ParseCertificate(r.Der)
		if err != nil {
			return nil, err
		}
		c.ID, c.Account, c.AddedAt = licensing.CertificateID(r.ID), licensing.MembershipID(r.MembershipID), utc(r.AddedAt)
		all = append(all, c)
	}
	return all, nil
}

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

func (t *tx) LoginSuccess(ctx context.Context, key string) (time.Time, error) {
	at, err := one(t.q.LoginSuccess(ctx, key))
	if errors.Is(err, licensing.ErrNone) {
		return time.Time{}, nil
	}
	return utc(at), err
}

func (t *tx) NoteLoginSuccess(ctx context.Context, key string) error {
	if err := t.q.DeleteLoginSuccesses(ctx, t.now.Wall.Add(-licensing.LoginRemembered)); err != nil {
		return err
	}
	return t.q.NoteLoginSuccess(ctx, db.NoteLoginSuccessParams{Key: key, LastAt: t.now.Wall})
}
