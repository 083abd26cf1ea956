package inbound

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/beevik/etree"

	"kontor/internal/licensing"
)

// signedFace is a face whose account has all three certificates.
func signedFace(t testing.TB) face {
	t.Helper()
	keys, err := theKeys()
	if err != nil {
		t.Fatal(err)
	}
	f := newFace(t, Config{})
	f.access.certificates = []licensing.Certificate{keys.rsa.certificate(t, "m1"), keys.ecdsa.certificate(t, "m1")}
	return f
}

func (f face) askSigned(t testing.TB, envelope string) fault {
	t.Helper()
	r := newRequest(soap11.mediaType, envelope)
	r.Header.Del("Authorization")
	return faultIn(t, f.ask(r))
}

// TestSignatures sends what toolkits send.
func TestSignatures(t *testing.T) {
	keys, err := theKeys()
	if err != nil {
		t.Fatal(err)
	}
	thumbprint := sha1.Sum(keys.rsa.der)
	identifier := func(kind string, value []byte) func(*etree.Element) {
		return func(e *etree.Element) {
			id := e.CreateElement("w:SecurityTokenReference").CreateElement("w:KeyIdentifier")
			id.CreateAttr("ValueType", kind)
			id.SetText(base64.StdEncoding.EncodeToString(value))
		}
	}
	serial := func(issuer string) func(*etree.Element) {
		return func(e *etree.Element) {
			s := e.CreateElement("w:SecurityTokenReference").CreateElement("d:X509Data").CreateElement("d:X509IssuerSerial")
			s.CreateElement("d:X509IssuerName").SetText(issuer)
			s.CreateElement("d:X509SerialNumber").SetText("7")
		}
	}
	for name, change := range map[string]func(*signer){
		"RSA": func(*signer) {},
		"RSA with SHA-512": func(s *signer) {
			s.method, s.digest = strings.Replace(rsaSHA256, "256", "512", 1), strings.Replace(sha256URI, "256", "512", 1)
		},
		"ECDSA":                func(s *signer) { s.keyPair, s.method = keys.ecdsa, ecdsaSHA256 },
		"inclusive namespaces": func(s *signer) { s.prefixes = "s v nowhere" },
		"more that is signed": func(s *signer) {
			s.parts = []string{timestampPath, bodyPath, "/Envelope/Header/Security/BinarySecurityToken"}
		},
		"by thumbprint":        func(s *signer) { s.keyInfo = identifier(thumbprintSHA1, thumbprint[:]) },
		"by key identifier":    func(s *signer) { s.keyInfo = identifier(x509Profile+"X509SubjectKeyIdentifier", []byte{1, 2, 7}) },
		"certificate in it":    func(s *signer) { s.keyInfo = identifier(x509Profile+"X509v3", keys.rsa.der) },
		"by issuer and number": func(s *signer) { s.keyInfo = serial("CN=erp.aurora.example,O=Aurora") },
		"issuer as others do":  func(s *signer) { s.keyInfo = serial("o=Aurora, cn=erp.aurora.example") },
		"certificate as data": func(s *signer) {
			s.keyInfo = func(e *etree.Element) {
				e.CreateElement("d:X509Data").CreateElement("d:X509Certificate").SetText("\n" + base64.StdEncoding.EncodeToString(keys.rsa.der) + "\n")
			}
		},
		"of 5 minutes ago": func(s *signer) { s.created, s.expires = -freshness, at(0) },
		"a comment that came in later": func(s *signer) {
			s.after = func(d *etree.Document) { d.FindElement(bodyPath + "/GetLicense").CreateComment("said later") }
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSigner(t)
			change(&s)
			f := signedFace(t)
			message := s.sign(getLicenseBody)
			if got := f.askSigned(t, message); got != (fault{}) {
				t.Fatalf("got %+v\n%s", got, message)
			}
			if got := f.askSigned(t, message); got.code != "unauthenticated" || !strings.Contains(got.message, "before") {
				t.Errorf("sent again: %+v", got)
			}
		})
	}
}

