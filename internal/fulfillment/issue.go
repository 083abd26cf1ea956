// Package fulfillment gets to the customer what was ordered: it issues license files; deliveries of keys join it.
package fulfillment

import (
	"context"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

// Service offers the use cases and subscribes to what makes a license's content new.
type Service struct{ signer licensing.Signer }

// New makes the service.
func New(signer licensing.Signer) *Service { return &Service{signer} }

// IssueFirst issues the file of a new license.
func (s *Service) IssueFirst(ctx context.Context, tx *usecase.Tx, e licensing.LicenseCreated) error {
	return s.issue(ctx, tx, *e.License)
}

// IssueExtended issues the file anew, with the new expiration or maintenance period.
func (s *Service) IssueExtended(ctx context.Context, tx *usecase.Tx, e licensing.LicenseExtended) error {
	return s.issue(ctx, tx, e.License)
}

func (s *Service) issue(ctx context.Context, tx *usecase.Tx, l licensing.License) error {
	payload, err := licensing.LicensePayload(l, l.Definitions, tx.Now())
	if err != nil {
		return err
	}
	file, err := s.signer.LicenseFile(payload, l.FileForm, l.Ticket)
	if err != nil {
		return err
	}
	return tx.InsertLicenseFile(ctx, l.ID, file)
}
