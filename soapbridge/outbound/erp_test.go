package outbound_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"kontor/internal/demo"
	"kontor/internal/egress"
	"kontor/internal/licensing"
	"kontor/soapbridge/outbound"
)

// order returns a message as ordering records it.
func order(id string) licensing.Message {
	return licensing.Message{
		ID: licensing.MessageID(id), Key: id, Connector: "erp", Kind: licensing.TellOrderCreated,
		Content: licensing.Content{
			OrderNumber: "K26-10001", Group: "northwind",
			Customer: licensing.Customer{Name: "Hansen Arkitekter AS"},
			Lines: []licensing.ContentLine{{Position: 1, Category: "partner", Product: "AUR-SUITE", Name: "Aurora Suite", Quantity: 5,
				Amount: &licensing.Money{Minor: 90000, Currency: "EUR"}}},
			Licenses: []licensing.ContentLicense{{Ticket: "23456-789AB-CDEFG-HJKLM-NPQRH", Product: "AUR-SUITE", Quantity: 5}},
		},
	}
}

// connector returns a connector to url that may call it.
func connector(t *testing.T, url, password string) *outbound.ERP {
	t.Helper()
	host := strings.Split(strings.TrimPrefix(url, "http://"), "/")[0]
	client, err := egress.New([]string{host}, nil)
	if err != nil {
		t.Fatal(err)
	}
	erp, err := outbound.New(outbound.Config{Code: "erp", Name: "Aurora ERP", URL: url, Username: demo.ERPUser, Password: password}, client)
	if err != nil {
		t.Fatal(err)
	}
	return erp
}

// demoERP starts the real demo ERP, and returns it with a connector to it.
func demoERP(t *testing.T) (*demo.ERP, *outbound.ERP) {
	t.Helper()
	erp, err := demo.NewERP(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(erp.Handler())
	t.Cleanup(func() {
		srv.Close()
		if err := erp.Close(); err != nil {
			t.Error(err)
		}
	})
	return erp, connector(t, srv.URL+"/soap", demo.ERPPassword)
}

// mustTell checks that err leaves open what happened, and what it tells a person.
func mustTell(t *testing.T, err error, sentence string) {
	t.Helper()
	var e *licensing.Error
	if !errors.As(err, &e) || e.Kind != licensing.Unavailable || e.Message != sentence {
		t.Errorf("got %v, want unavailable: %s", err, sentence)
	}
}

func TestPassToTheDemoERP(t *testing.T) {
	erp, c := demoERP(t)
	first, err := c.Pass(t.Context(), order("m-1"))
	if err != nil || first != (licensing.Answer{Accepted: true, Number: "AB-700001"}) {
		t.Fatalf("got %+v, %v", first, err)
	}
	again, err := c.Pass(t.Context(), order("m-1"))
	if err != nil || again != first {
		t.Errorf("the same message again: %+v, %v; want %+v", again, err, first)
	}
	other, err := c.Pass(t.Context(), order("m-2"))
	if err != nil || other.Number != "AB-700002" {
		t.Errorf("another message: %+v, %v", other, err)
	}
	documents := erp.Documents()
	if len(documents) != 2 {
		t.Fatalf("the ERP has %d documents, want 2", len(documents))
	}
	d := documents[0]
	if d.MessageID != order("m-1").Name() || d.OrderNumber != "K26-10001" || d.Kind != "orderCreated" || len(d.Tickets) != 1 ||
		d.Lines[0].Amount != "900.00" || d.Lines[0].Currency != "EUR" {
		t.Errorf("the document is %+v", d)
	}
}

func TestPassOfASubscriptionChange(t *testing.T) {
	erp, c := demoERP(t)
	m := order("m-1")
	m.Kind = licensing.TellSubscriptionCancelled
	m.Content.Lines = nil
	m.Content.Period = &licensing.Period{
		Number:   1,
		Start:    licensing.Day{Year: 2026, Month: time.November, Date: 21},
		End:      licensing.Day{Year: 2027, Month: time.November, Date: 20},
		CancelBy: licensing.Day{Year: 2027, Month: time.October, Date: 21},
	}
	if a, err := c.Pass(t.Context(), m); err != nil || !a.Accepted {
		t.Fatalf("got %+v, %v", a, err)
	}
	d := erp.Documents()[0]
	want := demo.DocumentPeriod{Number: "1", Start: "2026-11-21", End: "2027-11-20", CancelBy: "2027-10-21"}
	if d.Kind != "subscriptionCancelled" || d.Period == nil || *d.Period != want {
		t.Errorf("the document is %+v", d)
	}
}

func TestDownAndUpAgain(t *testing.T) {
	erp, c := demoERP(t)
	if err := erp.SetDown(true); err != nil {
		t.Fatal(err)
	}
	_, err := c.Pass(t.Context(), order("m-1"))
	mustTell(t, err, "Aurora ERP is down: it answered 503.")
	if !strings.Contains(err.Error(), "it said: Aurora ERP is switched off.") {
		t.Errorf("what was said is not kept: %v", err)
	}
	if err := erp.SetDown(false); err != nil {
		t.Fatal(err)
	}
	if a, err := c.Pass(t.Context(), order("m-1")); err != nil || a.Number != "AB-700001" {
		t.Errorf("after it is up again: %+v, %v", a, err)
	}
}

func TestRefusedByTheDemoERP(t *testing.T) {
	erp, c := demoERP(t)
	blocked, dollars, schema := order("m-1"), order("m-2"), order("m-3")
	blocked.Content.Customer.Number = "BLOCKED"
	dollars.Content.Lines[0].Amount.Currency = "USD"
	schema.Content.Licenses = nil
	for want, m := range map[string]licensing.Message{
		"The customer BLOCKED is blocked for new bookings.":                           blocked,
		"The books are kept in EUR; line 1 is in USD.":                                dollars,
		"The request breaks the schema: /BookLicenseOrder/licenses: missing required": schema,
	} {
		a, err := c.Pass(t.Context(), m)
		if err != nil || a.Accepted || !strings.HasPrefix(a.Text, want) {
			t.Errorf("got %+v, %v; want refused: %s", a, err, want)
		}
	}
	if n := len(erp.Documents()); n != 0 {
		t.Errorf("the ERP has %d documents", n)
	}
}

func TestWrongPassword(t *testing.T) {
	erp, _ := demoERP(t)
	srv := httptest.NewServer(erp.Handler())
	defer srv.Close()
	_, err := connector(t, srv.URL+"/soap", "wrong").Pass(t.Context(), order("m-1"))
	mustTell(t, err, "Aurora ERP does not accept Kontor's user name and password: it answered 401.")
}

func TestFiftyAtOnceMakeOneDocument(t *testing.T) {
	erp, c := demoERP(t)
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			a, err := c.Pass(t.Context(), order("m-1"))
			if err != nil || a.Number != "AB-700001" {
				t.Errorf("got %+v, %v", a, err)
			}
		})
	}
	wg.Wait()
	if n := len(erp.Documents()); n != 1 {
		t.Errorf("the ERP has %d documents, want 1", n)
	}
}

