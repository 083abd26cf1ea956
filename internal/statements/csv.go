package statements

import (
	"bytes"
	"encoding/csv"
	"strconv"
	"strings"

	"github.com/bojanz/currency"

	"kontor/internal/licensing"
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
	out.WriteString("\ufeff")
	w := csv.NewWriter(&out)
	w.UseCRLF = true
	line := func(cells []string) {
		for i, c := range cells {
			cells[i] = harmless(c)
		}
		_ = w.Write(cells) // into memory
	}
	line(append(append([]string(nil), csvColumns...), fields...))
	for _, e := range s.Entries {
		cells := []string{
			s.Month.String(), s.GroupCode, e.On.String(), licensing.MonthOf(e.On).String(), string(e.Kind), e.OrderNumber, e.Customer.Number, e.Customer.Name,
			e.Customer.Company, e.ProductCode, e.ProductName, strconv.Itoa(e.Quantity),
		}
		units, unit, amount, code := "", "", "", ""
		if e.Units > 0 {
			units = strconv.FormatInt(e.Units, 10)
		}
		if e.Unit != nil {
			unit = decimal(*e.Unit)
		}
		if e.Amount != nil {
			amount, code = decimal(*e.Amount), e.Amount.Currency
		}
		period, from, to := "", "", ""
		if e.Period != nil {
			period, from, to = strconv.Itoa(e.Period.Number), e.Period.Start.String(), e.Period.End.String()
		}
		cells = append(cells, units, unit, amount, code, period, from, to, e.Reason)
		values := make([]string, len(fields))
		for _, v := range e.DataFields {
			values[at[v.Name]] = v.Value
		}
		line(append(cells, values...))
	}
	w.Flush()
	return out.Bytes()
}

// decimal is an amount without its currency: 1234.50.
func decimal(m licensing.Money) string {
	a, err := currency.NewAmountFromInt64(m.Minor, m.Currency)
	if err != nil { // not a currency of ISO 4217
		return strconv.FormatInt(m.Minor, 10)
	}
	return a.Number()
}

// harmless keeps spreadsheets from taking a text for a formula: one that begins as formulas do gets an apostrophe in front,
// which spreadsheets do not show. Amounts below zero stay what they are.
func harmless(s string) string {
	if s == "" || !strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return s
	}
	if _, err := strconv.ParseFloat(s, 64); err == nil && s[0] == '-' {
		return s
	}
	return "'" + s
}
