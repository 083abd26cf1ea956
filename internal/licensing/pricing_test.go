package licensing_test

import (
	"math"
	"math/big"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"kontor/internal/licensing"
)

func TestPrice(t *testing.T) {
	priced := licensing.Product{Parameters: used, Price: &licensing.Money{Minor: 4200, Currency: "EUR"}}
	free := licensing.Product{Parameters: used}
	for _, c := range []struct {
		name     string
		product  licensing.Product
		params   []licensing.Value
		quantity int
		units    int64
		minor    int64 // -1: no charge
		refused  bool
	}{
		{"without seats", priced, nil, 1, 1, 4200, false},
		{"seats times quantity", priced, values("users=5"), 3, 15, 63000, false},
		{"no charge", free, values("users=5"), 3, 15, -1, false},
		{"the largest", priced, values("users=1000000000"), 10_000, 1e13, 42e15, false},
		{"no quantity", priced, nil, 0, 0, -1, true},
		{"a negative quantity", priced, nil, -1, 0, -1, true},
		{"too large a quantity", free, nil, 10_001, 0, -1, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			unit, units, amount, err := licensing.Price(c.product, c.params, c.quantity)
			if c.refused {
				checkRefusal(t, err, "quantity", "Enter 1 to 10000.")
				return
			}
			if err != nil || units != c.units || (unit == nil) != (c.minor < 0) || (amount == nil) != (c.minor < 0) {
				t.Fatalf("got %v, %d, %v, %v", unit, units, amount, err)
			}
			if amount != nil && (*unit != *c.product.Price || *amount != licensing.Money{Minor: c.minor, Currency: "EUR"}) {
				t.Errorf("got %v for one and %v for all", unit, amount)
			}
		})
	}
}

// Price agrees with arithmetic that has no bounds, and refuses exactly what does not fit.
func TestPriceNeverOverflows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		minor := rapid.OneOf(rapid.Int64(), rapid.Int64Range(-1e9, 1e9)).Draw(t, "minor")
		seats := rapid.OneOf(rapid.Int64Range(1, 1e9), rapid.Int64Range(1, math.MaxInt64)).Draw(t, "seats")
		quantity := rapid.IntRange(1, licensing.MaxQuantity).Draw(t, "quantity")
		units := new(big.Int).Mul(big.NewInt(seats), big.NewInt(int64(quantity)))
		amount := new(big.Int).Mul(units, big.NewInt(minor))

		product := licensing.Product{Parameters: used, Price: &licensing.Money{Minor: minor, Currency: "EUR"}}
		_, gotUnits, got, err := licensing.Price(product, values("users="+strconv.FormatInt(seats, 10)), quantity)
		if fits := units.IsInt64() && amount.IsInt64(); fits != (err == nil) {
			t.Fatalf("%d × %s: fits %t, error %v", minor, units, fits, err)
		}
		if err == nil && (gotUnits != units.Int64() || got.Minor != amount.Int64()) {
			t.Fatalf("%d × %s = %s, got %d", minor, units, amount, got.Minor)
		}
	})
}
