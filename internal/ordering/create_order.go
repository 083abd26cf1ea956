package ordering

import (
	"context"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

// MaxLines is how many lines an order can be created with.
const MaxLines = 500

// CreateOrder is what a caller asks for who wants several offers licensed at once: all lines or none.
type CreateOrder struct {
	Group      string             `json:"group"` // a code; empty: the caller's own
	Customer   licensing.Customer `json:"customer"`
	DataFields []licensing.Value  `json:"dataFields,omitempty"` // for every line whose category knows them
	Lines      []NewLine          `json:"lines"`                // 1 to MaxLines
	Test       bool               `json:"test"`
}

// NewLine is one line of it.
type NewLine struct {
	ExternalLine string            `json:"externalLine"` // what the caller's order calls it; unique, if not empty
	Category     string            `json:"category"`
	Product      string            `json:"product"`
	Quantity     *int              `json:"quantity"` // 1 to licensing.MaxQuantity; nil: 1
	Parameters   []licensing.Value `json:"parameters,omitempty"`
	DataFields   []licensing.Value `json:"dataFields,omitempty"` // count before those of the order
	StartDate    licensing.Day     `json:"startDate"`            // of a subscription; zero: today
	EndDate      licensing.Day     `json:"endDate"`              // of a subscription; zero: by the plan's term
	Separate     bool              `json:"separateTickets"`
	// OfferVersion is as in CreateLicense.
	OfferVersion int64 `json:"offerVersion,omitempty"`
}

// CreatedOrder is what came of it.
type CreatedOrder struct {
	Order licensing.Order   `json:"order"`
	Owner licensing.GroupID `json:"owner"`
}

// OwnedBy implements usecase.Sighted.
func (c CreatedOrder) OwnedBy() licensing.GroupID { return c.Owner }

// OwnersNow implements usecase.Followed.
func (c CreatedOrder) OwnersNow(ctx context.Context, tx *usecase.Tx) ([]licensing.GroupID, error) {
	return tx.OwnersOf(ctx, c.Order.Licenses...)
}

// placing is what creates lines: an order of its own, or one that is extended.
type placing struct {
	CreateOrder
	orderNumber string // of the order to extend; empty: a new one
	single      bool   // it was asked for as one license: nothing speaks of a line
}

// placing is the order that the license makes.
func (in CreateLicense) placing() placing {
	line := NewLine{
		Category: in.Category, Product: in.Product, Quantity: in.Quantity, Parameters: in.Parameters, StartDate: in.StartDate, EndDate: in.EndDate,
		Separate: in.Separate, OfferVersion: in.OfferVersion,
	}
	return placing{CreateOrder{Group: in.Group, Customer: in.Customer, DataFields: in.DataFields, Lines: []NewLine{line}, Test: in.Test}, in.OrderNumber, true}
}

// CreateOrder creates an order with all its lines and their licenses, or nothing. What is wrong with a line names it, also
// where it is the only one; see licensing.Error.
func (s *Service) CreateOrder(ctx context.Context, actor licensing.Actor, requestID string, in CreateOrder) (CreatedOrder, bool, error) {
	if err := needRequestID(requestID); err != nil {
		return CreatedOrder{}, false, err
	}
	return usecase.Run(ctx, s.runner, actor, "CreateOrder", requestID, in.complete(actor), s.createOrder)
}

// complete fills in what was left out.
func (in CreateOrder) complete(actor licensing.Actor) CreateOrder {
	if in.Group == "" {
		in.Group = actor.GroupCode
	}
	in.Test = in.Test || actor.MakesTests
	lines := make([]NewLine, len(in.Lines))
	for i, l := range in.Lines {
		if l.Quantity == nil {
			l.Quantity = new(1)
		}
		lines[i] = l
	}
	in.Lines = lines
	return in
}

func (s *Service) createOrder(ctx context.Context, tx *usecase.Tx, in CreateOrder) (CreatedOrder, error) {
	d, err := s.create(ctx, tx, placing{CreateOrder: in})
	if err != nil {
		return CreatedOrder{}, err
	}
	o, err := s.orderInSight(ctx, tx, d.order.Number)
	return CreatedOrder{Order: o, Owner: o.Group}, err
}

// checkSize holds an order against what can be created at once: each license is signed.
func (in CreateOrder) checkSize() error {
	if len(in.Lines) == 0 || len(in.Lines) > MaxLines {
		return licensing.InvalidRequest("lines", "Enter 1 to %d lines.", MaxLines)
	}
	licenses := in.licenses()
	if len(in.Lines) > 1 && licenses > licensing.MaxQuantity {
		return licensing.InvalidRequest("lines", "An order makes at most 10,000 licenses at once; these lines make %d.", licenses)
	}
	return nil
}

// licenses is how many the lines yield; of what is more than a line can have, MaxQuantity.
func (in CreateOrder) licenses() (n int) {
	for _, l := range in.Lines {
		if l.Separate && *l.Quantity > 0 {
			n += min(*l.Quantity, licensing.MaxQuantity)
		} else {
			n++
		}
	}
	return n
}
