package main

import (
	"fmt"
	"net"
	"net/http"
	"net/url"
	"sync"
	"testing"
	"time"

	"kontor/internal/pgtest"
)

// cable is a TCP proxy to a database that can be cut: what was sent is then forwarded no more, in either direction, and
// nobody is told.
type cable struct {
	listener net.Listener
	to       string
	mu       sync.Mutex
	plugged  *sync.Cond
	cut      bool
	conns    []net.Conn
}

func newCable(t testing.TB, to string) *cable {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := &cable{listener: l, to: to}
	c.plugged = sync.NewCond(&c.mu)
	go c.accept()
	t.Cleanup(func() {
		c.set(false)
		l.Close()
		c.mu.Lock()
		defer c.mu.Unlock()
		for _, conn := range c.conns {
			conn.Close()
		}
	})
	return c
}

func (c *cable) accept() {
	for {
		in, err := c.listener.Accept()
		if err != nil {
			return
		}
		out, err := net.Dial("tcp", c.to)
		if err != nil {
			in.Close()
			continue
		}
		c.mu.Lock()
		c.conns = append(c.conns, in, out)
		c.mu.Unlock()
		go c.forward(in, out)
		go c.forward(out, in)
	}
}

func (c *cable) forward(from, to net.Conn) {
	defer to.Close()
	b := make([]byte, 64<<10)
	for {
		n, err := from.Read(b)
		c.wait()
		if n > 0 {
			if _, err := to.Write(b[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// wait holds what is under way while the cable is cut.
func (c *cable) wait() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for c.cut {
		c.plugged.Wait()
	}
}

func (c *cable) set(cut bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.cut = cut
	c.plugged.Broadcast()
}

// TestCutOffFromTheDatabase runs a server whose database goes silent: after a second it knows its policy current no
// more, and creates nothing from then on; with the database back it goes on.
func TestCutOffFromTheDatabase(t *testing.T) {
	p, _ := startDemo(t, pgtest.Database(t, migrated))
	if err := p.stop(); err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(p.database)
	if err != nil {
		t.Fatal(err)
	}
	if u.Port() == "" {
		u.Host = net.JoinHostPort(u.Hostname(), "5432")
	}
	c := newCable(t, u.Host)
	u.Host = c.listener.Addr().String()
	behind := &process{t: t, database: u.String(), env: append(p.env, "KONTOR_DATABASE_URL="+u.String()), args: p.args}
	address := freeAddress(t)
	besides(t, behind, "serve", "--no-jobs", "--listen", address)
	ready := func() int { return get("http://" + address + "/readyz") }
	waitFor(t, "the server to be ready", func() bool { return ready() == http.StatusOK })
	soap := "http://" + address + "/soap/v1"
	if a, err := createBySOAP(soap, "before"); err != nil || a.Fault != "" {
		t.Fatalf("before: %+v, %v", a, err)
	}
	for i := range 3 {
		c.set(true)
		<-time.After(time.Second) // what is promised
		if got := ready(); got == http.StatusOK {
			t.Error("the server says that it is ready, without its database")
		}
		answered := make(chan created, 1)
		go func() {
			a, err := createBySOAP(soap, fmt.Sprintf("cut-%d", i))
			if err != nil {
				a.Fault = err.Error()
			}
			answered <- a
		}()
		select {
		case a := <-answered:
			if a.Fault == "" {
				t.Errorf("a license was created without the database: %+v", a)
			}
			c.set(false)
		case <-time.After(2 * time.Second): // it waits for its database, and has allowed nothing
			c.set(false)
			<-answered
		}
		waitFor(t, "the server to be ready again", func() bool { return ready() == http.StatusOK })
	}
}
