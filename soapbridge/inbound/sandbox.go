package inbound

import (
	"context"
	"net/http"
	"sync"
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
		x.staged, e.Field = true, stagedField(e.Code, x.request)
		return licensing.SandboxNormal, e
	}
	return actor.Sandbox.Answer, nil
}

// stagedField is what a chosen fault names as its field, where its code has one: something of the request that was sent, so
// that a program finds it as it would find what is wrong in truth.
func stagedField(code licensing.Code, request *element) string {
	switch code {
	case licensing.CodeInvalidParameter:
		return firstParameter(request)
	case licensing.CodeInvalidRequest:
		if len(request.children) > 0 {
			return request.children[0].name
		}
	}
	return ""
}

// firstParameter is the name of the first parameter or data field of a request; "parameters" where it has none.
func firstParameter(request *element) string {
	holders := []*element{request}
	if lines := request.child("lines"); lines != nil {
		holders = append(holders, lines.children...)
	}
	for _, e := range holders {
		for _, v := range append(e.values("parameters", "parameter"), e.values("dataFields", "dataField")...) {
			return v.Name
		}
	}
	return "parameters"
}

// How many answers are held back at once: each keeps what it needs until it is sent, for up to a minute.
const (
	mostLateOfOne = 4
	mostLate      = 32
)

// late counts the answers that are held back. Its zero value has none.
type late struct {
	mu  sync.Mutex
	of  map[licensing.MembershipID]int
	all int
}

// enter takes a place for the answer of x; exhausted when its account, or the process, has none left. The request is not
// carried out then.
func (l *late) enter(x *exchange) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	account := x.actor.ID
	switch {
	case l.of[account] >= mostLateOfOne:
		return licensing.ExhaustedFor(time.Second, "The sandbox of %s holds back %d answers at a time, and does so already. Nothing has been done.", x.actor.Email, mostLateOfOne)
	case l.all >= mostLate:
		return licensing.ExhaustedFor(time.Second, "The sandboxes hold back %d answers at a time, and do so already. Nothing has been done.", mostLate)
	}
	if l.of == nil {
		l.of = map[licensing.MembershipID]int{}
	}
	l.of[account]++
	l.all++
	x.late = true
	return nil
}

// leave gives the place of x back, if it has one.
func (l *late) leave(x *exchange) {
	if !x.late {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	x.late = false
	l.all--
	if l.of[x.actor.ID]--; l.of[x.actor.ID] == 0 {
		delete(l.of, x.actor.ID)
	}
}

// sendLate holds an answer back before it is sent. Meanwhile of the whole request only what is sent and kept stays in memory.
func (h *handler) sendLate(w http.ResponseWriter, r *http.Request, x *exchange, kept recording, status int, body []byte) {
	x.root, x.request, x.security, x.addressing, x.document = nil, nil, nil, nil, nil
	func() {
		defer h.late.leave(x)
		h.config.Pause(r.Context(), time.Duration(x.actor.Sandbox.Seconds)*time.Second)
	}()
	send(w, r, status, x.version.mediaType, body)
	kept.call.Took = time.Since(x.begun)
	h.keep(kept)
}

// pause waits, unless the caller goes away meanwhile or the server stops.
func pause(ctx context.Context, stop <-chan struct{}, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-stop:
	case <-ctx.Done():
	}
}
