package subscriptions

import (
	"context"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

// Service offers the use cases.
type Service struct {
	runner  *usecase.Runner
	decider licensing.Decider
	signer  licensing.ReceiptSigner
}

// New makes the service. Signer signs the receipts of cancellations.
func New(runner *usecase.Runner, decider licensing.Decider, signer licensing.ReceiptSigner) *Service {
	return &Service{runner, usecase.Held(decider), signer}
}

// Start subscribes to LicenseCreated: a license with a plan gets its subscription with the first period.
func (s *Service) Start(ctx context.Context, tx *usecase.Tx, e licensing.LicenseCreated) error {
	if e.Plan == nil {
		return nil
	}
	first := e.First
	first.Units, first.Amount = e.License.PeriodPrice(e.Unit)
	sub := licensing.Subscription{
		ID: licensing.SubscriptionID(licensing.NewID()), License: e.License.ID, Plan: e.Plan.Sold(e.First), State: licensing.SubscriptionActive,
		Periods: []licensing.Period{first}, Unit: e.Unit, Version: 1,
	}
	e.License.Subscription = &sub
	if err := tx.InsertSubscription(ctx, sub); err != nil {
		return err
	}
	return remindFrom(ctx, tx, sub, tx.Now().Today())
}
