package portal

import (
	"context"
	"strconv"

	"kontor/internal/licensing"
)

// timeline is the drawing of a subscription, to scale: where in percent of its width each thing stands. It knows
// nothing of words and colors.
type timeline struct {
	Years   []tick
	Periods []stretch
	Today   float64
	// CancelBy is where the last day to cancel ends; negative when there is none any more.
	CancelBy float64
	End      float64 // where the last period ends that has been agreed
	Last     licensing.Period
	Next     *licensing.Period // follows if nobody cancels; nil when somebody has
	Struck   bool              // the next one is drawn, but does not come
	from, to licensing.Day
}

// tick is the beginning of a year.
type tick struct {
	X    float64
	Year int
}

// stretch is a period's bar.
type stretch struct {
	X, Width float64
	Number   int
	Kind     stretchKind
}

// stretchKind says how a bar is drawn.
type stretchKind string

// The kinds of bars.
const (
	stretchPast    stretchKind = "past"
	stretchCurrent stretchKind = "current"
	stretchAgreed  stretchKind = "agreed" // follows the current one for sure: the last day to cancel is over
	stretchNext    stretchKind = "next"   // follows if nobody cancels
	stretchGone    stretchKind = "gone"   // would have followed
)

// tightPercent is how near two things may stand before the words of one must give way.
const tightPercent = 9

// drawTimeline lays a subscription out as it stands on today. struck draws it as it will be once it is cancelled:
// last is the last period then, and what would follow is gone.
func drawTimeline(sub licensing.Subscription, last licensing.Period, today licensing.Day, struck bool) timeline {
	if sub.Early != nil {
		last.End = sub.EndsOn()
	}
	t := timeline{Last: last, Struck: struck, CancelBy: -1}
	periods := append([]licensing.Period{}, sub.Periods...)
	for periods[len(periods)-1].Number < last.Number { // a late cancellation: these follow first
		next, ok := sub.Following(periods[len(periods)-1])
		if !ok {
			break
		}
		periods = append(periods, next)
	}
	shown := periods
	next, extends := licensing.Period{}, false
	if sub.State == licensing.SubscriptionActive {
		next, extends = sub.Following(last)
	}
	if extends {
		t.Next = &next
		shown = append(shown, next)
	}
	t.from, t.to = shown[0].Start, shown[len(shown)-1].End.AddDays(1)
	if today.Before(t.from) { // sold to start later
		t.from = today
	}
	if !today.Before(t.to) { // it has ended
		t.to = today.AddDays(1)
	}
	for year := t.from.Year + 1; year <= t.to.Year; year++ {
		t.Years = append(t.Years, tick{t.x(licensing.Day{Year: year, Month: 1, Date: 1}), year})
	}
	for i, p := range shown {
		kind := stretchAgreed
		switch {
		case i == len(periods) && struck, sub.Early != nil && p.Start.After(sub.Early.On):
			kind = stretchGone
		case i == len(periods):
			kind = stretchNext
		case p.End.Before(today):
			kind = stretchPast
		case !p.Start.After(today):
			kind = stretchCurrent
		}
		x := t.x(p.Start)
		t.Periods = append(t.Periods, stretch{X: x, Width: t.x(p.End.AddDays(1)) - x, Number: p.Number, Kind: kind})
	}
	t.Today, t.End = t.x(today), t.x(last.End.AddDays(1))
	if extends && !struck {
		t.CancelBy = t.x(last.CancelBy.AddDays(1))
	}
	return t
}

// x is where a day begins, in percent.
func (t timeline) x(d licensing.Day) float64 {
	return 100 * float64(t.from.DaysUntil(d)) / float64(t.from.DaysUntil(t.to))
}

// anchor says at which side of x a text stands so that it stays within the drawing: at its start, middle or end.
func anchor(x float64) string {
	switch {
	case x < tightPercent:
		return "start"
	case x > 100-tightPercent:
		return "end"
	default:
		return "middle"
	}
}

// yearsShown are the years whose words do not fall over one another or over the edge.
func (t timeline) yearsShown() []tick {
	var shown []tick
	for _, y := range t.Years {
		if y.X > 100-tightPercent/2 || len(shown) > 0 && y.X-shown[len(shown)-1].X < tightPercent {
			continue
		}
		shown = append(shown, y)
	}
	return shown
}

// timelineText is the drawing in words.
func timelineText(ctx context.Context, sub licensing.Subscription, t timeline) string {
	text := ""
	for _, p := range sub.Periods {
		text += T(ctx, "timeline.period", "Number", strconv.Itoa(p.Number), "Start", dayLong(ctx, p.Start), "End", dayLong(ctx, p.End)) + " "
	}
	text += T(ctx, "timeline.today", "Day", dayLong(ctx, visitOf(ctx).today()))
	switch {
	case t.Struck:
		text += " " + T(ctx, "timeline.struck", "End", dayLong(ctx, t.Last.End), "Number", strconv.Itoa(t.Last.Number+1))
	case t.Next != nil:
		key := "timeline.next"
		if visitOf(ctx).today().After(t.Last.CancelBy) {
			key = "timeline.due"
		}
		text += " " + T(ctx, key, "CancelBy", dayLong(ctx, t.Last.CancelBy), "Number", strconv.Itoa(t.Next.Number), "End", dayLong(ctx, t.Next.End))
	}
	return text
}

// timelineHeight is the drawing's height in pixels: the words of what may follow need two lines more.
func timelineHeight(t timeline) string {
	if t.Next == nil || t.Struck {
		return "142"
	}
	return "192"
}
