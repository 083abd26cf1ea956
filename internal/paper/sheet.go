package paper

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"

	"codeberg.org/go-pdf/fpdf"
)

// Row is a fact with its name.
type Row struct {
	Label, Value string
}

// Sheet is a document of facts: a title, what it says in a sentence, and the facts. All texts are for people.
type Sheet struct {
	Issuer string // whose document it is; stands above the title
	Title  string
	Lead   string
	Rows   []Row // those without a value are left out
	// Foot is small print: what makes the document one that can be relied on.
	Foot []string
	At   time.Time // when it was made; part of the file
}

// The measures of a page, in millimeters: A4.
const (
	pageWidth  = 210.0
	pageHeight = 297.0
	margin     = 25.0
	width      = pageWidth - 2*margin // of the text
	labelWidth = 52.0
	lineHeight = 1.42 * 25.4 / 72 // of one point of size
)

// The grays of the text, of 255.
const ink, faint = 25, 95

// begin makes a document whose bytes depend on nothing but what is written, and writes whose it is and its title. It returns
// where to go on.
func begin(issuer, title string, at time.Time) (*pen, float64) {
	pdf := fpdf.New("P", "mm", "A4", "")
	pdf.SetCatalogSort(true)
	pdf.SetCreationDate(at.UTC())
	pdf.SetModificationDate(at.UTC())
	pdf.SetProducer("Kontor", true)
	pdf.SetTitle(title, true)
	pdf.SetAuthor(issuer, true)
	pdf.SetMargins(margin, margin, margin)
	pdf.SetAutoPageBreak(false, 0)
	pdf.AddPage()
	p := &pen{pdf: pdf, known: map[string]face{}}
	p.ink(faint)
	y := p.paragraph(issuer, bold, 10, margin, margin, width)
	p.ink(ink)
	return p, p.paragraph(title, bold, 20, margin, y+8, width)
}

// end returns the document.
func (p *pen) end() ([]byte, error) {
	var out bytes.Buffer
	if err := errors.Join(p.err, p.pdf.Output(&out)); err != nil {
		return nil, fmt.Errorf("make the PDF: %w", err)
	}
	return out.Bytes(), nil
}

// PDF writes the sheet. The error says that the PDF could not be made, which is no text's fault.
func (s Sheet) PDF() ([]byte, error) {
	p, y := begin(s.Issuer, s.Title, s.At)
	y = p.paragraph(s.Lead, regular, 11.5, margin, y+4, width)
	y = p.rule(y + 6)
	for _, r := range s.Rows {
		if r.Value == "" {
			continue
		}
		y = p.room(y, 12)
		p.ink(faint)
		page, under := p.pdf.PageNo(), p.paragraph(r.Label, regular, 10, margin, y, labelWidth-4)
		p.ink(ink)
		y = p.paragraph(r.Value, regular, 10, margin+labelWidth, y, width-labelWidth)
		if p.pdf.PageNo() == page {
			y = max(y, under)
		}
		y += 1.6
	}
	y = p.rule(p.room(y+3, 30))
	p.ink(faint)
	for _, text := range s.Foot {
		y = p.paragraph(text, regular, 8.5, margin, y, width) + 1.5
	}
	return p.end()
}

func (p *pen) ink(gray int) { p.pdf.SetTextColor(gray, gray, gray) }

// rule draws a line across the page and returns where to go on below it.
func (p *pen) rule(y float64) float64 {
	p.pdf.SetDrawColor(205, 205, 205)
	p.pdf.SetLineWidth(0.2)
	p.pdf.Line(margin, y, pageWidth-margin, y)
	return y + 6
}

// room begins another page where less than need is left, and returns where to go on.
func (p *pen) room(y, need float64) float64 {
	if y+need <= pageHeight-margin {
		return y
	}
	p.pdf.AddPage()
	p.face = "" // a page begins without a font
	return margin
}

// paragraph writes text in a column from y on, and returns where it ends.
func (p *pen) paragraph(text, name string, size, x, y, width float64) float64 {
	for _, line := range p.wrap(text, name, size, width) {
		y = p.room(y, size*lineHeight)
		p.line(line, size, x, y+size*25.4/72)
		y += size * lineHeight
	}
	return y
}

// line writes characters from x on, those of one face at once.
func (p *pen) line(line []glyph, size, x, y float64) {
	for len(line) > 0 {
		var run strings.Builder
		n := 0
		for n < len(line) && line[n].face == line[0].face {
			run.WriteRune(line[n].r)
			n++
		}
		p.use(line[0].face, size)
		p.pdf.Text(x, y, run.String())
		x += p.pdf.GetStringWidth(run.String())
		line = line[n:]
	}
}

// wrap breaks text into lines: at blanks, or where a line would hold none, within a word.
func (p *pen) wrap(text, name string, size, width float64) (lines [][]glyph) {
	var line []glyph
	used, blank := 0.0, -1 // blank is where the line could be broken
	for _, r := range text {
		if unicode.IsSpace(r) {
			r = ' '
		}
		if !unicode.IsPrint(r) {
			continue // marks of direction, joiners: nothing that shows
		}
		g := p.glyphOf(r, name)
		w := p.width(g, size)
		if used+w > width && len(line) > 0 && r != ' ' {
			rest := []glyph(nil)
			if blank >= 0 {
				rest = append(rest, line[blank+1:]...)
				line = line[:blank]
			}
			lines = append(lines, line)
			line, used, blank = rest, 0, -1
			for _, g := range line {
				used += p.width(g, size)
			}
		}
		if r == ' ' {
			blank = len(line)
		}
		line = append(line, g)
		used += w
	}
	if len(line) > 0 {
		lines = append(lines, line)
	}
	return lines
}
