package main

import (
	"slices"
	"testing"
	"time"

	"kontor/internal/licensing"
	"kontor/internal/sqlstore"
	"kontor/policies"
)

// BenchmarkRevocationObeyed measures how long after its commit a revocation is obeyed by another process: two deciders
// over one database, each with its own connections and polling, one of which takes a grant away while the other one has
// kept what it allows. The moment at which it happens is anywhere between two polls.
func BenchmarkRevocationObeyed(b *testing.B) {
	for name, database := range engines {
		b.Run(name, func(b *testing.B) {
			address := seededDatabase(b, database(b))
			here, _ := decidingOn(b, address)
			_, decider := decidingOn(b, address)
			grant, err := heldByERP(b, here)
			if err != nil {
				b.Fatal(err)
			}
			member, err := standsFor(b, here, grant.Who)
			if err != nil {
				b.Fatal(err)
			}
			may := func() bool {
				d, err := decider.Decide(b.Context(), nil, member, licensing.Create, "partner")
				if err != nil {
					b.Fatal(err)
				}
				return d.Allowed
			}
			var took []time.Duration
			for b.Loop() {
				for !may() || !decider.Current() { // kept, and told so within the last second
					time.Sleep(time.Millisecond)
				}
				// Commits fall evenly between polls, not always right after one.
				time.Sleep(time.Duration(len(took)*37%200) * time.Millisecond)
				change(b, here, func(tx licensing.Tx) error { return tx.DeleteGrant(b.Context(), grant.ID) })
				from := time.Now()
				for may() {
					time.Sleep(200 * time.Microsecond)
				}
				took = append(took, time.Since(from))
				change(b, here, func(tx licensing.Tx) error { return tx.InsertGrant(b.Context(), grant) })
			}
			slices.Sort(took)
			b.ReportMetric(milliseconds(took[len(took)/2]), "p50-ms")
			b.ReportMetric(milliseconds(took[len(took)*99/100]), "p99-ms")
			b.ReportMetric(milliseconds(took[len(took)-1]), "max-ms")
		})
	}
}

// decidingOn is a process as far as it decides: a store of its own, and a decider that polls it.
func decidingOn(b *testing.B, address string) (*sqlstore.Store, *policies.Kept) {
	b.Helper()
	s, err := sqlstore.Open(b.Context(), address)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { s.Close() })
	k := policies.New(s, 1000)
	go k.Run(b.Context()) // ends before the store is closed: the context ends first
	return s, k
}

func change(b *testing.B, s *sqlstore.Store, fn func(tx licensing.Tx) error) {
	b.Helper()
	if err := s.Write(b.Context(), fn); err != nil {
		b.Fatal(err)
	}
}

// heldByERP is the grant of the ERP's service account, as it is kept.
func heldByERP(b *testing.B, s *sqlstore.Store) (g licensing.Grant, err error) {
	b.Helper()
	id := erpGrant(b, s)
	err = s.Read(b.Context(), func(tx licensing.Tx) (err error) {
		g, err = tx.GrantByID(b.Context(), id)
		return err
	})
	return g, err
}

// standsFor is the membership that a name of the policy stands for.
func standsFor(b *testing.B, s *sqlstore.Store, who string) (id licensing.MembershipID, err error) {
	b.Helper()
	email, _ := licensing.SubjectEmail(who)
	code, _ := licensing.SubjectGroup(who)
	err = s.Read(b.Context(), func(tx licensing.Tx) error {
		u, err := tx.UserByEmail(b.Context(), email)
		if err != nil {
			return err
		}
		g, err := tx.GroupByCode(b.Context(), code)
		if err != nil {
			return err
		}
		m, err := tx.MembershipIn(b.Context(), u.ID, g.ID)
		id = m.ID
		return err
	})
	return id, err
}
