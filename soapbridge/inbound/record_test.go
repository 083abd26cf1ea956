package inbound

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kontor/internal/calls"
	"kontor/internal/licensing"
)

// keptCalls stands for calls.Service.
type keptCalls struct {
	mu        sync.Mutex
	calls     []licensing.Call
	envelopes []*calls.Envelopes
	refuses   error // what Admit answers
	admitted  int   // how often it was asked
}

func (k *keptCalls) Admit(context.Context, licensing.Actor) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.admitted++
	return k.refuses
}

func (k *keptCalls) Keep(c licensing.Call, e *calls.Envelopes) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.calls, k.envelopes = append(k.calls, c), append(k.envelopes, e)
}

// last is what was kept last.
func (k *keptCalls) last(t *testing.T) (licensing.Call, *calls.Envelopes) {
	t.Helper()
	if len(k.calls) == 0 {
		t.Fatal("nothing was kept")
	}
	return k.calls[len(k.calls)-1], k.envelopes[len(k.envelopes)-1]
}

// TestCallsAreKept sends requests of every kind, and looks at what is kept of them.
func TestCallsAreKept(t *testing.T) {
	for _, c := range []struct {
		name, mediaType, body string
		basic                 string // the name of who signs in; "": the known account by Basic
		want                  licensing.Call
	}{
		{name: "one that is carried out", mediaType: soap12.mediaType, body: in12(soapEnvelope("", createLicenseBody("", ""))),
			want: licensing.Call{Account: "m1", Name: accountName, Version: "1.2", Operation: "CreateLicense", RequestID: "r-1", Outcome: licensing.CallOK, Order: knownOrder, TicketHash: licensing.HashTicket(knownTicket)}},
		{name: "a refusal", mediaType: soap11.mediaType, body: soapEnvelope("", createLicenseBody("<v:quantity>0</v:quantity>", "")),
			want: licensing.Call{Account: "m1", Name: accountName, Version: "1.1", Operation: "CreateLicense", RequestID: "r-1", Outcome: "invalidRequest", Field: "quantity"}},
		{name: "what is about a license", mediaType: soap11.mediaType, body: soapEnvelope("", getLicenseBody),
			want: licensing.Call{Account: "m1", Name: accountName, Version: "1.1", Operation: "GetLicense", Outcome: licensing.CallOK, Order: knownOrder, TicketHash: licensing.HashTicket(knownTicket)}},
		{name: "what breaks the schema is its account's all the same", mediaType: soap11.mediaType, body: soapEnvelope("", "<v:GetLicense><v:tickets>1</v:tickets></v:GetLicense>"),
			want: licensing.Call{Account: "m1", Name: accountName, Version: "1.1", Operation: "GetLicense", Outcome: "invalidRequest", Field: "tickets"}},
		{name: "an operation that there is not", mediaType: soap11.mediaType, body: soapEnvelope("", "<v:Nothing/>"),
			want: licensing.Call{Account: "m1", Name: accountName, Version: "1.1", Outcome: "invalidRequest", Field: "Nothing"}},
		{name: "a stranger", mediaType: soap11.mediaType, body: soapEnvelope("", createLicenseBody("", "")), basic: "who\x01ever " + strings.Repeat("x", 400),
			want: licensing.Call{Name: "who ever " + strings.Repeat("x", 191) + "…", Version: "1.1", Operation: "CreateLicense", Outcome: "unauthenticated"}},
		{name: "what breaks the schema, of a stranger", mediaType: soap11.mediaType, body: soapEnvelope("", "<v:GetLicense/>"), basic: "nobody@nowhere.example",
			want: licensing.Call{Name: "nobody@nowhere.example", Version: "1.1", Operation: "GetLicense", Outcome: "invalidRequest", Field: "ticket"}},
		{name: "no XML", mediaType: soap12.mediaType, body: "hello",
			want: licensing.Call{Name: accountName, Version: "1.2", Outcome: "invalidRequest"}},
		{name: "too much", mediaType: soap11.mediaType, body: strings.Repeat("x", maxBody+10),
			want: licensing.Call{Name: accountName, Version: "1.1", Outcome: "tooLarge"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			log := &keptCalls{}
			f := newFace(t, Config{Calls: log})
			r := newRequest(c.mediaType, c.body)
			if c.basic != "" {
				r.SetBasicAuth(c.basic, "a guess")
			}
			w := f.ask(r)
			got, envelopes := log.last(t)
			if got.ID == "" || got.Reference == "" || !got.At.Equal(testNow) || got.OutSize != w.Body.Len() || got.Took <= 0 || got.Remote != "127.0.0.1" {
				t.Errorf("kept %+v", got)
			}
			if want := min(len(c.body), maxBody+1); got.InSize != want {
				t.Errorf("the request had %d bytes, want %d", got.InSize, want)
			}
			if got.Outcome.Fault() && !strings.Contains(w.Body.String(), got.Reference) {
				t.Errorf("the reference %s is not in the fault:\n%s", got.Reference, w.Body)
			}
			got.ID, got.Reference, got.At, got.OutSize, got.InSize, got.Took, got.Remote = "", "", c.want.At, 0, 0, 0, ""
			if got != c.want {
				t.Errorf("kept\n%+v, want\n%+v", got, c.want)
			}
			if (envelopes != nil) != (got.Account != "") {
				t.Errorf("the envelopes of an account are kept, and no others: %v", envelopes)
			}
		})
	}
}

