package connecting

import (
	"context"
	"fmt"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

// JobSend is the kind of job that passes one message on; its id is the message's.
const JobSend = "send_message"

// RecordOrder subscribes to OrderPlaced.
func (s *Service) RecordOrder(ctx context.Context, tx *usecase.Tx, e licensing.OrderPlaced) error {
	kind := licensing.TellOrderCreated
	if e.Extended {
		kind = licensing.TellOrderExtended
	}
	if err := noteOrder(ctx, tx, kind, e.Order); err != nil {
		return err
	}
	c := content(e.Order, e.Order.Licenses)
	for i, l := range e.Order.Licenses {
		if l.Subscription != nil {
			c.Licenses[i].StartDate = l.Subscription.Periods[0].Start
		}
	}
	for _, l := range e.Order.Lines {
		line := licensing.ContentLine{
			Position: l.Position, ExternalLine: l.ExternalLine, Category: l.CategoryCode, Product: l.ProductCode, Name: l.ProductName, Quantity: l.Quantity, Amount: l.Amount,
		}
		for _, v := range e.Order.LineDataFields(l.ID) {
			if value, _ := licensing.ValueOf(e.Order.DataFields, v.Name); value != v.Value {
				line.DataFields = append(line.DataFields, v)
			}
		}
		c.Lines = append(c.Lines, line)
	}
	return record(ctx, tx, s.codes, licensing.Message{Kind: kind, Key: fmt.Sprintf("%s:%s", kind, e.Order.Lines[0].ID), Order: e.Order.ID, Content: c})
}

// RecordExtension subscribes to LicenseExtended.
func (s *Service) RecordExtension(ctx context.Context, tx *usecase.Tx, e licensing.LicenseExtended) error {
	return s.recordSubscription(ctx, tx, licensing.TellSubscriptionExtended, e.License, e.Period)
}

// RecordCancellation subscribes to CancellationReceived.
func (s *Service) RecordCancellation(ctx context.Context, tx *usecase.Tx, e licensing.CancellationReceived) error {
	return s.recordSubscription(ctx, tx, licensing.TellSubscriptionCancelled, e.License, e.License.Subscription.Last())
}

// RecordWithdrawal subscribes to CancellationWithdrawn.
func (s *Service) RecordWithdrawal(ctx context.Context, tx *usecase.Tx, e licensing.CancellationWithdrawn) error {
	return s.recordSubscription(ctx, tx, licensing.TellCancellationWithdrawn, e.License, e.License.Subscription.Last())
}

// RecordEnd subscribes to SubscriptionRanOut.
func (s *Service) RecordEnd(ctx context.Context, tx *usecase.Tx, e licensing.SubscriptionRanOut) error {
	return s.recordSubscription(ctx, tx, licensing.TellSubscriptionEnded, e.License, e.License.Subscription.Last())
}

func (s *Service) recordSubscription(ctx context.Context, tx *usecase.Tx, kind licensing.MessageKind, l licensing.License, p licensing.Period) error {
	if err := noteLicense(ctx, tx, kind, l, ""); err != nil {
		return err
	}
	c := content(licensing.Order{
		Number: l.OrderNumber, GroupCode: l.GroupCode, Customer: l.Customer, DataFields: l.DataFields, Test: l.Test,
	}, []licensing.License{l})
	if kind != licensing.TellSubscriptionExtended {
		p.Units, p.Amount = 0, nil // an extension is charged; what else is told of its period charges nothing
	}
	if e := l.Subscription.Early; e != nil && p.End.After(e.On) {
		p = l.Subscription.Current(e.On) // those after it are charged back as a whole
		p.Units, p.Amount, p.End = 0, nil, e.On
	}
	c.Period = &p
	key := fmt.Sprintf("%s:%s:%d", kind, l.Subscription.ID, p.Number) // a period comes once
	if kind != licensing.TellSubscriptionExtended {
		// Versions count changes, so that a cancellation after one was taken back is told again.
		key = fmt.Sprintf("%s:%d", key, l.Subscription.Version)
	}
	return record(ctx, tx, s.codes, licensing.Message{Kind: kind, Key: key, Order: l.Order, Content: c})
}

func content(o licensing.Order, licenses []licensing.License) licensing.Content {
	c := licensing.Content{OrderNumber: o.Number, Group: o.GroupCode, Customer: o.Customer, DataFields: o.DataFields, Test: o.Test}
	for _, l := range licenses {
		c.Licenses = append(c.Licenses, licensing.ContentLicense{
			Ticket: l.Ticket, Product: l.ProductCode, Quantity: l.Quantity, ExpiresAt: l.ExpiresAt, MaintenanceUntil: l.MaintenanceUntil, Parameters: l.Parameters,
		})
	}
	return c
}

// record writes one message like m for each of some connectors, and the job that sends it.
func record(ctx context.Context, tx *usecase.Tx, codes []string, m licensing.Message) error {
	for _, code := range codes {
		m.ID, m.Connector, m.State, m.NextTry = licensing.MessageID(licensing.NewID()), code, licensing.MessageWaiting, tx.Now().Wall
		if err := tx.InsertMessage(ctx, m); err != nil {
			return err
		}
		tx.Enqueue(licensing.Job{Kind: JobSend, ID: string(m.ID)})
	}
	return nil
}