// evil is what an attacker wants to have carried out instead.
const evil = `<v:GetLicense xmlns:v="urn:kontor:license:v1"><v:ticket>EVIL</v:ticket></v:GetLicense>`

// evilBody makes a Body with another operation.
func evilBody(id string) *etree.Element {
	d := etree.NewDocument()
	if err := d.ReadFromString(`<s:Body xmlns:s="` + soap11.namespace + `">` + evil + `</s:Body>`); err != nil {
		panic(err)
	}
	if id != "" {
		setID(d.Root(), id)
	}
	return d.Root()
}

// inside puts the signed Body somewhere, and another one in its place.
func inside(id string, where func(d *etree.Document) *etree.Element) func(*etree.Document) {
	return func(d *etree.Document) {
		signed := d.FindElement(bodyPath)
		d.Root().RemoveChild(signed)
		d.Root().AddChild(evilBody(id))
		where(d).AddChild(signed)
	}
}

func wrapperIn(path, tag, space string) func(*etree.Document) *etree.Element {
	return func(d *etree.Document) *etree.Element {
		w := d.FindElement(path).CreateElement("x:" + tag)
		w.CreateAttr("xmlns:x", space)
		return w
	}
}

// TestAttacksOnSignatures is a table of the attacks that are known. None is carried out, and each is told what is wrong.
func TestAttacksOnSignatures(t *testing.T) {
	keys, err := theKeys()
	if err != nil {
		t.Fatal(err)
	}
	const security = "/Envelope/Header/Security"
	tests := []struct {
		name       string
		change     func(*signer)
		code, says string
	}{
		// Wrapping: what was signed is still there, and something else is where it is looked for.
		{"1: Body in a header, another without an id", func(s *signer) {
			s.after = inside("", wrapperIn("/Envelope/Header", "Wrapper", "urn:x"))
		}, "invalidRequest", "stands for nothing"},
		{"2: Body in a header, another with the same id", func(s *signer) {
			s.after = inside("B-1", wrapperIn("/Envelope/Header", "Wrapper", "urn:x"))
		}, "invalidRequest", "there twice"},
		{"3: Body in a header, another with another id", func(s *signer) {
			s.after = inside("B-2", wrapperIn("/Envelope/Header", "Wrapper", "urn:x"))
		}, "invalidRequest", "stands for nothing"},
		{"4: Body in the Security header", func(s *signer) {
			s.after = inside("B-2", func(d *etree.Document) *etree.Element { return d.FindElement(security) })
		}, "invalidRequest", "at most one"},
		{"5: Body in an Object of the signature", func(s *signer) {
			s.after = inside("", wrapperIn(security+"/Signature", "Object", ds))
		}, "invalidRequest", "It holds, in this order"},
		{"6: Body in the other Body", func(s *signer) {
			s.after = inside("", func(d *etree.Document) *etree.Element { return d.FindElement(bodyPath) })
		}, "invalidRequest", "there are 2"},
		{"7: Body behind the other Body", func(s *signer) {
			s.after = inside("", func(d *etree.Document) *etree.Element { return d.Root() })
		}, "invalidRequest", "Nothing follows the Body"},
		{"8: Timestamp in a header, a new one in its place", func(s *signer) {
			s.created = -time.Hour
			s.after = func(d *etree.Document) {
				old := d.FindElement(timestampPath)
				fresh := old.Copy()
				fresh.RemoveAttr("u:Id")
				fresh.FindElement("Created").SetText(at(0))
				fresh.FindElement("Expires").SetText(at(time.Minute))
				old.Parent().InsertChildAt(0, fresh)
				wrapperIn("/Envelope/Header", "Wrapper", "urn:x")(d).AddChild(old)
			}
		}, "invalidRequest", "stands for nothing"},
		{"Body in the operation", func(s *signer) {
			s.after = inside("", func(d *etree.Document) *etree.Element { return d.FindElement(bodyPath + "/GetLicense") })
		}, "invalidRequest", "no such element"},
		{"a whole message as a header", func(s *signer) {
			s.after = func(d *etree.Document) {
				whole := d.Root().Copy()
				d.Root().RemoveChild(d.FindElement(bodyPath))
				d.Root().AddChild(evilBody(""))
				d.FindElement("/Envelope/Header/Security").RemoveAttr("s:mustUnderstand")
				wrapperIn("/Envelope/Header", "Wrapper", "urn:x")(d).AddChild(whole)
			}
		}, "invalidRequest", "there twice"},
		{"two headers that know the Body", func(s *signer) {
			s.after = func(d *etree.Document) {
				d.FindElement("/Envelope/Header").AddChild(d.FindElement(security).Copy())
			}
		}, "invalidRequest", "one Security header"},

		// Ids.
		{"the id of the Body on a header as well", func(s *signer) {
			s.after = func(d *etree.Document) {
				wrapperIn("/Envelope/Header", "Wrapper", "urn:x")(d).CreateAttr("id", "B-1")
			}
		}, "invalidRequest", "there twice"},
		{"the id of the Body without its namespace", func(s *signer) {
			s.after = func(d *etree.Document) {
				body := d.FindElement(bodyPath)
				body.RemoveAttr("u:Id")
				body.CreateAttr("Id", "B-1")
			}
		}, "invalidRequest", "has the wsu:Id"},
		{"an id that is nowhere", func(s *signer) {
			s.after = func(d *etree.Document) { d.FindElement(bodyPath).RemoveAttr("u:Id") }
		}, "invalidRequest", "has the wsu:Id"},

		// References.
		{"empty reference", func(s *signer) {
			s.info = func(e *etree.Element) { e.FindElement("Reference").SelectAttr("URI").Value = "" }
		}, "invalidRequest", "Its URI is #"},
		{"no reference URI", func(s *signer) {
			s.info = func(e *etree.Element) { e.FindElement("Reference").RemoveAttr("URI") }
		}, "invalidRequest", "Its URI is #"},
		{"external reference", func(s *signer) {
			s.info = func(e *etree.Element) {
				e.FindElement("Reference").SelectAttr("URI").Value = "https://attacker.example/body.xml"
			}
		}, "invalidRequest", "Its URI is #"},
		{"reference to a file", func(s *signer) {
			s.info = func(e *etree.Element) { e.FindElement("Reference").SelectAttr("URI").Value = "file:///etc/passwd" }
		}, "invalidRequest", "Its URI is #"},
		{"reference by XPointer", func(s *signer) {
			s.info = func(e *etree.Element) { e.FindElement("Reference").SelectAttr("URI").Value = "#xpointer(id('B-1'))" }
		}, "invalidRequest", "Its URI is #"},
		{"one reference twice", func(s *signer) { s.parts = []string{bodyPath, bodyPath, timestampPath} }, "invalidRequest", "once"},
		{"many references", func(s *signer) {
			s.info = func(e *etree.Element) {
				for range maxReferences {
					e.AddChild(e.FindElement("Reference").Copy())
				}
			}
		}, "invalidRequest", "at most 10"},
		{"no reference at all", func(s *signer) {
			s.info = func(e *etree.Element) {
				for _, r := range e.SelectElements("Reference") {
					e.RemoveChild(r)
				}
			}
		}, "invalidRequest", "in this order"},
		{"the Security header itself", func(s *signer) {
			s.before = func(d *etree.Document) { setID(d.FindElement(security), "S-1") }
			s.parts = []string{bodyPath, timestampPath, security}
		}, "invalidRequest", "stands for nothing"},

		// What is signed.
		{"the Timestamp alone", func(s *signer) { s.parts = []string{timestampPath} }, "unauthenticated", "does not cover the Body"},
		{"the Body alone", func(s *signer) { s.parts = []string{bodyPath} }, "unauthenticated", "does not cover the Timestamp"},
		{"another element instead of the Body", func(s *signer) {
			s.before = func(d *etree.Document) { setID(d.FindElement(security+"/BinarySecurityToken"), "X-1") }
			s.parts = []string{security + "/BinarySecurityToken", timestampPath}
		}, "unauthenticated", "does not cover the Body"},
		{"stripped Timestamp", func(s *signer) {
			s.parts = []string{bodyPath}
			s.after = func(d *etree.Document) { e := d.FindElement(timestampPath); e.Parent().RemoveChild(e) }
		}, "unauthenticated", "does not cover the Timestamp"},
		{"Timestamp without its end", func(s *signer) { s.expires = "-" }, "unauthenticated", "when it Expires"},
		{"a message of old", func(s *signer) { s.created, s.expires = -freshness-time.Second, at(time.Hour) }, "unauthenticated", "holds for 5 minutes"},
		{"an expired message", func(s *signer) { s.created, s.expires = -3*time.Minute, at(-2*time.Minute) }, "unauthenticated", "expired"},
		{"a message of the future", func(s *signer) { s.created = freshness + time.Second }, "unauthenticated", "created at"},
		{"another Body in the place of the signed one", func(s *signer) {
			s.after = func(d *etree.Document) {
				d.Root().RemoveChild(d.FindElement(bodyPath))
				d.Root().AddChild(evilBody("B-1"))
			}
		}, "unauthenticated", "The Body is not what was signed"},
		{"a Timestamp of today on a message of old", func(s *signer) {
			s.created = -time.Hour
			s.after = func(d *etree.Document) {
				d.FindElement(timestampPath + "/Created").SetText(at(0))
				d.FindElement(timestampPath + "/Expires").SetText(at(time.Minute))
			}
		}, "unauthenticated", "The Timestamp is not what was signed"},
		{"text split by a comment", func(s *signer) { // read to the comment alone, it would be another ticket
			s.after = func(d *etree.Document) {
				ticket := d.FindElement(bodyPath + "/GetLicense/ticket")
				text := ticket.Text()
				ticket.SetText("EVIL")
				ticket.CreateComment("")
				ticket.CreateText(text)
			}
		}, "unauthenticated", "The Body is not what was signed"},
		{"another prefix", func(s *signer) {
			s.after = func(d *etree.Document) {
				d.Root().CreateAttr("xmlns:y", "urn:kontor:license:v1")
				d.FindElement(bodyPath + "/GetLicense").Space = "y"
			}
		}, "unauthenticated", "The Body is not what was signed"},

		// Algorithms.
		{"SHA-1", func(s *signer) { s.method = ds + "rsa-sha1" }, "invalidRequest", "rsa-sha256"},
		{"HMAC with the public key", func(s *signer) {
			s.method = "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256"
			s.value = func([]byte) []byte {
				public, err := x509.MarshalPKIXPublicKey(keys.rsa.key.Public())
				if err != nil {
					panic(err)
				}
				h := hmac.New(sha256.New, public)
				return h.Sum(nil)
			}
		}, "invalidRequest", "rsa-sha256"},
		{"no method", func(s *signer) { s.method = "" }, "invalidRequest", "rsa-sha256"},
		{"ECDSA with the RSA key", func(s *signer) {
			s.info = func(e *etree.Element) { e.FindElement("SignatureMethod").SelectAttr("Algorithm").Value = ecdsaSHA256 }
		}, "unauthenticated", "not made with its key"},
		{"digests with SHA-1", func(s *signer) {
			s.info = func(e *etree.Element) {
				e.FindElement("Reference/DigestMethod").SelectAttr("Algorithm").Value = ds + "sha1"
			}
		}, "invalidRequest", "sha256"},
		{"inclusive canonicalization", func(s *signer) {
			s.info = func(e *etree.Element) {
				e.FindElement("CanonicalizationMethod").SelectAttr("Algorithm").Value = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
			}
		}, "invalidRequest", "exclusive canonicalization"},
		{"canonicalization with comments", func(s *signer) {
			s.info = func(e *etree.Element) {
				e.FindElement("Reference/Transforms/Transform").SelectAttr("Algorithm").Value = excC14n + "WithComments"
			}
		}, "invalidRequest", "exclusive canonicalization"},
		{"a transform by XSLT", func(s *signer) {
			s.info = func(e *etree.Element) {
				e.FindElement("Reference/Transforms/Transform").SelectAttr("Algorithm").Value = "http://www.w3.org/TR/1999/REC-xslt-19991116"
			}
		}, "invalidRequest", "exclusive canonicalization"},
		{"a transform by XPath", func(s *signer) {
			s.info = func(e *etree.Element) {
				e.FindElement("Reference/Transforms").CreateElement("d:Transform").CreateAttr("Algorithm", "http://www.w3.org/TR/1999/REC-xpath-19991116")
			}
		}, "invalidRequest", "one Transform"},
		{"hundreds of elements where prefixes are named", func(s *signer) {
			s.prefixes = "s"
			s.info = func(e *etree.Element) {
				for range 500 {
					e.FindElement("Reference/Transforms/Transform/InclusiveNamespaces").CreateElement("d:X")
				}
			}
		}, "invalidRequest", "nothing stands in it"},
		{"text where prefixes are named", func(s *signer) {
			s.prefixes = "s"
			s.info = func(e *etree.Element) {
				e.FindElement("Reference/Transforms/Transform/InclusiveNamespaces").SetText("x")
			}
		}, "invalidRequest", "nothing stands in it"},
		{"text in SignedInfo", func(s *signer) { s.info = func(e *etree.Element) { e.CreateText("x") } }, "invalidRequest", "in this order"},
		{"text in the canonicalization", func(s *signer) {
			s.info = func(e *etree.Element) { e.FindElement("CanonicalizationMethod").SetText("x") }
		}, "invalidRequest", "exclusive canonicalization"},
		{"text in the method", func(s *signer) {
			s.info = func(e *etree.Element) { e.FindElement("SignatureMethod").SetText("x") }
		}, "invalidRequest", "rsa-sha256"},
		{"text in a reference", func(s *signer) {
			s.info = func(e *etree.Element) { e.FindElement("Reference").CreateText("x") }
		}, "invalidRequest", "in this order"},
		{"text in the method of a digest", func(s *signer) {
			s.info = func(e *etree.Element) { e.FindElement("Reference/DigestMethod").SetText("x") }
		}, "invalidRequest", "sha256"},
		{"content in the reference to the token", func(s *signer) {
			s.after = func(d *etree.Document) { d.FindElement("//SecurityTokenReference/Reference").CreateElement("d:X") }
		}, "invalidRequest", "BinarySecurityToken of this Security header"},

		// Keys.
		{"a key that is not registered", func(s *signer) { s.keyPair = keys.other }, "unauthenticated", "not registered"},
		{"the registered certificate beside another key", func(s *signer) { s.der, s.key = keys.rsa.der, keys.other.key }, "unauthenticated", "not made with its key"},
		{"KeyInfo swapped", func(s *signer) {
			s.keyInfo = func(e *etree.Element) {
				e.CreateElement("d:X509Data").CreateElement("d:X509Certificate").SetText(base64.StdEncoding.EncodeToString(keys.other.der))
			}
		}, "unauthenticated", "not registered"},
		{"the bare key as KeyInfo", func(s *signer) {
			s.keyInfo = func(e *etree.Element) { e.CreateElement("d:KeyValue").CreateElement("d:RSAKeyValue") }
		}, "invalidRequest", "SecurityTokenReference"},
		{"KeyInfo that is fetched", func(s *signer) {
			s.keyInfo = func(e *etree.Element) {
				e.CreateElement("d:RetrievalMethod").CreateAttr("URI", "https://attacker.example/key")
			}
		}, "invalidRequest", "SecurityTokenReference"},
		{"a token that is not there", func(s *signer) {
			s.keyInfo = func(e *etree.Element) {
				e.CreateElement("w:SecurityTokenReference").CreateElement("w:Reference").CreateAttr("URI", "#X-2")
			}
		}, "invalidRequest", "BinarySecurityToken of this Security header"},
		{"a signature of nothing", func(s *signer) { s.value = func([]byte) []byte { return make([]byte, 256) } }, "unauthenticated", "not made with its key"},
		{"an ECDSA signature of zeros", func(s *signer) {
			s.keyPair, s.method, s.value = keys.ecdsa, ecdsaSHA256, func([]byte) []byte { return make([]byte, 64) }
		}, "unauthenticated", "not made with its key"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newSigner(t)
			tt.change(&s)
			f := signedFace(t)
			if got := f.askSigned(t, s.sign(getLicenseBody)); got.code != tt.code || !strings.Contains(got.message, tt.says) {
				t.Errorf("got %+v, want code %q and a message with %q", got, tt.code, tt.says)
			}
			if len(f.access.nonces) > 0 {
				t.Error("a message was remembered as used")
			}
		})
	}
}

