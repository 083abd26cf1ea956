package inbound

import (
	"bytes"
	"compress/gzip"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kontor/internal/licensing"
	"kontor/internal/ordering"
)

func errorOf(code licensing.Code) error {
	return fmt.Errorf("wrapped: %w", &licensing.Error{Kind: licensing.Kind(code), Code: code, Message: "A sentence."})
}

// TestDecode holds what the use case gets against what was sent: above all, what was left out.
func TestDecode(t *testing.T) {
	f := newFace(t, Config{})
	f.ask(newRequest(soap11.mediaType, soapEnvelope("", createLicenseBody("", ""))))
	want := ordering.CreateLicense{Category: "partner", Product: "AUR-SUITE", Customer: licensing.Customer{Name: "Grace Hopper"}}
	if diff := cmp.Diff(want, f.ordering.last); diff != "" {
		t.Errorf("the least (-want +got):\n%s", diff)
	}
	f.ask(newRequest(soap11.mediaType, string(readFile(t, "testdata/golden/create-license.11.request.xml"))))
	want = ordering.CreateLicense{
		Group: "northwind", Category: "partner", Product: "AUR-SUITE", Quantity: new(3),
		Customer:   licensing.Customer{Number: "C-7", Name: "Zoë <Müller> & Söhne", Company: "M&S", Email: "zoe@example.com", Country: "DE", Language: "de"},
		Parameters: []licensing.Value{{Name: "seats", Value: "5"}}, DataFields: []licensing.Value{{Name: "external-order", Value: "4711"}},
		StartDate: mustDay("2026-11-21"), EndDate: mustDay("2027-11-20"),
	}
	if diff := cmp.Diff(want, f.ordering.last); diff != "" {
		t.Errorf("everything (-want +got):\n%s", diff)
	}
	body := createLicenseBody("<v:quantity>0</v:quantity><v:orderNumber>K26-10001</v:orderNumber>", "<v:separateTickets> 1 </v:separateTickets><v:test>true</v:test>")
	if got := faultIn(t, f.ask(newRequest(soap11.mediaType, soapEnvelope("", strings.Replace(body, "r-1", "r-2", 1))))); got.field != "quantity" {
		t.Errorf("quantity 0: got %+v", got)
	}
	if q := f.ordering.last.Quantity; q == nil || *q != 0 || f.ordering.last.OrderNumber != "K26-10001" || !f.ordering.last.Separate || !f.ordering.last.Test {
		t.Errorf("got %+v", f.ordering.last)
	}
}

func TestReplayIsSaid(t *testing.T) {
	f := newFace(t, Config{})
	for _, want := range []string{"<replayed>false</replayed>", "<replayed>true</replayed>"} {
		w := f.ask(newRequest(soap11.mediaType, soapEnvelope("", createLicenseBody("", ""))))
		if !strings.Contains(w.Body.String(), want) {
			t.Errorf("want %s in %s", want, w.Body)
		}
	}
}

// TestTextSurvives sends texts through and looks for them in the answer: nothing in them is markup.
func TestTextSurvives(t *testing.T) {
	for _, text := range []string{"<script>alert('x')</script>", `"&'<>]]>`, "tab\tand\nline", "return\rhere", " blanks ", "𝄞 Ü 漢字", "&amp;lt;"} {
		f := newFace(t, Config{})
		var escaped bytes.Buffer
		if err := xml.EscapeText(&escaped, []byte(text)); err != nil {
			t.Fatal(err)
		}
		body := strings.Replace(createLicenseBody("", ""), "Grace Hopper", escaped.String(), 1)
		w := f.ask(newRequest(soap11.mediaType, soapEnvelope("", body)))
		root, err := parse(w.Body.Bytes())
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		got := root.children[0].children[0].child("licenses").child("license").child("customer").string("name")
		if f.ordering.last.Customer.Name != text || got != text {
			t.Errorf("sent %q, the use case got %q, the answer says %q", text, f.ordering.last.Customer.Name, got)
		}
	}
}

