package signing_test

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"kontor/internal/signing"
)

func newReceiptSigner(t testing.TB) *signing.ReceiptSigner {
	t.Helper()
	s, err := signing.NewReceiptSigner(master)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// said is what the test's receipts say: also what looks like the end of one.
const said = `{"number":"R26-10001","reason":"\",\"algorithm\":\"ed25519\",\"signature\":\"","customer":{"name":"株式会社"}}`

func TestReceiptIsVerified(t *testing.T) {
	s := newReceiptSigner(t)
	file := s.Receipt([]byte(said))
	other := newFileSigner(t).PublicKey()
	keys := []ed25519.PublicKey{other, s.PublicKey()}
	for name, f := range map[string]string{"as handed out": file, "without a line end": strings.TrimSuffix(file, "\n"), "with another": strings.TrimSuffix(file, "\n") + "\r\n\r\n"} {
		if got, err := signing.VerifyReceipt([]byte(f), keys); err != nil || string(got) != said {
			t.Errorf("%s: got %s, %v", name, got, err)
		}
	}
	if _, err := signing.VerifyReceipt([]byte(file), []ed25519.PublicKey{other}); !errors.Is(err, signing.ErrReceiptSignature) {
		t.Errorf("with the key of license files: %v", err)
	}
	if bytes.Equal(other, s.PublicKey()) {
		t.Error("receipts and license files have one key")
	}
}

// A program that knows nothing of ours verifies one as the documentation says.
func TestReceiptIsVerifiedByHand(t *testing.T) {
	s := newReceiptSigner(t)
	var file struct {
		Receipt              json.RawMessage
		Algorithm, Signature string
	}
	if err := json.Unmarshal([]byte(s.Receipt([]byte(said))), &file); err != nil {
		t.Fatal(err)
	}
	signature, err := base64.StdEncoding.DecodeString(file.Signature)
	if err != nil || file.Algorithm != "ed25519" || !ed25519.Verify(s.PublicKey(), append([]byte("receipt/"), file.Receipt...), signature) {
		t.Errorf("it does not verify: %+v, %v", file, err)
	}
}

// TestEveryChangeOfAReceiptIsFound changes, removes and doubles every byte.
func TestEveryChangeOfAReceiptIsFound(t *testing.T) {
	s := newReceiptSigner(t)
	keys, file := []ed25519.PublicKey{s.PublicKey()}, strings.TrimSuffix(s.Receipt([]byte(said)), "\n")
	for i := range file {
		for _, changed := range []string{file[:i] + string(file[i]^1) + file[i+1:], file[:i] + file[i+1:], file[:i] + file[i:i+1] + file[i:]} {
			if _, err := signing.VerifyReceipt([]byte(changed), keys); err == nil && changed != file {
				t.Errorf("%s is taken for genuine", changed)
			}
		}
	}
	for _, f := range []string{"", "{}", `{"receipt":`, `{"receipt":"}`, `{"receipt":{},"algorithm":"ed25519","signature":""}`, " " + file, file + " ", strings.Repeat("x", 2<<20)} {
		if _, err := signing.VerifyReceipt([]byte(f), keys); err == nil {
			t.Errorf("%.60q is taken for genuine", f)
		}
	}
}
