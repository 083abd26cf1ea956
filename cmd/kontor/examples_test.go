package main

import (
	"context"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"kontor/internal/demo"
	"kontor/internal/examples"
	"kontor/internal/licensing"
	"kontor/internal/ordering"
	"kontor/internal/subscriptions"
	"kontor/wsdl"
)

// TestExamplesWork runs what the page for integrators shows, as it stands there, in every language. All languages of an
// operation send the same request id: the first is carried out, and the others are the same request.
func TestExamplesWork(t *testing.T) {
	installed(t, "php", "php-cli and php-soap", "-r", "class_exists('SoapClient') || exit(1);")
	installed(t, "/usr/bin/python3", "python3-zeep", "-c", "import zeep")
	installed(t, "curl", "curl", "--version")
	h := startHouse(t, t.TempDir(), engines["sqlite"](t), false)
	erp := h.actor(t, "erp@aurora.example")
	erp.Via = "soap"
	client := signedIn(t, h.url, "isv@aurora.example")
	operations, err := wsdl.Operations(wsdl.License)
	if err != nil {
		t.Fatal(err)
	}
	later := map[string]map[string]string{} // by language and operation: what is run in one process
	for _, l := range examples.Languages {
		later[l.Code] = map[string]string{}
	}
	for _, o := range operations {
		t.Run(o.Name, func(t *testing.T) {
			h.prepare(t, erp, o.Name)
			page := getPage(t, client, h.url+"/as/aurora/integration?operation="+o.Name+"&account="+string(erp.ID))
			shown := map[string]string{}
			for _, m := range regexp.MustCompile(`(?s)data-example="(\w+)">(.*?)</pre>`).FindAllStringSubmatch(page, -1) {
				shown[m[1]] = html.UnescapeString(m[2])
			}
			if len(shown) != len(examples.Languages) {
				t.Fatalf("%d examples are shown, of %d", len(shown), len(examples.Languages))
			}
			dir := t.TempDir()
			for _, l := range examples.Languages {
				program := map[string][]string{"curl": {"sh"}, "php": {"php"}, "python": {"/usr/bin/python3"}}[l.Code]
				if program == nil {
					later[l.Code][o.Name] = shown[l.Code]
					continue
				}
				file := filepath.Join(dir, l.File)
				if err := os.WriteFile(file, []byte(shown[l.Code]), 0o600); err != nil {
					t.Fatal(err)
				}
				run := exec.Command(program[0], file)
				run.Env = append(os.Environ(), examples.SecretVariable+"="+demo.Password)
				if out, err := run.CombinedOutput(); err != nil {
					t.Errorf("in %s: %v\n%s\n%s", l.Name, err, out, shown[l.Code])
				}
			}
		})
	}
	for _, l := range examples.Languages {
		prepare := inOneProcess[l.Code]
		if len(later[l.Code]) == 0 {
			continue
		}
		t.Run(l.Name, func(t *testing.T) {
			if prepare == nil || len(later[l.Code]) != len(operations) {
				t.Fatalf("%d examples of %d are run, or none", len(later[l.Code]), len(operations))
			}
			runAll(t, prepare, later[l.Code])
		})
	}
}

// prepare makes a test license on which an operation can be tried out, as the newest one.
func (h runningHouse) prepare(t *testing.T, erp licensing.Actor, operation string) {
	t.Helper()
	ctx := context.Background()
	made, _, err := h.ordering.CreateLicense(ctx, erp, "prepare-"+operation, ordering.CreateLicense{
		Category: "internal", Product: "AUR-SUITE", Test: true, Customer: licensing.Customer{Name: "Zoë <Müller> & Söhne"},
		Parameters: []licensing.Value{{Name: "seats", Value: "5"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	ticket := made.Licenses[0].Ticket
	switch operation {
	case "ReinstateLicense":
		_, _, err = h.ordering.ChangeState(ctx, erp, "suspend-"+operation, licensing.ToSuspend, ordering.ChangeState{Ticket: ticket, Reason: "unpaid"})
	case "WithdrawCancellation":
		_, _, err = h.subscriptions.Cancel(ctx, erp, "cancel-"+operation, subscriptions.Cancel{Ticket: ticket})
	}
	if err != nil {
		t.Fatal(err)
	}
}

// signedIn is somebody's browser, without the browser.
func signedIn(t *testing.T, base, email string) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	if status, _ := sent(t, client, base+"/sign-in", url.Values{"email": {email}, "password": {demo.Password}}); status != http.StatusSeeOther {
		t.Fatalf("%s cannot sign in: %d", email, status)
	}
	return client
}

// getPage reads a page of the portal.
func getPage(t *testing.T, client *http.Client, address string) string {
	t.Helper()
	status, page := sent(t, client, address, nil)
	if status != http.StatusOK {
		t.Fatalf("%s answers %d", address, status)
	}
	return page
}

// sent asks for a page, or sends a form to it.
func sent(t *testing.T, client *http.Client, address string, form url.Values) (int, string) {
	t.Helper()
	method, body := http.MethodGet, strings.NewReader("")
	if form != nil {
		method, body = http.MethodPost, strings.NewReader(form.Encode())
	}
	request, err := http.NewRequestWithContext(t.Context(), method, address, body)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	page, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(page)
}

// installed fails when a program is not there, or does not do what the test needs of it.
func installed(t *testing.T, program, packages string, try ...string) {
	t.Helper()
	if err := exec.Command(program, try...).Run(); err != nil {
		t.Fatalf("%s does not do what this test needs (%v); install %s", program, err, packages)
	}
}
