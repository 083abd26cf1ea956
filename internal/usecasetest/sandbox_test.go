package usecasetest

import (
	"context"
	"encoding/xml"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"kontor/internal/access"
	"kontor/internal/calls"
	"kontor/internal/demo"
	"kontor/internal/licensing"
	"kontor/internal/ordering"
)

// sandbox switches the sandbox of the demo's ERP account on for an hour.
func (h *house) sandbox(t testing.TB, answer licensing.SandboxAnswer, seconds, n int) access.SandboxRow {
	t.Helper()
	row, _, err := h.access.SetSandbox(t.Context(), h.isv(t), "", access.SetSandbox{Membership: h.erpAccount(t).ID, Hours: 1, Answer: answer, Seconds: seconds, Calls: n})
	must(t, err)
	return row
}

// TestSandboxMakesTests switches a sandbox on, creates in it by another process, and lets it end and be switched off.
func TestSandboxMakesTests(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		other := h.another(t)
		in := func() licensing.Actor {
			return got[licensing.Actor](t)(other.tries(t, erpName, demo.Password, office))
		}
		order := ordering.CreateOrder{Group: "northwind", Customer: licensing.Customer{Name: "Ute Brückner"}, Lines: []ordering.NewLine{{ExternalLine: "1", Category: "partner", Product: "AUR-SUITE", Parameters: []licensing.Value{{Name: "seats", Value: "3"}}}}}
		ordered := func(id string) (bool, bool) {
			out, replayed, err := other.ordering.CreateOrder(t.Context(), in(), id, order)
			must(t, err)
			return out.Order.Test, replayed
		}
		same(t, "before", other.create(t, in(), trial()).Licenses[0].Test, false)
		row := h.sandbox(t, licensing.SandboxNormal, 0, 0)
		same(t, "until", row.Until, h.wall.Now().Add(time.Hour))
		same(t, "in it", other.create(t, in(), trial()).Licenses[0].Test, true)
		test, replayed := ordered("a")
		same(t, "an order", []bool{test, replayed}, []bool{true, false})
		test, replayed = ordered("a")
		same(t, "its replay", []bool{test, replayed}, []bool{true, true})
		h.wall.advance(time.Hour)
		same(t, "when it has ended", in().Sandbox == nil && !in().MakesTests, true)
		_, _, err := other.ordering.CreateOrder(t.Context(), in(), "a", order)
		refused(t, "the replay, as something real", err, licensing.CodeRequestIDReused, "requestId")
		test, _ = ordered("b")
		same(t, "afterwards", test, false)

		h.sandbox(t, licensing.SandboxLost, 0, 3)
		h.sandbox(t, licensing.SandboxAnswer(licensing.CodeConflict), 0, 0)
		_, _, err = h.access.EndSandbox(t.Context(), h.isv(t), "", access.EndSandbox{Membership: h.erpAccount(t).ID})
		must(t, err)
		same(t, "switched off", in().Sandbox == nil, true)
		history := got[[]licensing.HistoryEntry](t)(h.access.PersonHistory(t.Context(), h.isv(t), h.erpAccount(t).ID))
		var actions []string
		for _, e := range history[:4] {
			actions = append(actions, strings.TrimPrefix(e.Action, "serviceAccount."))
		}
		same(t, "the history", actions, []string{"sandboxOff", "sandboxChanged", "sandboxOn", "sandboxOn"})
	})
}

// TestSandboxIsForAdmins: whoever does not look after the account switches nothing, and what is wrong is named.
func TestSandboxIsForAdmins(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		in := access.SetSandbox{Membership: h.madeAccount(t).Account.Membership.ID, Hours: 24, Answer: licensing.SandboxLost}
		_, _, err := h.access.SetSandbox(t.Context(), h.ben(t), "", in)
		refused(t, "a member", err, licensing.CodeDenied, "")
		_, _, err = h.access.EndSandbox(t.Context(), h.ben(t), "", access.EndSandbox{Membership: in.Membership})
		refused(t, "a member, off", err, licensing.CodeDenied, "")
		_, err = h.access.Sandbox(t.Context(), h.ben(t), in.Membership)
		refused(t, "a member, looking", err, licensing.CodeDenied, "")
		for _, hours := range []int{-1, 0, 2, 25} {
			in.Hours = hours
			_, _, err = h.access.SetSandbox(t.Context(), h.anna(t), "", in)
			refused(t, "for other hours", err, licensing.CodeInvalidRequest, "hours")
		}
		same(t, "nothing was switched", got[access.SandboxRow](t)(h.access.Sandbox(t.Context(), h.anna(t), in.Membership)).IsOn, false)
	})
}

