package inbound

import (
	"bytes"
	"crypto/sha1"
	"crypto/tls"
	"encoding/base64"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"kontor/internal/licensing"
)

// usernameTokenXML is a token as clients write it; kind is the Type of the password.
func usernameTokenXML(name, password, kind, rest string) string {
	return fmt.Sprintf(`<w:UsernameToken xmlns:w=%q><w:Username>%s</w:Username><w:Password Type=%q>%s</w:Password>%s</w:UsernameToken>`,
		wsse, name, kind, password, rest)
}

// digestToken is a token with a password digest, computed as the profile says.
func digestToken(secret, nonce, created string) string {
	sum := sha1.Sum([]byte(nonce + created + secret))
	return usernameTokenXML(accountName, base64.StdEncoding.EncodeToString(sum[:]), passwordDigest, digestParts(base64.StdEncoding.EncodeToString([]byte(nonce)), created))
}

func digestParts(nonce, created string) string {
	return fmt.Sprintf(`<w:Nonce>%s</w:Nonce><u:Created xmlns:u=%q>%s</u:Created>`, nonce, wsu, created)
}

func timestampXML(created, expires string) string {
	return fmt.Sprintf(`<u:Timestamp xmlns:u=%q><u:Created>%s</u:Created><u:Expires>%s</u:Expires></u:Timestamp>`, wsu, created, expires)
}

func securityHeader(content string) string {
	return fmt.Sprintf(`<w:Security xmlns:w=%q s:mustUnderstand="1">%s</w:Security>`, wsse, content)
}

func at(d time.Duration) string { return testNow.Add(d).Format("2006-01-02T15:04:05.000Z") }