// What can go wrong on the way: each is told in a sentence, and leaves open what happened.
func TestNoAnswer(t *testing.T) {
	for name, tt := range map[string]struct {
		answer   http.HandlerFunc
		sentence string
	}{
		"connection cut": {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, "Aurora ERP cannot be reached."},
		"answer broken off": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			_, _ = w.Write([]byte("<half"))
		}, "Aurora ERP broke off its answer."},
		"too large": {func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write([]byte(strings.Repeat("x", 1<<20+1)))
		}, "Aurora ERP gave an answer of more than 1048576 bytes."},
		"redirect": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
		}, "Aurora ERP answered 307 instead of booking the message."},
	} {
		t.Run(name, func(t *testing.T) {
			srv := httptest.NewServer(tt.answer)
			defer srv.Close()
			_, err := connector(t, srv.URL, "x").Pass(t.Context(), order("m-1"))
			mustTell(t, err, tt.sentence)
		})
	}
}

func TestTooSlow(t *testing.T) {
	release := make(chan struct{})
	srv := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release }))
	defer srv.Close()
	defer close(release)
	late, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	_, err := connector(t, srv.URL, "x").Pass(late, order("m-1"))
	mustTell(t, err, "Aurora ERP did not answer in time.")
}

func TestNothingListens(t *testing.T) {
	srv := httptest.NewServer(http.NotFoundHandler())
	srv.Close()
	_, err := connector(t, srv.URL, "x").Pass(t.Context(), order("m-1"))
	mustTell(t, err, "Aurora ERP is down: nothing answers at its address.")
}

func TestPrivateAddress(t *testing.T) {
	client, err := egress.New(nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	c, err := outbound.New(outbound.Config{Code: "erp", Name: "Aurora ERP", URL: "http://127.0.0.1:9/soap"}, client)
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Pass(t.Context(), order("m-1"))
	mustTell(t, err, "Kontor may not call Aurora ERP: 127.0.0.1:9 is a loopback address and not allowed.")
}

func TestCannotBePassed(t *testing.T) {
	_, c := demoERP(t)
	m := order("m-1")
	m.Content.Customer.Name = "Bell \a"
	_, err := c.Pass(t.Context(), m)
	var e *licensing.Error
	if !errors.As(err, &e) || e.Kind != licensing.Invalid || e.Field != "name" {
		t.Errorf("got %v, want an invalid name", err)
	}
}

func TestMalformedURL(t *testing.T) {
	for _, url := range []string{"", "erp.example", "ftp://erp.example/", "http:///soap", "https://kontor:secret@erp.example/"} {
		if _, err := outbound.New(outbound.Config{Code: "erp", URL: url}, http.DefaultClient); err == nil {
			t.Errorf("%q was accepted", url)
		} else if strings.Contains(err.Error(), "secret") {
			t.Errorf("the error tells the password: %v", err)
		}
	}
}
