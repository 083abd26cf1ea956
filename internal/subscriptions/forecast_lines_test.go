package subscriptions

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"kontor/internal/licensing"
)

// TestWindowsPutLinesInOrder: windows of any size, one after another, hold every line once and in order, in whatever order
// subscriptions are walked.
func TestWindowsPutLinesInOrder(t *testing.T) {
	kinds := []licensing.ForecastKind{licensing.ForecastExtended, licensing.ForecastReminder, licensing.ForecastCancelBy, licensing.ForecastEnded}
	rapid.Check(t, func(rt *rapid.T) {
		var all []ForecastLine
		of := map[int64][]ForecastLine{}
		for i := range rapid.IntRange(0, 60).Draw(rt, "lines") {
			seq := int64(rapid.IntRange(1, 9).Draw(rt, "subscription"))
			l := ForecastLine{ForecastEvent: licensing.ForecastEvent{
				On: licensing.Day{Year: 2027, Month: 1, Date: 1}.AddDays(rapid.IntRange(0, 40).Draw(rt, "day")), Kind: rapid.SampledFrom(kinds).Draw(rt, "kind"), Period: licensing.Period{Number: i + 1},
			}, Of: &Forecasted{seq: seq}}
			all, of[seq] = append(all, l), append(of[seq], l)
		}
		order := func(a, b ForecastLine) int { return keyOf(a).compare(keyOf(b)) }
		for _, lines := range of {
			slices.SortFunc(lines, order)
		}
		slices.SortFunc(all, order)
		size := rapid.IntRange(1, 70).Draw(rt, "window")
		var read []ForecastLine
		for after := ""; ; {
			w := newWindow(after, size)
			for _, lines := range of {
				for _, l := range lines {
					if !w.add(l) {
						break
					}
				}
			}
			if len(w.lines) > size {
				rt.Fatalf("a window of %d holds %d lines", size, len(w.lines))
			}
			read = append(read, w.sorted()...)
			if !w.more {
				break
			}
			after = keyOf(read[len(read)-1]).cursor()
		}
		if !slices.EqualFunc(read, all, func(a, b ForecastLine) bool { return keyOf(a) == keyOf(b) }) {
			rt.Fatalf("read %v\nwant %v", read, all)
		}
	})
}

// TestCursor: what is no place is none.
func TestCursor(t *testing.T) {
	for _, s := range []string{"", "x", "*", "MjAyNy0wMS0wMQ", keyOf(ForecastLine{Of: &Forecasted{}}).cursor()} {
		if k, ok := readCursor(s); ok {
			t.Errorf("%q is read as %v", s, k)
		}
	}
}
