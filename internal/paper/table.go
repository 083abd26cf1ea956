package paper

import (
	"bytes"
	"errors"
	"fmt"
	"time"

	"codeberg.org/go-pdf/fpdf"
)

// Column is a column of a table.
type Column struct {
	Title string
	Width float64 // in millimeters; all together 160
	Right bool    // figures stand at the right
}

// Table is a document of many lines: a title, what it says in a sentence, the lines, and sums under a rule that is closed by
// a double one. All texts are for people.
type Table struct {
	Issuer  string // whose document it is; stands above the title
	Title   string
	Lead    string
	Columns []Column
	Rows    [][]string // a text for each column
	Sums    [][]string
	Foot    []string
	At      time.Time // when it was made; part of the file
}

const cellSize = 8.5 // of the text in a table, in points

// PDF writes the table, on as many pages as it takes; each begins with the titles of the columns. The error says that the
// PDF could not be made, which is no text's fault.
func (t Table) PDF() ([]byte, error) {
	pdf := fpdf.New("P", "mm", "A4", "")
	pdf.SetCatalogSort(true)
	pdf.SetCreationDate(t.At.UTC())
	pdf.SetModificationDate(t.At.UTC())
	pdf.SetProducer("Kontor", true)
	pdf.SetTitle(t.Title, true)
	pdf.SetAuthor(t.Issuer, true)
	pdf.SetMargins(margin, margin, margin)
	pdf.SetAutoPageBreak(false, 0)
	pdf.AddPage()
	p := &pen{pdf: pdf, known: map[string]face{}}
	const ink, faint = 25, 95 // gray, of 255
	width := pageWidth - 2*margin

	y := margin
	p.ink(faint)
	y = p.paragraph(t.Issuer, bold, 10, margin, y, width)
	p.ink(ink)
	y = p.paragraph(t.Title, bold, 20, margin, y+8, width)
	y = p.paragraph(t.Lead, regular, 10, margin, y+3, width) + 6
	titles := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		titles[i] = c.Title
	}
	head := func(y float64) float64 {
		p.ink(faint)
		y = t.row(p, titles, bold, y)
		p.ink(ink)
		return p.rule(y+0.5) - 4
	}
	y = head(y)
	for _, r := range t.Rows {
		if page := pdf.PageNo(); y+t.height(p, r) > pageHeight-margin {
			if y = p.room(y, pageHeight); pdf.PageNo() != page {
				y = head(y)
			}
		}
		y = t.row(p, r, regular, y) + 1
	}
	if len(t.Sums) > 0 {
		y = p.rule(p.room(y+1, 12+float64(len(t.Sums))*6)) - 4
		for _, r := range t.Sums {
			y = t.row(p, r, bold, y) + 0.5
		}
		p.rule(y + 0.6)
		y = p.rule(y + 1.4)
	}
	p.ink(faint)
	for _, text := range t.Foot {
		y = p.paragraph(text, regular, 8, margin, p.room(y, 12), width) + 1.5
	}
	var out bytes.Buffer
	if err := errors.Join(p.err, pdf.Output(&out)); err != nil {
		return nil, fmt.Errorf("make the PDF: %w", err)
	}
	return out.Bytes(), nil
}

// height is how much room a row takes, in millimeters.
func (t Table) height(p *pen, cells []string) float64 {
	lines := 1
	for i, c := range t.Columns {
		lines = max(lines, len(p.wrap(cells[i], bold, cellSize, c.Width-2)))
	}
	return float64(lines) * cellSize * lineHeight
}

// row writes one row from y on, and returns where it ends.
func (t Table) row(p *pen, cells []string, name string, y float64) float64 {
	x, under := margin, y+cellSize*lineHeight
	for i, c := range t.Columns {
		at := y
		for _, line := range p.wrap(cells[i], name, cellSize, c.Width-2) {
			from := x
			if c.Right {
				from = x + c.Width
				for _, g := range line {
					from -= p.width(g, cellSize)
				}
			}
			p.line(line, cellSize, from, at+cellSize*25.4/72)
			at += cellSize * lineHeight
		}
		under = max(under, at)
		x += c.Width
	}
	return under
}