// TestUsernameToken tries every way to prove who one is, and every way to get it wrong.
func TestUsernameToken(t *testing.T) {
	const nonce = "0123456789abcdef"
	token := func(inPassword, behind string) string {
		return securityHeader(usernameTokenXML(accountName, accountSecret+inPassword, passwordText, behind))
	}
	tests := []struct {
		name, header, code, field, says string
	}{
		{"text", securityHeader(usernameTokenXML(accountName, accountSecret, passwordText, "")), "", "", ""},
		{"text without a type", securityHeader(strings.Replace(usernameTokenXML(accountName, accountSecret, "", ""), ` Type=""`, "", 1)), "", "", ""},
		{"text with what a digest is made with", token("", digestParts("MDEyMzQ1Njc4OWFiY2RlZg==", at(0))), "", "", ""},
		{"digest", securityHeader(digestToken(accountSecret, nonce, at(0))), "", "", ""},
		{"digest with an offset", securityHeader(digestToken(accountSecret, nonce, testNow.In(time.FixedZone("", 7200)).Format(time.RFC3339))), "", "", ""},
		{"digest of 5 minutes ago", securityHeader(digestToken(accountSecret, nonce, at(-freshness))), "", "", ""},
		{"digest by a clock that is fast", securityHeader(digestToken(accountSecret, nonce, at(freshness))), "", "", ""},
		{"with a timestamp", securityHeader(timestampXML(at(0), at(time.Minute)) + usernameTokenXML(accountName, accountSecret, passwordText, "")), "", "", ""},

		{"nothing", "", "unauthenticated", "", "Name a service account"},
		{"empty header", securityHeader(""), "unauthenticated", "", "Name a service account"},
		{"wrong text", securityHeader(usernameTokenXML(accountName, "wrong", passwordText, "")), "unauthenticated", "", "name or the secret"},
		{"no text", securityHeader(usernameTokenXML(accountName, "", passwordText, "")), "unauthenticated", "", "name or the secret"},
		{"unknown account", securityHeader(usernameTokenXML("nobody@aurora.example", accountSecret, passwordText, "")), "unauthenticated", "", "name or the secret"},
		{"digest of a wrong secret", securityHeader(digestToken("wrong", nonce, at(0))), "unauthenticated", "", "name or the secret"},
		{"digest sent as text", securityHeader(strings.Replace(digestToken(accountSecret, nonce, at(0)), passwordDigest, passwordText, 1)), "unauthenticated", "", "name or the secret"},
		{"secret sent as digest", securityHeader(usernameTokenXML(accountName, accountSecret, passwordDigest, digestParts("MDEyMzQ1Njc4OWFiY2RlZg==", at(0)))), "unauthenticated", "", "name or the secret"},
		{"digest of another time", securityHeader(strings.Replace(digestToken(accountSecret, nonce, at(0)), at(0), at(time.Second), 1)), "unauthenticated", "", "name or the secret"},
		{"stale digest", securityHeader(digestToken(accountSecret, nonce, at(-freshness-time.Second))), "unauthenticated", "", "may be 5 minutes apart"},
		{"digest from the future", securityHeader(digestToken(accountSecret, nonce, at(freshness+time.Second))), "unauthenticated", "", "may be 5 minutes apart"},
		{"expired timestamp", securityHeader(timestampXML(at(-time.Hour), at(-clockSkew-time.Second)) + usernameTokenXML(accountName, accountSecret, passwordText, "")), "unauthenticated", "", "expired"},
		{"timestamp from the future", securityHeader(timestampXML(at(time.Hour), at(2*time.Hour)) + usernameTokenXML(accountName, accountSecret, passwordText, "")), "unauthenticated", "", "created at"},

		{"a timestamp that ends before it begins", securityHeader(timestampXML(at(0), at(-time.Second)) + usernameTokenXML(accountName, accountSecret, passwordText, "")), "invalidRequest", "Expires", "before it was Created"},
		{"a timestamp with two ends", securityHeader(strings.Replace(timestampXML(at(0), at(0)), "</u:Timestamp>", "<u:Expires>"+at(time.Hour)+"</u:Expires></u:Timestamp>", 1)), "invalidRequest", "Expires", "one Expires"},
		{"a timestamp without a beginning", securityHeader(strings.Replace(timestampXML("", at(0)), "<u:Created></u:Created>", "", 1) + usernameTokenXML(accountName, accountSecret, passwordText, "")), "", "", ""},
		{"digest of no year", securityHeader(digestToken(accountSecret, nonce, "0000-01-01T00:00:00Z")), "invalidRequest", "Created", "UTC"},
		{"digest of no zone that there is", securityHeader(digestToken(accountSecret, nonce, "2026-11-22T00:30:00+15:00")), "invalidRequest", "Created", "UTC"},
		{"no password", securityHeader(`<w:UsernameToken><w:Username>x</w:Username></w:UsernameToken>`), "invalidRequest", "UsernameToken", "a Username and a Password"},
		{"unknown type", securityHeader(usernameTokenXML(accountName, accountSecret, "urn:x", "")), "invalidRequest", "Password", "PasswordDigest"},
		{"digest without a nonce", securityHeader(usernameTokenXML(accountName, "x", passwordDigest, "")), "invalidRequest", "UsernameToken", "a Nonce"},
		{"short nonce", securityHeader(digestToken(accountSecret, "1234567", at(0))), "invalidRequest", "Nonce", "8 to 64"},
		{"long nonce", securityHeader(digestToken(accountSecret, strings.Repeat("n", 65), at(0))), "invalidRequest", "Nonce", "8 to 64"},
		{"nonce that is no base64", securityHeader(usernameTokenXML(accountName, "x", passwordDigest, digestParts("!", at(0)))), "invalidRequest", "Nonce", "base64"},
		{"time without a zone", securityHeader(digestToken(accountSecret, nonce, "2026-11-21T09:30:00")), "invalidRequest", "Created", "UTC"},
		{"two tokens", securityHeader(strings.Repeat(usernameTokenXML(accountName, accountSecret, passwordText, ""), 2)), "invalidRequest", "UsernameToken", "at most one"},
		{"two names", token("", `<w:Username>other</w:Username>`), "invalidRequest", "Username", "one Username"},
		{"two passwords", token("", `<w:Password>other</w:Password>`), "invalidRequest", "Password", "one Password"},
		{"two nonces", token("", digestParts("MDEyMzQ1Njc4OWFiY2RlZg==", at(0))+"<w:Nonce>MDEyMzQ1Njc4OWFiY2RlZw==</w:Nonce>"), "invalidRequest", "Nonce", "one Nonce"},
		{"two times", token("", digestParts("MDEyMzQ1Njc4OWFiY2RlZg==", at(0))+`<u:Created xmlns:u="`+wsu+`">`+at(0)+`</u:Created>`), "invalidRequest", "Created", "one Created"},
		{"an element in the password", token("<x/>", ""), "invalidRequest", "Password", "text and no elements"},
		{"an element in the name", securityHeader(strings.Replace(usernameTokenXML(accountName, accountSecret, passwordText, ""), "</w:Username>", "<x/></w:Username>", 1)), "invalidRequest", "Username", "text and no elements"},
		{"what a token does not hold", token("", "<x/>"), "invalidRequest", "x", "holds a Username, a Password"},
		{"the time of another namespace", token("", "<w:Created>"+at(0)+"</w:Created>"), "invalidRequest", "Created", "holds a Username, a Password"},
		{"two headers", securityHeader("") + securityHeader(""), "invalidRequest", "Security", "one Security header"},
		{"a signature", securityHeader(`<d:Signature xmlns:d="http://www.w3.org/2000/09/xmldsig#"/>`), "invalidRequest", "Signature", "SignedInfo"},
		{"two signatures", securityHeader(strings.Repeat(`<d:Signature xmlns:d="http://www.w3.org/2000/09/xmldsig#"/>`, 2)), "invalidRequest", "Signature", "at most one"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := newFace(t, Config{})
			r := newRequest(soap11.mediaType, soapEnvelope(tt.header, getLicenseBody))
			r.Header.Del("Authorization")
			got := faultIn(t, f.ask(r))
			if got.code != tt.code || got.field != tt.field || !strings.Contains(got.message, tt.says) {
				t.Errorf("got %+v, want code %q, field %q, a message with %q", got, tt.code, tt.field, tt.says)
			}
			if tt.code != "" && len(f.access.nonces) > 0 {
				t.Error("a nonce was used up for nothing")
			}
		})
	}
}

