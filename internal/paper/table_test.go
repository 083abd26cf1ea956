package paper_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"kontor/internal/paper"
)

// TestTable makes the same bytes of the same table, on as many pages as it takes.
func TestTable(t *testing.T) {
	table := paper.Table{
		Issuer: "Aurora Software", Title: "November 2026", Lead: "Northwind", At: time.Unix(1_800_000_000, 0),
		Columns: []paper.Column{{Title: "Day", Width: 30}, {Title: "What", Width: 100}, {Title: "Net", Width: 30, Right: true}},
		Sums:    [][]string{{"", "EUR, net", "1,000.00"}}, Foot: []string{"It does not change any more."},
	}
	tall := table
	tall.Rows = [][]string{{"1", strings.Repeat("word ", 4000), "10.00"}, {"2", "after it", "20.00"}}
	pdf, err := tall.PDF()
	if err != nil {
		t.Fatal(err)
	}
	if got := bytes.Count(pdf, []byte("/Type /Page\n")); got < 4 {
		t.Errorf("a row of 4000 words is on %d pages", got)
	}
	for n, pages := range map[int]int{0: 1, 10: 1, 200: 5} {
		table.Rows = nil
		for i := range n {
			table.Rows = append(table.Rows, []string{fmt.Sprint(i), "Created, with a text that is long enough to be broken into several lines when there is no room for it in one of them", "10.00"})
		}
		one, err := table.PDF()
		if err != nil {
			t.Fatal(err)
		}
		two, err := table.PDF()
		if err != nil || !bytes.Equal(one, two) {
			t.Errorf("%d rows make other bytes the second time, %v", n, err)
		}
		if got := bytes.Count(one, []byte("/Type /Page\n")); n < 200 && got != pages || got < pages {
			t.Errorf("%d rows are on %d pages, want %d", n, got, pages)
		}
	}
}
