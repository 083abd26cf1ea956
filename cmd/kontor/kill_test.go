package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kontor/internal/sqlstore"
)

const (
	killedCreations = 200
	killedCallers   = 8
	leastKills      = 8
)

// TestKilled kills the whole demo, portal, jobs and ERP, at random moments while licenses are created, starts it
// again, and lets the callers send again what was not answered. Afterwards everything must be there exactly once.
func TestKilled(t *testing.T) {
	for name, database := range engines {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, demo := startDemo(t, database(t))
			answers, kills := createWhileKilling(t, p, demo)
			t.Logf("%d creations, killed %d times", killedCreations, kills)
			if kills < leastKills {
				t.Errorf("killed %d times only: the test shows too little", kills)
			}
			orders := checkAnswers(t, answers)
			waitFor(t, "the ERP to have every order", func() bool { return len(erpDocuments(t, demo.ERP)) >= len(orders) })
			checkDocuments(t, erpDocuments(t, demo.ERP), orders)
			waitForDocumentNumbers(t, p)
			if err := p.stop(); err != nil {
				t.Errorf("after SIGTERM: %v", err)
			}
			checkTables(t, p)
		})
	}
}

// createWhileKilling creates licenses from several callers while the process is killed and started again, and returns
// the answer to each request id.
func createWhileKilling(t *testing.T, p *process, demo demoFile) (answers []created, kills int) {
	answers = make([]created, killedCreations)
	var next, done atomic.Int64
	var callers sync.WaitGroup
	for range killedCallers {
		callers.Go(func() {
			for i := next.Add(1) - 1; i < killedCreations; i = next.Add(1) - 1 {
				answers[i] = createUntilAnswered(t, demo.SOAP, fmt.Sprintf("kill-%d", i))
				done.Add(1)
				time.Sleep(time.Duration(rand.IntN(40)) * time.Millisecond) // so that there is something left to kill
			}
		})
	}
	for done.Load() < killedCreations {
		if t.Failed() {
			break
		}
		// Kill after a random amount of work, not of time: a slow machine is killed as often.
		for until := done.Load() + 2 + rand.Int64N(20); done.Load() < min(until, killedCreations); {
			time.Sleep(time.Millisecond)
		}
		p.kill()
		kills++
		p.start()
		waitFor(t, "the demo to be ready again", func() bool { return get(demo.URL+"/readyz") == 200 })
	}
	callers.Wait()
	return answers, kills
}

// createUntilAnswered sends a request again and again until it is answered, as an ERP would.
func createUntilAnswered(t *testing.T, soapURL, requestID string) created {
	for deadline := time.Now().Add(2 * time.Minute); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		c, err := createBySOAP(soapURL, requestID)
		if err == nil && c.Fault == "" {
			return c
		}
		if err == nil && c.Fault != "unavailable" && c.Fault != "conflict" {
			t.Errorf("%s: fault %s", requestID, c.Fault)
			return c
		}
	}
	t.Errorf("%s was never answered", requestID)
	return created{}
}

// checkAnswers checks that each request id has an order and a ticket of its own, and returns the orders.
func checkAnswers(t *testing.T, answers []created) map[string]bool {
	orders, tickets := map[string]bool{}, map[string]bool{}
	for i, a := range answers {
		if a.OrderNumber == "" || len(a.Tickets) != 1 {
			t.Fatalf("request %d: %+v", i, a)
		}
		if orders[a.OrderNumber] || tickets[a.Tickets[0]] {
			t.Errorf("request %d: order %s or its ticket was given to another request too", i, a.OrderNumber)
		}
		orders[a.OrderNumber], tickets[a.Tickets[0]] = true, true
	}
	return orders
}

func checkDocuments(t *testing.T, documents []erpDocument, orders map[string]bool) {
	count := map[string]int{}
	for _, d := range documents {
		count[d.OrderNumber]++
		if !orders[d.OrderNumber] {
			t.Errorf("the ERP has a document for order %s, which nobody was told of", d.OrderNumber)
		}
	}
	for number := range orders {
		if count[number] != 1 {
			t.Errorf("order %s has %d ERP documents", number, count[number])
		}
	}
}

// waitForDocumentNumbers waits until every message is accepted: what the ERP has, Kontor knows.
func waitForDocumentNumbers(t *testing.T, p *process) {
	pool := openTables(t, p)
	defer pool.Close()
	waitFor(t, "every message to be accepted", func() bool {
		return count(t, pool, "SELECT COUNT(*) FROM message WHERE state <> 'accepted' OR document_number = ''") == 0
	})
}

// checkTables looks at the tables themselves: nothing is there that no answer spoke of.
func checkTables(t *testing.T, p *process) {
	pool := openTables(t, p)
	defer pool.Close()
	for _, table := range []string{"request", "customer_order", "order_line", "license", "license_file", "message"} {
		if n := count(t, pool, "SELECT COUNT(*) FROM "+table); n != killedCreations {
			t.Errorf("%d rows in %s, not %d", n, table, killedCreations)
		}
	}
	if n := count(t, pool, "SELECT COUNT(*) FROM request WHERE answer IS NULL"); n != 0 {
		t.Errorf("%d requests were committed without their answer", n)
	}
}

// openTables opens the process's database beside it.
func openTables(t *testing.T, p *process) *sqlstore.Store {
	t.Helper()
	s, err := sqlstore.Connect(context.Background(), p.database)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func count(t testing.TB, s *sqlstore.Store, query string) (n int) {
	t.Helper()
	if err := s.Pool().QueryRow(query).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}
