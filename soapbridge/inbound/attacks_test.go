package inbound

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"unicode/utf16"

	"kontor/internal/licensing"
)

// maxAllocated is the most bytes that reading and answering a request may allocate, over its whole way: what is kept at a time is
// less. It is told in envelopes of the most size, for it is what an envelope of many small things costs that bounds it.
const maxAllocated = 40 * maxBody

// attack is a request that tries to make a reader do what it should not.
type attack struct {
	name, envelope string
	says           string                 // in the message of the fault; empty: it is answered, and what reaches the use case is below
	header         map[string]string      // beside the usual ones
	harmless       func(f face) (ok bool) // whether the use case got what stands there
}

// documentAttacks try what a DOCTYPE, its entities, and other addresses in a document can do. Outside is an address that must not
// be asked.
func documentAttacks(outside string) []attack {
	valid := soapEnvelope("", createLicenseBody("", ""))
	named := func(name string) string { return strings.Replace(valid, "Grace Hopper", name, 1) }
	const doctype = "without a DOCTYPE"
	laughs := `<!ENTITY l0 "lol">`
	for i := range 30 {
		laughs += fmt.Sprintf(`<!ENTITY l%d "%s">`, i+1, strings.Repeat(fmt.Sprintf("&l%d;", i), 10))
	}
	return []attack{
		{name: "external entity, a file", envelope: `<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]>` + named("&e;"), says: doctype},
		{name: "external entity, an address", envelope: `<!DOCTYPE a [<!ENTITY e SYSTEM "` + outside + `">]>` + named("&e;"), says: doctype},
		{name: "external entity, a program", envelope: `<!DOCTYPE a [<!ENTITY e SYSTEM "expect://id">]>` + named("&e;"), says: doctype},
		{name: "external entity by PUBLIC", envelope: `<!DOCTYPE a [<!ENTITY e PUBLIC "-//x//y" "` + outside + `">]>` + named("&e;"), says: doctype},
		{name: "external subset", envelope: `<!DOCTYPE a SYSTEM "` + outside + `">` + valid, says: doctype},
		{name: "parameter entity", envelope: `<!DOCTYPE a [<!ENTITY % p SYSTEM "` + outside + `"> %p;]>` + valid, says: doctype},
		{name: "parameter entity that sends a file away", envelope: `<!DOCTYPE a [<!ENTITY % f SYSTEM "file:///etc/passwd"><!ENTITY % e "<!ENTITY &#37; s SYSTEM '` + outside + `?%f;'>">%e;%s;]>` + valid, says: doctype},
		{name: "internal entity", envelope: `<!DOCTYPE a [<!ENTITY e "Grace">]>` + named("&e;"), says: doctype},
		{name: "unparsed entity", envelope: `<!DOCTYPE a [<!NOTATION n SYSTEM "` + outside + `"><!ENTITY e SYSTEM "` + outside + `" NDATA n>]>` + valid, says: doctype},
		{name: "attributes by default", envelope: `<!DOCTYPE a [<!ATTLIST s:Envelope xmlns:v CDATA "urn:other">]>` + valid, says: doctype},
		{name: "billion laughs", envelope: `<!DOCTYPE a [` + laughs + `]>` + named("&l30;"), says: doctype},
		{name: "quadratic blow-up", envelope: `<!DOCTYPE a [<!ENTITY e "` + strings.Repeat("e", 100_000) + `">]>` + named(strings.Repeat("&e;", 100_000)), says: doctype},
		{name: "entity that holds itself", envelope: `<!DOCTYPE a [<!ENTITY e "&e;">]>` + named("&e;"), says: doctype},
		{name: "DOCTYPE behind the root", envelope: valid + `<!DOCTYPE a>`, says: doctype},
		{name: "DOCTYPE in the Body", envelope: named(`<!DOCTYPE a [<!ENTITY e SYSTEM "` + outside + `">]>&e;`), says: doctype},
		{name: "DOCTYPE in UTF-16", envelope: inUTF16(`<!DOCTYPE a [<!ENTITY e SYSTEM "` + outside + `">]>` + named("&e;")), says: doctype},
		{name: "DOCTYPE in small letters", envelope: `<!doctype a>` + valid, says: doctype},
		{name: "DOCTYPE without an end", envelope: `<!DOCTYPE a [` + strings.Repeat("<!ENTITY ", 100_000), says: "not well-formed"},
		{name: "entity that nobody declared", envelope: named("&xxe;"), says: "not well-formed"},
		{name: "entity of HTML", envelope: named("&nbsp;"), says: "not well-formed"},
		{name: "character beyond Unicode", envelope: named("&#x110000;"), says: "not well-formed"},
		{name: "character of a million digits", envelope: named("&#" + strings.Repeat("0", 900_000) + "65;"), harmless: customerNamed("A")},
		{name: "half of a pair by its number", envelope: named("&#xd800;&#xdc00;"), says: "not well-formed"},
		{name: "half of a pair by its number in an attribute", envelope: strings.Replace(valid, "<s:Body>", `<s:Body a="&#0056320;">`, 1), says: "not well-formed"},
		{name: "half of a pair by its number in CDATA, which is text", envelope: named("<![CDATA[&#xd800;]]>"), harmless: customerNamed("&#xd800;")},
		{name: "XInclude in a value", envelope: named(`<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" parse="text" href="file:///etc/passwd"/>`), says: "holds text and no elements"},
		{name: "XInclude in a header", envelope: soapEnvelope(`<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="`+outside+`"/>`, createLicenseBody("", "")), harmless: customerNamed("Grace Hopper")},
		{name: "XOP", envelope: named(`<x:Include xmlns:x="http://www.w3.org/2004/08/xop/include" href="` + outside + `"/>`), says: "holds text and no elements"},
		{name: "reference of SOAP encoding", envelope: strings.Replace(valid, "<v:customer>", `<v:customer href="`+outside+`">`, 1), says: "no attribute href"},
		{name: "schema elsewhere", envelope: strings.Replace(valid, "<v:CreateLicense>", `<v:CreateLicense xmlns:i="`+xsi+`" i:schemaLocation="urn:kontor:license:v1 `+outside+`">`, 1), harmless: customerNamed("Grace Hopper")},
		{name: "style sheet in a value", envelope: named(`Grace<?xml-stylesheet href="` + outside + `"?>`), says: "without processing instructions"},
		{name: "program in an instruction", envelope: named(`<?php system("id") ?>`), says: "without processing instructions"},
		{name: "base elsewhere", envelope: strings.Replace(valid, "<s:Body>", `<s:Body xml:base="`+outside+`">`, 1), harmless: customerNamed("Grace Hopper")},
		{name: "type of another name", envelope: strings.Replace(valid, "<v:customer>", `<v:customer xmlns:i="`+xsi+`" i:type="v:Administrator">`, 1), harmless: customerNamed("Grace Hopper")},
		{name: "type that is a class", envelope: strings.Replace(valid, "<v:name>", `<v:name xmlns:i="`+xsi+`" xmlns:j="java:java.lang" i:type="j:Runtime">`, 1), harmless: customerNamed("Grace Hopper")},
		{name: "nil with a text", envelope: strings.Replace(valid, "<v:name>", `<v:name xmlns:i="`+xsi+`" i:nil="true">`, 1), says: "Leave the element out"},
	}
}

