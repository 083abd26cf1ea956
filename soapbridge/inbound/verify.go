package inbound

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/subtle"
	"fmt"
	"io"
	"math/big"
	"slices"
	"strings"
	"time"

	"github.com/beevik/etree"
	dsig "github.com/russellhaering/goxmldsig"

	"kontor/internal/licensing"
)

// verifier holds what is signed against the message that is carried out. Everything is read from the tree that the
// operation is decoded from; a second one is there only because goxmldsig canonicalizes it, and both are paired element by
// element, so that what is verified is what is carried out.
type verifier struct {
	env    envelope
	paired map[*element]*etree.Element
}

// newVerifier parses a document once more and pairs what comes out with root.
func newVerifier(document []byte, root *element, env envelope) (*verifier, error) {
	other := etree.NewDocument()
	other.ReadSettings.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil } // it is in UTF-8 by now
	if err := other.ReadFromBytes(document); err != nil {
		return nil, fmt.Errorf("the two readers of XML differ: %w", err)
	}
	v := &verifier{env: env, paired: map[*element]*etree.Element{}}
	if !v.pair(root, other.Root()) {
		return nil, fmt.Errorf("the two readers of XML differ: they see different elements")
	}
	return v, nil
}

// pair reports whether two elements are the same, with all in them, and remembers which belong together.
func (v *verifier) pair(e *element, other *etree.Element) bool {
	if other == nil || e.name != other.Tag || e.space != other.NamespaceURI() {
		return false
	}
	at := 0
	for i := range other.Attr {
		a := &other.Attr[i]
		if a.Space == "xmlns" || a.Space == "" && a.Key == "xmlns" {
			continue
		}
		if at == len(e.attrs) || e.attrs[at] != (attribute{spaceOf(a), a.Key, a.Value}) {
			return false
		}
		at++
	}
	var text strings.Builder
	at2 := 0
	for _, c := range other.Child {
		switch c := c.(type) {
		case *etree.CharData:
			text.WriteString(c.Data)
		case *etree.Element:
			if at2 == len(e.children) || !v.pair(e.children[at2], c) {
				return false
			}
			at2++
		}
	}
	v.paired[e] = other
	return at == len(e.attrs) && at2 == len(e.children) && text.String() == e.text
}

// spaceOf is the namespace of an attribute. etree takes the prefix xml for undeclared.
func spaceOf(a *etree.Attr) string {
	if a.Space == "xml" {
		return xmlNamespace
	}
	return a.NamespaceURI()
}

// canonical returns an element in exclusive canonical form.
func (v *verifier) canonical(e *element, prefixes string) ([]byte, error) {
	paired := v.paired[e]
	alone := paired.Copy()
	for p := paired.Parent(); p != nil; p = p.Parent() {
		for _, a := range p.Attr { // a declaration further inside hides one further outside
			if name, ok := declaredBy(a); ok && !declares(alone, name) {
				alone.Attr = append(alone.Attr, a)
			}
		}
	}
	return dsig.MakeC14N10ExclusiveCanonicalizerWithPrefixList(prefixes).Canonicalize(alone)
}

func declaredBy(a etree.Attr) (prefix string, ok bool) {
	switch {
	case a.Space == "xmlns":
		return a.Key, true
	case a.Space == "" && a.Key == "xmlns":
		return "", true
	}
	return "", false
}

func declares(e *etree.Element, prefix string) bool {
	for _, a := range e.Attr {
		if name, ok := declaredBy(a); ok && name == prefix {
			return true
		}
	}
	return false
}

// checkSigned reports a signature that does not cover what it has to. Each reference leads to an element by its place:
// the one Body, the Timestamp of this Security header, or another header beside them; ids alone decide nothing.
func (env envelope) checkSigned(root *element) (map[string]*element, error) {
	ids := map[string]*element{}
	if err := collectIDs(root, ids); err != nil {
		return nil, err
	}
	s := env.security
	targets := map[string]*element{}
	var body, timestamp bool
	for _, r := range s.signature.references {
		e := ids[r.id]
		switch {
		case e == nil || e.attr(wsu, "Id") != r.id:
			return nil, licensing.InvalidRequest("Reference", "No element of this message has the wsu:Id %s.", clip(r.id))
		case e == env.body:
			body = true
		case s.timestamp != nil && e == s.timestamp.at:
			timestamp = true
		case e == s.at || !slices.Contains(env.headers, e) && !slices.Contains(s.at.children, e):
			return nil, licensing.InvalidRequest("Reference", "%s is signed where it stands for nothing: sign the Body, the Timestamp, and headers.", clip(e.name))
		}
		targets[r.id] = e
	}
	switch {
	case !body:
		return nil, unauthenticated("The signature does not cover the Body of this message.")
	case !timestamp:
		return nil, unauthenticated("The signature does not cover the Timestamp of this message, which has to be there.")
	}
	return targets, nil
}

// collectIDs finds what may be referred to. Ids are unique whatever their namespace, so that there are no two opinions on
// what one means.
func collectIDs(e *element, ids map[string]*element) error {
	for _, a := range e.attrs {
		if !strings.EqualFold(a.name, "id") {
			continue
		}
		if ids[a.value] != nil {
			return licensing.InvalidRequest(e.name, "The id %s is there twice.", clip(a.value))
		}
		ids[a.value] = e
	}
	for _, c := range e.children {
		if err := collectIDs(c, ids); err != nil {
			return err
		}
	}
	return nil
}

// checkDigests reports the first element that is not what was signed.
func (v *verifier) checkDigests(targets map[string]*element) error {
	for _, r := range v.env.security.signature.references {
		e := targets[r.id]
		canonical, err := v.canonical(e, r.prefixes)
		if err != nil {
			return err
		}
		h := r.hash.New()
		h.Write(canonical)
		if subtle.ConstantTimeCompare(h.Sum(nil), r.digest) != 1 {
			return unauthenticated("The %s is not what was signed: its digest is another one.", clip(e.name))
		}
	}
	return nil
}

// checkFresh reports a signed message whose Timestamp does not bound it, or that is too old.
func (t *timestamp) checkFresh(now time.Time) error {
	switch {
	case t.created.IsZero() || t.expires.IsZero():
		return unauthenticated("The Timestamp of a signed message says when it was Created and when it Expires.")
	case t.created.Before(now.Add(-freshness)):
		return unauthenticated("The Timestamp was created at %s, and it is %s here: a signed message holds for %d minutes.",
			instant(t.created), instant(now), freshness/time.Minute)
	}
	return nil
}

// verify reports whether value is the signature over a text by the owner of a key.
func (m signatureMethod) verify(key crypto.PublicKey, signed, value []byte) bool {
	h := m.hash.New()
	h.Write(signed)
	switch k := key.(type) {
	case *rsa.PublicKey:
		return !m.ecdsa && rsa.VerifyPKCS1v15(k, m.hash, h.Sum(nil), value) == nil
	case *ecdsa.PublicKey:
		size := (k.Curve.Params().BitSize + 7) / 8
		if !m.ecdsa || len(value) != 2*size { // two numbers of a fixed length, not the DER that Go writes
			return false
		}
		return ecdsa.Verify(k, h.Sum(nil), new(big.Int).SetBytes(value[:size]), new(big.Int).SetBytes(value[size:]))
	}
	return false
}