func TestReplayIsKeptAsOne(t *testing.T) {
	log := &keptCalls{}
	f := newFace(t, Config{Calls: log})
	for _, want := range []licensing.CallOutcome{licensing.CallOK, licensing.CallReplayed} {
		f.ask(newRequest(soap11.mediaType, soapEnvelope("", createLicenseBody("", ""))))
		if got, _ := log.last(t); got.Outcome != want {
			t.Errorf("the outcome is %q, want %q", got.Outcome, want)
		}
	}
}

// TestRefusedLoginsNameTheirAccount sends logins that are refused, and looks whom they are kept to name.
func TestRefusedLoginsNameTheirAccount(t *testing.T) {
	keys, err := theKeys()
	if err != nil {
		t.Fatal(err)
	}
	const guess = "a guess"
	nonce := base64.StdEncoding.EncodeToString([]byte("0123456789abcdef"))
	basic := func(name string) func(*http.Request) {
		return func(r *http.Request) { r.SetBasicAuth(name, guess) }
	}
	none := func(r *http.Request) { r.Header.Del("Authorization") }
	malformed := "<v:GetLicense><v:tickets>1</v:tickets></v:GetLicense>"
	for _, c := range []struct {
		name, header, body string // body: "" asks for a license
		comes              func(*http.Request)
		code               string
		named              bool
	}{
		{"a wrong secret", "", "", basic(accountName), "unauthenticated", true},
		{"of nobody", "", "", basic("nobody@nowhere.example"), "unauthenticated", false},
		{"a wrong digest", securityHeader(digestToken(guess, nonce, at(0))), "", none, "unauthenticated", true},
		{"an old digest", securityHeader(digestToken(accountSecret, nonce, at(-time.Hour))), "", none, "unauthenticated", true},
		{"a nonce that is too short", securityHeader(digestToken(accountSecret, "Zm9v", at(0))), "", none, "invalidRequest", true},
		{"not over HTTPS", "", "", func(r *http.Request) { r.RemoteAddr = "203.0.113.7:1" }, "unauthenticated", true},
		{"a wrong secret of what breaks the schema", "", malformed, basic(accountName), "invalidRequest", true},
		{"no credentials", "", "", none, "unauthenticated", false},
		{"no XML", "", "no XML", basic(accountName), "invalidRequest", false},
		{"a certificate that is not registered", "", malformed, func(r *http.Request) {
			none(r)
			r.RemoteAddr, r.TLS = "203.0.113.7:1", &tls.ConnectionState{PeerCertificates: []*x509.Certificate{{Raw: keys.other.der}}}
		}, "invalidRequest", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			log := &keptCalls{}
			f := newFace(t, Config{Calls: log})
			body := c.body
			switch body {
			case "":
				body = getLicenseBody
				fallthrough
			case malformed:
				body = soapEnvelope(c.header, body)
			}
			r := newRequest(soap11.mediaType, body)
			c.comes(r)
			w := f.ask(r)
			got, envelopes := log.last(t)
			if string(got.Outcome) != c.code || got.Account != "" || envelopes != nil {
				t.Errorf("kept %+v, %v", got, envelopes)
			}
			want := licensing.Call{Named: "m1", NamedHome: strings.HasPrefix(r.RemoteAddr, "127."), Name: accountName, Group: "g1"}
			if !c.named {
				want = licensing.Call{Name: got.Name}
			}
			if (licensing.Call{Named: got.Named, NamedHome: got.NamedHome, Name: got.Name, Group: got.Group}) != want {
				t.Errorf("kept %+v, want %+v", got, want)
			}
			if fault := w.Body.String(); strings.Contains(fault, "m1") || strings.Contains(fault, accountName) {
				t.Errorf("the fault tells whether there is the account: %s", fault)
			}
		})
	}
	t.Run("a registered certificate, from an address that is not allowed", func(t *testing.T) {
		log := &keptCalls{}
		f := newFace(t, Config{Calls: log})
		f.access.certificates = append(f.access.certificates, keys.rsa.certificate(t, "m1"))
		r := newRequest(soap11.mediaType, soapEnvelope("", "<v:GetLicense/>"))
		none(r)
		r.RemoteAddr, r.TLS = "203.0.113.7:1", &tls.ConnectionState{PeerCertificates: []*x509.Certificate{{Raw: keys.rsa.der}}}
		f.access.refuses = unauthenticated("The credentials are right, but not from there.")
		f.ask(r)
		if got, _ := log.last(t); got.Named != "m1" || got.Name != accountName || got.NamedHome {
			t.Errorf("kept %+v", got)
		}
	})
	t.Run("nobody is looked up where nothing is kept", func(t *testing.T) {
		f := newFace(t, Config{})
		r := newRequest(soap11.mediaType, soapEnvelope("", getLicenseBody))
		basic(accountName)(r)
		f.ask(r)
		if f.access.named > 0 {
			t.Error("somebody is")
		}
	})
}

