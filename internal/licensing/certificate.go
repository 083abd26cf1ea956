package licensing

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/sha1" // names a certificate, as WS-Security 1.1 has it; nothing is proved by it
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"slices"
	"strings"
	"time"
)

const (
	// MaxCertificates is how many certificates an account may have at once, so that they can be rotated.
	MaxCertificates = 10
	// MaxCertificateText is the most bytes of a certificate in PEM.
	MaxCertificateText = 16 << 10
	// CertificateWarning is how long before its end a certificate is warned of.
	CertificateWarning = 30 * 24 * time.Hour
	// minRSA and maxRSA bound the RSA keys that are taken, in bits: a longer one makes each request dear.
	minRSA, maxRSA = 2048, 8192
)

// CertificateID names a Certificate.
type CertificateID string

// Certificate is one by which a service account signs its requests, or comes in over TLS. It is trusted because it is
// registered, whoever issued it.
type Certificate struct {
	ID      CertificateID
	Account MembershipID
	DER     []byte
	AddedAt time.Time // wall clock

	Fingerprint string // SHA-256 over DER, in lower-case hex
	Subject     string // as RFC 4514 writes it
	From, Until time.Time
	Key         crypto.PublicKey // *rsa.PublicKey or *ecdsa.PublicKey
	Names       CertificateNames
}

// CertificateName is what a message may call a certificate by: one of CertificateNames.
type CertificateName string

// CertificateNames are the names of one certificate. Only the first is its own alone.
type CertificateNames struct {
	Fingerprint CertificateName
	Thumbprint  CertificateName // SHA-1
	KeyID       CertificateName // its subject key identifier; empty: it has none
	Serial      CertificateName // its issuer with its serial number
	Key         CertificateName // its public key; no message names one by it
}

// nameByKey is a name by a public key, as a certificate holds it.
func nameByKey(spki []byte) CertificateName {
	h := sha256.Sum256(spki)
	return CertificateName("spki:" + hex.EncodeToString(h[:]))
}

// NameByFingerprint is the name of the certificate in der, which need not be one.
func NameByFingerprint(der []byte) CertificateName {
	h := sha256.Sum256(der)
	return CertificateName("sha256:" + hex.EncodeToString(h[:]))
}

// NameByThumbprint is a name by the SHA-1 of a certificate.
func NameByThumbprint(thumbprint []byte) CertificateName {
	return CertificateName("sha1:" + hex.EncodeToString(thumbprint))
}

// NameByKeyID is a name by a subject key identifier.
func NameByKeyID(id []byte) CertificateName {
	return CertificateName("key:" + base64.StdEncoding.EncodeToString(id))
}

// NameBySerial is a name by the issuer, as a toolkit writes it, and the serial number in decimal. Toolkits name, quote and
// escape differently, and have the parts forward or backward: that makes no difference here, but upper and lower case of
// values does.
func NameBySerial(issuer, serial string) CertificateName {
	parts, ok := nameReader{issuer}.attributes()
	if !ok {
		parts = []string{issuer}
	}
	return nameBySerial(parts, serial)
}

func nameBySerial(attributes []string, serial string) CertificateName {
	slices.Sort(attributes)
	h := sha256.Sum256([]byte(strings.Join(attributes, "\x00") + "\x00\x00" + strings.TrimSpace(serial)))
	return CertificateName("serial:" + hex.EncodeToString(h[:]))
}

// attributesOf are those of a name in a certificate, as nameReader has them.
func attributesOf(n pkix.Name) (all []string) {
	for _, a := range n.Names {
		all = append(all, attribute(a.Type, fmt.Sprint(a.Value)))
	}
	return all
}

