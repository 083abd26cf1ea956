package portal_test

import (
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// layout is the text of a PDF as it stands on its pages.
func layout(t *testing.T, pdf string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "page.pdf")
	if err := os.WriteFile(file, []byte(pdf), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), "pdftotext", "-layout", file, "-").CombinedOutput()
	if err != nil {
		t.Fatalf("pdftotext (Debian's poppler-utils): %v: %s", err, out)
	}
	return string(out)
}

// TestReceiptFiles cancels, and takes the receipt home in both forms.
func TestReceiptFiles(t *testing.T) {
	w := newWorld(t)
	id, _ := w.subscribe()
	v := visit(t, startPortal(t, w))
	v.signIn("anna@northwind.example")
	page := "/as/northwind/licenses/" + id
	v.get(page+"/cancel").want(t, http.StatusOK, "and you get a signed receipt")
	form := url.Values{"requestId": {"once"}, "inTime": {"true"}, "reason": {"株式会社 Łukasz"}, "acting": {annaActs}}
	v.post(page+"/cancel", form).want(t, http.StatusSeeOther)
	v.get(page).want(t, http.StatusOK, page+"/receipts/R26-10001/pdf", page+"/receipts/R26-10001/json")

	document := v.get(page + "/receipts/R26-10001/json")
	document.want(t, http.StatusOK, `{"receipt":`)
	if got := document.Header.Get("Content-Disposition"); got != `attachment; filename="R26-10001.json"` {
		t.Errorf("the file is called %s", got)
	}
	pdf := v.get(page + "/receipts/R26-10001/pdf")
	if pdf.StatusCode != http.StatusOK || pdf.Header.Get("Content-Type") != "application/pdf" {
		t.Fatalf("the PDF is %d of %s", pdf.StatusCode, pdf.Header.Get("Content-Type"))
	}
	if again := v.get(page + "/receipts/R26-10001/pdf"); again.page != pdf.page {
		t.Error("the same receipt makes another PDF")
	}
	text := strings.Join(strings.Fields(layout(t, pdf.page)), " ")
	for _, want := range []string{
		"Cancellation receipt R26-10001", "Received 21 November 2026 at 12:00:00 (Europe/Berlin)", "In time Yes", "Last day to cancel 21 October 2027",
		"Ends on 20 November 2027", "Brückner & Söhne GmbH", "Reason 株式会社 Łukasz", "Cancelled by Anna", "kontor receipt verify R26-10001.json", "Signature (Ed25519): c2lnbmVk", "Seats 3",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in the PDF: %s", want, text)
		}
	}
	v.get(page+"/receipts/R26-10002/pdf").want(t, http.StatusNotFound)
	ben := visit(t, v.base)
	ben.signIn("ben@northwind.example")
	ben.get("/as/fjord/licenses/"+id+"/receipts/R26-10001/json").want(t, http.StatusNotFound)
}
