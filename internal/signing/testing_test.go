package signing_test

import (
	"bytes"
	"crypto/ed25519"
	"testing"
	"time"

	"kontor/internal/licensing"
	"kontor/internal/signing"
)

// master is a master key like any other.
var master = bytes.Repeat([]byte{0x5a}, signing.MasterKeySize)

// licenseKey is the ticket of the license in the test's files.
const licenseKey = "23456-789AB-CDEFG-HJKLM-NPQRH"

func newFileSigner(t testing.TB) *signing.FileSigner {
	t.Helper()
	key, err := signing.SigningKey(master, signing.PurposeLicenseFiles)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := signing.NewFileSigner(key)
	if err != nil {
		t.Fatal(err)
	}
	return signer
}

// newPayload is what a license file says of a license that was made at noon and expires after a year.
func newPayload(t testing.TB, state licensing.LicenseState) []byte {
	t.Helper()
	now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	payload, err := licensing.LicensePayload(licensing.License{
		ID: "01938c5e-7b1a-7c3e-9d4f-0123456789ab", Ticket: licenseKey, OrderNumber: "K26-10001", CategoryCode: "partner",
		ProductCode: "AUR-SUITE", ProductName: "Aurora Suite", Quantity: 2, State: state, CreatedAt: now,
		ExpiresAt: new(now.AddDate(1, 0, 0)), Parameters: []licensing.Value{{Name: "seats", Value: "5"}, {Name: "pro", Value: "yes"}, {Name: "pages", Value: "250"}},
		Customer: licensing.Customer{Name: "Ann", Company: "Brückner & Söhne"},
	}, []licensing.Parameter{
		{Name: "seats", Type: "number", Sets: licensing.SetsSeats},
		{Name: "pro", Type: "yesno", Sets: licensing.SetsFeatures, Features: map[string][]licensing.Feature{"yes": {{Bit: 0, Name: "layout"}, {Bit: 31, Name: "prepress"}}}},
		{Name: "pages", Type: "number", Sets: licensing.SetsUnits},
		{Name: "site", Type: "text", Sets: licensing.SetsCustomer, Particular: "company"},
	}, licensing.Moment{Business: now, Wall: now, Zone: time.UTC})
	if err != nil {
		t.Fatal(err)
	}
	return payload
}

func newFile(t testing.TB, form licensing.FileForm) string {
	t.Helper()
	file, err := newFileSigner(t).LicenseFile(newPayload(t, licensing.LicenseActive), form, licenseKey)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// current are the public keys that verify newFile's files.
func current(t testing.TB) []ed25519.PublicKey {
	return []ed25519.PublicKey{newFileSigner(t).PublicKey()}
}

var forms = []licensing.FileForm{licensing.FileSigned, licensing.FileEncrypted}