func TestNonceWorksOnce(t *testing.T) {
	f := newFace(t, Config{})
	token := digestToken(accountSecret, "0123456789abcdef", at(-time.Minute))
	ask := func(token string) fault {
		r := newRequest(soap11.mediaType, soapEnvelope(securityHeader(token), getLicenseBody))
		r.Header.Del("Authorization")
		return faultIn(t, f.ask(r))
	}
	if got := ask(token); got != (fault{}) {
		t.Fatalf("first: %+v", got)
	}
	if got := ask(token); got.code != "unauthenticated" {
		t.Errorf("second: %+v", got)
	}
	if got := ask(strings.Replace(token, accountName, strings.ToUpper(accountName), 1)); got.code != "unauthenticated" {
		t.Errorf("with the name in other letters: %+v", got)
	}
	for _, expires := range f.access.nonces {
		if want := testNow.Add(freshness + clockSkew - time.Minute); !expires.Equal(want) {
			t.Errorf("the nonce is kept until %s, and not until %s", expires, want)
		}
	}
}

// TestUnknownAccountsLookLikeWrongSecrets compares the two answers to the byte, apart from the reference.
func TestUnknownAccountsLookLikeWrongSecrets(t *testing.T) {
	answer := func(name, secret string) string {
		r := newRequest(soap12.mediaType, in12(soapEnvelope("", getLicenseBody)))
		r.SetBasicAuth(name, secret)
		w := newFace(t, Config{}).ask(r)
		return fmt.Sprint(w.Code, reference.ReplaceAllString(w.Body.String(), ""))
	}
	wrong, unknown := answer(accountName, "wrong"), answer("nobody", accountSecret)
	if wrong != unknown {
		t.Errorf("a wrong secret: %s\nan unknown account: %s", wrong, unknown)
	}
	if !strings.Contains(wrong, "unauthenticated") || !strings.HasPrefix(wrong, "400") {
		t.Errorf("got %s", wrong)
	}
}

