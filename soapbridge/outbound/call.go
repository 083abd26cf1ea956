package outbound

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"syscall"
	"unicode"

	"kontor/internal/egress"
	"kontor/internal/licensing"
)

// maxAnswer bounds an answer, in bytes; maxSaid is how much of one that went wrong is kept for a person.
const (
	maxAnswer = 1 << 20
	maxSaid   = 2 << 10
)

// endpoint is where and as whom a system is called.
type endpoint struct {
	name               string // for sentences
	url                string
	username, password string // HTTP Basic; none when both are empty
	client             *http.Client
}

// post sends an envelope and returns the status and the body of the answer. The error is *licensing.Error, says for a
// person why there is no whole answer, and leaves open whether the message arrived.
func (p endpoint) post(ctx context.Context, action string, message []byte) (status int, body []byte, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, p.url, bytes.NewReader(message))
	if err != nil {
		return 0, nil, unavailable(err, "%s has an address that cannot be called.", p.name)
	}
	req.Header.Set("Content-Type", "text/xml; charset=utf-8")
	req.Header.Set("Accept", "text/xml")
	req.Header.Set("SOAPAction", `"`+action+`"`)
	if p.username != "" || p.password != "" {
		req.SetBasicAuth(p.username, p.password)
	}
	resp, err := p.client.Do(req) //nolint:bodyclose // egress.ReadAll closes it
	if err != nil {
		return 0, nil, p.notReached(err)
	}
	body, err = egress.ReadAll(resp, maxAnswer)
	switch {
	case errors.Is(err, egress.ErrTooLarge):
		return 0, nil, unavailable(said(body), "%s gave an answer of more than %d bytes.", p.name, maxAnswer)
	case err != nil:
		return 0, nil, unavailable(errors.Join(err, said(body)), "%s broke off its answer.", p.name)
	}
	return resp.StatusCode, body, nil
}

// notReached says for a person why a call got no answer.
func (p endpoint) notReached(err error) error {
	var refused *egress.RefusedError
	var dns *net.DNSError
	var timeout net.Error
	switch {
	case errors.As(err, &refused):
		return unavailable(err, "Kontor may not call %s: %s.", p.name, refused)
	case errors.Is(err, context.Canceled):
		return unavailable(err, "The call to %s was broken off on our side.", p.name)
	case errors.As(err, &dns) && dns.IsNotFound:
		return unavailable(err, "%s cannot be reached: its address %s is unknown.", p.name, dns.Name)
	case errors.As(err, &timeout) && timeout.Timeout():
		return unavailable(err, "%s did not answer in time.", p.name)
	case errors.Is(err, syscall.ECONNREFUSED):
		return unavailable(err, "%s is down: nothing answers at its address.", p.name)
	default:
		return unavailable(err, "%s cannot be reached.", p.name)
	}
}

// unavailable says that nobody knows whether a message arrived, so that it is sent again.
func unavailable(cause error, format string, args ...any) error {
	return &licensing.Error{
		Kind: licensing.Unavailable, Code: licensing.CodeUnavailable,
		Message: fmt.Sprintf(format, args...), Format: format, Args: args, Err: cause,
	}
}

// said returns the beginning of an answer as the cause of an error; nil when there is nothing in it.
func said(body []byte) error {
	if text := excerpt(string(body)); text != "" {
		return fmt.Errorf("it said: %s", text)
	}
	return nil
}

// excerpt returns the first 2 KB of what another system said, on one line, fit for a page and a log.
func excerpt(s string) string {
	if len(s) > maxSaid {
		s = s[:maxSaid]
	}
	s = strings.ToValidUTF8(s, "")
	s = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.IsPrint(r) {
			return r
		}
		return -1
	}, s)
	return strings.Join(strings.Fields(s), " ")
}
