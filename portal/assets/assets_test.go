package assets

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
)

// TestStyleSheetsNameOnlyWhatIsThere: every file that a style sheet of ours names is embedded. Tabler's own name data:
// addresses alone, which ours replace.
func TestStyleSheetsNameOnlyWhatIsThere(t *testing.T) {
	set, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	named := regexp.MustCompile(`url\(([^)]+)\)`)
	for _, sheet := range []string{"kontor.css", "screens.css", "lists.css", "integration.css"} {
		for _, m := range named.FindAllStringSubmatch(string(set.byName[sheet].plain), -1) {
			if _, ok := set.byName[m[1]]; !ok {
				t.Errorf("%s names %s, which is not there", sheet, m[1])
			}
		}
	}
}

func TestFilesAreServedWholeAndZipped(t *testing.T) {
	set, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	for name, f := range set.byName {
		for _, accept := range []string{"", "gzip, br"} {
			r := httptest.NewRequest(http.MethodGet, set.URL(name), nil)
			r.Header.Set("Accept-Encoding", accept)
			w := httptest.NewRecorder()
			set.ServeHTTP(w, r)
			var body io.Reader = w.Body
			if w.Header().Get("Content-Encoding") == "gzip" {
				if body, err = gzip.NewReader(w.Body); err != nil {
					t.Fatal(err)
				}
			}
			got, err := io.ReadAll(body)
			if err != nil || !bytes.Equal(got, f.plain) || w.Header().Get("Content-Type") == "" {
				t.Errorf("%s for %q: %d bytes of %d, %q, %v", name, accept, len(got), len(f.plain), w.Header().Get("Content-Type"), err)
			}
		}
	}
}

func TestUnknownFilesAndHeads(t *testing.T) {
	set, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	set.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/assets/x/files/kontor.css", nil))
	if w.Code != http.StatusNotFound {
		t.Errorf("an unknown file answers %d", w.Code)
	}
	w = httptest.NewRecorder()
	set.ServeHTTP(w, httptest.NewRequest(http.MethodHead, set.URL("kontor.css"), nil))
	if w.Code != http.StatusOK || w.Body.Len() != 0 || w.Header().Get("Content-Length") == "0" {
		t.Errorf("HEAD answers %d with %d bytes", w.Code, w.Body.Len())
	}
	defer func() {
		if recover() == nil {
			t.Error("the address of a file that does not exist was given")
		}
	}()
	if got := set.URL("nothing.css"); !strings.HasPrefix(got, Prefix) {
		t.Error(got)
	}
}
