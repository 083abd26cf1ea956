package ordering

import (
	"context"
	"time"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

// Quote is what creating a line would give, before it is done.
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
// Quote still holds the offer, when that was granted, and with Problems also dates and price as far as the parameters and the
// quantity are right, so that a form can show a sum while it is filled in.
func (s *Service) Quote(ctx context.Context, actor licensing.Actor, in CreateLicense) (Quote, error) {
	if in.Quantity == nil {
		in.Quantity = new(1)
	}
	quotes, err := s.quote(ctx, actor, in.placing())
	if len(quotes) == 0 {
		return Quote{}, err
	}
	return quotes[0], err
}

// QuoteOrder does for CreateOrder what Quote does for CreateLicense. It returns a Quote for each line, up to the first one that
// is not granted.
func (s *Service) QuoteOrder(ctx context.Context, actor licensing.Actor, in CreateOrder) ([]Quote, error) {
	return s.quote(ctx, actor, placing{CreateOrder: in.complete(actor)})
}

func (s *Service) quote(ctx context.Context, actor licensing.Actor, in placing) (quotes []Quote, err error) {
	_, err = usecase.Read(ctx, s.runner, actor, func(ctx context.Context, tx *usecase.Tx) (struct{}, error) {
		d, err := s.draft(ctx, tx, in)
		for _, l := range d.lines {
			quotes = append(quotes, l.quote())
		}
		return struct{}{}, err
	})
	return quotes, err
}

func (l lineDraft) quote() Quote {
	q := Quote{Offer: l.offer, Parameters: l.parameters, Unit: l.line.Unit, Units: l.line.Units, Amount: l.line.Amount, ExpiresAt: l.expiresAt}
	if plan := l.offer.Plan(); plan != nil && l.first.Number > 0 {
		q.Period = new(l.first)
		one := licensing.License{Quantity: l.line.Quantity, Parameters: l.parameters, Definitions: l.offer.Product.Parameters}
		if l.separate {
			one.Quantity = 1
		}
		q.Period.Units, q.Period.Amount = one.PeriodPrice(l.line.Unit)
		if next, ok := plan.Sold(l.first).NextPeriod(l.first); ok {
			q.Next = &next
		}
	}
	return q
}