// TestOtherSignatureOfTheSame replays a message with the second signature that everybody can make of an ECDSA one.
func TestOtherSignatureOfTheSame(t *testing.T) {
	keys, err := theKeys()
	if err != nil {
		t.Fatal(err)
	}
	s := newSigner(t)
	s.keyPair, s.method = keys.ecdsa, ecdsaSHA256
	f := signedFace(t)
	message := s.sign(getLicenseBody)
	if got := f.askSigned(t, message); got != (fault{}) {
		t.Fatalf("first: %+v", got)
	}
	d := etree.NewDocument()
	if err := d.ReadFromString(message); err != nil {
		t.Fatal(err)
	}
	e := d.FindElement("//SignatureValue")
	value, err := base64.StdEncoding.DecodeString(e.Text())
	if err != nil {
		t.Fatal(err)
	}
	other := new(big.Int).Sub(elliptic.P256().Params().N, new(big.Int).SetBytes(value[32:]))
	other.FillBytes(value[32:])
	digest := sha256.Sum256(canonicalForm(d.FindElement("//SignedInfo"), ""))
	if !ecdsa.Verify(keys.ecdsa.key.Public().(*ecdsa.PublicKey), digest[:], new(big.Int).SetBytes(value[:32]), other) {
		t.Fatal("the second signature is none")
	}
	e.SetText(base64.StdEncoding.EncodeToString(value))
	text, err := d.WriteToString()
	if err != nil {
		t.Fatal(err)
	}
	if got := f.askSigned(t, text); got.code != "unauthenticated" || !strings.Contains(got.message, "before") {
		t.Errorf("got %+v", got)
	}
}

