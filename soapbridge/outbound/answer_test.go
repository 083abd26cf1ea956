package outbound

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"kontor/internal/licensing"
)

// envelopeOf wraps the content of a body.
func envelopeOf(body string) string {
	return `<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="` + soap11 + `"><s:Body>` + body + `</s:Body></s:Envelope>`
}

// faultOf is a SOAP 1.1 fault; detail may be empty.
func faultOf(code, text, detail string) string {
	return envelopeOf(`<s:Fault><faultcode>` + code + `</faultcode><faultstring>` + text + `</faultstring>` + detail + `</s:Fault>`)
}

// accepted is a response with a document number.
func accepted(number string) string {
	return envelopeOf(`<BookLicenseOrderResponse xmlns="urn:aurora:erp:v1"><documentNumber>` + number +
		`</documentNumber><received>2026-11-21T14:32:00Z</received></BookLicenseOrderResponse>`)
}

const refusal = `<detail><refusal xmlns="urn:aurora:erp:v1"><code>currency</code><message>The books are kept in EUR.</message></refusal></detail>`

// answers are answers of every kind; the fuzzer starts from them.
var answers = []struct {
	name   string
	status int
	body   string
	want   licensing.Answer
	err    string // what the sentence for a person holds; empty: no error
}{
	{"accepted", 200, accepted("AB-700001"), licensing.Answer{Accepted: true, Number: "AB-700001"}, ""},
	{"accepted, prefixes and blanks", 200, envelopeOf(`<e:BookLicenseOrderResponse xmlns:e="urn:aurora:erp:v1"><e:documentNumber>
		AB-700001 </e:documentNumber></e:BookLicenseOrderResponse>`), licensing.Answer{Accepted: true, Number: "AB-700001"}, ""},
	{"accepted, with a header", 200, strings.Replace(accepted("AB-1"), "<s:Body>", "<s:Header><x/></s:Header><s:Body>", 1), licensing.Answer{Accepted: true, Number: "AB-1"}, ""},

	{"refused", 500, faultOf("s:Client", "Refused.", refusal), licensing.Answer{Text: "The books are kept in EUR."}, ""},
	{"refused, status 200", 200, faultOf("s:Client", "Refused.", refusal), licensing.Answer{Text: "The books are kept in EUR."}, ""},
	{"refused, code refined", 500, faultOf("s:Client.Currency", "Refused.", refusal), licensing.Answer{Text: "The books are kept in EUR."}, ""},
	{"refused, no detail", 500, faultOf("s:Client", "The request breaks the schema.", ""), licensing.Answer{Text: "The request breaks the schema."}, ""},
	{"refused, foreign detail", 500, faultOf("s:Client", "Closed period.", "<detail><x/></detail>"), licensing.Answer{Text: "Closed period."}, ""},
	{"refused, no words", 500, faultOf("s:Client", "", ""), licensing.Answer{Text: "It gave no reason."}, ""},

	{"fault of its own", 500, faultOf("s:Server", "Out of disk.", ""), licensing.Answer{}, "has a fault of its own: Out of disk."},
	{"a code that only begins alike", 500, faultOf("s:Clientele", "Eh.", ""), licensing.Answer{}, "has a fault of its own: Eh."},
	{"down", 503, "Closed.", licensing.Answer{}, "is down: it answered 503."},
	{"down, empty", 502, "", licensing.Answer{}, "is down: it answered 502."},
	{"accepted, but status 500", 500, accepted("AB-1"), licensing.Answer{}, "is down: it answered 500."},
	{"wrong password", 401, faultOf("s:Client", "Who are you?", ""), licensing.Answer{}, "does not accept Kontor's user name and password"},
	{"redirect", 302, "", licensing.Answer{}, "answered 302"},
	{"not there", 404, "<html>", licensing.Answer{}, "answered 404"},
	{"HTML", 200, "<html><body>Welcome</body></html>", licensing.Answer{}, "cannot be understood"},
	{"empty", 200, "", licensing.Answer{}, "cannot be understood"},
	{"cut off", 200, accepted("AB-1")[:150], licensing.Answer{}, "cannot be understood"},
	{"DOCTYPE", 200, `<!DOCTYPE x [<!ENTITY a "b">]>` + strings.TrimPrefix(accepted("AB-1"), `<?xml version="1.0" encoding="UTF-8"?>`), licensing.Answer{}, "DOCTYPE"},
	{"nested deep", 200, envelopeOf(strings.Repeat("<a>", 10_000) + strings.Repeat("</a>", 10_000)), licensing.Answer{}, "nested more than 64 deep"},
	{"two roots", 200, "<a/><b/>", licensing.Answer{}, "one root"},
	{"another charset", 200, strings.Replace(accepted("AB-1"), "UTF-8", "UTF-7", 1), licensing.Answer{}, "charset"},
	{"SOAP 1.2", 200, strings.Replace(accepted("AB-1"), soap11, "http://www.w3.org/2003/05/soap-envelope", 1), licensing.Answer{}, "no SOAP 1.1 envelope"},
	{"no body", 200, `<s:Envelope xmlns:s="` + soap11 + `"/>`, licensing.Answer{}, "no body"},
	{"empty body", 200, envelopeOf(""), licensing.Answer{}, "0 elements"},
	{"two bodies' worth", 200, envelopeOf("<a/><b/>"), licensing.Answer{}, "2 elements"},
	{"response to something else", 200, strings.ReplaceAll(accepted("AB-1"), "BookLicenseOrder", "BookSubscriptionChange"), licensing.Answer{}, "without a document number"},
	{"another namespace", 200, strings.Replace(accepted("AB-1"), "urn:aurora:erp:v1", "urn:aurora:erp:v2", 1), licensing.Answer{}, "without a document number"},
	{"no number", 200, accepted(""), licensing.Answer{}, "without a document number"},
	{"endless number", 200, accepted(strings.Repeat("9", 256)), licensing.Answer{}, "without a document number"},
	{"number on two lines", 200, accepted("AB\n1"), licensing.Answer{}, "without a document number"},
}

