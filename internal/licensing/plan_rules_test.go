package licensing_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"kontor/internal/licensing"
)

// run are the end dates of the first periods of a plan that is sold on a day.
func run(t *testing.T, p licensing.Plan, sold string, n int) (ends []string) {
	t.Helper()
	if err := p.Check(); err != nil {
		t.Fatal(err)
	}
	periods, err := p.Periods(licensing.Day{}, day(sold), n)
	if err != nil {
		t.Fatal(err)
	}
	for _, period := range periods {
		ends = append(ends, period.End.String())
	}
	return ends
}

// TestPeriods holds the rules of a plan to cases that were counted by hand.
func TestPeriods(t *testing.T) {
	const license = licensing.LicenseSubscription
	months := func(n int) licensing.Term { return licensing.Term{Months: n} }
	days := func(n int) licensing.Term { return licensing.Term{Days: n} }
	june := &licensing.YearDay{Month: time.June, Date: 30}
	leap := &licensing.YearDay{Month: time.February, Date: 29}
	for _, c := range []struct {
		name string
		plan licensing.Plan
		sold string
		want []string
	}{
		{"a month from the 31st comes back to it", licensing.Plan{Type: license, Term: months(1)}, "2027-01-31",
			[]string{"2027-02-27", "2027-03-30", "2027-04-29", "2027-05-30", "2027-06-29"}},
		{"a year from a leap day comes back to it", licensing.Plan{Type: license, Term: months(12)}, "2028-02-29",
			[]string{"2029-02-27", "2030-02-27", "2031-02-27", "2032-02-28", "2033-02-27"}},
		{"30 days wander", licensing.Plan{Type: license, Term: days(30)}, "2027-01-31", []string{"2027-03-01", "2027-03-31", "2027-04-30"}},
		{"a year, then months", licensing.Plan{Type: license, Term: months(12), Extension: new(months(1))}, "2026-11-30",
			[]string{"2027-11-29", "2027-12-29", "2028-01-29", "2028-02-28", "2028-03-29"}},
		{"to the end of a half-year", licensing.Plan{Type: license, Term: months(6), Align: licensing.AlignHalfYear}, "2026-11-21",
			[]string{"2027-06-30", "2027-12-31", "2028-06-30"}},
		{"to a fixed day", licensing.Plan{Type: license, Term: months(12), Align: licensing.AlignDay, AlignTo: june}, "2026-11-21",
			[]string{"2028-06-30", "2029-06-30"}},
		{"to a fixed day, shortened", licensing.Plan{Type: license, Term: months(12), Align: licensing.AlignDay, AlignTo: june, First: licensing.FirstShortened}, "2026-11-21",
			[]string{"2027-06-30", "2028-06-30"}},
		{"to a leap day", licensing.Plan{Type: license, Term: months(12), Align: licensing.AlignDay, AlignTo: leap}, "2026-03-01",
			[]string{"2027-02-28", "2028-02-29", "2029-02-28"}},
		{"shortened to the year's end", licensing.Plan{Type: license, Term: months(12), Align: licensing.AlignYear, First: licensing.FirstShortened}, "2026-03-15",
			[]string{"2026-12-31", "2027-12-31"}},
		{"on the day itself nothing is shortened", licensing.Plan{Type: license, Term: months(12), Align: licensing.AlignYear, First: licensing.FirstShortened}, "2027-01-01",
			[]string{"2027-12-31", "2028-12-31"}},
		{"shortened, but no shorter than three months", licensing.Plan{
			Type: license, Term: months(12), Align: licensing.AlignYear, First: licensing.FirstShortened, ShortestFirst: new(months(3)),
		}, "2026-10-02", []string{"2027-12-31", "2028-12-31"}},
		{"shortened to three months exactly", licensing.Plan{
			Type: license, Term: months(12), Align: licensing.AlignYear, First: licensing.FirstShortened, ShortestFirst: new(months(3)),
		}, "2026-10-01", []string{"2026-12-31", "2027-12-31"}},
		{"shortened, but still to be cancelled", licensing.Plan{
			Type: license, Term: months(12), Cancellation: days(30), Align: licensing.AlignYear, First: licensing.FirstShortened,
		}, "2026-12-02", []string{"2027-12-31"}},
		{"shortened, and to be cancelled today at the latest", licensing.Plan{
			Type: license, Term: months(12), Cancellation: days(30), Align: licensing.AlignYear, First: licensing.FirstShortened,
		}, "2026-12-01", []string{"2026-12-31"}},
		{"twice at the most", licensing.Plan{Type: license, Term: months(12), MostExtensions: new(2)}, "2026-11-21",
			[]string{"2027-11-20", "2028-11-20", "2029-11-20"}},
		{"never", licensing.Plan{Type: license, Term: months(12), MostExtensions: new(0)}, "2026-11-21", []string{"2027-11-20"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			n := len(c.want)
			if c.plan.MostExtensions != nil {
				n += 3 // there are no more, however many are asked for
			}
			got := run(t, c.plan, c.sold, n)
			if len(got) != len(c.want) {
				t.Fatalf("got %v, want %v", got, c.want)
			}
			for i := range got {
				if got[i] != c.want[i] {
					t.Errorf("period %d ends on %s, want %s", i+1, got[i], c.want[i])
				}
			}
		})
	}
}

