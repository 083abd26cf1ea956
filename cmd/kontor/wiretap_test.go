package main

import (
	"bytes"
	"encoding/binary"
	"io"
	"net"
	"net/url"
	"sync"
	"testing"
)

// wiretap is a proxy before PostgreSQL that notes every statement with its parameters, so that a benchmark can let
// pgbench run the very same ones. It reads the frontend's messages of PostgreSQL's protocol, version 3.0.
type wiretap struct {
	mu         sync.Mutex
	statements []statement
}

// statement is one execution: by which connection, the SQL text, and the parameters in their text form; nil is NULL.
type statement struct {
	conn   net.Conn
	sql    string
	params []*string
}

// tap starts a wiretap before the server of dsn and returns it with the address that goes through it.
func tap(t testing.TB, dsn string) (*wiretap, string) {
	t.Helper()
	u, err := url.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	w, server := &wiretap{}, u.Host
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go w.pass(conn, server)
		}
	}()
	u.Host = l.Addr().String()
	return w, u.String()
}

// take returns what was noted since the last call.
func (w *wiretap) take() []statement {
	w.mu.Lock()
	defer w.mu.Unlock()
	all := w.statements
	w.statements = nil
	return all
}

func (w *wiretap) pass(front net.Conn, server string) {
	defer front.Close()
	back, err := net.Dial("tcp", server)
	if err != nil {
		return
	}
	defer back.Close()
	go func() {
		_, _ = io.Copy(front, back)
		front.Close() // whoever cancels a statement waits for the server to hang up
	}()
	w.listen(front, io.TeeReader(front, back))
}

// listen reads messages: a type and a length, except for the first, which has no type.
func (w *wiretap) listen(conn net.Conn, r io.Reader) {
	prepared := map[string]string{}
	for first := true; ; first = false {
		head := make([]byte, 5)
		if first {
			head = head[:4]
		}
		if _, err := io.ReadFull(r, head); err != nil {
			return
		}
		body := make([]byte, binary.BigEndian.Uint32(head[len(head)-4:])-4)
		if _, err := io.ReadFull(r, body); err != nil {
			return
		}
		if !first {
			w.note(conn, head[0], body, prepared)
		}
	}
}

func (w *wiretap) note(conn net.Conn, kind byte, body []byte, prepared map[string]string) {
	switch kind {
	case 'Q': // a simple query
		w.add(statement{conn: conn, sql: text(&body)})
	case 'P': // Parse: name, query
		name := text(&body)
		prepared[name] = text(&body)
	case 'B': // Bind: portal, statement, formats, parameters
		text(&body)
		s := statement{conn: conn, sql: prepared[text(&body)]}
		for range number(&body) {
			number(&body)
		}
		for range number(&body) {
			s.params = append(s.params, parameter(&body))
		}
		w.add(s)
	}
}

func (w *wiretap) add(s statement) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.statements = append(w.statements, s)
}

func text(b *[]byte) string {
	s, rest, _ := bytes.Cut(*b, []byte{0})
	*b = rest
	return string(s)
}

func number(b *[]byte) int {
	n := binary.BigEndian.Uint16(*b)
	*b = (*b)[2:]
	return int(n)
}

func parameter(b *[]byte) *string {
	n := int32(binary.BigEndian.Uint32(*b)) //nolint:gosec // -1 is NULL
	*b = (*b)[4:]
	if n < 0 {
		return nil
	}
	s := string((*b)[:n])
	*b = (*b)[n:]
	return &s
}