// sizeAttacks try what much of something costs.
func sizeAttacks() []attack {
	valid := soapEnvelope("", createLicenseBody("", ""))
	full := func(before, behind, fill string) string { // as much of fill as an envelope may hold
		return before + strings.Repeat(fill, (maxBody-len(before)-len(behind))/len(fill)) + behind
	}
	at := func(mark, before, behind, fill string) string { // the same in place of a mark of the valid envelope
		head, tail, _ := strings.Cut(valid, mark)
		return full(head+before, behind+tail, fill)
	}
	numbered := func(format string, n int) string {
		var all strings.Builder
		for i := range n {
			fmt.Fprintf(&all, format, i)
		}
		return all.String()
	}
	named := func(name string) string { return strings.Replace(valid, "Grace Hopper", name, 1) }
	const long, many = "too long", "too many"
	quotes := strings.Repeat(`"'`, 100)
	return []attack{
		{name: "1 MB of blanks", envelope: full("", "", " "), says: "empty"},
		{name: "1 MB of open brackets", envelope: full("", "", "<"), says: "not well-formed"},
		{name: "1 MB of ampersands", envelope: at("Grace Hopper", "", "", "&amp;"), harmless: customerLonger(200_000)},
		{name: "1 MB in a name", envelope: at("Grace Hopper", "<", "/>", "n"), says: long},
		{name: "1 MB in a prefix", envelope: at("Grace Hopper", "<", ":x/>", "n"), says: long},
		{name: "1 MB in an attribute's name", envelope: at("<s:Body>", "<s:Body ", "='1'>", "n"), says: long},
		{name: "1 MB in an attribute's value", envelope: at("<s:Body>", "<s:Body a='", "'>", "v"), harmless: customerNamed("Grace Hopper")},
		{name: "1 MB in a namespace", envelope: at("<s:Body>", "<s:Body xmlns:a='", "'>", "v"), harmless: customerNamed("Grace Hopper")},
		{name: "1 MB in a text", envelope: at("Grace Hopper", "", "", "x"), harmless: customerLonger(1_000_000)},
		{name: "1 MB in a request id", envelope: at("r-1", "", "", "x"), says: "1 to 255"},
		{name: "1 MB in a number", envelope: strings.Replace(at("Grace Hopper", "", "", "x"), "<v:customer>", "<v:quantity>"+strings.Repeat("9", 1000)+"</v:quantity><v:customer>", 1), says: "1 MB"},
		{name: "100,000 digits in a number", envelope: soapEnvelope("", createLicenseBody("<v:quantity>"+strings.Repeat("9", 100_000)+"</v:quantity>", "")), says: "whole number"},
		{name: "1 MB in a comment", envelope: at("Grace Hopper", "Ada<!--", "-->", "x"), harmless: customerNamed("Ada")},
		{name: "1 MB of comments", envelope: at("Grace Hopper", "Ada", "", "<!---->"), harmless: customerNamed("Ada")},
		{name: "1 MB in CDATA", envelope: at("Grace Hopper", "<![CDATA[", "]]>", "x"), harmless: customerLonger(1_000_000)},
		{name: "1 MB of CDATA", envelope: at("Grace Hopper", "Ada", "", "<![CDATA[]]>"), harmless: customerNamed("Ada")},
		{name: "1 MB of characters by number", envelope: at("Grace Hopper", "", "", "&#65;"), harmless: customerLonger(200_000)},
		{name: "1 MB of an instruction", envelope: at("Grace Hopper", "<?x ", "?>", "x"), says: "without processing instructions"},
		{name: "a comment without an end", envelope: full("<!--", "", "x"), says: "not well-formed"},
		{name: "an attribute without an end", envelope: full("<a b='", "", "x"), says: "not well-formed"},
		{name: "CDATA without an end", envelope: full("<a><![CDATA[", "", "]]"), says: "not well-formed"},
		{name: "depth 300,000", envelope: full("", "", "<a>"), says: "nested too deeply"},
		{name: "depth of 32, again and again", envelope: full("<a>", "</a>", strings.Repeat("<b>", 31)+strings.Repeat("</b>", 31)), says: many},
		{name: "150,000 elements", envelope: at("Grace Hopper", "", "", "<v:x/>"), says: many},
		{name: "100,000 attributes", envelope: "<a " + numbered("a%d='' ", 80_000) + "/>", says: "too many attributes"},
		{name: "attributes with one hash", envelope: "<a " + numbered("Aa%[1]dBB='' BB%[1]dAa='' ", 30_000) + "/>", says: "too many attributes"},
		{name: "one attribute 100,000 times", envelope: full("<a ", "/>", "a='' "), says: "too many attributes"},
		{name: "20,000 elements of 32 attributes", envelope: full("<a>", "</a>", "<b "+numbered("a%d='' ", 32)+"/>"), says: "Envelope"},
		{name: "33 attributes, the last without an end", envelope: "<a " + numbered("a%d='' ", 32) + "b='", says: "too many attributes"},
		{name: "quotes that are no attributes'", envelope: strings.Replace(named(quotes+"<!--"+quotes+"--><![CDATA["+quotes+"]]>"), "<v:name>",
			`<v:name xml:lang='`+strings.Repeat(`"`, 100)+`' xmlns:a="`+strings.Repeat("'", 100)+`">`, 1), says: "no attribute lang"},
		{name: "quotes in texts", envelope: named(quotes + "<!--" + quotes + "--><![CDATA[" + quotes + "]]>"), harmless: customerNamed(quotes + quotes)},
		{name: "80,000 namespaces on one element", envelope: "<a " + numbered("xmlns:a%d='u' ", 50_000) + "/>", says: "too many attributes"},
		{name: "namespaces on every level", envelope: strings.Repeat("<a "+numbered("xmlns:a%d='u' ", 20)+">", 5), says: "too many namespaces"},
		{name: "20,000 headers", envelope: soapEnvelope(strings.Repeat(`<x:h xmlns:x="u"/>`, 19_000), createLicenseBody("", "")), harmless: customerNamed("Grace Hopper")},
		{name: "20,000 headers that must be understood", envelope: soapEnvelope(strings.Repeat(`<x:h xmlns:x="u" s:mustUnderstand="1"/>`, 19_000), createLicenseBody("", "")), says: "not understood"},
		{name: "6,000 parameters", envelope: soapEnvelope("", createLicenseBody("", "<v:parameters>"+numbered("<v:parameter><v:name>n%d</v:name><v:value>v</v:value></v:parameter>", 6_000)+"</v:parameters>")), harmless: func(f face) bool { return len(f.ordering.last.Parameters) == 6_000 }},
		{name: "a name of 1 MB in a fault", envelope: soapEnvelope("", "<v:CreateLicense>"+"<v:"+strings.Repeat("x", 250)+"/></v:CreateLicense>"), says: "no such element"},
		{name: "a nonce of 1 MB", envelope: soapEnvelope(securityHeader(usernameTokenXML(accountName, "x", passwordDigest, digestParts(strings.Repeat("QUFB", 200_000), "2026-11-21T09:30:00Z"))), getLicenseBody), says: "8 to 64"},
		{name: "a secret of 1 MB", envelope: soapEnvelope(securityHeader(usernameTokenXML(accountName, strings.Repeat("x", 1_000_000), passwordText, "")), getLicenseBody), says: "wrong"},
		{name: "an account of 1 MB", envelope: soapEnvelope(securityHeader(usernameTokenXML(strings.Repeat("x", 1_000_000), "x", passwordText, "")), getLicenseBody), says: "wrong"},
		{name: "a MessageID of 1 MB", envelope: soapEnvelope(`<a:MessageID xmlns:a="http://www.w3.org/2005/08/addressing">`+strings.Repeat("x", 1_000_000)+`</a:MessageID>`, getLicenseBody), says: "1 to 1000"},
		{name: "a bomb of gzip", envelope: zipped(strings.Repeat(" ", 64<<20)), header: gzipped, says: "1 MB"},
		{name: "a bomb of gzip in a text", envelope: zipped(named(strings.Repeat("x", 16<<20))), header: gzipped, says: "1 MB"},
		{name: "a bomb in a bomb", envelope: zipped(zipped(strings.Repeat("x", 16<<20))), header: gzipped, says: "not well-formed"},
		{name: "a file's name of 1 MB in gzip", envelope: "\x1f\x8b\x08\x08\x00\x00\x00\x00\x00\xff" + strings.Repeat("x", 1_000_000), header: gzipped, says: "says gzip"},
	}
}

