package usecasetest

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"strconv"
	"sync"
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

// TestKeysAreOneAccountsAtOnce registers one key for two accounts at the same moment, and more certificates for one account
// than it may have.
func TestKeysAreOneAccountsAtOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		ca, until, anna, isv := curveKey(t), soldOn.AddDate(1, 0, 0), h.anna(t), h.isv(t)
		atOnce := func(adding ...func() error) (added int) {
			errs := make([]error, len(adding))
			var all sync.WaitGroup
			for i, add := range adding {
				all.Go(func() { errs[i] = add() })
			}
			all.Wait()
			for _, err := range errs {
				if err == nil {
					added++
				} else {
					refused(t, "who came too late", err, licensing.CodeInvalidRequest, "certificate")
				}
			}
			return added
		}
		add := func(by licensing.Actor, to licensing.MembershipID, text string) func() error {
			return func() error {
				_, _, err := h.access.AddCertificate(t.Context(), by, "", access.AddCertificate{Membership: to, PEM: text})
				return err
			}
		}
		hers, theirs := h.account(t, anna, "a@northwind.example"), h.account(t, isv, "b@aurora.example")
		for i := range int64(5) {
			key := curveKey(t).Public()
			same(t, "accounts of one key", atOnce(add(anna, hers, certificateOf(t, key, ca, 2*i, until)), add(isv, theirs, certificateOf(t, key, ca, 2*i+1, until))), 1)
		}
		full := h.account(t, anna, "c@northwind.example")
		var many []func() error
		for i := range int64(licensing.MaxCertificates + 4) {
			many = append(many, add(anna, full, certificateOf(t, curveKey(t).Public(), ca, 100+i, until)))
		}
		same(t, "certificates of one account", atOnce(many...), licensing.MaxCertificates)
		same(t, "certificates that are there", len(got[[]access.CertificateRow](t)(h.access.Certificates(t.Context(), anna, full))), licensing.MaxCertificates)
	})
}

// TestNobodyIsCrowdedOut registers as many keys under one name as there may be: who has one of them renews its certificate
// all the same and comes in by it, and what removed accounts had does not count.
func TestNobodyIsCrowdedOut(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		key, ca := curveKey(t), curveKey(t)
		until := soldOn.AddDate(1, 0, 0)
		anna, freya := h.anna(t), h.as(t, "freya@fjord.example", "fjord")
		mine := h.account(t, anna, shop, certificateOf(t, key.Public(), ca, 1, soldOn.AddDate(0, 0, 2)))
		var theirs licensing.MembershipID
		for i := range 63 { // and one
			if i%licensing.MaxCertificates == 0 {
				theirs = h.account(t, freya, "crowd"+strconv.Itoa(i)+"@fjord.example")
			}
			_, _, err := h.access.AddCertificate(t.Context(), freya, "", access.AddCertificate{Membership: theirs, PEM: certificateOf(t, curveKey(t).Public(), ca, int64(100+i), until)})
			must(t, err)
		}
		other, oneMore := h.account(t, anna, "other@northwind.example"), certificateOf(t, curveKey(t).Public(), ca, 200, until)
		_, _, err := h.access.AddCertificate(t.Context(), anna, "", access.AddCertificate{Membership: other, PEM: oneMore})
		refused(t, "one key more", err, licensing.CodeInvalidRequest, "certificate")
		_, _, err = h.access.AddCertificate(t.Context(), anna, "", access.AddCertificate{Membership: mine, PEM: certificateOf(t, key.Public(), ca, 2, until)})
		must(t, err)
		h.wall.advance(5 * 24 * time.Hour)
		a, err := h.signedBy(t, key)
		must(t, err)
		same(t, "signed by", a.ID, mine)

		_, _, err = h.access.Remove(t.Context(), freya, "", access.ChangePerson{Membership: theirs, Reason: "No longer needed"})
		must(t, err)
		_, _, err = h.access.AddCertificate(t.Context(), anna, "", access.AddCertificate{Membership: other, PEM: oneMore})
		must(t, err)
	})
}
