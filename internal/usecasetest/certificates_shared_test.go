package usecasetest

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"testing"
	"time"

	"kontor/internal/access"
	"kontor/internal/licensing"
)

// sameKeyID is the subject key identifier of the certificates that want to be taken for each other.
var sameKeyID = []byte{1, 2, 3}

// certificateOf is a certificate for a public key that somebody signs, as anybody can make one.
func certificateOf(t testing.TB, public crypto.PublicKey, signer crypto.Signer, serial int64, until time.Time) string {
	t.Helper()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: "x"}, SubjectKeyId: sameKeyID, NotBefore: soldOn.AddDate(0, -1, 0), NotAfter: until,
	}
	return pemOf("CERTIFICATE", got[[]byte](t)(x509.CreateCertificate(rand.Reader, template, &x509.Certificate{SerialNumber: big.NewInt(9), Subject: pkix.Name{CommonName: "ca"}}, public, signer)))
}

// account makes a service account, with certificates.
func (h *house) account(t testing.TB, by licensing.Actor, name string, certificates ...string) licensing.MembershipID {
	t.Helper()
	made, _, err := h.access.CreateServiceAccount(t.Context(), by, "", access.CreateServiceAccount{Name: name, Label: name})
	must(t, err)
	for _, text := range certificates {
		_, _, err := h.access.AddCertificate(t.Context(), by, "", access.AddCertificate{Membership: made.Account.Membership.ID, PEM: text})
		must(t, err)
	}
	return made.Account.Membership.ID
}

// signedBy authenticates who names a certificate by the common identifier and proves to have a key.
func (h *house) signedBy(t testing.TB, key *ecdsa.PrivateKey) (licensing.Actor, error) {
	return h.access.ServiceByCertificate(t.Context(), licensing.NameByKeyID(sameKeyID), "198.51.100.7", func(k crypto.PublicKey) bool {
		return key.PublicKey.Equal(k)
	})
}

// TestKeysAreOneAccounts holds that nobody registers another certificate for the key of somebody else's account, and that
// certificates with the same identifier crowd no other out.
func TestKeysAreOneAccounts(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		key, ca := curveKey(t), curveKey(t)
		until := soldOn.AddDate(1, 0, 0)
		freya := h.as(t, "freya@fjord.example", "fjord")
		var many []string
		for i := range licensing.MaxCertificates - 1 {
			many = append(many, certificateOf(t, curveKey(t).Public(), ca, int64(i+1), until))
		}
		other := h.account(t, freya, "other@fjord.example", many...)
		h.account(t, h.anna(t), shop, certificateOf(t, key.Public(), ca, 50, until))
		_, _, err := h.access.AddCertificate(t.Context(), freya, "", access.AddCertificate{Membership: other, PEM: certificateOf(t, key.Public(), ca, 51, until)})
		refused(t, "another account's key", err, licensing.CodeInvalidRequest, "certificate")
		a, err := h.signedBy(t, key)
		must(t, err)
		same(t, "signed by", a.GroupCode, "northwind")
	})
}

// TestRenewedForTheSameKey lets a certificate expire that was renewed for its key: what is signed with it counts.
func TestRenewedForTheSameKey(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		key, ca := curveKey(t), curveKey(t)
		h.account(t, h.anna(t), shop, certificateOf(t, key.Public(), ca, 1, soldOn.AddDate(0, 0, 2)), certificateOf(t, key.Public(), ca, 2, soldOn.AddDate(1, 0, 0)))
		h.wall.advance(5 * 24 * time.Hour)
		_, err := h.signedBy(t, key)
		must(t, err)
	})
}
