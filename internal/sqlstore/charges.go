package sqlstore

import (
	"context"

	"kontor/internal/licensing"
	"kontor/internal/sqlstore/db"
)

func (t *tx) InsertCharge(ctx context.Context, s licensing.SubscriptionID, c licensing.Charge) error {
	return t.q.InsertCharge(ctx, db.InsertChargeParams{
		ID: licensing.NewID(), SubscriptionID: string(s), Period: int64(c.Period), FromDate: c.From.String(), UntilDate: c.Until.String(),
		Units: c.Units, AmountMinor: minor(c.Amount), Currency: currency(c.Amount), CreatedAt: t.now.Business,
	})
}

func (t *tx) ChargesOf(ctx context.Context, s licensing.SubscriptionID) ([]licensing.PlacedCharge, error) {
	rows, err := t.q.ChargesOf(ctx, string(s))
	if err != nil {
		return nil, err
	}
	all := make([]licensing.PlacedCharge, len(rows))
	for i, r := range rows {
		c := licensing.PlacedCharge{At: utc(r.CreatedAt)}
		c.Period, c.Units, c.Amount = int(r.Period), r.Units, amount(r.AmountMinor, r.Currency)
		if c.From, err = parseDay(r.FromDate); err != nil {
			return nil, err
		}
		if c.Until, err = parseDay(r.UntilDate); err != nil {
			return nil, err
		}
		all[i] = c
	}
	return all, nil
}
