package inbound

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// peer is who is at the other end of a request, behind the proxies that we trust.
type peer struct {
	address netip.Addr // invalid when unknown
	private bool       // nobody on the way could read along: TLS, or the same machine
}

// peerOf finds the peer. What a request says of being forwarded counts only when a configured proxy handed it over;
// then the address is the last one that is no such proxy.
func peerOf(r *http.Request, proxies []netip.Prefix) peer {
	direct, _ := netip.ParseAddrPort(r.RemoteAddr)
	address := direct.Addr().Unmap()
	if !trusted(address, proxies) {
		return peer{address, r.TLS != nil || address.IsLoopback()}
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for _, hop := range slices.Backward(hops) {
		forwarded, err := netip.ParseAddr(strings.TrimSpace(hop))
		if err != nil {
			break
		}
		address = forwarded.Unmap()
		if !trusted(address, proxies) {
			break
		}
	}
	return peer{address, forwardedOverTLS(r.Header.Values("X-Forwarded-Proto"))}
}

// forwardedOverTLS reports whether every hop that the proxies speak of was encrypted.
func forwardedOverTLS(values []string) bool {
	for proto := range strings.SplitSeq(strings.Join(values, ","), ",") {
		if !strings.EqualFold(strings.TrimSpace(proto), "https") {
			return false
		}
	}
	return true
}

func trusted(a netip.Addr, proxies []netip.Prefix) bool {
	return slices.ContainsFunc(proxies, func(p netip.Prefix) bool { return p.Contains(a) })
}

// String returns the address as access keeps it; empty when unknown.
func (p peer) String() string {
	if !p.address.IsValid() {
		return ""
	}
	return p.address.String()
}