// TestSandboxCountsOverProcesses uses up three calls in two processes, and none of a choice that was made before.
func TestSandboxCountsOverProcesses(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		houses := []*house{h, h.another(t)}
		h.sandbox(t, licensing.SandboxClosed, 0, 1)
		before := got[licensing.Actor](t)(h.tries(t, erpName, demo.Password, office))
		h.sandbox(t, licensing.SandboxLost, 0, 3)
		same(t, "by a choice that counts no more", got[bool](t)(h.access.UseSandbox(t.Context(), before)), false)
		// All of them came in before one was counted.
		actor := got[licensing.Actor](t)(h.tries(t, erpName, demo.Password, office))
		used := 0
		for i := range 8 {
			if got[bool](t)(houses[i%2].access.UseSandbox(t.Context(), actor)) {
				used++
			}
		}
		same(t, "of the next 3", used, 3)
		actor = got[licensing.Actor](t)(h.tries(t, erpName, demo.Password, office))
		same(t, "it lasts longer than the count", []bool{actor.MakesTests, actor.Sandbox.Special()}, []bool{true, false})
	})
}

// TestLostAnswer: by SOAP, over a connection: a request whose answer is lost is found by its replay, and one test exists.
func TestLostAnswer(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		log := h.callLog(t, calls.Config{})
		server := httptest.NewServer(h.face(t, log))
		t.Cleanup(server.Close)
		ask := func() (string, error) {
			body := soap11(`<CreateLicense xmlns="urn:kontor:license:v1"><requestId>lost-1</requestId><group>northwind</group><category>partner</category><product>AUR-SUITE</product>` +
				`<customer><name>Ute Brückner</name></customer><parameters><parameter><name>seats</name><value>3</value></parameter></parameters></CreateLicense>`)
			r, err := http.NewRequestWithContext(context.WithoutCancel(t.Context()), http.MethodPost, server.URL, strings.NewReader(body))
			must(t, err)
			r.Header.Set("Content-Type", "text/xml")
			r.SetBasicAuth(erpName, demo.Password)
			r.GetBody = nil // so that the client itself does not try again
			response, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(r)
			if err != nil {
				return "", err
			}
			defer func() { _ = response.Body.Close() }()
			text, err := io.ReadAll(response.Body)
			return string(text), err
		}
		made := func() (n int) {
			page := got[ordering.LicenseList](t)(h.ordering.LicenseList(t.Context(), h.isv(t), licensing.LicenseFilter{Limit: 500}))
			for _, l := range page.Licenses {
				if l.Test && l.GroupCode == "northwind" {
					n++
				}
			}
			return n
		}
		before := made()
		h.sandbox(t, licensing.SandboxClosed, 0, 1)
		if text, err := ask(); err == nil {
			t.Fatalf("closed, and yet answered:\n%s", text)
		}
		same(t, "after closed", made(), before)
		h.sandbox(t, licensing.SandboxLost, 0, 1)
		if text, err := ask(); err == nil {
			t.Fatalf("lost, and yet answered:\n%s", text)
		}
		same(t, "after lost", made(), before+1)
		text, err := ask()
		must(t, err)
		var envelope struct {
			Replayed bool `xml:"Body>CreateLicenseResponse>replayed"`
		}
		must(t, xml.Unmarshal([]byte(text), &envelope))
		same(t, "the replay says so", envelope.Replayed, true)
		same(t, "after the replay", made(), before+1)
		server.Close() // a call is kept after its answer has left: this waits for it
		must(t, log.Close())
		var outcomes []licensing.CallOutcome
		page, err := log.List(t.Context(), h.isv(t), licensing.CallFilter{Limit: 10})
		must(t, err)
		for _, c := range page.Calls {
			outcomes = append(outcomes, c.Outcome)
		}
		same(t, "the log of calls", outcomes, []licensing.CallOutcome{licensing.CallReplayed, licensing.CallLost, licensing.CallLost})
	})
}
