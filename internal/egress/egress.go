// Package egress holds the one HTTP client for foreign addresses: connectors, generators, webhooks. People type such
// addresses into forms, so the client must not become a way into the network that Kontor stands in.
//
// What counts is the address that is connected to, not the name that was asked for: the check stands behind the
// resolver, right before the connection is made, so that a name which points elsewhere a second later, or a host
// that is written as a number, changes nothing.
package egress

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"
)

// Timeout bounds a whole call, from looking up the name to the last byte of the answer. It stays below the time
// that a job may take, so that a slow system is told from a killed worker.
const Timeout = 15 * time.Second

// maxHeaderBytes bounds the headers of an answer.
const maxHeaderBytes = 64 << 10

// New returns a client that reaches public addresses only, by TCP, without a proxy.
//
// allowed are host:port pairs, written as they stand in the URL (with the port, and 443 or 80 where the URL leaves it
// out), that may lead to a private address. The addresses of cloud metadata services and own, the host:port pairs
// that this process listens on, are refused whatever is allowed; an own host that is empty or unspecified
// (":8080", "0.0.0.0:8080") stands for every address of this machine.
//
// A redirect is not followed: the answer is the redirect itself. A refused address is an error that wraps
// *RefusedError. Read the body with ReadAll.
func New(allowed, own []string) (*http.Client, error) {
	g, err := newGuard(allowed, own)
	if err != nil {
		return nil, err
	}
	return newClient(g), nil
}

func newClient(g *guard) *http.Client {
	return &http.Client{
		Timeout:       Timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			Proxy:                  nil, // a proxy would connect to addresses that we cannot check
			DialContext:            g.dial,
			TLSHandshakeTimeout:    Timeout,
			MaxResponseHeaderBytes: maxHeaderBytes,
			MaxIdleConnsPerHost:    4,
			IdleConnTimeout:        30 * time.Second,
		},
	}
}

// RefusedError says that the client did not connect because of the address.
type RefusedError struct {
	Address string // the address that would have been connected to, host:port
	Reason  string // what the address is: "a private address"
}

// Error returns a sentence for a person.
func (e *RefusedError) Error() string {
	return fmt.Sprintf("%s is %s and not allowed", e.Address, e.Reason)
}

// ErrTooLarge says that an answer was longer than its limit.
var ErrTooLarge = errors.New("the answer is too large")

// ReadAll reads the body of an answer and closes it. A body of more than limit bytes, counted after decompression,
// gives its first limit bytes and ErrTooLarge; where reading breaks off, it gives what had come.
func ReadAll(resp *http.Response, limit int64) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(resp.Body, limit+1))
	closed := resp.Body.Close()
	if int64(len(body)) > limit {
		return body[:limit], fmt.Errorf("%w: it has more than %d bytes", ErrTooLarge, limit)
	}
	if err = errors.Join(err, closed); err != nil {
		return body, fmt.Errorf("reading the answer: %w", err)
	}
	return body, nil
}

// splitPair reads host:port into the form in which pairs are compared.
func splitPair(pair string) (host, port string, err error) {
	host, port, err = net.SplitHostPort(pair)
	if err != nil {
		return "", "", fmt.Errorf("%q is not of the form host:port", pair)
	}
	return canonicalHost(host), port, nil
}
