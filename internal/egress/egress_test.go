package egress

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"

	"golang.org/x/net/dns/dnsmessage"
)

// server starts a listener on loopback that counts its requests.
func server(t *testing.T, h http.HandlerFunc) (srv *httptest.Server, pair string, hits *atomic.Int64) {
	t.Helper()
	hits = new(atomic.Int64)
	srv = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		hits.Add(1)
		h(w, r)
	}))
	t.Cleanup(srv.Close)
	return srv, strings.TrimPrefix(srv.URL, "http://"), hits
}

func ok(w http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprint(w, "fine") }

func portOf(pair string) string { return pair[strings.LastIndex(pair, ":")+1:] }

// mustGuard returns a guard whose names are looked up at resolver; nil: at the system's.
func mustGuard(t *testing.T, allowed, own []string, resolver *net.Resolver) *guard {
	t.Helper()
	g, err := newGuard(allowed, own)
	if err != nil {
		t.Fatal(err)
	}
	g.dialer.Resolver = resolver
	return g
}

func get(t *testing.T, c *http.Client, url string) (*http.Response, error) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	return c.Do(req)
}

// mustRefuse calls url and checks that the client refused, for the reason given.
func mustRefuse(t *testing.T, c *http.Client, url, reason string) {
	t.Helper()
	resp, err := get(t, c, url)
	if err == nil {
		resp.Body.Close()
		t.Fatalf("GET %s was answered %s, want it refused", url, resp.Status)
	}
	var refused *RefusedError
	if !errors.As(err, &refused) {
		t.Fatalf("GET %s: %v, want a RefusedError", url, err)
	}
	if refused.Reason != reason {
		t.Errorf("GET %s: refused as %q, want %q", url, refused.Reason, reason)
	}
}

