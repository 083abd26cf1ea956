package portal

import (
	"testing"

	"kontor/internal/licensing"
)

// TestReadingWithoutAnOffer reads a license that was moved here from a category in which the reader holds nothing.
func TestReadingWithoutAnOffer(t *testing.T) {
	l := licensing.License{
		ProductName: "Aurora Design Event", Quantity: 1,
		Parameters: []licensing.Value{{Name: "days", Value: "30"}, {Name: "edition", Value: "pro"}, {Name: "old", Value: "x"}},
		Definitions: []licensing.Parameter{
			{Name: "days", Type: "selection", Label: "Usage period", Sets: licensing.SetsDays},
			{Name: "edition", Type: "selection", Label: "Edition", Options: []licensing.Option{{Value: "pro", Label: "Pro"}}},
		},
	}
	ctx := english(t)
	if got := (offerBook{}).name(ctx, l); got != "Aurora Design Event, 30 days, Pro" {
		t.Errorf("it is called %q", got)
	}
	rows := parameterRows(ctx, offerBook{}, l)
	want := []parameterRow{{Label: "Usage period", Value: "30 days"}, {Label: "Edition", Value: "Pro"}, {Label: "old", Value: "x"}}
	if len(rows) != len(want) {
		t.Fatalf("rows are %v", rows)
	}
	for i := range want {
		if rows[i] != want[i] {
			t.Errorf("row %d is %v, want %v", i, rows[i], want[i])
		}
	}
}
