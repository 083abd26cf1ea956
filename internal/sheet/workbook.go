package sheet

import (
	"archive/zip"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/bojanz/currency"
	"github.com/xuri/excelize/v2"

	"kontor/internal/licensing"
)

// maxSheetRows is how many rows a sheet of a spreadsheet can have.
const maxSheetRows = excelize.TotalRows

// workbook is a spreadsheet with typed cells and a header that stays in sight. What does not fit one sheet goes on in the
// next. Rows wait in a file beside the process, so that the memory stays flat.
type workbook struct {
	book   *excelize.File
	stream *excelize.StreamWriter
	titles []string
	name   string
	sheets int
	row    int
	bold   int
	day    int
	styles map[string]int // of amounts, by currency
}

// NewWorkbook begins a workbook with its header; its sheets are called by a name.
func NewWorkbook(out io.Writer, name string, titles []string) (File, error) {
	f := &workbook{book: excelize.NewFile(), titles: titles, name: name, styles: map[string]int{}}
	// Straight to where it is kept: left alone, excelize would hold the whole file in memory first.
	f.book.SetZipWriter(func(io.Writer) excelize.ZipWriter { return zip.NewWriter(out) })
	var err error
	if f.bold, err = f.book.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}}); err != nil {
		return nil, err
	}
	format := "yyyy-mm-dd"
	if f.day, err = f.book.NewStyle(&excelize.Style{CustomNumFmt: &format}); err != nil {
		return nil, err
	}
	return f, f.next()
}

// next begins a sheet.
func (f *workbook) next() (err error) {
	if f.stream != nil {
		if err := f.stream.Flush(); err != nil {
			return err
		}
	}
	f.sheets++
	name := f.name
	if f.sheets > 1 {
		name += " " + strconv.Itoa(f.sheets)
		if _, err := f.book.NewSheet(name); err != nil {
			return err
		}
	} else if err := f.book.SetSheetName("Sheet1", name); err != nil {
		return err
	}
	if f.stream, err = f.book.NewStreamWriter(name); err != nil {
		return err
	}
	const width = 18 // characters
	if err := f.stream.SetColWidth(1, len(f.titles), width); err != nil {
		return err
	}
	if err := f.stream.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	header := make([]any, len(f.titles))
	for i, t := range f.titles {
		header[i] = excelize.Cell{StyleID: f.bold, Value: Harmless(t)}
	}
	f.row = 1
	return f.stream.SetRow("A1", header)
}

// Line implements File.
func (f *workbook) Line(cells []Cell) (err error) {
	if f.row >= maxSheetRows {
		if err := f.next(); err != nil {
			return err
		}
	}
	f.row++
	values := make([]any, len(cells))
	for i, c := range cells {
		switch v := c.(type) {
		case string:
			values[i] = Harmless(v)
		case licensing.Day:
			if !v.IsZero() {
				values[i] = excelize.Cell{StyleID: f.day, Value: v.Begin(time.UTC)}
			}
		case Amount:
			if values[i], err = f.money(licensing.Money(v)); err != nil {
				return err
			}
		case *licensing.Money:
			if v == nil {
				continue
			}
			if values[i], err = f.money(*v); err != nil {
				return err
			}
		default:
			values[i] = v
		}
	}
	return f.stream.SetRow("A"+strconv.Itoa(f.row), values)
}

func (f *workbook) money(m licensing.Money) (excelize.Cell, error) {
	style, err := f.styleOf(m.Currency)
	return excelize.Cell{StyleID: style, Value: amount(m)}, err
}

// styleOf is the style of amounts in a currency.
func (f *workbook) styleOf(code string) (int, error) {
	if id, ok := f.styles[code]; ok {
		return id, nil
	}
	format := "#,##0"
	if digits, _ := currency.GetDigits(code); digits > 0 {
		format += "." + strings.Repeat("0", int(digits))
	}
	format += ` "` + code + `"`
	id, err := f.book.NewStyle(&excelize.Style{CustomNumFmt: &format})
	f.styles[code] = id
	return id, err
}

// Close implements File.
func (f *workbook) Close() error {
	if err := f.stream.Flush(); err != nil {
		return err
	}
	return f.book.Write(io.Discard)
}

// Discard implements File.
func (f *workbook) Discard() { _ = f.book.Close() } // its temporary files
