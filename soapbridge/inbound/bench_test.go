package inbound

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"
)

// BenchmarkEnvelope reads and answers a 2 KB CreateLicense without a database, with all checks on, beside the least
// that net/http and encoding/xml can do with the same request and the same answer: no limits, no namespaces, no
// schema, no credentials. "handler" leaves the network out, "loopback" has it in, with a connection for each
// processor. "alternating" asks the two in turn, so that a busy machine slows both alike, and reports how fast Kontor
// is at the median in units of the bare one; the target is 0.5.
func BenchmarkEnvelope(b *testing.B) {
	request := benchRequest(b)
	kontor, bare := newFace(b, Config{}), http.HandlerFunc(bareHandler)
	handlers := []struct {
		name    string
		handler http.Handler
	}{{"kontor", kontor}, {"bare", bare}}
	for _, h := range handlers {
		b.Run("handler/"+h.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				benchServe(b, h.handler, request)
			}
		})
	}
	b.Run("alternating", func(b *testing.B) {
		var ours, theirs []time.Duration
		for b.Loop() {
			begin := time.Now()
			benchServe(b, kontor, request)
			between := time.Now()
			benchServe(b, bare, request)
			ours, theirs = append(ours, between.Sub(begin)), append(theirs, time.Since(between))
		}
		b.ReportMetric(median(theirs).Seconds()/median(ours).Seconds(), "x-bare")
	})
	for _, h := range handlers {
		b.Run("loopback/"+h.name, func(b *testing.B) {
			server := httptest.NewServer(h.handler)
			defer server.Close()
			b.ReportAllocs()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					benchPost(b, server.URL+Path, request)
				}
			})
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "requests/s")
		})
	}
}

func median(times []time.Duration) time.Duration {
	slices.Sort(times)
	return times[len(times)/2]
}

func benchServe(b *testing.B, h http.Handler, request []byte) {
	r := httptest.NewRequest(http.MethodPost, Path, bytes.NewReader(request))
	r.RemoteAddr = "127.0.0.1:50000"
	r.Header.Set("Content-Type", soap11.mediaType)
	w := httptest.NewRecorder()
	if h.ServeHTTP(w, r); w.Code != http.StatusOK {
		b.Fatal(w.Body)
	}
}

func benchPost(b *testing.B, url string, request []byte) {
	answer, err := http.Post(url, soap11.mediaType, bytes.NewReader(request))
	if err != nil {
		b.Error(err)
		return
	}
	defer answer.Body.Close()
	if _, err := io.Copy(io.Discard, answer.Body); err != nil || answer.StatusCode != http.StatusOK {
		b.Error(answer.Status, err)
	}
}

// benchRequest is a CreateLicense of 2 KB with a UsernameToken.
func benchRequest(b *testing.B) []byte {
	var parameters strings.Builder
	for i := range 6 {
		fmt.Fprintf(&parameters, "\n      <v:parameter>\n        <v:name>seats%d</v:name>\n        <v:value>%d</v:value>\n      </v:parameter>", i, i)
	}
	body := createLicenseBody("<v:quantity>3</v:quantity>", "<v:parameters>"+parameters.String()+"</v:parameters>")
	envelope := soapEnvelope(securityHeader(usernameTokenXML(accountName, accountSecret, passwordText, "")), body)
	envelope = strings.Replace(envelope, "Grace Hopper", strings.Repeat("x", 2048-len(envelope)+len("Grace Hopper")), 1)
	if len(envelope) != 2048 {
		b.Fatalf("the request has %d bytes", len(envelope))
	}
	return []byte(envelope)
}

// bareHandler decodes and encodes what the benchmark sends, and nothing else.
func bareHandler(w http.ResponseWriter, r *http.Request) {
	var request struct {
		Body struct {
			Create struct {
				RequestID  string       `xml:"requestId"`
				Category   string       `xml:"category"`
				Product    string       `xml:"product"`
				Quantity   int          `xml:"quantity"`
				Customer   bareCustomer `xml:"customer"`
				Parameters []bareNamed  `xml:"parameters>parameter"`
			} `xml:"CreateLicense"`
		}
	}
	body, err := io.ReadAll(r.Body)
	if err == nil {
		err = xml.Unmarshal(body, &request)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	in, l := request.Body.Create, suiteLicense()
	var answer bareAnswer
	answer.Body.Response = bareResponse{OrderNumber: l.OrderNumber, Licenses: []bareLicense{{
		Ticket: l.Ticket, OrderNumber: l.OrderNumber, Group: l.GroupCode, Category: in.Category, Product: in.Product, ProductName: l.ProductName,
		Quantity: in.Quantity, State: "active", CreatedAt: "2026-11-21T09:30:00Z", ExpiresAt: "2027-11-20T23:00:00Z", Parameters: in.Parameters,
		Customer: in.Customer, DeliveryState: "none", LicenseFile: l.File, Subscription: bareSubscription{
			Type: "license", State: "active", PeriodStart: "2026-11-21", EndDate: "2027-11-20", CancelBy: "2027-10-21", NextEndDate: "2028-11-20",
			Periods: []barePeriod{{1, "2026-11-21", "2027-11-20"}},
		},
	}}}
	out, err := xml.Marshal(answer)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/xml")
	_, _ = w.Write(out)
}

type (
	bareNamed struct {
		Name  string `xml:"name"`
		Value string `xml:"value"`
	}
	bareCustomer struct {
		Name string `xml:"name"`
	}
	bareAnswer struct {
		XMLName xml.Name `xml:"http://schemas.xmlsoap.org/soap/envelope/ Envelope"`
		Body    struct {
			Response bareResponse `xml:"urn:kontor:license:v1 CreateLicenseResponse"`
		}
	}
	bareResponse struct {
		OrderNumber string        `xml:"orderNumber"`
		Replayed    bool          `xml:"replayed"`
		Licenses    []bareLicense `xml:"licenses>license"`
	}
	bareLicense struct {
		Ticket        string           `xml:"ticket"`
		OrderNumber   string           `xml:"orderNumber"`
		Group         string           `xml:"group"`
		Category      string           `xml:"category"`
		Product       string           `xml:"product"`
		ProductName   string           `xml:"productName"`
		Quantity      int              `xml:"quantity"`
		State         string           `xml:"state"`
		CreatedAt     string           `xml:"createdAt"`
		ExpiresAt     string           `xml:"expiresAt"`
		Parameters    []bareNamed      `xml:"parameters>parameter"`
		Customer      bareCustomer     `xml:"customer"`
		DeliveryState string           `xml:"deliveryState"`
		LicenseFile   string           `xml:"licenseFile"`
		Subscription  bareSubscription `xml:"subscription"`
	}
	bareSubscription struct {
		Type        string       `xml:"type"`
		State       string       `xml:"state"`
		PeriodStart string       `xml:"periodStart"`
		EndDate     string       `xml:"endDate"`
		CancelBy    string       `xml:"cancelBy"`
		NextEndDate string       `xml:"nextEndDate"`
		Periods     []barePeriod `xml:"periods>period"`
	}
	barePeriod struct {
		Number int    `xml:"number"`
		Start  string `xml:"start"`
		End    string `xml:"end"`
	}
)
