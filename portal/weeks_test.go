package portal

import (
	"testing"

	"kontor/internal/licensing"
)

func TestWeeksBeginOnMonday(t *testing.T) {
	for d, want := range map[licensing.Day]licensing.Day{
		day(2026, 11, 16): day(2026, 11, 16), // a Monday
		day(2026, 11, 21): day(2026, 11, 16),
		day(2026, 11, 22): day(2026, 11, 16), // a Sunday
		day(2026, 11, 23): day(2026, 11, 23),
	} {
		if got := monday(d); got != want {
			t.Errorf("the week of %s begins on %s, not %s", d, got, want)
		}
	}
}

func TestCountWeeks(t *testing.T) {
	w := countWeeks(map[licensing.Day]int{
		day(2026, 8, 30):  5, // the Sunday before the first week
		day(2026, 8, 31):  1,
		day(2026, 9, 6):   2,
		day(2026, 11, 15): 7,
		day(2026, 11, 21): 4,
		day(2026, 11, 23): 9, // next week: the clock of another process is ahead
	}, testDay)
	if w.First != day(2026, 8, 31) || w.Count[0] != 3 || w.Count[10] != 7 || w.This() != 4 {
		t.Errorf("%+v", w)
	}
	if n, week := w.most(); n != 7 || week != 10 {
		t.Errorf("most are %d, in week %d", n, week)
	}
	bars := w.bars()
	if len(bars) != weeksShown || bars[10].Height != chartRoom || !bars[11].Current || bars[1].Height != 0 {
		t.Errorf("%+v", bars)
	}
}