// TestTextThatXMLCannotCarry comes out of the store, however it got there.
func TestTextThatXMLCannotCarry(t *testing.T) {
	f := newFace(t, Config{})
	f.ordering.fails = licensing.InvalidRequest("a\x00b", "It is \x07, \ufffe or \xff.")
	if got := faultIn(t, f.ask(newRequest(soap11.mediaType, soapEnvelope("", getLicenseBody)))); got.message != "It is \ufffd, \ufffd or \ufffd." {
		t.Errorf("got %+v", got)
	}
}

// TestInternalErrorsShowNothing looks for the reference of the fault in the log, and for the cause in the log only.
func TestInternalErrorsShowNothing(t *testing.T) {
	breaks := map[string]func(*fakeOrdering){
		"unknown error": func(o *fakeOrdering) { o.fails = errors.New("the roof is on fire") },
		"internal error": func(o *fakeOrdering) {
			o.fails = &licensing.Error{Kind: licensing.Internal, Code: licensing.CodeInternal, Message: "The roof is on fire.", Field: "roof"}
		},
		"unknown code": func(o *fakeOrdering) { o.fails = &licensing.Error{Code: "roofBurns", Message: "The roof is on fire."} },
		"panic":        func(o *fakeOrdering) { o.panics = true },
	}
	for name, breakIt := range breaks {
		t.Run(name, func(t *testing.T) {
			var log bytes.Buffer
			f := newFace(t, Config{Log: slog.New(slog.NewTextHandler(&log, nil))})
			breakIt(f.ordering)
			w := f.ask(newRequest(soap12.mediaType, in12(soapEnvelope("", createLicenseBody("", "")))))
			if got := faultIn(t, w); got.code != "internal" || got.field != "" || got.soapCode != "soap:Receiver" {
				t.Errorf("got %+v", got)
			}
			if strings.Contains(w.Body.String(), "fire") || strings.Contains(w.Body.String(), "roof") {
				t.Errorf("the cause is shown: %s", w.Body)
			}
			shown := strings.NewReplacer("<reference>", "", "</reference>", "").Replace(reference.FindString(w.Body.String()))
			if len(shown) != 12 || !strings.Contains(log.String(), shown) || !strings.Contains(strings.ToLower(log.String()), "roof") {
				t.Errorf("reference %s, log %s", shown, log.String())
			}
		})
	}
}