func TestRead(t *testing.T) {
	e := &ERP{endpoint: endpoint{name: "Aurora ERP"}}
	for _, tt := range answers {
		t.Run(tt.name, func(t *testing.T) {
			got, err := e.read("BookLicenseOrder", tt.status, []byte(tt.body))
			if tt.err == "" {
				if got != tt.want || err != nil {
					t.Fatalf("got %+v, %v; want %+v", got, err, tt.want)
				}
				return
			}
			mustBeUnavailable(t, err, tt.err)
		})
	}
}

// mustBeUnavailable checks that an error leaves open what happened, and tells a person what is given.
func mustBeUnavailable(t *testing.T, err error, tells string) {
	t.Helper()
	var e *licensing.Error
	if !errors.As(err, &e) || e.Kind != licensing.Unavailable || !strings.HasPrefix(e.Message, "Aurora ERP ") && !strings.HasPrefix(e.Message, "Kontor ") {
		t.Fatalf("got %v, want an unavailable one about Aurora ERP", err)
	}
	if !strings.Contains(e.Message, tells) || !strings.HasSuffix(e.Message, ".") {
		t.Errorf("the sentence is %q, want one with %q", e.Message, tells)
	}
}

func TestWhatWasSaidIsKept(t *testing.T) {
	e := &ERP{endpoint: endpoint{name: "Aurora ERP"}}
	_, err := e.read("BookLicenseOrder", 503, []byte("<h1>Closed\x00\x1b[31m\r\n until\xff Monday</h1>"+strings.Repeat("ä", 5000)))
	if err == nil || !strings.Contains(err.Error(), "<h1>Closed[31m until Monday</h1>äää") {
		t.Errorf("got %v", err)
	}
	if n := len(err.Error()); n > maxSaid+100 {
		t.Errorf("the error has %d bytes", n)
	}
}

// No answer, however malformed, is taken for an acceptance without a fit document number, and none breaks the reader.
func FuzzRead(f *testing.F) {
	for _, tt := range answers {
		f.Add(tt.status, []byte(tt.body))
	}
	e := &ERP{endpoint: endpoint{name: "Aurora ERP"}}
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		a, err := e.read("BookLicenseOrder", status, body)
		if err != nil {
			var le *licensing.Error
			if a != (licensing.Answer{}) || !errors.As(err, &le) || le.Kind != licensing.Unavailable {
				t.Fatalf("got %+v with %v", a, err)
			}
			return
		}
		if !utf8.ValidString(a.Number+a.Text) || len(a.Text) > maxSaid {
			t.Fatalf("not fit for a page: %+v", a)
		}
		if a.Accepted && (status < 200 || status > 299 || a.Number == "" || len([]rune(a.Number)) > maxNumber) {
			t.Fatalf("status %d accepted as %q", status, a.Number)
		}
		if !a.Accepted && a.Text == "" {
			t.Fatal("refused without a word")
		}
	})
}
