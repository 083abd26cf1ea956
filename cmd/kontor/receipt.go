package main

import (
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
	signedFile
	JSON bool `name:"json" help:"Print what the receipt says as JSON."`
}

// Run implements the command.
func (c verifyReceiptCommand) Run(s streams) error {
	file, keys, err := c.read()
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