func TestAllowedPair(t *testing.T) {
	srv, pair, _ := server(t, ok)
	_, other, otherHits := server(t, ok)
	c, err := New([]string{pair}, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := get(t, c, srv.URL)
	if err != nil {
		t.Fatal(err)
	}
	body, err := ReadAll(resp, 100)
	if string(body) != "fine" || err != nil {
		t.Errorf("got %q, %v", body, err)
	}
	mustRefuse(t, c, "http://"+other, "a loopback address") // same host, another port
	if otherHits.Load() != 0 {
		t.Error("the other port was reached")
	}
}

// A listener's loopback address has many spellings; none of them leads around the check.
func TestSpellingsOfLoopback(t *testing.T) {
	_, pair, hits := server(t, ok)
	c := newClient(mustGuard(t, nil, nil, rebindingResolver(t, "127.0.0.1")))
	for _, host := range []string{"127.0.0.1", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "localhost", "0x7f000001"} {
		mustRefuse(t, c, "http://"+host+":"+portOf(pair), "a loopback address")
	}
	// Go's resolver takes bare numbers for no name at all, the C library's for an address: either way out of reach.
	for _, host := range []string{"2130706433", "017700000001", "127.1", "0"} {
		if resp, err := get(t, c, "http://"+host+":"+portOf(pair)); err == nil {
			resp.Body.Close()
			t.Errorf("host %s was answered %s", host, resp.Status)
		}
	}
	if hits.Load() != 0 {
		t.Errorf("the listener was reached %d times", hits.Load())
	}
}

func TestOwnListenerIsRefusedThoughAllowed(t *testing.T) {
	srv, pair, hits := server(t, ok)
	port := portOf(pair)
	for _, own := range []string{pair, "localhost:" + port, ":" + port, "0.0.0.0:" + port, "[::]:" + port} {
		c, err := New([]string{pair}, []string{own})
		if err != nil {
			t.Fatal(err)
		}
		mustRefuse(t, c, srv.URL, "our own listener")
	}
	if hits.Load() != 0 {
		t.Error("the own listener was reached")
	}
}

func TestOwnName(t *testing.T) {
	g := mustGuard(t, nil, []string{"Portal.Example:443"}, nil)
	if err := g.check("portal.example", "1.1.1.1:443", false); err == nil {
		t.Error("the own public name was let through")
	}
	if err := g.check("portal.example", "1.1.1.1:8443", false); err != nil {
		t.Errorf("another port of the own name: %v", err)
	}
}

func TestCheck(t *testing.T) {
	g := mustGuard(t, nil, nil, nil)
	for _, tt := range []struct {
		address   string
		reason    string // empty: public
		ifAllowed bool   // an allowed pair may lead there
	}{
		{"1.1.1.1:80", "", true},
		{"[2606:4700:4700::1111]:443", "", true},
		{"[::ffff:1.1.1.1]:80", "", true},
		{"[64:ff9b::101:101]:80", "", true},
		{"127.0.0.1:80", "a loopback address", true},
		{"127.255.255.254:80", "a loopback address", true},
		{"[::1]:80", "a loopback address", true},
		{"[64:ff9b::7f00:1]:80", "a loopback address", true},
		{"10.1.2.3:80", "a private address", true},
		{"172.16.0.1:80", "a private address", true},
		{"172.31.255.255:80", "a private address", true},
		{"172.32.0.1:80", "", true},
		{"192.168.1.1:80", "a private address", true},
		{"[::ffff:192.168.1.1]:80", "a private address", true},
		{"[fd12:3456::1]:80", "a private address", true},
		{"100.64.0.1:80", "a private address of a provider", true},
		{"100.127.255.255:80", "a private address of a provider", true},
		{"100.128.0.1:80", "", true},
		{"169.254.1.1:80", "a link-local address", true},
		{"[fe80::1%eth0]:80", "a link-local address", true},
		{"169.254.169.254:80", "a cloud's metadata address", false},
		{"[::ffff:169.254.169.254]:80", "a cloud's metadata address", false},
		{"[64:ff9b::a9fe:a9fe]:80", "a cloud's metadata address", false},
		{"[fd00:ec2::254]:80", "a cloud's metadata address", false},
		{"0.0.0.0:80", "an unspecified address", false},
		{"[::]:80", "an unspecified address", false},
		{"224.0.0.1:80", "a multicast address", false},
		{"[ff02::1]:80", "a multicast address", false},
		{"198.18.0.1:80", "a reserved address", false},
		{"255.255.255.255:80", "a reserved address", false},
		{"[2002:7f00:1::]:80", "a reserved address", false},
		{"[2001:0:7f00:1::]:80", "a reserved address", false},
		{"[::7f00:1]:80", "a reserved address", false},
		{"[64:ff9b:1::1]:80", "a reserved address", false},
		{"[fec0::1]:80", "a reserved address", false},
		{"/tmp/socket", "no TCP address", false},
	} {
		reason := ""
		var refused *RefusedError
		if errors.As(g.check("h", tt.address, false), &refused) {
			reason = refused.Reason
		}
		if reason != tt.reason {
			t.Errorf("%s: refused as %q, want %q", tt.address, reason, tt.reason)
		}
		if err := g.check("h", tt.address, true); (err == nil) != tt.ifAllowed {
			t.Errorf("%s with an allowed pair: %v, want allowed %v", tt.address, err, tt.ifAllowed)
		}
	}
}

// The name is public when somebody looks it up first, and leads to our own machine when the client does.
func TestRebinding(t *testing.T) {
	_, pair, hits := server(t, ok)
	resolver := rebindingResolver(t, "1.1.1.1", "127.0.0.1")
	c := newClient(mustGuard(t, nil, nil, resolver))

	first, err := resolver.LookupNetIP(t.Context(), "ip4", "erp.example")
	if err != nil || kindOf(first[0].Unmap()) != kindPublic {
		t.Fatalf("first lookup: %v, %v; want a public address", first, err)
	}
	mustRefuse(t, c, "http://erp.example:"+portOf(pair), "a loopback address")
	if hits.Load() != 0 {
		t.Error("the listener was reached")
	}
}

// An allowed pair is allowed by its name, wherever the name leads; another name for the same place is not.
func TestAllowedName(t *testing.T) {
	srv, pair, _ := server(t, ok)
	resolver := rebindingResolver(t, "127.0.0.1")
	port := portOf(pair)
	c := newClient(mustGuard(t, []string{"ERP.example.:" + port}, nil, resolver))
	resp, err := get(t, c, "http://erp.EXAMPLE:"+port)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	mustRefuse(t, c, "http://other.example:"+port, "a loopback address")
	mustRefuse(t, c, srv.URL, "a loopback address")
}

// rebindingResolver starts a name server that gives every name one of the addresses after the other, and the last
// for good.
func rebindingResolver(t *testing.T, addrs ...string) *net.Resolver {
	t.Helper()
	conn, err := new(net.ListenConfig).ListenPacket(t.Context(), "udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	go func() {
		next := 0
		buf := make([]byte, 1500)
		for {
			n, peer, err := conn.ReadFrom(buf)
			if err != nil {
				return // closed
			}
			var m dnsmessage.Message
			if m.Unpack(buf[:n]) != nil {
				continue
			}
			m.Response, m.Additionals = true, nil
			if q := m.Questions[0]; q.Type == dnsmessage.TypeA {
				m.Answers = []dnsmessage.Resource{{
					Header: dnsmessage.ResourceHeader{Name: q.Name, Class: q.Class, TTL: 0},
					Body:   &dnsmessage.AResource{A: netip.MustParseAddr(addrs[next]).As4()},
				}}
				next = min(next+1, len(addrs)-1)
			}
			if packed, err := m.Pack(); err == nil {
				_, _ = conn.WriteTo(packed, peer) // closed: the next read tells
			}
		}
	}()
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "udp4", conn.LocalAddr().String())
	}}
}