func TestMediaType(t *testing.T) {
	valid := soapEnvelope("", getLicenseBody)
	tests := []struct {
		contentType, encoding, envelope, says string
		answered                              string
	}{
		{`text/xml; charset="utf-8"`, "", valid, "", soap11.mediaType},
		{"text/xml", "identity", valid, "", soap11.mediaType},
		{`application/soap+xml; charset=UTF-8; action="urn:kontor:license:v1/GetLicense"`, "", in12(valid), "", soap12.mediaType},
		{"text/xml", "", in12(valid), "", soap12.mediaType},
		{"application/soap+xml", "", valid, "", soap11.mediaType},
		{"application/soap+xml; charset=utf-8; action=urn:kontor:license:v1/GetLicense", "", in12(valid), "", soap12.mediaType},
		{"application/soap+xml;ACTION=urn:kontor:license:v1/GetLicense ; charset=utf-8", "", in12(valid), "", soap12.mediaType},
		{"application/soap+xml; action=urn:kontor:license:v1/ListOffers", "", in12(valid), "of the operation GetLicense", soap12.mediaType},
		{"application/soap+xml; action=urn:kontor:license:v1/GetLicense; action=x", "", in12(valid), "parameters of the Content-Type", soap12.mediaType},
		{`application/soap+xml; charset="utf-8; action=a:b"`, "", in12(valid), "UTF-8, UTF-16", soap12.mediaType},
		{`application/soap+xml; charset="utf-8; action=a:b`, "", in12(valid), "parameters of the Content-Type", soap12.mediaType},
		{"application/soap+xml; charset=utf:8", "", in12(valid), "parameters of the Content-Type", soap12.mediaType},
		{"Text/XML; charset", "", valid, "parameters of the Content-Type", soap11.mediaType},
		{"application/json; charset", "", valid, "Send a Content-Type", soap11.mediaType},
		{"", "", valid, "Content-Type", soap11.mediaType},
		{"application/json", "", valid, "Content-Type", soap11.mediaType},
		{"multipart/form-data; boundary=x", "", valid, "Content-Type", soap11.mediaType},
		{"text/xml; charset=koi8-r", "", valid, "UTF-8", soap11.mediaType},
		{"application/soap+xml; charset=big5", "", valid, "UTF-8", soap12.mediaType},
		{"text/xml", "gzip", zipped(valid), "", soap11.mediaType},
		{"text/xml", "GZIP", zipped(valid), "", soap11.mediaType},
		{"text/xml", "gzip", valid, "The Content-Encoding says gzip", soap11.mediaType},
		{"text/xml", "gzip", "", "The Content-Encoding says gzip", soap11.mediaType},
		{"text/xml", "gzip", zipped(valid)[:10] + "\xff\xff", "The Content-Encoding says gzip", soap11.mediaType},
		{"text/xml", "gzip", zipped(valid)[:90], "The Content-Encoding says gzip", soap11.mediaType},
		{"text/xml", "gzip", zipped(strings.Repeat("<", 1<<26)), "1 MB", soap11.mediaType},
		{"text/xml", "gzip", zipped(valid[:100]) + zipped(valid[100:]), "one member", soap11.mediaType},
		{"text/xml", "gzip", zipped(valid) + "\x00", "one member", soap11.mediaType},
		{"text/xml", "gzip", zipped(valid) + strings.Repeat("x", maxBody), "1 MB", soap11.mediaType},
		{"text/xml", "deflate", valid, "Content-Encoding", soap11.mediaType},
		{"text/xml", "gzip, gzip", zipped(zipped(valid)), "Content-Encoding", soap11.mediaType},
	}
	for _, tt := range tests {
		t.Run(tt.contentType+tt.encoding, func(t *testing.T) {
			r := newRequest(tt.contentType, tt.envelope)
			r.Header.Set("Content-Encoding", tt.encoding)
			w := newFace(t, Config{}).ask(r)
			if got := faultIn(t, w); !strings.Contains(got.message, tt.says) || (got.code == "") != (tt.says == "") {
				t.Errorf("got %+v, want a message with %q", got, tt.says)
			}
			if got := w.Header().Get("Content-Type"); !strings.HasPrefix(got, tt.answered) {
				t.Errorf("answered as %q, want %q", got, tt.answered)
			}
		})
	}
}

// TestHeadersTwice sends headers of HTTP twice that say what a message is or who sends it: others on the way may have gone by the
// other one.
func TestHeadersTwice(t *testing.T) {
	for name, values := range map[string][2]string{
		"SOAPAction":       {"urn:kontor:license:v1/GetLicense", "urn:kontor:license:v1/CreateLicense"},
		"Content-Type":     {"text/xml", "text/xml; charset=utf-16"},
		"Content-Encoding": {"", "gzip"},
		"Authorization":    {"Basic ZXJwQGF1cm9yYS5leGFtcGxlOmtvbnRvci1kZW1v", "Basic eDp5"},
	} {
		f := newFace(t, Config{})
		r := newRequest(soap11.mediaType, soapEnvelope("", getLicenseBody))
		r.Header[http.CanonicalHeaderKey(name)] = values[:1]
		if got := faultIn(t, f.ask(r)); got != (fault{}) {
			t.Errorf("one %s: got %+v", name, got)
		}
		f.access.remote = ""
		r = newRequest(soap11.mediaType, soapEnvelope("", getLicenseBody))
		r.Header[http.CanonicalHeaderKey(name)] = values[:]
		if got := faultIn(t, f.ask(r)); got.code != "invalidRequest" || !strings.Contains(got.message, "one "+name) || f.access.remote != "" {
			t.Errorf("two %s: got %+v", name, got)
		}
	}
}

