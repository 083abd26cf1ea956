package inbound

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"testing"

	"github.com/beevik/etree"

	"kontor/internal/ordering"
)

// FuzzRequest sends anything. Whatever it is, the answer is a well-formed envelope with one response or one complete
// fault, and none of them is our own mistake.
func FuzzRequest(f *testing.F) {
	for _, request := range goldenRequests(f) {
		f.Add([]byte(request))
	}
	f.Add([]byte(soapEnvelope(securityHeader(timestampXML(at(0), at(0))+digestToken(accountSecret, "0123456789abcdef", at(0))), getLicenseBody)))
	f.Add([]byte(soapEnvelope(`<x:Route xmlns:x="urn:x" s:mustUnderstand="1"/>`, createLicenseBody("<v:quantity>0</v:quantity>", "<v:test>1</v:test>"))))
	f.Add([]byte("<?xml version='1.0' encoding='latin1'?><!DOCTYPE a><a b='&#0;' xmlns:c='' c:d=''><![CDATA[]]></a>"))
	face := newFace(f, Config{})
	f.Fuzz(func(t *testing.T, body []byte) {
		clear(face.access.nonces)
		face.ordering.created = map[string]ordering.Created{}
		w := face.ask(newRequest(soap11.mediaType, string(body)))
		got := faultIn(t, w)
		if (got == fault{}) != (w.Code == http.StatusOK) || got.code == "internal" {
			t.Errorf("status %d, %+v", w.Code, got)
		}
		answer, err := parse(w.Body.Bytes())
		if err != nil {
			t.Fatalf("%v: %s", err, w.Body)
		}
		if _, err := open(answer, versionOf(answer)); err != nil {
			var unknown *mustUnderstandError
			if !errors.As(err, &unknown) {
				t.Errorf("%v: %s", err, w.Body)
			}
		}
	})
}

// FuzzParse holds our reader against two others: what we accept, they accept, and we have as many elements as they.
func FuzzParse(f *testing.F) {
	for _, request := range goldenRequests(f) {
		f.Add([]byte(request))
	}
	f.Add([]byte("\xef\xbb\xbf<?xml version='1.0'?><a xmlns='u' xmlns:p='v' p:b='1'><p:c/><!-- --><![CDATA[x]]>&lt;</a> "))
	f.Add([]byte("<?xml version='1.0' encoding='latin1'?><a>\xe9</a>"))
	anyCharset := func(_ string, r io.Reader) (io.Reader, error) { return r, nil } // it is in UTF-8 by then
	f.Fuzz(func(t *testing.T, document []byte) {
		document, err := toUTF8(document, charsetUnsaid)
		if err != nil {
			return
		}
		root, err := parse(document)
		if err != nil {
			return
		}
		want := 0
		decoder := xml.NewDecoder(bytes.NewReader(document))
		decoder.CharsetReader = anyCharset
		for {
			token, err := decoder.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("encoding/xml refuses it: %v", err)
			}
			if _, ok := token.(xml.StartElement); ok {
				want++
			}
		}
		if got := count(root); got != want {
			t.Errorf("%d elements, encoding/xml finds %d", got, want)
		}
		other := etree.NewDocument()
		other.ReadSettings.CharsetReader = anyCharset
		if err := other.ReadFromBytes(document); err != nil {
			t.Errorf("etree refuses it: %v", err)
		}
	})
}

func count(e *element) int {
	n := 1
	for _, c := range e.children {
		n += count(c)
	}
	return n
}
