package usecasetest

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"strings"
	"testing"
	"time"

	"kontor/internal/access"
	"kontor/internal/licensing"
)

// madeCertificate is a certificate with its key, valid from one moment to another.
func madeCertificate(t testing.TB, key crypto.Signer, from, until time.Time) (text string, c licensing.Certificate) {
	t.Helper()
	template := &x509.Certificate{SerialNumber: big.NewInt(4711), Subject: pkix.Name{CommonName: "shop.northwind.example"}, NotBefore: from, NotAfter: until}
	der := got[[]byte](t)(x509.CreateCertificate(rand.Reader, template, template, key.Public(), key))
	return pemOf("CERTIFICATE", der), got[licensing.Certificate](t)(licensing.ParseCertificate(der))
}

func pemOf(kind string, b []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: b}))
}

func curveKey(t testing.TB) *ecdsa.PrivateKey {
	t.Helper()
	return got[*ecdsa.PrivateKey](t)(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
}

// presents tries to come in by a certificate of which the caller has the key.
func (h *house) presents(t testing.TB, c licensing.Certificate) (licensing.Actor, error) {
	t.Helper()
	return h.access.ServiceByCertificate(t.Context(), c.Names.Fingerprint, "198.51.100.7", func(key crypto.PublicKey) bool {
		return key.(*ecdsa.PublicKey).Equal(c.Key)
	})
}

// TestCertificateLife registers certificates of an account, comes in by them, rotates them, and sees them end.
func TestCertificateLife(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		anna := h.anna(t)
		made, _, err := h.access.CreateServiceAccount(t.Context(), anna, "", access.CreateServiceAccount{Name: shop, Label: "Web shop"})
		must(t, err)
		id := made.Account.Membership.ID
		oldText, old := madeCertificate(t, curveKey(t), soldOn.AddDate(0, -1, 0), soldOn.AddDate(0, 0, 20))
		newText, coming := madeCertificate(t, curveKey(t), soldOn.AddDate(0, 0, 10), soldOn.AddDate(1, 0, 0))

		_, err = h.presents(t, old)
		refused(t, "a certificate that is not registered", err, licensing.CodeUnauthenticated, "")
		row, _, err := h.access.AddCertificate(t.Context(), anna, "add", access.AddCertificate{Membership: id, PEM: oldText})
		must(t, err)
		same(t, "the row", []any{row.Subject, row.Fingerprint, row.Until, row.Coming, row.Ended, row.EndsSoon},
			[]any{"CN=shop.northwind.example", old.Fingerprint, soldOn.AddDate(0, 0, 20), false, false, true})
		_, replayed, err := h.access.AddCertificate(t.Context(), anna, "add", access.AddCertificate{Membership: id, PEM: oldText})
		must(t, err)
		same(t, "sent again", replayed, true)
		actor, err := h.presents(t, old)
		must(t, err)
		same(t, "comes in", []any{actor.ID, actor.Via, actor.Remote}, []any{id, "soap", "198.51.100.7"})

		// The next one is registered beside it, ahead of its time.
		_, _, err = h.access.AddCertificate(t.Context(), anna, "", access.AddCertificate{Membership: id, PEM: newText})
		must(t, err)
		rows := got[[]access.CertificateRow](t)(h.access.Certificates(t.Context(), anna, id))
		same(t, "both", []any{len(rows), rows[0].Coming, rows[1].Coming}, []any{2, true, false})
		_, err = h.presents(t, coming)
		refused(t, "before its time", err, licensing.CodeUnauthenticated, "")
		if !strings.Contains(err.Error(), "2026-12-01T") {
			t.Errorf("it does not say from when on: %v", err)
		}
		h.wall.advance(15 * 24 * time.Hour)
		for _, c := range []licensing.Certificate{old, coming} {
			_, err = h.presents(t, c)
			must(t, err)
		}
		h.wall.advance(6 * 24 * time.Hour)
		_, err = h.presents(t, old)
		refused(t, "after its end", err, licensing.CodeUnauthenticated, "")
		if !strings.Contains(err.Error(), "expired at 2026-12-11T") {
			t.Errorf("it does not say when it expired: %v", err)
		}

		other, _, err := h.access.CreateServiceAccount(t.Context(), anna, "", access.CreateServiceAccount{Name: "other@northwind.example", Label: "Other"})
		must(t, err)
		otherID := other.Account.Membership.ID
		_, _, err = h.access.AddCertificate(t.Context(), anna, "", access.AddCertificate{Membership: otherID, PEM: newText})
		refused(t, "another account's", err, licensing.CodeInvalidRequest, "certificate")

		_, _, err = h.access.Suspend(t.Context(), anna, "", access.ChangePerson{Membership: id, Reason: "Looking into it"})
		must(t, err)
		_, err = h.presents(t, coming)
		refused(t, "suspended", err, licensing.CodeUnauthenticated, "")
		_, _, err = h.access.Resume(t.Context(), anna, "", access.ChangePerson{Membership: id})
		must(t, err)
		_, err = h.presents(t, coming)
		must(t, err)

		remove := access.RemoveCertificate{Membership: id, Certificate: rows[1].ID}
		_, _, err = h.access.RemoveCertificate(t.Context(), anna, "", remove)
		must(t, err)
		_, _, err = h.access.RemoveCertificate(t.Context(), anna, "", remove)
		refused(t, "removed already", err, licensing.CodeNotFound, "certificate")
		same(t, "left", len(got[[]access.CertificateRow](t)(h.access.Certificates(t.Context(), anna, id))), 1)

		// With its account a certificate ends, and is free for another one.
		_, _, err = h.access.Remove(t.Context(), anna, "", access.ChangePerson{Membership: id, Reason: "No longer needed"})
		must(t, err)
		_, err = h.presents(t, coming)
		refused(t, "removed with its account", err, licensing.CodeUnauthenticated, "")
		_, _, err = h.access.AddCertificate(t.Context(), anna, "", access.AddCertificate{Membership: otherID, PEM: newText})
		must(t, err)
		actor, err = h.presents(t, coming)
		must(t, err)
		same(t, "the other account", actor.ID, otherID)
		var actions []string
		for _, e := range got[[]licensing.HistoryEntry](t)(h.access.PersonHistory(t.Context(), anna, otherID)) {
			actions = append(actions, e.Action)
		}
		same(t, "history", actions, []string{"serviceAccount.certificateAdded", "serviceAccount.created"})
	})
}

