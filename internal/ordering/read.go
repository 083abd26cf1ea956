package ordering

import (
	"context"
	"errors"
	"slices"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

// License finds a license by its ticket, written in any way that people write it.
func (s *Service) License(ctx context.Context, actor licensing.Actor, ticket string) (licensing.License, error) {
	canonical, err := licensing.ParseTicket(ticket)
	if err != nil {
		return licensing.License{}, err
	}
	return usecase.Read(ctx, s.runner, actor, func(ctx context.Context, tx *usecase.Tx) (licensing.License, error) {
		l, err := tx.LicenseByTicket(ctx, canonical)
		return seen(ctx, tx, l, err, "ticket")
	})
}

// LicenseByID finds a license by its id, which stands in addresses where a ticket must not.
func (s *Service) LicenseByID(ctx context.Context, actor licensing.Actor, id licensing.LicenseID) (licensing.License, error) {
	return usecase.Read(ctx, s.runner, actor, func(ctx context.Context, tx *usecase.Tx) (licensing.License, error) {
		l, err := tx.LicenseByID(ctx, id)
		if l, err = seen(ctx, tx, l, err, "license"); err != nil {
			return l, err
		}
		veil, err := veilOf(ctx, tx)
		if err != nil {
			return licensing.License{}, err
		}
		err = veil.license(ctx, &l)
		return l, err
	})
}

// seen lets a license through that is in the actor's sight. One beyond it and one that does not exist look the same.
func seen(ctx context.Context, tx *usecase.Tx, l licensing.License, err error, field string) (licensing.License, error) {
	notFound := licensing.NotFoundError(field, "There is no such license within your sight.")
	if errors.Is(err, licensing.ErrNone) {
		return licensing.License{}, notFound
	}
	if err != nil {
		return licensing.License{}, err
	}
	ok, err := tx.InSight(ctx, tx.Actor.Group, tx.Actor.Role.Below(), l.Group)
	if err != nil {
		return licensing.License{}, err
	}
	if !ok {
		return licensing.License{}, notFound
	}
	return l, nil
}

// LicenseFiles returns every issue of a license's file, oldest first. An actor who only looks gets their dates
// without their texts.
func (s *Service) LicenseFiles(ctx context.Context, actor licensing.Actor, id licensing.LicenseID) ([]licensing.LicenseFile, error) {
	return usecase.Read(ctx, s.runner, actor, func(ctx context.Context, tx *usecase.Tx) ([]licensing.LicenseFile, error) {
		l, err := tx.LicenseByID(ctx, id)
		if _, err = seen(ctx, tx, l, err, "license"); err != nil {
			return nil, err
		}
		files, err := tx.LicenseFiles(ctx, id)
		for i := range files {
			if tx.Actor.ReadOnly() {
				files[i].Text = ""
			}
		}
		return files, err
	})
}

// History returns what happened to a license, newest first.
func (s *Service) History(ctx context.Context, actor licensing.Actor, id licensing.LicenseID) ([]licensing.HistoryEntry, error) {
	return usecase.Read(ctx, s.runner, actor, func(ctx context.Context, tx *usecase.Tx) ([]licensing.HistoryEntry, error) {
		l, err := tx.LicenseByID(ctx, id)
		if _, err = seen(ctx, tx, l, err, "license"); err != nil {
			return nil, err
		}
		entries, err := tx.History(ctx, string(id))
		for i := range entries {
			if err == nil && entries[i].Action == "license.moved" {
				err = hideGroups(ctx, tx, entries[i].Detail)
			}
		}
		if err != nil {
			return nil, err
		}
		veil, err := veilOf(ctx, tx)
		if err != nil {
			return nil, err
		}
		return entries, veil.history(ctx, l, entries)
	})
}

// Order finds an order by its number, with lines, licenses and documents.
func (s *Service) Order(ctx context.Context, actor licensing.Actor, number string) (licensing.Order, error) {
	return usecase.Read(ctx, s.runner, actor, func(ctx context.Context, tx *usecase.Tx) (licensing.Order, error) {
		o, err := s.orderInSight(ctx, tx, number)
		if err != nil {
			return o, err
		}
		veil, err := veilOf(ctx, tx)
		if err != nil {
			return licensing.Order{}, err
		}
		err = veil.order(ctx, &o)
		return o, err
	})
}

// OrderWay finds how far an order is, for pages that ask again and again: nothing of its licenses but how many the actor sees.
func (s *Service) OrderWay(ctx context.Context, actor licensing.Actor, number string) (licensing.OrderWay, error) {
	return usecase.Read(ctx, s.runner, actor, func(ctx context.Context, tx *usecase.Tx) (licensing.OrderWay, error) {
		notFound := licensing.NotFoundError("orderNumber", "There is no such order within your sight.")
		way, err := tx.OrderWay(ctx, number)
		if errors.Is(err, licensing.ErrNone) {
			return licensing.OrderWay{}, notFound
		}
		if err != nil {
			return licensing.OrderWay{}, err
		}
		sees := func(g licensing.GroupID) (bool, error) {
			return tx.InSight(ctx, tx.Actor.Group, tx.Actor.Role.Below(), g)
		}
		ok, err := sees(way.Group)
		if err != nil {
			return licensing.OrderWay{}, err
		}
		if !ok {
			return licensing.OrderWay{}, notFound
		}
		var seen []licensing.OrderPart
		for _, p := range way.Parts {
			ok := p.Group == way.Group
			if !ok {
				if ok, err = sees(p.Group); err != nil {
					return licensing.OrderWay{}, err
				}
			}
			if ok {
				seen = append(seen, p)
			}
		}
		way.Parts = seen
		return way, nil
	})
}

func (s *Service) orderInSight(ctx context.Context, tx *usecase.Tx, number string) (licensing.Order, error) {
	notFound := licensing.NotFoundError("orderNumber", "There is no such order within your sight.")
	o, err := tx.OrderByNumber(ctx, number)
	if errors.Is(err, licensing.ErrNone) {
		return licensing.Order{}, notFound
	}
	if err != nil {
		return licensing.Order{}, err
	}
	ok, err := tx.InSight(ctx, tx.Actor.Group, tx.Actor.Role.Below(), o.Group)
	if err != nil {
		return licensing.Order{}, err
	}
	if !ok {
		return licensing.Order{}, notFound
	}
	if err := hideCreator(ctx, tx, &o); err != nil {
		return licensing.Order{}, err
	}
	return o, hideLicenses(ctx, tx, &o)
}

// hideCreator takes the name of an order's creator out of it when his group is beyond the actor's sight: somebody above
// created it for the group.
func hideCreator(ctx context.Context, tx *usecase.Tx, o *licensing.Order) error {
	if o.Creator == "" || o.Creator == tx.Actor.ID {
		return nil
	}
	by, err := tx.Membership(ctx, o.Creator)
	if err != nil && !errors.Is(err, licensing.ErrNone) {
		return err
	}
	seen := false
	if err == nil {
		if seen, err = tx.InSight(ctx, tx.Actor.Group, tx.Actor.Role.Below(), by.Group); err != nil {
			return err
		}
	}
	if !seen {
		o.CreatedBy, o.Creator = "", ""
	}
	return nil
}

// hideLicenses takes out of an order those that were moved to a group beyond the actor's sight.
func hideLicenses(ctx context.Context, tx *usecase.Tx, o *licensing.Order) error {
	sees := map[licensing.GroupID]bool{o.Group: true}
	hidden := map[string]bool{} // tickets
	var left []licensing.License
	for _, l := range o.Licenses {
		ok, known := sees[l.Group]
		if !known {
			var err error
			if ok, err = tx.InSight(ctx, tx.Actor.Group, tx.Actor.Role.Below(), l.Group); err != nil {
				return err
			}
			sees[l.Group] = ok
		}
		if ok {
			left = append(left, l)
		} else {
			hidden[l.Ticket] = true
		}
	}
	if len(hidden) == 0 {
		return nil
	}
	o.Licenses = left
	for i, line := range o.Lines {
		o.Lines[i].Tickets = slices.DeleteFunc(slices.Clone(line.Tickets), func(t string) bool { return hidden[t] })
	}
	return nil
}

// hideGroups takes the groups beyond the actor's sight out of what the audit trail keeps of a move.
func hideGroups(ctx context.Context, tx *usecase.Tx, detail []licensing.Value) error {
	for _, side := range []string{"from", "to"} {
		code, _ := licensing.ValueOf(detail, side)
		ok, err := tx.SeesGroup(ctx, code)
		if err != nil {
			return err
		}
		for i, v := range detail {
			if !ok && (v.Name == side || v.Name == side+"Name") {
				detail[i].Value = ""
			}
		}
	}
	return nil
}
