package ordering

import (
	"context"
	"errors"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

// ModifyLicense asks to change what a license says. Only what is named changes.
type ModifyLicense struct {
	Ticket     string              `json:"ticket"`
	Customer   *licensing.Customer `json:"customer,omitempty"`   // nil: stays; else all particulars, those left out are empty
	Parameters []licensing.Value   `json:"parameters,omitempty"` // an empty value leaves an optional one out
	DataFields []licensing.Value   `json:"dataFields,omitempty"`
	// Version is that of the license as the caller saw it; 0: whatever it is. When it is another one by now, nothing is
	// changed, and the error is a conflict.
	Version int64 `json:"version,omitempty"`
}

// ModifyLicense changes customer, parameters and data fields of an active or suspended license. It needs modify in its
// category. A parameter changes as far as the offer's rule allows it after creation, within limits that count from the
// day on which the license was created. More seats of a license whose subscription runs are charged by day to the end of
// the periods that exist; fewer count from the next period on. Other prices are not computed anew.
func (s *Service) ModifyLicense(ctx context.Context, actor licensing.Actor, requestID string, in ModifyLicense) (Changed, bool, error) {
	if err := needRequestID(requestID); err != nil {
		return Changed{}, false, err
	}
	var err error
	if in.Ticket, err = licensing.ParseTicket(in.Ticket); err != nil {
		return Changed{}, false, err
	}
	if in.Customer == nil && len(in.Parameters) == 0 && len(in.DataFields) == 0 {
		return Changed{}, false, licensing.InvalidRequest("", "Name what shall change: the customer, parameters or data fields.")
	}
	received, err := s.Now(ctx) // before it waits for whoever writes at that time
	if err != nil {
		return Changed{}, false, err
	}
	return usecase.Run(ctx, s.runner, actor, "ModifyLicense", requestID, in, func(ctx context.Context, tx *usecase.Tx, in ModifyLicense) (Changed, error) {
		return s.modify(ctx, tx, in, received)
	})
}

func (s *Service) modify(ctx context.Context, tx *usecase.Tx, in ModifyLicense, received licensing.Moment) (Changed, error) {
	l, grant, err := s.changeable(ctx, tx, in.Ticket, licensing.Modify)
	if err != nil {
		return Changed{}, err
	}
	if err := l.CaughtUp(received).CanModify(received); err != nil {
		return Changed{}, err
	}
	if in.Version != 0 && in.Version != l.Version {
		return Changed{}, licensing.ConflictError("Somebody else changed this license meanwhile. Nothing of yours has been changed.")
	}
	if l, err = caughtUp(ctx, tx, l, received); err != nil {
		return Changed{}, err
	}
	next, err := s.modified(ctx, tx, l, in, received)
	if err != nil {
		return Changed{}, err
	}
	changes := licensing.Changes(l, next, tx.Now())
	if len(changes) == 0 {
		return answer(ctx, tx, l.ID)
	}
	if next.Customer != l.Customer {
		if next.CustomerID, err = tx.UpsertCustomer(ctx, l.Group, next.Customer, l.Test); err != nil {
			return Changed{}, err
		}
	}
	if err := tx.UpdateLicense(ctx, next); err != nil {
		return Changed{}, err
	}
	err = tx.Audit(ctx, "license.modified", string(l.ID), string(l.Order), append(changes, licensing.Value{Name: "grant", Value: grant})...)
	if err != nil {
		return Changed{}, err
	}
	event := licensing.LicenseModified{Before: l, Charges: next.ChargesSince(l, received.Today())}
	if next.Subscription != nil {
		event.Coming = next.Subscription.Coming
	}
	if event.License, err = tx.LicenseByID(ctx, l.ID); err != nil {
		return Changed{}, err
	}
	if err := tx.Emit(ctx, event); err != nil {
		return Changed{}, err
	}
	return answer(ctx, tx, l.ID)
}

// caughtUp does first what was due of a license's subscription some time before a request was received, in case the clock is
// behind: the outcome does not depend on that. What became due since then is left to the clock, which leaves it to requests
// that are under way.
func caughtUp(ctx context.Context, tx *usecase.Tx, l licensing.License, received licensing.Moment) (licensing.License, error) {
	until := received.Settled().Business
	if due, ok := l.DueAt(received); !ok || due.After(until) {
		return l, nil
	}
	if err := tx.Emit(ctx, licensing.SubscriptionWaits{License: l, Until: until}); err != nil {
		return l, err
	}
	return tx.LicenseByID(ctx, l.ID)
}

// modified is the license as it is asked for. The error holds everything that is wrong with it.
func (s *Service) modified(ctx context.Context, tx *usecase.Tx, l licensing.License, in ModifyLicense, received licensing.Moment) (licensing.License, error) {
	now := tx.Now()
	offer, err := offerOf(ctx, tx, l)
	if err != nil {
		return l, err
	}
	created := licensing.DayOf(l.CreatedAt, now.Zone)
	next, problems := l, licensing.Problems(nil)
	if in.Customer != nil {
		next.Customer, err = in.Customer.Check()
		problems.Add(err)
	}
	if len(in.Parameters) > 0 {
		params, err := licensing.ResolveChange(offer, l.Agreed(), in.Parameters, created, l.SeatsFallLater())
		problems.Add(err)
		if err == nil {
			next, err = next.WithParameters(params, received)
			problems.Add(err)
		}
	}
	if len(in.DataFields) > 0 {
		next.DataFields, err = licensing.ResolveDataFieldsChange(offer.DataFields, l.DataFields, in.DataFields, now.Today())
		problems.Add(err)
	}
	if len(problems) > 0 {
		return l, problems
	}
	return next, setLifetime(&next, l, offer.Product.Parameters, created, now)
}

// offerOf finds the offer by whose rules a license is modified; it may be closed.
func offerOf(ctx context.Context, tx *usecase.Tx, l licensing.License) (licensing.Offer, error) {
	offer, err := tx.OfferOfLicense(ctx, l.CategoryCode, l.ProductCode)
	if errors.Is(err, licensing.ErrNone) {
		err = licensing.ConflictError("There are no rules for %s in %s any more. Nothing has been changed.", l.ProductName, l.CategoryName)
	}
	return offer, err
}

// setLifetime computes until when a modified license holds, from the day of its creation. What a subscription sets
// stays, and so does all of it when the parameters that set it do.
func setLifetime(next *licensing.License, before licensing.License, defs []licensing.Parameter, created licensing.Day, now licensing.Moment) error {
	if next.Subscription != nil {
		return nil
	}
	if maintained, _, err := licensing.Maintenance(before.Parameters, defs, created); err != nil {
		return err
	} else if is, _, err := licensing.Maintenance(next.Parameters, defs, created); err != nil {
		return err
	} else if is != maintained {
		next.MaintenanceUntil = is
	}
	was, had, err := licensing.Expiry(before.Parameters, defs, created)
	if err != nil {
		return err
	}
	last, has, err := licensing.Expiry(next.Parameters, defs, created)
	if err != nil {
		return err
	}
	switch {
	case has == had && last == was:
	case !has:
		next.ExpiresAt = nil
	case last.Before(now.Today()):
		return licensing.Problems{licensing.InvalidParameter(changedName(before, *next, defs), "It would have ended on %s. Choose a value with which it holds today, or revoke it.", last)}
	default:
		next.ExpiresAt = new(last.AddDays(1).Begin(now.Zone))
	}
	return nil
}

// changedName is the parameter that has changed and sets until when a license holds.
func changedName(before, next licensing.License, defs []licensing.Parameter) string {
	for _, def := range defs {
		was, _ := licensing.ValueOf(before.Parameters, def.Name)
		is, _ := licensing.ValueOf(next.Parameters, def.Name)
		if was == is {
			continue
		}
		if _, sets, err := licensing.Expiry([]licensing.Value{{Name: def.Name, Value: is}}, []licensing.Parameter{def}, licensing.DayOf(next.CreatedAt, next.CreatedAt.Location())); sets && err == nil {
			return def.Name
		}
	}
	return "parameters"
}

// ModificationQuote is what a modification would come to.
type ModificationQuote struct {
	License licensing.License  // as it would be, with what comes later in its subscription
	Charges []licensing.Charge // what more seats would cost, in the periods that exist
}

// QuoteModification tells what ModifyLicense would do; nothing is written. The errors are those of ModifyLicense.
func (s *Service) QuoteModification(ctx context.Context, actor licensing.Actor, in ModifyLicense) (ModificationQuote, error) {
	return usecase.Read(ctx, s.runner, actor, func(ctx context.Context, tx *usecase.Tx) (ModificationQuote, error) {
		l, _, err := s.changeable(ctx, tx, in.Ticket, licensing.Modify)
		if err != nil {
			return ModificationQuote{}, err
		}
		if err := l.CaughtUp(tx.Now()).CanModify(tx.Now()); err != nil {
			return ModificationQuote{}, err
		}
		l = l.CaughtUp(tx.Now().Settled())
		next, err := s.modified(ctx, tx, l, in, tx.Now())
		if err != nil {
			return ModificationQuote{}, err
		}
		return ModificationQuote{License: next, Charges: next.ChargesSince(l, tx.Now().Today())}, nil
	})
}

// ModifyForm is what a form needs that modifies a license.
type ModifyForm struct {
	License licensing.License
	Offer   licensing.Offer // by whose rules it is modified; closed when the product was taken out of the category
	Created licensing.Day   // from which relative limits count
}

// ModifyForm returns what a form shows that modifies a license. The errors are those of ModifyLicense.
func (s *Service) ModifyForm(ctx context.Context, actor licensing.Actor, id licensing.LicenseID) (ModifyForm, error) {
	return usecase.Read(ctx, s.runner, actor, func(ctx context.Context, tx *usecase.Tx) (ModifyForm, error) {
		l, err := tx.LicenseByID(ctx, id)
		if l, err = seen(ctx, tx, l, err, "license"); err != nil {
			return ModifyForm{}, err
		}
		if _, _, err := s.changeable(ctx, tx, l.Ticket, licensing.Modify); err != nil {
			return ModifyForm{}, err
		}
		if err := l.CaughtUp(tx.Now()).CanModify(tx.Now()); err != nil {
			return ModifyForm{}, err
		}
		offer, err := offerOf(ctx, tx, l)
		return ModifyForm{License: l, Offer: offer, Created: licensing.DayOf(l.CreatedAt, tx.Now().Zone)}, err
	})
}
