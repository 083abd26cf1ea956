package paper

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"embed"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"sync"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font/sfnt"
)

//go:embed fonts/*.woff fonts/*.gz
var files embed.FS

// face is a font: its TrueType file, and which characters it has.
type face struct {
	name  string
	bytes []byte
	font  *sfnt.Font
}

// The faces, by what they are for.
const (
	regular = "regular"
	bold    = "bold"
	eastern = "eastern" // for what the others do not have
)

// replacement stands for a character that no face has; one of them has it.
const replacement = '□'

var faces = map[string]func() (face, error){
	regular: sync.OnceValues(func() (face, error) { return load(regular, "fonts/IBMPlexSans-Regular.woff", unpackWOFF) }),
	bold:    sync.OnceValues(func() (face, error) { return load(bold, "fonts/IBMPlexSans-SemiBold.woff", unpackWOFF) }),
	eastern: sync.OnceValues(func() (face, error) { return load(eastern, "fonts/DroidSansFallback.ttf.gz", unpackGzip) }),
}

func load(name, file string, unpack func([]byte) ([]byte, error)) (face, error) {
	packed, err := files.ReadFile(file)
	if err != nil {
		return face{}, err
	}
	ttf, err := unpack(packed)
	if err != nil {
		return face{}, fmt.Errorf("%s: %w", file, err)
	}
	font, err := sfnt.Parse(ttf)
	if err != nil {
		return face{}, fmt.Errorf("%s: %w", file, err)
	}
	return face{name, ttf, font}, nil
}

func unpackGzip(packed []byte) ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}

// unpackWOFF returns the TrueType file in a WOFF file of version 1, which has the same tables, each packed by zlib
// (https://www.w3.org/TR/WOFF/).
func unpackWOFF(packed []byte) ([]byte, error) {
	const header, entry, ttfHeader, ttfEntry = 44, 20, 12, 16
	if len(packed) < header || string(packed[:4]) != "wOFF" {
		return nil, errors.New("this is no WOFF file")
	}
	count := int(binary.BigEndian.Uint16(packed[12:]))
	if len(packed) < header+count*entry {
		return nil, io.ErrUnexpectedEOF
	}
	ttf := make([]byte, ttfHeader+count*ttfEntry)
	copy(ttf, packed[4:8])
	binary.BigEndian.PutUint16(ttf[4:], uint16(count)) //nolint:gosec // it was one
	for i := range count {
		e := packed[header+i*entry:]
		offset, size, full := binary.BigEndian.Uint32(e[4:]), binary.BigEndian.Uint32(e[8:]), binary.BigEndian.Uint32(e[12:])
		if uint64(offset)+uint64(size) > uint64(len(packed)) {
			return nil, io.ErrUnexpectedEOF
		}
		table := packed[offset : offset+size]
		if size < full {
			r, err := zlib.NewReader(bytes.NewReader(table))
			if err != nil {
				return nil, err
			}
			if table, err = io.ReadAll(r); err != nil {
				return nil, err
			}
		}
		t := ttf[ttfHeader+i*ttfEntry:]
		copy(t, e[:4])                                         // the tag
		copy(t[4:], e[16:20])                                  // the checksum
		binary.BigEndian.PutUint32(t[8:], uint32(len(ttf)))    //nolint:gosec // a font is small
		binary.BigEndian.PutUint32(t[12:], uint32(len(table))) //nolint:gosec // a font is small
		ttf = append(ttf, table...)
		ttf = append(ttf, make([]byte, (4-len(ttf)%4)%4)...)
	}
	return ttf, nil
}

// pen is a document being written, with the faces that it has used.
type pen struct {
	pdf    *fpdf.Fpdf
	known  map[string]face
	buffer sfnt.Buffer
	face   string
	size   float64
	err    error
}

// has reports whether a face has a character.
func (p *pen) has(name string, r rune) bool {
	f, ok := p.known[name]
	if !ok {
		var err error
		if f, err = faces[name](); err != nil {
			p.err = errors.Join(p.err, err)
			return true
		}
		p.known[name] = f
		p.pdf.AddUTF8FontFromBytes(name, "", bytes.Clone(f.bytes)) // fpdf writes into what it is given
	}
	i, err := f.font.GlyphIndex(&p.buffer, r)
	return err == nil && i != 0
}

// glyph is a character with the face that it is set in.
type glyph struct {
	r    rune
	face string
}

// glyphOf finds a face for a character, the wanted one first. What none has becomes the replacement.
func (p *pen) glyphOf(r rune, wanted string) glyph {
	const pdfCharacters = 1 << 16 // those that the writer of PDF knows
	switch {
	case r < pdfCharacters && p.has(wanted, r):
		return glyph{r, wanted}
	case r < pdfCharacters && p.has(eastern, r):
		return glyph{r, eastern}
	case r != replacement:
		return p.glyphOf(replacement, wanted)
	default:
		return glyph{r, wanted}
	}
}

// use sets the face and the size, in points, of what is measured and written next.
func (p *pen) use(name string, size float64) {
	if p.face != name || p.size != size {
		p.pdf.SetFont(name, "", size)
		p.face, p.size = name, size
	}
}

func (p *pen) width(g glyph, size float64) float64 {
	p.use(g.face, size)
	return p.pdf.GetStringWidth(string(g.r))
}
