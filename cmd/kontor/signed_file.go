package main

import (
	"crypto/ed25519"
	"errors"
	"fmt"
	"io"
	"os"

	"kontor/internal/signing"
)

// signedFile is what a command needs that checks something signed.
type signedFile struct {
	File      string   `arg:"" help:"The file; - for standard input."`
	PublicKey []string `name:"public-key" required:"" help:"Ed25519 key in hex that the file must be signed with; several may be current."`
}

// maxSignedFile is more than any license file or receipt holds, in bytes.
const maxSignedFile = 1 << 20

// read returns the file and the keys.
func (f signedFile) read() (file []byte, keys []ed25519.PublicKey, err error) {
	for _, k := range f.PublicKey {
		key, err := signing.ParsePublicKey(k)
		if err != nil {
			return nil, nil, usageError{fmt.Errorf("--public-key: %w", err)}
		}
		keys = append(keys, key)
	}
	in := io.Reader(os.Stdin)
	if f.File != "-" {
		opened, err := os.Open(f.File)
		if err != nil {
			return nil, nil, err
		}
		defer opened.Close() //nolint:errcheck // it was only read
		in = opened
	}
	file, err = io.ReadAll(io.LimitReader(in, maxSignedFile+1))
	if err == nil && len(file) > maxSignedFile {
		err = errors.New("this is no signed file: it is too large")
	}
	return file, keys, err
}
