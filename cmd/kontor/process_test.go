package main

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"kontor/internal/pgtest"
	"kontor/internal/sqlstore"
	"kontor/portal/portaltest"
)

// binaryDir is where kontorBinary builds.
var binaryDir string

// TestMain removes what was built, and ends the browser.
func TestMain(m *testing.M) {
	code := m.Run()
	portaltest.CloseBrowser()
	if binaryDir != "" {
		_ = os.RemoveAll(binaryDir)
	}
	os.Exit(code)
}

// kontorBinary is kontor, built once for all tests that need a process to start and to kill.
var kontorBinary = sync.OnceValues(func() (path string, err error) {
	if binaryDir, err = os.MkdirTemp("", "kontor-test-"); err != nil {
		return "", err
	}
	path = filepath.Join(binaryDir, "kontor")
	out, err := exec.Command("go", "build", "-o", path, ".").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("build: %w\n%s", err, out)
	}
	return path, nil
})

// engines are the databases that process tests run on.
var engines = map[string]func(t testing.TB) (databaseURL string){
	"sqlite":   func(testing.TB) string { return "" }, // the default: in the data directory
	"postgres": func(t testing.TB) string { return pgtest.Database(t, migrated) },
}

func migrated(ctx context.Context, dsn string) error {
	s, err := sqlstore.Open(ctx, dsn)
	if err != nil {
		return err
	}
	return s.Close()
}

// process is one running kontor.
type process struct {
	t        testing.TB
	database string
	args     []string
	env      []string
	log      *bytes.Buffer
	mu       sync.Mutex
	cmd      *exec.Cmd
}

// startDemo starts the demo on free ports, which it keeps over restarts, and waits until it is ready.
func startDemo(t testing.TB, database string) (*process, demoFile) {
	t.Helper()
	dir := t.TempDir()
	if database == "" {
		database = "sqlite://" + filepath.Join(dir, "kontor.db")
	}
	p := &process{
		t: t, database: database, env: append(os.Environ(), "KONTOR_DATABASE_URL="+database), log: &bytes.Buffer{},
		args: []string{"demo", "--data", dir, "--listen", freeAddress(t), "--erp-listen", freeAddress(t), "--log-level", "warn"},
	}
	p.start()
	t.Cleanup(func() {
		p.kill()
		if t.Failed() {
			t.Logf("what kontor logged:\n%s", p.log)
		}
	})
	url := "http://" + p.args[4]
	waitFor(t, "the demo to be ready", func() bool { return get(url+"/readyz") == http.StatusOK })
	b, err := os.ReadFile(filepath.Join(dir, demoFileName))
	if err != nil {
		t.Fatal(err)
	}
	var f demoFile
	if err := json.Unmarshal(b, &f); err != nil {
		t.Fatal(err)
	}
	return p, f
}

func (p *process) start() {
	p.t.Helper()
	path, err := kontorBinary()
	if err != nil {
		p.t.Fatal(err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.cmd = exec.Command(path, p.args...)
	p.cmd.Env, p.cmd.Stderr = p.env, p.log
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := p.cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
}

// kill ends the process without a chance to clean up.
func (p *process) kill() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.cmd != nil {
		p.cmd.Process.Kill() //nolint:errcheck // it may have ended
		p.cmd.Wait()         //nolint:errcheck // it was killed
		p.cmd = nil
	}
}

// stop asks the process to end and returns how it did.
func (p *process) stop() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	err := p.cmd.Wait()
	p.cmd = nil
	return err
}

// freeAddress is a loopback address that nobody listens on at the moment.
func freeAddress(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// waitFor waits for a condition, for at most two minutes on a slow machine.
func waitFor(t testing.TB, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(2 * time.Minute); !ok(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain for %s", what)
		}
	}
}

// client gives up soon: a killed server may leave a connection hanging.
var client = &http.Client{Timeout: 15 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 32}}

// get returns the status of a page, 0 when nobody answers.
func get(url string) int {
	r, err := client.Get(url)
	if err != nil {
		return 0
	}
	defer r.Body.Close()
	io.Copy(io.Discard, r.Body) //nolint:errcheck // the status is what counts
	return r.StatusCode
}

// created is a CreateLicenseResponse, as far as tests look at it; Fault is set instead when there was one.
type created struct {
	OrderNumber string   `xml:"Body>CreateLicenseResponse>orderNumber"`
	Replayed    bool     `xml:"Body>CreateLicenseResponse>replayed"`
	Tickets     []string `xml:"Body>CreateLicenseResponse>licenses>license>ticket"`
	File        string   `xml:"Body>CreateLicenseResponse>licenses>license>licenseFile"`
	Fault       string   `xml:"Body>Fault>detail>fault>code"`
}

const createEnvelope = `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><CreateLicense xmlns="urn:kontor:license:v1">
<requestId>%s</requestId><category>partner</category><product>%s</product><customer><number>C-%[1]s</number><name>Customer of %[1]s</name></customer>
<parameters><parameter><name>seats</name><value>5</value></parameter>%[3]s</parameters>
<dataFields><dataField><name>externalOrderNumber</name><value>PO-%[1]s</value></dataField></dataFields></CreateLicense></s:Body></s:Envelope>`

// createBySOAP creates one license of AUR-DESIGN. The error says that no answer came.
func createBySOAP(soapURL, requestID string) (created, error) {
	return create(soapURL, fmt.Sprintf(createEnvelope, requestID, "AUR-DESIGN", `<parameter><name>edition</name><value>pro</value></parameter>`))
}

func create(soapURL, envelope string) (created, error) {
	var c created
	request, err := http.NewRequest(http.MethodPost, soapURL, bytes.NewBufferString(envelope))
	if err != nil {
		return c, err
	}
	request.Header.Set("Content-Type", "text/xml; charset=utf-8")
	request.SetBasicAuth("erp@aurora.example", "kontor-demo")
	r, err := client.Do(request)
	if err != nil {
		return c, err
	}
	defer r.Body.Close()
	return c, xml.NewDecoder(r.Body).Decode(&c)
}

// erpDocument is a document of the demo ERP, as far as tests look at it.
type erpDocument struct{ Number, OrderNumber, MessageID, Kind string }

func erpDocuments(t testing.TB, erp string) []erpDocument {
	t.Helper()
	r, err := client.Get(erp + "/documents.json")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	var all []erpDocument
	if err := json.NewDecoder(r.Body).Decode(&all); err != nil {
		t.Fatal(err)
	}
	return all
}