// TestMalformedCallsAreAttributed sends what breaks the schema by each way of being known that is no name and secret.
func TestMalformedCallsAreAttributed(t *testing.T) {
	keys, err := theKeys()
	if err != nil {
		t.Fatal(err)
	}
	shows := func(k keyPair) func(*http.Request) *http.Request {
		return func(r *http.Request) *http.Request {
			r.RemoteAddr, r.TLS = "203.0.113.7:1", &tls.ConnectionState{PeerCertificates: []*x509.Certificate{{Raw: k.der}}}
			return r
		}
	}
	for _, c := range []struct {
		name    string
		comes   func(*http.Request) *http.Request
		account licensing.MembershipID
		asked   string // where from, when it was looked up
	}{
		{"by a TLS certificate", shows(keys.rsa), "m1", "203.0.113.7"},
		{"by one that is not registered", shows(keys.other), "", "203.0.113.7"},
		{"by the console", func(r *http.Request) *http.Request {
			return r.WithContext(LetIn(r.Context(), licensing.Actor{Membership: licensing.Membership{ID: "m1", Email: accountName}}))
		}, "m1", ""},
		{"by nothing", func(r *http.Request) *http.Request { return r }, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			log := &keptCalls{}
			f := newFace(t, Config{Calls: log})
			f.access.certificates = append(f.access.certificates, keys.rsa.certificate(t, "m1"))
			r := newRequest(soap11.mediaType, soapEnvelope("", "<v:GetLicense><v:tickets>1</v:tickets></v:GetLicense>"))
			r.Header.Del("Authorization")
			w := f.ask(c.comes(r))
			if got := faultIn(t, w); got.code != "invalidRequest" || got.field != "tickets" {
				t.Errorf("got %+v", got)
			}
			got, envelopes := log.last(t)
			if got.Account != c.account || (got.Name == accountName) != (c.account != "") || (envelopes != nil) != (c.account != "") {
				t.Errorf("kept %+v, %v", got, envelopes)
			}
			if f.access.remote != c.asked {
				t.Errorf("an attempt from %q counts, want %q", f.access.remote, c.asked)
			}
		})
	}
}