// writingAttacks try to be read by us in another way than by somebody else on the way.
func writingAttacks() []attack {
	valid := soapEnvelope("", createLicenseBody("", ""))
	named := func(name string) string { return strings.Replace(valid, "Grace Hopper", name, 1) }
	swap := func(old, now string) string { return strings.Replace(valid, old, now, 1) }
	said := func(contentType string) map[string]string { return map[string]string{"Content-Type": contentType} }
	const text, malformed = "not text in its charset", "not well-formed"
	return []attack{
		{name: "UTF-7 by the Content-Type", envelope: "+ADw-s:Envelope/+AD4-", header: said("text/xml; charset=utf-7"), says: "Windows-1252"},
		{name: "UTF-7 unsaid", envelope: "+ADw-s:Envelope/+AD4-", says: malformed},
		{name: "overlong bracket", envelope: swap("<s:Body>", "\xc0\xbcs:Body>"), says: text},
		{name: "overlong zero", envelope: named("Grace\xc0\x80"), says: text},
		{name: "overlong slash of three bytes", envelope: named("\xe0\x80\xaf"), says: text},
		{name: "half of a pair in UTF-8", envelope: named("\xed\xa0\x80"), says: text},
		{name: "a pair in UTF-8", envelope: named("\xed\xa0\xbd\xed\xb8\x80"), says: text},
		{name: "beyond Unicode", envelope: named("\xf4\x90\x80\x80"), says: text},
		{name: "half of a pair in UTF-16", envelope: inUTF16(named("Grace")) + "\x3d\xd8", says: "not text in UTF-16"},
		{name: "UTF-16 behind 8 bits", envelope: valid + inUTF16("<a/>"), says: text},
		{name: "mark in the middle", envelope: swap("<s:Body>", "<s:Body>\ufeff"), says: "text beside the elements"},
		{name: "mark in a name", envelope: strings.ReplaceAll(valid, "v:product", "v:pro\ufeffduct"), says: malformed},
		{name: "mark in a value", envelope: named("Gr\ufefface"), harmless: customerNamed("Gr\ufefface")},
		{name: "two marks", envelope: "\ufeff\ufeff" + valid, says: "text outside"},
		{name: "zero", envelope: named("Gr\x00ace"), says: malformed},
		{name: "zero behind the root", envelope: valid + "\x00", says: malformed},
		{name: "two charsets in the Content-Type", envelope: valid, header: said("text/xml; charset=utf-8; charset=utf-7"), says: "Content-Type"},
		{name: "declared as UTF-16, said to be UTF-8", envelope: `<?xml version="1.0" encoding="UTF-16"?>` + valid, header: said("text/xml; charset=utf-8"), says: "different charsets"},
		{name: "version 1.1 of XML", envelope: `<?xml version="1.1"?>` + named("&#1;"), says: malformed},
		{name: "comment that splits a value", envelope: swap("AUR-SUITE", "AUR-<!-- AUR-OTHER -->SUITE"), harmless: customerNamed("Grace Hopper")},
		{name: "comment that splits a name", envelope: named("Grace<!-- --> Hopper"), harmless: customerNamed("Grace Hopper")},
		{name: "CDATA that splits a name", envelope: named("Gra<![CDATA[ce Hop]]>per"), harmless: customerNamed("Grace Hopper")},
		{name: "comment that splits an account", envelope: soapEnvelope(securityHeader(usernameTokenXML(accountName+"<!-- -->.evil.example", accountSecret, passwordText, "")), getLicenseBody), says: "wrong"},
		{name: "instruction that splits a name", envelope: named("Grace<?x?> Hopper"), says: "without processing instructions"},
		{name: "comment in a comment", envelope: named("<!-- <!-- --> -->"), says: malformed},
		{name: "end of CDATA in a text", envelope: named("]]>"), says: malformed},
		{name: "bracket in an attribute", envelope: swap("<s:Body>", `<s:Body a="<">`), says: malformed},
		{name: "duplicate attribute", envelope: swap("<v:name>", `<v:name xml:lang="a" xml:lang="b">`), says: "twice"},
		{name: "duplicate declaration", envelope: swap("<s:Body>", `<s:Body xmlns:a="u" xmlns:a="w">`), says: "twice"},
		{name: "second root", envelope: valid + "<!-- --><evil/>", says: "second root"},
		{name: "second Body", envelope: swap("<s:Body>", "<s:Body><v:ListOffers/></s:Body><s:Body>"), says: "one Body"},
		{name: "Body in the Header", envelope: soapEnvelope("<s:Body><v:ListOffers/></s:Body>", createLicenseBody("", "")), harmless: customerNamed("Grace Hopper")},
		{name: "envelope in the Body", envelope: soapEnvelope("", valid), says: "no operation Envelope"},
		{name: "prefix of the envelope bound anew", envelope: swap("<s:Body>", `<s:Body xmlns:s="urn:other">`), says: "a Body"},
		{name: "prefix of the operation bound anew", envelope: swap("<v:CreateLicense>", `<v:CreateLicense xmlns:v="urn:other">`), says: "urn:kontor:license:v1"},
		{name: "prefix bound anew inside", envelope: swap("<v:customer>", `<v:customer><x:y xmlns:x="urn:kontor:license:v1" xmlns:v="urn:other"/>`), says: "no such element"},
		{name: "end by another prefix", envelope: swap("</v:customer>", "</w:customer>"), says: "ends"},
		{name: "prefix that is taken away", envelope: swap("<s:Body>", `<s:Body xmlns:v="">`), says: "cannot stand for"},
		{name: "xml bound anew", envelope: swap("<s:Body>", `<s:Body xmlns:xml="urn:other">`), says: "cannot stand for"},
		{name: "xmlns bound anew", envelope: swap("<s:Body>", `<s:Body xmlns:xmlns="urn:other">`), says: "cannot stand for"},
		{name: "two colons", envelope: swap("<v:CreateLicense>", "<v:x:CreateLicense>"), says: malformed},
		{name: "operation of the SOAPAction", envelope: valid, header: map[string]string{"SOAPAction": `"urn:kontor:license:v1/ListOffers"`}, says: `names "urn:kontor:license:v1/ListOffers"`},
		{name: "operation of the Content-Type", envelope: in12(valid), header: said(`application/soap+xml; action="urn:kontor:license:v1/GetLicense"`), says: "of the operation CreateLicense"},
		{name: "operation of WS-Addressing", envelope: soapEnvelope(`<a:Action xmlns:a="http://www.w3.org/2005/08/addressing">urn:kontor:license:v1/GetLicense</a:Action>`, createLicenseBody("", "")), says: "of the operation CreateLicense"},
		{name: "answer to somebody else", envelope: soapEnvelope(`<a:ReplyTo xmlns:a="http://www.w3.org/2005/08/addressing"><a:Address>http://10.0.0.1/</a:Address></a:ReplyTo>`, createLicenseBody("", "")), says: "leave ReplyTo out"},
		{name: "form of a page", envelope: "a=" + valid, header: said("text/plain"), says: "Content-Type"},
		{name: "parts of MTOM", envelope: valid, header: said(`multipart/related; boundary=x; type="application/xop+xml"`), says: "Content-Type"},
	}
}

