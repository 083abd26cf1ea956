package inbound

import (
	"strings"
	"testing"
	"time"

	"github.com/beevik/etree"
)

// TestSignatureOfAStranger holds that a signature by a certificate that nobody registered is no way to make the service
// work: a large message with it is read once, as an unsigned one is.
func TestSignatureOfAStranger(t *testing.T) {
	large := "<x:X xmlns:x=\"urn:x\">" + strings.Repeat("<x:a x:b=\"1\" x:c=\"2\"/>", 5000) + "</x:X>"
	s := newSigner(t)
	s.before = func(d *etree.Document) {
		header := etree.NewDocument()
		if err := header.ReadFromString(large); err != nil {
			t.Fatal(err)
		}
		d.FindElement("/Envelope/Header").AddChild(header.Root())
	}
	f := newFace(t, Config{})
	cost := func(says, message string) float64 {
		return testing.AllocsPerRun(3, func() {
			if got := f.askSigned(t, message); got.code != "unauthenticated" || !strings.Contains(got.message, says) {
				t.Fatalf("got %+v", got)
			}
		})
	}
	unsigned := cost("Name a service account", soapEnvelope(large, getLicenseBody))
	if signed := cost("not registered", s.sign(getLicenseBody)); signed > unsigned+1000 {
		t.Errorf("%.0f allocations for a stranger's signature, and %.0f for none", signed, unsigned)
	}
}

// TestJunkSignaturesAreBraked names a certificate that is registered, which anybody can: the message is read a second time to
// find out, so each counts as malformed and twice as long as it is, and so does one with a token beside it. Right ones do not
// count.
func TestJunkSignaturesAreBraked(t *testing.T) {
	s := newSigner(t)
	junk := strings.Replace(s.sign(getLicenseBody), "<d:SignatureValue>", "<d:SignatureValue>AAAA", 1)
	token := strings.Replace(junk, "<d:Signature ", usernameTokenXML(accountName, accountSecret, passwordText, "")+"<d:Signature ", 1)
	f := newFace(t, Config{Malformed: 2 * (len(junk) + len(token) + len(junk) + len(token))})
	f.access.certificates = signedFace(t).access.certificates
	for i, message := range []string{junk, token, junk, token} {
		if got := f.askSigned(t, s.sign(getLicenseBody)); got != (fault{}) {
			t.Errorf("%d: a right signature gets %+v", i, got)
		}
		f.access.nonces = map[string]time.Time{}
		if got := f.askSigned(t, message); got.code != "unauthenticated" {
			t.Errorf("%d: junk gets %+v", i, got)
		}
	}
	if got := f.askSigned(t, s.sign(getLicenseBody)); got.code != "exhausted" {
		t.Errorf("after four got %+v", got)
	}
}

// TestSignedElsewhere sends a message that was signed for another receiver's header: nothing of it counts here.
func TestSignedElsewhere(t *testing.T) {
	s := newSigner(t)
	s.after = func(d *etree.Document) {
		header := d.FindElement("/Envelope/Header/Security")
		header.RemoveAttr("s:mustUnderstand")
		header.CreateAttr("s:actor", "urn:somebody")
	}
	if got := signedFace(t).askSigned(t, s.sign(getLicenseBody)); got.code != "unauthenticated" || !strings.Contains(got.message, "Name a service account") {
		t.Errorf("got %+v", got)
	}
}

// TestSignatureBesideOthers holds that all credentials of a message name one account.
func TestSignatureBesideOthers(t *testing.T) {
	s := newSigner(t)
	f := signedFace(t)
	if got := faultIn(t, f.ask(newRequest(soap11.mediaType, s.sign(getLicenseBody)))); got != (fault{}) {
		t.Errorf("with Basic of the same account: %+v", got)
	}
	r := newRequest(soap11.mediaType, s.sign(getLicenseBody))
	r.SetBasicAuth(accountName, "wrong")
	if got := faultIn(t, f.ask(r)); got.code != "unauthenticated" {
		t.Errorf("with a wrong secret: %+v", got)
	}
	f = signedFace(t)
	f.access.certificates[0].Account = "another"
	if got := faultIn(t, f.ask(newRequest(soap11.mediaType, s.sign(getLicenseBody)))); !strings.Contains(got.message, "two accounts") {
		t.Errorf("with Basic of another account: %+v", got)
	}
}
