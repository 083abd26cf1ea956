package portal_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"kontor/internal/licensing"
	"kontor/portal/portaltest"
)

// lacks fails when a page says what it should not.
func (a answer) lacks(t *testing.T, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if strings.Contains(a.page, text) {
			t.Errorf("%s %s says %q", a.Request.Method, a.Request.URL, text)
		}
	}
}

// license is one of an order's, to be changed.
func (w *world) license(id string) *licensing.License {
	for i := range w.orders {
		for j := range w.orders[i].Licenses {
			if l := &w.orders[i].Licenses[j]; string(l.ID) == id {
				return l
			}
		}
	}
	return nil
}

// turn sets the business clock to nine in the morning of a day.
func (w *world) turn(day licensing.Day) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now.Business = day.Begin(berlin).Add(9 * time.Hour)
}

// TestNothingToCancel asks by address for the cancellation of what cannot be cancelled: the page says why and when it ends,
// with days written out, and leads back to the license; cancelling many says the same.
func TestNothingToCancel(t *testing.T) {
	w := newWorld(t)
	id, _ := w.subscribe()
	v := visit(t, startPortal(t, w))
	v.signIn("anna@northwind.example")
	page := "/as/northwind/licenses/" + id
	sub := w.license(id).Subscription
	agreed := *sub
	for _, c := range []struct {
		says string
		make func()
	}{
		{"it ends by itself on Sat 20 November 2027, and there is nothing to cancel.", func() { sub.Plan.MostExtensions = new(0) }},
		{"This subscription is cancelled already; it ends on Sat 20 November 2027.", func() { sub.State, sub.CancelledAt = licensing.SubscriptionCancelled, new(w.now.Business) }},
		{"This license is revoked: its subscription ended with that today.", func() { sub.State, sub.RevokedOn = licensing.SubscriptionEnded, w.now.Today() }},
		{"This subscription ended on Sat 20 November 2027.", func() { sub.State = licensing.SubscriptionEnded }},
	} {
		*sub = agreed
		c.make()
		asked := v.get(page + "/cancel")
		asked.want(t, http.StatusConflict, "There is nothing to cancel", c.says, "Back to the license", `href="`+page+`"`)
		v.post(page+"/cancel", url.Values{"acting": {annaActs}, "requestId": {c.says}}).want(t, http.StatusConflict, "There is nothing to cancel", c.says, "Back to the license")
		many := v.get("/as/northwind/licenses/cancel?id=" + id)
		many.want(t, http.StatusOK, "One cannot be cancelled", c.says)
		many.lacks(t, "on today", "2027-11-20")
	}
}

// TestLastDayToCancelPassed looks at a license whose last day to cancel has passed and that the scheduler has yet to extend, as
// one that was reinstated after it: no page counts days backwards.
func TestLastDayToCancelPassed(t *testing.T) {
	w := newWorld(t)
	id, _ := w.subscribe()
	w.turn(licensing.Day{Year: 2027, Month: time.October, Date: 23}) // two days after it
	v := visit(t, startPortal(t, w))
	v.signIn("anna@northwind.example")
	license := v.get("/as/northwind/licenses/" + id)
	license.want(t, http.StatusOK, "Its last day to cancel, 21 October 2027, has passed: it is extended to 20 November 2028 for 540.00 EUR with the next run of the scheduler.",
		"The last day to cancel, 21 October 2027, has passed: period 2 comes with the next run of the scheduler")
	license.lacks(t, "in -", "Unless it is cancelled by")
	list := v.get("/as/northwind/licenses")
	list.want(t, http.StatusOK, "21 Oct 2027, passed")
	list.lacks(t, "Cancel by 21 Oct 2027")
	v.get("/as/northwind").lacks(t, "in -")
}

// TestRevokedIsNotActedOn looks at a revoked license: nothing tells its last day, or its last day to cancel, as if it still held.
func TestRevokedIsNotActedOn(t *testing.T) {
	w := newWorld(t)
	id, _ := w.subscribe()
	l := w.license(id)
	v := visit(t, startPortal(t, w))
	v.signIn("anna@northwind.example")
	v.get("/as/northwind/licenses/"+id).want(t, http.StatusOK, "<dt>Last day</dt>")
	l.State, l.Subscription.State, l.Subscription.RevokedOn = licensing.LicenseRevoked, licensing.SubscriptionEnded, w.now.Today()
	page := v.get("/as/northwind/licenses/" + id)
	page.want(t, http.StatusOK, "when the license was revoked")
	page.lacks(t, "<dt>Last day</dt>", "Last day to cancel")
	v.get("/as/northwind/licenses").want(t, http.StatusOK, `<span class="k-2">revoked</span>`, `<span class="k-was">20 Nov 2027</span>`)
}

