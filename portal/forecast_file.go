package portal

import (
	"context"
	"encoding/csv"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/bojanz/currency"

	"kontor/internal/licensing"
	"kontor/internal/subscriptions"
)

// forecastFile hands out everything that will happen as CSV, while it is read.
func (s *site) forecastFile(v *visit) error {
	q := readList(v, timeMachineFilters, "time-machine")
	ctx := v.ctx()
	out := csv.NewWriter(v.Writer)
	out.UseCRLF = true
	begun := false
	connection := http.NewResponseController(v.Writer)
	err := s.services.Subscriptions.ForecastLines(ctx, v.actor, forecastFilterOf(q, v.today()), func(today licensing.Day, lines []subscriptions.ForecastLine) error {
		// Each portion has its own time: a large file over a slow line takes longer than the server gives to an answer.
		if err := connection.SetWriteDeadline(time.Now().Add(partTimeout)); err != nil && !errors.Is(err, http.ErrNotSupported) {
			return err
		}
		if !begun {
			begun = true
			if err := s.beginForecastFile(v, out); err != nil {
				return err
			}
		}
		for _, l := range lines {
			if err := out.Write(forecastCells(ctx, l, today)); err != nil {
				return err
			}
		}
		out.Flush()
		return out.Error()
	})
	if err != nil && begun { // what stands there already cannot be taken back
		s.config.Log.WarnContext(ctx, "a forecast's file was cut short", "error", err)
		return nil
	}
	return err
}

// beginForecastFile writes the head. A byte order mark tells spreadsheets which encoding it is.
func (s *site) beginForecastFile(v *visit, out *csv.Writer) error {
	v.Header("Content-Type", exportTypes[licensing.FormatCSV])
	v.Header("Content-Disposition", `attachment; filename="forecast-`+v.today().String()+`.csv"`)
	v.Header("Cache-Control", "no-store")
	v.Status(http.StatusOK)
	if _, err := v.Writer.WriteString("\ufeff"); err != nil {
		return err
	}
	ctx := v.ctx()
	return out.Write([]string{
		T(ctx, "machine.when"), T(ctx, "machine.what"), T(ctx, "machine.overdueColumn"), T(ctx, "machine.triedColumn"), T(ctx, "license.ticket"), T(ctx, "license.license"), T(ctx, "license.seats"),
		T(ctx, "lists.quantity"), T(ctx, "license.customer"), T(ctx, "lists.customerNumber"), T(ctx, "license.group"), T(ctx, "machine.period"), T(ctx, "license.endDate"), T(ctx, "machine.amount"), T(ctx, "machine.currency"),
	})
}

func forecastCells(ctx context.Context, l subscriptions.ForecastLine, today licensing.Day) []string {
	yes := func(b bool) string {
		if b {
			return T(ctx, "machine.yes")
		}
		return ""
	}
	seats, amount, code := "", "", ""
	if l.Of.Seats > 0 {
		seats = strconv.Itoa(l.Of.Seats)
	}
	if l.Kind == licensing.ForecastExtended && l.Amount != nil {
		code = l.Amount.Currency
		if a, err := currency.NewAmountFromInt64(l.Amount.Minor, code); err == nil {
			amount = a.Number()
		}
	}
	cells := []string{
		l.On.String(), T(ctx, "machine.day."+string(l.Kind)), yes(l.Overdue(today)), yes(l.Spared), l.Of.Ticket, l.Of.ProductName, seats,
		strconv.Itoa(l.Of.Quantity), customerName(l.Of.Customer), l.Of.Customer.Number, l.Of.GroupName, strconv.Itoa(l.Period.Number), l.Period.End.String(), amount, code,
	}
	for i, c := range cells {
		if c != "" && strings.ContainsRune("=+-@\t\r", rune(c[0])) && c != amount {
			cells[i] = "'" + c // or a spreadsheet took it for a formula
		}
	}
	return cells
}
