package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kontor/internal/access"
	"kontor/internal/demo"
	"kontor/internal/licensing"
	"kontor/internal/ordering"
	"kontor/soapbridge/inbound"
)

// foreignSays is what each program in testdata/clients says, in its order: a license is created and the request sent again; it
// is modified, read, and read with its order; its subscription is cancelled and the request sent again; a document is
// reported, and a whole order is sent twice. Then comes every code of a fault, as the program finds it in the detail.
const foreignSays = `
create	ORDER	false	TICKET	2	Zoë <Müller> & Söhne
replay	ORDER	true	TICKET
modify	false	Søren & Åse	8
read	TICKET	active	8	Søren & Åse	true
order	ORDER	northwind	TICKET
cancel	cancelled	true	false
cancel again	cancelled	true	true
report	accepted	L-1	false
whole order	false
line	10	AUR-SUITE	3	1
line	20	AUR-DESIGN-DEMO	1	1
whole order again	true
line	10	AUR-SUITE	3	1
line	20	AUR-DESIGN-DEMO	1	1
fault	invalidParameter	seats
fault	invalidRequest	quantity
fault	denied	product
fault	notFound	ticket
fault	requestIdReused	requestId
fault	conflict	
fault	denied	product
fault	tooLarge	
fault	unauthenticated	
fault	exhausted	
fault	unavailable	
fault	internal	
`

