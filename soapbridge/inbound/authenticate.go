package inbound

import (
	"context"
	"crypto"
	"crypto/sha1" // the UsernameToken profile prescribes it
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"time"

	"kontor/internal/licensing"
)

const (
	// freshness is how far from now a password digest, or the Timestamp of a signed message, may have been made: the caller's clock
	// may be fast as well as the message slow. What makes it unique is kept that long, so that it works once.
	freshness = 5 * time.Minute
	// clockSkew is by how much a caller's clock may differ from ours where he says himself when his message expires.
	clockSkew = time.Minute
)

// authenticate finds the service account that a request comes from. A UsernameToken counts before HTTP Basic; beside a
// signature each of them has to be right and name the same account. What is wrong with the message is told before the
// account is looked up, so that it says nothing of whether there is one.
func (h *handler) authenticate(ctx context.Context, r *http.Request, x *exchange, root *element, env envelope) (licensing.Actor, error) {
	s, now := env.security, h.config.Wall() // not x.now: a body may take its time to arrive
	if s != nil && s.timestamp != nil {
		if err := s.timestamp.check(now); err != nil {
			return licensing.Actor{}, err
		}
	}
	if actor, ok := letIn(ctx); ok {
		return actor, nil
	}
	token := credentials(r, s)
	signed := s != nil && s.signature != nil
	var shown []byte // counts only where nothing else was sent
	if token == nil && !signed {
		var err error
		if shown, err = h.clientCertificate(r); err != nil {
			return licensing.Actor{}, err
		}
		if shown == nil {
			return licensing.Actor{}, unauthenticated("Name a service account: by a UsernameToken, by HTTP Basic, by a signature, or by a TLS client certificate.")
		}
	}
	from := peerOf(r, h.config.Proxies)
	if !from.private {
		return licensing.Actor{}, unauthenticated("Credentials are accepted over HTTPS only.")
	}
	x.asked = !signed
	if shown != nil {
		return h.byClientCertificate(ctx, from, shown)
	}
	var signer licensing.Actor
	if signed {
		var err error
		if signer, err = h.bySignature(ctx, from, x.document, root, env, now); err != nil || token == nil {
			return signer, err
		}
		x.asked = true
	}
	actor, err := h.byToken(ctx, from, token, now)
	if err == nil && signed && actor.ID != signer.ID {
		return licensing.Actor{}, unauthenticated("The signature and the other credentials name two accounts.")
	}
	return actor, err
}

// byToken finds the account that a name and its secret stand for.
func (h *handler) byToken(ctx context.Context, from peer, token *usernameToken, now time.Time) (licensing.Actor, error) {
	if !token.digest {
		return h.access.Service(ctx, token.name, from.String(), token.matches)
	}
	if token.created.Before(now.Add(-freshness)) || token.created.After(now.Add(freshness)) {
		return licensing.Actor{}, unauthenticated("The UsernameToken was created at %s, and it is %s here: the two may be %d minutes apart.",
			instant(token.created), instant(now), freshness/time.Minute)
	}
	actor, err := h.access.Service(ctx, token.name, from.String(), token.matches)
	if err != nil {
		return licensing.Actor{}, err
	}
	// The nonce is used up only now, so that nobody without the secret can fill the memory of used ones.
	if err := h.useOnce(ctx, actor.ID, token.nonce, token.created); err != nil {
		return licensing.Actor{}, err
	}
	return actor, nil
}

