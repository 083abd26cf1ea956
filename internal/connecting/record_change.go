package connecting

import (
	"context"
	"fmt"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

// RecordModification subscribes to LicenseModified. Connected systems are told of fewer seats that were agreed for a later period
// when they hold; the feed has it at once, for a license that is read says it at once.
func (s *Service) RecordModification(ctx context.Context, tx *usecase.Tx, e licensing.LicenseModified) error {
	before := e.Before
	before.Subscription = e.License.Subscription
	if len(e.Charges) == 0 && len(licensing.Changes(before, e.License, tx.Now())) == 0 {
		return noteLicense(ctx, tx, licensing.TellLicenseModified, e.License, "")
	}
	return s.recordChange(ctx, tx, licensing.TellLicenseModified, e.License, licensing.Content{Amount: licensing.Total(e.Charges)})
}

// RecordSuspension subscribes to LicenseIsSuspended.
func (s *Service) RecordSuspension(ctx context.Context, tx *usecase.Tx, e licensing.LicenseIsSuspended) error {
	return s.recordChange(ctx, tx, licensing.TellLicenseSuspended, e.License, licensing.Content{Reason: e.Reason})
}

// RecordRevocation subscribes to LicenseIsRevoked.
func (s *Service) RecordRevocation(ctx context.Context, tx *usecase.Tx, e licensing.LicenseIsRevoked) error {
	return s.recordChange(ctx, tx, licensing.TellLicenseRevoked, e.License, licensing.Content{Reason: e.Reason})
}

// RecordReinstatement subscribes to LicenseReinstated.
func (s *Service) RecordReinstatement(ctx context.Context, tx *usecase.Tx, e licensing.LicenseReinstated) error {
	return s.recordChange(ctx, tx, licensing.TellLicenseReinstated, e.License, licensing.Content{Reason: e.Reason})
}

// RecordMove subscribes to LicenseMoved.
func (s *Service) RecordMove(ctx context.Context, tx *usecase.Tx, e licensing.LicenseMoved) error {
	return s.recordChange(ctx, tx, licensing.TellLicenseMoved, e.License, licensing.Content{Reason: e.Reason, FromGroup: e.FromGroup})
}

// RecordDeletion subscribes to LicenseIsDeleted.
func (s *Service) RecordDeletion(ctx context.Context, tx *usecase.Tx, e licensing.LicenseIsDeleted) error {
	e.License.State = licensing.LicenseDeleted
	return s.recordChange(ctx, tx, licensing.TellLicenseDeleted, e.License, licensing.Content{Reason: e.Reason})
}

// recordChange tells what was done to a license; why holds the reason, the group and the amount that belong to it.
func (s *Service) recordChange(ctx context.Context, tx *usecase.Tx, kind licensing.MessageKind, l licensing.License, why licensing.Content) error {
	if err := noteLicense(ctx, tx, kind, l, why.FromGroup); err != nil {
		return err
	}
	c := content(licensing.Order{
		Number: l.OrderNumber, GroupCode: l.GroupCode, Customer: l.Customer, DataFields: l.DataFields, Test: l.Test,
	}, []licensing.License{l})
	c.Reason, c.FromGroup, c.Amount = why.Reason, why.FromGroup, why.Amount
	c.Licenses[0].State = l.StateAt(tx.Now().Business)
	// Versions count changes, so that the same change made again is told again.
	return record(ctx, tx, s.codes, licensing.Message{Kind: kind, Key: fmt.Sprintf("%s:%s:%d", kind, l.ID, l.Version), Order: l.Order, Content: c})
}

// RecordOverride subscribes to SubscriptionOverridden: when the license ends now, why, and what is charged by it or back.
func (s *Service) RecordOverride(ctx context.Context, tx *usecase.Tx, e licensing.SubscriptionOverridden) error {
	return s.recordChange(ctx, tx, licensing.TellLicenseModified, e.License, licensing.Content{Reason: e.Reason, Amount: licensing.Total(e.Charges)})
}
