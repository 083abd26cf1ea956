package egress

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// guard decides, connection by connection, whether an address may be connected to.
type guard struct {
	dialer  net.Dialer
	allowed map[string]bool // "host:port" of the URL
	own     []listener
}

// listener is an address that this process listens on.
type listener struct {
	host string     // as configured; empty when it is an address
	addr netip.Addr // unspecified: every address of this machine
	port uint16
}

func newGuard(allowed, own []string) (*guard, error) {
	g := &guard{dialer: net.Dialer{Timeout: Timeout, KeepAlive: 30 * time.Second}, allowed: map[string]bool{}}
	for _, pair := range allowed {
		host, port, err := splitPair(pair)
		if err != nil {
			return nil, fmt.Errorf("allowed address: %w", err)
		}
		g.allowed[net.JoinHostPort(host, port)] = true
	}
	for _, pair := range own {
		l, err := parseListener(pair)
		if err != nil {
			return nil, fmt.Errorf("own address: %w", err)
		}
		g.own = append(g.own, l)
	}
	return g, nil
}

func parseListener(pair string) (listener, error) {
	host, port, err := splitPair(pair)
	if err != nil {
		return listener{}, err
	}
	n, err := strconv.ParseUint(port, 10, 16)
	if err != nil {
		return listener{}, fmt.Errorf("%q has no port from 0 to 65535", pair)
	}
	l := listener{port: uint16(n)}
	if host == "" {
		l.addr = netip.IPv6Unspecified()
	} else if addr, err := netip.ParseAddr(host); err == nil {
		l.addr = plain(addr)
	} else {
		l.host = host
	}
	return l, nil
}

// dial connects to the host:port of a URL. All addresses that the host has go through the check one by one.
func (g *guard) dial(ctx context.Context, network, pair string) (net.Conn, error) {
	host, port, err := splitPair(pair)
	if err != nil {
		return nil, err
	}
	private := g.allowed[net.JoinHostPort(host, port)]
	d := g.dialer // a copy, for the pair's own check
	d.ControlContext = func(_ context.Context, _, address string, _ syscall.RawConn) error {
		return g.check(host, address, private)
	}
	return d.DialContext(ctx, network, pair)
}

// check reports why address, an IP address with port that host led to, may not be connected to.
func (g *guard) check(host, address string, private bool) error {
	ap, err := netip.ParseAddrPort(address)
	if err != nil {
		return &RefusedError{Address: address, Reason: "no TCP address"}
	}
	addr := plain(ap.Addr())
	refused := func(reason string) error {
		return &RefusedError{Address: netip.AddrPortFrom(addr, ap.Port()).String(), Reason: reason}
	}
	for _, l := range g.own {
		if l.is(host, addr, ap.Port()) {
			return refused("our own listener")
		}
	}
	kind := kindOf(addr)
	switch {
	case kind == kindPublic:
		return nil
	case kind.never || !private:
		return refused(kind.name)
	default:
		return nil
	}
}

// is reports whether connecting to addr and port, or to the name host and port, reaches the listener.
func (l listener) is(host string, addr netip.Addr, port uint16) bool {
	switch {
	case port != l.port:
		return false
	case l.host == "localhost":
		return addr.IsLoopback()
	case l.host != "":
		return host == l.host
	case l.addr.IsUnspecified():
		return addr.IsLoopback() || ofThisMachine(addr)
	default:
		return addr == l.addr
	}
}

// ofThisMachine reports whether addr is on one of the machine's interfaces. It asks each time: interfaces come and
// go, and a listener on all addresses is on the new ones too. What cannot be found out counts as ours.
func ofThisMachine(addr netip.Addr) bool {
	all, err := net.InterfaceAddrs()
	if err != nil {
		return true
	}
	for _, a := range all {
		prefix, err := netip.ParsePrefix(a.String())
		if err == nil && plain(prefix.Addr()) == addr {
			return true
		}
	}
	return false
}

// nat64 is the prefix under which gateways of IPv6-only networks reach IPv4 addresses (RFC 6052).
var nat64 = netip.MustParsePrefix("64:ff9b::/96")

// plain returns an address without zone, and an IPv4 one in IPv6 clothing (::ffff:127.0.0.1, 64:ff9b::7f00:1) as the
// IPv4 address that it leads to.
func plain(a netip.Addr) netip.Addr {
	a = a.Unmap().WithZone("")
	if nat64.Contains(a) {
		b := a.As16()
		return netip.AddrFrom4([4]byte(b[12:]))
	}
	return a
}

// canonicalHost returns a host as pairs are compared by: names in lower case without the dot at the end, addresses
// in their one short form.
func canonicalHost(host string) string {
	if addr, err := netip.ParseAddr(host); err == nil {
		return addr.Unmap().String()
	}
	return strings.TrimSuffix(strings.ToLower(host), ".")
}
