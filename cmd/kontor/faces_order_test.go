package main

import (
	"fmt"
	"net/http"
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"kontor/internal/licensing"
)

// sameOrder is an order as a system sends it and as a person fills it in.
type sameOrder struct {
	soap string // behind the request id, customer and data fields
	form url.Values
	want string // the fault's code; "" is an answer
}

// linesBySOAP writes lines of AUR-DESIGN and AUR-CARE with some seats.
func linesBySOAP(design, care string) string {
	line := func(n int, product, parameters string) string {
		return fmt.Sprintf(`<line><externalLine>%d</externalLine><category>partner</category><product>%s</product><parameters>%s</parameters></line>`, n, product, parameters)
	}
	parameter := func(name, value string) string {
		return "<parameter><name>" + name + "</name><value>" + value + "</value></parameter>"
	}
	return line(1, "AUR-DESIGN", parameter("seats", design)+parameter("edition", "pro")) + line(2, "AUR-CARE", parameter("seats", care))
}

// linesByForm is the same, with the first line being filled in.
func linesByForm(design, care string) url.Values {
	return url.Values{
		"at": {"0"}, "parameter.seats": {design}, "parameter.edition": {"pro"},
		"line.0.category": {"partner"}, "line.0.product": {"AUR-CARE"}, "line.0.parameter.seats": {care},
	}
}

// TestBothFacesOrderTheSame creates orders of two lines alike, by SOAP and in the portal: the same outcome, the same licenses,
// lines and messages, or the same refusal and nothing at all.
func TestBothFacesOrderTheSame(t *testing.T) {
	h := startHouse(t, t.TempDir(), engines["sqlite"](t), false)
	p := personOf(t, h, "isv@aurora.example", "aurora")
	orders := 0
	read := func() (o licensing.Order) {
		t.Helper()
		err := h.store.Read(t.Context(), func(tx licensing.Tx) (err error) {
			orders++
			o, err = tx.OrderByNumber(t.Context(), licensing.OrderNumber(tx.Now().Today(), int64(orders)))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return o
	}
	for i, c := range []sameOrder{
		{linesBySOAP("5", "2"), linesByForm("5", "2"), ""},
		{linesBySOAP("5", "5000"), linesByForm("5", "5000"), "invalidParameter"},
		{linesBySOAP("0", "2"), linesByForm("0", "2"), "invalidParameter"},
		{linesBySOAP("1", "1"), linesByForm("1", "1"), ""},
	} {
		body := fmt.Sprintf(`<requestId>order-%d</requestId><customer><name>Ada</name></customer><dataFields><dataField><name>externalOrderNumber</name><value>PO-1</value></dataField></dataFields><lines>%s</lines>`, i, c.soap)
		if got := ask(t, h.soap, "erp@aurora.example", "CreateOrder", body); got != c.want {
			t.Errorf("order %d: SOAP answers %q, want %q", i, got, c.want)
		}
		form := url.Values{"customer.name": {"Ada"}, "dataField.externalOrderNumber": {"PO-1"}}
		for name, given := range c.form {
			form[name] = given
		}
		want := map[string]int{"": http.StatusSeeOther, "invalidParameter": http.StatusUnprocessableEntity}[c.want]
		if got := p.post(t, "/as/aurora/licenses/new?category=partner&product=AUR-DESIGN", form); got != want {
			t.Errorf("order %d: the page answers %d, want %d", i, got, want)
		}
		if c.want != "" {
			continue // the next numbers prove that nothing was made
		}
		bySOAP, byPage := read(), read()
		for l := range bySOAP.Lines {
			byPage.Lines[l].ExternalLine = bySOAP.Lines[l].ExternalLine // a person has no names for lines
			if len(bySOAP.Lines[l].Tickets) != len(byPage.Lines[l].Tickets) {
				t.Errorf("order %d, line %d: %d tickets by SOAP, %d by the page", i, l+1, len(bySOAP.Lines[l].Tickets), len(byPage.Lines[l].Tickets))
			}
		}
		same := cmp.Options{cmpopts.EquateEmpty(), cmpopts.IgnoreFields(licensing.Line{}, "ID", "Order", "Tickets")}
		if diff := cmp.Diff(bySOAP.Lines, byPage.Lines, same); diff != "" {
			t.Errorf("order %d, lines (-SOAP +page):\n%s", i, diff)
		}
		if diff := cmp.Diff(bySOAP.DataFields, byPage.DataFields); diff != "" {
			t.Errorf("order %d, data fields (-SOAP +page):\n%s", i, diff)
		}
		for l := range bySOAP.Licenses {
			if diff := cmp.Diff(traces(t, h, string(bySOAP.Licenses[l].ID)), traces(t, h, string(byPage.Licenses[l].ID)), cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("order %d, license %d (-SOAP +page):\n%s", i, l, diff)
			}
		}
	}
}