// TestHeldCallsAreOfTheAccountsOwnGroup keeps a call of an account that is held to a group below its own.
func TestHeldCallsAreOfTheAccountsOwnGroup(t *testing.T) {
	log := &keptCalls{}
	f := newFace(t, Config{Calls: log})
	own := licensing.Actor{Membership: licensing.Membership{ID: "m1", Email: accountName, Group: "root", GroupCode: "aurora", GroupIsISV: true}}
	r := newRequest(soap11.mediaType, soapEnvelope("", getLicenseBody))
	own.Via = licensing.ViaConsole
	f.ask(r.WithContext(LetIn(r.Context(), own.Within(licensing.Group{ID: "below", Code: "northwind"}))))
	if got, _ := log.last(t); got.Group != "root" || got.Account != "m1" || got.Outcome != licensing.CallOK || !got.Console {
		t.Errorf("kept %+v", got)
	}
}

// TestSecretsAreNotKept sends secrets in every place that there is for one, and looks for them in what is kept.
func TestSecretsAreNotKept(t *testing.T) {
	const secret = "Sesame-Open-4711"
	nonce := base64.StdEncoding.EncodeToString([]byte(secret))
	log := &keptCalls{}
	f := newFace(t, Config{Calls: log})
	foreign := `<x:Session xmlns:x="urn:x" token="` + secret + `"><x:Key a="` + secret + `">` + secret + `</x:Key>` + secret + `</x:Session>`
	for name, header := range map[string]string{
		"text":   securityHeader(usernameTokenXML(accountName, accountSecret, passwordText, "")) + foreign,
		"digest": securityHeader(digestToken(accountSecret, nonce, at(0))) + foreign,
	} {
		r := newRequest(soap11.mediaType, soapEnvelope(header, createLicenseBody("", "")))
		r.Header.Set("X-Api-Key", secret)
		w := f.ask(r)
		if w.Code != http.StatusOK {
			t.Fatalf("%s: %s", name, w.Body)
		}
		_, e := log.last(t)
		for _, s := range []string{secret, nonce, accountSecret, "Basic ", "LICENSE FILE", "Zm9v"} {
			if strings.Contains(e.Request, s) || strings.Contains(e.Answer, s) {
				t.Errorf("%s: %q is kept:\n%s\n%s", name, s, e.Request, e.Answer)
			}
		}
		for _, s := range []string{accountName, "Grace Hopper", blank} {
			if !strings.Contains(e.Request, s) {
				t.Errorf("%s: %q is missing in\n%s", name, s, e.Request)
			}
		}
		if !strings.Contains(e.Answer, "<licenseFile>"+blank+"</licenseFile>") || !strings.Contains(e.Answer, knownTicket) {
			t.Errorf("%s: the answer is\n%s", name, e.Answer)
		}
		if _, err := parse([]byte(e.Request)); err != nil {
			t.Errorf("%s: what is kept is not well-formed: %v\n%s", name, err, e.Request)
		}
		if _, err := parse([]byte(e.Answer)); err != nil {
			t.Errorf("%s: what is kept is not well-formed: %v\n%s", name, err, e.Answer)
		}
	}
}

