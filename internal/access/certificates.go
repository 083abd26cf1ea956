package access

import (
	"context"
	"crypto"
	"time"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

// CertificateRow is a certificate of a service account in a list.
type CertificateRow struct {
	ID          licensing.CertificateID
	Account     licensing.Membership
	Subject     string
	Fingerprint string    // SHA-256, in lower-case hex
	From, Until time.Time // wall clock
	AddedAt     time.Time // wall clock
	Coming      bool      // it is not valid yet
	Ended       bool      // it has expired
	EndsSoon    bool      // the next one is to be registered
}

// OwnedBy implements usecase.Sighted.
func (r CertificateRow) OwnedBy() licensing.GroupID { return r.Account.Group }

func certificateRow(c licensing.Certificate, m licensing.Membership, now licensing.Moment) CertificateRow {
	return CertificateRow{
		ID: c.ID, Account: m, Subject: c.Subject, Fingerprint: c.Fingerprint, From: c.From, Until: c.Until, AddedAt: c.AddedAt,
		Coming: now.Wall.Before(c.From), Ended: c.Ended(now.Wall), EndsSoon: c.EndsSoon(now.Wall),
	}
}

// Certificates returns those of a service account within sight, first those that are valid longest. Only admins may.
func (s *Service) Certificates(ctx context.Context, actor licensing.Actor, id licensing.MembershipID) ([]CertificateRow, error) {
	return usecase.Read(ctx, s.runner, actor, func(ctx context.Context, tx *usecase.Tx) ([]CertificateRow, error) {
		a, err := accountInSight(ctx, tx, id)
		if err != nil {
			return nil, err
		}
		all, err := tx.CertificatesOf(ctx, a.Membership.ID)
		if err != nil {
			return nil, err
		}
		rows := make([]CertificateRow, len(all))
		for i, c := range all {
			rows[i] = certificateRow(c, a.Membership, tx.Now())
		}
		return rows, nil
	})
}

// AddCertificate asks for one to be registered. Problems name the field "certificate".
type AddCertificate struct {
	Membership licensing.MembershipID `json:"membership"`
	PEM        string                 `json:"pem"` // one certificate, without a private key
}

// AddCertificate registers a certificate of a service account, beside those that it has. It belongs to one account at the
// most, so that it is plain who a message is from. Only admins may.
func (s *Service) AddCertificate(ctx context.Context, actor licensing.Actor, requestID string, in AddCertificate) (out CertificateRow, replayed bool, err error) {
	return usecase.Run(ctx, s.runner, actor, "AddCertificate", requestID, in, func(ctx context.Context, tx *usecase.Tx, in AddCertificate) (none CertificateRow, err error) {
		// What an account has, and who has a key, is read to decide: others wait who add one or remove an account meanwhile.
		if err := tx.LockPolicy(ctx); err != nil {
			return none, err
		}
		a, err := accountInSight(ctx, tx, in.Membership)
		if err != nil {
			return none, err
		}
		c, err := licensing.ReadCertificate(in.PEM)
		if err != nil {
			return none, err
		}
		now := tx.Now()
		if c.Ended(now.Wall) {
			return none, licensing.InvalidRequest("certificate", "It expired on %s. Enter one that is valid.", licensing.DayOf(c.Until, now.Zone))
		}
		if err := certificateFree(ctx, tx, c, a.Membership.ID); err != nil {
			return none, err
		}
		held, err := tx.CertificatesOf(ctx, a.Membership.ID)
		if err != nil {
			return none, err
		}
		if len(held) >= licensing.MaxCertificates {
			return none, licensing.InvalidRequest("certificate", "The account has %d certificates already. Remove one that is no longer used.", len(held))
		}
		c.ID, c.Account, c.AddedAt = licensing.CertificateID(licensing.NewID()), a.Membership.ID, now.Wall
		if err := tx.InsertCertificate(ctx, c); err != nil {
			return none, err
		}
		return certificateRow(c, a.Membership, now), tx.Audit(ctx, "serviceAccount.certificateAdded", string(a.Membership.ID), string(a.Membership.Group), certificateDetail(c)...)
	})
}

// certificateFree reports a certificate that is registered already: for the account itself, or, in words that name none,
// for another one. What a removed account had is free. A key is one account's, too: who has somebody's certificate can make
// another one for the same key, and messages would be taken for his.
func certificateFree(ctx context.Context, tx *usecase.Tx, c licensing.Certificate, account licensing.MembershipID) error {
	ofKey, err := tx.CertificatesNamed(ctx, c.Names.Key, mostCandidates)
	if err != nil {
		return err
	}
	for _, other := range ofKey {
		switch {
		case other.Account != account:
			return licensing.InvalidRequest("certificate", "Its key is registered for another account. Make one for this account alone.")
		case other.Names.Fingerprint == c.Names.Fingerprint:
			return licensing.InvalidRequest("certificate", "The account has this certificate already.")
		}
	}
	for _, name := range []licensing.CertificateName{c.Names.KeyID, c.Names.Serial} {
		named, err := tx.CertificatesNamed(ctx, name, mostCandidates)
		if err != nil {
			return err
		}
		keys := map[licensing.CertificateName]bool{}
		for _, other := range named {
			keys[other.Names.Key] = true
		}
		if len(keys) >= mostKeys && !keys[c.Names.Key] {
			return licensing.InvalidRequest("certificate", "Too many certificates have the same key identifier, or the same issuer and serial number. Make one with others.")
		}
	}
	return tx.FreeCertificate(ctx, c.Names.Fingerprint)
}

func certificateDetail(c licensing.Certificate) []licensing.Value {
	return []licensing.Value{{Name: "subject", Value: c.Subject}, {Name: "fingerprint", Value: c.Fingerprint}, {Name: "validUntil", Value: c.Until.Format(time.RFC3339)}}
}

// RemoveCertificate asks for one to be trusted no longer.
type RemoveCertificate struct {
	Membership  licensing.MembershipID  `json:"membership"`
	Certificate licensing.CertificateID `json:"certificate"`
}

// RemoveCertificate removes a certificate, which is refused from then on. Only admins may.
func (s *Service) RemoveCertificate(ctx context.Context, actor licensing.Actor, requestID string, in RemoveCertificate) (out CertificateRow, replayed bool, err error) {
	return usecase.Run(ctx, s.runner, actor, "RemoveCertificate", requestID, in, func(ctx context.Context, tx *usecase.Tx, in RemoveCertificate) (none CertificateRow, err error) {
		a, err := accountInSight(ctx, tx, in.Membership)
		if err != nil {
			return none, err
		}
		held, err := tx.CertificatesOf(ctx, a.Membership.ID)
		if err != nil {
			return none, err
		}
		for _, c := range held {
			if c.ID != in.Certificate {
				continue
			}
			if err := tx.DeleteCertificate(ctx, c.ID); err != nil {
				return none, err
			}
			return certificateRow(c, a.Membership, tx.Now()), tx.Audit(ctx, "serviceAccount.certificateRemoved", string(a.Membership.ID), string(a.Membership.Group), certificateDetail(c)...)
		}
		return none, licensing.NotFoundError("certificate", "The account has no such certificate any more.")
	})
}

// All names but fingerprints can be those of others' certificates as well. mostKeys bounds how many keys the certificates of
// one name have, and so how many are tried: who has a certificate of one of them can always register the next for it.
const (
	mostKeys       = 64
	mostCandidates = mostKeys * licensing.MaxCertificates
)

// ServiceByCertificate authenticates a service account by a certificate of that name. check gets the certificate's key and
// reports whether the caller proved to have it; it is asked once for each key. Unknown certificates, and keys that the caller
// does not have, get the same answer, with code unauthenticated; so has one that has expired, of a key that the caller has, and
// an address from which the account may not be used. Denied when the account is held to a group that lies elsewhere now.
func (s *Service) ServiceByCertificate(ctx context.Context, name licensing.CertificateName, remote string, check func(key crypto.PublicKey) bool) (licensing.Actor, error) {
	type account struct {
		licensing.Membership
		admission admission
	}
	var (
		now      licensing.Moment
		named    []licensing.Certificate
		accounts map[licensing.MembershipID]account
	)
	_, err := usecase.Read(ctx, s.runner, licensing.Actor{}, func(ctx context.Context, tx *usecase.Tx) (none struct{}, err error) {
		now, accounts = tx.Now(), map[licensing.MembershipID]account{}
		if named, err = tx.CertificatesNamed(ctx, name, mostCandidates); err != nil {
			return none, err
		}
		for _, c := range named {
			if _, read := accounts[c.Account]; read {
				continue
			}
			var a account
			if a.Membership, err = tx.Membership(ctx, c.Account); err != nil {
				return none, err
			}
			if a.admission, err = admissionOf(ctx, tx, a.Membership); err != nil {
				return none, err
			}
			accounts[c.Account] = a
		}
		return none, nil
	})
	if err != nil {
		return licensing.Actor{}, err
	}
	var refused error = &licensing.Error{
		Kind: licensing.Unauthenticated, Code: licensing.CodeUnauthenticated,
		Message: "The certificate is not registered for an active service account, or the signature was not made with its key.",
	}
	proved := map[licensing.CertificateName]bool{} // keys that were checked
	for _, c := range named {
		a, key := accounts[c.Account], c.Names.Key
		if !a.Active() {
			continue
		}
		if _, checked := proved[key]; !checked {
			proved[key] = check(c.Key)
		}
		if !proved[key] {
			continue
		}
		if err := c.CheckTime(now.Wall); err != nil {
			refused = err // one that was renewed for the same key may follow
			continue
		}
		return a.admission.admit(a.Membership, remote)
	}
	return licensing.Actor{}, refused
}
