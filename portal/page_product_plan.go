package portal

import (
	"context"
	"net/url"
	"strconv"
	"strings"
	"time"

	"kontor/internal/licensing"
)

// The names of the plan's fields begin so; a length has two of them, its months and its days.
const (
	planPrefix = licensing.PlanPrefix
	partMonths = ".months"
	partDays   = ".days"
	// planSold and planEnd are what the preview is asked for: the day of a sale, and an end date.
	planSold = "preview.sold"
	planEnd  = "preview.end"
)

// previewedPeriods is how many periods of a plan are drawn.
const previewedPeriods = 5

// planAlignments are the alignments in the order in which they are offered.
var planAlignments = []licensing.Alignment{
	licensing.AlignNone, licensing.AlignMonth, licensing.AlignQuarter, licensing.AlignHalfYear, licensing.AlignYear, licensing.AlignDay,
}

// writePlan puts a plan into the fields of the product's form.
func writePlan(form url.Values, p licensing.Plan) {
	set := func(name, value string) { form.Set(planPrefix+name, value) }
	length := func(name string, t *licensing.Term) { writeLength(form, name, t) }
	set("type", string(p.Type))
	length("term", &p.Term)
	length("extension", p.Extension)
	length("cancellation", &p.Cancellation)
	set("align", string(p.Align))
	if p.AlignTo != nil {
		set("alignTo.month", strconv.Itoa(int(p.AlignTo.Month)))
		set("alignTo.date", strconv.Itoa(p.AlignTo.Date))
	}
	set("first", string(p.First))
	length("shortestFirst", p.ShortestFirst)
	length("shortestTerm", p.ShortestTerm)
	length("longestTerm", p.LongestTerm)
	set("startAhead", strconv.Itoa(p.StartAhead))
	if p.MostExtensions != nil {
		set("mostExtensions", strconv.Itoa(*p.MostExtensions))
	}
	set("extensionPrice", string(p.ExtensionPrice))
	if p.Consumer {
		set("consumer", "1")
	}
	writeReminders(form, p)
}

// writeLength puts a length into its two fields; one that there is not leaves them empty.
func writeLength(form url.Values, name string, t *licensing.Term) {
	if t == nil {
		return
	}
	for part, count := range map[string]int{partMonths: t.Months, partDays: t.Days} {
		if count != 0 || *t == (licensing.Term{}) { // a part that is nothing was not entered, and is not
			form.Set(planPrefix+name+part, strconv.Itoa(count))
		}
	}
}

// readLength reads it; nil where both are empty.
func readLength(form url.Values, name string) *licensing.Term {
	if strings.TrimSpace(form.Get(planPrefix+name+partMonths)+form.Get(planPrefix+name+partDays)) == "" {
		return nil
	}
	return &licensing.Term{Months: readCount(form, name+partMonths), Days: readCount(form, name+partDays)}
}

// readCount reads a number of the plan; 0 where there is none. What is no number becomes one that the use case refuses.
func readCount(form url.Values, name string) int {
	text := strings.TrimSpace(form.Get(planPrefix + name))
	if text == "" {
		return 0
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		return -1
	}
	return n
}

// newPlan is what the form for a new subscription begins with: a year, and 30 days to cancel.
func newPlan() licensing.Plan {
	return licensing.Plan{Type: licensing.LicenseSubscription, Term: licensing.Term{Months: 12}, Cancellation: licensing.Term{Days: 30}}
}

