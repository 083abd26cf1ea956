package usecasetest

import (
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"kontor/internal/access"
	"kontor/internal/demo"
	"kontor/internal/licensing"
)

const erpName, office, stranger = "erp@aurora.example", "203.0.113.7", "198.51.100.66"

// tries has somebody come in from an address with a secret.
func (h *house) tries(t testing.TB, name, secret, from string) (licensing.Actor, error) {
	t.Helper()
	return h.access.Service(t.Context(), name, from, func(clear []byte) bool { return string(clear) == secret })
}

func tooMany(err error) bool { return err != nil && strings.Contains(err.Error(), "Too many") }

// TestStrangersLockNobodyOut has a stranger, who knows the name alone, try as often as he likes: from elsewhere, and from
// the very address that the account comes from.
func TestStrangersLockNobodyOut(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		for range 20 {
			_, err := h.tries(t, erpName, "wrong", stranger)
			refused(t, "the stranger", err, licensing.CodeUnauthenticated, "")
		}
		_, err := h.tries(t, erpName, "wrong", stranger)
		same(t, "the stranger has to wait", tooMany(err), true)
		_, err = h.tries(t, erpName, demo.Password, office)
		must(t, err)

		// Behind one address with the stranger, from now on. Another process knows as much.
		other := h.another(t)
		for range 20 {
			_, err := other.tries(t, erpName, "wrong", office)
			refused(t, "the stranger inside", err, licensing.CodeUnauthenticated, "")
		}
		_, err = h.tries(t, erpName, demo.Password, office)
		must(t, err)
		_, err = h.tries(t, erpName, "wrong", office)
		refused(t, "a wrong secret from there", err, licensing.CodeUnauthenticated, "")
		same(t, "which is said to be wrong", tooMany(err), false)

		// It is not remembered for good.
		h.wall.advance(access.LoginRemembered)
		for range 5 {
			_, err = h.tries(t, erpName, "wrong", office)
			same(t, "not yet", tooMany(err), false)
		}
		_, err = h.tries(t, erpName, demo.Password, office)
		same(t, "long after", tooMany(err), true)
		h.wall.advance(time.Second)
		_, err = h.tries(t, erpName, demo.Password, office)
		must(t, err)
	})
}

// TestWaitIsTold: who has to wait is told for how long, by a program's header too, and until when in which zone.
func TestWaitIsTold(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		face := h.face(t, nil)
		ask := func() *httptest.ResponseRecorder {
			return askFace(face, soap11(`<ListOffers xmlns="urn:kontor:license:v1"/>`), "wrong")
		}
		for range 5 {
			same(t, "a wrong one says to wait", ask().Header().Get("Retry-After"), "")
		}
		h.wall.advance(200 * time.Millisecond)
		w := ask()
		same(t, "Retry-After", w.Header().Get("Retry-After"), "1")
		if text := w.Body.String(); !strings.Contains(text, "Try again in 1 s, at 10:00:01 (UTC+01:00).") || !strings.Contains(text, "<code>unauthenticated</code>") {
			t.Errorf("the fault says %s", text)
		}
		for range 6 { // each after its wait: 2, 4, … seconds
			h.wall.advance(time.Minute)
			ask()
		}
		same(t, "later", ask().Header().Get("Retry-After"), "64")

		for range 5 {
			_, _, err := h.access.LogIn(t.Context(), "anna@northwind.example", "wrong", office)
			same(t, "a person", licensing.AsError(err).After, time.Duration(0))
		}
		_, _, err := h.access.LogIn(t.Context(), "anna@northwind.example", "wrong", office)
		same(t, "a person who waits", licensing.AsError(err).After, time.Second)
	})
}

// TestManyWrongOnesWhereKnown: where the account came in from lately, wrong ones have to wait at last, and are written down no
// more; the right one does not wait, in whichever process.
func TestManyWrongOnesWhereKnown(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		noted := func() (n int) {
			h.read(t, func(tx licensing.Tx) {
				var err error
				n, _, err = tx.LoginFailures(t.Context(), "service\x1f"+erpName+"\x1f"+office)
				must(t, err)
			})
			return n
		}
		houses := []*house{h, h.another(t)}
		wrong := func(i int) bool {
			_, err := houses[i%2].tries(t, erpName, "wrong", office)
			refused(t, "a wrong secret", err, licensing.CodeUnauthenticated, "")
			return tooMany(err)
		}
		for range 2 {
			_, err := h.tries(t, erpName, demo.Password, office)
			must(t, err)
			for i := range 100 {
				if wrong(i) {
					t.Fatalf("slowed after %d", i)
				}
			}
			for i := range 20 {
				same(t, "has to wait", wrong(i), true)
			}
			same(t, "written down", noted(), 100)
			h.wall.advance(time.Second)
			same(t, "a second later", []bool{wrong(0), wrong(1)}, []bool{false, true})
			same(t, "written down then", noted(), 101)
		}
		_, err := houses[1].tries(t, erpName, demo.Password, office)
		must(t, err)
		same(t, "after the right one", wrong(0), false)
	})
}

// TestManyNamesFromOneAddress is slowed, whether there are such accounts or not; the one that comes in from there goes on.
func TestManyNamesFromOneAddress(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		made := h.madeAccount(t)
		_, err := h.tries(t, shop, made.Secret, office)
		must(t, err)
		for i := range 50 {
			_, err := h.tries(t, fmt.Sprintf("name%d@aurora.example", i), "wrong", office)
			if tooMany(err) {
				t.Fatalf("slowed after %d", i)
			}
		}
		for _, name := range []string{"one-more@aurora.example", erpName} {
			_, err = h.tries(t, name, demo.Password, office)
			same(t, name+" has to wait", tooMany(err), true)
		}
		_, err = h.tries(t, shop, made.Secret, office)
		must(t, err)
		_, err = h.tries(t, erpName, demo.Password, stranger)
		must(t, err)
		h.wall.advance(time.Second)
		_, err = h.tries(t, erpName, demo.Password, office)
		must(t, err)
	})
}