func zipped(text string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write([]byte(text)) // a buffer takes everything
	_ = z.Close()
	return b.String()
}

// TestZippedAnswers are for those who understand them, when they are long enough to gain by it.
func TestZippedAnswers(t *testing.T) {
	for _, c := range []struct {
		accepts, request string
		zipped           bool
	}{
		{"", getLicenseBody, false},
		{"gzip", getLicenseBody, true},
		{"deflate, GZIP;q=0.5", getLicenseBody, true},
		{"*", getLicenseBody, false},
		{"gzip;q=0", getLicenseBody, false},
		{"gzip; q=0.000", getLicenseBody, false},
		{"gzip", "<v:GetLicense/>", false}, // a fault, and short
	} {
		r := newRequest(soap11.mediaType, soapEnvelope("", c.request))
		r.Header.Set("Accept-Encoding", c.accepts)
		w := newFace(t, Config{}).ask(r)
		if got := w.Header().Get("Content-Encoding") == "gzip"; got != c.zipped || w.Header().Get("Vary") != "Accept-Encoding" {
			t.Errorf("%q: zipped %v, Vary %q", c.accepts, got, w.Header().Get("Vary"))
		}
		if c.zipped {
			unzipped, err := gzip.NewReader(w.Body)
			if err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(unzipped)
			if err != nil || !strings.Contains(string(body), knownTicket) {
				t.Errorf("%q: %s, %v", c.accepts, body, err)
			}
		}
	}
}

// TestContractIsKept by who has it: its ETag is of what it says, the address included.
func TestContractIsKept(t *testing.T) {
	tags := map[string]bool{}
	for _, public := range []string{"https://licenses.example.com", "https://other.example.com"} {
		f := newFace(t, Config{PublicURL: public})
		for _, query := range []string{"?wsdl", "?wsdl12"} {
			r := httptest.NewRequest(http.MethodGet, Path+query, http.NoBody)
			w := f.ask(r)
			tag := w.Header().Get("ETag")
			if w.Code != http.StatusOK || tag == "" || tags[tag] || !strings.Contains(w.Body.String(), public) {
				t.Errorf("%s%s: status %d, ETag %q", public, query, w.Code, tag)
			}
			tags[tag] = true
			r.Header.Set("If-None-Match", tag)
			if w = f.ask(r); w.Code != http.StatusNotModified || w.Body.Len() > 0 {
				t.Errorf("%s%s: status %d again", public, query, w.Code)
			}
		}
	}
}

// TestContractByItsKey: clients write the query in many ways.
func TestContractByItsKey(t *testing.T) {
	f := newFace(t, Config{})
	for query, want := range map[string]string{
		"?wsdl": "/wsdl/soap/", "?WSDL": "/wsdl/soap/", "?wsdl=": "/wsdl/soap/", "?wsdl=1": "/wsdl/soap/", "?wsdl&x=1": "/wsdl/soap/", "?x=1&Wsdl": "/wsdl/soap/",
		"?wsdl12": "/wsdl/soap12/", "?wsdl12=x": "/wsdl/soap12/", "?a;b&wsdl12": "/wsdl/soap12/",
		"": "", "?x=wsdl": "", "?wsdl2": "", "?xwsdl": "",
	} {
		w := f.ask(httptest.NewRequest(http.MethodGet, Path+query, http.NoBody))
		if contract := strings.HasPrefix(w.Header().Get("Content-Type"), "text/xml"); contract != (want != "") || !strings.Contains(w.Body.String(), want) {
			t.Errorf("%q: got %.200s", query, w.Body)
		}
	}
}

// TestSlowBody sends half an envelope over a real connection, and then nothing.
func TestSlowBody(t *testing.T) {
	server := httptest.NewServer(newFace(t, Config{BodyTimeout: 50 * time.Millisecond}))
	defer server.Close()
	connection, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close()
	if err := connection.SetDeadline(time.Now().Add(20 * time.Second)); err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(connection, "POST %s HTTP/1.1\r\nHost: x\r\nContent-Type: text/xml\r\nContent-Length: 1000\r\n\r\n<s:Envelope", Path)
	answer, err := io.ReadAll(connection)
	if err != nil {
		t.Fatalf("the server waits on: %v", err)
	}
	if !strings.Contains(string(answer), "too long to arrive") {
		t.Errorf("got %s", answer)
	}
}

