package signing_test

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"kontor/internal/licensing"
	"kontor/internal/signing"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func TestVerify(t *testing.T) {
	other, _, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	keys := current(t)
	for _, form := range forms {
		file := newFile(t, form)
		for name, same := range map[string]string{
			"as it is":           file,
			"lines end in CRLF":  strings.ReplaceAll(file, "\n", "\r\n"),
			"no last line end":   strings.TrimSuffix(file, "\n"),
			"an empty last line": file + "\n",
		} {
			payload, err := signing.Verify([]byte(same), append([]ed25519.PublicKey{other}, keys...), licenseKey)
			if err != nil || !bytes.Equal(payload, newPayload(t, licensing.LicenseActive)) {
				t.Errorf("%s, %s: got %q, %v", form, name, payload, err)
			}
		}
		if !strings.HasPrefix(file, "-----BEGIN LICENSE FILE-----\n") || !strings.HasSuffix(file, "\n-----END LICENSE FILE-----\n") {
			t.Errorf("%s: the file is\n%s", form, file)
		}
		for _, line := range strings.Split(file, "\n") {
			if len(line) > 64 {
				t.Errorf("%s: a line has %d characters", form, len(line))
			}
		}
	}
}

// Whatever single bit or byte of a file is changed, left out or doubled, the file is refused.
func TestVerifyFindsEveryChange(t *testing.T) {
	keys := current(t)
	for _, form := range forms {
		text, err := newFileSigner(t).LicenseFile([]byte(`{"data":{}}`), form, licenseKey) // short, for there are many changes
		if err != nil {
			t.Fatal(err)
		}
		file := []byte(text)
		refused := func(changed []byte, what string, at int) {
			if _, err := signing.Verify(changed, keys, licenseKey); err == nil {
				t.Errorf("%s: byte %d %s goes unnoticed", form, at, what)
			}
		}
		for i := range file {
			others := []byte("\n\r\t =A+/-") // what base64, JSON and lenient readers might make nothing of
			for bit := range 8 {
				others = append(others, file[i]^1<<bit)
			}
			for _, b := range others {
				if b != file[i] {
					changed := bytes.Clone(file)
					changed[i] = b
					refused(changed, fmt.Sprintf("as %q", b), i)
				}
			}
			if i < len(file)-1 { // a last line end more or less does not matter
				refused(append(bytes.Clone(file[:i]), file[i+1:]...), "left out", i)
				refused(append(bytes.Clone(file[:i+1]), file[i:]...), "doubled", i)
			}
		}
	}
}

func TestVerifySaysWhy(t *testing.T) {
	keys := current(t)
	other, _, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	signed, encrypted := newFile(t, licensing.FileSigned), newFile(t, licensing.FileEncrypted)
	key, err := signing.SigningKey(master, signing.PurposeLicenseFiles)
	if err != nil {
		t.Fatal(err)
	}
	wrap := func(content string) string {
		body := regexp.MustCompile(".{1,64}").ReplaceAllString(base64.StdEncoding.EncodeToString([]byte(content)), "$0\n")
		return "-----BEGIN LICENSE FILE-----\n" + body + "-----END LICENSE FILE-----\n"
	}
	sign := func(enc, alg string) string { // what our signer would never sign
		signature := base64.StdEncoding.EncodeToString(ed25519.Sign(key, []byte("license/"+enc)))
		return wrap(fmt.Sprintf(`{"enc":%q,"sig":%q,"alg":%q}`, enc, signature, alg))
	}
	for _, c := range []struct {
		name, file string
		keys       []ed25519.PublicKey
		key        string
		want       error
	}{
		{"empty", "", keys, "", signing.ErrNotLicenseFile},
		{"text", "Dear customer,\n", keys, "", signing.ErrNotLicenseFile},
		{"another kind", strings.ReplaceAll(signed, "LICENSE", "MACHINE"), keys, "", signing.ErrNotLicenseFile},
		{"huge", signed + strings.Repeat("\n", 1<<20), keys, "", signing.ErrNotLicenseFile},
		{"cut off", signed[:len(signed)/2], keys, "", signing.ErrDamaged},
		{"no base64", strings.Replace(signed, "\n", "\n!", 1), keys, "", signing.ErrDamaged},
		{"no JSON", wrap("enc"), keys, "", signing.ErrDamaged},
		{"two files", signed + signed, keys, "", signing.ErrDamaged},
		{"another algorithm", wrap(`{"enc":"","sig":"","alg":"base64+rsa-pss-sha256"}`), keys, "", signing.ErrUnknownAlgorithm},
		{"no signature", wrap(`{"enc":"","sig":"","alg":"base64+ed25519"}`), keys, "", signing.ErrSignature},
		{"a signature that is no base64", wrap(`{"enc":"","sig":"!","alg":"base64+ed25519"}`), keys, "", signing.ErrDamaged},
		{"signed, but no base64", sign("!", "base64+ed25519"), keys, "", signing.ErrDamaged},
		{"encrypted, two parts", sign("AAAA.AAAA", "aes-256-gcm+ed25519"), keys, licenseKey, signing.ErrDamaged},
		{"encrypted, no base64", sign("AAAA.!.AAAA", "aes-256-gcm+ed25519"), keys, licenseKey, signing.ErrDamaged},
		{"encrypted, a short IV", sign("AAAA.AAAA.AAAAAAAAAAAAAAAAAAAAAA==", "aes-256-gcm+ed25519"), keys, licenseKey, signing.ErrDamaged},
		{"another public key", signed, []ed25519.PublicKey{other}, "", signing.ErrSignature},
		{"a public key that is none", signed, []ed25519.PublicKey{nil, {1}}, "", signing.ErrSignature},
		{"no public key", signed, nil, "", signing.ErrSignature},
		{"encrypted, another public key", encrypted, []ed25519.PublicKey{other}, licenseKey, signing.ErrSignature},
		{"encrypted, no license key", encrypted, keys, "", signing.ErrLicenseKeyMissing},
		{"encrypted, another license key", encrypted, keys, strings.ToLower(licenseKey), signing.ErrWrongLicenseKey},
	} {
		if payload, err := signing.Verify([]byte(c.file), c.keys, c.key); !errors.Is(err, c.want) || payload != nil {
			t.Errorf("%s: got %q, %v, want %v", c.name, payload, err, c.want)
		}
	}
}

