package main

import (
	"bytes"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kontor/internal/licensing"
	"kontor/internal/signing"
)

func TestVerifyReceipt(t *testing.T) {
	signer, err := signing.NewReceiptSigner(bytes.Repeat([]byte{3}, signing.MasterKeySize))
	if err != nil {
		t.Fatal(err)
	}
	payload, err := licensing.ReceiptPayload{Format: licensing.ReceiptFormat, Number: "R26-10001", Follows: "It ends."}.Encode()
	if err != nil {
		t.Fatal(err)
	}
	genuine, key := signer.Receipt(payload), hex.EncodeToString(signer.PublicKey())
	for _, c := range []struct {
		name, file, key, says string
		args                  []string
		code                  int
	}{
		{"genuine", genuine, key, "genuine: R26-10001", nil, exitDone},
		{"as JSON", genuine, key, `"number":"R26-10001"`, []string{"--json"}, exitDone},
		{"changed", strings.Replace(genuine, "ends", "runs", 1), key, "the signature does not fit", nil, exitFailed},
		{"another key", genuine, strings.Repeat("ab", 32), "the signature does not fit", nil, exitFailed},
		{"no receipt", "{}", key, "this is not a receipt", nil, exitFailed},
		{"of another form", signer.Receipt([]byte(`{"format":"x"}`)), key, "of another form", nil, exitFailed},
	} {
		path := filepath.Join(t.TempDir(), "receipt.json")
		if err := os.WriteFile(path, []byte(c.file), 0o600); err != nil {
			t.Fatal(err)
		}
		var out, errs bytes.Buffer
		if code := run(t.Context(), append([]string{"receipt", "verify", path, "--public-key", c.key}, c.args...), &out, &errs); code != c.code || !strings.Contains(out.String()+errs.String(), c.says) {
			t.Errorf("%s: exits with %d and says %q %q", c.name, code, &out, &errs)
		}
	}
}
