package portal_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"kontor/internal/licensing"
)

// stuckOrder is an order of Northwind whose messages have come to grief.
func (w *world) stuckOrder(states ...licensing.MessageState) (number string) {
	o := w.sell("anna@northwind.example", "northwind", theDay, "AUR-DESIGN", bruckner, "NW-88213", "seats", "8", "edition", "pro")
	kinds := []licensing.MessageKind{licensing.TellOrderCreated, licensing.TellOrderExtended, licensing.TellLicenseRevoked}
	var all []licensing.Document
	for i, state := range states {
		all = append(all, licensing.Document{
			ID: licensing.MessageID("stuck-" + string(kinds[i])), Connector: "erp", Kind: kinds[i], State: state, Attempts: 3, At: w.now.Wall,
			NextTry: w.now.Wall.Add(time.Minute), LastError: "said at the last try",
		})
	}
	w.orders[len(w.orders)-1].Documents = all
	return o.Number
}

// TestSettleByHand walks the dialog: who is offered it, what is wrong stands at its field, what was typed stays, and a form sent
// twice settles once.
func TestSettleByHand(t *testing.T) {
	w := newWorld(t)
	number := w.stuckOrder(licensing.MessageWaiting, licensing.MessageRejected, licensing.MessageFailed)
	base := startPortal(t, w)
	anna, iris := visit(t, base), visit(t, base)
	anna.signIn("anna@northwind.example")
	iris.signIn("iris@aurora.example")
	page := "/as/aurora/orders/" + number
	settle := page + "/settle/stuck-orderCreated"
	if a := anna.get("/as/northwind/orders/" + number); strings.Contains(a.page, "Settle by hand") {
		t.Error("a reseller is offered to settle by hand")
	}
	anna.get("/as/northwind/orders/"+number+"/settle/stuck-orderCreated").want(t, http.StatusForbidden)
	order := iris.get(page)
	order.want(t, http.StatusOK, `href="`+settle+`"`, `href="`+page+`/settle/stuck-orderExtended"`)
	if strings.Contains(order.page, "settle/stuck-licenseRevoked") {
		t.Error("a revocation can be settled by hand")
	}
	if way := iris.get(page + "/way"); !strings.Contains(way.page, settle) {
		t.Error("what the page asks for again offers it no more")
	}
	iris.get(settle).want(t, http.StatusOK, "Settle order "+number+" by hand for", "Took it", "Refused it", "Leave it as it is")
	iris.get(page+"/settle/stuck-licenseRevoked").want(t, http.StatusConflict, "Back to the order")

	acting := "m-iris@aurora.example-aurora"
	form := func(id string, more ...string) url.Values {
		f := url.Values{"acting": {acting}, "requestId": {id}}
		for i := 0; i < len(more); i += 2 {
			f.Set(more[i], more[i+1])
		}
		return f
	}
	iris.post(settle, form("a")).want(t, http.StatusUnprocessableEntity, "Choose what ")
	iris.post(settle, form("b", "state", "accepted", "message", "seen in the ERP")).want(t, http.StatusUnprocessableEntity, `id="f-number-e"`, `value="seen in the ERP"`)
	iris.post(settle, form("c", "state", "rejected", "number", "D-1")).want(t, http.StatusUnprocessableEntity, `id="f-message-e"`, `value="D-1"`)
	if len(w.reports) != 0 {
		t.Fatal("something was settled")
	}
	for range 2 {
		iris.post(settle, form("d", "state", "accepted", "number", "D-1", "message", "booked by hand")).want(t, http.StatusSeeOther)
	}
	iris.post(settle, form("e", "state", "accepted", "number", "D-1")).want(t, http.StatusConflict, "Back to the order")
	iris.get(page).want(t, http.StatusOK, "Settled by hand by Iris Voss", "Document D-1")
	iris.get(page+"/settle/stuck-orderExtended").want(t, http.StatusOK, "D-1 stands here already")
	iris.post(page+"/settle/stuck-orderExtended", form("f", "state", "rejected", "number", "D-2", "message", "blocked <there>")).want(t, http.StatusSeeOther)
	shown := iris.get(page)
	shown.want(t, http.StatusOK, "refused it")
	for _, text := range []string{"Document D-1. booked by hand", "Document D-2. ", "blocked &lt;there&gt;"} {
		if n := strings.Count(shown.page, text); n != 2 {
			t.Errorf("%q stands %d times on the page; want it on its way and in the history", text, n)
		}
	}
	iris.get(page+"/settle/stuck-orderExtended").want(t, http.StatusOK, "D-1 stands here already") // not D-2, which was refused
	if n := len(w.reports[number]); n != 2 {
		t.Errorf("%d reports, not 2", n)
	}
}