// A file of the signed form is the same to the byte from release to release; software in the field depends on it.
func TestLicenseFileGolden(t *testing.T) {
	const path = "testdata/signed.lic"
	got := []byte(newFile(t, licensing.FileSigned))
	if *update {
		if err := errors.Join(os.MkdirAll("testdata", 0o755), os.WriteFile(path, got, 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (run the test with -update to write it)", err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestLicenseFileRefuses(t *testing.T) {
	signer := newFileSigner(t)
	if _, err := signer.LicenseFile(nil, "plain", licenseKey); err == nil {
		t.Error("an unknown form is accepted")
	}
	if _, err := signer.LicenseFile(nil, licensing.FileEncrypted, ""); err == nil {
		t.Error("encrypted without a license key")
	}
	if _, err := signing.NewFileSigner(nil); err == nil {
		t.Error("a signer without a key")
	}
}

func TestEncryptedFilesDiffer(t *testing.T) {
	first, second := newFile(t, licensing.FileEncrypted), newFile(t, licensing.FileEncrypted)
	if first == second {
		t.Error("the same payload was encrypted twice to the same file")
	}
}

func TestParsePublicKey(t *testing.T) {
	want := current(t)[0]
	text := hex.EncodeToString(want)
	for _, s := range []string{text, strings.ToUpper(text), " " + text + "\n"} {
		if got, err := signing.ParsePublicKey(s); err != nil || !got.Equal(want) {
			t.Errorf("ParsePublicKey(%q) = %x, %v", s, got, err)
		}
	}
	for _, s := range []string{"", text[1:], text + "00", "x" + text[1:]} {
		if got, err := signing.ParsePublicKey(s); err == nil {
			t.Errorf("ParsePublicKey(%q) = %x, want an error", s, got)
		}
	}
}

// Whatever Verify accepts is, but for line ends, a file that the signer has made.
func FuzzVerify(f *testing.F) {
	keys := current(f)
	made := map[string]bool{}
	for _, form := range forms {
		file := newFile(f, form)
		made[strings.TrimSpace(file)] = true
		f.Add([]byte(file))
		f.Add([]byte(strings.ReplaceAll(file, "\n", "\r\n")))
		f.Add([]byte(file[:100]))
	}
	f.Add([]byte("-----BEGIN LICENSE FILE-----\n-----END LICENSE FILE-----\n"))
	f.Add([]byte("-----BEGIN LICENSE FILE-----\nbnVsbA==\n-----END LICENSE FILE-----\n"))
	f.Fuzz(func(t *testing.T, file []byte) {
		payload, err := signing.Verify(file, keys, licenseKey)
		if err == nil && !made[strings.TrimSpace(strings.ReplaceAll(string(file), "\r\n", "\n"))] {
			// The encrypted seed differs from process to process, but not in what it says.
			if !bytes.Equal(payload, newPayload(t, licensing.LicenseActive)) {
				t.Errorf("%q passes as %q", file, payload)
			}
		}
	})
}
