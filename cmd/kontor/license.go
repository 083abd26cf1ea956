package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"kontor/internal/signing"
)

type licenseCommand struct {
	Verify verifyCommand `cmd:"" help:"Check a license file offline: exit 0 when it is valid, 1 with the reason when it is not."`
}

type verifyCommand struct {
	File      string   `arg:"" help:"The license file; - for standard input."`
	PublicKey []string `name:"public-key" required:"" help:"Ed25519 key in hex that the file must be signed with; several may be current."`
	Key       string   `help:"The license key (the ticket), to read an encrypted file."`
	JSON      bool     `name:"json" help:"Print what the file says as JSON."`
}

// maxLicenseFile is more than any license file or receipt holds, in bytes.
const maxLicenseFile = 1 << 20

// Run implements the command.
func (c verifyCommand) Run(s streams) error {
	keys, err := publicKeys(c.PublicKey)
	if err != nil {
		return err
	}
	file, err := readFile(c.File)
	if err != nil {
		return err
	}
	payload, err := signing.Verify(file, keys, c.Key)
	if err != nil {
		return err
	}
	d, err := signing.Describe(payload)
	if err != nil {
		return err
	}
	if err := d.CheckAt(time.Now()); err != nil {
		return err
	}
	if c.JSON {
		return json.NewEncoder(s.out).Encode(d)
	}
	expiry := "does not expire"
	if d.Expiry != nil {
		expiry = "expires at " + d.Expiry.Format(time.RFC3339)
	}
	_, err = fmt.Fprintf(s.out, "valid: %s (%s), quantity %d, %s\n", d.Name, d.Product, d.Quantity, expiry)
	return err
}

// readFile reads a signed file, or standard input for "-".
func readFile(name string) ([]byte, error) {
	in := io.Reader(os.Stdin)
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		defer f.Close() //nolint:errcheck // it was only read
		in = f
	}
	b, err := io.ReadAll(io.LimitReader(in, maxLicenseFile+1))
	if err == nil && len(b) > maxLicenseFile {
		err = errors.New("this is no signed file: it is too large")
	}
	return b, err
}
