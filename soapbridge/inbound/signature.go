package inbound

import (
	"crypto"
	"encoding/base64"
	"encoding/xml"
	"slices"
	"strings"

	"kontor/internal/licensing"
)

// The namespaces and names of XML signatures, and of the X.509 token profile.
const (
	ds      = "http://www.w3.org/2000/09/xmldsig#"
	excC14n = "http://www.w3.org/2001/10/xml-exc-c14n#"

	x509Profile     = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-x509-token-profile-1.0#"
	thumbprintSHA1  = "http://docs.oasis-open.org/wss/oasis-wss-soap-message-security-1.1#ThumbprintSHA1"
	base64Binary    = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-soap-message-security-1.0#Base64Binary"
	maxReferences   = 10
	maxCertificate  = 16 << 10 // in base64
	maxPrefixList   = 1024
	signatureFormat = "Sign with rsa-sha256, rsa-sha384, rsa-sha512, ecdsa-sha256, ecdsa-sha384 or ecdsa-sha512."
)

// signatureMethod is an algorithm of a signature: a kind of key and a hash.
type signatureMethod struct {
	ecdsa bool
	hash  crypto.Hash
}

// What signatures and digests may be made with. SHA-1 is broken, and an HMAC proves nothing here: there is no secret.
var (
	signatureMethods = map[string]signatureMethod{
		"http://www.w3.org/2001/04/xmldsig-more#rsa-sha256":   {false, crypto.SHA256},
		"http://www.w3.org/2001/04/xmldsig-more#rsa-sha384":   {false, crypto.SHA384},
		"http://www.w3.org/2001/04/xmldsig-more#rsa-sha512":   {false, crypto.SHA512},
		"http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256": {true, crypto.SHA256},
		"http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384": {true, crypto.SHA384},
		"http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512": {true, crypto.SHA512},
	}
	digestMethods = map[string]crypto.Hash{
		"http://www.w3.org/2001/04/xmlenc#sha256":       crypto.SHA256,
		"http://www.w3.org/2001/04/xmldsig-more#sha384": crypto.SHA384,
		"http://www.w3.org/2001/04/xmlenc#sha512":       crypto.SHA512,
	}
)

// signature is what a Signature says, not yet verified.
type signature struct {
	info        *element // SignedInfo, which the value is over
	prefixes    string   // of its canonical form
	method      signatureMethod
	value       []byte
	references  []signedPart
	certificate licensing.CertificateName
}

// signedPart is one element that is signed.
type signedPart struct {
	id       string
	prefixes string // of its canonical form
	hash     crypto.Hash
	digest   []byte
}

// binaryToken is a certificate that is sent along.
type binaryToken struct {
	id  string // empty: none
	der []byte
}

// readBinaryToken reads a BinarySecurityToken.
func readBinaryToken(e *element) (*binaryToken, error) {
	if kind := trim(e.attr("", "ValueType")); kind != x509Profile+"X509v3" {
		return nil, licensing.InvalidRequest("BinarySecurityToken", "Its ValueType is %sX509v3: one certificate, by itself.", x509Profile)
	}
	if encoding := trim(e.attr("", "EncodingType")); encoding != "" && encoding != base64Binary {
		return nil, licensing.InvalidRequest("BinarySecurityToken", "Its EncodingType is %s.", base64Binary)
	}
	der, err := readBase64(e, maxCertificate)
	return &binaryToken{id: e.attr(wsu, "Id"), der: der}, err
}

// readSignature reads a Signature strictly: what it does not know it refuses. token is the certificate sent along, or nil.
func readSignature(e *element, token *binaryToken) (*signature, error) {
	parts, err := children(e, "SignedInfo", "SignatureValue", "KeyInfo")
	if err != nil {
		return nil, err
	}
	s := &signature{info: parts[0]}
	if s.value, err = readBase64(parts[1], 4096); err != nil {
		return nil, err
	}
	if err := s.readInfo(); err != nil {
		return nil, err
	}
	s.certificate, err = readKeyInfo(parts[2], token)
	return s, err
}

// children returns the children of an element of a signature, which are these, in this order.
func children(e *element, names ...string) ([]*element, error) {
	if len(e.children) == len(names) && e.noText() {
		all := true
		for i, c := range e.children {
			all = all && c.is(ds, names[i])
		}
		if all {
			return e.children, nil
		}
	}
	return nil, licensing.InvalidRequest(e.name, "It holds, in this order: %s.", strings.Join(names, ", "))
}

// noText reports whether nothing but white space stands directly in an element.
func (e *element) noText() bool { return trim(e.text) == "" }

// empty reports whether an element says all by its attributes.
func (e *element) empty() bool { return len(e.children) == 0 && e.noText() }

func (s *signature) readInfo() error {
	parts := s.info.children
	if len(parts) < 3 || !s.info.noText() || !parts[0].is(ds, "CanonicalizationMethod") || !parts[1].is(ds, "SignatureMethod") {
		return licensing.InvalidRequest("SignedInfo", "It holds, in this order: CanonicalizationMethod, SignatureMethod, and a Reference for each element that is signed.")
	}
	var err error
	if s.prefixes, err = readCanonical(parts[0]); err != nil {
		return err
	}
	method, known := signatureMethods[parts[1].attr("", "Algorithm")]
	if !known || !parts[1].empty() {
		return licensing.InvalidRequest("SignatureMethod", signatureFormat)
	}
	s.method = method
	if len(parts)-2 > maxReferences {
		return licensing.InvalidRequest("Reference", "Sign at most %d elements.", maxReferences)
	}
	for _, p := range parts[2:] {
		r, err := readReference(p)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(s.references, func(other signedPart) bool { return other.id == r.id }) {
			return licensing.InvalidRequest("Reference", "Refer to each element once.")
		}
		s.references = append(s.references, r)
	}
	return nil
}

