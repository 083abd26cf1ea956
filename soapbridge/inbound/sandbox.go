package inbound

import (
	"context"
	"time"

	"kontor/internal/licensing"
)

// stage finds what the sandbox of an actor has chosen for this request; SandboxNormal outside of one. The error is the fault
// that was chosen.
func (h *handler) stage(ctx context.Context, x *exchange, actor licensing.Actor) (licensing.SandboxAnswer, error) {
	if actor.Sandbox == nil || !actor.Sandbox.Special() {
		return licensing.SandboxNormal, nil
	}
	ours, err := h.access.UseSandbox(ctx, actor)
	if err != nil || !ours {
		return licensing.SandboxNormal, err
	}
	if e := actor.Sandbox.Fault(actor.Email); e != nil {
		x.staged = true
		return licensing.SandboxNormal, e
	}
	return actor.Sandbox.Answer, nil
}

// pause waits, unless the caller goes away meanwhile.
func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
