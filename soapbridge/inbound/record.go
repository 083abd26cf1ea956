package inbound

import (
	"context"
	"net/http"
	"strings"
	"time"
	"unicode"

	"github.com/beevik/etree"

	"kontor/internal/calls"
	"kontor/internal/licensing"
)

// Calls is what the face needs of calls.Service, to keep a log of what it is asked.
type Calls interface {
	// Keep takes a call that was answered. It does not wait.
	Keep(c licensing.Call, envelopes *calls.Envelopes)
	// Admit counts a call before it is carried out; exhausted when that is more than the account may.
	Admit(ctx context.Context, actor licensing.Actor) error
}

// The bounds of what is kept of a call.
const (
	maxKept     = 64 << 10 // bytes of each envelope
	maxKeptText = 200      // characters of what a caller chooses
)

// recording is what the log keeps of a call.
type recording struct {
	call      licensing.Call
	envelopes *calls.Envelopes
}

// keep puts a call into the log.
func (h *handler) keep(r recording) {
	if h.config.Calls != nil {
		h.config.Calls.Keep(r.call, r.envelopes)
	}
}

// recorded draws what the log keeps of a call. Nothing of it refers to the message or the answer.
func (h *handler) recorded(r *http.Request, x *exchange, answer *etree.Document, size int, err error) recording {
	if h.config.Calls == nil {
		return recording{}
	}
	c := licensing.Call{
		ID: licensing.CallID(licensing.NewID()), At: x.now, Group: x.actor.AtHome().Group, Account: x.actor.ID, Name: x.actor.Email, Console: x.actor.Via == licensing.ViaConsole, Remote: x.remote, Version: x.version.number(),
		Operation: x.operation, Took: time.Since(x.begun), Outcome: licensing.CallOK, Reference: x.reference, InSize: x.size, OutSize: size,
	}
	if err != nil {
		c.Outcome, c.Field = licensing.CallOutcome(x.shown.Code), kept(x.shown.Field)
	}
	if x.actor.ID == "" {
		named := h.named(r, x)
		c.Named, c.NamedHome, c.Group, c.Name = named.Account.ID, named.Home, named.Account.Group, named.Account.Email
		if claimed := credentials(r, x.security); claimed != nil && c.Named == "" {
			c.Name = kept(claimed.name)
		}
		return recording{c, nil}
	}
	response := responseIn(answer, err)
	if response != nil && childText(response, "replayed") == "true" {
		c.Outcome = licensing.CallReplayed
	}
	if x.lost {
		c.Outcome, c.Field = licensing.CallLost, ""
	}
	if x.request != nil {
		c.RequestID = kept(x.request.string("requestId"))
		c.Order, c.TicketHash = subjectOf(x.request, response)
	}
	return recording{c, &calls.Envelopes{Request: keptRequest(x.root), Answer: keptAnswer(answer)}}
}

// named finds the account that a request named which was refused before anybody was known, so that its people find the fault by
// its reference: a wrong secret is what goes wrong first. The answer has been sent by then, so that it comes no later for
// accounts that there are. What is no XML names nobody: there are no credentials to be refused yet.
func (h *handler) named(r *http.Request, x *exchange) (none licensing.NamedAccount) {
	if _, ours := letIn(r.Context()); ours || x.root == nil {
		return none
	}
	var name string
	var certificate licensing.CertificateName
	if token := credentials(r, x.security); token != nil {
		name = token.name
	} else if x.security != nil && x.security.signature != nil {
		certificate = x.security.signature.certificate
	} else if der, err := h.clientCertificate(r); err == nil && der != nil {
		certificate = licensing.NameByFingerprint(der)
	}
	if name == "" && certificate == "" {
		return none
	}
	// Who has his answer may be gone already.
	n, err := h.access.Named(context.WithoutCancel(r.Context()), name, certificate, x.remote)
	if err != nil {
		h.config.Log.WarnContext(r.Context(), "soap: whom a refused call named is not known", "reference", x.reference, "error", err)
		return none
	}
	return n
}

// attributed returns err, and finds out for the log whom the request is from: it is refused before anybody had to be known,
// and its account's people shall see why. It counts as any call of the account, and is exhausted when that is more than the
// account may. Wrong credentials count as such, but are not told; without any nothing is looked up.
func (h *handler) attributed(r *http.Request, x *exchange, root *element, env envelope, err error) error {
	if h.config.Calls == nil {
		return err
	}
	actor, refused := h.authenticate(r.Context(), r, x, root, env)
	if refused != nil {
		return err
	}
	x.account, x.actor = actor.Email, actor
	if exhausted := h.config.Calls.Admit(r.Context(), actor); exhausted != nil {
		return exhausted
	}
	return err
}

// number is how people call a version.
func (v *version) number() string {
	if v == soap12 {
		return "1.2"
	}
	return "1.1"
}

// kept is a text of the caller as the log keeps it: on one line, and not too long.
func kept(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == unicode.ReplacementChar {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, " "))
	if r := []rune(s); len(r) > maxKeptText+55 { // a request id has up to 255
		s = string(r[:maxKeptText]) + "…"
	}
	return strings.TrimSpace(s)
}

// responseIn finds the response of an operation in an answer; nil in a fault.
func responseIn(answer *etree.Document, err error) *etree.Element {
	if err != nil || answer == nil || answer.Root() == nil {
		return nil
	}
	body := answer.Root().SelectElement("Body")
	if body == nil || len(body.ChildElements()) == 0 {
		return nil
	}
	return body.ChildElements()[0]
}

// subjectOf finds the one order and the one license that a call is about: those that the request names, else those of the
// answer, unless that lists several.
func subjectOf(request *element, response *etree.Element) (order, ticketHash string) {
	order = kept(request.string("orderNumber"))
	ticket := request.string("ticket")
	if response != nil {
		if order == "" {
			order = firstText(response, "orderNumber", "license/orderNumber", "order/orderNumber")
		}
		if all := response.FindElements("licenses/license"); ticket == "" && len(all) == 1 && order != "" {
			ticket = childText(all[0], "ticket")
		}
	}
	if canonical, err := licensing.ParseTicket(ticket); err == nil {
		ticketHash = licensing.HashTicket(canonical)
	}
	return order, ticketHash
}

func childText(e *etree.Element, name string) string {
	if c := e.SelectElement(name); c != nil {
		return c.Text()
	}
	return ""
}

// firstText is the text of the first of some paths that is there.
func firstText(e *etree.Element, paths ...string) string {
	for _, p := range paths {
		if c := e.FindElement(p); c != nil {
			return c.Text()
		}
	}
	return ""
}