// TestHeadersOfOthersAreNotKept draws Security headers that hold more than a UsernameToken.
func TestHeadersOfOthersAreNotKept(t *testing.T) {
	header := securityHeader(`<wsse:BinarySecurityToken xmlns:wsse="`+wsse+`">MIIC</wsse:BinarySecurityToken><d:Signature xmlns:d="http://www.w3.org/2000/09/xmldsig#"><d:SignatureValue>c2ln</d:SignatureValue></d:Signature>`) +
		`<a:MessageID xmlns:a="http://www.w3.org/2005/08/addressing">urn:uuid:1</a:MessageID>`
	root, err := parse([]byte(soapEnvelope(header, getLicenseBody)))
	if err != nil {
		t.Fatal(err)
	}
	got := keptRequest(root)
	for text, want := range map[string]bool{"MIIC": false, "c2ln": false, "urn:uuid:1": true, "<SignatureValue>" + blank: true, knownTicket: true} {
		if strings.Contains(got, text) != want {
			t.Errorf("%q is kept: %t, want %t:\n%s", text, !want, want, got)
		}
	}
}

// TestSecretsInOtherPlacesAreNotKept sends what the log has to know from its own place elsewhere.
func TestSecretsInOtherPlacesAreNotKept(t *testing.T) {
	const secret = "Sesame-Open-4711"
	token := `<w:UsernameToken xmlns:w="` + wsse + `" w:Id="` + secret + `"><w:Username>` + accountName + `</w:Username><w:Password Type="` + passwordText + `">` + secret + `</w:Password></w:UsernameToken>`
	parameters := `<a:ReferenceParameters><x:session xmlns:x="urn:x" token="` + secret + `">` + secret + `<a:Address>` + secret + `</a:Address></x:session></a:ReferenceParameters>`
	const anonymous = "http://www.w3.org/2005/08/addressing/anonymous"
	for _, c := range []struct{ name, envelope, keeps string }{
		{"a token in the Body", soapEnvelope("", "<v:GetLicense><v:ticket>"+knownTicket+"</v:ticket>"+token+"</v:GetLicense>"), knownTicket},
		{"a token for the operation", soapEnvelope("", token), accountName},
		{"a Security in the Body", soapEnvelope("", "<v:GetLicense>"+securityHeader(token)+"</v:GetLicense>"), passwordText},
		{"a token beside the Body", strings.Replace(soapEnvelope("", getLicenseBody), "</s:Envelope>", token+"</s:Envelope>", 1), knownTicket},
		{"parameters of a ReplyTo", soapEnvelope(`<a:ReplyTo xmlns:a="http://www.w3.org/2005/08/addressing"><a:Address>`+anonymous+`</a:Address>`+parameters+`</a:ReplyTo>`, getLicenseBody), anonymous},
		{"parameters of a From", soapEnvelope(`<a:From xmlns:a="http://www.w3.org/2005/08/addressing"><a:Address>urn:me</a:Address>`+parameters+`</a:From>`, getLicenseBody), "urn:me"},
		{"a token of a From", soapEnvelope(`<a:From xmlns:a="http://www.w3.org/2005/08/addressing"><a:Address>urn:me</a:Address>`+token+`</a:From>`, getLicenseBody), "urn:me"},
		{"a foreign attribute of the Body's content", strings.Replace(soapEnvelope("", getLicenseBody), "<v:GetLicense>", `<v:GetLicense xmlns:p="urn:p" p:pw="`+secret+`" password="`+secret+`" xml:lang="de">`, 1), `xml:lang="de"`},
		{"a foreign attribute of the envelope", strings.Replace(soapEnvelope("", getLicenseBody), "<s:Body>", `<s:Body xmlns:p="urn:p" p:pw="`+secret+`" s:role="`+secret+`">`, 1), `pw="` + blank + `"`},
		{"an attribute in Security", soapEnvelope(securityHeader(`<w:UsernameToken xmlns:w="`+wsse+`" xmlns:u="`+wsu+`" u:Id="token-1" u:Key="`+secret+`"><w:Username x="`+secret+`">`+accountName+`</w:Username></w:UsernameToken>`), getLicenseBody), "token-1"},
		{"a foreign attribute of a To", soapEnvelope(`<a:To xmlns:a="http://www.w3.org/2005/08/addressing" xmlns:x="urn:x" x:token="`+secret+`" token="`+secret+`" s:mustUnderstand="1" s:actor="`+secret+`">/soap/v1</a:To>`, getLicenseBody), `mustUnderstand="1">/soap/v1<`},
		{"a password in a To", soapEnvelope(`<a:To xmlns:a="http://www.w3.org/2005/08/addressing">https://me:`+secret+`@licenses.example.com/soap/v1?key=`+secret+`#`+secret+`</a:To>`, getLicenseBody), "https://licenses.example.com/soap/v1 " + blank},
		{"a text among parameters", soapEnvelope(`<a:From xmlns:a="http://www.w3.org/2005/08/addressing"><a:Address>urn:me</a:Address><a:ReferenceParameters>`+secret+`</a:ReferenceParameters></a:From>`, getLicenseBody), "urn:me"},
		{"an unknown header", soapEnvelope(`<a:Token xmlns:a="http://www.w3.org/2005/08/addressing">`+secret+`</a:Token>`, getLicenseBody), blank},
		{"a very long message id", soapEnvelope(`<a:MessageID xmlns:a="http://www.w3.org/2005/08/addressing">urn:`+strings.Repeat("x", maxAddress)+secret+`</a:MessageID>`, getLicenseBody), blank},
		{"what is no address", soapEnvelope(`<a:To xmlns:a="http://www.w3.org/2005/08/addressing">https://me:%zz`+secret+`@x/soap/v1</a:To>`, getLicenseBody), blank},
	} {
		t.Run(c.name, func(t *testing.T) {
			root, err := parse([]byte(c.envelope))
			if err != nil {
				t.Fatal(err)
			}
			if got := keptRequest(root); strings.Contains(got, secret) || !strings.Contains(got, c.keeps) {
				t.Errorf("%s is kept, or %s is not:\n%s", secret, c.keeps, got)
			}
		})
	}
}