// TestForeignClients lets six SOAP toolkits of other languages work against a whole house on SQLite, in both versions.
func TestForeignClients(t *testing.T) {
	h := startHouse(t, t.TempDir(), "", false)
	failing := failingFace(t, h)
	foreign := func(file string) string { return filepath.Join("testdata", "clients", file) }
	php := []string{needProgram(t, "php", "php-cli php-soap", "-r", "class_exists('SoapClient') || exit(1);"), foreign("client.php")}
	zeep := []string{needProgram(t, "/usr/bin/python3", "python3-zeep python3-xmlsec", "-c", "import zeep, xmlsec"), foreign("client.py")}
	node := []string{needProgram(t, "node", "nodejs npm, and run scripts/ensure-test-tools.sh", "-e", "require('./testdata/clients/node_modules/soap')"), foreign("client.js")}
	perl := []string{needProgram(t, "perl", "libsoap-lite-perl", "-e", "use SOAP::Lite"), foreign("client.pl")}
	java := javaClient(t, h.soap+"?wsdl", foreign("Client.java"))
	certificate, key := registeredCertificate(t, h, "erp@aurora.example")
	gsoap := gsoapClient(t, h.soap, foreign("client.cpp"))
	for _, tt := range []struct {
		name    string
		program []string
		version string
		auth    string
	}{
		{"PHP", php, "1.1", "basic"},
		{"PHP", php, "1.1", "text"},
		{"PHP", php, "1.2", "basic"},
		{"PHP", php, "1.2", "text"},
		{"zeep", zeep, "1.1", "basic"},
		{"zeep", zeep, "1.1", "digest"},
		{"zeep", zeep, "1.2", "text"},
		{"zeep", zeep, "1.2", "digest"},
		{"zeep", zeep, "1.1", "signed"},
		{"zeep", zeep, "1.2", "signed"},
		{"node soap", node, "1.1", "basic"},
		{"node soap", node, "1.1", "digest"},
		{"node soap", node, "1.2", "text"},
		{"SOAP Lite", perl, "1.1", "basic"},
		{"SOAP Lite", perl, "1.1", "text"},
		{"SOAP Lite", perl, "1.2", "basic"},
		{"JAX-WS", java, "1.1", "basic"},
		{"JAX-WS", java, "1.1", "text"},
		{"JAX-WS", java, "1.2", "basic"},
		{"gSOAP", gsoap, "1.1", "basic"},
		{"gSOAP", gsoap, "1.2", "basic"},
	} {
		name := strings.Join([]string{tt.name, tt.version, tt.auth}, " ")
		t.Run(name, func(t *testing.T) {
			contract := map[string]string{"1.1": "?wsdl", "1.2": "?wsdl12"}[tt.version]
			account, secret := "erp@aurora.example", demo.Password
			if tt.auth == "signed" {
				account, secret = certificate, key
			}
			args := append(tt.program[1:len(tt.program):len(tt.program)], h.soap+contract, failing, tt.version, tt.auth, account, secret, name)
			out, err := exec.CommandContext(t.Context(), tt.program[0], args...).Output()
			if err != nil {
				t.Fatalf("%v\n%s\n%s", err, out, stderrOf(err))
			}
			if diff := cmp.Diff(foreignSays, "\n"+withoutNames(string(out))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// registeredCertificate is a certificate that counts for a service account, and its key, in files. Beside it lies the key of a
// stranger, strange.pem.
func registeredCertificate(t *testing.T, h runningHouse, account string) (certificate, key string) {
	t.Helper()
	dir, other := t.TempDir(), t.TempDir()
	files, _ := certificateFiles(t, dir, account)
	strange, _ := certificateFiles(t, other, "somebody")
	if err := os.Rename(strange.TLSKey, filepath.Join(dir, "strange.pem")); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(files.TLSCertificate)
	if err != nil {
		t.Fatal(err)
	}
	in := access.AddCertificate{Membership: h.actor(t, account).ID, PEM: string(text)}
	if _, _, err := h.access.AddCertificate(t.Context(), h.actor(t, "isv@aurora.example"), licensing.NewID(), in); err != nil {
		t.Fatal(err)
	}
	return files.TLSCertificate, files.TLSKey
}

var firstSaid = regexp.MustCompile(`^create\t(K\d\d-\d+)\t\w+\t([2-9A-HJ-NP-Z-]{29})\t`)

// withoutNames puts words in the place of the order's number and the ticket, which the first line says.
func withoutNames(said string) string {
	names := firstSaid.FindStringSubmatch(said)
	if names == nil {
		return said
	}
	return strings.NewReplacer(names[1], "ORDER", names[2], "TICKET").Replace(said)
}

// failing answers GetLicense with the error that the ticket names: those that a healthy house does not give.
type failing struct{ *ordering.Service }

func (failing) License(_ context.Context, _ licensing.Actor, ticket string) (licensing.License, error) {
	known := map[string]error{
		"exhausted":   &licensing.Error{Kind: licensing.Exhausted, Code: licensing.CodeExhausted, Message: "Nothing is left."},
		"unavailable": &licensing.Error{Kind: licensing.Unavailable, Code: licensing.CodeUnavailable, Message: "Try again later."},
	}
	if err := known[ticket]; err != nil {
		return licensing.License{}, err
	}
	return licensing.License{}, errors.New("the roof is on fire")
}

// failingFace is a second SOAP face of a house, which fails.
func failingFace(t *testing.T, h runningHouse) (url string) {
	t.Helper()
	quiet := slog.New(slog.NewTextHandler(io.Discard, nil))
	face, err := inbound.New(inbound.Config{PublicURL: h.url, Log: quiet}, h.access, h.catalog, failing{h.ordering}, h.subscriptions, h.connecting)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(face)
	t.Cleanup(server.Close)
	return server.URL + inbound.Path
}

// needProgram finds a program and tries whether it has what the test needs of it.
func needProgram(t testing.TB, program, packages string, try ...string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	var said []byte
	if err == nil && len(try) > 0 {
		said, err = exec.CommandContext(t.Context(), path, try...).CombinedOutput()
	}
	if err != nil {
		t.Fatalf("%s does not do what this test needs (%v); install %s\n%s", program, err, packages, said)
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

// runTool runs a compiler or generator in a directory.
func runTool(t testing.TB, dir, program string, args ...string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), program, args...)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", program, err, out)
	}
}

// javaClient lets wsimport make Java of a contract, and compiles a program with it.
func javaClient(t testing.TB, contract, source string) (command []string) {
	t.Helper()
	const jars = "/usr/share/java/jaxws-tools.jar:/usr/share/java/jaxws-rt.jar"
	java, javac := needProgram(t, "java", "default-jdk-headless", "-version"), needProgram(t, "javac", "default-jdk-headless", "-version")
	if _, err := os.Stat(strings.Split(jars, ":")[0]); err != nil {
		t.Fatalf("JAX-WS is missing (%v); install libjaxws-java", err)
	}
	dir := t.TempDir()
	runTool(t, dir, java, "-Xshare:auto", "-XX:TieredStopAtLevel=1", "-cp", jars, "com.sun.tools.ws.WsImport", "-quiet", "-Xnocompile", "-s", dir, "-d", dir, "-p", "kontor", contract)
	program, err := filepath.Abs(source)
	if err != nil {
		t.Fatal(err)
	}
	runTool(t, dir, javac, "-J-XX:TieredStopAtLevel=1", "-encoding", "UTF-8", "-proc:none", "-nowarn", "-cp", jars, "-sourcepath", dir, "-d", dir, program, "kontor/package-info.java")
	return []string{java, "-XX:TieredStopAtLevel=1", "-cp", dir + ":" + jars, "Client"}
}

// gsoapClient lets wsdl2h and soapcpp2 make C++ of the contracts, and compiles a program with that of SOAP 1.1: gSOAP speaks the
// other version with the same.
func gsoapClient(t testing.TB, url, source string) (command []string) {
	t.Helper()
	wsdl2h, soapcpp2 := needProgram(t, "wsdl2h", "gsoap"), needProgram(t, "soapcpp2", "gsoap")
	compiler := needProgram(t, "g++", "g++ libgsoap-dev", "--version")
	dir := t.TempDir()
	for name, query := range map[string]string{"license12.h": "?wsdl12", "license.h": "?wsdl"} {
		runTool(t, dir, wsdl2h, "-o", name, url+query)
	}
	runTool(t, dir, soapcpp2, "-C", "-L", "-w", "-x", "-j", "-2", "-pcheck", "-I/usr/share/gsoap/import", "license12.h")
	runTool(t, dir, soapcpp2, "-C", "-L", "-w", "-x", "-j", "-1", "-I/usr/share/gsoap/import", "license.h")
	program, err := filepath.Abs(source)
	if err != nil {
		t.Fatal(err)
	}
	binary := filepath.Join(dir, "client")
	runTool(t, dir, compiler, "-O0", "-w", "-I.", "-o", binary, program, "soapC.cpp", "soapLicenseBindingProxy.cpp", "-lgsoap++")
	return []string{binary}
}