// TestStartToComeIsSaid orders a subscription that starts later: the bill, the order and the license say from when it runs.
func TestStartToComeIsSaid(t *testing.T) {
	w := newWorld(t)
	w.choosable()
	v := visit(t, startPortal(t, w))
	v.signIn("anna@northwind.example")
	form := url.Values{
		"acting": {annaActs}, "requestId": {"later"}, "parameter.seats": {"3"}, "customer.name": {"Ada"}, "dataField.reference": {"1"}, "startDate": {"2026-12-01"},
	}
	quote := v.post("/as/northwind/licenses/quote?category=partner&product=AUR-SUITE", form)
	quote.want(t, http.StatusOK, "<dt>Works from</dt>", "<dd>1 December 2026</dd>")
	quote.lacks(t, "however long the first one")
	form.Set("startDate", "")
	v.post("/as/northwind/licenses/quote?category=partner&product=AUR-SUITE", form).lacks(t, "Works from")
	form.Set("endDate", "2027-05-31")
	v.post("/as/northwind/licenses/quote?category=partner&product=AUR-SUITE", form).want(t, http.StatusOK, "The price is that of a whole period, however long the first one is chosen to be.", "540.00")
	form.Set("startDate", "2026-12-01")
	form.Del("endDate")
	v.post("/as/northwind/licenses/new?category=partner&product=AUR-SUITE", form).want(t, http.StatusSeeOther)
	o := w.orders[len(w.orders)-1]
	v.get("/as/northwind/orders/"+o.Number).want(t, http.StatusOK, "The license works from 1 December 2026.", "Works from 1 December 2026. Runs to")
	page := "/as/northwind/licenses/" + string(o.Licenses[0].ID)
	v.get(page).want(t, http.StatusOK, "Licensed from 1 December 2026 to <b>30 November 2027</b>.")
	w.turn(licensing.Day{Year: 2026, Month: time.December, Date: 1})
	v.get("/as/northwind/orders/"+o.Number).want(t, http.StatusOK, "The license works.")
	started := v.get(page)
	started.want(t, http.StatusOK, "Licensed to <b>30 November 2027</b>.")
	started.lacks(t, "Licensed from")
}

// TestTimesOfOtherDays holds that what happened to an order on another day is told with the day.
func TestTimesOfOtherDays(t *testing.T) {
	w := newWorld(t)
	_, number := w.subscribe()
	v := visit(t, startPortal(t, w))
	v.signIn("anna@northwind.example")
	v.get("/as/northwind/orders/"+number).lacks(t, "21 Nov, 10:41:00")
	w.turn(licensing.Day{Year: 2026, Month: time.November, Date: 24})
	v.get("/as/northwind/orders/"+number).want(t, http.StatusOK, "Sat 21 Nov, 10:41:00")
}

// TestBillNamesTheLine holds that the facts of a bill of several lines say which line they are of.
func TestBillNamesTheLine(t *testing.T) {
	w := newWorld(t)
	v := visit(t, startPortal(t, w))
	v.signIn("anna@northwind.example")
	form := url.Values{"acting": {annaActs}, "parameter.seats": {"3"}, "at": {"1"}, "line.0.category": {"partner"}, "line.0.product": {"AUR-SUITE"}, "line.0.parameter.seats": {"2"}}
	quote := "/as/northwind/licenses/quote?category=partner&product=AUR-SUITE"
	v.post(quote, form).want(t, http.StatusOK, "Line 2, Aurora Suite")
	form.Set("at", "0")
	v.post(quote, form).want(t, http.StatusOK, "Line 1, Aurora Suite")
}

// TestRangeFollowsTheStart chooses another start: the range of the end date comes along, and neither what was typed nor the
// focus is lost.
func TestRangeFollowsTheStart(t *testing.T) {
	w := newWorld(t)
	w.choosable()
	b := portaltest.Open(t, startPortal(t, w), portaltest.Desk)
	b.SignIn("anna@northwind.example", password)
	b.GoTo("/as/northwind/licenses/new?category=partner&product=AUR-SUITE")
	const end = `document.querySelector("[name='endDate']")`
	if got := portaltest.JS[string](b, end+`.min + " " + `+end+`.max`); got != "2026-12-21 2029-11-20" {
		t.Fatalf("the range is %s", got)
	}
	b.Set("[name='endDate']", "2026-12-30")
	b.Sees("30 December 2026")
	portaltest.JS[bool](b, `document.querySelector("[name='startDate']").focus() === undefined`)
	b.Set("[name='startDate']", "2026-12-15")
	b.Until(end + `.min === "2027-01-14" && ` + end + `.max === "2029-12-14"`)
	b.Sees("Choose a day from Thu 14 January 2027") // what was typed lies outside now
	if portaltest.JS[string](b, end+`.value`) != "2026-12-30" {
		t.Error("what was typed is lost")
	}
	b.Set("[name='endDate']", "")
	b.Sees("Left empty, it is 14 December 2027")
	portaltest.JS[bool](b, end+`.focus() === undefined`)
	b.Set("[name='startDate']", "")
	b.Until(end + `.min === "2026-12-21"`)
	b.Sees("Left empty, it is 20 November 2027")
	if !portaltest.JS[bool](b, `document.activeElement === `+end) {
		t.Error("the focus is lost")
	}
}