func TestEnvelopesAreCut(t *testing.T) {
	for name, body := range map[string]string{
		"one long text": createLicenseBody("", "<v:parameters><v:parameter><v:name>n</v:name><v:value>"+strings.Repeat("ü<![CDATA[<]]>", 30_000)+"</v:value></v:parameter></v:parameters>"),
		"many elements": createLicenseBody("", "<v:parameters>"+strings.Repeat("<v:parameter><v:name>n</v:name><v:value>v</v:value></v:parameter>", 3000)+"</v:parameters>"),
	} {
		root, err := parse([]byte(soapEnvelope("", body)))
		if err != nil {
			t.Fatal(err)
		}
		got := keptRequest(root)
		if len(got) > maxKept+100 || len(got) < maxKept/2 || !strings.HasSuffix(got, "no more is kept -->") || strings.ToValidUTF8(got, "") != got {
			t.Errorf("%s: %d bytes are kept, which end with %q", name, len(got), got[len(got)-60:])
		}
	}
}

// slowCalls blocks its first call for as long as the test wants.
type slowCalls struct{ entered, leave chan struct{} }

func (slowCalls) Admit(context.Context, licensing.Actor) error { return nil }

func (s slowCalls) Keep(licensing.Call, *calls.Envelopes) {
	close(s.entered)
	<-s.leave
}

