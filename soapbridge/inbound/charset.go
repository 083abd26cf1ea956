package inbound

import (
	"bytes"
	"encoding/binary"
	"regexp"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"kontor/internal/licensing"
)

// charset is a way to write an envelope in bytes.
type charset int

const (
	charsetUnsaid charset = iota
	charsetUTF8
	charsetLatin // Windows-1252, and ISO-8859-1
	charsetUTF16 // in the order that the mark or the first character tells
	charsetUTF16LE
	charsetUTF16BE
)

// charsets are the names of those that are read, in lower case. Who says ISO-8859-1 and sends bytes from 0x80 to 0x9f means
// Windows-1252: nobody has control characters in a name (so does the WHATWG's Encoding Standard).
var charsets = map[string]charset{
	"": charsetUnsaid, "utf-8": charsetUTF8, "utf8": charsetUTF8, "us-ascii": charsetUTF8, "ascii": charsetUTF8,
	"utf-16": charsetUTF16, "utf-16le": charsetUTF16LE, "utf-16be": charsetUTF16BE,
	"iso-8859-1": charsetLatin, "latin1": charsetLatin, "windows-1252": charsetLatin, "cp1252": charsetLatin,
}

var errCharset = licensing.InvalidRequest("", "Send the envelope in UTF-8, UTF-16, ISO-8859-1 or Windows-1252.")

// charsetNamed finds a charset by its name in a Content-Type or an XML declaration.
func charsetNamed(name string) (charset, error) {
	c, ok := charsets[strings.ToLower(strings.TrimSpace(name))]
	if !ok {
		return c, errCharset
	}
	return c, nil
}

var errNoText = licensing.InvalidRequest("", "The envelope is not well-formed XML: it is not text in its charset.")

// declaration is an XML declaration, in a charset that has ASCII in it. It may name its charset, once.
var declaration = regexp.MustCompile(`^<\?xml(?:\s+version\s*=\s*(?:"[0-9.]*"|'[0-9.]*'))?` +
	`(?:\s+encoding\s*=\s*(?:"([^"<>]*)"|'([^'<>]*)'))?(?:\s+standalone\s*=\s*(?:"(?:yes|no)"|'(?:yes|no)'))?\s*\?>`)

// longestDeclaration is in how many bytes the declaration ends: a megabyte of blanks would keep the expression busy for long.
const longestDeclaration = 1000

var errDeclaration = licensing.InvalidRequest("",
	"The envelope is not well-formed XML: begin it with <?xml version=\"1.0\" encoding=\"utf-8\"?> in at most %d bytes, or without.", longestDeclaration)

// declaredCharset is what the declaration of a document names, and whether there is one. One of another form, or longer, is none
// here; the parser refuses it.
func declaredCharset(document []byte) (c charset, found bool, err error) {
	parts := declaration.FindSubmatch(document[:min(len(document), longestDeclaration)])
	if parts == nil {
		return charsetUnsaid, false, nil
	}
	c, err = charsetNamed(string(parts[1]) + string(parts[2])) // one of which is empty
	return c, true, err
}

// toUTF8 returns a document in UTF-8 without a byte order mark. The mark, the Content-Type (said), and the declaration each
// may name its charset; where two name different ones, it is refused, for others on the way would read it in another way.
// Nothing is replaced on the way: what is not text in its charset is an error.
func toUTF8(document []byte, said charset) ([]byte, error) {
	seen, mark := begins(document)
	document = document[mark:]
	of, err := agree(said, seen)
	if err != nil {
		return nil, err
	}
	switch of {
	case charsetUTF16, charsetUTF16BE: // without a mark and without a sign of the order it is the network's
		document, err = fromUTF16(document, binary.BigEndian)
	case charsetUTF16LE:
		document, err = fromUTF16(document, binary.LittleEndian)
	}
	if err != nil {
		return nil, err
	}
	declared, _, err := declaredCharset(document)
	if err != nil {
		return nil, err
	}
	if of, err = agree(of, declared); err != nil {
		return nil, err
	}
	switch {
	case of == charsetLatin:
		document, err = charmap.Windows1252.NewDecoder().Bytes(document)
		if bytes.ContainsRune(document, utf8.RuneError) { // five bytes are no character of it, and U+FFFD is none
			return nil, errNoText
		}
		return document, err
	case of >= charsetUTF16 && seen == charsetUnsaid && said == charsetUnsaid: // declared in 8 bits to be of 16
		return nil, errCharsets
	}
	if !utf8.Valid(document) {
		return nil, errNoText
	}
	return document, nil
}

// agree returns what two places say of the charset, of which either may say nothing.
func agree(a, b charset) (charset, error) {
	wide := func(c charset) bool { return c == charsetUTF16LE || c == charsetUTF16BE }
	switch {
	case b == charsetUnsaid || a == b || b == charsetUTF16 && wide(a):
		return a, nil
	case a == charsetUnsaid || a == charsetUTF16 && wide(b):
		return b, nil
	}
	return a, errCharsets
}

var errCharsets = licensing.InvalidRequest("", "The byte order mark, the Content-Type and the XML declaration of the envelope name different charsets.")

// begins recognizes UTF-16 by its mark or by the zero beside the first "<", and UTF-8 by its mark. What looks like UTF-32 is
// none of them, and is refused as text that is not well-formed.
func begins(document []byte) (c charset, mark int) {
	for _, b := range []struct {
		bytes string
		of    charset
		mark  int
	}{
		{"\xef\xbb\xbf", charsetUTF8, 3}, {"\xff\xfe", charsetUTF16LE, 2}, {"\xfe\xff", charsetUTF16BE, 2}, {"<\x00", charsetUTF16LE, 0}, {"\x00<", charsetUTF16BE, 0},
	} {
		if bytes.HasPrefix(document, []byte(b.bytes)) {
			return b.of, b.mark
		}
	}
	return charsetUnsaid, 0
}

// fromUTF16 decodes text; half a character is an error.
func fromUTF16(document []byte, order binary.ByteOrder) ([]byte, error) {
	broken := licensing.InvalidRequest("", "The envelope is not well-formed XML: it is not text in UTF-16.")
	if len(document)%2 != 0 {
		return nil, broken
	}
	text := make([]byte, 0, len(document))
	for i := 0; i < len(document); i += 2 {
		r := rune(order.Uint16(document[i:]))
		if utf16.IsSurrogate(r) {
			if i += 2; i >= len(document) {
				return nil, broken
			}
			if r = utf16.DecodeRune(r, rune(order.Uint16(document[i:]))); r == utf8.RuneError {
				return nil, broken
			}
		}
		text = utf8.AppendRune(text, r)
	}
	return text, nil
}
