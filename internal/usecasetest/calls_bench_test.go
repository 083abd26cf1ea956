package usecasetest

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"

	"kontor/internal/calls"
	"kontor/internal/licensing"
	"kontor/soapbridge/inbound"
)

// face is the SOAP face of a house; log may be nil.
func (h *house) face(t testing.TB, log *calls.Service) http.Handler {
	t.Helper()
	config := inbound.Config{PublicURL: "https://kontor.example", Wall: h.wall.Now, Log: slog.New(slog.DiscardHandler)}
	if log != nil {
		config.Calls = log
	}
	return got[http.Handler](t)(inbound.New(config, h.access, h.catalog, h.ordering, h.subscriptions, h.connecting))
}

// askFace sends an envelope with the demo's credentials, or others.
func askFace(face http.Handler, envelope, secret string) *httptest.ResponseRecorder {
	return askFaceAs(face, envelope, "erp@aurora.example", secret)
}

func askFaceAs(face http.Handler, envelope, account, secret string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, inbound.Path, strings.NewReader(envelope))
	r.RemoteAddr = "127.0.0.1:50000"
	r.Header.Set("Content-Type", "text/xml")
	r.SetBasicAuth(account, secret)
	w := httptest.NewRecorder()
	face.ServeHTTP(w, r)
	return w
}

func soap11(body string) string {
	return `<Envelope xmlns="http://schemas.xmlsoap.org/soap/envelope/"><Body>` + body + `</Body></Envelope>`
}

// BenchmarkGetLicense asks for one license by SOAP, without the network: bare, with the log of calls, and with limits as well.
// What waits to be logged when the time is over is written outside of it.
func BenchmarkGetLicense(b *testing.B) {
	for _, engine := range []string{"sqlite", "postgres"} {
		h := newHouse(b, engine)
		ticket := h.created(b, h.anna(b)).Licenses[0].Ticket
		envelope := soap11(`<GetLicense xmlns="urn:kontor:license:v1"><ticket>` + ticket + `</ticket></GetLicense>`)
		for _, c := range []struct {
			name   string
			logged bool
			limits licensing.CallLimits
		}{{"bare", false, licensing.CallLimits{}}, {"logged", true, licensing.CallLimits{}}, {"logged-and-limited", true, licensing.CallLimits{PerMinute: 1 << 30, PerDay: 1 << 30}}} {
			b.Run(engine+"/"+c.name, func(b *testing.B) {
				var log *calls.Service
				if c.logged {
					log = h.callLog(b, calls.Config{Limits: c.limits})
				}
				face := h.face(b, log)
				b.ReportAllocs()
				for b.Loop() {
					if w := askFace(face, envelope, "kontor-demo"); w.Code != http.StatusOK {
						b.Fatal(w.Body)
					}
				}
				if log != nil {
					must(b, log.Close())
				}
			})
		}
	}
}

// BenchmarkHostile sends 10,000 requests that are refused before anybody is known: wrong secrets aside, which are slowed down,
// those are the oversized, the malformed and the deep. It reports what the heap has grown by.
func BenchmarkHostile(b *testing.B) {
	h := newHouse(b, "sqlite")
	bodies := []string{
		strings.Repeat("x", 1<<20+1), "<" + strings.Repeat("a", 1000), strings.Repeat("<a>", 5000), "<!DOCTYPE a>" + soap11("<a/>"),
		soap11("<a>" + strings.Repeat("<b/>", 30_000) + "</a>"), soap11(`<GetLicense xmlns="urn:kontor:license:v1"/>`),
	}
	heap := func() float64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return float64(m.HeapAlloc) / (1 << 20)
	}
	for b.Loop() {
		log := h.callLog(b, calls.Config{Log: slog.New(slog.DiscardHandler)})
		face := h.face(b, log)
		before, most := heap(), uint64(0)
		for i := range 10_000 {
			r := httptest.NewRequest(http.MethodPost, inbound.Path, strings.NewReader(bodies[i%len(bodies)]))
			r.RemoteAddr = "127.0.0.1:50000"
			r.Header.Set("Content-Type", "text/xml")
			w := httptest.NewRecorder()
			face.ServeHTTP(w, r)
			_, _ = io.Copy(io.Discard, w.Body)
			if i%100 == 0 {
				var m runtime.MemStats
				runtime.ReadMemStats(&m)
				most = max(most, m.HeapAlloc)
			}
		}
		must(b, log.Close())
		b.ReportMetric(heap()-before, "MB-kept")
		b.ReportMetric(float64(most)/(1<<20)-before, "MB-at-most")
	}
	list := got[calls.List](b)(h.callLog(b, calls.Config{}).List(b.Context(), h.isv(b), licensing.CallFilter{}))
	b.ReportMetric(float64(list.All.N), "calls-kept")
}
