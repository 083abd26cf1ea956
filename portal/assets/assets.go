// Package assets holds the style sheets, scripts and fonts of the portal, and serves them.
//
// Every address carries a version made from the content of all files, so a browser may keep a file for good and
// still sees a new one at once. THIRD-PARTY.md says where the files that are not ours come from.
package assets

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
)

//go:embed files
var files embed.FS

// Prefix is where the files are served.
const Prefix = "/assets/"

// Set is the embedded files, ready to be served.
type Set struct {
	version string
	byName  map[string]file
}

type file struct {
	contentType string
	plain       []byte
	zipped      []byte // nil when it would not be smaller
}

// Load reads and compresses the embedded files.
func Load() (*Set, error) {
	set := &Set{byName: map[string]file{}}
	sum := sha256.New()
	err := fs.WalkDir(files, "files", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := files.ReadFile(name)
		if err != nil {
			return err
		}
		short := strings.TrimPrefix(name, "files/")
		_, _ = fmt.Fprintf(sum, "%s %d\n", short, len(content)) // a hash never fails
		_, _ = sum.Write(content)
		f := file{contentType: contentType(short), plain: content}
		if compressible(short) {
			if f.zipped, err = compress(content); err != nil {
				return err
			}
		}
		set.byName[short] = f
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("reading the assets: %w", err)
	}
	set.version = hex.EncodeToString(sum.Sum(nil))[:12]
	return set, nil
}

// URL returns the address of a file; it panics for one that does not exist, since only our own pages ask.
func (s *Set) URL(name string) string {
	if _, ok := s.byName[name]; !ok {
		panic("no asset " + name)
	}
	return Prefix + s.version + "/" + name
}

// ServeHTTP answers GET and HEAD for /assets/<version>/<name>. An address with another version, from a page of
// before or after this release, gets the current file, to be asked for again.
func (s *Set) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	version, name, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, Prefix), "/")
	f, ok := s.byName[name]
	if !ok {
		http.Error(w, "There is no such file.", http.StatusNotFound)
		return
	}
	h := w.Header()
	h.Set("Content-Type", f.contentType)
	h.Set("Cache-Control", "no-cache")
	if version == s.version {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	body := f.plain
	if f.zipped != nil {
		h.Add("Vary", "Accept-Encoding")
		if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
			h.Set("Content-Encoding", "gzip")
			body = f.zipped
		}
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // the browser went away
	}
}

func contentType(name string) string {
	switch path.Ext(name) {
	case ".woff2":
		return "font/woff2"
	case ".js":
		return "text/javascript; charset=utf-8"
	default:
		return mime.TypeByExtension(path.Ext(name))
	}
}

func compressible(name string) bool { return path.Ext(name) != ".woff2" }

func compress(content []byte) ([]byte, error) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write(content); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	if b.Len() >= len(content) {
		return nil, nil
	}
	return b.Bytes(), nil
}
