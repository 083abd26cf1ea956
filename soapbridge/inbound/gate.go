package inbound

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"mime"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"kontor/internal/licensing"
)

const (
	// maxBody is the largest envelope that is read.
	maxBody = 1 << 20
	// maxDiscard is how much more is taken in and thrown away, so that a caller who sends too much is still there
	// to read the answer.
	maxDiscard = 8 << 20
)

// buffers hold bodies while they are parsed; nothing of a parsed document points into them.
var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// receive reads and parses the body of a request, within the limits of size and time.
func (h *handler) receive(w http.ResponseWriter, r *http.Request) (*element, error) {
	// The deadline is lifted only after the whole body: while there is more, net/http goes on reading after us. A
	// connection that cannot set one is none of a network's.
	connection := http.NewResponseController(w)
	_ = connection.SetReadDeadline(time.Now().Add(h.config.BodyTimeout))
	said, err := checkMediaType(r.Header)
	if err != nil {
		return nil, err
	}
	buffer := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(buffer)
	buffer.Reset()
	var body io.Reader
	if body, err = unpacked(r); err == nil {
		_, err = io.Copy(buffer, io.LimitReader(body, maxBody+1))
	}
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		return nil, licensing.InvalidRequest("", "The body took too long to arrive: it may take %s.", h.config.BodyTimeout)
	case err != nil:
		return nil, licensing.InvalidRequest("", "The body could not be read to its end.")
	case buffer.Len() > maxBody:
		_, _ = io.Copy(io.Discard, io.LimitReader(r.Body, maxDiscard))
		return nil, errTooLarge
	}
	_ = connection.SetReadDeadline(time.Time{})
	document, err := toUTF8(buffer.Bytes(), said)
	if err != nil {
		return nil, err
	}
	return parse(document)
}

// unpacked is the body of a request without its Content-Encoding, which checkMediaType has let pass. What it grows to is
// bounded by who reads it.
func unpacked(r *http.Request) (io.Reader, error) {
	if packed(r.Header) {
		return gzip.NewReader(r.Body)
	}
	return r.Body, nil
}

func packed(header http.Header) bool {
	return strings.EqualFold(header.Get("Content-Encoding"), "gzip")
}

var errTooLarge = &licensing.Error{Kind: licensing.Invalid, Code: licensing.CodeTooLarge,
	Message: "The envelope is too large: at most 1 MB is read."}

// checkMediaType lets pass what can be an envelope, and returns the charset that it says. Which version it is, the envelope
// itself says.
func checkMediaType(header http.Header) (charset, error) {
	mediaType, parameters, err := mime.ParseMediaType(header.Get("Content-Type"))
	if err != nil || mediaType != soap11.mediaType && mediaType != soap12.mediaType {
		return charsetUnsaid, licensing.InvalidRequest("", "Send a Content-Type of %s (SOAP 1.1) or %s (SOAP 1.2).", soap11.mediaType, soap12.mediaType)
	}
	if encoding := header.Get("Content-Encoding"); encoding != "" && !strings.EqualFold(encoding, "identity") && !packed(header) {
		return charsetUnsaid, licensing.InvalidRequest("", "Send the envelope with the Content-Encoding gzip, or with none.")
	}
	return charsetNamed(parameters["charset"])
}

// expectedVersion is the version that the media type speaks of, for faults from before the envelope is read.
func expectedVersion(r *http.Request) *version {
	if mediaType, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); mediaType == soap12.mediaType {
		return soap12
	}
	return soap11
}
