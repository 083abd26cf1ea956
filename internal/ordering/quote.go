package ordering

import (
	"context"
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
	Period     *licensing.Period // of a subscription
	Next       *licensing.Period // that follows if nobody cancels
}

// Quote checks an input as CreateLicense does and tells what would come of it; nothing is written. With an error the
// Quote still holds the offer, when that was granted.
func (s *Service) Quote(ctx context.Context, actor licensing.Actor, in CreateLicense) (Quote, error) {
	if in.Quantity == nil {
		in.Quantity = new(1)
	}
	var q Quote
	_, err := usecase.Read(ctx, s.runner, actor, func(ctx context.Context, tx *usecase.Tx) (struct{}, error) {
		d, err := s.draft(ctx, tx, in)
		q = d.quote()
		return struct{}{}, err
	})
	return q, err
}

func (d *draft) quote() Quote {
	q := Quote{Offer: d.offer, Parameters: d.parameters, Unit: d.line.Unit, Units: d.line.Units, Amount: d.line.Amount, ExpiresAt: d.expiresAt}
	if plan := d.offer.Product.Plan; plan != nil && d.first.Number > 0 {
		q.Period = new(d.first)
		q.Next = new(plan.NextPeriod(d.first))
	}
	return q
}
