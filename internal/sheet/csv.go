package sheet

import (
	"encoding/csv"
	"io"
	"slices"
	"strconv"

	"kontor/internal/licensing"
)

// csvFile is a file as RFC 4180 has it, in UTF-8 with a byte order mark: without one, Excel takes it for another encoding.
type csvFile struct{ w *csv.Writer }

// NewCSV begins a CSV file with its header.
func NewCSV(w io.Writer, titles []string) (File, error) {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return nil, err
	}
	f, titles := &csvFile{csv.NewWriter(w)}, slices.Clone(titles)
	f.w.UseCRLF = true
	for i, t := range titles {
		titles[i] = Harmless(t)
	}
	return f, f.w.Write(titles)
}

// Line implements File.
func (f *csvFile) Line(cells []Cell) error {
	fields := make([]string, len(cells))
	for i, c := range cells {
		switch v := c.(type) {
		case string:
			fields[i] = Harmless(v)
		case int:
			fields[i] = strconv.Itoa(v)
		case licensing.Day:
			fields[i] = v.String()
		case Amount:
			fields[i] = Decimal(licensing.Money(v))
		case *licensing.Money:
			if v != nil {
				fields[i] = Decimal(*v) + " " + v.Currency
			}
		}
	}
	return f.w.Write(fields)
}

// Close implements File.
func (f *csvFile) Close() error {
	f.w.Flush()
	return f.w.Error()
}

// Discard implements File.
func (f *csvFile) Discard() {}
