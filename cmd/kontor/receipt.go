package main

import (
	"crypto/ed25519"
	"encoding/json"
	"fmt"
	"time"

	"kontor/internal/licensing"
	"kontor/internal/signing"
)

type receiptCommand struct {
	Verify verifyReceiptCommand `cmd:"" help:"Check a receipt of a cancellation offline: exit 0 when it is genuine, 1 with the reason when it is not."`
}

type verifyReceiptCommand struct {
	File      string   `arg:"" help:"The receipt as JSON; - for standard input."`
	PublicKey []string `name:"public-key" required:"" help:"Ed25519 key in hex that the receipt must be signed with; several may be current."`
	JSON      bool     `name:"json" help:"Print what the receipt says as JSON."`
}

// Run implements the command.
func (c verifyReceiptCommand) Run(s streams) error {
	keys, err := publicKeys(c.PublicKey)
	if err != nil {
		return err
	}
	file, err := readFile(c.File)
	if err != nil {
		return err
	}
	payload, err := signing.VerifyReceipt(file, keys)
	if err != nil {
		return err
	}
	r, err := licensing.ReadReceipt(payload)
	if err != nil {
		return err
	}
	if c.JSON {
		return json.NewEncoder(s.out).Encode(r)
	}
	_, err = fmt.Fprintf(s.out, "genuine: %s, %s (%s), received at %s\n%s\n", r.Number, r.ProductName, r.OrderNumber, r.ReceivedAt.Format(time.RFC3339), r.Follows)
	return err
}

// publicKeys reads the keys of a command line.
func publicKeys(all []string) (keys []ed25519.PublicKey, err error) {
	for _, k := range all {
		key, err := signing.ParsePublicKey(k)
		if err != nil {
			return nil, usageError{fmt.Errorf("--public-key: %w", err)}
		}
		keys = append(keys, key)
	}
	return keys, nil
}
