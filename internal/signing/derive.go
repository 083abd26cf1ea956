package signing

import (
	"crypto/ed25519"
	"crypto/hkdf"
	"crypto/sha256"
	"fmt"
)

// The purposes of keys that sign. Each has a key of its own.
const (
	PurposeLicenseFiles = "sign license files"
	PurposeReceipts     = "sign receipts"
)

// SigningKey derives the Ed25519 key for a purpose from the master key: the same one after every start and in every
// process. The error says that master has not MasterKeySize bytes.
func SigningKey(master []byte, purpose string) (ed25519.PrivateKey, error) {
	seed, err := deriveKey(master, "ed25519: "+purpose, ed25519.SeedSize)
	if err != nil {
		return nil, err
	}
	return ed25519.NewKeyFromSeed(seed), nil
}

// deriveKey is HKDF with SHA-256 (RFC 5869). The salt may stay empty: a master key is uniformly random already.
func deriveKey(master []byte, info string, size int) ([]byte, error) {
	if len(master) != MasterKeySize {
		return nil, fmt.Errorf("a master key has %d bytes, not %d", MasterKeySize, len(master))
	}
	return hkdf.Key(sha256.New, master, nil, "kontor/v1 "+info, size)
}
