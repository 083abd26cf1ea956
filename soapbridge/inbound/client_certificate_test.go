package inbound

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"net/netip"
	"strings"
	"testing"
)

// TestClientCertificate comes in by TLS, directly and by proxies.
func TestClientCertificate(t *testing.T) {
	keys, err := theKeys()
	if err != nil {
		t.Fatal(err)
	}
	header := func(k keyPair) string { return ":" + base64.StdEncoding.EncodeToString(k.der) + ":" }
	shown := func(k keyPair) *tls.ConnectionState {
		return &tls.ConnectionState{PeerCertificates: []*x509.Certificate{{Raw: k.der}}}
	}
	const stranger, proxy = "203.0.113.7:1", "10.0.0.1:1"
	tests := []struct {
		name, peer string
		tls        *tls.ConnectionState
		headers    []string
		believed   bool // the proxies set the header
		basic      string
		code, says string
	}{
		{name: "registered", peer: stranger, tls: shown(keys.rsa)},
		{name: "not registered", peer: stranger, tls: shown(keys.other), code: "unauthenticated", says: "not registered"},
		{name: "none", peer: stranger, tls: &tls.ConnectionState{}, code: "unauthenticated", says: "Name a service account"},
		{name: "beside right credentials", peer: stranger, tls: shown(keys.rsa), basic: accountSecret},
		{name: "beside wrong credentials", peer: stranger, tls: shown(keys.rsa), basic: "wrong", code: "unauthenticated", says: "name or the secret"},
		{name: "unknown, beside right credentials", peer: stranger, tls: shown(keys.other), basic: accountSecret},
		{name: "by a proxy", peer: proxy, headers: []string{header(keys.rsa)}, believed: true},
		{name: "by a proxy, not registered", peer: proxy, headers: []string{header(keys.other)}, believed: true, code: "unauthenticated", says: "not registered"},
		{name: "by a proxy that does not set it", peer: proxy, headers: []string{header(keys.rsa)}, code: "unauthenticated", says: "Name a service account"},
		{name: "by a proxy, twice", peer: proxy, headers: []string{header(keys.rsa), header(keys.rsa)}, believed: true, code: "unauthenticated", says: "Client-Cert"},
		{name: "by a proxy, in PEM", peer: proxy, headers: []string{"-----BEGIN"}, believed: true, code: "unauthenticated", says: "Client-Cert"},
		{name: "by a proxy, nothing", peer: proxy, headers: []string{"::"}, believed: true, code: "unauthenticated", says: "Client-Cert"},
		{name: "the proxy's own", peer: proxy, tls: shown(keys.rsa), believed: true, code: "unauthenticated", says: "Name a service account"},
		{name: "a header of a stranger", peer: stranger, tls: &tls.ConnectionState{}, headers: []string{header(keys.rsa)}, believed: true, code: "unauthenticated", says: "Name a service account"},
		{name: "a header from the same machine", peer: "127.0.0.1:1", headers: []string{header(keys.rsa)}, believed: true, code: "unauthenticated", says: "Name a service account"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := newFace(t, Config{Proxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}, ProxyCertificates: tt.believed})
			f.access.certificates = append(f.access.certificates, keys.rsa.certificate(t, "m1"))
			r := newRequest(soap11.mediaType, soapEnvelope("", getLicenseBody))
			r.RemoteAddr, r.TLS = tt.peer, tt.tls
			r.Header.Del("Authorization")
			if tt.basic != "" {
				r.SetBasicAuth(accountName, tt.basic)
			}
			if tt.peer == proxy {
				r.Header.Set("X-Forwarded-For", "203.0.113.7")
				r.Header.Set("X-Forwarded-Proto", "https")
			}
			r.Header[clientCertHeader] = tt.headers
			if got := faultIn(t, f.ask(r)); got.code != tt.code || !strings.Contains(got.message, tt.says) {
				t.Errorf("got %+v, want code %q and a message with %q", got, tt.code, tt.says)
			}
		})
	}
}
