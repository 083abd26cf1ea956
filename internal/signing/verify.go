package signing

import (
	"crypto/ed25519"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// maxFileSize bounds a license file, in bytes; ours have a few kilobytes.
const maxFileSize = 1 << 20

// Why a license file is refused; each is a sentence for the person who runs the check.
var (
	ErrNotLicenseFile    = errors.New("this is not a license file")
	ErrDamaged           = errors.New("this license file was changed or cut off")
	ErrUnknownAlgorithm  = errors.New("this license file is signed in a way that is not known here")
	ErrSignature         = errors.New("the signature does not fit: the file was changed, or signed with another key than the public key given")
	ErrLicenseKeyMissing = errors.New("the signature fits, but the file is encrypted: the license key is needed to read it")
	ErrWrongLicenseKey   = errors.New("the signature fits, but the file cannot be read with this license key")
)

// Verify checks a license file as software does that reads it offline: its form, and its signature by any of the
// public keys. It returns the payload, decrypted with the license key when it is encrypted; key is not used otherwise.
// The error is one of this package's, ErrSignature and so on.
//
// That a file is genuine does not mean that the license still holds: see Describe and Description.CheckAt.
func Verify(file []byte, publicKeys []ed25519.PublicKey, key string) (payload []byte, err error) {
	if len(file) > maxFileSize {
		return nil, ErrNotLicenseFile
	}
	e, err := parseEnvelope(file)
	if err != nil {
		return nil, err
	}
	if e.Alg != algSigned && e.Alg != algEncrypted {
		return nil, ErrUnknownAlgorithm
	}
	signature, err := strictBase64.DecodeString(e.Sig)
	if err != nil {
		return nil, ErrDamaged
	}
	signedBy := func(k ed25519.PublicKey) bool {
		return len(k) == ed25519.PublicKeySize && ed25519.Verify(k, []byte(signedPrefix+e.Enc), signature)
	}
	if !slices.ContainsFunc(publicKeys, signedBy) {
		return nil, ErrSignature
	}
	if e.Alg == algEncrypted {
		if key == "" {
			return nil, ErrLicenseKeyMissing
		}
		return decrypt(e.Enc, key)
	}
	if payload, err = strictBase64.DecodeString(e.Enc); err != nil {
		return nil, ErrDamaged
	}
	return payload, nil
}

// ParsePublicKey reads an Ed25519 public key in hexadecimal, as demo.json and the portal show it.
func ParsePublicKey(s string) (ed25519.PublicKey, error) {
	key, err := hex.DecodeString(strings.TrimSpace(s))
	if err != nil || len(key) != ed25519.PublicKeySize {
		return nil, fmt.Errorf("a public key has %d hexadecimal digits", 2*ed25519.PublicKeySize)
	}
	return key, nil
}
