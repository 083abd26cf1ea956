package main

import (
	"bytes"
	"context"
	"net"
	"net/http"
	"time"

	"kontor/internal/access"
	"kontor/internal/licensing"
	"kontor/portal"
	"kontor/soapbridge/inbound"
)

// consoleTimeout bounds how long a call from the console may take.
const consoleTimeout = 60 * time.Second

// console is portal.Console: calls go through the very handler that other systems call.
type console struct {
	access *access.Service
	soap   http.Handler
}

// Call implements portal.Console.
func (c console) Call(ctx context.Context, actor licensing.Actor, in portal.ConsoleCall) (portal.ConsoleAnswer, error) {
	as, err := c.access.TryAs(ctx, actor, access.TryAs{Membership: in.Account, Operation: in.Operation})
	if err != nil {
		return portal.ConsoleAnswer{}, err
	}
	ctx, cancel := context.WithTimeout(inbound.LetIn(ctx, as), consoleTimeout)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, inbound.Path, bytes.NewReader(in.Envelope))
	if err != nil {
		return portal.ConsoleAnswer{}, err
	}
	r.RemoteAddr = net.JoinHostPort(actor.Remote, "0")
	r.Header.Set("Content-Type", "text/xml; charset=utf-8")
	if in.Twelve {
		r.Header.Set("Content-Type", "application/soap+xml; charset=utf-8")
	}
	w := &recorder{header: http.Header{}, status: http.StatusOK}
	begun := time.Now()
	c.soap.ServeHTTP(w, r)
	return portal.ConsoleAnswer{Status: w.status, Body: w.body.Bytes(), Took: time.Since(begun)}, nil
}

// recorder keeps an answer.
type recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
}

// Header implements http.ResponseWriter.
func (r *recorder) Header() http.Header { return r.header }

// WriteHeader implements http.ResponseWriter.
func (r *recorder) WriteHeader(status int) { r.status = status }

// Write implements http.ResponseWriter.
func (r *recorder) Write(b []byte) (int, error) { return r.body.Write(b) }
