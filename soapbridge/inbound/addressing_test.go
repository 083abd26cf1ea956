package inbound

import (
	"strings"
	"testing"

	"github.com/beevik/etree"
)

const (
	wsa10   = "http://www.w3.org/2005/08/addressing"
	wsa2004 = "http://schemas.xmlsoap.org/ws/2004/08/addressing"
)

// wsaHeaders writes headers of WS-Addressing, each as name=text, or name=<markup>.
func wsaHeaders(namespace string, all ...string) string {
	var b strings.Builder
	for _, h := range all {
		name, text, _ := strings.Cut(h, "=")
		b.WriteString("<a:" + name + ` xmlns:a="` + namespace + `" s:mustUnderstand="1">` + text + "</a:" + name + ">")
	}
	return b.String()
}

func TestAddressing(t *testing.T) {
	const action, id = "Action=urn:kontor:license:v1/GetLicense", "MessageID=urn:uuid:1"
	anonymous := map[string]string{wsa10: wsa10 + "/anonymous", wsa2004: wsa2004 + "/role/anonymous"}
	for namespace, address := range anonymous {
		for _, c := range []struct {
			name    string
			headers []string
			says    string // in the fault; "": an answer
			field   string
		}{
			{"what WCF sends", []string{action, id, "ReplyTo=<a:Address>" + address + "</a:Address>", "To=https://licenses.example.com/soap/v1"}, "", ""},
			{"the least", []string{id}, "", ""},
			{"an action of the port type", []string{"Action=urn:kontor:license:v1:LicensePortType:GetLicenseRequest", id}, "", ""},
			{"To is anonymous", []string{id, "To=" + address}, "", ""},
			{"From and RelatesTo", []string{id, "From=<a:Address>urn:x</a:Address>", "RelatesTo=urn:a", "RelatesTo=urn:b"}, "", ""},
			{"anonymous for faults", []string{id, "FaultTo=<a:Address>" + address + "</a:Address><a:ReferenceParameters/>"}, "", ""},
			{"another operation", []string{"Action=urn:kontor:license:v1/ListOffers", id}, "GetLicense", "Action"},
			{"answers to somewhere", []string{id, "ReplyTo=<a:Address>http://127.0.0.1:1/</a:Address>"}, "Answers come by the connection", "ReplyTo"},
			{"faults to nobody", []string{id, "FaultTo=<a:Address>" + wsa10 + "/none</a:Address>"}, "Answers come by the connection", "FaultTo"},
			{"no address", []string{id, "ReplyTo="}, "Answers come by the connection", "ReplyTo"},
			{"reference parameters", []string{id, "ReplyTo=<a:ReferenceParameters><x/></a:ReferenceParameters><a:Address>" + address + "</a:Address>"}, "ReferenceParameters", "ReplyTo"},
			{"reference parameters after the address", []string{id, "ReplyTo=<a:Address>" + address + "</a:Address><a:ReferenceParameters><x/></a:ReferenceParameters>"}, "ReferenceParameters", "ReplyTo"},
			{"reference properties", []string{id, "FaultTo=<a:ReferenceProperties><x/></a:ReferenceProperties><a:Address>" + address + "</a:Address>"}, "ReferenceProperties", "FaultTo"},
			{"reference properties after the address", []string{id, "FaultTo=<a:Address>" + address + "</a:Address><a:ReferenceProperties><x/></a:ReferenceProperties>"}, "ReferenceProperties", "FaultTo"},
			{"two addresses", []string{id, "ReplyTo=<a:Address>" + address + "</a:Address><a:Address>http://127.0.0.1:1/</a:Address>"}, "Answers come by the connection", "ReplyTo"},
			{"to another service", []string{id, "To=https://licenses.example.com/soap/v2"}, "/soap/v1", "To"},
			{"to the contract", []string{id, "To=https://licenses.example.com/soap/v1?wsdl"}, "/soap/v1", "To"},
			{"to a part of the service", []string{id, "To=https://licenses.example.com/soap/v1#x"}, "/soap/v1", "To"},
			{"to a service in a query", []string{id, "To=https://licenses.example.com/?/soap/v1"}, "/soap/v1", "To"},
			{"to below the service", []string{id, "To=https://licenses.example.com/soap/v1/"}, "/soap/v1", "To"},
			{"twice", []string{id, action, action}, "one header Action", "Action"},
			{"empty MessageID", []string{"MessageID= "}, "1 to 1000", "MessageID"},
			{"long MessageID", []string{"MessageID=" + strings.Repeat("x", 1001)}, "1 to 1000", "MessageID"},
			{"unknown", []string{id, "Via=urn:x"}, "not understood", "Via"},
		} {
			t.Run(c.name+" "+namespace, func(t *testing.T) {
				w := newFace(t, Config{}).ask(newRequest(soap11.mediaType, soapEnvelope(wsaHeaders(namespace, c.headers...), getLicenseBody)))
				got := faultIn(t, w)
				if (got == fault{}) != (c.says == "") || !strings.Contains(got.message, c.says) || got.field != c.field {
					t.Fatalf("got %+v, want a message with %q, field %q", got, c.says, c.field)
				}
				action := "urn:kontor:license:v1:LicensePortType:GetLicenseResponse"
				switch {
				case c.says != "" && namespace == wsa2004:
					action = wsa2004 + "/fault"
				case c.says == "GetLicense" || c.says == "not understood":
					action = wsa10 + "/soap/fault"
				case c.says != "": // about the headers themselves
					action = wsa10 + "/fault"
				}
				checkAddressed(t, w.Body.Bytes(), namespace, action, strings.HasPrefix(c.name, "empty") || strings.HasPrefix(c.name, "long"))
			})
		}
	}
}

