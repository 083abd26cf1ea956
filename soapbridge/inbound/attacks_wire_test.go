package inbound

import (
	"fmt"
	"io"
	"net"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// TestLengthsThatLie sends bodies over a real connection that are not as long as they are said to be, or that say it twice. No
// license is created by what one on the way may have read otherwise, and nothing is reserved for a length that is only said.
func TestLengthsThatLie(t *testing.T) {
	valid := soapEnvelope("", createLicenseBody("", ""))
	head := "POST " + Path + " HTTP/1.1\r\nHost: x\r\nContent-Type: text/xml\r\nAuthorization: Basic ZXJwQGF1cm9yYS5leGFtcGxlOmtvbnRvci1kZW1v\r\n"
	length := func(n string) string { return head + "Content-Length: " + n + "\r\n\r\n" }
	chunked := head + "Transfer-Encoding: chunked\r\n\r\n"
	chunk := func(s string) string { return fmt.Sprintf("%x\r\n%s\r\n", len(s), s) }
	half, rest := valid[:len(valid)/2], valid[len(valid)/2:]
	for _, a := range []struct {
		name, sent, says string
		created          int
	}{
		{"as it is", length(fmt.Sprint(len(valid))) + valid, "200 OK", 1},
		{"in chunks", chunked + chunk(half) + chunk(rest) + "0\r\n\r\n", "200 OK", 1},
		{"longer than what comes", length(fmt.Sprint(len(valid)+1)) + valid, "to its end", 0},
		{"of exabytes", length("9000000000000000000") + valid, "to its end", 0},
		{"shorter than what comes", length(fmt.Sprint(len(half))) + valid, "not well-formed", 0},
		{"nothing", length("0") + valid, "is empty", 0},
		{"less than nothing", length("-1") + valid, "400 Bad Request", 0},
		{"with a sign", length("+100") + valid, "400 Bad Request", 0},
		{"beyond any number", length("99999999999999999999") + valid, "400 Bad Request", 0},
		{"said twice", head + fmt.Sprintf("Content-Length: %d\r\nContent-Length: %d\r\n\r\n", len(half), len(valid)) + valid, "400 Bad Request", 0},
		{"chunked and by a length", head + fmt.Sprintf("Content-Length: %d\r\nTransfer-Encoding: chunked\r\n\r\n", len(valid)) + valid, "to its end", 0},
		{"chunked twice", head + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk(valid) + "0\r\n\r\n", "501", 0},
		{"chunked by another name", head + "Transfer-Encoding: xchunked\r\n\r\n" + chunk(valid) + "0\r\n\r\n", "501", 0},
		{"a chunk without a number", chunked + "x\r\n" + valid, "to its end", 0},
		{"a chunk of exabytes", chunked + "7fffffffffffffff\r\n" + valid, "to its end", 0},
		{"a chunk beyond any number", chunked + "fffffffffffffffff\r\n" + valid, "to its end", 0},
		{"a chunk with much beside it", chunked + "1;" + strings.Repeat("x", 5_000) + "\r\n<\r\n", "to its end", 0},
		{"no last chunk", chunked + chunk(valid), "to its end", 0},
	} {
		t.Run(a.name, func(t *testing.T) {
			f := newFace(t, Config{})
			server := httptest.NewServer(f)
			before := heapInUse()
			answer := overConnection(t, server.Listener.Addr().String(), a.sent)
			server.Close() // waits for the request
			if !strings.Contains(answer, a.says) {
				t.Errorf("got %s, want %q", answer, a.says)
			}
			if n := len(f.ordering.created); n != a.created {
				t.Errorf("%d licenses were created, not %d", n, a.created)
			}
			if kept := heapInUse() - before; kept > 4*maxBody {
				t.Errorf("%d bytes are kept", kept)
			}
		})
	}
}

// overConnection sends bytes, says that no more come, and returns all that is answered.
func overConnection(t *testing.T, address, sent string) string {
	t.Helper()
	connection, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close()
	if err := connection.SetDeadline(time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	_, _ = io.WriteString(connection, sent) // who is refused early does not get rid of all
	_ = connection.(*net.TCPConn).CloseWrite()
	answer, err := io.ReadAll(connection)
	if err != nil && len(answer) == 0 {
		t.Fatal(err)
	}
	return string(answer)
}
