package statements

import "kontor/internal/licensing"

// charge puts what a period costs into its entry.
func charge(e *licensing.StatementEntry, p licensing.Period) {
	e.Units, e.Amount = p.Units, p.Amount
	if p.Amount != nil && p.Units > 0 && p.Amount.Minor%p.Units == 0 {
		e.Unit = &licensing.Money{Minor: p.Amount.Minor / p.Units, Currency: p.Amount.Currency}
	}
}
