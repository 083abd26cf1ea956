package ordering

import (
	"context"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

// ChangeState asks for a change of a license's state.
type ChangeState struct {
	Ticket string `json:"ticket"`
	Reason string `json:"reason"` // stands in the history; 1 to licensing.MaxReason characters on one line
}

// stateOperations are the names of the changes as requests.
var stateOperations = map[licensing.StateChange]string{
	licensing.ToSuspend: "SuspendLicense", licensing.ToRevoke: "RevokeLicense", licensing.ToReinstate: "ReinstateLicense", licensing.ToDelete: "DeleteLicense",
}

// ChangeState suspends, revokes, reinstates or deletes a license. It needs revoke in the license's category. The error
// is a conflict when the license is in a state from which the change does not start.
//
//   - Suspending stops neither the period of a subscription nor its last day to cancel.
//   - Revoking ends the subscription this day.
//   - Reinstating brings back the period that was last before the revocation, and none that would have followed. When
//     that period still runs but its last day to cancel has passed, nobody can cancel it any more: the next sweep
//     extends it, as it would have on that day.
//   - Deleting is for test licenses; row, ticket, audit and documents stay, and nobody finds the license any more.
func (s *Service) ChangeState(ctx context.Context, actor licensing.Actor, requestID string, change licensing.StateChange, in ChangeState) (Changed, bool, error) {
	if err := needRequestID(requestID); err != nil {
		return Changed{}, false, err
	}
	var problems licensing.Problems
	var err error
	in.Ticket, err = licensing.ParseTicket(in.Ticket)
	problems.Add(err)
	in.Reason, err = licensing.CheckReason(in.Reason)
	problems.Add(err)
	if len(problems) > 0 {
		return Changed{}, false, problems
	}
	return usecase.Run(ctx, s.runner, actor, stateOperations[change], requestID, in,
		func(ctx context.Context, tx *usecase.Tx, in ChangeState) (Changed, error) {
			return s.changeState(ctx, tx, change, in)
		})
}

func (s *Service) changeState(ctx context.Context, tx *usecase.Tx, change licensing.StateChange, in ChangeState) (Changed, error) {
	l, grant, err := s.changeable(ctx, tx, in.Ticket, licensing.Revoke)
	if err != nil {
		return Changed{}, err
	}
	if l, err = caughtUp(ctx, tx, l, tx.Now()); err != nil {
		return Changed{}, err
	}
	from := l.StateAt(tx.Now().Business)
	before := l
	if l.State, err = l.StateAfter(change, tx.Now()); err != nil {
		return Changed{}, err
	}
	if err := tx.UpdateLicense(ctx, l); err != nil {
		return Changed{}, err
	}
	err = tx.Audit(ctx, "license."+pastOf[change], string(l.ID), string(l.Order),
		licensing.FromTo("state", string(from), string(l.State)), licensing.Value{Name: "reason", Value: in.Reason}, licensing.Value{Name: "grant", Value: grant})
	if err != nil {
		return Changed{}, err
	}
	if change == licensing.ToDelete {
		before.Version++
		if err := tx.Emit(ctx, licensing.LicenseIsDeleted{License: before, Reason: in.Reason}); err != nil {
			return Changed{}, err
		}
		l.File = ""
		return Changed{License: l, Owner: l.Group, At: tx.Now().Business}, nil
	}
	if l, err = tx.LicenseByID(ctx, l.ID); err != nil {
		return Changed{}, err
	}
	var event any
	switch change {
	case licensing.ToSuspend:
		event = licensing.LicenseIsSuspended{License: l, From: before.State, Reason: in.Reason}
	case licensing.ToRevoke:
		event = licensing.LicenseIsRevoked{License: l, From: before.State, Reason: in.Reason}
	default:
		event = licensing.LicenseReinstated{License: l, From: before.State, Reason: in.Reason}
	}
	if err := tx.Emit(ctx, event); err != nil {
		return Changed{}, err
	}
	return answer(ctx, tx, l.ID)
}

// pastOf is how the audit trail calls a change that has been made.
var pastOf = map[licensing.StateChange]string{
	licensing.ToSuspend: "suspended", licensing.ToRevoke: "revoked", licensing.ToReinstate: "reinstated", licensing.ToDelete: "deleted",
}

// LicenseAction is something that can be done with a license in the state in which it is.
type LicenseAction struct {
	Name    string             // "modify", "move", or a licensing.StateChange
	Missing []licensing.Action // what the actor does not hold in the category and would need; none: he may
}

// Actions returns what can be done with a license now, in the order in which a page offers it, also what the actor may
// not do.
func (s *Service) Actions(ctx context.Context, actor licensing.Actor, id licensing.LicenseID) ([]LicenseAction, error) {
	return usecase.Read(ctx, s.runner, actor, func(ctx context.Context, tx *usecase.Tx) ([]LicenseAction, error) {
		l, err := tx.LicenseByID(ctx, id)
		if l, err = seen(ctx, tx, l, err, "license"); err != nil {
			return nil, err
		}
		var all []LicenseAction
		add := func(name string, needs ...licensing.Action) error {
			a := LicenseAction{Name: name}
			for _, action := range needs {
				d, err := s.decider.Decide(ctx, tx, tx.Actor.ID, action, l.CategoryCode)
				if err != nil {
					return err
				}
				if !d.Allowed {
					a.Missing = append(a.Missing, action)
				}
			}
			all = append(all, a)
			return nil
		}
		if l.CaughtUp(tx.Now()).CanModify(tx.Now()) == nil {
			if err := add("modify", licensing.Modify); err != nil {
				return nil, err
			}
		}
		if tx.Actor.Role.Below() { // a member sees one group alone, so there is nowhere to move it
			if err := add("move", licensing.Revoke, licensing.Create); err != nil {
				return nil, err
			}
		}
		for _, change := range licensing.StateChanges {
			if _, err := l.StateAfter(change, tx.Now()); err != nil {
				continue
			}
			if err := add(string(change), licensing.Revoke); err != nil {
				return nil, err
			}
		}
		return all, nil
	})
}
