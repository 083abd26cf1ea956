package main

import (
	"encoding/json"
	"fmt"
	"time"

	"kontor/internal/signing"
)

type licenseCommand struct {
	Verify verifyCommand `cmd:"" help:"Check a license file offline: exit 0 when it is valid, 1 with the reason when it is not."`
}

type verifyCommand struct {
	signedFile
	Key  string `help:"The license key (the ticket), to read an encrypted file."`
	JSON bool   `name:"json" help:"Print what the file says as JSON."`
}

// Run implements the command.
func (c verifyCommand) Run(s streams) error {
	file, keys, err := c.read()
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
