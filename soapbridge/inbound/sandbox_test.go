package inbound

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
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
				if want := map[licensing.SandboxAnswer]string{"invalidParameter": "parameters", "invalidRequest": "requestId"}[c.answer]; got.field != want {
					t.Errorf("the field is %q, want %q", got.field, want)
				}
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

// TestSandboxNamesAField of the request where a code has one: the first parameter, of the first line that has one, or the
// first element.
func TestSandboxNamesAField(t *testing.T) {
	const seats = "<v:parameters><v:parameter><v:name>seats</v:name><v:value>3</v:value></v:parameter></v:parameters>"
	for _, c := range []struct{ name, envelope, parameter, element string }{
		{"a parameter", soapEnvelope("", createLicenseBody("", seats)), "seats", "requestId"},
		{"a data field", soapEnvelope("", createLicenseBody("", strings.NewReplacer("parameter", "dataField", "seats", "po").Replace(seats))), "po", "requestId"},
		{"neither", soapEnvelope("", getLicenseBody), "parameters", "ticket"},
		{"of the second line", orderOf("", seats), "seats", "requestId"},
		{"nothing sent", soapEnvelope("", "<v:ListChanges/>"), "parameters", ""},
	} {
		for code, want := range map[licensing.SandboxAnswer]string{"invalidParameter": c.parameter, "invalidRequest": c.element, "denied": ""} {
			f := newFace(t, Config{})
			f.access.sandbox = &licensing.Sandbox{Answer: code}
			w, _ := f.askBroken(newRequest(soap11.mediaType, c.envelope))
			if got := faultIn(t, w); got.code != string(code) || got.field != want {
				t.Errorf("%s, %s: got %+v, want the field %q", c.name, code, got, want)
			}
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
	pause(ctx, nil, 1000*time.Hour)
	pause(t.Context(), nil, time.Nanosecond)
}

// TestPauseEndsWithTheServer: a server that stops sends what was held back.
func TestPauseEndsWithTheServer(t *testing.T) {
	stop := make(chan struct{})
	f := newFace(t, Config{Stop: stop})
	f.access.sandbox = &licensing.Sandbox{Answer: licensing.SandboxSlow, Seconds: 1_000_000}
	answered := make(chan int)
	go func() {
		w := httptest.NewRecorder()
		f.ServeHTTP(w, newRequest(soap11.mediaType, soapEnvelope("", getLicenseBody)))
		answered <- w.Code
	}()
	close(stop)
	if status := <-answered; status != http.StatusOK {
		t.Errorf("got the status %d", status)
	}
}

// TestFewAnswersAreHeldBack holds how many are held back of one account, that nothing else of their requests stays in
// memory, and that the places are given back.
func TestFewAnswersAreHeldBack(t *testing.T) {
	var attributes strings.Builder
	for _, c := range "abcdefghijklmnop" {
		attributes.WriteString(" " + string(c) + `=""`)
	}
	big := soapEnvelope(`<x:h xmlns:x="urn:x">`+strings.Repeat("<y"+attributes.String()+"/>", 9000)+`</x:h>`, createLicenseBody("", ""))
	paused, release := make(chan struct{}), make(chan struct{})
	f := newFace(t, Config{Pause: func(context.Context, time.Duration) { paused <- struct{}{}; <-release }})
	f.access.sandbox = &licensing.Sandbox{Answer: licensing.SandboxSlow, Seconds: 60}
	before := inUse()
	var requests sync.WaitGroup
	for range mostLateOfOne {
		requests.Go(func() {
			w := httptest.NewRecorder()
			f.ServeHTTP(w, newRequest(soap11.mediaType, big))
			if w.Code != http.StatusOK {
				t.Errorf("what is held back: %d %s", w.Code, w.Body)
			}
		})
		<-paused
	}
	if held := (inUse() - before) / mostLateOfOne; held > 2<<20 { // the message is of 700 KB, its tree of more than 10 MB
		t.Errorf("%d KB are held for each", held>>10)
	}
	carried := len(f.ordering.created)
	w := httptest.NewRecorder()
	f.ServeHTTP(w, newRequest(soap11.mediaType, soapEnvelope("", createLicenseBody("", ""))))
	if got := faultIn(t, w); got.code != "exhausted" || !strings.Contains(got.message, "holds back 4 answers") || w.Header().Get("Retry-After") != "1" {
		t.Errorf("beyond: %+v", got)
	}
	if len(f.ordering.created) != carried {
		t.Error("beyond: it was carried out")
	}
	close(release)
	requests.Wait()
	go f.ServeHTTP(httptest.NewRecorder(), newRequest(soap11.mediaType, soapEnvelope("", getLicenseBody)))
	<-paused
}

// inUse is how many bytes of memory are in use.
func inUse() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC() // what a pool keeps goes with the second
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc) //nolint:gosec // small
}

// TestAllSandboxesTogetherHoldFewBack holds how many are held back in all.
func TestAllSandboxesTogetherHoldFewBack(t *testing.T) {
	var l late
	enter := func(id string) (*exchange, error) {
		x := &exchange{actor: licensing.Actor{Membership: licensing.Membership{ID: licensing.MembershipID(id)}}}
		return x, l.enter(x)
	}
	var all []*exchange
	for i := range mostLate {
		x, err := enter(strconv.Itoa(i / 2))
		if err != nil {
			t.Fatal(i, err)
		}
		all = append(all, x)
	}
	x, err := enter("one more")
	if e := licensing.AsError(err); e == nil || e.Code != licensing.CodeExhausted {
		t.Error("one more got in:", err)
	}
	l.leave(x) // which has no place
	if _, err := enter("one more"); err == nil {
		t.Error("one more got in when one left that was not there")
	}
	for _, x := range all {
		l.leave(x)
	}
	if l.all != 0 || len(l.of) != 0 {
		t.Errorf("left are %+v", l.of)
	}
}
