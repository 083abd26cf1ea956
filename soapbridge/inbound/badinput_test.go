package inbound

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
)

// TestBadInput sends what no caller should. Each gets a fault that says what is wrong, and no use case is called.
func TestBadInput(t *testing.T) {
	deep := strings.Repeat("<a>", 10_000) + strings.Repeat("</a>", 10_000)
	wide := strings.Repeat("<v:x/>", maxElements+1)
	declared := "<?xml version='1.0' encoding='UTF-8'?>"
	valid := soapEnvelope("", createLicenseBody("", ""))
	withBody := func(before, behind string) string { return soapEnvelope("", createLicenseBody(before, behind)) }
	tests := []struct {
		name, envelope, code, field, says string
	}{
		{"nothing", "", "invalidRequest", "", "empty"},
		{"no XML", "quantity=3", "invalidRequest", "", "not well-formed"},
		{"cut off", valid[:len(valid)-20], "invalidRequest", "", "not well-formed"},
		{"2 MB", strings.Replace(valid, "Grace", strings.Repeat("x", 2<<20), 1), "tooLarge", "", "1 MB"},
		{"DOCTYPE", `<!DOCTYPE s:Envelope [<!ENTITY lol "lol">]>` + valid, "invalidRequest", "", "DOCTYPE"},
		{"entity", withBody("<v:quantity>&lol;</v:quantity>", ""), "invalidRequest", "", "not well-formed"},
		{"processing instruction", `<?xml-stylesheet href="http://127.0.0.1/x"?>` + valid, "invalidRequest", "", "processing instructions"},
		{"declaration inside", strings.Replace(valid, "<s:Body>", declared+"<s:Body>", 1), "invalidRequest", "", "processing instructions"},
		{"other charset", strings.Replace(declared, "UTF-8", "EBCDIC-CP-US", 1) + valid, "invalidRequest", "", "Windows-1252"},
		{"UTF-16 that is cut off", "\xff\xfe<\x00s\x00", "invalidRequest", "", "not well-formed"},
		{"no UTF-8", strings.Replace(valid, "Grace", "\xe9", 1), "invalidRequest", "", "not well-formed"},
		{"control character", strings.Replace(valid, "Grace", "\x07", 1), "invalidRequest", "", "not well-formed"},
		{"control character by number", strings.Replace(valid, "Grace", "&#7;", 1), "invalidRequest", "", "not well-formed"},
		{"depth 10,000", deep, "invalidRequest", "", "nested too deeply"},
		{"depth 10,000 in a value", withBody("<v:quantity>"+deep+"</v:quantity>", ""), "invalidRequest", "", "nested too deeply"},
		{"20,001 elements", soapEnvelope("", wide), "invalidRequest", "", "too many elements"},
		{"33 attributes", strings.Replace(valid, "<s:Body", "<s:Body"+attributes(33), 1), "invalidRequest", "", "too many attributes"},
		{"attribute twice", strings.Replace(valid, "<s:Body", "<s:Body a='1' a='2'", 1), "invalidRequest", "", "twice"},
		{"attribute twice by two prefixes", strings.Replace(valid, "<s:Body", "<s:Body xmlns:x='u' xmlns:y='u' x:a='1' y:a='2'", 1), "invalidRequest", "", "twice"},
		{"long name", soapEnvelope("", "<"+strings.Repeat("n", 300)+"/>"), "invalidRequest", "", "too long"},
		{"undeclared prefix", soapEnvelope("", "<w:GetLicense/>"), "invalidRequest", "", "not declared"},
		{"two roots", valid + valid, "invalidRequest", "", "second root"},
		{"text outside", valid + "x", "invalidRequest", "", "text outside"},
		{"wrong end", "<s:Envelope xmlns:s='" + soap11.namespace + "'><s:Body></s:Envelope>", "invalidRequest", "", "ends"},
		{"unknown envelope", strings.ReplaceAll(valid, soap11.namespace, "urn:soap:3"), "invalidRequest", "Envelope", "SOAP 1.1"},
		{"no envelope", "<CreateLicense xmlns='urn:kontor:license:v1'/>", "invalidRequest", "Envelope", "SOAP 1.1"},
		{"no body", "<s:Envelope xmlns:s='" + soap11.namespace + "'/>", "invalidRequest", "Body", "a Body"},
		{"two bodies", strings.Replace(valid, "</s:Envelope>", "<s:Body>"+getLicenseBody+"</s:Body></s:Envelope>", 1), "invalidRequest", "Body", "one Body"},
		{"header after body", strings.Replace(valid, "</s:Envelope>", "<s:Header/></s:Envelope>", 1), "invalidRequest", "Header", "Nothing follows"},
		{"empty body", soapEnvelope("", ""), "invalidRequest", "Body", "there are 0"},
		{"two operations", soapEnvelope("", getLicenseBody+getLicenseBody), "invalidRequest", "Body", "there are 2"},
		{"text in the body", soapEnvelope("", getLicenseBody+"x"), "invalidRequest", "Body", "text"},
		{"unknown operation", soapEnvelope("", "<v:DropLicense/>"), "invalidRequest", "DropLicense", "CancelSubscription, CreateLicense, CreateOrder, FindLicenses, GetLicense, GetOrder, GetSubscription, ListChanges, ListOffers"},
		{"operation in the wrong namespace", soapEnvelope("", "<CreateLicense/>"), "invalidRequest", "CreateLicense", "urn:kontor:license:v1"},
		{"element in the wrong namespace", withBody("<quantity>3</quantity>", ""), "invalidRequest", "quantity", "namespace"},
		{"unknown element", withBody("", "<v:discount>100</v:discount>"), "invalidRequest", "discount", "requestId, group, category"},
		{"unknown element in the customer", strings.Replace(valid, "</v:customer>", "<v:vip/></v:customer>", 1), "invalidRequest", "customer.vip", "number, name"},
		{"missing element", strings.Replace(valid, "<v:category>partner</v:category>", "", 1), "invalidRequest", "category", "required"},
		{"missing last element", strings.Replace(valid, "<v:customer><v:name>Grace Hopper</v:name></v:customer>", "", 1), "invalidRequest", "customer", "required"},
		{"missing inner element", strings.Replace(valid, "<v:name>Grace Hopper</v:name>", "", 1), "invalidRequest", "customer.name", "required"},
		{"wrong order", withBody("", "<v:quantity>3</v:quantity>"), "invalidRequest", "quantity", "before customer"},
		{"required element too late", strings.Replace(valid, "<v:category>partner</v:category><v:product>AUR-SUITE</v:product>", "<v:product>AUR-SUITE</v:product><v:category>partner</v:category>", 1), "invalidRequest", "category", "wrong place: it comes before product"},
		{"element twice", withBody("<v:quantity>3</v:quantity><v:quantity>4</v:quantity>", ""), "invalidRequest", "quantity", "once"},
		{"text among elements", withBody("three", ""), "invalidRequest", "CreateLicense", "no text"},
		{"element in a text", withBody("<v:quantity><v:n>3</v:n></v:quantity>", ""), "invalidRequest", "quantity", "no elements"},
		{"attribute", withBody("<v:quantity unit='seat'>3</v:quantity>", ""), "invalidRequest", "quantity", "attribute unit"},
		{"nil", withBody(`<v:quantity xmlns:i="`+xsi+`" i:nil="true"/>`, ""), "invalidRequest", "quantity", "Leave the element out"},
		{"no number", withBody("<v:quantity>three</v:quantity>", ""), "invalidRequest", "quantity", "whole number"},
		{"fraction", withBody("<v:quantity>2.5</v:quantity>", ""), "invalidRequest", "quantity", "whole number"},
		{"no number at all", withBody("<v:quantity/>", ""), "invalidRequest", "quantity", "whole number"},
		{"more than an int", withBody("<v:quantity>9999999999</v:quantity>", ""), "invalidRequest", "quantity", "whole number"},
		{"no boolean", withBody("", "<v:test>yes</v:test>"), "invalidRequest", "test", "true or false"},
		{"no day", withBody("", "<v:startDate>2027-02-30</v:startDate>"), "invalidRequest", "startDate", "2027-01-31"},
		{"day with a zone", withBody("", "<v:endDate>2027-02-20Z</v:endDate>"), "invalidRequest", "endDate", "without a time zone"},
		{"no day in the second line", orderOf("<v:endDate>2027-02-20</v:endDate>", "<v:endDate>soon</v:endDate>"), "invalidRequest", "lines.line[2].endDate", "2027-01-31"},
		{"no product in the second line", strings.Replace(orderOf("", "<v:quantity>2</v:quantity>"), "<v:product>P</v:product><v:quantity>", "<v:quantity>", 1), "invalidRequest", "lines.line[2].product", "required"},
		{"a parameter without a name", orderOf("<v:parameters><v:parameter><v:name>a</v:name><v:value>1</v:value></v:parameter><v:parameter><v:value>1</v:value></v:parameter></v:parameters>"), "invalidRequest", "lines.line[1].parameters.parameter[2].name", "required"},
		{"no request id", strings.Replace(valid, "r-1", "", 1), "invalidRequest", "requestId", "1 to 255"},
		{"long request id", strings.Replace(valid, "r-1", strings.Repeat("ä", 256), 1), "invalidRequest", "requestId", "1 to 255"},
	}
	for _, tt := range tests {
		for _, contentType := range []string{soap11.mediaType, soap12.mediaType} {
			t.Run(tt.name+" as "+contentType, func(t *testing.T) {
				envelope, server := tt.envelope, "soap:Client"
				if contentType == soap12.mediaType {
					envelope, server = in12(envelope), "soap:Sender"
				}
				if tt.field == "Envelope" {
					server = "soap:VersionMismatch"
				}
				f := newFace(t, Config{})
				w := f.ask(newRequest(contentType, envelope))
				got := faultIn(t, w)
				if got.code != tt.code || got.field != tt.field || got.soapCode != server || !strings.Contains(got.message, tt.says) {
					t.Errorf("got %+v, want code %s, field %q, fault code %s, a message with %q", got, tt.code, tt.field, server, tt.says)
				}
				if status := faultStatus(contentType, server); w.Code != status {
					t.Errorf("status %d, want %d", w.Code, status)
				}
				if len(f.ordering.created) > 0 || f.access.remote != "" {
					t.Error("a use case was called")
				}
			})
		}
	}
}

