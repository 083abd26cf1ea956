package signing

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
)

// The format of license files is the one that Keygen documents (https://keygen.sh/docs/api/cryptography/), so that its
// verifiers read them.
const (
	fileBegin = "-----BEGIN LICENSE FILE-----"
	fileEnd   = "-----END LICENSE FILE-----"
	fileWidth = 64 // characters of base64 a line, as in PEM

	algSigned    = "base64+ed25519"
	algEncrypted = "aes-256-gcm+ed25519"

	// signedPrefix is put before enc when it is signed, so that no other kind of signed file can pass for a license.
	signedPrefix = "license/"
)

// strictBase64 refuses what encodes the same bytes in another way.
var strictBase64 = base64.StdEncoding.Strict()

// envelope is what stands, as JSON in base64, between the first and the last line of a license file.
type envelope struct {
	Enc string `json:"enc"` // the payload in base64, or encrypted: ciphertext.iv.tag
	Sig string `json:"sig"` // of "license/" and Enc, in base64
	Alg string `json:"alg"`
}

// text writes the license file.
func (e envelope) text() (string, error) {
	content, err := json.Marshal(e)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	b.WriteString(fileBegin + "\n")
	for rest := base64.StdEncoding.EncodeToString(content); rest != ""; {
		line := rest[:min(fileWidth, len(rest))]
		rest = rest[len(line):]
		b.WriteString(line + "\n")
	}
	b.WriteString(fileEnd + "\n")
	return b.String(), nil
}

// parseEnvelope reads a license file that text has written. Line ends may have become CRLF, and the last may be missing
// or doubled, as mail and editors do; any other difference is ErrDamaged, also where a lenient reader would make the
// same of it.
func parseEnvelope(file []byte) (envelope, error) {
	s := strings.ReplaceAll(string(file), "\r\n", "\n")
	s = strings.TrimRight(s, "\n") + "\n"
	if !strings.HasPrefix(s, fileBegin+"\n") {
		return envelope{}, ErrNotLicenseFile
	}
	body, found := strings.CutSuffix(strings.TrimPrefix(s, fileBegin+"\n"), fileEnd+"\n")
	if !found {
		return envelope{}, ErrDamaged
	}
	content, err := strictBase64.DecodeString(body) // skips line ends
	if err != nil {
		return envelope{}, ErrDamaged
	}
	var e envelope
	if err := json.Unmarshal(content, &e); err != nil {
		return envelope{}, ErrDamaged
	}
	if again, err := e.text(); err != nil || again != s {
		return envelope{}, ErrDamaged
	}
	return e, nil
}

// encrypt returns payload as ciphertext.iv.tag, each in base64, under SHA-256 of the license key.
func encrypt(payload []byte, key string) (string, error) {
	aead, err := fileCipher(key)
	if err != nil {
		return "", err
	}
	iv := make([]byte, aead.NonceSize())
	rand.Read(iv) // never fails
	sealed := aead.Seal(nil, iv, payload, nil)
	split := len(sealed) - aead.Overhead()
	encode := base64.StdEncoding.EncodeToString
	return encode(sealed[:split]) + "." + encode(iv) + "." + encode(sealed[split:]), nil
}

// decrypt reverses encrypt. The error is ErrDamaged for what encrypt never writes, and ErrWrongLicenseKey.
func decrypt(enc, key string) ([]byte, error) {
	aead, err := fileCipher(key)
	if err != nil {
		return nil, err
	}
	var parts [][]byte
	for _, part := range strings.Split(enc, ".") {
		b, err := strictBase64.DecodeString(part)
		if err != nil {
			return nil, ErrDamaged
		}
		parts = append(parts, b)
	}
	if len(parts) != 3 || len(parts[1]) != aead.NonceSize() || len(parts[2]) != aead.Overhead() {
		return nil, ErrDamaged
	}
	payload, err := aead.Open(nil, parts[1], bytes.Join([][]byte{parts[0], parts[2]}, nil), nil)
	if err != nil {
		return nil, ErrWrongLicenseKey
	}
	return payload, nil
}

func fileCipher(key string) (cipher.AEAD, error) {
	if key == "" {
		return nil, errors.New("the license key is empty")
	}
	hashed := sha256.Sum256([]byte(key))
	block, err := aes.NewCipher(hashed[:])
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}