// TestCertificatesRefused holds what can be registered, and by whom.
func TestCertificatesRefused(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		anna := h.anna(t)
		made, _, err := h.access.CreateServiceAccount(t.Context(), anna, "", access.CreateServiceAccount{Name: shop, Label: "Web shop"})
		must(t, err)
		id := made.Account.Membership.ID
		key := curveKey(t)
		good, _ := madeCertificate(t, key, soldOn, soldOn.AddDate(1, 0, 0))
		over, _ := madeCertificate(t, key, soldOn.AddDate(-1, 0, 0), soldOn.Add(-time.Second))
		short := got[*rsa.PrivateKey](t)(rsa.GenerateKey(rand.Reader, 1024))
		weak := pemOf("CERTIFICATE", weakCertificate(t, short))
		private := pemOf("PRIVATE KEY", got[[]byte](t)(x509.MarshalPKCS8PrivateKey(key)))
		unchanged(t, h, "refusals", func() {
			for name, c := range map[string]struct{ text, says string }{
				"nothing":                     {"", "in PEM"},
				"something else":              {"ssh-ed25519 AAAA", "in PEM"},
				"a private key":               {private, "private key"},
				"a private key behind it":     {good + private, "private key"},
				"two":                         {good + good, "one certificate"},
				"a request":                   {pemOf("CERTIFICATE REQUEST", []byte{1}), "CERTIFICATE REQUEST"},
				"one that cannot be read":     {pemOf("CERTIFICATE", []byte{1, 2, 3}), "X.509"},
				"one that has expired":        {over, "expired"},
				"one with a short key":        {weak, "1024 bits"},
				"one that is longer than any": {good + strings.Repeat("\n", licensing.MaxCertificateText), "16 KB"},
			} {
				_, _, err := h.access.AddCertificate(t.Context(), anna, "", access.AddCertificate{Membership: id, PEM: c.text})
				refused(t, name, err, licensing.CodeInvalidRequest, "certificate")
				if err == nil || !strings.Contains(err.Error(), c.says) {
					t.Errorf("%s: got %v, want %q in it", name, err, c.says)
				}
			}
			add := access.AddCertificate{Membership: id, PEM: good}
			_, _, err := h.access.AddCertificate(t.Context(), h.freya(t), "", add)
			refused(t, "beside", err, licensing.CodeNotFound, "membership")
			_, _, err = h.access.AddCertificate(t.Context(), h.ben(t), "", add)
			refused(t, "a member", err, licensing.CodeDenied, "")
			add.Membership = h.ben(t).ID
			_, _, err = h.access.AddCertificate(t.Context(), anna, "", add)
			refused(t, "a person's", err, licensing.CodeNotFound, "membership")
			_, err = h.access.Certificates(t.Context(), h.freya(t), id)
			refused(t, "seen from beside", err, licensing.CodeNotFound, "membership")
		})
		for range licensing.MaxCertificates {
			text, _ := madeCertificate(t, curveKey(t), soldOn, soldOn.AddDate(1, 0, 0))
			_, _, err := h.access.AddCertificate(t.Context(), h.isv(t), "", access.AddCertificate{Membership: id, PEM: text})
			must(t, err)
		}
		_, _, err = h.access.AddCertificate(t.Context(), anna, "", access.AddCertificate{Membership: id, PEM: good})
		refused(t, "one too many", err, licensing.CodeInvalidRequest, "certificate")
	})
}

// weakCertificate is one that licensing.ParseCertificate refuses.
func weakCertificate(t testing.TB, key crypto.Signer) []byte {
	t.Helper()
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: soldOn, NotAfter: soldOn.AddDate(1, 0, 0)}
	return got[[]byte](t)(x509.CreateCertificate(rand.Reader, template, template, key.Public(), key))
}