func faultStatus(contentType, soapCode string) int {
	if contentType == soap12.mediaType && soapCode == "soap:Sender" {
		return http.StatusBadRequest
	}
	return http.StatusInternalServerError
}

func attributes(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(" a" + strings.Repeat("x", i) + "='1'")
	}
	return b.String()
}

// TestLimits shows that what is just within the limits is read.
func TestLimits(t *testing.T) {
	valid := soapEnvelope("", getLicenseBody)
	tests := []struct {
		name, envelope string
	}{
		{"1 MB", valid + strings.Repeat(" ", maxBody-len(valid))},
		{"byte order mark and declaration", "\xef\xbb\xbf<?xml version='1.0' encoding='utf-8' standalone='yes'?>\n" + valid},
		{"comments", "<!-- a -->" + strings.Replace(valid, "23456", "23<!-- b -->456", 1) + "<!-- c -->"},
		{"CDATA", strings.Replace(valid, knownTicket, "<![CDATA["+knownTicket+"]]>", 1)},
		{"32 attributes", strings.Replace(valid, "<s:Body", "<s:Body"+attributes(32), 1)},
		{"depth 32", strings.Replace(valid, "<s:Body", "<s:Header>"+strings.Repeat("<a>", 30)+strings.Repeat("</a>", 30)+"</s:Header><s:Body", 1)},
		{"xsi:type", strings.Replace(valid, "<v:ticket", `<v:ticket xmlns:i="`+xsi+`" xmlns:x="http://www.w3.org/2001/XMLSchema" i:type="x:string"`, 1)},
		{"other prefixes", strings.NewReplacer("<v:GetLicense>", `<GetLicense xmlns="urn:kontor:license:v1">`, "</v:GetLicense>", "</GetLicense>", "v:ticket", "ticket").Replace(valid)},
		{"optional header of somebody else", strings.Replace(valid, "<s:Body", `<s:Header><x:Trace xmlns:x="urn:x">1</x:Trace></s:Header><s:Body`, 1)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newFace(t, Config{}).ask(newRequest(soap11.mediaType, tt.envelope))
			if got := faultIn(t, w); w.Code != http.StatusOK {
				t.Errorf("status %d, %+v", w.Code, got)
			}
		})
	}
}

// orderOf is a request for an order, of whose lines something more is said each.
func orderOf(more ...string) string {
	lines := ""
	for i, m := range more {
		lines += "<v:line><v:externalLine>" + strconv.Itoa(i+1) + "</v:externalLine><v:category>partner</v:category><v:product>P</v:product>" + m + "</v:line>"
	}
	return soapEnvelope("", "<v:CreateOrder><v:requestId>r-1</v:requestId><v:customer><v:name>Ada</v:name></v:customer><v:lines>"+lines+"</v:lines></v:CreateOrder>")
}