// TestPlanRulesRefused holds what makes no sense together, and what binds no consumer.
func TestPlanRulesRefused(t *testing.T) {
	monthly := licensing.Plan{
		Type: licensing.LicenseSubscription, Term: licensing.Term{Months: 12}, Extension: &licensing.Term{Months: 1},
		Cancellation: licensing.Term{Months: 1}, Consumer: true,
	}
	if err := monthly.Check(); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		field, says string
		change      func(*licensing.Plan)
	}{
		{"alignTo", "a day of the year", func(p *licensing.Plan) { p.Align = licensing.AlignDay }},
		{"alignTo", "a day of the year", func(p *licensing.Plan) {
			p.Align, p.AlignTo = licensing.AlignDay, &licensing.YearDay{Month: 4, Date: 31}
		}},
		{"alignTo", "a day of the year", func(p *licensing.Plan) {
			p.Align, p.AlignTo = licensing.AlignDay, &licensing.YearDay{Month: 13, Date: 1}
		}},
		{"alignTo", "Leave it out", func(p *licensing.Plan) { p.AlignTo = &licensing.YearDay{Month: 6, Date: 30} }},
		{"first", "shortened only where", func(p *licensing.Plan) { p.First = licensing.FirstShortened }},
		{"first", "Enter shortened", func(p *licensing.Plan) { p.First = "halved" }},
		{"shortestFirst", "Leave it out", func(p *licensing.Plan) { p.ShortestFirst = &licensing.Term{Months: 1} }},
		{"mostExtensions", "0 to 1000", func(p *licensing.Plan) { p.MostExtensions = new(-1) }},
		{"mostExtensions", "0 to 1000", func(p *licensing.Plan) { p.MostExtensions = new(1001) }},
		{"extension", "at least one day", func(p *licensing.Plan) { p.Extension = &licensing.Term{} }},
		{"extension", "a month at a time", func(p *licensing.Plan) { p.Extension = nil }},
		{"extension", "a month at a time", func(p *licensing.Plan) { p.Extension = &licensing.Term{Days: 32} }},
		{"extension", "a month at a time", func(p *licensing.Plan) { p.Extension = &licensing.Term{Days: 29} }}, // longer than February
		{"cancellation", "a month's notice", func(p *licensing.Plan) { p.Cancellation = licensing.Term{Months: 1, Days: 1} }},
		{"term", "two years", func(p *licensing.Plan) { p.Term = licensing.Term{Months: 25} }},
		{"longestTerm", "two years", func(p *licensing.Plan) {
			p.ShortestTerm, p.LongestTerm = &licensing.Term{Months: 3}, &licensing.Term{Months: 36}
		}},
		{"align", "no more than a month", func(p *licensing.Plan) { p.Align = licensing.AlignQuarter }},
	} {
		p := monthly
		c.change(&p)
		checkRefusal(t, p.Check(), c.field, c.says)
	}
	ends := monthly
	ends.Extension, ends.MostExtensions = nil, new(0)
	if err := ends.Check(); err != nil {
		t.Errorf("a plan for consumers that is never extended: %v", err)
	}
}

// mayEnd says, by looking at the calendar alone, whether periods of a plan may end on a day.
func mayEnd(p licensing.Plan, d licensing.Day) bool {
	next := d.AddDays(1)
	switch p.Align {
	case licensing.AlignMonth:
		return next.Date == 1
	case licensing.AlignQuarter:
		return next.Date == 1 && next.Month%3 == 1
	case licensing.AlignHalfYear:
		return next.Date == 1 && next.Month%6 == 1
	case licensing.AlignYear:
		return next.Date == 1 && next.Month == time.January
	case licensing.AlignDay:
		return d.Month == p.AlignTo.Month && (d.Date == p.AlignTo.Date || d.Date < p.AlignTo.Date && next.Date == 1)
	default:
		return true
	}
}

