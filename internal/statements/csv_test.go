package statements_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"kontor/internal/licensing"
	"kontor/internal/statements"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func eur(minor int64) *licensing.Money { return &licensing.Money{Minor: minor, Currency: "EUR"} }

// TestCSV holds a statement with everything in it against its file.
func TestCSV(t *testing.T) {
	day := func(m time.Month, d int) licensing.Day { return licensing.Day{Year: 2026, Month: m, Date: d} }
	ada := licensing.Customer{Number: "C-1", Name: "Ada Bright", Company: "Bright, \"Studio\" GmbH"}
	s := licensing.Statement{GroupCode: "northwind", GroupName: "Northwind", Month: licensing.Month{Year: 2026, Month: time.November}, Entries: []licensing.StatementEntry{
		{On: day(10, 31), Kind: licensing.EntryRevoked, OrderNumber: "K26-10001", Customer: ada, ProductCode: "AUR-DESIGN", ProductName: "Aurora Design", Quantity: 1, Reason: "=SUM(A1)"},
		{
			On: day(11, 3), Kind: licensing.EntryCreated, OrderNumber: "K26-10002", DataFields: []licensing.Value{{Name: "externalOrderNumber", Value: "PO-4711"}},
			Customer: ada, ProductCode: "AUR-DESIGN", ProductName: "Aurora Design", Quantity: 3, Units: 24, Unit: eur(18000), Amount: eur(432000),
		},
		{
			On: day(11, 4), Kind: licensing.EntryExtended, OrderNumber: "K25-10009", DataFields: []licensing.Value{{Name: "branch", Value: "Kraków"}}, Customer: ada,
			ProductCode: "AUR-SUITE", ProductName: "Aurora Suite", Quantity: 1, Units: 10, Unit: &licensing.Money{Minor: 500, Currency: "JPY"},
			Amount: &licensing.Money{Minor: 5000, Currency: "JPY"}, Period: &licensing.Period{Number: 2, Start: day(12, 4), End: licensing.Day{Year: 2027, Month: 12, Date: 3}},
		},
		{On: day(11, 5), Kind: licensing.EntryCharged, OrderNumber: "K25-10009", Customer: ada, ProductCode: "AUR-SUITE", ProductName: "Aurora Suite", Quantity: 1, Amount: eur(-1250)},
		{On: day(11, 6), Kind: licensing.EntryCredited, OrderNumber: "K25-10009", Customer: ada, ProductCode: "AUR-SUITE", ProductName: "Aurora Suite", Quantity: 1, Units: -10, Amount: eur(-180000)},
	}}
	got, path := statements.CSV(s), filepath.Join("testdata", "statement.golden.csv")
	if *update {
		if err := os.WriteFile(path, got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("the file is\n%s\nwant\n%s", got, want)
	}
}
