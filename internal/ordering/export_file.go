package ordering

import (
	"archive/zip"
	"encoding/csv"
	"io"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/bojanz/currency"
	"github.com/xuri/excelize/v2"

	"kontor/internal/licensing"
)

// exportFile is a file that is written line by line.
type exportFile interface {
	line(cells []cell) error
	// close writes what is left of the file.
	close() error
	// discard frees what the file holds outside of memory; after close as well.
	discard()
}

// newExportFile begins a file with its header. What is written goes to add in pieces.
func newExportFile(e licensing.Export, add func([]byte) error) (exportFile, error) {
	var titles []string
	for _, c := range e.Columns {
		title, _ := word(e.Words, "column."+c).(string)
		titles = append(titles, strings.TrimPrefix(title, "column."))
	}
	if e.Format == licensing.FormatSpreadsheet {
		return newSpreadsheet(e, titles, pieces(add))
	}
	return newCSV(titles, pieces(add))
}

// pieces is an io.Writer.
type pieces func([]byte) error

// Write implements io.Writer.
func (p pieces) Write(b []byte) (int, error) { return len(b), p(b) }

// harmless keeps spreadsheets from taking a text for a formula: one that begins as formulas do gets an apostrophe in front,
// which spreadsheets do not show.
func harmless(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}

// decimal is an amount without its currency: 1234.50.
func decimal(m *licensing.Money) string {
	a, err := currency.NewAmountFromInt64(m.Minor, m.Currency)
	if err != nil {
		return strconv.FormatInt(m.Minor, 10)
	}
	return a.Number()
}

// csvFile is a file as RFC 4180 has it, in UTF-8 with a byte order mark: without one, Excel takes it for another encoding.
type csvFile struct{ w *csv.Writer }

func newCSV(titles []string, w io.Writer) (*csvFile, error) {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return nil, err
	}
	f := &csvFile{csv.NewWriter(w)}
	f.w.UseCRLF = true
	return f, f.write(titles)
}

func (f *csvFile) write(fields []string) error {
	for i, s := range fields {
		fields[i] = harmless(s)
	}
	return f.w.Write(fields)
}

func (f *csvFile) line(cells []cell) error {
	fields := make([]string, len(cells))
	for i, c := range cells {
		switch v := c.(type) {
		case string:
			fields[i] = v
		case int:
			fields[i] = strconv.Itoa(v)
		case licensing.Day:
			fields[i] = v.String()
		case *licensing.Money:
			if v != nil {
				fields[i] = decimal(v) + " " + v.Currency
			}
		}
	}
	return f.write(fields)
}

func (f *csvFile) close() error {
	f.w.Flush()
	return f.w.Error()
}

func (f *csvFile) discard() {}

// maxSheetRows is how many rows a sheet of a spreadsheet can have.
const maxSheetRows = excelize.TotalRows

// spreadsheet is a workbook with typed cells and a header that stays in sight. What does not fit one sheet goes on in the
// next. Rows wait in a file beside the process, so that the memory stays flat.
type spreadsheet struct {
	book   *excelize.File
	stream *excelize.StreamWriter
	titles []string
	name   string
	sheets int
	row    int
	bold   int
	day    int
	money  map[string]int // the style of a currency
}

func newSpreadsheet(e licensing.Export, titles []string, out io.Writer) (*spreadsheet, error) {
	name, _ := word(e.Words, "list."+string(e.List)).(string)
	name = strings.TrimPrefix(name, "list.")
	f := &spreadsheet{book: excelize.NewFile(), titles: titles, name: name, money: map[string]int{}}
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
func (f *spreadsheet) next() (err error) {
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
		header[i] = excelize.Cell{StyleID: f.bold, Value: harmless(t)}
	}
	f.row = 1
	return f.stream.SetRow("A1", header)
}

func (f *spreadsheet) line(cells []cell) error {
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
			values[i] = harmless(v)
		case licensing.Day:
			if !v.IsZero() {
				values[i] = excelize.Cell{StyleID: f.day, Value: v.Begin(time.UTC)}
			}
		case *licensing.Money:
			if v != nil {
				style, err := f.styleOf(v.Currency)
				if err != nil {
					return err
				}
				values[i] = excelize.Cell{StyleID: style, Value: amount(v)}
			}
		default:
			values[i] = v
		}
	}
	return f.stream.SetRow("A"+strconv.Itoa(f.row), values)
}

// amount is a sum as spreadsheets keep it: they know floats alone.
func amount(m *licensing.Money) float64 {
	digits, ok := currency.GetDigits(m.Currency)
	if !ok {
		digits = 0
	}
	return float64(m.Minor) / math.Pow10(int(digits))
}

// styleOf is the style of amounts in a currency.
func (f *spreadsheet) styleOf(code string) (int, error) {
	if id, ok := f.money[code]; ok {
		return id, nil
	}
	format := "#,##0"
	if digits, _ := currency.GetDigits(code); digits > 0 {
		format += "." + strings.Repeat("0", int(digits))
	}
	format += ` "` + code + `"`
	id, err := f.book.NewStyle(&excelize.Style{CustomNumFmt: &format})
	f.money[code] = id
	return id, err
}

func (f *spreadsheet) close() error {
	if err := f.stream.Flush(); err != nil {
		return err
	}
	return f.book.Write(io.Discard)
}

func (f *spreadsheet) discard() { _ = f.book.Close() } // its temporary files
