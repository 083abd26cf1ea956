package portal

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"time"

	"kontor/internal/licensing"
	"kontor/internal/sheet"
	"kontor/internal/subscriptions"
)

// forecastFile hands out everything that will happen as a file, while it is read.
func (s *site) forecastFile(v *visit) error {
	q := readList(v, timeMachineFilters, "time-machine")
	format := licensing.ExportFormat(v.Query("format"))
	if exportTypes[format] == "" {
		format = licensing.FormatCSV
	}
	ctx, out := v.ctx(), &fileSent{visit: v, name: "forecast-" + v.today().String(), format: format}
	file, err := newForecastFile(ctx, out, format)
	if err != nil {
		return err
	}
	defer file.Discard()
	err = s.services.Subscriptions.ForecastLines(ctx, v.actor, forecastFilterOf(q, v.today()), func(today licensing.Day, lines []subscriptions.ForecastLine) error {
		if err := out.more(); err != nil {
			return err
		}
		for _, l := range lines {
			if err := file.Line(forecastCells(ctx, l, today)); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		err = file.Close()
	}
	if err == nil {
		err = out.flush()
	}
	if err != nil && out.begun { // what was sent cannot be taken back: whoever gets it shall see that it is not all
		s.config.Log.WarnContext(ctx, "a forecast's file was cut short", "error", err)
		panic(http.ErrAbortHandler)
	}
	return err
}

// fileSent is a file that is sent while it is written. Nothing is sent before there is more than a little, so that what goes
// wrong early is answered as on any page.
type fileSent struct {
	*visit
	name   string // without its ending
	format licensing.ExportFormat
	kept   bytes.Buffer
	begun  bool
}

// keptOfFile is how many bytes wait until they are sent.
const keptOfFile = 1 << 20

// Write implements io.Writer.
func (d *fileSent) Write(b []byte) (int, error) {
	n, _ := d.kept.Write(b)
	if d.kept.Len() < keptOfFile {
		return n, nil
	}
	return n, d.flush()
}

// more gives the next portion its own time: a large file over a slow line takes longer than the server gives to an answer.
func (d *fileSent) more() error {
	err := http.NewResponseController(d.Writer).SetWriteDeadline(time.Now().Add(partTimeout))
	if errors.Is(err, http.ErrNotSupported) {
		return nil
	}
	return err
}

// flush sends what waits.
func (d *fileSent) flush() error {
	if err := d.more(); err != nil {
		return err
	}
	if !d.begun {
		d.begun = true
		d.Header("Content-Type", exportTypes[d.format])
		d.Header("Content-Disposition", `attachment; filename="`+d.name+"."+string(d.format)+`"`)
		d.Header("Cache-Control", "no-store")
		d.Status(http.StatusOK)
	}
	_, err := d.kept.WriteTo(d.Writer)
	return err
}

func newForecastFile(ctx context.Context, out io.Writer, format licensing.ExportFormat) (sheet.File, error) {
	titles := []string{
		T(ctx, "machine.when"), T(ctx, "machine.what"), T(ctx, "machine.overdueColumn"), T(ctx, "machine.triedColumn"), T(ctx, "license.ticket"), T(ctx, "license.license"), T(ctx, "license.seats"),
		T(ctx, "lists.quantity"), T(ctx, "license.customer"), T(ctx, "lists.customerNumber"), T(ctx, "license.group"), T(ctx, "machine.period"), T(ctx, "license.endDate"), T(ctx, "machine.amount"), T(ctx, "machine.currency"),
	}
	if format == licensing.FormatSpreadsheet {
		return sheet.NewWorkbook(out, T(ctx, "nav.machine"), titles)
	}
	return sheet.NewCSV(out, titles)
}

func forecastCells(ctx context.Context, l subscriptions.ForecastLine, today licensing.Day) []sheet.Cell {
	yes := func(b bool) sheet.Cell {
		if b {
			return T(ctx, "machine.yes")
		}
		return nil
	}
	var seats, amount, code sheet.Cell
	if l.Of.Seats > 0 {
		seats = l.Of.Seats
	}
	if l.Kind == licensing.ForecastExtended && l.Amount != nil {
		amount, code = sheet.Amount(*l.Amount), l.Amount.Currency
	}
	return []sheet.Cell{
		l.On, T(ctx, "machine.day."+string(l.Kind)), yes(l.Overdue(today)), yes(l.Spared), l.Of.Ticket, l.Of.ProductName, seats,
		l.Of.Quantity, customerName(l.Of.Customer), l.Of.Customer.Number, l.Of.GroupName, l.Period.Number, l.Period.End, amount, code,
	}
}
