package portal_test

import (
	"net/http"
	"net/url"
	"testing"

	"kontor/internal/licensing"
)

// TestSeveralLicensesOfSeats holds that several licenses of a product with seats have each the seats that are entered and, unless
// somebody wants one for all, a ticket, and that the bill says so before they are created.
func TestSeveralLicensesOfSeats(t *testing.T) {
	w := newWorld(t)
	v := visit(t, startPortal(t, w))
	v.signIn("anna@northwind.example")
	form := url.Values{
		"acting": {annaActs}, "requestId": {"r"}, "parameter.seats": {"8"}, "parameter.edition": {"pro"}, "customer.name": {"Ute"}, "dataField.reference": {"NW-1"},
		"quantity": {"3"}, "separate": {"1"},
	}
	v.get(newDesign).want(t, http.StatusOK, `name="quantity"`, `name="separate" value="1" checked`)
	v.post("/as/northwind/licenses/quote?category=partner&product=AUR-DESIGN", form).want(t, http.StatusOK, "Pro, 3 licenses of 8 seats each at 390.00", "9,360.00")
	v.post(newDesign, form).want(t, http.StatusSeeOther)
	o := w.orders[len(w.orders)-1]
	if len(o.Licenses) != 3 || o.Licenses[0].Quantity != 1 {
		t.Errorf("%d licenses of quantity %d", len(o.Licenses), o.Licenses[0].Quantity)
	}
	v.get("/as/northwind/licenses/new?category=partner&product=AUR-DESIGN&again="+o.Number).want(t, http.StatusOK, "3 licenses of 8 seats each", `name="separate" value="1" checked`)

	form.Del("separate")
	form.Set("requestId", "r-one-ticket")
	v.post("/as/northwind/licenses/quote?category=partner&product=AUR-DESIGN", form).want(t, http.StatusOK, "Pro, 3 licenses of 8 seats each at 390.00", "9,360.00")
	v.post(newDesign, form).want(t, http.StatusSeeOther)
	o = w.orders[len(w.orders)-1]
	if len(o.Licenses) != 1 || o.Licenses[0].Quantity != 3 {
		t.Errorf("%d licenses of quantity %d, want one of 3", len(o.Licenses), o.Licenses[0].Quantity)
	}
	v.get("/as/northwind/licenses/new?category=partner&product=AUR-DESIGN&again="+o.Number).lacks(t, `name="separate" value="1" checked`)

	// What cannot be made again is left out, and told.
	w.mu.Lock()
	of := &w.orders[len(w.orders)-1]
	for i, product := range []string{"AUR-NONE", "AUR-GONE"} {
		line := licensing.LineID(rune('m' + i))
		of.Lines = append(of.Lines, licensing.Line{ID: line, CategoryCode: "internal", ProductCode: product, Quantity: 1})
		of.Licenses = append(of.Licenses, licensing.License{Line: line, CategoryCode: "internal", ProductCode: product, Quantity: 1})
	}
	w.mu.Unlock()
	v.get("/as/northwind/licenses/new?category=partner&product=AUR-DESIGN&again="+o.Number).want(t, http.StatusOK, "3 licenses of 8 seats each", "2 of its lines are left out")
}
