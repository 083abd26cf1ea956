package inbound

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// written is a text in another charset, by a library.
func written(t testing.TB, e encoding.Encoding, text string) string {
	t.Helper()
	s, err := e.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestCharsets sends a customer's name in every charset that is read, named in every place that can name it: it arrives
// whole.
func TestCharsets(t *testing.T) {
	const name, wide = "Zoë Müller & Söhne “Œuvre” €", "Zoë 漢字 𝄞 €"
	marked := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	markedBig := unicode.UTF16(unicode.BigEndian, unicode.UseBOM)
	little := unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	big := unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	declared := func(name string) string { return `<?xml version="1.0" encoding="` + name + `"?>` }
	for _, c := range []struct {
		what, contentType, before string
		of                        encoding.Encoding
		name                      string
	}{
		{"UTF-8 unsaid", "text/xml", "", unicode.UTF8, wide},
		{"UTF-8 with a mark", "text/xml", "", unicode.UTF8BOM, wide},
		{"UTF-8 in all places", "text/xml; charset=utf-8", declared("UTF-8"), unicode.UTF8BOM, wide},
		{"Windows-1252 in the Content-Type", "text/xml; charset=windows-1252", "", charmap.Windows1252, name},
		{"Windows-1252 in the declaration", "text/xml", declared("Windows-1252"), charmap.Windows1252, name},
		{"Latin-1 in the declaration", "text/xml", declared("ISO-8859-1"), charmap.ISO8859_1, "Zoë Müller"},
		{"Latin-1 far behind in the declaration", "text/xml", `<?xml version="1.0"` + strings.Repeat(" ", 250) + `encoding="iso-8859-1"?>`, charmap.ISO8859_1, "Zoë Müller"},
		{"Latin-1 that is Windows-1252", `text/xml; charset="ISO-8859-1"`, declared("iso-8859-1"), charmap.Windows1252, name},
		{"UTF-16 with a mark", "text/xml", "", marked, wide},
		{"UTF-16 with the other mark", "text/xml; charset=utf-16", declared("UTF-16"), markedBig, wide},
		{"UTF-16 without a mark", "text/xml", "", little, wide},
		{"UTF-16 without a mark, the other order", "text/xml", declared("UTF-16BE"), big, wide},
		{"UTF-16 by its Content-Type", "text/xml; charset=utf-16le", declared("utf-16"), little, wide},
	} {
		t.Run(c.what, func(t *testing.T) {
			f := newFace(t, Config{})
			body := strings.Replace(createLicenseBody("", ""), "Grace Hopper", strings.ReplaceAll(c.name, "&", "&amp;"), 1)
			w := f.ask(newRequest(c.contentType, written(t, c.of, c.before+soapEnvelope("", body))))
			if got := faultIn(t, w); (got != fault{}) {
				t.Fatalf("got %+v", got)
			}
			if f.ordering.last.Customer.Name != c.name || !strings.Contains(w.Body.String(), strings.ReplaceAll(c.name, "&", "&amp;")) {
				t.Errorf("sent %q, the use case got %q, the answer is %s", c.name, f.ordering.last.Customer.Name, w.Body)
			}
		})
	}
}

// TestCharsetsRefused names different charsets in different places, or charsets that are not read, or sends what is not text
// in the one that is named.
func TestCharsetsRefused(t *testing.T) {
	valid := soapEnvelope("", getLicenseBody)
	little := unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	for _, c := range []struct{ what, contentType, envelope, says string }{
		{"declared otherwise than said", "text/xml; charset=utf-8", "<?xml version='1.0' encoding='ISO-8859-1'?>" + valid, "different charsets"},
		{"marked otherwise than said", "text/xml; charset=iso-8859-1", "\xef\xbb\xbf" + valid, "different charsets"},
		{"marked otherwise than declared", "text/xml", "\xef\xbb\xbf<?xml version='1.0' encoding='windows-1252'?>" + valid, "different charsets"},
		{"8 bits declared as 16", "text/xml", "<?xml version='1.0' encoding='UTF-16'?>" + valid, "different charsets"},
		{"16 bits declared as 8", "text/xml", written(t, little, "<?xml version='1.0' encoding='UTF-8'?>"+valid), "different charsets"},
		{"the other order", "text/xml; charset=utf-16be", written(t, little, valid), "different charsets"},
		{"UTF-7", "text/xml", "<?xml version='1.0' encoding='UTF-7'?>+ADw-x+AD4-", "Windows-1252"},
		{"UTF-7 far behind", "text/xml; charset=utf-8", `<?xml version="1.0"` + strings.Repeat(" ", 250) + `encoding="utf-7"?>` + valid, "Windows-1252"},
		{"declared otherwise than said, far behind", "text/xml; charset=utf-8", `<?xml version="1.0"` + strings.Repeat(" ", 250) + `encoding="iso-8859-1"?>` + valid, "different charsets"},
		{"declared behind a bracket", "text/xml", `<?xml version="1.0" x=">" encoding="iso-8859-1"?>` + valid, "begin it with"},
		{"declared in something else", "text/xml", `<?xml version="1.0" xencoding="iso-8859-1" encoding="utf-8"?>` + valid, "begin it with"},
		{"UTF-7 behind a bracket", "text/xml", `<?xml version="1.0" x=">" encoding="utf-7"?>` + valid, "Windows-1252"},
		{"declared twice", "text/xml", `<?xml version="1.0" encoding ="iso-8859-1" encoding="utf-8"?>` + valid, "begin it with"},
		{"declared too far behind", "text/xml", `<?xml version="1.0"` + strings.Repeat(" ", 1000) + `encoding="iso-8859-1"?>` + valid, "begin it with"},
		{"a declaration too long", "text/xml", `<?xml version="1.0" encoding="utf-8"` + strings.Repeat(" ", 1000) + `?>` + valid, "begin it with"},
		{"EBCDIC", "text/xml; charset=IBM037", valid, "Windows-1252"},
		{"UTF-32", "text/xml", "\xff\xfe\x00\x00<\x00\x00\x00", "not well-formed"},
		{"half a character", "text/xml", written(t, little, valid) + "\x00", "not text in UTF-16"},
		{"half a pair", "text/xml", "<\x00\x3d\xd8", "not text in UTF-16"},
		{"the second half first", "text/xml", "<\x00\x00\xdc\x3d\xd8", "not text in UTF-16"},
		{"no UTF-8", "text/xml; charset=us-ascii", strings.Replace(valid, "GetLicense", "\xe9", 1), "not text in its charset"},
		{"a byte that is no character of Windows-1252", "text/xml; charset=windows-1252", strings.Replace(valid, "23456", "\x81", 1), "not text in its charset"},
		{"the last such", "text/xml", "<?xml version='1.0' encoding='cp1252'?>" + strings.Replace(valid, "23456", "\x9d", 1), "not text in its charset"},
		{"such a byte as Latin-1", "text/xml; charset=iso-8859-1", strings.Replace(valid, "23456", "\x8d", 1), "not text in its charset"},
	} {
		t.Run(c.what, func(t *testing.T) {
			f := newFace(t, Config{})
			if got := faultIn(t, f.ask(newRequest(c.contentType, c.envelope))); got.code != "invalidRequest" || !strings.Contains(got.message, c.says) {
				t.Errorf("got %+v, want a message with %q", got, c.says)
			}
			if f.access.remote != "" {
				t.Error("a use case was called")
			}
		})
	}
}

// TestEveryByteOfWindows1252 is the character that it is there, or is refused; none becomes U+FFFD.
func TestEveryByteOfWindows1252(t *testing.T) {
	var refused []byte
	for b := range 256 {
		text, err := toUTF8([]byte{byte(b)}, charsetLatin)
		if err != nil {
			refused = append(refused, byte(b))
		} else if r := []rune(string(text)); len(r) != 1 || r[0] == utf8.RuneError || (b < 0x80 || b >= 0xa0) != (r[0] == rune(b)) {
			t.Errorf("%x is %q", b, text)
		}
	}
	if want := "\x81\x8d\x8f\x90\x9d"; string(refused) != want {
		t.Errorf("refused are %q, want %q", refused, want)
	}
}

// FuzzCharset holds our reading of UTF-16 and Windows-1252 against a library's, where that replaces nothing.
func FuzzCharset(f *testing.F) {
	f.Add([]byte("<\x00a\x00/\x00>\x00"), byte(3))
	f.Add([]byte("\xfe\xff\x00<\x00a\x00/\x00>"), byte(2))
	f.Add([]byte("<a>\xe9\x80</a>"), byte(5))
	f.Add([]byte("<?xml version='1.0' encoding='cp1252'?><a/>"), byte(0))
	f.Fuzz(func(t *testing.T, document []byte, said byte) {
		got, err := toUTF8(bytes.Clone(document), charset(said%6))
		if err != nil {
			return
		}
		if !utf8.Valid(got) {
			t.Fatalf("%q became %q", document, got)
		}
		for _, e := range []encoding.Encoding{
			unicode.UTF8BOM, charmap.Windows1252, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), unicode.UTF16(unicode.BigEndian, unicode.UseBOM),
			unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM),
		} {
			if want, err := e.NewDecoder().Bytes(document); err == nil && bytes.Equal(want, got) {
				return
			}
		}
		t.Errorf("%q became %q, which no decoder makes of it", document, got)
	})
}
