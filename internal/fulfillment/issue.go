// Package fulfillment gets to the customer what was ordered: it issues license files; deliveries of keys join it.
package fulfillment

import (
	"bytes"
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

// IssueModified issues the file anew, when the modification shows in it.
func (s *Service) IssueModified(ctx context.Context, tx *usecase.Tx, e licensing.LicenseModified) error {
	return s.issueIfOther(ctx, tx, e.Before, e.License)
}

// IssueOverridden issues the file anew: the license ends on another day.
func (s *Service) IssueOverridden(ctx context.Context, tx *usecase.Tx, e licensing.SubscriptionOverridden) error {
	return s.issueIfOther(ctx, tx, e.Before, e.License)
}

// IssueSuspended issues the file anew: its status says not to use the license.
func (s *Service) IssueSuspended(ctx context.Context, tx *usecase.Tx, e licensing.LicenseIsSuspended) error {
	return s.issueIfOther(ctx, tx, inState(e.License, e.From), e.License)
}

// IssueRevoked issues the file anew: its status says not to use the license.
func (s *Service) IssueRevoked(ctx context.Context, tx *usecase.Tx, e licensing.LicenseIsRevoked) error {
	return s.issueIfOther(ctx, tx, inState(e.License, e.From), e.License)
}

// IssueReinstated issues the file anew: its status says that the license may be used again.
func (s *Service) IssueReinstated(ctx context.Context, tx *usecase.Tx, e licensing.LicenseReinstated) error {
	return s.issueIfOther(ctx, tx, inState(e.License, e.From), e.License)
}

func inState(l licensing.License, state licensing.LicenseState) licensing.License {
	l.State = state
	return l
}

// issueIfOther issues the file of after, unless that of before says the same.
func (s *Service) issueIfOther(ctx context.Context, tx *usecase.Tx, before, after licensing.License) error {
	was, err := licensing.LicensePayload(before, before.Definitions, tx.Now())
	if err != nil {
		return err
	}
	is, err := licensing.LicensePayload(after, after.Definitions, tx.Now())
	if err != nil || bytes.Equal(was, is) {
		return err
	}
	return s.issue(ctx, tx, after)
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