func TestBasic(t *testing.T) {
	f := newFace(t, Config{})
	if got := faultIn(t, f.ask(newRequest(soap11.mediaType, soapEnvelope("", getLicenseBody)))); got != (fault{}) {
		t.Errorf("got %+v", got)
	}
	r := newRequest(soap11.mediaType, soapEnvelope(securityHeader(usernameTokenXML(accountName, "wrong", passwordText, "")), getLicenseBody))
	if got := faultIn(t, f.ask(r)); got.code != "unauthenticated" {
		t.Errorf("a wrong token beside a right Basic: %+v", got)
	}
}

// TestSecretsTravelEncrypted tries peers and proxies.
func TestSecretsTravelEncrypted(t *testing.T) {
	proxies := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}
	tests := []struct {
		name, peer, forwardedFor, proto string
		tls                             bool
		wantCode, wantRemote            string
	}{
		{"loopback", "127.0.0.1:1", "", "", false, "", "127.0.0.1"},
		{"loopback, IPv6", "[::1]:1", "", "", false, "", "::1"},
		{"loopback, IPv4 in IPv6", "[::ffff:127.0.0.1]:1", "", "", false, "", "127.0.0.1"},
		{"TLS", "203.0.113.7:1", "", "", true, "", "203.0.113.7"},
		{"in the clear", "203.0.113.7:1", "", "", false, "unauthenticated", ""},
		{"in the clear, says it was not", "203.0.113.7:1", "127.0.0.1", "https", false, "unauthenticated", ""},
		{"unknown peer", "", "", "", false, "unauthenticated", ""},
		{"TLS, says it comes from elsewhere", "203.0.113.7:1", "198.51.100.1", "https", true, "", "203.0.113.7"},
		{"proxy", "10.0.0.1:1", "203.0.113.7", "https", false, "", "203.0.113.7"},
		{"proxy, in the clear before it", "10.0.0.1:1", "203.0.113.7", "http", false, "unauthenticated", ""},
		{"proxy that says nothing", "10.0.0.1:1", "", "", false, "unauthenticated", ""},
		{"proxy, in the clear from its loopback", "10.0.0.1:1", "127.0.0.1", "http", false, "unauthenticated", ""},
		{"two proxies", "10.0.0.1:1", "203.0.113.7, 10.0.0.2", "https, https", false, "", "203.0.113.7"},
		{"two proxies, in the clear before the first", "10.0.0.1:1", "203.0.113.7, 10.0.0.2", "http, https", false, "unauthenticated", ""},
		{"address that the caller made up", "10.0.0.1:1", "198.51.100.1, 203.0.113.7", "https", false, "", "203.0.113.7"},
		{"proxy that names nonsense", "10.0.0.1:1", "unknown", "https", false, "", "10.0.0.1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := newFace(t, Config{Proxies: proxies})
			r := newRequest(soap11.mediaType, soapEnvelope("", getLicenseBody))
			r.RemoteAddr = tt.peer
			if tt.tls {
				r.TLS = &tls.ConnectionState{}
			}
			if tt.forwardedFor != "" {
				r.Header.Set("X-Forwarded-For", tt.forwardedFor)
			}
			if tt.proto != "" {
				r.Header.Set("X-Forwarded-Proto", tt.proto)
			}
			if got := faultIn(t, f.ask(r)); got.code != tt.wantCode {
				t.Errorf("got %+v, want code %q", got, tt.wantCode)
			}
			if f.access.remote != tt.wantRemote {
				t.Errorf("access saw %q, want %q", f.access.remote, tt.wantRemote)
			}
		})
	}
}

