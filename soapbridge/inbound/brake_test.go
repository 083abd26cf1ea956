package inbound

import (
	"crypto/tls"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"kontor/internal/licensing"
)

// TestMalformedMessagesAreBraked sends what nobody is known for, from one network and from others, until nothing more is read
// from there in that minute.
func TestMalformedMessagesAreBraked(t *testing.T) {
	now := testNow.Truncate(time.Minute).Add(42 * time.Second)
	f := newFace(t, Config{Malformed: 5 * leastWork, Wall: func() time.Time { return now }})
	from := func(address, envelope, secret string) (*httptest.ResponseRecorder, fault) {
		r := newRequest(soap11.mediaType, envelope)
		r.RemoteAddr, r.TLS = address, &tls.ConnectionState{}
		if secret == "" {
			r.Header.Del("Authorization")
		} else {
			r.SetBasicAuth(accountName, secret)
		}
		w := f.ask(r)
		if w.Code == 200 {
			return w, fault{}
		}
		return w, faultIn(t, w)
	}
	good := soapEnvelope("", getLicenseBody)
	const here, beside, there = "[2001:db8::1]:4711", "[2001:db8::2]:4711", "203.0.113.7:4711"
	for i, c := range []struct{ what, envelope, secret string }{
		{"no XML", "garbage", accountSecret},
		{"a broken Security", soapEnvelope(securityHeader("<x/>"), getLicenseBody), accountSecret},
		{"another version", "<Envelope/>", accountSecret},
		{"no credentials", good, ""},
		{"what breaks the schema, of nobody", soapEnvelope("", "<v:GetLicense/>"), ""},
	} {
		// Neither what is right counts, nor wrong credentials, which are slowed elsewhere, nor what is the account's.
		for range 3 {
			if w, fault := from(here, good, accountSecret); w.Code != 200 {
				t.Fatalf("%d: got %+v", i, fault)
			}
			if _, fault := from(beside, good, "wrong"); fault.code != string(licensing.CodeUnauthenticated) {
				t.Errorf("%d: wrong credentials get %+v", i, fault)
			}
			if _, fault := from(here, soapEnvelope("", "<v:GetLicense><v:ticket>x</v:ticket></v:GetLicense>"), accountSecret); fault.code == string(licensing.CodeExhausted) {
				t.Errorf("%d: a wrong ticket gets %+v", i, fault)
			}
		}
		if _, fault := from([]string{here, beside}[i%2], c.envelope, c.secret); fault.code == string(licensing.CodeExhausted) {
			t.Errorf("%s is refused as number %d", c.what, i+1)
		}
	}
	for _, secret := range []string{"", "wrong"} {
		w, fault := from(beside, good, secret)
		if fault.code != string(licensing.CodeExhausted) || w.Header().Get("Retry-After") != "18" {
			t.Errorf("after five, with the secret %q, got %+v and %q", secret, fault, w.Header().Get("Retry-After"))
		}
	}
	if w, fault := from(beside, good, accountSecret); w.Code != 200 {
		t.Errorf("with right credentials outside of the message got %+v", fault)
	}
	for range 5 {
		from(beside, "garbage", accountSecret)
	}
	if _, fault := from(beside, good, accountSecret); fault.code != string(licensing.CodeExhausted) {
		t.Errorf("with right credentials, after as much of its own: %+v", fault)
	}
	if w, fault := from(there, good, accountSecret); w.Code != 200 {
		t.Errorf("from elsewhere got %+v", fault)
	}
	now = now.Add(18 * time.Second)
	if w, fault := from(here, good, accountSecret); w.Code != 200 {
		t.Errorf("in the next minute got %+v", fault)
	}
}

// TestBrakeCountsWork: what is long to read counts by how long it is, unzipped, so that few of it do as much as many that are
// short. Of those a network may send a thousand a second.
func TestBrakeCountsWork(t *testing.T) {
	long := soapEnvelope("", "<v:x>"+strings.Repeat("<v:x a='1' b='2'/>", 10_000)+"</v:x>")
	for _, c := range []struct {
		what, envelope string
		most           int // of them, until nothing more is read
	}{
		{"short", "<x/>", 1024},
		{"long", long, 1024*leastWork/len(long) + 1},
	} {
		f := newFace(t, Config{Malformed: 1024 * leastWork, Wall: func() time.Time { return testNow }})
		read := 0
		for ; read <= 2*c.most; read++ {
			r := newRequest(soap11.mediaType, zipped(c.envelope))
			r.Header.Set("Content-Encoding", "gzip")
			r.Header.Del("Authorization")
			if faultIn(t, f.ask(r)).code == string(licensing.CodeExhausted) {
				break
			}
		}
		if read != c.most {
			t.Errorf("%s: %d are read, want %d", c.what, read, c.most)
		}
	}
	if h := newFace(t, Config{}).Handler.(*handler); h.config.Malformed < 60*1000*leastWork {
		t.Errorf("a network may send %d bytes a minute", h.config.Malformed)
	}
}

// TestBrakeKnowsSoMany: what a brake knows is bounded, however many addresses there are, and forgotten with the minute.
func TestBrakeKnowsSoMany(t *testing.T) {
	now := testNow
	b := &brake{most: 1, wall: func() time.Time { return now }}
	for i := range 3 * maxNetworks {
		b.count(fmt.Sprintf("10.%d.%d.%d", i>>16, i>>8&255, i&255), 1)
	}
	if len(b.by) != maxNetworks || b.check("10.0.0.0") == nil || b.check("10.1.0.0") != nil {
		t.Errorf("%d networks are known", len(b.by))
	}
	now = now.Add(time.Minute)
	if err := b.check("10.0.0.0"); err != nil || len(b.by) != 0 {
		t.Errorf("in the next minute: %v, and %d are known", err, len(b.by))
	}
}
