package inbound

import (
	"bytes"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/beevik/etree"
)

// soapEnvelope wraps a header and a body, in SOAP 1.1 and without credentials. Both may use the prefix v.
func soapEnvelope(header, body string) string {
	if header != "" {
		header = "<s:Header>" + header + "</s:Header>"
	}
	return `<s:Envelope xmlns:s="` + soap11.namespace + `" xmlns:v="urn:kontor:license:v1">` + header + "<s:Body>" + body + "</s:Body></s:Envelope>"
}

// in12 turns a SOAP 1.1 envelope into one of 1.2.
func in12(envelope string) string {
	return strings.ReplaceAll(envelope, soap11.namespace, soap12.namespace)
}

// getLicenseBody is a body that the fakes answer.
const getLicenseBody = "<v:GetLicense><v:ticket>" + knownTicket + "</v:ticket></v:GetLicense>"

// createLicenseBody is a CreateLicense with something in front of the customer and something behind it.
func createLicenseBody(before, behind string) string {
	return `<v:CreateLicense><v:requestId>r-1</v:requestId><v:category>partner</v:category><v:product>AUR-SUITE</v:product>` +
		before + `<v:customer><v:name>Grace Hopper</v:name></v:customer>` + behind + `</v:CreateLicense>`
}

// fault is what a test wants to know of an answer; the zero fault is an answer that is none.
type fault struct {
	soapCode, code, field, message string
}

// faultIn reads an answer of either version. It fails the test when the answer is not well-formed or incomplete.
func faultIn(t testing.TB, w *httptest.ResponseRecorder) fault {
	t.Helper()
	d := etree.NewDocument()
	if err := d.ReadFromBytes(w.Body.Bytes()); err != nil {
		t.Fatalf("the answer is not well-formed: %v\n%s", err, w.Body)
	}
	e := d.FindElement("/Envelope/Body/Fault")
	if e == nil {
		return fault{}
	}
	code, sentence, detail := "faultcode", "faultstring", "detail"
	if e.NamespaceURI() == soap12.namespace {
		code, sentence, detail = "Code/Value", "Reason/Text", "Detail"
	}
	f := fault{soapCode: textAt(e, code), code: textAt(e, detail+"/fault/code"), field: textAt(e, detail+"/fault/field"), message: textAt(e, detail+"/fault/message")}
	if f.code == "" || f.message == "" || textAt(e, sentence) == "" || textAt(e, detail+"/fault/reference") == "" {
		t.Fatalf("the fault is incomplete:\n%s", w.Body)
	}
	if !bytes.Contains(w.Body.Bytes(), []byte(e.NamespaceURI())) {
		t.Fatalf("the fault has no namespace:\n%s", w.Body)
	}
	return f
}

// TestUpgradeIsOffered to who sends an envelope of another version: which ones are read, the best first, as SOAP 1.2 says it, part 1,
// 5.4.7 and, for answers in SOAP 1.1, appendix A.
func TestUpgradeIsOffered(t *testing.T) {
	const upgrade = `<u:Upgrade xmlns:u="http://www.w3.org/2003/05/soap-envelope">` +
		`<u:SupportedEnvelope xmlns:e="http://www.w3.org/2003/05/soap-envelope" qname="e:Envelope"/>` +
		`<u:SupportedEnvelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" qname="e:Envelope"/></u:Upgrade>`
	other := strings.ReplaceAll(soapEnvelope("", getLicenseBody), soap11.namespace, "urn:soap:3")
	for _, mediaType := range []string{soap11.mediaType, soap12.mediaType} {
		w := newFace(t, Config{}).ask(newRequest(mediaType, other))
		if got := faultIn(t, w); got.soapCode != "soap:VersionMismatch" || !strings.Contains(w.Body.String(), "<soap:Header>"+upgrade+"</soap:Header><soap:Body>") {
			t.Errorf("%s: got %s", mediaType, w.Body)
		}
		if w = newFace(t, Config{}).ask(newRequest(mediaType, "<x/")); strings.Contains(w.Body.String(), "Upgrade") {
			t.Errorf("%s: what is no XML gets %s", mediaType, w.Body)
		}
	}
}

func textAt(e *etree.Element, path string) string {
	if found := e.FindElement(path); found != nil {
		return found.Text()
	}
	return ""
}
