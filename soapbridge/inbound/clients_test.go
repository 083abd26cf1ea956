package inbound

import (
	"context"
	"encoding/json"
	"errors"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hooklift/gowsdl/soap"

	"kontor/wsdl/licenseclient"
)

// serve starts a face on loopback whose WSDL names its own address.
func serve(t *testing.T) string {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	url := "http://" + server.Listener.Addr().String()
	f := newFace(t, Config{PublicURL: url, Wall: time.Now})
	keys, err := theKeys()
	if err != nil {
		t.Fatal(err)
	}
	f.access.certificates = append(f.access.certificates, keys.rsa.certificate(t, "m1"))
	server.Config.Handler = f
	server.Start()
	t.Cleanup(server.Close)
	return url + Path
}

// clientReport is what the scripts in testdata/clients say.
type clientReport struct {
	OrderNumber   string
	Replayed      []bool
	Tickets       []string
	Quantity      int
	Customer      string
	Products      []string
	Found         int
	Modified      string
	States        []string
	Subscriptions []string
	Receipt       []bool
	Kinds         []string
	Changed       []bool
	RevokedAgain  bool
	Fault         map[string]string
}

var wantReport = clientReport{
	OrderNumber:   knownOrder,
	Replayed:      []bool{false, true},
	Tickets:       []string{knownTicket, knownTicket, knownTicket, knownTicket},
	Quantity:      2,
	Customer:      "Zoë <Müller> & Söhne",
	Products:      []string{"AUR-DESIGN", "AUR-DESIGN-EVENT"},
	Found:         1,
	Modified:      "Søren & Åse",
	States:        []string{"suspended", "active", "revoked"},
	Subscriptions: []string{"cancelled", "active", "active"},
	Receipt:       []bool{true, true, true, true},
	Kinds:         []string{"orderCreated", "licenseCreated"},
	Changed:       []bool{true, true},
	RevokedAgain:  true,
	Fault:         map[string]string{"code": "notFound", "field": "orderNumber"},
}

