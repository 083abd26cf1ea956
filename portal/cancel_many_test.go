package portal_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"kontor/internal/licensing"
	"kontor/portal/portaltest"
)

// TestCancelMany chooses on the list, looks at what follows, confirms once, and goes on to the receipts.
func TestCancelMany(t *testing.T) {
	w := newWorld(t)
	w.fill()
	b := portaltest.Open(t, startPortal(t, w), portaltest.Desk)
	b.SignIn("ben@northwind.example", password)
	b.GoTo("/as/northwind/licenses?type=subscription")
	b.Click("[data-choose-all]")
	b.Click(`.k-bulk button[formaction$="/licenses/cancel"]`)
	b.Sees("What is cancelled", "Each cancellation gets a signed receipt of its own.")
	n := portaltest.JS[int](b, `document.querySelectorAll("form [name=id]").length`)
	if n < 2 {
		t.Fatalf("%d can be cancelled: too few for this test", n)
	}
	b.Put(`[name="reason"]`, "We move on.")
	b.Click(".btn-danger")
	b.Sees("subscriptions cancelled", "Receipt R26-10001: PDF, JSON", "Receipt R26-10002: PDF, JSON")
	if got := portaltest.JS[int](b, `document.querySelectorAll("a[href$=json]").length`); got != n {
		t.Errorf("%d receipts for %d cancellations", got, n)
	}
}

// TestCancelManyHoldsWhatItSaid: one that has become late meanwhile is left as it is; sent again, the same is answered.
func TestCancelManyHoldsWhatItSaid(t *testing.T) {
	w := newWorld(t)
	first, _ := w.subscribe()
	second, _ := w.subscribe()
	v := visit(t, startPortal(t, w))
	v.signIn("anna@northwind.example")
	page := "/as/northwind/licenses/cancel"
	v.get(page+"?id="+first+"&id="+second).want(t, http.StatusOK, "Cancel 2 subscriptions", `name="id" value="`+first, "Cancel all 2")
	v.get(page+"?id=none").want(t, http.StatusNotFound)
	v.get(page).want(t, http.StatusNotFound)
	long := url.Values{"acting": {annaActs}, "requestId": {"long"}, "id": {first, second}, "reason": {strings.Repeat("x", 501)}}
	v.post(page, long).want(t, http.StatusUnprocessableEntity, "Enter at most 500 characters", "Nothing has been cancelled.")

	w.mu.Lock()
	w.now.Business = licensing.Day{Year: 2027, Month: 10, Date: 22}.Begin(berlin).Add(9 * 60 * 60 * 1e9)
	w.mu.Unlock()
	v.get(page+"?id="+first).want(t, http.StatusOK, "For one of them the last day to cancel has passed.", `name="late" value="`+first, `name="ends" value="`+first+" 2028-11-20", "21 Oct 2027, late")
	form := url.Values{"acting": {annaActs}, "requestId": {"once"}, "id": {first, second, "none"}, "late": {first}}
	for range 2 {
		v.post(page, form).want(t, http.StatusOK, "One subscription cancelled", "2 were not cancelled.", "The last day to cancel has passed.", "One is no longer within your sight.", "R27-10001")
	}
	v.get(page+"?id="+first).want(t, http.StatusOK, "Nothing to cancel", "One cannot be cancelled")
}
