package paper

import "time"

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

const (
	cellSize = 8.5                   // of the text in a table, in points
	cellLine = cellSize * lineHeight // of a line of it, in millimeters
	// tallest is how tall a row may be that is kept on one page.
	tallest = (pageHeight - 2*margin) / 2
)

// PDF writes the table, on as many pages as it takes; each begins with the titles of the columns. The error says that the
// PDF could not be made, which is no text's fault.
func (t Table) PDF() ([]byte, error) {
	p, y := begin(t.Issuer, t.Title, t.At)
	y = p.paragraph(t.Lead, regular, 10, margin, y+3, width) + 6
	y = t.head(p, y)
	for _, r := range t.Rows {
		lines := t.lines(p, r, regular)
		if need := float64(height(lines)) * cellLine; need < tallest {
			y = t.room(p, y, need)
		}
		y = t.row(p, lines, y) + 1
	}
	if len(t.Sums) > 0 {
		y = p.rule(p.room(y+1, 12+float64(len(t.Sums))*6)) - 4
		for _, r := range t.Sums {
			y = t.row(p, t.lines(p, r, bold), y) + 0.5
		}
		p.rule(y + 0.6)
		y = p.rule(y + 1.4)
	}
	p.ink(faint)
	for _, text := range t.Foot {
		y = p.paragraph(text, regular, 8, margin, p.room(y, 12), width) + 1.5
	}
	return p.end()
}

// head writes the titles of the columns.
func (t Table) head(p *pen, y float64) float64 {
	titles := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		titles[i] = c.Title
	}
	p.ink(faint)
	lines := t.lines(p, titles, bold)
	for n := range height(lines) {
		t.line(p, lines, n, y)
		y += cellLine
	}
	p.ink(ink)
	return p.rule(y+0.5) - 4
}

// room begins another page, with the titles of the columns, where less than need is left.
func (t Table) room(p *pen, y, need float64) float64 {
	if y+need <= pageHeight-margin {
		return y
	}
	return t.head(p, p.room(y, pageHeight))
}

// lines breaks the cells of a row into lines.
func (t Table) lines(p *pen, cells []string, name string) [][][]glyph {
	lines := make([][][]glyph, len(t.Columns))
	for i, c := range t.Columns {
		lines[i] = p.wrap(cells[i], name, cellSize, c.Width-2)
	}
	return lines
}

// height is how many lines a row has.
func height(lines [][][]glyph) int {
	most := 1
	for _, cell := range lines {
		most = max(most, len(cell))
	}
	return most
}

// row writes one row from y on, and returns where it ends. One that is taller than a page goes on on the next.
func (t Table) row(p *pen, lines [][][]glyph, y float64) float64 {
	for n := range height(lines) {
		y = t.room(p, y, cellLine)
		t.line(p, lines, n, y)
		y += cellLine
	}
	return y
}

// line writes the nth line of each cell of a row.
func (t Table) line(p *pen, lines [][][]glyph, n int, y float64) {
	x := margin
	for i, c := range t.Columns {
		if n < len(lines[i]) {
			line, from := lines[i][n], x
			if c.Right {
				from = x + c.Width
				for _, g := range line {
					from -= p.width(g, cellSize)
				}
			}
			p.line(line, cellSize, from, y+cellSize*25.4/72)
		}
		x += c.Width
	}
}
