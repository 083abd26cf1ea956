package inbound

import (
	"context"
	"crypto"
	"encoding/base64"
	"net/http"
	"net/netip"
	"strings"

	"kontor/internal/licensing"
)

// clientCertHeader is what a proxy says the caller's TLS certificate in (RFC 9440): its DER in base64 between colons.
const clientCertHeader = "Client-Cert"

// clientCertificate returns the certificate, in DER, that the caller has shown by TLS, the key of which he has; nil when
// he has shown none. What a request says of it counts only when a configured proxy handed it over, and only when the
// operator says that the proxies set it: one that passes on what it gets would let in anybody who has seen a certificate.
func (h *handler) clientCertificate(r *http.Request) ([]byte, error) {
	direct, _ := netip.ParseAddrPort(r.RemoteAddr)
	if !trusted(direct.Addr().Unmap(), h.config.Proxies) {
		if r.TLS == nil || len(r.TLS.PeerCertificates) == 0 {
			return nil, nil
		}
		return r.TLS.PeerCertificates[0].Raw, nil
	}
	values := r.Header.Values(clientCertHeader)
	if !h.config.ProxyCertificates || len(values) == 0 {
		return nil, nil
	}
	text := strings.TrimSpace(values[0])
	if len(values) == 1 && len(text) > 2 && len(text) <= maxCertificate && text[0] == ':' && text[len(text)-1] == ':' {
		if der, err := base64.StdEncoding.DecodeString(text[1 : len(text)-1]); err == nil {
			return der, nil
		}
	}
	return nil, unauthenticated("The header %s of the proxy cannot be read: it holds one certificate, its DER in base64 between colons.", clientCertHeader)
}

// byClientCertificate finds the account of a certificate that TLS has seen.
func (h *handler) byClientCertificate(ctx context.Context, from peer, der []byte) (licensing.Actor, error) {
	return h.access.ServiceByCertificate(ctx, licensing.NameByFingerprint(der), from.String(), func(crypto.PublicKey) bool { return true })
}