func readReference(e *element) (r signedPart, err error) {
	if !e.is(ds, "Reference") {
		return r, licensing.InvalidRequest("SignedInfo", "There is no %s in it.", clip(e.name))
	}
	uri := e.attr("", "URI")
	if len(uri) < 2 || uri[0] != '#' || strings.ContainsAny(uri, "()") {
		return r, licensing.InvalidRequest("Reference", "Its URI is # and the wsu:Id of an element of this message.")
	}
	r.id = uri[1:]
	parts, err := children(e, "Transforms", "DigestMethod", "DigestValue")
	if err != nil {
		return r, err
	}
	transforms, err := children(parts[0], "Transform")
	if err != nil {
		return r, licensing.InvalidRequest("Transforms", "There is one Transform, which is %s.", excC14n)
	}
	if r.prefixes, err = readCanonical(transforms[0]); err != nil {
		return r, err
	}
	var known bool
	if r.hash, known = digestMethods[parts[1].attr("", "Algorithm")]; !known || !parts[1].empty() {
		return r, licensing.InvalidRequest("DigestMethod", "Make digests with sha256, sha384 or sha512.")
	}
	r.digest, err = readBase64(parts[2], 128)
	return r, err
}

// readCanonical reads which canonical form an element is in: the exclusive one alone, without comments. It returns the
// prefixes whose declarations are part of it besides those in use.
func readCanonical(e *element) (prefixes string, err error) {
	wrong := licensing.InvalidRequest(e.name, "Use exclusive canonicalization without comments: the Algorithm is %s.", excC14n)
	if e.attr("", "Algorithm") != excC14n || len(e.children) > 1 || !e.noText() {
		return "", wrong
	}
	for _, c := range e.children {
		if !c.is(excC14n, "InclusiveNamespaces") {
			return "", wrong
		}
		if !c.empty() {
			return "", licensing.InvalidRequest("InclusiveNamespaces", "It has a PrefixList, and nothing stands in it.")
		}
		prefixes = c.attr("", "PrefixList")
		if len(prefixes) > maxPrefixList || slices.Contains(strings.Fields(prefixes), "#default") {
			return "", licensing.InvalidRequest("InclusiveNamespaces", "Its PrefixList names prefixes, and #default is none that is understood here.")
		}
	}
	return prefixes, nil
}

// readKeyInfo finds out which certificate a signature names. That it is sent along proves nothing: what counts is
// whether it is registered.
func readKeyInfo(e *element, token *binaryToken) (licensing.CertificateName, error) {
	wrong := licensing.InvalidRequest("KeyInfo", "It holds a SecurityTokenReference to a BinarySecurityToken, or with a KeyIdentifier or X509Data.")
	if len(e.children) != 1 {
		return "", wrong
	}
	how := e.children[0]
	if how.is(wsse, "SecurityTokenReference") {
		if len(how.children) != 1 {
			return "", wrong
		}
		how = how.children[0]
	}
	switch (xml.Name{Space: how.space, Local: how.name}) {
	case xml.Name{Space: wsse, Local: "Reference"}:
		if uri := how.attr("", "URI"); token == nil || token.id == "" || uri != "#"+token.id || !how.empty() {
			return "", licensing.InvalidRequest("Reference", "It refers to the BinarySecurityToken of this Security header, by # and its wsu:Id.")
		}
		return licensing.NameByFingerprint(token.der), nil
	case xml.Name{Space: wsse, Local: "KeyIdentifier"}:
		return readKeyIdentifier(how)
	case xml.Name{Space: ds, Local: "X509Data"}:
		return readX509Data(how)
	}
	return "", wrong
}

func readKeyIdentifier(e *element) (licensing.CertificateName, error) {
	value, err := readBase64(e, maxCertificate)
	if err != nil {
		return "", err
	}
	switch trim(e.attr("", "ValueType")) {
	case x509Profile + "X509v3":
		return licensing.NameByFingerprint(value), nil
	case x509Profile + "X509SubjectKeyIdentifier":
		return licensing.NameByKeyID(value), nil
	case thumbprintSHA1:
		return licensing.NameByThumbprint(value), nil
	}
	return "", licensing.InvalidRequest("KeyIdentifier", "Its ValueType is that of a certificate (X509v3), of a subject key identifier or of a SHA-1 thumbprint.")
}

// readX509Data prefers the certificate itself to its issuer and number.
func readX509Data(e *element) (name licensing.CertificateName, err error) {
	for _, c := range e.children {
		switch {
		case c.is(ds, "X509Certificate"):
			der, err := readBase64(c, maxCertificate)
			return licensing.NameByFingerprint(der), err
		case c.is(ds, "X509IssuerSerial") && len(c.children) == 2 && c.children[0].is(ds, "X509IssuerName") && c.children[1].is(ds, "X509SerialNumber"):
			if issuer := c.children[0].text; len(issuer) <= maxCertificate {
				name = licensing.NameBySerial(issuer, trim(c.children[1].text))
			}
		}
	}
	if name == "" {
		return "", licensing.InvalidRequest("X509Data", "It holds an X509Certificate, or an X509IssuerSerial.")
	}
	return name, nil
}

// readBase64 reads an element of base64, which may be wrapped into lines.
func readBase64(e *element, longest int) ([]byte, error) {
	text := e.text
	if strings.ContainsAny(text, " \t\r\n") {
		text = strings.Join(strings.Fields(text), "")
	}
	b, err := base64.StdEncoding.Strict().DecodeString(text)
	if err != nil || len(b) == 0 || len(text) > longest || len(e.children) > 0 {
		return nil, licensing.InvalidRequest(e.name, "It holds base64, of at most %d characters.", longest)
	}
	return b, nil
}