// TestAnswerDoesNotWaitForTheLog reads an answer whose call cannot be kept yet.
func TestAnswerDoesNotWaitForTheLog(t *testing.T) {
	slow := slowCalls{make(chan struct{}), make(chan struct{})}
	server := httptest.NewServer(newFace(t, Config{Calls: slow}))
	defer server.Close()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL+Path, strings.NewReader(soapEnvelope("", getLicenseBody)))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", soap11.mediaType)
	r.SetBasicAuth(accountName, accountSecret)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	<-slow.entered // and has not left
	if body, err := io.ReadAll(answer.Body); err != nil || answer.StatusCode != http.StatusOK || !strings.Contains(string(body), knownTicket) {
		t.Errorf("got %d, %v and\n%s", answer.StatusCode, err, body)
	}
	close(slow.leave)
}

// TestLimitsAreSaid has a call refused by a limit, in both versions.
func TestLimitsAreSaid(t *testing.T) {
	for file, request := range map[string]string{"limit-fault.11.xml": soapEnvelope("", createLicenseBody("", "")), "limit-fault.12.xml": in12(soapEnvelope("", createLicenseBody("", "")))} {
		log := &keptCalls{refuses: licensing.ExhaustedFor(17*time.Second+time.Millisecond, "This account may call %d times a minute. Try again in %d seconds.", 60, 18)}
		f := newFace(t, Config{Calls: log})
		w := f.ask(newRequest(mediaTypeOf(file), request))
		if got := w.Header().Get("Retry-After"); got != "18" {
			t.Errorf("%s: Retry-After is %q", file, got)
		}
		if w.Code != goldenStatus(strings.Replace(file, ".xml", ".response.xml", 1)) {
			t.Errorf("%s: the status is %d", file, w.Code)
		}
		if c, _ := log.last(t); c.Outcome != "exhausted" || c.Account == "" {
			t.Errorf("%s: kept %+v", file, c)
		}
		got, path := indented(t, w.Body.String()), "testdata/limits/"+file
		if *update {
			writeFile(t, path, []byte(got))
		}
		if diff := cmp.Diff(string(readFile(t, path)), got); diff != "" {
			t.Errorf("answer (-want +got):\n%s", diff)
		}
		if len(f.ordering.created) > 0 {
			t.Errorf("%s: something was created", file)
		}
	}
}

// TestLimitsHoldForCallsThatAreRefused counts calls that break the schema, or that the account may not make.
func TestLimitsHoldForCallsThatAreRefused(t *testing.T) {
	for name, body := range map[string]string{
		"what breaks the schema":           "<v:GetLicense><v:tickets>1</v:tickets></v:GetLicense>",
		"an operation that there is not":   "<v:Nothing/>",
		"an operation that is not allowed": getLicenseBody,
	} {
		log := &keptCalls{}
		f := newFace(t, Config{Calls: log})
		f.access.allowance = &licensing.Allowance{Operations: []string{"ListOffers"}}
		if f.ask(newRequest(soap11.mediaType, soapEnvelope("", body))); log.admitted != 1 {
			t.Errorf("%s counts %d times", name, log.admitted)
		}
		r := newRequest(soap11.mediaType, soapEnvelope("", body))
		r.SetBasicAuth(accountName, "wrong")
		if f.ask(r); log.admitted != 1 {
			t.Errorf("%s counts for who has not the secret", name)
		}
		log.refuses = licensing.ExhaustedFor(17*time.Second, "This account may call %d times a minute.", 60)
		w := f.ask(newRequest(soap11.mediaType, soapEnvelope("", body)))
		if got := faultIn(t, w); got.code != "exhausted" || w.Header().Get("Retry-After") != "17" {
			t.Errorf("%s beyond the limit: got %+v", name, got)
		}
		if c, _ := log.last(t); c.Outcome != "exhausted" || c.Account == "" {
			t.Errorf("%s: kept %+v", name, c)
		}
	}
}