// TestTooMuchIsAnswered sends 2 MB over a real connection; the caller must be able to read why it was refused.
func TestTooMuchIsAnswered(t *testing.T) {
	server := httptest.NewServer(newFace(t, Config{}))
	defer server.Close()
	answer, err := http.Post(server.URL+Path, "text/xml", strings.NewReader(strings.Repeat("x", 2<<20)))
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil || !strings.Contains(string(body), "tooLarge") {
		t.Errorf("%v: %s", err, body)
	}
}

// TestTooMuchIsNotWaitedFor announces an envelope that is too large, and waits for leave to send it.
func TestTooMuchIsNotWaitedFor(t *testing.T) {
	server := httptest.NewServer(newFace(t, Config{}))
	defer server.Close()
	for length, says := range map[int]string{maxBody + 1: "tooLarge", maxBody: "100 Continue"} {
		connection, err := net.Dial("tcp", server.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer connection.Close()
		if err := connection.SetDeadline(time.Now().Add(20 * time.Second)); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(connection, "POST %s HTTP/1.1\r\nHost: x\r\nContent-Type: text/xml\r\nExpect: 100-Continue\r\nContent-Length: %d\r\n\r\n", Path, length)
		var answer []byte
		for err = nil; err == nil && !strings.Contains(string(answer), says); {
			part := make([]byte, 4096)
			var n int
			n, err = connection.Read(part)
			answer = append(answer, part[:n]...)
		}
		if !strings.Contains(string(answer), says) || says == "tooLarge" && strings.Contains(string(answer), "100 Continue") {
			t.Errorf("%d bytes: got %s, want %s", length, answer, says)
		}
	}
}

// TestZippedBodyIsBounded sends zips of little or nothing that are long as they are sent. Of each, no more than the limit is read,
// and what is thrown away.
func TestZippedBodyIsBounded(t *testing.T) {
	stored := "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff" // the head of a member, and below blocks of nothing in it
	for what, body := range map[string]string{
		"empty members":   strings.Repeat(zipped(""), 3_000_000),
		"empty blocks":    stored + strings.Repeat("\x00\x00\x00\xff\xff", 4_000_000),
		"behind a member": zipped(soapEnvelope("", getLicenseBody)) + strings.Repeat(" ", 20<<20),
	} {
		t.Run(what, func(t *testing.T) {
			r := newRequest(soap11.mediaType, "")
			r.Header.Set("Content-Encoding", "gzip")
			rest := strings.NewReader(body)
			r.Body = io.NopCloser(rest)
			f := newFace(t, Config{})
			if got := faultIn(t, f.ask(r)); got.code != "tooLarge" || !strings.Contains(got.message, "1 MB") {
				t.Errorf("got %+v", got)
			}
			if read := len(body) - rest.Len(); read > maxBody+1+maxDiscard {
				t.Errorf("%d bytes were read of %d", read, len(body))
			}
			if f.access.remote != "" {
				t.Error("a use case was called")
			}
		})
	}
}

// TestConcurrently runs every golden request many times at once, for the race detector, and compares the answers.
func TestConcurrently(t *testing.T) {
	f := newFace(t, Config{})
	for _, request := range goldenRequests(t) { // so that every create is a replay below
		f.ask(newRequest(soap11.mediaType, request))
	}
	var all sync.WaitGroup
	for file, request := range goldenRequests(t) {
		want := reference.ReplaceAllString(f.ask(newRequest(soap11.mediaType, request)).Body.String(), "")
		for range 20 {
			all.Go(func() {
				if got := reference.ReplaceAllString(f.ask(newRequest(soap11.mediaType, request)).Body.String(), ""); got != want {
					t.Errorf("%s: got %s, want %s", file, got, want)
				}
			})
		}
	}
	all.Wait()
}
