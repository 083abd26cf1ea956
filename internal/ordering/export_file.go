package ordering

import (
	"strings"

	"kontor/internal/licensing"
	"kontor/internal/sheet"
)

// newExportFile begins a file with its header. What is written goes to add in pieces.
func newExportFile(e licensing.Export, add func([]byte) error) (sheet.File, error) {
	var titles []string
	for _, c := range e.Columns {
		title, _ := word(e.Words, "column."+c).(string)
		titles = append(titles, strings.TrimPrefix(title, "column."))
	}
	if e.Format == licensing.FormatSpreadsheet {
		name, _ := word(e.Words, "list."+string(e.List)).(string)
		return sheet.NewWorkbook(pieces(add), strings.TrimPrefix(name, "list."), titles)
	}
	return sheet.NewCSV(pieces(add), titles)
}

// pieces is an io.Writer.
type pieces func([]byte) error

// Write implements io.Writer.
func (p pieces) Write(b []byte) (int, error) { return len(b), p(b) }
