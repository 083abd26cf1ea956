package demo

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestPageSaysWhatToDoFirst(t *testing.T) {
	e, site := site(t)
	_, page := get(t, site+"/")
	mustHold(t, page, "<title>Aurora ERP (demo)</title>", "No documents yet", "Create a license in the portal", "Switch off", `action="/down"`)
	if err := e.SetDown(true); err != nil {
		t.Fatal(err)
	}
	_, page = get(t, site+"/")
	mustHold(t, page, "Down: every call is answered 503", "Switch on", `action="/up"`, "once the ERP is switched on")
}

func TestPageListsDocuments(t *testing.T) {
	e, site := site(t)
	hostile := Document{
		MessageID: "m-1", OrderNumber: "K26-10001", Kind: "orderCreated", Tickets: []string{"T-1"},
		Customer: DocumentCustomer{Name: `<script>alert("x")</script>`},
		Licenses: []DocumentLicense{{Ticket: "T-1", Product: "AUR-SUITE", Quantity: "5"}},
	}
	if _, err := e.book(hostile); err != nil {
		t.Fatal(err)
	}
	for i := range shownDocuments {
		mustBook(t, e, fmt.Sprintf("m-1-%d", i))
	}
	_, page := get(t, site+"/")
	mustHold(t, page, "The newest 100 of 101", "New order K26-10001", "AB-700101", "AB-700002")
	if strings.Contains(page, "AB-700001<") {
		t.Error("the page lists more than it says")
	}
	if newest, older := strings.Index(page, "AB-700101"), strings.Index(page, "AB-700100"); newest > older {
		t.Error("the newest document does not come first")
	}
}

func TestPageEscapes(t *testing.T) {
	e, site := site(t)
	evil := `"><script>alert(1)</script>`
	_, err := e.book(Document{
		MessageID: evil, OrderNumber: evil, Kind: evil, Group: evil, Tickets: []string{evil},
		Customer: DocumentCustomer{evil, evil, evil, evil, evil, evil},
		Data:     []DocumentValue{{evil, evil}},
		Period:   &DocumentPeriod{evil, evil, evil, evil, evil, evil},
		Lines:    []DocumentLine{{evil, evil, evil, evil, evil, evil, evil, evil, []DocumentValue{{evil, evil}}}},
		Licenses: []DocumentLicense{{evil, evil, evil, evil, evil, evil, []DocumentValue{{evil, evil}}, evil}},
		Reason:   evil, FromGroup: evil, Amount: evil, Currency: evil,
	})
	if err != nil {
		t.Fatal(err)
	}
	_, page := get(t, site+"/")
	if strings.Contains(page, "<script>alert") {
		t.Error("a document's text became markup")
	}
	mustHold(t, page, "&lt;script&gt;alert(1)")
}

func TestOutsideHasBothUnderOneListener(t *testing.T) {
	e := openERP(t, t.TempDir())
	defer closeERP(t, e)
	m := catcher(t)
	srv := httptest.NewServer(Outside(e, m))
	defer srv.Close()
	for path, want := range map[string]string{
		"/":                 "<h1>Documents</h1>",
		"/mail":             "<h1>Mail</h1>",
		"/documents.json":   "[]",
		"/?wsdl":            "wsdl:definitions",
		"/outside.css":      "--petrol",
		"/outside.js":       "replaceWith",
		"/mail/outside.css": "--petrol",
		"/mail/outside.js":  "replaceWith",
	} {
		status, body := get(t, srv.URL+path)
		if status != http.StatusOK {
			t.Errorf("GET %s: %d", path, status)
		}
		mustHold(t, body, want)
	}
	for _, path := range []string{"/nothing", "/mail/nothing", "/mail/../erp_page.html", "/down"} {
		if status, _ := get(t, srv.URL+path); status == http.StatusOK {
			t.Errorf("GET %s was answered", path)
		}
	}
}

func TestPagesAreGuarded(t *testing.T) {
	e, site := site(t)
	w := httptest.NewRecorder()
	e.Handler().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil))
	if csp := w.Header().Get("Content-Security-Policy"); !strings.HasPrefix(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") {
		t.Errorf("the Content-Security-Policy is %q", csp)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, site+"/down", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Sec-Fetch-Site", "cross-site")
	if status, _ := do(t, req); status != http.StatusForbidden || e.Down() {
		t.Errorf("another site's form: %d, down %v", status, e.Down())
	}
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	req.Header.Set("Accept", "text/html")
	if status, page := do(t, req); status != http.StatusOK || !strings.Contains(page, "Switch on") {
		t.Errorf("the own form leads to %d", status)
	}
}

// mustHold checks that a page holds texts.
func mustHold(t *testing.T, page string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(page, text) {
			t.Errorf("%q is not in:\n%s", text, page)
		}
	}
}
