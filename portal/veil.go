package portal

import (
	"bytes"
	"errors"
	"net/http"
	"regexp"
	"strings"

	"github.com/gin-gonic/gin"

	"kontor/internal/licensing"
)

// veil stands between a route and the browser while somebody sees the portal as somebody else. Pages pass, with
// tickets cut to the form that lists show and without license files; downloads of any kind do not. It stands where
// every answer passes, so that no route can forget it.
type veil struct {
	gin.ResponseWriter
	body   bytes.Buffer
	hidden bool // what came was no page
}

// errVeiled ends a download early.
var errVeiled = errors.New("nothing is taken along while one sees the portal as somebody else")

// Write implements http.ResponseWriter.
func (w *veil) Write(p []byte) (int, error) {
	if w.hidden = w.hidden || !w.isPage(); w.hidden {
		return 0, errVeiled
	}
	return w.body.Write(p)
}

// WriteString implements io.StringWriter.
func (w *veil) WriteString(s string) (int, error) { return w.Write([]byte(s)) }

// WriteHeaderNow waits for the body.
func (w *veil) WriteHeaderNow() {}

// Flush waits as well.
func (w *veil) Flush() {}

// Written implements gin.ResponseWriter.
func (w *veil) Written() bool { return w.body.Len() > 0 || w.hidden }

// Size implements gin.ResponseWriter.
func (w *veil) Size() int { return w.body.Len() }

// isPage reports whether what is answered is a page, a part of one, or the words of an error.
func (w *veil) isPage() bool {
	kind := w.Header().Get("Content-Type")
	return strings.HasPrefix(kind, "text/html") || w.Status() >= http.StatusBadRequest && strings.HasPrefix(kind, "text/plain")
}

var (
	// A ticket is read however somebody typed it: see licensing.ParseTicket.
	wholeTicket = regexp.MustCompile(`(?i)\b[2-9A-HJ-NP-Z]{5}(?:[- ]?[2-9A-HJ-NP-Z]{5}){4}\b`)
	armored     = regexp.MustCompile(`(?s)-----BEGIN [A-Z ]+-----.*?-----END [A-Z ]+-----`)
)

// shortTicket is what is shown of a ticket; what only looks like one stays.
func shortTicket(found []byte) []byte {
	ticket, err := licensing.ParseTicket(string(found))
	if err != nil && !bytes.ContainsRune(found, '-') {
		return found
	}
	if err != nil {
		ticket = string(found)
	}
	return []byte(ticket[:11] + "…")
}

// lift lets through what may be seen.
func (w *veil) lift(s *site, v *visit) {
	v.Writer = w.ResponseWriter
	if w.hidden {
		for _, name := range []string{"Content-Type", "Content-Disposition", "Content-Length"} {
			w.Header().Del(name)
		}
		s.fail(v, licensing.ReadOnlyError())
		return
	}
	w.Header().Del("Content-Length")
	if w.body.Len() == 0 {
		w.ResponseWriter.WriteHeaderNow()
		return
	}
	seen := wholeTicket.ReplaceAllFunc(w.body.Bytes(), shortTicket)
	_, _ = w.ResponseWriter.Write(armored.ReplaceAll(seen, nil)) // whoever asked has gone
}
