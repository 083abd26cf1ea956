package portal

import (
	"testing"

	"kontor/internal/licensing"
)

// TestUsualUntil: the picture ends with a month, so that the last column of the chart holds all of it.
func TestUsualUntil(t *testing.T) {
	for today, want := range map[licensing.Day]licensing.Day{
		{Year: 2026, Month: 11, Date: 1}:  {Year: 2027, Month: 11, Date: 30},
		{Year: 2026, Month: 11, Date: 22}: {Year: 2027, Month: 11, Date: 30},
		{Year: 2027, Month: 1, Date: 31}:  {Year: 2028, Month: 1, Date: 31},
		{Year: 2027, Month: 2, Date: 28}:  {Year: 2028, Month: 2, Date: 29},
	} {
		if got := forecastFilterOf(listQuery{}, today).Until; got != want {
			t.Errorf("on %s it goes to %s, want %s", today, got, want)
		}
	}
}
