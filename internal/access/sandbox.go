package access

import (
	"context"
	"slices"
	"strconv"
	"time"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

// SandboxRow is the sandbox of a service account.
type SandboxRow struct {
	Account licensing.Membership
	licensing.Sandbox
	IsOn bool // now; else Sandbox is empty
}

// OwnedBy implements usecase.Sighted.
func (r SandboxRow) OwnedBy() licensing.GroupID { return r.Account.Group }

// Sandbox returns the sandbox of a service account within sight. Only admins may.
func (s *Service) Sandbox(ctx context.Context, actor licensing.Actor, id licensing.MembershipID) (SandboxRow, error) {
	return usecase.Read(ctx, s.runner, actor, func(ctx context.Context, tx *usecase.Tx) (SandboxRow, error) {
		a, err := accountInSight(ctx, tx, id)
		if err != nil {
			return SandboxRow{}, err
		}
		return sandboxRow(ctx, tx, a.Membership)
	})
}

func sandboxRow(ctx context.Context, tx *usecase.Tx, m licensing.Membership) (SandboxRow, error) {
	row := SandboxRow{Account: m}
	_, held, err := tx.HeldTo(ctx, m.ID)
	if err == nil && held.On(tx.Now().Wall) {
		row.Sandbox, row.IsOn = held, true
	}
	return row, err
}

// SetSandbox asks for the sandbox of a service account to be switched on, or for another answer in it. Problems name
// "hours", "answer", "seconds" and "calls".
type SetSandbox struct {
	Membership licensing.MembershipID  `json:"membership"`
	Hours      int                     `json:"hours"` // from now on: one of licensing.SandboxHours
	Answer     licensing.SandboxAnswer `json:"answer"`
	Seconds    int                     `json:"seconds"`
	Calls      int                     `json:"calls"`
}

// SetSandbox switches the sandbox of a service account on, or changes what it answers and until when. It counts from the
// next request on, in all processes, and ends by itself. Only admins may.
func (s *Service) SetSandbox(ctx context.Context, actor licensing.Actor, requestID string, in SetSandbox) (out SandboxRow, replayed bool, err error) {
	return usecase.Run(ctx, s.runner, actor, "SetSandbox", requestID, in, func(ctx context.Context, tx *usecase.Tx, in SetSandbox) (none SandboxRow, err error) {
		a, err := accountInSight(ctx, tx, in.Membership)
		if err != nil {
			return none, err
		}
		now := tx.Now().Wall
		to := licensing.Sandbox{ID: licensing.NewID(), Until: now.Add(time.Duration(in.Hours) * time.Hour), Answer: in.Answer, Seconds: in.Seconds, Calls: in.Calls}
		var problems licensing.Problems
		if !slices.Contains(licensing.SandboxHours, in.Hours) {
			problems.Add(licensing.InvalidRequest("hours", "Choose for how long."))
		}
		problems.Add(to.Check())
		if err := problems.OrNil(); err != nil {
			return none, err
		}
		before, err := sandboxRow(ctx, tx, a.Membership)
		if err != nil {
			return none, err
		}
		if err := tx.SetSandbox(ctx, a.Membership.ID, to); err != nil {
			return none, err
		}
		what := "serviceAccount.sandboxOn"
		if before.IsOn {
			what = "serviceAccount.sandboxChanged"
		}
		return SandboxRow{Account: a.Membership, Sandbox: to, IsOn: true}, tx.Audit(ctx, what, string(a.Membership.ID), string(a.Membership.Group), sandboxDetail(to)...)
	})
}

func sandboxDetail(s licensing.Sandbox) []licensing.Value {
	detail := []licensing.Value{{Name: "sandboxUntil", Value: s.Until.Format(time.RFC3339)}, {Name: "sandboxAnswer", Value: string(s.Answer)}}
	if s.Seconds > 0 {
		detail = append(detail, licensing.Value{Name: "sandboxSeconds", Value: strconv.Itoa(s.Seconds)})
	}
	if s.Calls > 0 {
		detail = append(detail, licensing.Value{Name: "sandboxCalls", Value: strconv.Itoa(s.Calls)})
	}
	return detail
}

// EndSandbox asks for the sandbox of a service account to be switched off.
type EndSandbox struct {
	Membership licensing.MembershipID `json:"membership"`
}

// EndSandbox switches the sandbox of a service account off: what it creates from the next request on is real. One that is
// off stays so. Only admins may.
func (s *Service) EndSandbox(ctx context.Context, actor licensing.Actor, requestID string, in EndSandbox) (out SandboxRow, replayed bool, err error) {
	return usecase.Run(ctx, s.runner, actor, "EndSandbox", requestID, in, func(ctx context.Context, tx *usecase.Tx, in EndSandbox) (none SandboxRow, err error) {
		a, err := accountInSight(ctx, tx, in.Membership)
		if err != nil {
			return none, err
		}
		row, err := sandboxRow(ctx, tx, a.Membership)
		if err != nil || !row.IsOn {
			return row, err
		}
		if err := tx.SetSandbox(ctx, a.Membership.ID, licensing.Sandbox{}); err != nil {
			return none, err
		}
		return SandboxRow{Account: a.Membership}, tx.Audit(ctx, "serviceAccount.sandboxOff", string(a.Membership.ID), string(a.Membership.Group))
	})
}

// UseSandbox reports whether the actor's request is to be answered as his sandbox says, and counts it where calls are
// counted.
func (s *Service) UseSandbox(ctx context.Context, actor licensing.Actor) (bool, error) {
	if actor.Sandbox == nil || !actor.Sandbox.Special() {
		return false, nil
	}
	if actor.Sandbox.Calls == 0 {
		return true, nil
	}
	used, _, err := usecase.Run(ctx, s.runner, actor, "UseSandbox", "", actor.Sandbox.ID, func(ctx context.Context, tx *usecase.Tx, id string) (bool, error) {
		return tx.UseSandbox(ctx, actor.ID, id)
	})
	return used, err
}
