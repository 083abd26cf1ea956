package main

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"kontor/internal/demo"
	"kontor/internal/licensing"
	"kontor/internal/pgtest"
	"kontor/internal/sqlstore"
)

// TestTwoProcesses runs two servers that leave the jobs to a worker, over one PostgreSQL that the demo seeded.
func TestTwoProcesses(t *testing.T) {
	p, _ := startDemo(t, pgtest.Database(t, migrated))
	if err := p.stop(); err != nil { // it has seeded, and would work jobs off
		t.Fatal(err)
	}
	erp, err := demo.NewERP(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	outside := httptest.NewServer(erp.Handler())
	defer outside.Close()
	if err := (demoCommand{common: common{Data: p.args[2]}}).writeConfig(outside.URL + demo.ERPPath); err != nil {
		t.Fatal(err)
	}
	var soap []string
	for range 2 {
		address := freeAddress(t)
		besides(t, p, "serve", "--no-jobs", "--listen", address)
		waitFor(t, "a server to be ready", func() bool { return get("http://"+address+"/readyz") == http.StatusOK })
		soap = append(soap, "http://"+address+"/soap/v1")
	}
	t.Run("one request sent to both", func(t *testing.T) { oneRequestToBoth(t, soap) })
	t.Run("a revocation on one is obeyed by the other", func(t *testing.T) { revocationIsObeyed(t, p, soap) })
	t.Run("a worker passes on what servers create", func(t *testing.T) {
		if n := len(erp.Documents()); n != 0 {
			t.Errorf("%d documents before there is a worker", n)
		}
		besides(t, p, "worker")
		waitFor(t, "the ERP's documents", func() bool { return len(erp.Documents()) == 1+2*(obeyed-1) })
	})
}

// besides starts a process with the data directory and database of another.
func besides(t *testing.T, p *process, args ...string) *process {
	t.Helper()
	other := &process{t: t, database: p.database, env: p.env, log: &bytes.Buffer{}, args: append([]string{args[0], "--data", p.args[2], "--log-level", "warn"}, args[1:]...)}
	other.start()
	t.Cleanup(other.kill)
	return other
}

func oneRequestToBoth(t *testing.T, soap []string) {
	const sends = 50
	answers := make([]created, sends)
	var callers sync.WaitGroup
	for i := range sends {
		callers.Go(func() { answers[i], _ = createBySOAP(soap[i%2], "to-both") })
	}
	callers.Wait()
	first := 0
	for i, a := range answers {
		if a.OrderNumber == "" || a.OrderNumber != answers[0].OrderNumber || a.Tickets[0] != answers[0].Tickets[0] {
			t.Errorf("send %d: %+v", i, a)
		}
		if !a.Replayed {
			first++
		}
	}
	if first != 1 {
		t.Errorf("%d sends created, not one", first)
	}
}

// erpGrant is the grant of the ERP's service account.
func erpGrant(t testing.TB, s *sqlstore.Store) (id licensing.GrantID) {
	t.Helper()
	if err := s.Pool().QueryRow("SELECT id FROM permission WHERE who = 'member:erp@aurora.example/aurora'").Scan(&id); err != nil {
		t.Fatal(err)
	}
	return id
}

// obeyed is how often a revocation has to be obeyed.
const obeyed = 10

// revocationIsObeyed takes the ERP's grant away, as one process would, and expects the others to deny within a second;
// gives it again, and expects them to allow; many times over. At the end it is taken away.
func revocationIsObeyed(t *testing.T, p *process, soap []string) {
	s, err := sqlstore.Open(t.Context(), p.database)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	id := erpGrant(t, s)
	var grant licensing.Grant
	write := func(fn func(tx licensing.Tx) error) {
		t.Helper()
		if err := s.Write(t.Context(), fn); err != nil {
			t.Fatal(err)
		}
	}
	write(func(tx licensing.Tx) (err error) {
		grant, err = tx.GrantByID(t.Context(), id)
		return err
	})
	request := 0
	ask := func(when, want string) {
		t.Helper()
		// A second is what is promised: whoever has not heard by then decides from the database.
		<-time.After(time.Second)
		for i, url := range soap {
			request++
			if c, err := createBySOAP(url, fmt.Sprintf("obeyed-%d", request)); err != nil || c.Fault != want {
				t.Errorf("server %d %s: %+v, %v; want %q", i, when, c, err, want)
			}
		}
	}
	for i := range obeyed {
		write(func(tx licensing.Tx) error { return tx.DeleteGrant(t.Context(), grant.ID) })
		ask(fmt.Sprintf("after revocation %d", i+1), "denied")
		if i+1 < obeyed {
			write(func(tx licensing.Tx) error { return tx.InsertGrant(t.Context(), grant) })
			ask("after it was given again", "")
		}
	}
}
