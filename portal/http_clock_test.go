package portal_test

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/alexedwards/scs/v2"

	"kontor/internal/licensing"
	"kontor/portal"
)

func TestClockByScript(t *testing.T) {
	w := newWorld(t)
	base := startPortal(t, w)
	v := visit(t, base)
	ask := func(body string, headers ...string) answer {
		return v.send(http.MethodPost, "/demo/clock", body, append([]string{"Content-Type", "application/json"}, headers...)...)
	}
	ask(`{"to": "2027-11-01"}`).want(t, http.StatusOK, `{"now":"2027-10-31T23:00:00Z"}`)
	ask(`{"to": "2026-11-01"}`).want(t, http.StatusBadRequest, "only moves forward")
	ask(`{"to": "soon"}`).want(t, http.StatusBadRequest, "Enter a day of the form 2027-01-31.")
	ask(`{`).want(t, http.StatusBadRequest, `"error"`)
	ask(`{"to": "2028-01-01"}`, "Sec-Fetch-Site", "cross-site").want(t, http.StatusForbidden)

	elsewhere := httptest.NewRequest(http.MethodPost, "/demo/clock", strings.NewReader(`{"to": "2028-01-01"}`))
	elsewhere.Header.Set("Content-Type", "application/json")
	for name, c := range map[string]struct{ remote, host string }{
		"another machine":           {"192.0.2.7:4000", "127.0.0.1:8080"},
		"a name that points here":   {"127.0.0.1:4000", "rebound.example"},
		"another machine, by IPv6":  {"[2001:db8::7]:4000", "localhost"},
		"an address that is no one": {"", "localhost"},
	} {
		r := elsewhere.Clone(t.Context())
		r.RemoteAddr, r.Host = c.remote, c.host
		r.Body = io.NopCloser(strings.NewReader(`{"to": "2028-01-01"}`))
		handler, err := portal.New(portal.Config{Sessions: scs.New(), Demo: true, Log: slog.New(slog.DiscardHandler)}, w.services())
		if err != nil {
			t.Fatal(err)
		}
		answer := httptest.NewRecorder()
		handler.ServeHTTP(answer, r)
		if answer.Code != http.StatusForbidden {
			t.Errorf("%s gets %d", name, answer.Code)
		}
	}
	if got := w.now.Today(); got != (licensing.Day{Year: 2027, Month: time.November, Date: 1}) {
		t.Errorf("the clock stands at %s", got)
	}
}

func TestNoClockOutsideADemo(t *testing.T) {
	w := newWorld(t)
	handler, err := portal.New(portal.Config{Sessions: scs.New(), Log: slog.New(slog.DiscardHandler)}, w.services())
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	v := visit(t, server.URL)
	v.send(http.MethodPost, "/demo/clock", `{"to": "2028-01-01"}`, "Content-Type", "application/json").want(t, http.StatusNotFound)
	v.signIn("anna@northwind.example")
	v.get("/demo/clock").want(t, http.StatusNotFound)
	if a := v.get("/as/northwind"); strings.Contains(a.page, "k-clock") {
		t.Error("the strip of the demo's clock is shown")
	}
	w.now.Business = w.now.Business.AddDate(0, 0, 1)
	v.get("/as/northwind").want(t, http.StatusOK, "the clock stands at Sunday, 22 November 2026")
}