// checkAddressed holds an answer's headers against what a client of WS-Addressing expects.
func checkAddressed(t *testing.T, answer []byte, namespace, action string, withoutID bool) {
	t.Helper()
	d := etree.NewDocument()
	if err := d.ReadFromBytes(answer); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"Action": action, "To": wsa10 + "/anonymous", "RelatesTo": "urn:uuid:1"}
	if namespace == wsa2004 {
		want["To"] = wsa2004 + "/role/anonymous"
	}
	if withoutID {
		want["RelatesTo"] = ""
	}
	for name, text := range want {
		e := d.FindElement("/Envelope/Header/" + name)
		switch {
		case e == nil && text != "":
			t.Errorf("there is no %s in %s", name, answer)
		case e != nil && (e.Text() != text || e.NamespaceURI() != namespace):
			t.Errorf("%s is %q in %s, want %q", name, e.Text(), e.NamespaceURI(), text)
		}
	}
}

// TestAddressingFaults have the codes that WS-Addressing 1.0 has for them, where SOAP has a place for those.
func TestAddressingFaults(t *testing.T) {
	const invalid, anonymous = "wsa:InvalidAddressingHeader", "wsa:OnlyAnonymousAddressSupported"
	for _, c := range []struct{ namespace, header, code, inner string }{
		{wsa10, "ReplyTo=<a:Address>http://127.0.0.1:1/</a:Address>", invalid, anonymous},
		{wsa10, "FaultTo=<a:Address>" + wsa10 + "/none</a:Address>", invalid, anonymous},
		{wsa10, "To=urn:x", invalid, ""},
		{wsa10, "MessageID=", invalid, ""},
		{wsa10, "Action=urn:kontor:license:v1/ListOffers", "", ""},
		{wsa2004, "To=urn:x", "", ""},
	} {
		envelope := soapEnvelope(wsaHeaders(c.namespace, c.header), getLicenseBody)
		d := etree.NewDocument()
		w := newFace(t, Config{}).ask(newRequest(soap12.mediaType, in12(envelope)))
		if err := d.ReadFromBytes(w.Body.Bytes()); err != nil {
			t.Fatal(err)
		}
		code := d.FindElement("/Envelope/Body/Fault/Code")
		if got, inner := textAt(code, "./Subcode/Value"), textAt(code, "./Subcode/Subcode/Value"); got != c.code || inner != c.inner || textAt(code, "./Value") != "soap:Sender" {
			t.Errorf("%s: got %s", c.header, w.Body)
		}
		for _, e := range code.FindElements(".//Subcode/Value") {
			if e.SelectAttrValue("xmlns:wsa", "") != c.namespace || e.NamespaceURI() != soap12.namespace {
				t.Errorf("%s: got %s", c.header, w.Body)
			}
		}
		if w = newFace(t, Config{}).ask(newRequest(soap11.mediaType, envelope)); faultIn(t, w).soapCode != "soap:Client" || strings.Contains(w.Body.String(), "wsa:Invalid") {
			t.Errorf("%s in SOAP 1.1: got %s", c.header, w.Body)
		}
	}
}

// TestTwoVersionsOfAddressing are refused, and a caller who sends none gets none.
func TestTwoVersionsOfAddressing(t *testing.T) {
	headers := wsaHeaders(wsa10, "MessageID=urn:uuid:1") + wsaHeaders(wsa2004, "Action=urn:kontor:license:v1/GetLicense")
	f := newFace(t, Config{})
	if got := faultIn(t, f.ask(newRequest(soap11.mediaType, soapEnvelope(headers, getLicenseBody)))); !strings.Contains(got.message, "one version") {
		t.Errorf("got %+v", got)
	}
	if w := f.ask(newRequest(soap11.mediaType, soapEnvelope("", getLicenseBody))); strings.Contains(w.Body.String(), "Header") {
		t.Errorf("got %s", w.Body)
	}
}

// TestActionIsTheBodys sends one operation and says another one in the headers of HTTP.
func TestActionIsTheBodys(t *testing.T) {
	for _, c := range []struct {
		action string
		fits   bool
	}{
		{"", true},
		{`""`, true},
		{`"urn:kontor:license:v1/GetLicense"`, true},
		{"urn:kontor:license:v1/GetLicense", true},
		{`"urn:kontor:license:v1#GetLicense"`, true},
		{"GetLicense", true},
		{`"urn:kontor:license:v1/CreateLicense"`, false},
		{"ListOffers", false},
		{"urn:other/GetLicense", false},
		{"urn:kontor:license:v1/GetLicense/CreateLicense", false},
	} {
		for _, contentType := range []string{soap11.mediaType, soap12.mediaType} {
			f := newFace(t, Config{})
			envelope, where := soapEnvelope("", getLicenseBody), "SOAPAction"
			r := newRequest(contentType, envelope)
			r.Header.Set("SOAPAction", c.action)
			if contentType == soap12.mediaType {
				where = "action"
				r = newRequest(contentType+`; action="`+strings.Trim(c.action, `"`)+`"`, in12(envelope))
			}
			got := faultIn(t, f.ask(r))
			if (got == fault{}) != c.fits || !c.fits && (got.code != "invalidRequest" || got.field != where || !strings.Contains(got.message, "urn:kontor:license:v1/GetLicense")) {
				t.Errorf("%s as %s: got %+v", c.action, contentType, got)
			}
			if !c.fits && f.access.remote != "" {
				t.Errorf("%s as %s: a use case was called", c.action, contentType)
			}
		}
	}
}