// naivePeriods lives through a subscription day by day: it looks at every day whether a period ends there.
func naivePeriods(p licensing.Plan, sold licensing.Day, n int) (ends []licensing.Day) {
	latest := func(end licensing.Day) licensing.Day { // to cancel
		d := end
		for naiveAfter(d, p.Cancellation).After(end) {
			d = d.AddDays(-1)
		}
		return d
	}
	natural := naiveAfter(sold, p.Term).AddDays(-1)
	end := natural
	if p.First == licensing.FirstShortened {
		least := sold
		if p.ShortestFirst != nil {
			least = naiveAfter(sold, *p.ShortestFirst).AddDays(-1)
		}
		for !end.Before(least) && !mayEnd(p, end) {
			end = end.AddDays(-1)
		}
		if !mayEnd(p, end) || end.Before(least) || end != natural && latest(end).Before(sold) {
			end = natural
		}
	}
	for !mayEnd(p, end) {
		end = end.AddDays(1)
	}
	ends = append(ends, end)
	extension := p.Term
	if p.Extension != nil {
		extension = *p.Extension
	}
	// What is counted from: the day of the sale, where the first period ran its months; else the day after it.
	from, months := end.AddDays(1), 0
	if p.Term.Days == 0 && end == natural {
		from, months = sold, p.Term.Months
	}
	for len(ends) < n && (p.MostExtensions == nil || len(ends) <= *p.MostExtensions) {
		start := ends[len(ends)-1].AddDays(1)
		if p.Align == licensing.AlignNone && extension.Days == 0 {
			months += extension.Months
			ends = append(ends, naiveAfter(from, licensing.Term{Months: months}).AddDays(-1))
			continue
		}
		end := naiveAfter(start, extension).AddDays(-1)
		for !mayEnd(p, end) {
			end = end.AddDays(1)
		}
		ends = append(ends, end)
	}
	return ends
}

// drawPlan draws a plan of any kind, most of them valid.
func drawPlan(t *rapid.T) licensing.Plan {
	term := drawTerm(t, "term", 1)
	p := licensing.Plan{
		Type: licensing.LicenseSubscription, Term: term,
		Cancellation: licensing.Term{Months: rapid.IntRange(0, term.Months).Draw(t, "months to cancel"), Days: rapid.IntRange(0, term.Days).Draw(t, "days to cancel")},
		Align: rapid.SampledFrom([]licensing.Alignment{
			licensing.AlignNone, licensing.AlignNone, licensing.AlignMonth, licensing.AlignQuarter, licensing.AlignHalfYear, licensing.AlignYear, licensing.AlignDay,
		}).Draw(t, "align"),
	}
	if rapid.Bool().Draw(t, "whole months") {
		p.Term = licensing.Term{Months: max(term.Months, 1)}
	}
	if rapid.Bool().Draw(t, "extended otherwise") {
		p.Extension = new(drawTerm(t, "extension", 1))
		if rapid.Bool().Draw(t, "by whole months") {
			p.Extension = &licensing.Term{Months: max(p.Extension.Months, 1)}
		}
	}
	if p.Align == licensing.AlignDay {
		p.AlignTo = &licensing.YearDay{Month: time.Month(rapid.IntRange(1, 12).Draw(t, "month")), Date: rapid.IntRange(1, 29).Draw(t, "date")}
	}
	if p.Align != licensing.AlignNone && rapid.Bool().Draw(t, "shortened") {
		p.First = licensing.FirstShortened
		if rapid.Bool().Draw(t, "with a least length") {
			p.ShortestFirst = new(drawTerm(t, "least", 1))
		}
	}
	if rapid.Bool().Draw(t, "limited") {
		p.MostExtensions = new(rapid.IntRange(0, 4).Draw(t, "most"))
	}
	return p
}

// TestPlansAgainstTheCalendar runs plans of any kind for up to a hundred years beside the one that lives day by day.
func TestPlansAgainstTheCalendar(t *testing.T) {
	tried := 0
	rapid.Check(t, func(t *rapid.T) {
		p, sold := drawPlan(t), drawDay(t, "sold")
		if p.Check() != nil {
			return
		}
		tried++
		const century = 100 * 366 // days
		term := p.ExtensionTerm()
		n := 1 + century/(30*term.Months+term.Days)
		got, err := p.Periods(licensing.Day{}, sold, n)
		if err != nil {
			t.Fatal(err)
		}
		want := naivePeriods(p, sold, n)
		if len(got) != len(want) {
			t.Fatalf("%d periods, want %d", len(got), len(want))
		}
		for i, period := range got {
			start := sold
			if i > 0 {
				start = got[i-1].End.AddDays(1)
			}
			if period.Number != i+1 || period.Start != start || period.End != want[i] || period.CancelBy != p.CancelBy(want[i]) {
				t.Fatalf("period %d is %+v, want it from %s to %s", i+1, period, start, want[i])
			}
		}
	})
	if tried == 0 {
		t.Error("no plan was valid")
	}
}
