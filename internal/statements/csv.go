package statements

import (
	"bytes"
	"slices"
	"strconv"

	"kontor/internal/licensing"
	"kontor/internal/sheet"
)

// csvColumns are the columns of a statement as a file; after them comes one for each data field.
var csvColumns = []string{
	"statement", "group", "day", "month", "what", "order", "customer_number", "customer", "company", "product", "product_name", "quantity",
	"units", "unit_price", "amount", "currency", "period", "period_start", "period_end", "reason",
}

// CSV is a statement as a file as RFC 4180 has it, in UTF-8 with a byte order mark: without one, Excel takes it for another
// encoding. It has a line for each entry; the column "month" is that of the entry, which is an earlier one than the
// statement's for a correction.
func CSV(s licensing.Statement) []byte {
	var fields []string
	at := map[string]int{}
	for _, e := range s.Entries {
		for _, v := range e.DataFields {
			if _, known := at[v.Name]; !known {
				at[v.Name] = len(fields)
				fields = append(fields, v.Name)
			}
		}
	}
	var out bytes.Buffer
	file, _ := sheet.NewCSV(&out, append(slices.Clone(csvColumns), fields...)) // into memory: nothing fails
	for _, e := range s.Entries {
		cells := []sheet.Cell{
			s.Month.String(), s.GroupCode, e.On.String(), licensing.MonthOf(e.On).String(), string(e.Kind), e.OrderNumber, e.Customer.Number, e.Customer.Name,
			e.Customer.Company, e.ProductCode, e.ProductName, e.Quantity,
		}
		var units, unit, amount, code sheet.Cell
		if e.Units != 0 {
			units = int(e.Units) // a number, for a text that begins with a minus is held for a formula
		}
		if e.Unit != nil {
			unit = sheet.Amount(*e.Unit)
		}
		if e.Amount != nil {
			amount, code = sheet.Amount(*e.Amount), e.Amount.Currency
		}
		period, from, to := "", "", ""
		if e.Period != nil {
			period, from, to = strconv.Itoa(e.Period.Number), e.Period.Start.String(), e.Period.End.String()
		}
		cells = append(cells, units, unit, amount, code, period, from, to, e.Reason)
		values := make([]sheet.Cell, len(fields))
		for _, v := range e.DataFields {
			values[at[v.Name]] = v.Value
		}
		_ = file.Line(append(cells, values...))
	}
	_ = file.Close()
	return out.Bytes()
}
