package main

import (
	"context"
	"net"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// operations puts /healthz, /readyz and /metrics before the services, or on a listener of their own when one is
// configured.
func (h *house) operations(ctx context.Context, w web, services []service) ([]service, error) {
	registry := prometheus.NewRegistry()
	registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	seconds := prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "kontor_http_request_seconds", Help: "How long requests took, by face and status.", Buckets: prometheus.ExponentialBuckets(0.001, 2, 14),
	}, []string{"face", "status"})
	registry.MustRegister(seconds)
	metrics := promhttp.HandlerFor(registry, promhttp.HandlerOpts{})

	all := make([]service, 0, len(services)+1)
	for _, s := range services {
		mux := h.health()
		if w.MetricsListen == "" {
			mux.Handle("GET /metrics", loopbackOnly(metrics))
		}
		mux.Handle("/", measured(seconds, s.handler))
		all = append(all, service{s.listener, mux})
	}
	if w.MetricsListen != "" {
		l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", w.MetricsListen)
		if err != nil {
			return nil, err
		}
		mux := h.health()
		mux.Handle("GET /metrics", metrics)
		all = append(all, service{l, mux})
	}
	return all, nil
}

// readyTimeout is how long a readiness check may take.
const readyTimeout = 2 * time.Second

// health answers whether the process lives, and whether it can do its work: the database answers (it was migrated
// before anything was served) and the policy is known current.
func (h *house) health() *http.ServeMux {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { answerPlain(w, http.StatusOK, "alive") })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), readyTimeout)
		defer cancel()
		switch {
		case h.store.Ping(ctx) != nil:
			answerPlain(w, http.StatusServiceUnavailable, "the database does not answer")
		case !h.policies.Current():
			answerPlain(w, http.StatusServiceUnavailable, "the policy is not known current")
		default:
			answerPlain(w, http.StatusOK, "ready")
		}
	})
	return mux
}

func answerPlain(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	w.Write([]byte(text + "\n"))
}

// loopbackOnly hides h from all but the machine itself. A forwarded request comes from a proxy, for somebody else.
func loopbackOnly(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host, _, err := net.SplitHostPort(r.RemoteAddr)
		if ip := net.ParseIP(host); err != nil || ip == nil || !ip.IsLoopback() || r.Header.Get("X-Forwarded-For") != "" {
			http.NotFound(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// measured counts and times requests by face.
func measured(seconds *prometheus.HistogramVec, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		face := "portal"
		if len(r.URL.Path) >= 5 && r.URL.Path[:5] == "/soap" {
			face = "soap"
		}
		began := time.Now()
		recorder := &statusRecorder{ResponseWriter: w, status: http.StatusOK}
		next.ServeHTTP(recorder, r)
		seconds.WithLabelValues(face, strconv.Itoa(recorder.status)).Observe(time.Since(began).Seconds())
	})
}

type statusRecorder struct {
	http.ResponseWriter
	status int
}

// WriteHeader implements http.ResponseWriter.
func (s *statusRecorder) WriteHeader(status int) {
	s.status = status
	s.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController reach what is beneath.
func (s *statusRecorder) Unwrap() http.ResponseWriter { return s.ResponseWriter }
