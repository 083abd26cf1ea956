package inbound

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"mime"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"kontor/internal/licensing"
)

const (
	// maxBody is the most bytes of an envelope that are read, as they are sent and again as they are unzipped.
	maxBody = 1 << 20
	// maxDiscard is how much more is taken in and thrown away, so that a caller who sends too much is still there
	// to read the answer.
	maxDiscard = 8 << 20
)

// buffers hold bodies while they are parsed; nothing of a parsed document points into them.
var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// receive reads and parses the body of a request, within the limits of size and time. Of a signed one it keeps the
// document in x.
func (h *handler) receive(w http.ResponseWriter, r *http.Request, x *exchange) (*element, error) {
	// The deadline is lifted only after the whole body: while there is more, net/http goes on reading after us. A
	// connection that cannot set one is none of a network's.
	connection := http.NewResponseController(w)
	_ = connection.SetReadDeadline(time.Now().Add(h.config.BodyTimeout))
	if err := checkOnce(r.Header); err != nil {
		return nil, err
	}
	said, err := checkMediaType(r.Header)
	if err != nil {
		return nil, err
	}
	if r.ContentLength > maxBody && strings.EqualFold(strings.TrimSpace(r.Header.Get("Expect")), "100-continue") {
		return nil, errTooLarge // the caller waits to hear that before he sends anything
	}
	buffer := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(buffer)
	buffer.Reset()
	x.sent, err = readBody(buffer, r)
	x.size = buffer.Len()
	switch {
	case errors.Is(err, errTooLarge):
		_, _ = io.Copy(io.Discard, io.LimitReader(r.Body, maxDiscard))
		return nil, err
	case errors.Is(err, errFollows):
		return nil, err
	case errors.Is(err, os.ErrDeadlineExceeded):
		return nil, licensing.InvalidRequest("", "The body took too long to arrive: it may take %s.", h.config.BodyTimeout)
	case err != nil && packed(r.Header):
		return nil, licensing.InvalidRequest("", "The Content-Encoding says gzip, and the body is no gzip, or not to its end.")
	case err != nil:
		return nil, licensing.InvalidRequest("", "The body could not be read to its end.")
	}
	_ = connection.SetReadDeadline(time.Time{})
	document, err := toUTF8(buffer.Bytes(), said)
	if err != nil {
		return nil, err
	}
	root, err := parse(document)
	if err == nil && signed(root) {
		x.document = bytes.Clone(document) // which lies in the buffer
	}
	return root, err
}

// signed reports whether a message carries a signature, whomever it is for.
func signed(root *element) bool {
	for _, header := range root.children {
		for _, c := range header.children {
			if c.is(wsse, "Security") && slices.ContainsFunc(c.children, func(e *element) bool { return e.is(ds, "Signature") }) {
				return true
			}
		}
	}
	return false
}

// readBody takes in the body of a request without its Content-Encoding, which checkMediaType has let pass. What is sent is
// bounded besides what it grows to, for a zip of nothing can be of any length.
func readBody(buffer *bytes.Buffer, r *http.Request) (taken int, err error) {
	sent := &io.LimitedReader{R: r.Body, N: maxBody + 1}
	if packed(r.Header) {
		err = unzip(buffer, sent)
	} else {
		_, err = buffer.ReadFrom(sent)
	}
	taken = int(maxBody + 1 - sent.N)
	if sent.N <= 0 || buffer.Len() > maxBody {
		return taken, errTooLarge // whatever else is wrong with what was cut off
	}
	return taken, err
}

// unzip reads one member of gzip, at most a byte more than maxBody of it. Nothing may follow, which others on the way may not
// have seen.
func unzip(buffer *bytes.Buffer, sent io.Reader) error {
	buffered := bufio.NewReader(sent) // of which gzip takes no more than the member
	member, err := gzip.NewReader(buffered)
	if err != nil {
		return err
	}
	member.Multistream(false)
	n, err := buffer.ReadFrom(io.LimitReader(member, maxBody+1))
	if err != nil || n > maxBody {
		return err
	}
	if n, err = io.Copy(io.Discard, buffered); err == nil && n > 0 {
		return errFollows
	}
	return err
}

func packed(header http.Header) bool {
	return strings.EqualFold(header.Get("Content-Encoding"), "gzip")
}

var errTooLarge = &licensing.Error{Kind: licensing.Invalid, Code: licensing.CodeTooLarge,
	Message: "The envelope is too large: at most 1 MB is read."}

var errFollows = licensing.InvalidRequest("", "Send the envelope as one member of gzip: something follows its end.")

// checkOnce refuses a request that says twice what it is or who sends it: others on the way may have gone by the other one.
func checkOnce(header http.Header) error {
	for _, name := range []string{"Content-Type", "Content-Encoding", "SOAPAction", "Authorization"} {
		if len(header.Values(name)) > 1 {
			return licensing.InvalidRequest("", "Send one %s header.", name)
		}
	}
	return nil
}

// checkMediaType lets pass what can be an envelope, and returns the charset that it says. Which version it is, the envelope
// itself says.
func checkMediaType(header http.Header) (charset, error) {
	mediaType, parameters, err := readContentType(header)
	if mediaType != soap11.mediaType && mediaType != soap12.mediaType {
		return charsetUnsaid, licensing.InvalidRequest("", "Send a Content-Type of %s (SOAP 1.1) or %s (SOAP 1.2).", soap11.mediaType, soap12.mediaType)
	}
	if err != nil {
		return charsetUnsaid, licensing.InvalidRequest("", "The parameters of the Content-Type cannot be read: send %s; charset=utf-8.", mediaType)
	}
	if encoding := header.Get("Content-Encoding"); encoding != "" && !strings.EqualFold(encoding, "identity") && !packed(header) {
		return charsetUnsaid, licensing.InvalidRequest("", "Send the envelope with the Content-Encoding gzip, or with none.")
	}
	return charsetNamed(parameters["charset"])
}

// bareAction is the parameter action without the quotes that a name with colons in it needs. Many clients leave them out.
var bareAction = regexp.MustCompile(`(?i)(;\s*action=)([^"\\;\s]+)`)

// readContentType reads the Content-Type, also with an action that is not quoted. The media type is told also where the
// parameters cannot be read.
func readContentType(header http.Header) (mediaType string, parameters map[string]string, err error) {
	text := header.Get("Content-Type")
	if mediaType, parameters, err = mime.ParseMediaType(text); err != nil {
		mediaType, parameters, err = mime.ParseMediaType(bareAction.ReplaceAllString(text, `$1"$2"`))
	}
	if err != nil {
		mediaType, _, _ = strings.Cut(text, ";")
		mediaType = strings.ToLower(strings.TrimSpace(mediaType))
	}
	return mediaType, parameters, err
}

// expectedVersion is the version that the media type speaks of, for faults from before the envelope is read.
func expectedVersion(r *http.Request) *version {
	if mediaType, _, _ := readContentType(r.Header); mediaType == soap12.mediaType {
		return soap12
	}
	return soap11
}
