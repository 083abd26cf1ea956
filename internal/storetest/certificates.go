package storetest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"math/big"
	"testing"

	"kontor/internal/licensing"
)

// certificate makes one of an account that is valid for some days.
func certificate(t testing.TB, m licensing.MembershipID, days int) licensing.Certificate {
	t.Helper()
	key := got[*ecdsa.PrivateKey](t)(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "erp"}, NotBefore: someTime, NotAfter: someTime.AddDate(0, 0, days)}
	der := got[[]byte](t)(x509.CreateCertificate(rand.Reader, template, template, key.Public(), key))
	c := got[licensing.Certificate](t)(licensing.ParseCertificate(der))
	c.ID, c.Account, c.AddedAt = licensing.CertificateID(licensing.NewID()), m, someTime
	return c
}

var certificates = map[string]func(*testing.T, licensing.Store){
	"certificates are found by their names": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		first, second := certificate(t, w.member.ID, 10), certificate(t, w.member.ID, 20)
		write(t, s, func(tx licensing.Tx) {
			must(t, tx.InsertCertificate(t.Context(), first))
			must(t, tx.InsertCertificate(t.Context(), second))
		})
		ids := func(cs []licensing.Certificate) (all []licensing.CertificateID) {
			for _, c := range cs {
				all = append(all, c.ID)
			}
			return all
		}
		read(t, s, func(tx licensing.Tx) {
			named := func(name licensing.CertificateName) []licensing.CertificateID {
				return ids(got[[]licensing.Certificate](t)(tx.CertificatesNamed(t.Context(), name, 5)))
			}
			held := got[[]licensing.Certificate](t)(tx.CertificatesOf(t.Context(), w.member.ID))
			same(t, "valid longest first", ids(held), []licensing.CertificateID{second.ID, first.ID})
			same(t, "as it was", held[1].Names, first.Names)
			same(t, "its particulars", []any{held[1].Account, held[1].AddedAt, held[1].Until, held[1].Subject}, []any{w.member.ID, someTime, first.Until, "CN=erp"})
			same(t, "by fingerprint", named(first.Names.Fingerprint), []licensing.CertificateID{first.ID})
			same(t, "by thumbprint", named(second.Names.Thumbprint), []licensing.CertificateID{second.ID})
			same(t, "by issuer and number", named(first.Names.Serial), []licensing.CertificateID{first.ID, second.ID})
			same(t, "by a number of nobody", len(named("serial:")), 0)
			same(t, "by nothing, as both have no key identifier", len(named("")), 0)
			same(t, "nobody's", len(got[[]licensing.Certificate](t)(tx.CertificatesOf(t.Context(), "nobody"))), 0)
		})
		err := s.Write(t.Context(), func(tx licensing.Tx) error {
			again := first
			again.ID = licensing.CertificateID(licensing.NewID())
			return tx.InsertCertificate(t.Context(), again)
		})
		if !errors.Is(err, licensing.ErrRace) {
			t.Errorf("one fingerprint twice: got the error %v, want ErrRace", err)
		}
		write(t, s, func(tx licensing.Tx) {
			must(t, tx.DeleteCertificate(t.Context(), first.ID))
			same(t, "removed", ids(got[[]licensing.Certificate](t)(tx.CertificatesOf(t.Context(), w.member.ID))), []licensing.CertificateID{second.ID})
		})
	},
	"of a removed account are found by no name and can be freed": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		who := user("erp@north.example")
		gone := membership(who, w.north, licensing.RoleService)
		ofGone, kept := certificate(t, gone.ID, 10), certificate(t, w.member.ID, 10)
		write(t, s, func(tx licensing.Tx) {
			must(t, tx.InsertUser(t.Context(), who))
			must(t, tx.InsertMembership(t.Context(), gone))
			must(t, tx.InsertCertificate(t.Context(), ofGone))
			must(t, tx.InsertCertificate(t.Context(), kept))
			gone.RemovedAt = someTime
			must(t, tx.UpdateMembership(t.Context(), gone))
		})
		again := ofGone
		again.ID, again.Account = licensing.CertificateID(licensing.NewID()), w.member.ID
		write(t, s, func(tx licensing.Tx) {
			same(t, "named", len(got[[]licensing.Certificate](t)(tx.CertificatesNamed(t.Context(), ofGone.Names.Fingerprint, 5))), 0)
			must(t, tx.FreeCertificate(t.Context(), ofGone.Names.Fingerprint))
			must(t, tx.FreeCertificate(t.Context(), kept.Names.Fingerprint)) // whose account is there
			must(t, tx.InsertCertificate(t.Context(), again))
			same(t, "held", len(got[[]licensing.Certificate](t)(tx.CertificatesOf(t.Context(), w.member.ID))), 2)
		})
	},
}
