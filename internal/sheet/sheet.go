// Package sheet writes lines into files for spreadsheets: CSV and workbooks. Neither takes a text for a formula.
package sheet

import (
	"math"
	"strconv"

	"github.com/bojanz/currency"

	"kontor/internal/licensing"
)

// Cell is one value of a line: nil, a string, an int, a licensing.Day, a *licensing.Money or an Amount.
type Cell any

// Amount is money whose currency stands in a column of its own.
type Amount licensing.Money

// File is a file that is written line by line.
type File interface {
	Line(cells []Cell) error
	// Close writes what is left of the file.
	Close() error
	// Discard frees what the file holds outside of memory; after Close as well.
	Discard()
}

// Decimal is an amount without its currency: 1234.50.
func Decimal(m licensing.Money) string {
	a, err := currency.NewAmountFromInt64(m.Minor, m.Currency)
	if err != nil { // not a currency of ISO 4217
		return strconv.FormatInt(m.Minor, 10)
	}
	return a.Number()
}

// amount is a sum as spreadsheets keep it: they know floats alone.
func amount(m licensing.Money) float64 {
	digits, ok := currency.GetDigits(m.Currency)
	if !ok {
		digits = 0
	}
	return float64(m.Minor) / math.Pow10(int(digits))
}
