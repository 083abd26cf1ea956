package inbound

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"math/big"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/beevik/etree"
	dsig "github.com/russellhaering/goxmldsig"
	"github.com/russellhaering/goxmldsig/etreeutils"

	"kontor/internal/licensing"
)

const (
	rsaSHA256   = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
	ecdsaSHA256 = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"
	sha256URI   = "http://www.w3.org/2001/04/xmlenc#sha256"
)

// keyPair is a key with a certificate that it signed itself.
type keyPair struct {
	key crypto.Signer
	der []byte
}

func newKeyPair(key crypto.Signer, serial int64) (keyPair, error) {
	template := &x509.Certificate{
		SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: "erp.aurora.example", Organization: []string{"Aurora"}}, SubjectKeyId: []byte{1, 2, byte(serial)},
		NotBefore: testNow.Add(-time.Hour), NotAfter: time.Now().AddDate(50, 0, 0),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	return keyPair{key, der}, err
}

func (k keyPair) certificate(t testing.TB, account licensing.MembershipID) licensing.Certificate {
	t.Helper()
	c, err := licensing.ParseCertificate(k.der)
	if err != nil {
		t.Fatal(err)
	}
	c.Account = account
	return c
}

// theKeys are made once: RSA keys take their time.
var theKeys = sync.OnceValues(func() (keys struct{ rsa, other, ecdsa keyPair }, err error) {
	for i, to := range []*keyPair{&keys.rsa, &keys.other} {
		key, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			return keys, err
		}
		if *to, err = newKeyPair(key, int64(7+i)); err != nil {
			return keys, err
		}
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return keys, err
	}
	keys.ecdsa, err = newKeyPair(key, 9)
	return keys, err
})

// signer writes a signed message as toolkits do.
type signer struct {
	keyPair
	method, digest string
	parts          []string // what is signed, as paths; nil: Body and Timestamp
	prefixes       string   // of canonical forms
	expires        string   // "" for in five minutes, "-" for none
	created        time.Duration
	before         func(d *etree.Document)         // what is done before it is signed
	info           func(signedInfo *etree.Element) // and to what is signed
	keyInfo        func(keyInfo *etree.Element)
	value          func(value []byte) []byte
	after          func(d *etree.Document) // what is done to the message afterwards
}

const bodyPath, timestampPath = "/Envelope/Body", "/Envelope/Header/Security/Timestamp"

func newSigner(t testing.TB) signer {
	t.Helper()
	keys, err := theKeys()
	if err != nil {
		t.Fatal(err)
	}
	return signer{keyPair: keys.rsa, method: rsaSHA256, digest: sha256URI}
}

// canonicalForm is made with goxmldsig's own helpers, in another way than the verifier's.
func canonicalForm(e *etree.Element, prefixes string) []byte {
	context, err := etreeutils.NSBuildParentContext(e)
	if err != nil {
		panic(err)
	}
	detached, err := etreeutils.NSDetatch(context, e)
	if err != nil {
		panic(err)
	}
	b, err := dsig.MakeC14N10ExclusiveCanonicalizerWithPrefixList(prefixes).Canonicalize(detached)
	if err != nil {
		panic(err)
	}
	return b
}

// sign returns a signed envelope with a body.
func (s signer) sign(body string) string {
	d := etree.NewDocument()
	expires := s.expires
	switch expires {
	case "":
		expires = at(s.created + freshness)
	case "-":
		expires = ""
	}
	stamp := timestampXML(at(s.created), expires)
	if expires == "" {
		stamp = strings.Replace(stamp, "<u:Expires></u:Expires>", "", 1)
	}
	if err := d.ReadFromString(soapEnvelope(securityHeader(stamp), body)); err != nil {
		panic(err)
	}
	parts := s.parts
	if parts == nil {
		parts = []string{bodyPath, timestampPath}
	}
	setID(d.FindElement(bodyPath), "B-1")
	setID(d.FindElement(timestampPath), "T-1")
	security := d.FindElement("/Envelope/Header/Security")
	token := security.CreateElement("w:BinarySecurityToken")
	token.CreateAttr("ValueType", x509Profile+"X509v3")
	token.CreateAttr("EncodingType", base64Binary)
	token.SetText(base64.StdEncoding.EncodeToString(s.der))
	setID(token, "X-1")
	if s.before != nil {
		s.before(d)
	}
	sig := security.CreateElement("d:Signature")
	sig.CreateAttr("xmlns:d", ds)
	info := sig.CreateElement("d:SignedInfo")
	canonicalization := info.CreateElement("d:CanonicalizationMethod")
	canonicalization.CreateAttr("Algorithm", excC14n)
	info.CreateElement("d:SignatureMethod").CreateAttr("Algorithm", s.method)
	for _, part := range parts {
		e := d.FindElement(part)
		r := info.CreateElement("d:Reference")
		r.CreateAttr("URI", "#"+idOf(e))
		transform := r.CreateElement("d:Transforms").CreateElement("d:Transform")
		transform.CreateAttr("Algorithm", excC14n)
		if s.prefixes != "" {
			inclusive := transform.CreateElement("e:InclusiveNamespaces")
			inclusive.CreateAttr("xmlns:e", excC14n)
			inclusive.CreateAttr("PrefixList", s.prefixes)
		}
		r.CreateElement("d:DigestMethod").CreateAttr("Algorithm", s.digest)
		h := digestMethods[s.digest].New()
		h.Write(canonicalForm(e, s.prefixes))
		r.CreateElement("d:DigestValue").SetText(base64.StdEncoding.EncodeToString(h.Sum(nil)))
	}
	if s.info != nil {
		s.info(info)
	}
	value := s.valueOf(info)
	if s.value != nil {
		value = s.value(value)
	}
	sig.CreateElement("d:SignatureValue").SetText(base64.StdEncoding.EncodeToString(value))
	keyInfo := sig.CreateElement("d:KeyInfo")
	if s.keyInfo != nil {
		s.keyInfo(keyInfo)
	} else {
		r := keyInfo.CreateElement("w:SecurityTokenReference").CreateElement("w:Reference")
		r.CreateAttr("URI", "#X-1")
	}
	if s.after != nil {
		s.after(d)
	}
	text, err := d.WriteToString()
	if err != nil {
		panic(err)
	}
	return text
}

// valueOf signs SignedInfo, whatever method it names: one that is not known is signed as if it were RSA with SHA-256.
func (s signer) valueOf(info *etree.Element) []byte {
	method, known := signatureMethods[s.method]
	if !known {
		method = signatureMethod{hash: crypto.SHA256}
	}
	h := method.hash.New()
	h.Write(canonicalForm(info, ""))
	value, err := s.key.Sign(rand.Reader, h.Sum(nil), method.hash)
	if err != nil {
		panic(err)
	}
	if !method.ecdsa {
		return value
	}
	r, sv, err := ecdsa.Sign(rand.Reader, s.key.(*ecdsa.PrivateKey), h.Sum(nil))
	if err != nil {
		panic(err)
	}
	return append(r.FillBytes(make([]byte, 32)), sv.FillBytes(make([]byte, 32))...)
}

func setID(e *etree.Element, id string) {
	e.CreateAttr("xmlns:u", wsu)
	e.CreateAttr("u:Id", id)
}

func idOf(e *etree.Element) string { return e.SelectAttrValue("u:Id", "") }

func (k keyPair) pem() (certificate, key []byte) {
	private, err := x509.MarshalPKCS8PrivateKey(k.key)
	if err != nil {
		panic(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: k.der}), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private})
}