// bySignature finds the account that signed a message. What the tree tells that was read already is told first; the second
// reading of the document and the canonical form of what is signed cost much, and are made only for a certificate that is
// registered.
func (h *handler) bySignature(ctx context.Context, from peer, document []byte, root *element, env envelope, now time.Time) (licensing.Actor, error) {
	targets, err := env.checkSigned(root)
	if err == nil {
		err = env.security.timestamp.checkFresh(now)
	}
	if err != nil {
		return licensing.Actor{}, err
	}
	var (
		s     = env.security.signature
		v     *verifier
		info  []byte
		wrong error
	)
	actor, err := h.access.ServiceByCertificate(ctx, s.certificate, from.String(), func(key crypto.PublicKey) bool {
		if v == nil && wrong == nil { // several certificates may have one name
			if v, wrong = newVerifier(document, root, env); wrong == nil {
				info, wrong = v.canonical(s.info, s.prefixes)
			}
		}
		return wrong == nil && s.method.verify(key, info, s.value)
	})
	if wrong != nil {
		return licensing.Actor{}, wrong
	}
	if err == nil {
		err = v.checkDigests(targets)
	}
	if err == nil {
		// What is signed is remembered, and not the signature: of one ECDSA signature anybody can make a second one.
		err = h.useOnce(ctx, actor.ID, info, env.security.timestamp.created)
	}
	if err != nil {
		return licensing.Actor{}, err
	}
	return actor, nil
}

// useOnce refuses what an account sent before. It is remembered a while longer than it is fresh, so that none slips
// through that was under way.
func (h *handler) useOnce(ctx context.Context, account licensing.MembershipID, nonce []byte, created time.Time) error {
	return h.access.UseNonce(ctx, nonceKey(account, nonce), created.Add(freshness+clockSkew))
}

// credentials returns what the caller proves himself with; nil when there is nothing.
func credentials(r *http.Request, s *security) *usernameToken {
	if s != nil && s.token != nil {
		return s.token
	}
	if name, password, ok := r.BasicAuth(); ok {
		return &usernameToken{name: name, password: password}
	}
	return nil
}

// byBasic finds the account that HTTP Basic names rightly. It is asked before anything is read, where much that is malformed has
// come from the same network.
func (h *handler) byBasic(r *http.Request) (account licensing.MembershipID, ok bool) {
	name, password, ok := r.BasicAuth()
	from := peerOf(r, h.config.Proxies)
	if !ok || !from.private {
		return "", false
	}
	token := &usernameToken{name: name, password: password}
	actor, err := h.access.Service(r.Context(), name, from.String(), token.matches)
	return actor.ID, err == nil
}

// check reports a message from outside the time that it holds for itself.
func (t *timestamp) check(now time.Time) error {
	if !t.expires.IsZero() && now.After(t.expires.Add(clockSkew)) {
		return unauthenticated("The Timestamp expired at %s, and it is %s here.", instant(t.expires), instant(now))
	}
	if t.created.After(now.Add(freshness)) {
		return unauthenticated("The Timestamp was created at %s, and it is %s here: the caller's clock may be fast by %d minutes.", instant(t.created), instant(now), freshness/time.Minute)
	}
	return nil
}

// matches reports, in a time that does not depend on where they differ, whether a secret is the token's.
func (t *usernameToken) matches(secret []byte) bool {
	if !t.digest {
		// Hashed first, so that the comparison does not tell the secret's length.
		given, wanted := sha256.Sum256([]byte(t.password)), sha256.Sum256(secret)
		return subtle.ConstantTimeCompare(given[:], wanted[:]) == 1
	}
	h := sha1.New()
	h.Write(t.nonce)
	h.Write([]byte(t.written))
	h.Write(secret)
	given, err := base64.StdEncoding.DecodeString(trim(t.password))
	return err == nil && subtle.ConstantTimeCompare(given, h.Sum(nil)) == 1
}

// nonceKey is what a nonce is remembered by, of a fixed length. Two accounts may use the same one. The account's id
// stands in it and not the name as sent: the digest does not cover the name, which can be written in many ways.
func nonceKey(account licensing.MembershipID, nonce []byte) string {
	h := sha256.Sum256(append([]byte(account+"\x00"), nonce...))
	return hex.EncodeToString(h[:])
}

func unauthenticated(format string, args ...any) *licensing.Error {
	return licensing.ErrorOf(licensing.Unauthenticated, licensing.CodeUnauthenticated, format, args...)
}