// TestTimestampIsAnswered looks for one in answers and in faults, as WCF does.
func TestTimestampIsAnswered(t *testing.T) {
	token := usernameTokenXML(accountName, accountSecret, passwordText, "")
	tests := []struct {
		name, header, body string
		want               bool
	}{
		{"answer", securityHeader(timestampXML(at(0), at(time.Minute)) + token), getLicenseBody, true},
		{"fault of the operation", securityHeader(timestampXML(at(0), at(time.Minute)) + token), "<v:GetLicense><v:ticket>x</v:ticket></v:GetLicense>", true},
		{"fault of the schema", securityHeader(timestampXML(at(0), at(time.Minute)) + token), "<v:GetLicense/>", true},
		{"fault of the login", securityHeader(timestampXML(at(0), at(-time.Hour)) + token), getLicenseBody, true},
		{"none sent", securityHeader(token), getLicenseBody, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			answer := newFace(t, Config{}).ask(newRequest(soap11.mediaType, soapEnvelope(tt.header, tt.body))).Body.String()
			want := "<soap:Header><wsse:Security"
			if strings.Contains(answer, want) != tt.want {
				t.Fatalf("got %s", answer)
			}
			if tt.want && !strings.Contains(answer, "<wsu:Created>2026-11-21T09:30:00Z</wsu:Created><wsu:Expires>2026-11-21T09:35:00Z</wsu:Expires>") {
				t.Errorf("got %s", answer)
			}
		})
	}
}

func TestMustUnderstand(t *testing.T) {
	const foreign = `<x:Route xmlns:x="urn:x" s:mustUnderstand="%s"%s/>`
	tests := []struct {
		name, header string
		soap12       bool
		refused      bool
	}{
		{"1.1", fmt.Sprintf(foreign, "1", ""), false, true},
		{"1.2", fmt.Sprintf(foreign, "true", ""), true, true},
		{"1.1 for the next", fmt.Sprintf(foreign, "1", ` s:actor="http://schemas.xmlsoap.org/soap/actor/next"`), false, true},
		{"1.2 for the ultimate receiver", fmt.Sprintf(foreign, "1", ` s:role="http://www.w3.org/2003/05/soap-envelope/role/ultimateReceiver"`), true, true},
		{"need not", fmt.Sprintf(foreign, "0", ""), false, false},
		{"for somebody else", fmt.Sprintf(foreign, "1", ` s:actor="urn:somebody"`), false, false},
		{"for somebody else, 1.2", fmt.Sprintf(foreign, "1", ` s:role="urn:somebody"`), true, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			mediaType, envelope := soap11.mediaType, soapEnvelope(tt.header, getLicenseBody)
			if tt.soap12 {
				mediaType, envelope = soap12.mediaType, in12(envelope)
			}
			w := newFace(t, Config{}).ask(newRequest(mediaType, envelope))
			got := faultIn(t, w)
			if tt.refused != (got.soapCode == "soap:MustUnderstand") || tt.refused != (got.field == "Route") {
				t.Errorf("got %+v", got)
			}
			if tt.refused && w.Code != http.StatusInternalServerError {
				t.Errorf("status %d", w.Code)
			}
			if named := bytes.Contains(w.Body.Bytes(), []byte(`<soap:NotUnderstood xmlns:x="urn:x" qname="x:Route"/>`)); named != (tt.refused && tt.soap12) {
				t.Errorf("got %s", w.Body)
			}
		})
	}
}

