package subscriptions

import (
	"context"
	"errors"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

// confirm writes the receipt of a cancellation, in its transaction. L is the license as the cancellation left it, cancelBy
// the last day to cancel that it is held against.
func (s *Service) confirm(ctx context.Context, tx *usecase.Tx, l licensing.License, reason string, received licensing.Moment, cancelBy licensing.Day, inTime bool) (licensing.Receipt, error) {
	root, err := tx.RootGroup(ctx)
	if err != nil {
		return licensing.Receipt{}, err
	}
	seq, err := tx.NextReceipt(ctx, l)
	if err != nil {
		return licensing.Receipt{}, err
	}
	facts := licensing.NewReceipt(l, root.Name, tx.Actor, reason, received, cancelBy, inTime)
	facts.Number = licensing.ReceiptNumber(received.Today(), seq)
	payload, err := facts.Encode()
	if err != nil {
		return licensing.Receipt{}, err
	}
	r := licensing.Receipt{Seq: seq, License: l.ID, Group: l.Group, Number: facts.Number, Document: s.signer.Receipt(payload), Facts: facts}
	return r, tx.FinishReceipt(ctx, r)
}

// Receipts returns the receipts of a license within sight, newest first. One that was written while the license
// belonged to a group beyond the actor's sight is left out: it names that group and its people.
func (s *Service) Receipts(ctx context.Context, actor licensing.Actor, id licensing.LicenseID) ([]licensing.Receipt, error) {
	return usecase.Read(ctx, s.runner, actor, func(ctx context.Context, tx *usecase.Tx) (seen []licensing.Receipt, err error) {
		sight := func(g licensing.GroupID) (bool, error) {
			return tx.InSight(ctx, tx.Actor.Group, tx.Actor.Role.Below(), g)
		}
		l, err := tx.LicenseByID(ctx, id)
		if err != nil && !errors.Is(err, licensing.ErrNone) {
			return nil, err
		}
		ok, err := sight(l.Group)
		if err != nil {
			return nil, err
		}
		if !ok {
			return nil, licensing.NotFoundError("", "There is no such license within your sight.")
		}
		all, err := tx.ReceiptsOf(ctx, id)
		if err != nil {
			return nil, err
		}
		for _, r := range all {
			if ok, err = sight(r.Group); err != nil {
				return nil, err
			}
			if ok {
				seen = append(seen, r)
			}
		}
		return seen, nil
	})
}

// Receipt returns one receipt of a license within sight by its number. The error is the same for one that there is not
// and one beyond sight.
func (s *Service) Receipt(ctx context.Context, actor licensing.Actor, id licensing.LicenseID, number string) (licensing.Receipt, error) {
	all, err := s.Receipts(ctx, actor, id)
	if err != nil {
		return licensing.Receipt{}, err
	}
	for _, r := range all {
		if r.Number == number {
			return r, nil
		}
	}
	return licensing.Receipt{}, licensing.NotFoundError("", "There is no such receipt within your sight.")
}
