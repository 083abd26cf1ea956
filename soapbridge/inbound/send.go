package inbound

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"fmt"
	"net/http"
	"regexp"
	"sync"
	"time"
)

// shortest is from how many bytes on an answer is zipped for those who understand that.
const shortest = 1024

// takesGzip finds gzip in an Accept-Encoding, unless it is there to be refused.
var (
	takesGzip   = regexp.MustCompile(`(?i)(^|,)\s*gzip\s*(,|;|$)`)
	refusesGzip = regexp.MustCompile(`(?i)(^|,)\s*gzip\s*;\s*q=0(\.0*)?\s*(,|$)`)
)

var zippers = sync.Pool{New: func() any { return gzip.NewWriter(nil) }}

// send answers with a body, zipped where that is understood and worth it.
func send(w http.ResponseWriter, r *http.Request, status int, mediaType string, body []byte) {
	header := w.Header()
	header.Set("Content-Type", mediaType+"; charset=utf-8")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Vary", "Accept-Encoding")
	if accepted := r.Header.Get("Accept-Encoding"); len(body) >= shortest && takesGzip.MatchString(accepted) && !refusesGzip.MatchString(accepted) {
		header.Set("Content-Encoding", "gzip")
		body = zip(body)
	}
	header.Set("Content-Length", fmt.Sprint(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write(body) // the caller is gone when this fails
}

func zip(body []byte) []byte {
	z := zippers.Get().(*gzip.Writer)
	defer zippers.Put(z)
	var zipped bytes.Buffer
	z.Reset(&zipped)
	_, _ = z.Write(body) // a buffer takes everything
	_ = z.Close()
	return zipped.Bytes()
}

// sendContract answers with a WSDL, or that it is the one that the caller has.
func sendContract(w http.ResponseWriter, r *http.Request, contract []byte) {
	header := w.Header()
	header.Set("Content-Type", soap11.mediaType+"; charset=utf-8")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Cache-Control", "no-cache") // to be asked for again, by its ETag
	header.Set("ETag", fmt.Sprintf(`"%x"`, sha256.Sum256(contract)))
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(contract))
}
