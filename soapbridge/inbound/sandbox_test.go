package inbound

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"kontor/internal/licensing"
)

// askBroken asks, and reports whether the connection was broken off.
func (f face) askBroken(r *http.Request) (w *httptest.ResponseRecorder, broken bool) {
	defer func() {
		if p := recover(); p != nil {
			err, ok := p.(error)
			if broken = ok && errors.Is(err, http.ErrAbortHandler); !broken {
				panic(p)
			}
		}
	}()
	w = httptest.NewRecorder()
	f.ServeHTTP(w, r)
	return w, false
}

// TestSandboxAnswers has a sandbox choose each answer, in both versions.
func TestSandboxAnswers(t *testing.T) {
	type chosen struct {
		answer  licensing.SandboxAnswer
		carried bool // the request is carried out
		broken  bool
		outcome licensing.CallOutcome
	}
	all := []chosen{
		{"normal", true, false, licensing.CallOK}, {"slow", true, false, licensing.CallOK}, {"lost", true, true, licensing.CallLost}, {"closed", false, true, licensing.CallLost},
	}
	for code := range callersFault {
		all = append(all, chosen{licensing.SandboxAnswer(code), false, false, licensing.CallOutcome(code)})
	}
	for _, c := range all {
		for _, v := range []*version{soap11, soap12} {
			t.Run(string(c.answer)+" "+v.number(), func(t *testing.T) {
				var waited []time.Duration
				log := &keptCalls{}
				f := newFace(t, Config{Calls: log, Pause: func(_ context.Context, d time.Duration) { waited = append(waited, d) }})
				f.access.sandbox = &licensing.Sandbox{Answer: c.answer, Seconds: 7}
				body := soapEnvelope("", createLicenseBody("", ""))
				if v == soap12 {
					body = in12(body)
				}
				w, broken := f.askBroken(newRequest(v.mediaType, body))
				if broken != c.broken || (len(f.ordering.created) == 1) != c.carried {
					t.Fatalf("broken off: %v, created: %d", broken, len(f.ordering.created))
				}
				kept, envelopes := log.last(t)
				if kept.Outcome != c.outcome || kept.Operation != "CreateLicense" || kept.RequestID != "r-1" || kept.Reference == "" {
					t.Errorf("the log of calls has %+v", kept)
				}
				if (envelopes.Answer == "") != (c.answer == licensing.SandboxClosed) {
					t.Errorf("the log of calls has the answer %q", envelopes.Answer)
				}
				if want := []time.Duration{7 * time.Second}; c.answer == licensing.SandboxSlow != slices.Equal(waited, want) {
					t.Errorf("it waited %v", waited)
				}
				_, isFault := callersFault[licensing.Code(c.answer)]
				if !isFault {
					return
				}
				got := faultIn(t, w)
				if got.code != string(c.answer) || !strings.Contains(got.message, "the sandbox of "+accountName) || !strings.Contains(w.Body.String(), kept.Reference) {
					t.Errorf("got %+v", got)
				}
				if after := w.Header().Get("Retry-After"); (after != "") != (c.answer == "exhausted") {
					t.Errorf("Retry-After is %q", after)
				}
			})
		}
	}
}

// TestSandboxComesLast holds that wrong credentials and a broken schema are told as ever, and that a count that is used up
// changes nothing.
func TestSandboxComesLast(t *testing.T) {
	f := newFace(t, Config{})
	f.access.sandbox = &licensing.Sandbox{Answer: licensing.SandboxClosed}
	w, broken := f.askBroken(newRequest(soap11.mediaType, soapEnvelope("", "<v:GetLicense/>")))
	if got := faultIn(t, w); broken || got.code != "invalidRequest" || strings.Contains(got.message, "sandbox") {
		t.Errorf("a broken schema: %v %+v", broken, got)
	}
	r := newRequest(soap11.mediaType, soapEnvelope("", getLicenseBody))
	r.SetBasicAuth(accountName, "wrong")
	w, broken = f.askBroken(r)
	if got := faultIn(t, w); broken || got.code != "unauthenticated" || strings.Contains(got.message, "sandbox") {
		t.Errorf("a wrong secret: %v %+v", broken, got)
	}
	f.access.sandbox = &licensing.Sandbox{Answer: licensing.SandboxClosed, Calls: 2}
	w, broken = f.askBroken(newRequest(soap11.mediaType, soapEnvelope("", getLicenseBody)))
	if broken || w.Code != http.StatusOK {
		t.Errorf("when the count is used up: %v %d", broken, w.Code)
	}
}

// TestPauseEndsWithTheCaller: nobody waits for a caller who is gone.
func TestPauseEndsWithTheCaller(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	pause(ctx, 1000*time.Hour)
	pause(t.Context(), time.Nanosecond)
}
