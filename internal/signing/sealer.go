package signing

import (
	"crypto/aes"
	"crypto/cipher"
	"errors"
	"fmt"
)

// sealVersion is the first byte of everything sealed. Another algorithm gets another version, so that old and new can
// be told apart.
const sealVersion = 1

// maxSealed bounds what is sealed at once: secrets, and answers to requests.
const maxSealed = 64 << 20

// ErrSealed says that something sealed cannot be opened: it was changed, cut off, sealed under another master key or
// for another purpose, or belongs somewhere else. Which of these, cannot be told.
var ErrSealed = errors.New("sealed data cannot be opened")

// Sealer seals secrets for one purpose, with AES-256-GCM under a key derived from the master key. It may be used by
// several goroutines at once.
type Sealer struct {
	aead cipher.AEAD
}

// NewSealer makes the sealer for a purpose ("service account secrets"). What another purpose's sealer has sealed, it
// cannot open. The error says that master has not MasterKeySize bytes.
func NewSealer(master []byte, purpose string) (*Sealer, error) {
	key, err := deriveKey(master, "aes-256-gcm: "+purpose, 32)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("make the cipher: %w", err)
	}
	// Random nonces of 96 bits are safe for 2³² messages under one key (NIST SP 800-38D, section 8.3).
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil, fmt.Errorf("make the cipher: %w", err)
	}
	return &Sealer{aead}, nil
}

// Seal returns plain sealed: a version byte, a nonce, the ciphertext and its tag, 29 bytes more than plain. Associated
// says where it belongs, such as the id of its row; it is not contained, and Open wants the same. Sealing the same
// twice gives different results. The error says that plain has more than maxSealed bytes.
func (s *Sealer) Seal(plain, associated []byte) ([]byte, error) {
	if len(plain) > maxSealed {
		return nil, fmt.Errorf("at most %d bytes can be sealed, not %d", maxSealed, len(plain))
	}
	return s.aead.Seal([]byte{sealVersion}, nil, plain, associated), nil
}

// Open returns what Seal was given. The error is ErrSealed.
func (s *Sealer) Open(sealed, associated []byte) ([]byte, error) {
	if len(sealed) == 0 || sealed[0] != sealVersion {
		return nil, ErrSealed
	}
	plain, err := s.aead.Open(nil, nil, sealed[1:], associated)
	if err != nil {
		return nil, ErrSealed // the cause says nothing, on purpose
	}
	return plain, nil
}
