package ordering

import (
	"context"
	"errors"
	"time"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

// Quote is what creating would give, before it is done.
type Quote struct {
	Offer      licensing.Offer
	Parameters []licensing.Value
	Unit       *licensing.Money // nil: no charge
	Units      int64
	Amount     *licensing.Money
	ExpiresAt  *time.Time
	Period     *licensing.Period // of a subscription; each license's, with its price
	Next       *licensing.Period // that follows if nobody cancels
}

// Quote checks an input as CreateLicense does and tells what would come of it; nothing is written. With an error the
// Quote still holds the offer, when that was granted, and with Problems of the customer or the data fields alone also
// dates and price, so that a form can show a sum while it is filled in.
func (s *Service) Quote(ctx context.Context, actor licensing.Actor, in CreateLicense) (Quote, error) {
	if in.Quantity == nil {
		in.Quantity = new(1)
	}
	var q Quote
	_, err := usecase.Read(ctx, s.runner, actor, func(ctx context.Context, tx *usecase.Tx) (struct{}, error) {
		d, err := s.draft(ctx, tx, in)
		if problems := (licensing.Problems{}); errors.As(err, &problems) {
			d.estimate(in, tx.Now())
		}
		q = d.quote()
		return struct{}{}, err
	})
	return q, err
}

// estimate computes dates and price where the parameters and the quantity are right. What cannot be computed stays
// empty; the problems have been told.
func (d *draft) estimate(in CreateLicense, now licensing.Moment) {
	parameters, err := licensing.ResolveParameters(d.offer, in.Parameters, now.Today())
	if err != nil || d.setDates(in, now) != nil || d.setLine(*in.Quantity) != nil {
		return
	}
	d.parameters = parameters
}

func (d *draft) quote() Quote {
	q := Quote{Offer: d.offer, Parameters: d.parameters, Unit: d.line.Unit, Units: d.line.Units, Amount: d.line.Amount, ExpiresAt: d.expiresAt}
	if plan := d.offer.Plan(); plan != nil && d.first.Number > 0 {
		q.Period = new(d.first)
		one := licensing.License{Quantity: d.line.Quantity, Parameters: d.parameters, Definitions: d.offer.Product.Parameters}
		if d.separate {
			one.Quantity = 1
		}
		q.Period.Units, q.Period.Amount = one.PeriodPrice(d.line.Unit)
		if next, ok := plan.Sold(d.first).NextPeriod(d.first); ok {
			q.Next = &next
		}
	}
	return q
}
