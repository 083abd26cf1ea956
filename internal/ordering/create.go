package ordering

import (
	"context"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

// CreateLicense is what a caller asks for, in his terms.
type CreateLicense struct {
	Group       string             `json:"group"` // a code; empty: the caller's own
	Category    string             `json:"category"`
	Product     string             `json:"product"`
	Quantity    *int               `json:"quantity"`    // 1 to licensing.MaxQuantity; nil: 1
	OrderNumber string             `json:"orderNumber"` // of the order to extend; empty: a new one
	Customer    licensing.Customer `json:"customer"`
	Parameters  []licensing.Value  `json:"parameters,omitempty"` // none and an empty list are the same content
	DataFields  []licensing.Value  `json:"dataFields,omitempty"`
	StartDate   licensing.Day      `json:"startDate"` // of a subscription; zero: today
	EndDate     licensing.Day      `json:"endDate"`   // of a subscription; zero: by the plan's term
	Separate    bool               `json:"separateTickets"`
	Test        bool               `json:"test"`
	// OfferVersion is the version of the offer that whoever filled in a form saw; 0 does not care. When it is another
	// one by now, nothing is created, and the error tells field by field what has changed.
	OfferVersion int64 `json:"offerVersion,omitempty"`
}

// Created is what came of it.
type Created struct {
	OrderNumber string              `json:"orderNumber"`
	Owner       licensing.GroupID   `json:"owner"`
	Licenses    []licensing.License `json:"licenses"` // of this request, not of the whole order
}

// OwnedBy implements usecase.Sighted.
func (c Created) OwnedBy() licensing.GroupID { return c.Owner }

// OwnersNow implements usecase.Followed.
func (c Created) OwnersNow(ctx context.Context, tx *usecase.Tx) ([]licensing.GroupID, error) {
	return tx.OwnersOf(ctx, c.Licenses...)
}

// CreateLicense creates one line and its licenses, in a new order or an existing one.
func (s *Service) CreateLicense(ctx context.Context, actor licensing.Actor, requestID string, in CreateLicense) (Created, bool, error) {
	if err := needRequestID(requestID); err != nil {
		return Created{}, false, err
	}
	if in.Group == "" {
		in.Group = actor.GroupCode
	}
	if in.Quantity == nil {
		in.Quantity = new(1)
	}
	in.Test = in.Test || actor.MakesTests
	return usecase.Run(ctx, s.runner, actor, "CreateLicense", requestID, in, s.createLicense)
}

func (s *Service) createLicense(ctx context.Context, tx *usecase.Tx, in CreateLicense) (Created, error) {
	d, err := s.create(ctx, tx, in.placing())
	return Created{OrderNumber: d.order.Number, Owner: d.order.Group, Licenses: d.order.Licenses}, err
}

// create writes what is asked for, and tells the others.
func (s *Service) create(ctx context.Context, tx *usecase.Tx, in placing) (draft, error) {
	d, err := s.draft(ctx, tx, in)
	if err != nil {
		return draft{}, err
	}
	if err := tx.Emit(ctx, licensing.OrderAsked{Licenses: in.licenses()}); err != nil {
		return draft{}, err
	}
	if err := s.writeOrder(ctx, tx, &d); err != nil {
		return draft{}, err
	}
	for _, l := range d.lines {
		if err := tx.InsertLine(ctx, l.line); err != nil {
			return draft{}, err
		}
		for _, license := range l.licenses(d) {
			if err := s.writeLicense(ctx, tx, d, l, license); err != nil {
				return draft{}, err
			}
		}
		// Subscribers have completed the licenses; what is told and answered is what a reader would see.
		licenses, err := tx.LicensesOfLine(ctx, l.line.ID)
		if err != nil {
			return draft{}, err
		}
		d.order.Lines, d.order.Licenses = append(d.order.Lines, l.line), append(d.order.Licenses, licenses...)
	}
	return d, tx.Emit(ctx, licensing.OrderPlaced{Order: d.order, Extended: d.extends})
}

// writeOrder writes the order, unless it exists.
func (s *Service) writeOrder(ctx context.Context, tx *usecase.Tx, d *draft) error {
	if d.extends {
		n, err := tx.CountLines(ctx, d.order.ID)
		for i := range d.lines {
			d.lines[i].line.Position += n
		}
		return err
	}
	customer, err := tx.UpsertCustomer(ctx, d.order.Group, d.order.Customer, d.order.Test)
	if err != nil {
		return err
	}
	seq, err := tx.InsertOrder(ctx, d.order, customer, tx.Actor)
	if err != nil {
		return err
	}
	d.order.Number = licensing.OrderNumber(tx.Now().Today(), seq)
	return nil
}

func (s *Service) writeLicense(ctx context.Context, tx *usecase.Tx, d draft, of lineDraft, l licensing.License) error {
	var err error
	if l.Ticket, err = licensing.NewTicket(s.random); err != nil {
		return err
	}
	l.OrderNumber = d.order.Number
	if err := tx.InsertLicense(ctx, l, of.offer); err != nil {
		return err
	}
	err = tx.Audit(ctx, "license.created", string(l.ID), string(d.order.ID),
		licensing.Value{Name: "category", Value: of.offer.Category.Name},
		licensing.Value{Name: "order", Value: d.order.Number},
		licensing.Value{Name: "grant", Value: of.grant},
	)
	if err != nil {
		return err
	}
	return tx.Emit(ctx, licensing.LicenseCreated{License: &l, Plan: of.offer.Plan(), First: of.first, Unit: of.line.Unit})
}
