package calls

import (
	"context"
	"errors"
	"time"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

// Use is what a service account has called of late, beside what it may.
type Use struct {
	Account licensing.Membership
	Limits  licensing.CallLimits // that hold
	House   licensing.CallLimits // that hold where the account has none of its own
	Own     licensing.OwnLimits
	Used    licensing.CallUse // what counts against the limits in this minute and on this day
	Step    time.Duration     // of the parts: a minute or an hour
	Parts   []UsePart         // in order, without gaps; the last one is not over
}

// UsePart is one minute or one hour.
type UsePart struct {
	From    time.Time // UTC
	Done    int       // replays included
	Refused int       // by a limit, as far as the log has them one by one
	Faults  int       // all other ones
}

// Calls is how many calls counted against the limits.
func (p UsePart) Calls() int { return p.Done + p.Faults }

// The stretches that a use is shown of.
const (
	minutesShown = 60
	hoursShown   = 24
)

// Use returns the last hour by minute of a service account within sight, or the last day by hour. Only admins may.
func (s *Service) Use(ctx context.Context, actor licensing.Actor, account licensing.MembershipID, byHour bool) (Use, error) {
	return usecase.Read(ctx, s.runner, actor, func(ctx context.Context, tx *usecase.Tx) (u Use, err error) {
		if tx.Actor.Role != licensing.RoleAdmin {
			return u, licensing.DeniedError("", "Only admins see what service accounts use.")
		}
		unknown := licensing.NotFoundError("membership", "There is no such service account within your sight.")
		a, err := tx.ServiceAccountByID(ctx, account)
		if errors.Is(err, licensing.ErrNone) {
			return u, unknown
		}
		if err != nil {
			return u, err
		}
		seen, err := tx.InSight(ctx, tx.Actor.Group, true, a.Membership.Group)
		if err != nil {
			return u, err
		}
		if !seen {
			return u, unknown
		}
		held, _, err := tx.HeldTo(ctx, account)
		if err != nil {
			return u, err
		}
		u = Use{Account: a.Membership, Limits: held.Limits.Over(s.config.Limits), House: s.config.Limits, Own: held.Limits, Step: time.Minute}
		if u.Used, err = tx.Used(ctx, account); err != nil {
			return u, err
		}
		n := minutesShown
		if byHour {
			u.Step, n = time.Hour, hoursShown
		}
		first := tx.Now().Wall.Truncate(u.Step).Add(-time.Duration(n-1) * u.Step)
		for i := range n {
			u.Parts = append(u.Parts, UsePart{From: first.Add(time.Duration(i) * u.Step)})
		}
		counts, err := tx.CountCallsBy(ctx, account, first, u.Step)
		for _, c := range counts {
			i := int(c.From.Sub(first) / u.Step)
			if i < 0 || i >= n { // of a process whose clock is ahead
				continue
			}
			switch {
			case !c.Outcome.Fault():
				u.Parts[i].Done += c.N
			case c.Outcome == licensing.CallOutcome(licensing.CodeExhausted):
				u.Parts[i].Refused += c.N
			default:
				u.Parts[i].Faults += c.N
			}
		}
		return u, err
	})
}
