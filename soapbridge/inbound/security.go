package inbound

import (
	"encoding/base64"
	"strings"
	"time"

	"kontor/internal/licensing"
)

// The namespaces of WS-Security 1.0, and the types of a password in its UsernameToken profile.
const (
	wsse = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
	wsu  = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"

	passwordText   = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordText"
	passwordDigest = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordDigest"
)

// The sizes of a nonce, in bytes. The profile leaves them open; clients send 10 to 32.
const (
	minNonce = 8
	maxNonce = 64
)

// security is what a Security header says.
type security struct {
	at        *element       // the header itself
	token     *usernameToken // nil when there is none
	timestamp *timestamp     // nil when there is none
	signature *signature     // nil when there is none
}

// usernameToken names an account and proves that the caller knows its secret.
type usernameToken struct {
	name     string
	password string // the secret itself, or the digest in base64
	digest   bool   // then nonce and created are set
	nonce    []byte
	created  time.Time
	written  string // created as the caller wrote it, which is what the digest covers
}

// timestamp bounds how long a message holds.
type timestamp struct {
	at      *element
	created time.Time // zero when it does not say
	expires time.Time // zero when it does not say
}

// readSecurity reads a Security header. A header with something else than a UsernameToken, a Timestamp, and a Signature with
// its certificate is refused rather than half understood. The result holds what was read before an error.
func readSecurity(header *element) (*security, error) {
	s := &security{at: header}
	var signed *element
	var certificate *binaryToken
	for _, c := range header.children {
		var err error
		switch {
		case c.is(wsu, "Timestamp") && s.timestamp == nil:
			s.timestamp, err = readTimestamp(c)
		case c.is(wsse, "UsernameToken") && s.token == nil:
			s.token, err = readUsernameToken(c)
		case c.is(wsse, "BinarySecurityToken") && certificate == nil:
			certificate, err = readBinaryToken(c)
		case c.is(ds, "Signature") && signed == nil:
			signed = c
		default:
			err = licensing.InvalidRequest(c.name, "The Security header holds at most one UsernameToken, one Timestamp, one Signature and one BinarySecurityToken.")
		}
		if err != nil {
			return s, err
		}
	}
	if signed == nil {
		return s, nil
	}
	var err error
	s.signature, err = readSignature(signed, certificate) // which may stand behind it
	return s, err
}

func readTimestamp(e *element) (*timestamp, error) {
	t := &timestamp{at: e}
	for _, c := range e.children {
		var at *time.Time
		switch {
		case c.is(wsu, "Created"):
			at = &t.created
		case c.is(wsu, "Expires"):
			at = &t.expires
		default:
			continue
		}
		if !at.IsZero() {
			return t, licensing.InvalidRequest(c.name, "A Timestamp holds one %s.", c.name)
		}
		var err error
		if *at, err = parseInstant(c.name, c.text); err != nil {
			return t, err
		}
	}
	if !t.expires.IsZero() && t.expires.Before(t.created) {
		return t, licensing.InvalidRequest("Expires", "The Timestamp expired before it was Created.")
	}
	return t, nil
}

// tokenParts are what a UsernameToken may hold, each once, and the namespaces that they are in.
var tokenParts = map[string]string{"Username": wsse, "Password": wsse, "Nonce": wsse, "Created": wsu}

// readUsernameToken refuses what it does not know, as WS-Security wants it, and what is there twice: others on the way may have
// gone by the other one.
func readUsernameToken(e *element) (*usernameToken, error) {
	parts := map[string]*element{}
	for _, c := range e.children {
		switch {
		case tokenParts[c.name] != c.space || c.space == "":
			return nil, licensing.InvalidRequest(c.name, "A UsernameToken holds a Username, a Password, and for a digest a Nonce and a Created time.")
		case parts[c.name] != nil:
			return nil, licensing.InvalidRequest(c.name, "A UsernameToken holds one %s.", c.name)
		case len(c.children) > 0:
			return nil, licensing.InvalidRequest(c.name, "It holds text and no elements.")
		}
		parts[c.name] = c
	}
	name, password := parts["Username"], parts["Password"]
	if name == nil || trim(name.text) == "" || password == nil {
		return nil, licensing.InvalidRequest("UsernameToken", "A UsernameToken holds a Username and a Password.")
	}
	t := &usernameToken{name: trim(name.text), password: password.text}
	switch trim(password.attr("", "Type")) {
	case "", passwordText: // the profile's default
		return t, nil
	case passwordDigest:
		t.digest = true
		return t, readDigest(t, parts["Nonce"], parts["Created"])
	default:
		return nil, licensing.InvalidRequest("Password", "The Type of a Password is %s or %s.", passwordText, passwordDigest)
	}
}

// readDigest reads what a password digest is made with; nil is what is not there.
func readDigest(t *usernameToken, nonce, created *element) error {
	if nonce == nil || created == nil {
		return licensing.InvalidRequest("UsernameToken", "A PasswordDigest needs a Nonce and a Created time.")
	}
	var err error
	t.nonce, err = base64.StdEncoding.DecodeString(trim(nonce.text))
	if err != nil || len(t.nonce) < minNonce || len(t.nonce) > maxNonce {
		return licensing.InvalidRequest("Nonce", "Send %d to %d random bytes in base64.", minNonce, maxNonce)
	}
	t.written = trim(created.text)
	t.created, err = parseInstant("Created", t.written)
	return err
}

// parseInstant reads the xs:dateTime of a security header, which names its zone (the profile wants UTC).
func parseInstant(field, s string) (time.Time, error) {
	s = strings.ToUpper(trim(s))
	t, err := parseDateTime(s)
	if parts := dateTime.FindStringSubmatch(s); err != nil || parts[4] == "" {
		return time.Time{}, licensing.InvalidRequest(field, "Enter a time in UTC such as 2027-01-31T12:00:00Z.")
	}
	return t, nil
}
