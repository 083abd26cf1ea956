package inbound

import (
	"flag"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/beevik/etree"
	"github.com/google/go-cmp/cmp"

	"kontor/wsdl"
)

var update = flag.Bool("update", false, "rewrite the golden answers")

var reference = regexp.MustCompile(`<reference>[A-Z2-7]{12}</reference>`)

// goldenRequests returns the requests in testdata/golden, by file name. Each has its answer beside it.
func goldenRequests(t testing.TB) map[string]string {
	t.Helper()
	files, err := filepath.Glob("testdata/golden/*.request.xml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no golden requests: %v", err)
	}
	requests := map[string]string{}
	for _, f := range files {
		requests[f] = string(readFile(t, f))
	}
	return requests
}

// mediaTypeOf tells the version of a golden file from its name.
func mediaTypeOf(file string) string {
	if strings.Contains(file, ".12.") {
		return soap12.mediaType
	}
	return soap11.mediaType
}

func TestGolden(t *testing.T) {
	for file, request := range goldenRequests(t) {
		t.Run(filepath.Base(file), func(t *testing.T) {
			r := newRequest(mediaTypeOf(file), request)
			r.Header.Del("Authorization")
			w := newFace(t, Config{}).ask(r)
			if got, want := w.Header().Get("Content-Type"), mediaTypeOf(file)+"; charset=utf-8"; got != want {
				t.Errorf("Content-Type %q, want %q", got, want)
			}
			if got, want := w.Code, goldenStatus(file); got != want {
				t.Errorf("status %d, want %d", got, want)
			}
			got := indented(t, w.Body.String())
			answerFile := strings.Replace(file, ".request.", ".response.", 1)
			if *update {
				if err := os.WriteFile(answerFile, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(string(readFile(t, answerFile)), got); diff != "" {
				t.Errorf("answer (-want +got):\n%s", diff)
			}
		})
	}
}

func goldenStatus(file string) int {
	switch {
	case !strings.Contains(file, "-fault."):
		return http.StatusOK
	case strings.Contains(file, ".12."):
		return http.StatusBadRequest
	}
	return http.StatusInternalServerError
}

// indented makes an answer readable, and the same each time.
func indented(t *testing.T, answer string) string {
	t.Helper()
	d := etree.NewDocument()
	if err := d.ReadFromString(reference.ReplaceAllString(answer, "<reference>REFERENCE</reference>")); err != nil {
		t.Fatalf("the answer is not well-formed: %v\n%s", err, answer)
	}
	d.WriteSettings.CanonicalText = true
	d.Indent(2)
	s, err := d.WriteToString()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestGoldenKeepTheContract holds requests, answers and details of faults against the schema in the WSDL, by a
// validator that is not ours.
func TestGoldenKeepTheContract(t *testing.T) {
	xmllint, err := exec.LookPath("xmllint")
	if err != nil {
		t.Fatal("xmllint is missing; install libxml2-utils")
	}
	dir := t.TempDir()
	schemaFile := filepath.Join(dir, "license.xsd")
	writeFile(t, schemaFile, schemaOf(t, wsdl.License))
	files, err := filepath.Glob("testdata/golden/*.xml")
	if err != nil {
		t.Fatal(err)
	}
	args := []string{"--noout", "--schema", schemaFile}
	for _, f := range files {
		name := filepath.Join(dir, filepath.Base(f))
		writeFile(t, name, payload(t, readFile(t, f)))
		args = append(args, name)
	}
	if out, err := exec.Command(xmllint, args...).CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// schemaOf takes the schema out of a WSDL.
func schemaOf(t testing.TB, contract []byte) []byte {
	t.Helper()
	d := etree.NewDocument()
	if err := d.ReadFromBytes(contract); err != nil {
		t.Fatal(err)
	}
	schema := d.FindElement("//types/schema")
	for _, a := range d.Root().Attr {
		if a.Space == "xmlns" {
			schema.CreateAttr(a.FullKey(), a.Value)
		}
	}
	return standAlone(t, schema)
}

// payload takes out of an envelope what our schema has something to say about: the child of the Body, or the detail
// of a fault.
func payload(t testing.TB, envelope []byte) []byte {
	t.Helper()
	d := etree.NewDocument()
	if err := d.ReadFromBytes(envelope); err != nil {
		t.Fatal(err)
	}
	e := d.FindElement("//Body/*")
	if e.Tag == "Fault" {
		e = e.FindElement("//fault")
	}
	e.CreateAttr("xmlns", e.NamespaceURI())
	return standAlone(t, e)
}

func standAlone(t testing.TB, e *etree.Element) []byte {
	t.Helper()
	b, err := etree.NewDocumentWithRoot(e.Copy()).WriteToBytes()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func readFile(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func writeFile(t testing.TB, name string, b []byte) {
	t.Helper()
	if err := os.WriteFile(name, b, 0o644); err != nil {
		t.Fatal(err)
	}
}
