package sqlstore

import (
	"net"
	"testing"
	"time"
)

// TestSilentPostgresIsGivenUp connects to a server that takes connections and never answers, without a deadline of the caller's. The
// driver sets the same bound to the connections by which it cancels statements.
func TestSilentPostgresIsGivenUp(t *testing.T) {
	t.Parallel()
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	given := make(chan error, 1)
	go func() {
		_, _, err := postgres{address: "postgres://nobody@" + silent.Addr().String() + "/none?sslmode=disable"}.open(t.Context())
		given <- err
	}()
	select {
	case err := <-given:
		if err == nil {
			t.Error("it is connected")
		}
	case <-time.After(time.Minute):
		t.Error("it waits for good")
	}
}
