package signing_test

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/keygen-sh/jsonapi-go"
	"github.com/keygen-sh/keygen-go/v3"

	"kontor/internal/licensing"
)

// Software that uses Keygen's published module reads our files. The module keeps its settings in variables, so these
// tests run one after the other.
func useKeygen(t *testing.T, publicKey []byte) {
	keyBefore, driftBefore := keygen.PublicKey, keygen.MaxClockDrift
	keygen.PublicKey = hex.EncodeToString(publicKey)
	keygen.MaxClockDrift = -1 // the test's files are issued at a fixed time, whatever this machine's clock says
	t.Cleanup(func() { keygen.PublicKey, keygen.MaxClockDrift = keyBefore, driftBefore })
}

func TestKeygenVerifiesBothForms(t *testing.T) {
	for _, form := range forms {
		file := keygen.LicenseFile{Certificate: newFile(t, form)}
		useKeygen(t, current(t)[0])
		if err := file.Verify(); err != nil {
			t.Errorf("%s: %v", form, err)
		}
		other := newFileSigner(t).PublicKey()
		other[0] ^= 1
		useKeygen(t, other)
		if err := file.Verify(); err == nil {
			t.Errorf("%s: verified by another key", form)
		}
	}
}

func TestKeygenDecrypts(t *testing.T) {
	useKeygen(t, current(t)[0])
	file := keygen.LicenseFile{Certificate: newFile(t, licensing.FileEncrypted)}
	dataset, err := file.Decrypt(licenseKey)
	if err != nil {
		t.Fatal(err)
	}
	checkDataset(t, dataset)
	if _, err := file.Decrypt("ZZZZZ-ZZZZZ-ZZZZZ-ZZZZZ-ZZZZW"); err == nil {
		t.Error("decrypted under another license key")
	}
}

// The signed form has no decryption in Keygen's module; its documentation says to take enc apart and to read JSON:API.
func TestKeygenReadsTheSignedForm(t *testing.T) {
	text := newFile(t, licensing.FileSigned)
	body := strings.TrimSuffix(strings.TrimPrefix(text, "-----BEGIN LICENSE FILE-----\n"), "-----END LICENSE FILE-----\n")
	content, err := base64.StdEncoding.DecodeString(body)
	if err != nil {
		t.Fatal(err)
	}
	var certificate struct{ Enc, Sig, Alg string }
	if err := json.Unmarshal(content, &certificate); err != nil {
		t.Fatal(err)
	}
	if certificate.Alg != "base64+ed25519" {
		t.Errorf("alg is %q", certificate.Alg)
	}
	payload, err := base64.StdEncoding.DecodeString(certificate.Enc)
	if err != nil {
		t.Fatal(err)
	}
	dataset := &keygen.LicenseFileDataset{}
	if _, err := jsonapi.Unmarshal(payload, dataset); err != nil {
		t.Fatal(err)
	}
	checkDataset(t, dataset)
}

func checkDataset(t *testing.T, d *keygen.LicenseFileDataset) {
	t.Helper()
	noon := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	license := d.License
	if license.ID != "01938c5e-7b1a-7c3e-9d4f-0123456789ab" || license.Type != "licenses" || license.Key != licenseKey || license.Name != "Aurora Suite" {
		t.Errorf("got the license %+v", license)
	}
	if license.Expiry == nil || !license.Expiry.Equal(noon.AddDate(1, 0, 0)) || !license.Created.Equal(noon) {
		t.Errorf("got created %v and expiry %v", license.Created, license.Expiry)
	}
	want := map[string]any{
		"orderNumber": "K26-10001", "product": "AUR-SUITE", "category": "partner", "quantity": 2.0,
		"parameters": map[string]any{"seats": "5", "pro": "yes", "pages": "250"}, "features": float64(1<<31 + 1), "featureNames": []any{"layout", "prepress"},
		"units": 250.0, "customer": map[string]any{"company": "Brückner & Söhne"},
	}
	if !reflect.DeepEqual(license.Metadata, want) {
		t.Errorf("got the metadata %v, want %v", license.Metadata, want)
	}
	if !d.Issued.Equal(noon) || d.TTL != 0 || !d.Expiry.IsZero() {
		t.Errorf("got issued %v, ttl %d, expiry %v", d.Issued, d.TTL, d.Expiry)
	}
}