// readPlan reads the plan's fields. Fields that the chosen alignment has no use for are left out.
func readPlan(form url.Values) licensing.Plan {
	get := func(name string) string { return strings.TrimSpace(form.Get(planPrefix + name)) }
	number := func(name string) int { return readCount(form, name) }
	length := func(name string) *licensing.Term { return readLength(form, name) }
	p := licensing.Plan{
		Type: licensing.SubscriptionType(get("type")), Extension: length("extension"), Align: licensing.Alignment(get("align")),
		ShortestTerm: length("shortestTerm"), LongestTerm: length("longestTerm"), StartAhead: number("startAhead"), Consumer: get("consumer") != "",
		ExtensionPrice: licensing.ExtensionPrice(get("extensionPrice")),
	}
	if t := length("term"); t != nil {
		p.Term = *t
	}
	if t := length("cancellation"); t != nil {
		p.Cancellation = *t
	}
	if p.Align == licensing.AlignDay {
		p.AlignTo = &licensing.YearDay{Month: time.Month(number("alignTo.month")), Date: number("alignTo.date")}
	}
	if p.Align != licensing.AlignNone {
		p.First = licensing.FirstPeriodRule(get("first"))
	}
	if p.First == licensing.FirstShortened {
		p.ShortestFirst = length("shortestFirst")
	}
	if get("mostExtensions") != "" {
		p.MostExtensions = new(number("mostExtensions"))
	}
	readReminders(form, &p)
	return p
}

// planPreview is what a plan comes to: its first periods for a day of sale, and how a last day to cancel is counted.
type planPreview struct {
	Plan    licensing.Plan
	Sold    licensing.Day
	Periods []licensing.Period
	Problem string // why there is nothing to show
	// End is an end date, CancelBy the last day to cancel for it. When it is cancelled on that day, the cancellation
	// period is over on Over; a day later it would be over on TooLate.
	End, CancelBy, Over, TooLate licensing.Day
}

// previewPlan computes what a plan comes to. What the form does not say is taken from today and the first period.
func previewPlan(ctx context.Context, p licensing.Plan, form url.Values) planPreview {
	v := planPreview{Plan: p, Sold: visitOf(ctx).today()}
	if day, err := licensing.ParseDay(form.Get(planSold)); err == nil {
		v.Sold = day
	}
	err := p.Check()
	if err == nil {
		v.Periods, err = p.Periods(v.Sold, v.Sold, previewedPeriods)
	}
	if err != nil {
		v.Problem = sentence(ctx, licensing.AsError(err))
		return v
	}
	v.End = v.Periods[0].End
	if day, err := licensing.ParseDay(form.Get(planEnd)); err == nil {
		v.End = day
	}
	v.CancelBy = p.CancelBy(v.End)
	v.Over, v.TooLate = p.Cancellation.After(v.CancelBy), p.Cancellation.After(v.CancelBy.AddDays(1))
	return v
}

// bars lays the periods out: the first is agreed upon, the others follow if nobody cancels.
func (v planPreview) bars() []stretch {
	var bars []stretch
	for i, p := range v.Periods {
		kind := stretchNext
		if i == 0 {
			kind = stretchCurrent
		}
		x := v.x(p.Start)
		bars = append(bars, stretch{X: x, Width: v.x(p.End.AddDays(1)) - x, Number: p.Number, Kind: kind})
	}
	return bars
}

// x is where a day begins in the drawing, in percent.
func (v planPreview) x(d licensing.Day) float64 {
	from, to := v.Periods[0].Start, v.Periods[len(v.Periods)-1].End.AddDays(1)
	return 100 * float64(from.DaysUntil(d)) / float64(from.DaysUntil(to))
}

// ends reports whether nothing follows the last period that is shown.
func (v planPreview) ends() bool { return !v.Plan.Extends(v.Periods[len(v.Periods)-1].Number) }

// text is the drawing in words.
func (v planPreview) text(ctx context.Context) string {
	parts := make([]string, len(v.Periods))
	for i, p := range v.Periods {
		parts[i] = T(ctx, "planForm.periodText", "Number", p.Number, "Start", dayLong(ctx, p.Start), "End", dayLong(ctx, p.End), "CancelBy", dayLong(ctx, p.CancelBy))
	}
	return strings.Join(parts, " ")
}

// planAnchor is where a problem's link leads: to the first field of a length or a day.
func planAnchor(name string) string {
	switch name {
	case "plan.term", "plan.extension", "plan.cancellation", "plan.shortestFirst", "plan.shortestTerm", "plan.longestTerm":
		return name + partMonths
	case "plan.alignTo":
		return name + ".date"
	default:
		return name
	}
}
