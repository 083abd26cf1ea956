package storetest

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"

	"kontor/internal/licensing"
)

// carryOut claims a request id and stores an answer, or returns the one that was stored.
func carryOut(t *testing.T, s licensing.Store, account licensing.MembershipID, id, fingerprint, answer string) (claimed bool, stored licensing.StoredRequest, err error) {
	t.Helper()
	err = s.Write(t.Context(), func(tx licensing.Tx) (err error) {
		if claimed, stored, err = tx.ClaimRequest(t.Context(), account, id, []byte(fingerprint)); err != nil || !claimed {
			return err
		}
		return tx.StoreAnswer(t.Context(), account, id, []byte(answer))
	})
	return claimed, stored, err
}

var requests = map[string]func(*testing.T, licensing.Store){
	"an id is claimed once per account": func(t *testing.T, s licensing.Store) {
		first := func(account licensing.MembershipID, id string) bool {
			claimed, _, err := carryOut(t, s, account, id, "f\x00\xff", "a\x00\xff")
			must(t, err)
			return claimed
		}
		for _, id := range append(odd, string([]rune(long())[:255])) {
			same(t, "first "+id, first("one", id), true)
			claimed, stored, err := carryOut(t, s, "one", id, "another", "another")
			must(t, err)
			same(t, "again "+id, claimed, false)
			same(t, "what was stored", stored, licensing.StoredRequest{Fingerprint: []byte("f\x00\xff"), Answer: []byte("a\x00\xff")})
			same(t, "another account", first("two", id), true)
		}
		same(t, "another case", first("one", "null"), true)
	},
	"an id is free again after a failure": func(t *testing.T, s licensing.Store) {
		stop := errors.New("stop")
		err := s.Write(t.Context(), func(tx licensing.Tx) error {
			claimed, _, err := tx.ClaimRequest(t.Context(), "one", "id", []byte("f"))
			must(t, err)
			same(t, "claimed", claimed, true)
			return stop
		})
		if !errors.Is(err, stop) {
			t.Fatal(err)
		}
		claimed, _, err := carryOut(t, s, "one", "id", "other", "answer")
		must(t, err)
		same(t, "claimed after the failure", claimed, true)
	},
	"of 50 at once one claims, and the others see its answer": func(t *testing.T, s licensing.Store) {
		var claims atomic.Int64
		var all sync.WaitGroup
		for range 50 {
			all.Go(func() {
				claimed, stored, err := carryOut(t, s, "one", "id", "f", "the answer")
				switch {
				case err != nil:
					t.Errorf("claim: %v", err)
				case claimed:
					claims.Add(1)
				case string(stored.Answer) != "the answer" || string(stored.Fingerprint) != "f":
					t.Errorf("somebody saw %q, %q", stored.Fingerprint, stored.Answer)
				}
			})
		}
		all.Wait()
		same(t, "claims", claims.Load(), int64(1))
	},
	"of 50 at once another claims when the first fails": func(t *testing.T, s licensing.Store) {
		stop := errors.New("stop")
		begun := make(chan struct{})
		var claims, failures atomic.Int64
		var all sync.WaitGroup
		all.Go(func() {
			err := s.Write(t.Context(), func(tx licensing.Tx) error {
				defer close(begun)
				if claimed, _, err := tx.ClaimRequest(t.Context(), "one", "id", []byte("f")); err != nil || !claimed {
					t.Errorf("the first: %v, %v", claimed, err)
				}
				return stop
			})
			if errors.Is(err, stop) {
				failures.Add(1)
			}
		})
		for range 49 {
			all.Go(func() {
				if claims.Load() == 0 {
					<-begun
				}
				switch claimed, stored, err := carryOut(t, s, "one", "id", "f", "the answer"); {
				case err != nil:
					t.Errorf("claim: %v", err)
				case claimed:
					claims.Add(1)
				case string(stored.Answer) != "the answer":
					t.Errorf("somebody saw %q", stored.Answer)
				}
			})
		}
		all.Wait()
		same(t, "failures", failures.Load(), int64(1))
		same(t, "claims", claims.Load(), int64(1))
	},
}
