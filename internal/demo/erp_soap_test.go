package demo

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"

	"kontor/soapbridge/outbound/xmltree"
	"kontor/wsdl"
)

// goldenOrder is an order as Kontor sends it; the contract's two sides meet in these files.
const goldenOrder = "../../soapbridge/outbound/testdata/order_created.golden.xml"

func readGolden(t *testing.T) string {
	t.Helper()
	b, err := os.ReadFile(goldenOrder)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// site starts the ERP's web site.
func site(t *testing.T) (*ERP, string) {
	t.Helper()
	e := openERP(t, t.TempDir())
	srv := httptest.NewServer(e.Handler())
	t.Cleanup(func() { srv.Close(); closeERP(t, e) })
	return e, srv.URL
}

// call sends a SOAP request with the right password.
func call(t *testing.T, site, body string) (status int, answer string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, site+"/soap", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.SetBasicAuth(ERPUser, ERPPassword)
	return do(t, req)
}

func get(t *testing.T, address string) (status int, body string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	return do(t, req)
}

func do(t *testing.T, req *http.Request) (status int, body string) {
	t.Helper()
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(b)
}

func TestBookLicenseOrder(t *testing.T) {
	e, site := site(t)
	status, answer := call(t, site, readGolden(t))
	if status != http.StatusOK || !strings.Contains(answer, "<documentNumber>AB-700001</documentNumber>") {
		t.Fatalf("answered %d %s", status, answer)
	}
	checkAgainstSchema(t, e, answer)
	d := e.Documents()[0]
	if d.Kind != "orderCreated" || d.Customer.Company != "Brückner & Söhne <GmbH>" || len(d.Lines) != 2 ||
		len(d.Tickets) != 2 || d.Tickets[1] != "ZZZZZ-ZZZZZ-ZZZZZ-ZZZZZ-ZZZZW" || d.Data[0].Value != `NW-79002 "rush"` ||
		d.Licenses[0].Parameters[0] != (DocumentValue{"seats", "12"}) || d.Licenses[1].ExpiresAt != "2027-11-20T23:00:00Z" {
		t.Errorf("the document is %+v", d)
	}
}

// checkAgainstSchema checks what stands in the body of an answer.
func checkAgainstSchema(t *testing.T, e *ERP, answer string) {
	t.Helper()
	root, err := xmltree.Parse([]byte(answer), 16)
	if err != nil {
		t.Fatal(err)
	}
	element := xmltree.Child(root, soapNS, "Body").ChildElements()[0]
	if element.Tag == "Fault" {
		element = xmltree.Child(element, "", "detail").ChildElements()[0]
	}
	if err := e.contract.check(element); err != nil {
		t.Errorf("the answer breaks the contract: %v", err)
	}
}

func TestRefusalKeepsTheContract(t *testing.T) {
	e, site := site(t)
	status, answer := call(t, site, strings.Replace(readGolden(t), "<number>C-204<", "<number>BLOCKED<", 1))
	if status != http.StatusInternalServerError || !strings.Contains(answer, "<faultcode>soap:Client</faultcode>") {
		t.Fatalf("answered %d %s", status, answer)
	}
	checkAgainstSchema(t, e, answer)
}

func TestBadRequests(t *testing.T) {
	e, site := site(t)
	good := readGolden(t)
	without := func(element string) string {
		return regexp.MustCompile(`(?s)<`+element+`>.*?</`+element+`>`).ReplaceAllString(good, "")
	}
	for name, tt := range map[string]struct{ body, fault string }{
		"empty":             {"", "Client"},
		"not XML":           {"hello", "Client"},
		"DOCTYPE":           {`<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>` + good, "Client"},
		"nested deep":       {strings.Repeat("<a>", 10_000) + strings.Repeat("</a>", 10_000), "Client"},
		"17 MB":             {good + strings.Repeat(" ", 17<<20), "Client"},
		"no envelope":       {"<a/>", "Client"},
		"SOAP 1.2":          {strings.ReplaceAll(good, soapNS, "http://www.w3.org/2003/05/soap-envelope"), "VersionMismatch"},
		"header to heed":    {strings.Replace(good, "<soap:Body>", `<soap:Header><x soap:mustUnderstand="1"/></soap:Header><soap:Body>`, 1), "MustUnderstand"},
		"empty body":        {`<s:Envelope xmlns:s="` + soapNS + `"><s:Body/></s:Envelope>`, "Client"},
		"two in the body":   {strings.Replace(good, "<soap:Body>", "<soap:Body><x/>", 1), "Client"},
		"unknown operation": {strings.ReplaceAll(good, "BookLicenseOrder", "BookPizza"), "Client"},
		"wrong namespace":   {strings.ReplaceAll(good, erpNS, "urn:aurora:erp:v2"), "Client"},
		"response as such":  {strings.ReplaceAll(good, "BookLicenseOrder", "BookLicenseOrderResponse"), "Client"},
		"no message id":     {without("messageId"), "Client"},
		"no order number":   {without("orderNumber"), "Client"},
		"no customer":       {without("customer"), "Client"},
		"no lines":          {without("lines"), "Client"},
		"no licenses":       {without("licenses"), "Client"},
		"no ticket":         {without("ticket"), "Client"},
		"empty message id":  {strings.Replace(good, "01935a70-0000-7000-8000-000000000001", "", 1), "Client"},
		"quantity 0":        {strings.Replace(good, "<quantity>2<", "<quantity>0<", 1), "Client"},
		"unknown element":   {strings.Replace(good, "<test>", "<x/><test>", 1), "Client"},
		"another change":    {strings.Replace(good, ">created<", ">eaten<", 1), "Client"},
	} {
		t.Run(name, func(t *testing.T) {
			status, answer := call(t, site, tt.body)
			if status != http.StatusInternalServerError || !strings.Contains(answer, "<faultcode>soap:"+tt.fault+"</faultcode>") {
				t.Errorf("answered %d %s", status, answer)
			}
		})
	}
	if n := len(e.Documents()); n != 0 {
		t.Errorf("%d documents were booked", n)
	}
}

func TestCredentials(t *testing.T) {
	e, site := site(t)
	for _, tt := range []struct{ user, password string }{{"", ""}, {"kontor", "x"}, {"x", ERPPassword}, {ERPUser + "\x00", ERPPassword}} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, site+"/soap", strings.NewReader(readGolden(t)))
		if err != nil {
			t.Fatal(err)
		}
		if tt.user != "" {
			req.SetBasicAuth(tt.user, tt.password)
		}
		if status, _ := do(t, req); status != http.StatusUnauthorized {
			t.Errorf("%q with %q: %d", tt.user, tt.password, status)
		}
	}
	if n := len(e.Documents()); n != 0 {
		t.Errorf("%d documents were booked", n)
	}
}