// ParseCertificate reads one certificate in DER. The error has code invalidRequest and names the field "certificate".
func ParseCertificate(der []byte) (Certificate, error) {
	x, err := x509.ParseCertificate(der)
	if err != nil {
		return Certificate{}, InvalidRequest("certificate", "This is no X.509 certificate that can be read.")
	}
	if err := checkKey(x.PublicKey); err != nil {
		return Certificate{}, err
	}
	c := Certificate{DER: der, Subject: subjectOf(x), From: x.NotBefore.UTC(), Until: x.NotAfter.UTC(), Key: x.PublicKey}
	thumbprint := sha1.Sum(der)
	c.Names = CertificateNames{
		Fingerprint: NameByFingerprint(der), Thumbprint: NameByThumbprint(thumbprint[:]), Serial: nameBySerial(attributesOf(x.Issuer), x.SerialNumber.String()),
		Key: nameByKey(x.RawSubjectPublicKeyInfo),
	}
	if len(x.SubjectKeyId) > 0 {
		c.Names.KeyID = NameByKeyID(x.SubjectKeyId)
	}
	_, c.Fingerprint, _ = strings.Cut(string(c.Names.Fingerprint), ":")
	return c, nil
}

// subjectOf is whom a certificate names; some name their host only beside the subject.
func subjectOf(x *x509.Certificate) string {
	subject := x.Subject.String()
	if subject == "" {
		subject = strings.Join(slices.Concat(x.DNSNames, x.EmailAddresses), ", ")
	}
	const most = 300
	if len(subject) > most {
		subject = strings.ToValidUTF8(subject[:most], "") + "…"
	}
	return subject
}

func checkKey(key crypto.PublicKey) error {
	switch k := key.(type) {
	case *rsa.PublicKey:
		if n := k.N.BitLen(); n < minRSA || n > maxRSA {
			return InvalidRequest("certificate", "Its RSA key has %d bits. Use one of %d to %d bits.", n, minRSA, maxRSA)
		}
		return nil
	case *ecdsa.PublicKey:
		if k.Curve == elliptic.P256() || k.Curve == elliptic.P384() || k.Curve == elliptic.P521() {
			return nil
		}
	}
	return InvalidRequest("certificate", "Use a certificate with an RSA key, or one on the curves P-256, P-384 or P-521.")
}

// ReadCertificate reads the one certificate of a text in PEM. The error has code invalidRequest and names the field
// "certificate"; it says so when a private key is there, which nobody but the caller must have.
func ReadCertificate(text string) (Certificate, error) {
	if len(text) > MaxCertificateText {
		return Certificate{}, InvalidRequest("certificate", "Enter one certificate of at most %d KB.", MaxCertificateText>>10)
	}
	var der []byte
	for rest := []byte(text); ; {
		var block *pem.Block
		block, rest = pem.Decode(rest)
		switch {
		case block == nil && der == nil:
			return Certificate{}, InvalidRequest("certificate", "Enter a certificate in PEM: it begins with -----BEGIN CERTIFICATE-----.")
		case block == nil:
			return ParseCertificate(der)
		case strings.Contains(block.Type, "PRIVATE KEY"):
			return Certificate{}, InvalidRequest("certificate", "This holds a private key, which has to stay with the other system. Enter the certificate alone. Nothing has been kept; when it went further than you meant, make a new key.")
		case block.Type != "CERTIFICATE":
			return Certificate{}, InvalidRequest("certificate", "Enter a certificate: this holds a %s.", block.Type)
		case der != nil:
			return Certificate{}, InvalidRequest("certificate", "Enter one certificate, the account's own, without those that issued it.")
		}
		der = block.Bytes
	}
}

// CheckTime reports a certificate that has ended by a moment of the wall clock, or has not begun; code unauthenticated.
func (c Certificate) CheckTime(now time.Time) error {
	const form = "2006-01-02T15:04:05Z"
	fail := func(format string, args ...any) error {
		return ErrorOf(Unauthenticated, CodeUnauthenticated, format, args...)
	}
	switch {
	case now.Before(c.From):
		return fail("The certificate is valid from %s on, and it is %s here.", c.From.Format(form), now.UTC().Format(form))
	case now.After(c.Until):
		return fail("The certificate expired at %s, and it is %s here. Register a new one.", c.Until.Format(form), now.UTC().Format(form))
	}
	return nil
}

// Ended reports whether it has expired by a moment of the wall clock.
func (c Certificate) Ended(now time.Time) bool { return now.After(c.Until) }

// EndsSoon reports whether it is time to register the next one.
func (c Certificate) EndsSoon(now time.Time) bool {
	return !c.Ended(now) && now.Add(CertificateWarning).After(c.Until)
}