// TestMustUnderstandIsABoolean sends what is none, and what is none of ours to judge.
func TestMustUnderstandIsABoolean(t *testing.T) {
	for value, code := range map[string]string{
		"1": "soap:MustUnderstand", "true": "soap:MustUnderstand", " 1\n": "soap:MustUnderstand", "0": "", "false": "",
		"TRUE": "soap:Client", "yes": "soap:Client", "2": "soap:Client", "": "soap:Client", "0x1": "soap:Client",
	} {
		header := `<x:Route xmlns:x="urn:x" s:mustUnderstand="` + value + `"%s/>`
		got := faultIn(t, newFace(t, Config{}).ask(newRequest(soap11.mediaType, soapEnvelope(fmt.Sprintf(header, ""), getLicenseBody))))
		if got.soapCode != code || code != "" && got.field != "Route" || code == "soap:Client" && !strings.Contains(got.message, "mustUnderstand") {
			t.Errorf("%q: got %+v, want %s", value, got, code)
		}
		if got = faultIn(t, newFace(t, Config{}).ask(newRequest(soap11.mediaType, soapEnvelope(fmt.Sprintf(header, ` s:actor="urn:somebody"`), getLicenseBody)))); got != (fault{}) {
			t.Errorf("%q for somebody else: got %+v", value, got)
		}
	}
}

// TestNotUnderstoodWithoutNamespace: the names of headers are written so that they are well-formed, whatever they are.
func TestNotUnderstoodWithoutNamespace(t *testing.T) {
	w := newFace(t, Config{}).ask(newRequest(soap12.mediaType, in12(soapEnvelope(`<H xmlns="" s:mustUnderstand="true"/><x:I xmlns:x="urn:x" s:mustUnderstand="1"/>`, getLicenseBody))))
	for _, want := range []string{`<soap:NotUnderstood qname="H"/>`, `<soap:NotUnderstood xmlns:x="urn:x" qname="x:I"/>`} {
		if _, err := parse(w.Body.Bytes()); err != nil || !strings.Contains(w.Body.String(), want) {
			t.Errorf("%v: got %s, want %s in it", err, w.Body, want)
		}
	}
}

// TestFaultsAreShort, whatever they quote and however many headers are not understood.
func TestFaultsAreShort(t *testing.T) {
	long := strings.Repeat("ä", 400_000)
	for what, request := range map[string]string{
		"a category":   soapEnvelope("", strings.Replace(createLicenseBody("", ""), "partner", long, 1)),
		"a field":      soapEnvelope("", getLicenseBody),
		"a namespace":  soapEnvelope(`<x:h xmlns:x="`+long+`" s:mustUnderstand="1"/>`, getLicenseBody),
		"many headers": soapEnvelope(strings.Repeat(`<x:h xmlns:x="u" s:mustUnderstand="1"/>`, 19_000), getLicenseBody),
	} {
		f := newFace(t, Config{})
		f.ordering.fails = licensing.InvalidRequest(long, "There is no %q.", long)
		w := f.ask(newRequest(soap12.mediaType, in12(request)))
		if got := faultIn(t, w); got.code == "" || w.Body.Len() > 20_000 || utf8.RuneCountInString(got.message) > maxShown+1 {
			t.Errorf("%s: the fault has %d bytes, and its message %d characters", what, w.Body.Len(), utf8.RuneCountInString(got.message))
		}
	}
}

// TestSecretsAreNotLogged sends secrets and tickets, right and wrong, and looks for them in the log.
func TestSecretsAreNotLogged(t *testing.T) {
	var log bytes.Buffer
	f := newFace(t, Config{Log: slog.New(slog.NewTextHandler(&log, nil))})
	f.ordering.fails = fmt.Errorf("the disk is full")
	for _, secret := range []string{accountSecret, "another-secret"} {
		r := newRequest(soap11.mediaType, soapEnvelope(securityHeader(usernameTokenXML(accountName, secret, passwordText, "")), getLicenseBody))
		f.ask(r)
	}
	if got := log.String(); !strings.Contains(got, "the disk is full") || !strings.Contains(got, "unauthenticated") {
		t.Errorf("the log does not say what happened: %s", got)
	}
	for _, secret := range []string{accountSecret, "another-secret", knownTicket} {
		if strings.Contains(log.String(), secret) {
			t.Errorf("%q stands in the log", secret)
		}
	}
}
