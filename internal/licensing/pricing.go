package licensing

import "math"

// MaxQuantity is the most that one order line may have.
const MaxQuantity = 10_000

// Price returns what one unit costs, how many units a line has (seats × quantity, and never less than one), and what
// they cost together. Unit and amount are nil for a product without a price. The error (code invalidRequest, field
// "quantity") says that the quantity is not 1 to MaxQuantity, or that the amount is more than can be billed.
func Price(p Product, params []Value, quantity int) (unit *Money, units int64, amount *Money, err error) {
	if quantity < 1 || quantity > MaxQuantity {
		return nil, 0, nil, InvalidRequest("quantity", "Enter 1 to %d.", MaxQuantity)
	}
	units, ok := multiply(Seats(params, p.Parameters), int64(quantity))
	if !ok {
		return nil, 0, nil, tooMuch()
	}
	if p.Price == nil {
		return nil, units, nil, nil
	}
	if _, ok := multiply(p.Price.Minor, units); !ok {
		return nil, 0, nil, tooMuch()
	}
	price, total := *p.Price, p.Price.Times(units)
	return &price, units, &total, nil
}

func tooMuch() error {
	return InvalidRequest("quantity", "The order is too large to be billed as one line. Enter a smaller quantity, or fewer seats.")
}

// multiply returns a × b for b ≥ 1, and whether it fits.
func multiply(a, b int64) (int64, bool) {
	if a > math.MaxInt64/b || a < math.MinInt64/b {
		return 0, false
	}
	return a * b, true
}
