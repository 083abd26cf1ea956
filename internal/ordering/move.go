package ordering

import (
	"context"
	"errors"
	"slices"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

// MaxMoved is how many licenses one request moves.
const MaxMoved = 1000

// MoveLicenses asks to move licenses to another group, all of them or none.
type MoveLicenses struct {
	Licenses []licensing.LicenseID `json:"licenses"` // 1 to MaxMoved
	Group    string                `json:"group"`    // the code of the group that shall own them
	Reason   string                `json:"reason"`   // stands in their histories; 1 to licensing.MaxReason characters
}

// Moved is what came of it.
type Moved struct {
	Group    string            `json:"group"`
	Name     string            `json:"name"`
	Licenses int               `json:"licenses"`
	Owner    licensing.GroupID `json:"owner"`
}

// OwnedBy implements usecase.Sighted.
func (m Moved) OwnedBy() licensing.GroupID { return m.Owner }

// MoveLicenses moves licenses to a group within sight. It needs revoke in the category of each where it is, create
// where it goes, and both groups in sight. Their orders stay where they were. When one license is refused none is
// moved; the error is Problems, one for each that is refused, with its ticket cut short.
func (s *Service) MoveLicenses(ctx context.Context, actor licensing.Actor, requestID string, in MoveLicenses) (Moved, bool, error) {
	if err := needRequestID(requestID); err != nil {
		return Moved{}, false, err
	}
	var problems licensing.Problems
	var err error
	in.Licenses, err = checkMoved(in.Licenses)
	problems.Add(err)
	if in.Group == "" {
		problems.Add(licensing.InvalidRequest("group", "Choose the group that shall own it."))
	}
	in.Reason, err = licensing.CheckReason(in.Reason)
	problems.Add(err)
	if len(problems) > 0 {
		return Moved{}, false, problems
	}
	return usecase.Run(ctx, s.runner, actor, "MoveLicenses", requestID, in, s.move)
}

// checkMoved returns the ids in one order, each once.
func checkMoved(ids []licensing.LicenseID) ([]licensing.LicenseID, error) {
	ids = slices.Clone(ids)
	slices.Sort(ids) // requests that touch the same licenses take them in the same order
	ids = slices.Compact(ids)
	if len(ids) < 1 || len(ids) > MaxMoved {
		return nil, licensing.InvalidRequest("licenses", "Choose 1 to 1,000 licenses.")
	}
	return ids, nil
}

func (s *Service) move(ctx context.Context, tx *usecase.Tx, in MoveLicenses) (Moved, error) {
	to, err := movedTo(ctx, tx, in.Group)
	if err != nil {
		return Moved{}, err
	}
	licenses, refused, err := s.movable(ctx, tx, in.Licenses, &to)
	if err != nil {
		return Moved{}, err
	}
	if len(refused) > 0 {
		return Moved{}, refused
	}
	for _, l := range licenses {
		if err := s.moveOne(ctx, tx, l, to, in.Reason); err != nil {
			return Moved{}, err
		}
	}
	return Moved{Group: to.Code, Name: to.Name, Licenses: len(licenses), Owner: to.ID}, nil
}

func (s *Service) moveOne(ctx context.Context, tx *usecase.Tx, l licensing.License, to licensing.Group, reason string) error {
	l, err := caughtUp(ctx, tx, l, tx.Now()) // what is due is still the old owner's to pay
	if err != nil {
		return err
	}
	from := l
	// Customers belong to a group: the new owner finds this one among his own.
	if l.CustomerID, err = tx.UpsertCustomer(ctx, to.ID, l.Customer, l.Test); err != nil {
		return err
	}
	l.Group = to.ID
	if err := tx.UpdateLicense(ctx, l); err != nil {
		return err
	}
	err = tx.Audit(ctx, "license.moved", string(l.ID), string(l.Order),
		licensing.Value{Name: "from", Value: from.GroupCode}, licensing.Value{Name: "fromName", Value: from.GroupName},
		licensing.Value{Name: "to", Value: to.Code}, licensing.Value{Name: "toName", Value: to.Name}, licensing.Value{Name: "reason", Value: reason})
	if err != nil {
		return err
	}
	if l, err = tx.LicenseByID(ctx, l.ID); err != nil {
		return err
	}
	return tx.Emit(ctx, licensing.LicenseMoved{License: l, FromGroup: from.GroupCode, Reason: reason})
}

// movedTo finds the group that shall own licenses. One beyond sight and one that does not exist look the same.
func movedTo(ctx context.Context, tx *usecase.Tx, code string) (licensing.Group, error) {
	denied := licensing.DeniedError("group", "You may not move licenses to the group %q.", code)
	g, err := tx.GroupByCode(ctx, code)
	if errors.Is(err, licensing.ErrNone) {
		return g, denied
	} else if err != nil {
		return g, err
	}
	seen, err := tx.InSight(ctx, tx.Actor.Group, tx.Actor.Role.Below(), g.ID)
	if err != nil {
		return g, err
	}
	if !seen {
		return g, denied
	}
	return g, nil
}

// movable finds the licenses, and says of each that cannot be moved why. Without a target the one place where it
// could not go, where it is already, is not looked at.
func (s *Service) movable(ctx context.Context, tx *usecase.Tx, ids []licensing.LicenseID, to *licensing.Group) (all []licensing.License, refused licensing.Problems, err error) {
	held := map[string]licensing.Action{} // by category: what is missing there, "" for nothing
	for _, id := range ids {
		l, err := tx.LicenseByID(ctx, id)
		l, err = seen(ctx, tx, l, err, "licenses")
		if e := licensing.AsError(err); e != nil {
			if e.Kind != licensing.NotFound {
				return nil, nil, err
			}
			refused.Add(e)
			continue
		}
		missing, known := held[l.CategoryCode]
		if !known {
			if missing, err = s.missing(ctx, tx, l.CategoryCode, licensing.Revoke, licensing.Create); err != nil {
				return nil, nil, err
			}
			held[l.CategoryCode] = missing
		}
		switch {
		case missing != "":
			refused.Add(licensing.DeniedError("licenses", "%s: you may not %s in %s, and moving needs revoke and create there.", licensing.ShortTicket(l.Ticket), missing, l.CategoryName))
		case to != nil && l.Group == to.ID:
			refused.Add(&licensing.Error{
				Kind: licensing.Conflict, Code: licensing.CodeConflict, Field: "licenses",
				Message: licensing.ShortTicket(l.Ticket) + ": it belongs to " + to.Name + " already.",
			})
		}
		all = append(all, l)
	}
	return all, refused, nil
}

// missing returns the first of the actions that the actor does not hold in a category; "" when he holds them all.
func (s *Service) missing(ctx context.Context, tx *usecase.Tx, category string, needs ...licensing.Action) (licensing.Action, error) {
	for _, action := range needs {
		d, err := s.decider.Decide(ctx, tx, tx.Actor.ID, action, category)
		if err != nil || !d.Allowed {
			return action, err
		}
	}
	return "", nil
}

// MovePreview is what a page shows before licenses are moved.
type MovePreview struct {
	Licenses []licensing.License // those within sight, in the order of their creation
	Refused  licensing.Problems  // why they cannot be moved; none: they can
	To       licensing.Group     // zero while no group is chosen
}

// PreviewMove tells what moving licenses would do; nothing is written. An empty group is none yet.
func (s *Service) PreviewMove(ctx context.Context, actor licensing.Actor, ids []licensing.LicenseID, group string) (MovePreview, error) {
	ids, err := checkMoved(ids)
	if err != nil {
		return MovePreview{}, err
	}
	return usecase.Read(ctx, s.runner, actor, func(ctx context.Context, tx *usecase.Tx) (p MovePreview, err error) {
		var to *licensing.Group
		if group != "" {
			if p.To, err = movedTo(ctx, tx, group); err != nil {
				return p, err
			}
			to = &p.To
		}
		p.Licenses, p.Refused, err = s.movable(ctx, tx, ids, to)
		return p, err
	})
}
