package signing

import (
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"fmt"

	"kontor/internal/licensing"
)

// FileSigner signs license files with one Ed25519 key; it implements licensing.Signer. It may be used by several
// goroutines at once.
type FileSigner struct {
	key ed25519.PrivateKey
}

var _ licensing.Signer = (*FileSigner)(nil)

// NewFileSigner makes a signer from a key, such as SigningKey derives. The error says that key is none.
func NewFileSigner(key ed25519.PrivateKey) (*FileSigner, error) {
	if len(key) != ed25519.PrivateKeySize {
		return nil, errors.New("this is no Ed25519 private key")
	}
	return &FileSigner{key}, nil
}

// PublicKey returns the key that verifies what the signer signs.
func (s *FileSigner) PublicKey() ed25519.PublicKey { return s.key.Public().(ed25519.PublicKey) }

// LicenseFile implements licensing.Signer: it returns the text of a license file around payload, signed, and when form
// is licensing.FileEncrypted, encrypted under the license key. Key is not used otherwise.
func (s *FileSigner) LicenseFile(payload []byte, form licensing.FileForm, key string) (string, error) {
	var e envelope
	switch form {
	case licensing.FileSigned:
		e = envelope{Enc: base64.StdEncoding.EncodeToString(payload), Alg: algSigned}
	case licensing.FileEncrypted:
		enc, err := encrypt(payload, key)
		if err != nil {
			return "", fmt.Errorf("encrypt the license file: %w", err)
		}
		e = envelope{Enc: enc, Alg: algEncrypted}
	default:
		return "", fmt.Errorf("license files have no form %q", form)
	}
	e.Sig = base64.StdEncoding.EncodeToString(ed25519.Sign(s.key, []byte(signedPrefix+e.Enc)))
	return e.text()
}
