package xmltree

import (
	"errors"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	for name, tt := range map[string]struct {
		xml string
		ok  bool
	}{
		"plain":                  {`<a/>`, true},
		"declaration, comment":   {`<?xml version="1.0" encoding="utf-8"?><!-- x --><a/>` + "\n", true},
		"us-ascii":               {`<?xml version="1.0" encoding="US-ASCII"?><a/>`, true},
		"as deep as allowed":     {`<a><a><a/></a></a>`, true},
		"deeper":                 {`<a><a><a><a/></a></a></a>`, false},
		"empty":                  {``, false},
		"text only":              {`a`, false},
		"text beside the root":   {`<a/>a`, false},
		"two roots":              {`<a/><a/>`, false},
		"open":                   {`<a>`, false},
		"crossed":                {`<a><b></a></b>`, false},
		"doctype":                {`<!DOCTYPE a><a/>`, false},
		"doctype inside":         {`<a><b><!ENTITY x "y"></b></a>`, false},
		"entity":                 {`<a>&x;</a>`, false},
		"latin-1":                {`<?xml version="1.0" encoding="ISO-8859-1"?><a/>`, false},
		"not UTF-8":              {"<a>\xff</a>", false},
		"a character not in XML": {"<a>\x01</a>", false},
	} {
		root, err := Parse([]byte(tt.xml), 3)
		if (err == nil) != tt.ok || (root == nil) == tt.ok {
			t.Errorf("%s: got %v, %v; want ok %v", name, root, err, tt.ok)
		}
	}
	if _, err := Parse([]byte(`<!DOCTYPE a><a/>`), 3); !errors.Is(err, ErrDoctype) {
		t.Errorf("a DOCTYPE gave %v", err)
	}
}

func TestNames(t *testing.T) {
	root, err := Parse([]byte(`<a xmlns="urn:1" xmlns:p="urn:2"><p:b>no</p:b><b> yes<!-- --> <![CDATA[<&]]> </b><b>later</b><x:b/><c xmlns="">bare</c></a>`), 3)
	if err != nil {
		t.Fatal(err)
	}
	if !Is(root, "urn:1", "a") || Is(root, "", "a") || Is(root, "urn:1", "b") || Is(nil, "", "") {
		t.Error("Is takes one name for another")
	}
	for _, tt := range []struct{ namespace, tag, want string }{
		{"urn:1", "b", "yes <&"},
		{"urn:2", "b", "no"},
		{"", "c", "bare"},
		{"urn:1", "c", ""},
		{"urn:3", "b", ""},
	} {
		if got := Text(root, tt.namespace, tt.tag); got != tt.want {
			t.Errorf("Text(%q, %q) = %q, want %q", tt.namespace, tt.tag, got, tt.want)
		}
	}
	if Child(root, "urn:1", "d") != nil {
		t.Error("found a child that is not there")
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(`<?xml version="1.0"?><a b="c"><!-- d --><e xmlns="f">g</e></a>`))
	f.Add([]byte(`<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>`))
	f.Add([]byte(strings.Repeat("<a>", 100)))
	f.Fuzz(func(t *testing.T, data []byte) {
		root, err := Parse(data, 8)
		if (root == nil) != (err != nil) {
			t.Fatalf("got %v with %v", root, err)
		}
		if root != nil && hasDirective(root) {
			t.Fatal("a declaration got through")
		}
	})
}