// FuzzSignature sends anything as a signed message. Whatever comes in with the certificate's name, it is carried out only
// when its Body is the one that was signed.
func FuzzSignature(f *testing.F) {
	s := newSigner(f)
	message := s.sign(getLicenseBody)
	f.Add([]byte(message))
	keys, err := theKeys()
	if err != nil {
		f.Fatal(err)
	}
	s.keyPair, s.method, s.prefixes = keys.ecdsa, ecdsaSHA256, "s v"
	f.Add([]byte(s.sign(getLicenseBody)))
	f.Add([]byte(strings.Replace(message, "<d:SignedInfo>", "<d:SignedInfo><d:Object/>", 1)))
	f.Add([]byte(strings.ReplaceAll(message, "#B-1", "#")))
	face := signedFace(f)
	f.Fuzz(func(t *testing.T, body []byte) {
		clear(face.access.nonces)
		r := newRequest(soap11.mediaType, string(body))
		r.Header.Del("Authorization")
		w := face.ask(r)
		got := faultIn(t, w)
		if got.code == "internal" {
			t.Errorf("%+v", got)
		}
		if got.code == "" || len(face.access.nonces) > 0 { // it proved to be the account
			root, err := parse(body)
			if err != nil {
				return // it is in another charset
			}
			env, err := open(root, versionOf(root))
			if err != nil || env.request.string("ticket") != knownTicket {
				t.Errorf("carried out: %s", body)
			}
		}
	})
}
