package sqlstore

import (
	"context"
	"slices"

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
