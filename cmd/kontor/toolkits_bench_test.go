package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"kontor/internal/pgtest"
	"kontor/wsdl"
)

// BenchmarkToolkits asks GetLicense and CreateLicense over 16 and 64 connections: of a whole Kontor with its database, and, as
// the measure of what that costs, of servers made with other toolkits that parse the same envelope and answer it from memory,
// without credentials, a schema or a database. All run on this machine, beside the callers. The databases are as durable as in
// production.
func BenchmarkToolkits(b *testing.B) {
	kontor := startHouse(b, b.TempDir(), "", false)
	first, err := createBySOAP(kontor.soap, "first")
	if err != nil || first.File == "" {
		b.Fatal(first.Fault, err)
	}
	dir := b.TempDir()
	file := keep(b, dir, "license.txt", []byte(first.File))
	contract, err := wsdl.At(wsdl.License, "http://127.0.0.1/soap/v1")
	if err != nil {
		b.Fatal(err)
	}
	contractFile := keep(b, dir, "license.wsdl", contract)
	ofPostgres := func(b *testing.B) string {
		h := startHouse(b, b.TempDir(), pgtest.Start(b, pgtest.Durable).Database(b, migrated), false)
		return h.soap
	}
	node, php := needProgram(b, "node", "nodejs"), needProgram(b, "php", "php-cli php-soap")
	for _, s := range []struct {
		name  string
		start func(b *testing.B) (url string)
	}{
		{"kontor-sqlite", func(*testing.B) string { return kontor.soap }},
		{"kontor-postgres", ofPostgres},
		{"gsoap", func(b *testing.B) string {
			return startServer(b, func(port string) *exec.Cmd { return exec.Command(gsoapServer(b, contractFile), port, file) })
		}},
		{"node", func(b *testing.B) string {
			return startServer(b, func(port string) *exec.Cmd {
				return exec.Command(node, filepath.Join("testdata", "servers", "server.js"), port, file, contractFile)
			})
		}},
		{"php", func(b *testing.B) string {
			return startServer(b, func(port string) *exec.Cmd {
				cmd := exec.Command(php, "-S", "127.0.0.1:"+port, filepath.Join("testdata", "servers", "server.php"))
				cmd.Env = append(os.Environ(), "LICENSE_FILE="+file, "WSDL_FILE="+contractFile, fmt.Sprint("PHP_CLI_SERVER_WORKERS=", 4*runtime.NumCPU()))
				return cmd
			})
		}},
	} {
		b.Run(s.name, func(b *testing.B) {
			soap := s.start(b)
			created, err := createBySOAP(soap, "to-be-read")
			if err != nil || len(created.Tickets) != 1 {
				b.Fatalf("%+v, %v", created, err)
			}
			get := fmt.Sprintf(`<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><GetLicense xmlns="urn:kontor:license:v1"><ticket>%s</ticket></GetLicense></s:Body></s:Envelope>`, created.Tickets[0])
			envelopes := map[string]func(requestID string) string{
				"GetLicense": func(string) string { return get },
				"CreateLicense": func(id string) string {
					return fmt.Sprintf(createEnvelope, id, "AUR-DESIGN", `<parameter><name>edition</name><value>pro</value></parameter>`)
				},
			}
			for _, operation := range []string{"GetLicense", "CreateLicense"} {
				for _, connections := range []int{16, 64} {
					b.Run(fmt.Sprintf("%s/%d", operation, connections), func(b *testing.B) {
						times := callAll(b, soap, operation, connections, envelopes[operation])
						b.ReportMetric(float64(len(times))/b.Elapsed().Seconds(), "requests/s")
						b.ReportMetric(milliseconds(percentile(times, 50)), "p50-ms")
						b.ReportMetric(milliseconds(percentile(times, 99)), "p99-ms")
					})
				}
			}
		})
	}
}

// callAll sends b.N requests over as many connections at a time, and returns how long each took.
func callAll(b *testing.B, soap, operation string, connections int, envelope func(requestID string) string) []time.Duration {
	b.Helper()
	caller := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: connections}}
	defer caller.CloseIdleConnections()
	times := make([]time.Duration, b.N)
	run := time.Now().UnixNano() // so that no request is one of the run before
	var next atomic.Int64
	var callers sync.WaitGroup
	b.ResetTimer()
	for range connections {
		callers.Go(func() {
			for i := next.Add(1) - 1; i < int64(b.N); i = next.Add(1) - 1 {
				body := envelope(fmt.Sprintf("bench-%d-%d", run, i))
				began := time.Now()
				if err := callOnce(caller, soap, operation, body); err != nil {
					b.Error(err)
					return
				}
				times[i] = time.Since(began)
			}
		})
	}
	callers.Wait()
	b.StopTimer()
	return times
}

func callOnce(caller *http.Client, soap, operation, body string) error {
	request, err := http.NewRequest(http.MethodPost, soap, strings.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "text/xml; charset=utf-8")
	request.Header.Set("SOAPAction", `"urn:kontor:license:v1/`+operation+`"`)
	request.SetBasicAuth("erp@aurora.example", "kontor-demo")
	answer, err := caller.Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	said, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK || !bytes.Contains(said, []byte("BEGIN LICENSE FILE")) {
		return fmt.Errorf("%s: %s, %w: %s", operation, answer.Status, err, said)
	}
	return nil
}

func keep(b *testing.B, dir, name string, content []byte) (path string) {
	b.Helper()
	path = filepath.Join(dir, name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		b.Fatal(err)
	}
	return path
}

// startServer starts a program that serves on a free port, and ends it with the benchmark.
func startServer(b *testing.B, command func(port string) *exec.Cmd) (soap string) {
	b.Helper()
	address := freeAddress(b)
	_, port, _ := strings.Cut(address, ":")
	cmd := command(port)
	var said bytes.Buffer
	cmd.Stderr = &said
	// A group of its own, for the workers that it starts.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
		_ = cmd.Wait()
		if b.Failed() {
			b.Logf("what the server said: %s", said.String())
		}
	})
	soap = (&url.URL{Scheme: "http", Host: address, Path: "/soap/v1"}).String()
	waitFor(b, "the server to answer", func() bool {
		created, err := createBySOAP(soap, "ready")
		return err == nil && created.OrderNumber != ""
	})
	return soap
}

// gsoapServer compiles the server of gSOAP, as its users do for production.
func gsoapServer(b *testing.B, contractFile string) (binary string) {
	b.Helper()
	dir := b.TempDir()
	source, err := filepath.Abs(filepath.Join("testdata", "servers", "server.cpp"))
	if err != nil {
		b.Fatal(err)
	}
	runTool(b, dir, needProgram(b, "wsdl2h", "gsoap"), "-o", "license.h", contractFile)
	runTool(b, dir, needProgram(b, "soapcpp2", "gsoap"), "-S", "-L", "-w", "-x", "-j", "-1", "-I/usr/share/gsoap/import", "license.h")
	binary = filepath.Join(dir, "server")
	runTool(b, dir, needProgram(b, "g++", "g++ libgsoap-dev"), "-O2", "-w", "-I.", "-DWITH_DEFAULT_VIRTUAL", "-o", binary, source, "soapC.cpp", "soapLicenseBindingService.cpp", "-lgsoap++", "-lpthread")
	return binary
}
