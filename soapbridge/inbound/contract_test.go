package inbound

import (
	"encoding/xml"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/beevik/etree"
	"github.com/google/go-cmp/cmp"

	"kontor/wsdl"
)

// TestOperationsAreThoseOfTheWSDL holds the table of operations against port type and binding of both WSDLs, and
// looks for the golden files of each.
func TestOperationsAreThoseOfTheWSDL(t *testing.T) {
	var table []string
	for name := range operations {
		if name.Space != wsdl.Namespace {
			t.Errorf("%s is in namespace %q", name.Local, name.Space)
		}
		table = append(table, name.Local)
		for _, kind := range []string{"", "-fault"} {
			for _, v := range []string{".11", ".12"} {
				file := filepath.Join("testdata/golden", kebab(name.Local)+kind+v+".response.xml")
				if _, err := os.Stat(file); err != nil {
					t.Errorf("%s: %v", name.Local, err)
				}
			}
		}
	}
	slices.Sort(table)
	for _, contract := range [][]byte{wsdl.License, wsdl.License12} {
		d := etree.NewDocument()
		if err := d.ReadFromBytes(contract); err != nil {
			t.Fatal(err)
		}
		for _, path := range []string{"//portType/operation", "//binding/operation"} {
			var names []string
			for _, e := range d.FindElements(path) {
				names = append(names, e.SelectAttrValue("name", ""))
			}
			if diff := cmp.Diff(table, names); diff != "" {
				t.Errorf("%s (-table +WSDL):\n%s", path, diff)
			}
		}
		for _, name := range table {
			for _, element := range []string{name, name + "Response"} {
				if d.FindElement("//schema/element[@name='"+element+"']") == nil {
					t.Errorf("the WSDL has no element %s", element)
				}
			}
		}
	}
}

// kebab turns CreateLicense into create-license.
func kebab(s string) string {
	var b strings.Builder
	for i, r := range s {
		if r >= 'A' && r <= 'Z' && i > 0 {
			b.WriteByte('-')
		}
		b.WriteRune(r)
	}
	return strings.ToLower(b.String())
}

func TestContractIsServed(t *testing.T) {
	f := newFace(t, Config{PublicURL: "https://licenses.example.com/a&b/"})
	for query, contract := range map[string][]byte{"wsdl": wsdl.License, "WSDL": wsdl.License, "wsdl12": wsdl.License12} {
		w := f.ask(httptest.NewRequest(http.MethodGet, Path+"?"+query, nil))
		if w.Code != http.StatusOK || w.Header().Get("Content-Type") != "text/xml; charset=utf-8" {
			t.Errorf("?%s: status %d, %s", query, w.Code, w.Header().Get("Content-Type"))
		}
		var served struct {
			Address struct {
				Location string `xml:"location,attr"`
			} `xml:"service>port>address"`
		}
		if err := xml.Unmarshal(w.Body.Bytes(), &served); err != nil {
			t.Fatal(err)
		}
		if want := "https://licenses.example.com/a&b/soap/v1"; served.Address.Location != want {
			t.Errorf("?%s: address %q, want %q", query, served.Address.Location, want)
		}
		if difference := len(w.Body.Bytes()) - len(contract); difference < 0 || difference > 50 {
			t.Errorf("?%s is another file", query)
		}
	}
}

func TestOtherMethods(t *testing.T) {
	f := newFace(t, Config{})
	for _, target := range []string{Path, Path + "?x"} {
		w := f.ask(httptest.NewRequest(http.MethodGet, target, nil))
		if !strings.Contains(w.Body.String(), "?wsdl12") || w.Header().Get("Content-Type") != "text/plain; charset=utf-8" {
			t.Errorf("GET %s: %v %s", target, w.Header(), w.Body)
		}
	}
	w := f.ask(httptest.NewRequest(http.MethodPut, Path, nil))
	if w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") != "GET, HEAD, POST" {
		t.Errorf("PUT: %d %v", w.Code, w.Header())
	}
}

// TestEveryCodeHasAFault sends each code of the contract through both versions.
func TestEveryCodeHasAFault(t *testing.T) {
	for _, code := range slices.Sorted(maps.Keys(callersFault)) {
		for _, v := range []*version{soap11, soap12} {
			f := newFace(t, Config{})
			f.ordering.fails = errorOf(code)
			envelope := soapEnvelope("", getLicenseBody)
			if v == soap12 {
				envelope = in12(envelope)
			}
			w := f.ask(newRequest(v.mediaType, envelope))
			want, status := "soap:Client", http.StatusInternalServerError
			switch {
			case v == soap12 && callersFault[code]:
				want, status = "soap:Sender", http.StatusBadRequest
			case v == soap12:
				want = "soap:Receiver"
			case !callersFault[code]:
				want = "soap:Server"
			}
			if got := faultIn(t, w); got.code != string(code) || got.soapCode != want || w.Code != status {
				t.Errorf("%s: got %+v, status %d, want %s, %d", code, got, w.Code, want, status)
			}
		}
	}
}
