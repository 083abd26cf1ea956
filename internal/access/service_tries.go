package access

import (
	"context"
	"unicode/utf8"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

// TryAs asks to call an operation as a service account.
type TryAs struct {
	Membership licensing.MembershipID `json:"membership"`
	Operation  string                 `json:"operation"` // for the history
}

// TryAs returns a service account within sight as an actor who is held to tests, and notes in its history who tried
// what. Only admins may, who could give themselves its secret as well; one that is suspended is a conflict.
func (s *Service) TryAs(ctx context.Context, actor licensing.Actor, in TryAs) (licensing.Actor, error) {
	out, _, err := usecase.Run(ctx, s.runner, actor, "TryAs", "", in, func(ctx context.Context, tx *usecase.Tx, in TryAs) (licensing.Actor, error) {
		a, err := accountInSight(ctx, tx, in.Membership)
		if err != nil {
			return licensing.Actor{}, err
		}
		if !a.Membership.Active() {
			return licensing.Actor{}, licensing.ConflictError("%s is suspended: its requests are refused.", a.Membership.UserName)
		}
		if utf8.RuneCountInString(in.Operation) > maxOperation {
			in.Operation = ""
		}
		held, err := admissionOf(ctx, tx, a.Membership)
		if err != nil {
			return licensing.Actor{}, err
		}
		// Its addresses do not count: who tries it out sits elsewhere.
		as, err := held.hold(licensing.Actor{Membership: a.Membership, Via: licensing.ViaConsole, Remote: tx.Actor.Remote, MakesTests: true, OnlyTests: true})
		if err != nil {
			return licensing.Actor{}, err
		}
		return as, tx.Audit(ctx, "serviceAccount.tried", string(a.Membership.ID), string(a.Membership.Group), licensing.Value{Name: "operation", Value: in.Operation})
	})
	return out, err
}

// maxOperation is the longest name of an operation that a history keeps, in characters.
const maxOperation = 64