func TestWSDL(t *testing.T) {
	e, site := site(t)
	for _, address := range []string{"/?wsdl", "/?WSDL", "/soap?wsdl"} {
		status, body := get(t, site+address)
		if status != http.StatusOK || !strings.Contains(body, `location="`+site+`/soap"`) || strings.Contains(body, contractAddress) {
			t.Errorf("GET %s: %d, without the address asked for", address, status)
		}
	}
	odd := e.contract.at(`http://a"/><&`)
	if _, err := xmltree.Parse(odd, 32); err != nil {
		t.Errorf("an odd address breaks the WSDL: %v", err)
	}
	if !strings.Contains(string(wsdl.DemoERP), contractAddress) {
		t.Error("the WSDL has no address to replace")
	}
}

func TestSwitchAndDocuments(t *testing.T) {
	_, site := site(t)
	if status, body := get(t, site+"/documents.json"); status != http.StatusOK || strings.TrimSpace(body) != "[]" {
		t.Errorf("no documents are %d %s", status, body)
	}
	post := func(path string) int {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, site+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		status, _ := do(t, req)
		return status
	}
	if status := post("/down"); status != http.StatusNoContent {
		t.Fatalf("POST /down: %d", status)
	}
	if status, body := call(t, site, readGolden(t)); status != http.StatusServiceUnavailable {
		t.Errorf("while down: %d %s", status, body)
	}
	if status := post("/up"); status != http.StatusNoContent {
		t.Fatalf("POST /up: %d", status)
	}
	if status, body := call(t, site, readGolden(t)); status != http.StatusOK {
		t.Errorf("after up: %d %s", status, body)
	}
	_, body := get(t, site+"/documents.json")
	var documents []struct {
		Number, OrderNumber, MessageID, Received, Kind string
		Tickets                                        []string
	}
	if err := json.Unmarshal([]byte(body), &documents); err != nil || len(documents) != 1 {
		t.Fatalf("%v: %s", err, body)
	}
	d := documents[0]
	if d.Number != "AB-700001" || d.OrderNumber != "K26-10001" || d.MessageID != "01935a70-0000-7000-8000-000000000001" ||
		d.Received == "" || d.Kind != "orderCreated" || len(d.Tickets) != 2 {
		t.Errorf("the document is %+v", d)
	}
}

// The schema that requests are checked by is the one that the WSDL hands out.
func TestContractIsReadable(t *testing.T) {
	c, err := readContract(wsdl.DemoERP)
	if err != nil {
		t.Fatal(err)
	}
	root, err := xmltree.Parse([]byte(`<refusal xmlns="urn:aurora:erp:v1"><code>a</code></refusal>`), 8)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.check(root); err == nil || !strings.HasPrefix(err.Error(), "/refusal: ") {
		t.Errorf("a refusal without a message: %v", err)
	}
	if err := c.schema.Validate(context.Background(), strings.NewReader(`<x/>`)); err == nil {
		t.Error("an unknown element satisfies the schema")
	}
	for _, definition := range []string{"", "<a/>", `<definitions xmlns="` + wsdlNS + `"/>`, `<definitions xmlns="` + wsdlNS + `"><types/></definitions>`} {
		if _, err := readContract([]byte(definition)); err == nil {
			t.Errorf("%q was taken for a WSDL", definition)
		}
	}
}