var gzipped = map[string]string{"Content-Encoding": "gzip"}

// customerNamed tells that the license is created for a customer, and the product that stands there.
func customerNamed(name string) func(face) bool {
	return func(f face) bool {
		return f.ordering.last.Customer.Name == name && f.ordering.last.Product == "AUR-SUITE"
	}
}

// customerLonger tells that a customer's name arrived whole; that it is too long is the use case's to say.
func customerLonger(least int) func(face) bool {
	return func(f face) bool { return len(f.ordering.last.Customer.Name) >= least }
}

func inUTF16(text string) string {
	var b strings.Builder
	b.WriteString("\xff\xfe")
	for _, u := range utf16.Encode([]rune(text)) {
		b.WriteByte(byte(u))
		b.WriteByte(byte(u >> 8))
	}
	return b.String()
}

// TestAttacks sends the attacks on parsers and on dispatch that are known. Each is refused with a fault that says why, before any
// use case, or is read as what it is; none asks another address; none allocates more than a fixed multiple of the largest
// envelope; and when all are over, no memory is kept.
func TestAttacks(t *testing.T) {
	var asked atomic.Int64
	outside := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) }))
	defer outside.Close()
	all := append(append(documentAttacks(outside.URL), sizeAttacks()...), writingAttacks()...)
	f := newFace(t, Config{})
	f.attacked(t, attack{envelope: soapEnvelope("", createLicenseBody("", ""))}) // warms up what is kept for all
	before := heapInUse()
	for _, a := range all {
		t.Run(a.name, func(t *testing.T) {
			f := newFace(t, Config{})
			got, allocated := f.attacked(t, a)
			if allocated > maxAllocated {
				t.Errorf("%d bytes were allocated for %d, more than %d", allocated, len(a.envelope), maxAllocated)
			}
			switch {
			case a.says == "" && (got != fault{} || !a.harmless(f)):
				t.Errorf("got %+v, and the use case %.200v", got, f.ordering.last)
			case a.says != "" && !strings.Contains(got.message, a.says):
				t.Errorf("got %+v, want a message with %q", got, a.says)
			case a.says != "" && (len(f.ordering.created) > 0 || !callersFault[licensing.Code(got.code)]):
				t.Errorf("got %+v, and %d licenses", got, len(f.ordering.created))
			}
		})
	}
	if n := asked.Load(); n > 0 {
		t.Errorf("another address was asked %d times", n)
	}
	if kept := heapInUse() - before; kept > 4*maxBody {
		t.Errorf("%d bytes are kept", kept)
	}
}

// attacked sends an attack and returns the fault, and how many bytes were allocated meanwhile in the whole process.
func (f face) attacked(t *testing.T, a attack) (got fault, allocated uint64) {
	t.Helper()
	r := newRequest(soap11.mediaType, a.envelope)
	for name, value := range a.header {
		r.Header.Set(name, value)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	w := f.ask(r)
	runtime.ReadMemStats(&after)
	return faultIn(t, w), after.TotalAlloc - before.TotalAlloc
}

// heapInUse is what is alive, after everything else is collected.
func heapInUse() int64 {
	runtime.GC()
	runtime.GC() // empties the pools
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
