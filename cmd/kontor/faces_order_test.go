package main

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
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
	read := func() licensing.Order {
		orders++
		return orderOf(t, h, orders)
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
		sameOrders(t, h, fmt.Sprint("order ", i), read(), read())
	}
}

// sameLine is one license for an order, as a system asks for it and as a person does.
type sameLine struct {
	product    string
	quantity   int
	separate   bool
	parameters []licensing.Value
	customer   string
	want       string // the fault's code; "" is an answer
}

func (l sameLine) soap(requestID, order string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<requestId>%s</requestId><category>partner</category><product>%s</product><quantity>%d</quantity><orderNumber>%s</orderNumber><customer><name>%s</name></customer><parameters>`,
		requestID, l.product, l.quantity, order, l.customer)
	for _, v := range l.parameters {
		fmt.Fprintf(&b, "<parameter><name>%s</name><value>%s</value></parameter>", v.Name, v.Value)
	}
	fmt.Fprintf(&b, "</parameters><separateTickets>%v</separateTickets>", l.separate)
	return b.String()
}

func (l sameLine) form(order string) url.Values {
	form := url.Values{"orderNumber": {order}, "customer.name": {l.customer}, "quantity": {fmt.Sprint(l.quantity)}}
	for _, v := range l.parameters {
		form.Set("parameter."+v.Name, v.Value)
	}
	if l.separate {
		form.Set("separate", "1")
	}
	return form
}

// TestBothFacesExtendTheSame adds lines to two orders alike, one by SOAP and one in the portal, also several licenses of some
// seats each: the same lines, licenses and messages, or the same refusal.
func TestBothFacesExtendTheSame(t *testing.T) {
	h := startHouse(t, t.TempDir(), engines["sqlite"](t), false)
	p := personOf(t, h, "isv@aurora.example", "aurora")
	first := `<requestId>%s</requestId><category>partner</category><product>AUR-DESIGN</product><customer><name>Ada</name></customer><parameters><parameter><name>seats</name><value>2</value></parameter><parameter><name>edition</name><value>pro</value></parameter></parameters><dataFields><dataField><name>externalOrderNumber</name><value>PO-1</value></dataField></dataFields>`
	for _, id := range []string{"a", "b"} {
		if got := ask(t, h.soap, "erp@aurora.example", "CreateLicense", fmt.Sprintf(first, id)); got != "" {
			t.Fatalf("creating answers %q", got)
		}
	}
	bySOAP, byPage := orderOf(t, h, 1), orderOf(t, h, 2)
	if form := p.get(t, "/as/aurora/licenses/new?category=partner&product=AUR-SUITE&order="+byPage.Number); !strings.Contains(form, `name="orderNumber" value="`+byPage.Number+`"`) ||
		!strings.Contains(form, `name="customer.name" value="Ada"`) || strings.Contains(form, `name="dataField.externalOrderNumber"`) {
		t.Error("the form does not say which order it is for, or asks for what the order says")
	}
	eight := []licensing.Value{{Name: "seats", Value: "8"}}
	for i, l := range []sameLine{
		{"AUR-SUITE", 1, false, eight, "Ada", ""},
		{"AUR-SUITE", 3, true, eight, "Ada", ""},
		{"AUR-SUITE", 3, false, eight, "Ada", ""},
		{"AUR-DESIGN-DEMO", 2, true, nil, "Ada", ""},
		{"AUR-DESIGN-DEMO", 2, false, nil, "Ada", ""},
		{"AUR-SUITE", 0, true, eight, "Ada", "invalidRequest"},
		{"AUR-SUITE", 1, false, []licensing.Value{{Name: "seats", Value: "1000"}}, "Ada", "invalidParameter"},
		{"AUR-SUITE", 1, false, eight, "Grace", "invalidRequest"},
	} {
		if got := ask(t, h.soap, "erp@aurora.example", "CreateLicense", l.soap(fmt.Sprint("line-", i), bySOAP.Number)); got != l.want {
			t.Errorf("line %d: SOAP answers %q, want %q", i, got, l.want)
		}
		want := map[string]int{"": http.StatusSeeOther, "invalidParameter": http.StatusUnprocessableEntity, "invalidRequest": http.StatusUnprocessableEntity}[l.want]
		if got := p.post(t, "/as/aurora/licenses/new?category=partner&product="+l.product, l.form(byPage.Number)); got != want {
			t.Errorf("line %d: the page answers %d, want %d", i, got, want)
		}
	}
	bySOAP, byPage = orderOf(t, h, 1), orderOf(t, h, 2)
	sameOrders(t, h, "extended", bySOAP, byPage)
	if lines, licenses := len(byPage.Lines), len(byPage.Licenses); lines != 6 || licenses != 1+1+3+1+2+1 {
		t.Errorf("%d lines and %d licenses", lines, licenses)
	}
	if of := byPage.Licenses[2]; of.Quantity != 1 || len(byPage.Lines[2].Tickets) != 3 || byPage.Lines[2].Units != 24 {
		t.Errorf("three licenses of 8 seats: %d tickets of quantity %d, %d units", len(byPage.Lines[2].Tickets), of.Quantity, byPage.Lines[2].Units)
	}
	if of := byPage.Lines[3]; len(of.Tickets) != 1 || of.Units != 24 {
		t.Errorf("one license for three of 8 seats: %d tickets, %d units", len(of.Tickets), of.Units)
	}
}

// orderOf is the n-th order of a house, from 1.
func orderOf(t *testing.T, h runningHouse, n int) (o licensing.Order) {
	t.Helper()
	err := h.store.Read(t.Context(), func(tx licensing.Tx) (err error) {
		o, err = tx.OrderByNumber(t.Context(), licensing.OrderNumber(tx.Now().Today(), int64(n)))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// sameOrders compares what is left of two orders, without what names them.
func sameOrders(t *testing.T, h runningHouse, name string, bySOAP, byPage licensing.Order) {
	t.Helper()
	if len(bySOAP.Lines) != len(byPage.Lines) || len(bySOAP.Licenses) != len(byPage.Licenses) {
		t.Fatalf("%s: %d lines with %d licenses by SOAP, %d with %d by the page", name, len(bySOAP.Lines), len(bySOAP.Licenses), len(byPage.Lines), len(byPage.Licenses))
	}
	for l := range bySOAP.Lines {
		byPage.Lines[l].ExternalLine = bySOAP.Lines[l].ExternalLine // a person has no names for lines
		if len(bySOAP.Lines[l].Tickets) != len(byPage.Lines[l].Tickets) {
			t.Errorf("%s, line %d: %d tickets by SOAP, %d by the page", name, l+1, len(bySOAP.Lines[l].Tickets), len(byPage.Lines[l].Tickets))
		}
	}
	same := cmp.Options{cmpopts.EquateEmpty(), cmpopts.IgnoreFields(licensing.Line{}, "ID", "Order", "Tickets")}
	if diff := cmp.Diff(bySOAP.Lines, byPage.Lines, same); diff != "" {
		t.Errorf("%s, lines (-SOAP +page):\n%s", name, diff)
	}
	if diff := cmp.Diff(bySOAP.DataFields, byPage.DataFields); diff != "" {
		t.Errorf("%s, data fields (-SOAP +page):\n%s", name, diff)
	}
	for l := range bySOAP.Licenses {
		if diff := cmp.Diff(traces(t, h, string(bySOAP.Licenses[l].ID)), traces(t, h, string(byPage.Licenses[l].ID)), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s, license %d (-SOAP +page):\n%s", name, l, diff)
		}
	}
}
