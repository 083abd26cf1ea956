package inbound

import (
	"bytes"

	"kontor/internal/licensing"
)

// tagReader hands a document to the decoder. The decoder takes in a whole tag before it shows any of it, so the number of a tag's
// attributes is held against the limit on the way: a megabyte of them would grow to fifty.
type tagReader struct {
	*bytes.Reader
	document []byte
	inTag    bool // of a beginning
	quote    byte // that is open in it; 0: none
	values   int  // of its attributes, which are all quoted
}

func newTagReader(document []byte) *tagReader {
	return &tagReader{Reader: bytes.NewReader(document), document: document}
}

// next says that a token begins at an offset of the document.
func (r *tagReader) next(begin int64) {
	rest := r.document[begin:]
	r.inTag = len(rest) > 1 && rest[0] == '<' && bytes.IndexByte([]byte("!?/"), rest[1]) < 0
	r.quote, r.values = 0, 0
}

// ReadByte implements io.ByteReader. It fails at the value of the first attribute that is one too many.
func (r *tagReader) ReadByte() (byte, error) {
	b, err := r.Reader.ReadByte()
	if !r.inTag || b != '"' && b != '\'' {
		return b, err
	}
	switch r.quote {
	case b:
		r.quote = 0
	case 0:
		r.quote = b
		if r.values++; r.values > maxAttributes {
			return 0, licensing.InvalidRequest("", "An element has too many attributes: at most %d are read.", maxAttributes)
		}
	}
	return b, err
}
