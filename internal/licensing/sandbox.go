package licensing

import (
	"slices"
	"time"
)

// The bounds of a sandbox.
const (
	MaxSandboxSeconds = 60  // that an answer is held back
	MaxSandboxCalls   = 100 // that are answered as chosen, when they are counted
)

// SandboxHours are for how long a sandbox may be switched on.
var SandboxHours = []int{1, 4, 8, 24}

// SandboxAnswer is what a service account gets for an answer while its sandbox is on: one of those below, or the Code of a
// fault.
type SandboxAnswer string

// The answers beside the codes of faults.
const (
	SandboxNormal SandboxAnswer = "normal" // nothing special
	SandboxSlow   SandboxAnswer = "slow"   // the request is carried out, and its answer held back
	SandboxLost   SandboxAnswer = "lost"   // the request is carried out, and the connection closed instead of an answer
	SandboxClosed SandboxAnswer = "closed" // the connection is closed before anything is done
)

// sandboxKinds are the codes that can be chosen, with the kind that each belongs to.
var sandboxKinds = map[Code]Kind{
	CodeInvalidParameter: Invalid, CodeInvalidRequest: Invalid, CodeUnauthenticated: Unauthenticated, CodeDenied: Denied, CodeNotFound: NotFound,
	CodeRequestIDReused: Conflict, CodeConflict: Conflict, CodeExhausted: Exhausted, CodeTooLarge: Invalid, CodeUnavailable: Unavailable, CodeInternal: Internal,
}

// sandboxAfter is after which time a fault says that it is worth to try again, where its code has that.
const sandboxAfter = 10 * time.Second

// Sandbox is a mode of a service account in which others try out what they build: all that it creates is a test, it
// changes nothing but tests, and its requests are answered as somebody chose. Its zero value is off.
type Sandbox struct {
	ID      string        `json:"id"`    // another one with each choice, so that calls are counted for the right one
	Until   time.Time     `json:"until"` // wall clock; it is off by itself from then on
	Answer  SandboxAnswer `json:"answer"`
	Seconds int           `json:"seconds,omitempty"` // of SandboxSlow: 1 to MaxSandboxSeconds
	Calls   int           `json:"calls,omitempty"`   // how many get Answer, 1 to MaxSandboxCalls; 0: each
	Left    int           `json:"-"`                 // how many of Calls still do; kept by the store
}

// On reports whether it is on at an instant by the wall clock.
func (s Sandbox) On(now time.Time) bool { return now.Before(s.Until) }

// Special reports whether the next call is answered otherwise than it would be.
func (s Sandbox) Special() bool {
	return s.Answer != SandboxNormal && s.Answer != "" && (s.Calls == 0 || s.Left > 0)
}

// Check puts a choice into the form that is kept: without what its answer has no use for. Problems name "answer", "seconds"
// and "calls".
func (s *Sandbox) Check() error {
	var problems Problems
	if _, ok := sandboxKinds[Code(s.Answer)]; !ok && !slices.Contains([]SandboxAnswer{SandboxNormal, SandboxSlow, SandboxLost, SandboxClosed}, s.Answer) {
		problems.Add(InvalidRequest("answer", "Choose what is answered."))
	}
	switch {
	case s.Answer != SandboxSlow:
		s.Seconds = 0
	case s.Seconds < 1 || s.Seconds > MaxSandboxSeconds:
		problems.Add(InvalidRequest("seconds", "Enter 1 to %d seconds.", MaxSandboxSeconds))
	}
	switch {
	case s.Answer == SandboxNormal:
		s.Calls = 0
	case s.Calls < 0 || s.Calls > MaxSandboxCalls:
		problems.Add(InvalidRequest("calls", "Enter 1 to %d calls, or nothing for each call.", MaxSandboxCalls))
	}
	s.Left = s.Calls
	return problems.OrNil()
}

// Fault is what an account of that name is told where the answer is the code of a fault; nil where it is another.
func (s Sandbox) Fault(account string) *Error {
	kind, ok := sandboxKinds[Code(s.Answer)]
	if !ok {
		return nil
	}
	e := ErrorOf(kind, Code(s.Answer), "This is the sandbox of %s, which answers with %s as was chosen on its page. Nothing has been done.", account, string(s.Answer))
	if kind == Exhausted {
		e.After = sandboxAfter
	}
	return e
}

// WithSandbox returns the actor in his sandbox, where that is on: all that he creates and changes is a test.
func (a Actor) WithSandbox(s Sandbox, now time.Time) Actor {
	if s.On(now) {
		a.Sandbox, a.MakesTests = &s, true
	}
	return a
}
