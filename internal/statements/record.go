package statements

import (
	"context"
	"fmt"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

// RecordOrder subscribes to OrderPlaced: the lines that were ordered. Tests are not invoiced, and stand in no statement.
func (s *Service) RecordOrder(ctx context.Context, tx *usecase.Tx, e licensing.OrderPlaced) error {
	if e.Order.Test {
		return nil
	}
	for _, line := range e.Order.Lines {
		fields, err := shownFields(ctx, tx, e.Order.LineDataFields(line.ID), e.Order.ID)
		if err != nil {
			return err
		}
		entry := licensing.StatementEntry{
			Group: e.Order.Group, Key: "created:" + string(line.ID), On: tx.Now().Today(), Kind: licensing.EntryCreated, OrderNumber: e.Order.Number,
			DataFields: fields, Customer: e.Order.Customer, ProductCode: line.ProductCode, ProductName: line.ProductName, Quantity: line.Quantity,
			Units: line.Units, Unit: line.Unit, Amount: line.Amount,
		}
		if err := record(ctx, tx, entry); err != nil {
			return err
		}
	}
	return nil
}

// RecordExtension subscribes to LicenseExtended: the period stands in the month in which it came by the calendar, the day
// after the last day to cancel of the one before, however late the clock was; one that comes because the ISV let it run on
// stands in that of the decision, with its reason.
func (s *Service) RecordExtension(ctx context.Context, tx *usecase.Tx, e licensing.LicenseExtended) error {
	entry, err := about(ctx, tx, e.License, licensing.EntryExtended, fmt.Sprintf("extended:%s:%d", e.License.Subscription.ID, e.Period.Number))
	if err != nil {
		return err
	}
	entry.Reason = e.Reason
	for _, p := range e.License.Subscription.Periods {
		if e.Reason != "" {
			break
		}
		if due := p.CancelBy.AddDays(1); p.Number == e.Period.Number-1 && due.Before(entry.On) {
			entry.On = due
		}
	}
	entry.Period = new(e.Period)
	charge(&entry, e.Period)
	return recordReal(ctx, tx, e.License, entry)
}

// RecordModification subscribes to LicenseModified: what more seats cost in the periods that exist.
func (s *Service) RecordModification(ctx context.Context, tx *usecase.Tx, e licensing.LicenseModified) error {
	for _, c := range e.Charges {
		entry, err := about(ctx, tx, e.License, licensing.EntryCharged, fmt.Sprintf("charged:%s:%d:%d", e.License.ID, e.License.Version, c.Period))
		if err != nil {
			return err
		}
		entry.Units, entry.Amount = c.Units, c.Amount
		entry.Period = &licensing.Period{Number: c.Period, Start: c.From, End: c.Until}
		if err := recordReal(ctx, tx, e.License, entry); err != nil {
			return err
		}
	}
	return nil
}

// RecordRevocation subscribes to LicenseIsRevoked.
func (s *Service) RecordRevocation(ctx context.Context, tx *usecase.Tx, e licensing.LicenseIsRevoked) error {
	entry, err := about(ctx, tx, e.License, licensing.EntryRevoked, fmt.Sprintf("revoked:%s:%d", e.License.ID, e.License.Version))
	entry.Reason = e.Reason
	if err != nil {
		return err
	}
	return recordReal(ctx, tx, e.License, entry)
}

// RecordReinstatement subscribes to LicenseReinstated: of what was revoked. A suspension changes nothing about what is
// charged.
func (s *Service) RecordReinstatement(ctx context.Context, tx *usecase.Tx, e licensing.LicenseReinstated) error {
	if e.From != licensing.LicenseRevoked {
		return nil
	}
	entry, err := about(ctx, tx, e.License, licensing.EntryReinstated, fmt.Sprintf("reinstated:%s:%d", e.License.ID, e.License.Version))
	entry.Reason = e.Reason
	if err != nil {
		return err
	}
	return recordReal(ctx, tx, e.License, entry)
}

// about is an entry of today that is about a license.
func about(ctx context.Context, tx *usecase.Tx, l licensing.License, kind licensing.EntryKind, key string) (licensing.StatementEntry, error) {
	fields, err := shownFields(ctx, tx, l.DataFields, l.Order)
	return licensing.StatementEntry{
		Group: l.Group, Key: key, On: tx.Now().Today(), Kind: kind, OrderNumber: l.OrderNumber, DataFields: fields, Customer: l.Customer,
		ProductCode: l.ProductCode, ProductName: l.ProductName, Quantity: l.Quantity,
	}, err
}

func recordReal(ctx context.Context, tx *usecase.Tx, l licensing.License, e licensing.StatementEntry) error {
	if l.Test {
		return nil
	}
	return record(ctx, tx, e)
}

func record(ctx context.Context, tx *usecase.Tx, e licensing.StatementEntry) error {
	e.ID = licensing.EntryID(licensing.NewID())
	return tx.InsertEntry(ctx, e)
}

// shownFields are those data fields that everybody with sight may see: statements go to the group, too. What is hidden in
// the category of one line of an order is hidden.
func shownFields(ctx context.Context, tx *usecase.Tx, values []licensing.Value, order licensing.OrderID) ([]licensing.Value, error) {
	if len(values) == 0 {
		return nil, nil
	}
	fields, err := tx.DataFields(ctx)
	if hiding := licensing.Hiding(fields); err != nil || !hiding.Any() {
		return values, err
	}
	categories, err := tx.CategoriesOfOrder(ctx, order)
	return licensing.Hiding(fields).Shown(values, categories...), err
}
