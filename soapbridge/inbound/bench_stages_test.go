package inbound

import (
	"encoding/xml"
	"net/http"
	"testing"

	"github.com/beevik/etree"

	"kontor/internal/licensing"
	"kontor/wsdl"
)

// BenchmarkStages measures what each stage of a request costs, in time and memory: of a CreateLicense of 2 KB, and of a GetLicense
// and its license. The gate reads and parses, the schema is held against it, the account is found (by fakes: without its store),
// the operation decodes for its use case, and the answer is built and written. With the gate goes the
// request that net/http hands over.
func BenchmarkStages(b *testing.B) {
	h := newFace(b, Config{}).Handler.(*handler)
	get := soapEnvelope(securityHeader(usernameTokenXML(accountName, accountSecret, passwordText, "")), getLicenseBody)
	for _, request := range [][2]string{{"CreateLicense", string(benchRequest(b))}, {"GetLicense", get}} {
		name, envelope := request[0], request[1]
		root, err := parse([]byte(envelope))
		if err != nil {
			b.Fatal(err)
		}
		env, err := open(root, versionOf(root))
		if err != nil {
			b.Fatal(err)
		}
		packed, wide := zipped(envelope), inUTF16(envelope)
		operation := xml.Name{Space: wsdl.Namespace, Local: name}
		stage(b, name+"/gate", func() error {
			root, err := h.gated(newRequest(soap11.mediaType, envelope))
			if err == nil {
				_, err = open(root, versionOf(root))
			}
			return err
		})
		stage(b, name+"/gate zipped", func() error {
			r := newRequest(soap11.mediaType, packed)
			r.Header.Set("Content-Encoding", "gzip")
			_, err := h.gated(r)
			return err
		})
		stage(b, name+"/gate UTF-16", func() error {
			_, err := h.gated(newRequest(soap11.mediaType, wide))
			return err
		})
		stage(b, name+"/schema", func() error { return check(env.request, h.types[operation], "") })
		stage(b, name+"/decode", func() error {
			var given noter
			_ = operations[operation](b.Context(), services{&given, &given, &given, &given}, licensing.Actor{}, env.request, etree.NewElement("answer"))
			if given.got == nil {
				b.Fatal("nothing was decoded")
			}
			return nil
		})
	}
	encodeStages(b)
	authenticationStages(b, h)
}

// stage measures one step.
func stage(b *testing.B, name string, step func() error) {
	b.Run(name, func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if err := step(); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// encodeStages writes answers with a license of every part.
func encodeStages(b *testing.B) {
	l := careLicense()
	write := func(name string, fill func(response *etree.Element)) {
		stage(b, "encode/"+name, func() error {
			answer, body := newAnswer(&exchange{version: soap11, now: testNow, stamped: true}, "x")
			response := body.CreateElement(name)
			response.CreateAttr("xmlns", wsdl.Namespace)
			fill(response)
			_, err := answer.WriteToBytes()
			return err
		})
	}
	write("CreateLicenseResponse", func(response *etree.Element) {
		add(response, "orderNumber", knownOrder)
		addBool(response, "replayed", false)
		addLicense(response.CreateElement("licenses"), l, testNow)
	})
	write("GetLicenseResponse", func(response *etree.Element) { addLicense(response, l, testNow) })
}

// authenticationStages finds the account by each kind of proof. Each digest has a nonce that the fakes forget.
func authenticationStages(b *testing.B, h *handler) {
	find := func(name string, r *http.Request, token string) {
		var s *security
		if token != "" {
			header, err := parse([]byte(soapEnvelope(securityHeader(token), "")))
			if err != nil {
				b.Fatal(err)
			}
			if s, err = readSecurity(header.children[0].children[0]); err != nil {
				b.Fatal(err)
			}
		}
		known := h.access.(*fakeAccess)
		stage(b, "authentication/"+name, func() error {
			clear(known.nonces)
			_, err := h.authenticate(b.Context(), r, &exchange{now: testNow}, nil, envelope{security: s})
			return err
		})
	}
	r := newRequest(soap11.mediaType, "")
	find("Basic", r, "")
	find("text", r, usernameTokenXML(accountName, accountSecret, passwordText, ""))
	find("digest", r, digestToken(accountSecret, "0123456789abcdef", at(0)))
}
