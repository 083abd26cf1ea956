package inbound

import (
	"bytes"
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
	if err := checkMediaType(r.Header); err != nil {
		return nil, err
	}
	buffer := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(buffer)
	buffer.Reset()
	_, err := io.Copy(buffer, io.LimitReader(r.Body, maxBody+1))
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
	return parse(buffer.Bytes())
}

var errTooLarge = &licensing.Error{Kind: licensing.Invalid, Code: licensing.CodeTooLarge,
	Message: "The envelope is too large: at most 1 MB is read."}

// checkMediaType lets pass what can be an envelope in UTF-8. Which version it is, the envelope itself says.
func checkMediaType(header http.Header) error {
	mediaType, parameters, err := mime.ParseMediaType(header.Get("Content-Type"))
	if err != nil || mediaType != soap11.mediaType && mediaType != soap12.mediaType {
		return licensing.InvalidRequest("", "Send a Content-Type of %s (SOAP 1.1) or %s (SOAP 1.2).", soap11.mediaType, soap12.mediaType)
	}
	if charset := parameters["charset"]; charset != "" && !strings.EqualFold(charset, "utf-8") {
		return errNotUTF8
	}
	if encoding := header.Get("Content-Encoding"); encoding != "" && !strings.EqualFold(encoding, "identity") {
		return licensing.InvalidRequest("", "Send the envelope without a Content-Encoding.")
	}
	return nil
}

// expectedVersion is the version that the media type speaks of, for faults from before the envelope is read.
func expectedVersion(r *http.Request) *version {
	if mediaType, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); mediaType == soap12.mediaType {
		return soap12
	}
	return soap11
}
