package portal_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// TestClosedOfferKeepsWhatWasTyped closes an offer while its form is filled in: nothing is created, and what was typed
// comes back, told as text.
func TestClosedOfferKeepsWhatWasTyped(t *testing.T) {
	w := newWorld(t)
	v := visit(t, startPortal(t, w))
	v.signIn("anna@northwind.example")
	path := "/as/northwind/licenses/new?category=partner&product=AUR-DESIGN"
	v.get(path).want(t, http.StatusOK)
	w.mu.Lock()
	w.offers = slices.Delete(w.offers, w.offerAt("partner", "AUR-DESIGN"), w.offerAt("partner", "AUR-DESIGN")+1)
	w.mu.Unlock()
	before := len(w.orders)
	page := v.post(path, url.Values{
		"requestId": {"form-1"}, "acting": {annaActs}, "customer.name": {"Ada <Example>"}, "parameter.seats": {"17"},
		"dataField.externalOrderNumber": {"PO-4711"}, "quantity": {""},
	})
	page.want(t, http.StatusForbidden, "This can be licensed no more", "Nothing has been created.", "Ada &lt;Example&gt;", "17", "PO-4711", "licenses/choose")
	if strings.Contains(page.page, "Quantity") {
		t.Error("an empty field is told")
	}
	if len(w.orders) != before {
		t.Error("an order was made")
	}
}
