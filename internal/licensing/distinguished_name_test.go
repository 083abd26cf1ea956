package licensing_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"kontor/internal/licensing"
)

// issued is a certificate with the number 7 whose issuer has these attributes, in this order.
func issued(t testing.TB, attributes ...pkix.AttributeTypeAndValue) (licensing.Certificate, *x509.Certificate) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(7), Subject: pkix.Name{ExtraNames: attributes}, NotBefore: time.Unix(0, 0), NotAfter: time.Unix(3600, 0)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	c, err := licensing.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	x, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return c, x
}

func attribute(value any, id ...int) pkix.AttributeTypeAndValue {
	return pkix.AttributeTypeAndValue{Type: id, Value: value}
}

var (
	commonName = asn1.ObjectIdentifier{2, 5, 4, 3}
	domainPart = asn1.ObjectIdentifier{0, 9, 2342, 19200300, 100, 1, 25}
	email      = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 1}
)

// TestIssuersAsToolkitsWriteThem holds that one issuer is found however .NET, Java, OpenSSL and Go write it.
func TestIssuersAsToolkitsWriteThem(t *testing.T) {
	ca := attribute("CA", commonName...)
	ia5 := func(s string) asn1.RawValue { return asn1.RawValue{Tag: asn1.TagIA5String, Bytes: []byte(s)} }
	for name, c := range map[string]struct {
		attributes []pkix.AttributeTypeAndValue
		is, isNot  []string
	}{
		"a comma": {
			[]pkix.AttributeTypeAndValue{attribute("Acme, Inc.", 2, 5, 4, 10), ca},
			[]string{`CN=CA, O="Acme, Inc."`, `CN=CA,O=Acme\, Inc.`, `CN=CA,O=Acme\2C Inc.`, `O="Acme, Inc.";CN=CA`, `2.5.4.3=CA, OID.2.5.4.10="Acme, Inc."`, " cn = CA ,\n o = Acme\\, Inc. "},
			[]string{`CN=CA, O=Acme, Inc.`, `CN=CA, O=Acme`, `CN=CA,O="Acme, Inc`, `CN=CA,O="Acme, Inc." x`, `CN=CA,O=Acme\, Inc.,`, `CN=CA`, ``},
		},
		"a state":    {[]pkix.AttributeTypeAndValue{ca, attribute("Bavaria", 2, 5, 4, 8)}, []string{"CN=CA, S=Bavaria", "CN=CA,ST=Bavaria"}, []string{"CN=CA,SN=Bavaria"}},
		"a domain":   {[]pkix.AttributeTypeAndValue{attribute(ia5("corp"), domainPart...), attribute(ia5("acme"), domainPart...), ca}, []string{"CN=CA, DC=acme, DC=corp", "CN=CA,0.9.2342.19200300.100.1.25=#160461636d65,DC=corp"}, []string{"CN=CA,DC=acme"}},
		"an address": {[]pkix.AttributeTypeAndValue{attribute(ia5("a@b.c"), email...), ca}, []string{"CN=CA, E=a@b.c", "EMAILADDRESS=a@b.c,CN=CA", "emailAddress=a@b.c,CN=CA", "1.2.840.113549.1.9.1=#16056140622e63,CN=CA", "1.2.840.113549.1.9.1=#0C056140622E63,CN=CA"}, []string{"CN=CA,E=#16", "CN=CA,E=#zz", "CN=CA,E=#0201ff", "CN=CA,E=#1605614062"}},
		"a person":   {[]pkix.AttributeTypeAndValue{attribute("Ute", 2, 5, 4, 42), attribute("Brückner", 2, 5, 4, 4), attribute("Dr.", 2, 5, 4, 12), attribute("u1", 0, 9, 2342, 19200300, 100, 1, 1), attribute("9", 2, 5, 4, 5)}, []string{"SERIALNUMBER=9, UID=u1, T=Dr., SN=Brückner, G=Ute", `serialNumber=9,UID=u1,title=Dr.,surname=Br\C3\BCckner,GN=Ute`}, nil},
		"a quote":    {[]pkix.AttributeTypeAndValue{attribute(`Say "hi" \ + #1`, commonName...)}, []string{`CN="Say ""hi"" \\ + #1"`, `CN=Say \"hi\" \\ \+ #1`, `CN="Say \"hi\" \\ + #1"`}, []string{`CN=Say "hi" \ + #1`}},
		"spaces":     {[]pkix.AttributeTypeAndValue{attribute(" a ", commonName...)}, []string{`CN=" a "`, `CN=\ a\ `, `CN=\20a\20  `}, []string{"CN=a", "CN= a "}},
		"one of two": {[]pkix.AttributeTypeAndValue{attribute("X", 2, 5, 4, 11), attribute("Y", 2, 5, 4, 11)}, []string{"OU=X, OU=Y", "OU=Y+OU=X"}, []string{"OU=Y", "OU=X"}},
		"unusual":    {[]pkix.AttributeTypeAndValue{attribute("v", 1, 2, 3, 4)}, []string{"OID.1.2.3.4=v", "1.2.3.4=#130176", "oid.1.2.3.4=\"v\""}, []string{"1.2.3.5=v", "X=v", "1.2.x=v", "=v", "1.2.3.4", strings.Repeat("1.", 30) + "1=v"}},
	} {
		held, x := issued(t, c.attributes...)
		for _, s := range append(c.is, x.Issuer.String()) {
			if licensing.NameBySerial(s, " 7\n") != held.Names.Serial {
				t.Errorf("%s: %s is another issuer", name, s)
			}
		}
		for _, s := range c.isNot {
			if licensing.NameBySerial(s, "7") == held.Names.Serial {
				t.Errorf("%s: %s is the same issuer", name, s)
			}
		}
		if licensing.NameBySerial(c.is[0], "8") == held.Names.Serial {
			t.Errorf("%s: another number is the same certificate", name)
		}
	}
}

// TestAnyIssuerIsRead holds that what Go escapes and what .NET quotes is one issuer, and that any text is taken.
func TestAnyIssuerIsRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.StringOf(rapid.OneOf(rapid.SampledFrom([]rune(` "#+,;<=>\aF0`)), rapid.RuneFrom([]rune("äß日-.@")))).Draw(t, "value")
		escaped := pkix.RDNSequence{{{Type: commonName, Value: value}}}.String() + ",C=DE"
		quoted := `C=DE, CN="` + strings.NewReplacer(`\`, `\\`, `"`, `""`).Replace(value) + `"`
		if licensing.NameBySerial(escaped, "7") != licensing.NameBySerial(quoted, "7") {
			t.Errorf("%s is not %s", escaped, quoted)
		}
		licensing.NameBySerial(rapid.String().Draw(t, "any"), "7")
		licensing.NameBySerial(rapid.StringOf(rapid.SampledFrom([]rune(` "#+,;=\aCN0.`))).Draw(t, "nearly"), "7")
	})
}
