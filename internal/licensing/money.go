package licensing

// Money is an amount in minor units (cents for EUR) of a currency (ISO 4217). There are no floats on its way.
type Money struct {
	Minor    int64  `json:"minor"`
	Currency string `json:"currency"`
}

// Times returns n times the amount.
func (m Money) Times(n int64) Money { return Money{m.Minor * n, m.Currency} }
