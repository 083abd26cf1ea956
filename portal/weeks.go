package portal

import (
	"fmt"
	"time"

	"kontor/internal/licensing"
)

// weeks is how many licenses were created in each of the last twelve weeks, the current one last. A week begins on
// Monday.
type weeks struct {
	First licensing.Day // the Monday of the first week
	Count [weeksShown]int
}

// monday returns the Monday of a day's week.
func monday(d licensing.Day) licensing.Day {
	return d.AddDays(-((int(d.Weekday()) + 7 - int(time.Monday)) % 7))
}

// firstWeek returns the Monday of the first week that is shown.
func firstWeek(today licensing.Day) licensing.Day {
	return monday(today).AddDays(-7 * (weeksShown - 1))
}

func countWeeks(perDay map[licensing.Day]int, today licensing.Day) weeks {
	w := weeks{First: firstWeek(today)}
	for day, n := range perDay {
		if i := w.First.DaysUntil(day) / 7; !day.Before(w.First) && i < weeksShown {
			w.Count[i] += n
		}
	}
	return w
}

// This is the count of the current week.
func (w weeks) This() int { return w.Count[weeksShown-1] }

// most returns the highest count, and the last week that has it.
func (w weeks) most() (n, week int) {
	for i, c := range w.Count {
		if c >= n {
			n, week = c, i
		}
	}
	return n, week
}

// bar is a week's bar in the chart: x and width in percent, y and height in pixels from the top.
type bar struct {
	X, Width string
	Y        float64
	Height   float64
	Current  bool
}

// The chart's measures in pixels.
const (
	chartBase = 96 // where the bars stand
	chartRoom = 82 // the highest bar
)

func (w weeks) bars() []bar {
	most, _ := w.most()
	bars := make([]bar, 0, weeksShown)
	for i, n := range w.Count {
		height := 0.0
		if most > 0 {
			height = float64(chartRoom*n) / float64(most)
		}
		bars = append(bars, bar{
			X: percent(1 + float64(i)*100/weeksShown), Width: percent(6.3),
			Y: chartBase - height, Height: height, Current: i == weeksShown-1,
		})
	}
	return bars
}

// middleOf is where the middle of a week's bar is, in percent.
func middleOf(week int) string { return percent(1 + float64(week)*100/weeksShown + 6.3/2) }

// percent writes a share of a drawing's width.
func percent(p float64) string { return fmt.Sprintf("%.2f%%", p) }