func TestRedirectIsNotFollowed(t *testing.T) {
	_, target, targetHits := server(t, ok)
	srv, pair, _ := server(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://"+target, http.StatusFound)
	})
	c, err := New([]string{pair, target}, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := get(t, c, srv.URL)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusFound || targetHits.Load() != 0 {
		t.Errorf("answered %s, target reached %d times", resp.Status, targetHits.Load())
	}
}

func TestNoProxy(t *testing.T) {
	_, proxy, hits := server(t, ok)
	t.Setenv("HTTP_PROXY", "http://"+proxy)
	c := newClient(mustGuard(t, []string{proxy}, nil, rebindingResolver(t, "127.0.0.1")))
	mustRefuse(t, c, "http://erp.example", "a loopback address")
	if hits.Load() != 0 {
		t.Error("the proxy was reached")
	}
}

func TestReadAll(t *testing.T) {
	for _, tt := range []struct {
		body, want string
		tooLarge   bool
	}{
		{"", "", false},
		{"12345", "12345", false},
		{"123456", "12345", true},
	} {
		got, err := ReadAll(&http.Response{Body: io.NopCloser(strings.NewReader(tt.body))}, 5)
		if string(got) != tt.want || errors.Is(err, ErrTooLarge) != tt.tooLarge {
			t.Errorf("ReadAll(%q) = %q, %v", tt.body, got, err)
		}
	}
}

func TestTimeIsBounded(t *testing.T) {
	c, err := New(nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if c.Timeout != Timeout {
		t.Errorf("a call may take %v, want %v", c.Timeout, Timeout)
	}
}

func TestMalformedPairs(t *testing.T) {
	for _, tt := range []struct{ allowed, own []string }{
		{[]string{"erp.example"}, nil},
		{[]string{"http://erp.example:80/"}, nil},
		{nil, []string{"127.0.0.1"}},
		{nil, []string{"127.0.0.1:http"}},
		{nil, []string{"127.0.0.1:70000"}},
	} {
		if _, err := New(tt.allowed, tt.own); err == nil {
			t.Errorf("New(%q, %q) was accepted", tt.allowed, tt.own)
		}
	}
}