// TestRealClients calls every operation from PHP and from Python, in both versions and in every way to log in.
func TestRealClients(t *testing.T) {
	php := need(t, "php", "php-cli and php-soap", "-r", "class_exists('SoapClient') || exit(1);")
	python := need(t, "/usr/bin/python3", "python3-zeep and python3-xmlsec", "-c", "import zeep, xmlsec")
	certificate, key := keyFiles(t)
	rest := func(way, requestID string) []string {
		name, secret := accountName, accountSecret
		if strings.HasPrefix(way, "signed") {
			name, secret = certificate, key
		}
		return []string{name, secret, "northwind", "partner", "AUR-SUITE", "seats=5&edition=pro", requestID}
	}
	tests := []struct {
		name, program, query string
		args                 []string
	}{
		{"PHP 1.1 Basic", php, "?wsdl", []string{"client.php", "1.1", "basic"}},
		{"PHP 1.1 text", php, "?wsdl", []string{"client.php", "1.1", "text"}},
		{"PHP 1.2 Basic", php, "?wsdl12", []string{"client.php", "1.2", "basic"}},
		{"PHP 1.2 text", php, "?wsdl12", []string{"client.php", "1.2", "text"}},
		{"zeep 1.1 Basic", python, "?wsdl", []string{"client.py", "basic"}},
		{"zeep 1.1 text", python, "?wsdl", []string{"client.py", "text"}},
		{"zeep 1.1 digest", python, "?wsdl", []string{"client.py", "digest"}},
		{"zeep 1.2 Basic", python, "?wsdl12", []string{"client.py", "basic"}},
		{"zeep 1.2 text", python, "?wsdl12", []string{"client.py", "text"}},
		{"zeep 1.2 digest", python, "?wsdl12", []string{"client.py", "digest"}},
		{"zeep 1.1 signed", python, "?wsdl", []string{"client.py", "signed"}},
		{"zeep 1.1 signed, certificate sent along", python, "?wsdl", []string{"client.py", "signed-binary"}},
		{"zeep 1.2 signed, certificate sent along", python, "?wsdl12", []string{"client.py", "signed-binary"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			args := append([]string{"testdata/clients/" + tt.args[0], serve(t) + tt.query}, tt.args[1:]...)
			out, err := exec.Command(tt.program, append(args, rest(tt.args[len(tt.args)-1], tt.name)...)...).Output()
			if err != nil {
				t.Fatalf("%v\n%s\n%s", err, out, stderrOf(err))
			}
			var got clientReport
			if err := json.Unmarshal(out, &got); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			if diff := cmp.Diff(wantReport, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// keyFiles are the certificate that serve registers and its key, in files.
func keyFiles(t *testing.T) (certificate, key string) {
	t.Helper()
	keys, err := theKeys()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	certificate, key = filepath.Join(dir, "certificate.pem"), filepath.Join(dir, "key.pem")
	c, k := keys.rsa.pem()
	if err := errors.Join(os.WriteFile(certificate, c, 0o600), os.WriteFile(key, k, 0o600)); err != nil {
		t.Fatal(err)
	}
	return certificate, key
}

// need finds a program and tries whether it has what the test needs of it.
func need(t *testing.T, program, packages string, try ...string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err == nil {
		err = exec.Command(path, try...).Run()
	}
	if err != nil {
		t.Fatalf("%s does not do what this test needs (%v); install %s", program, err, packages)
	}
	return path
}

func stderrOf(err error) string {
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return string(exit.Stderr)
	}
	return ""
}

// TestGoClient calls with the client that gowsdl makes of our WSDL.
func TestGoClient(t *testing.T) {
	ctx := context.Background()
	client := licenseclient.NewLicensePortType(soap.NewClient(serve(t), soap.WithBasicAuth(accountName, accountSecret)))
	requestID := licenseclient.RequestId("go-1")
	created, err := client.CreateLicenseContext(ctx, &licenseclient.CreateLicense{
		RequestId: &requestID, Category: "partner", Product: "AUR-SUITE", Customer: &licenseclient.Customer{Name: "Grace Hopper"},
		Parameters: &licenseclient.Parameters{Parameter: []*licenseclient.Parameter{{Name: "seats", Value: "5"}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	license := created.Licenses.License[0]
	if created.OrderNumber != knownOrder || license.Ticket != knownTicket || license.Parameters.Parameter[0].Value != "5" {
		t.Errorf("got %+v", license)
	}
	if _, err := client.GetLicenseContext(ctx, &licenseclient.GetLicense{Ticket: license.Ticket}); err != nil {
		t.Error(err)
	}
	offers, err := client.ListOffersContext(ctx, &licenseclient.ListOffers{})
	if err != nil || len(offers.Categories.Category[0].Offers.Offer) != 2 {
		t.Errorf("%v: %+v", err, offers)
	}
	active := licenseclient.LicenseStateActive
	found, err := client.FindLicensesContext(ctx, &licenseclient.FindLicenses{State: &active, PageSize: 1})
	if err != nil || len(found.Licenses.License) != 1 || found.NextCursor == "" {
		t.Errorf("%v: %+v", err, found)
	}
	late := licenseclient.IfLateNextEnd
	cancelled, err := client.CancelSubscriptionContext(ctx, &licenseclient.CancelSubscription{RequestId: &requestID, Ticket: license.Ticket, IfLate: &late})
	if err != nil || *cancelled.Subscription.State != licenseclient.SubscriptionStateCancelled || cancelled.Receipt.Number != "R26-10001" {
		t.Errorf("%v: %+v", err, cancelled)
	}
	changes, err := client.ListChangesContext(ctx, &licenseclient.ListChanges{PageSize: 2})
	if err != nil || len(changes.Changes.Change) != 3 || changes.Changes.Change[0].Test || !changes.Changes.Change[2].Test || changes.NextCursor != "end" {
		t.Errorf("%v: %+v", err, changes)
	}
	reason := licenseclient.Reason("returned")
	revoked, err := client.RevokeLicenseContext(ctx, &licenseclient.RevokeLicense{RequestId: &requestID, Ticket: license.Ticket, Reason: &reason})
	if err != nil || *revoked.License.State != licenseclient.LicenseStateRevoked {
		t.Errorf("%v: %+v", err, revoked)
	}
	_, err = client.GetOrderContext(ctx, &licenseclient.GetOrder{OrderNumber: "K00-0"})
	if err == nil || !strings.Contains(err.Error(), "There is no such order") {
		t.Errorf("got %v", err)
	}
}
