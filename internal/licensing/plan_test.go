package licensing_test

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"kontor/internal/licensing"
)

func day(s string) licensing.Day {
	if s == "" {
		return licensing.Day{}
	}
	d, err := licensing.ParseDay(s)
	if err != nil {
		panic(err)
	}
	return d
}

// The plans of the contract's example.
var (
	suite = licensing.Plan{
		Type: licensing.LicenseSubscription, Term: licensing.Term{Months: 12}, Cancellation: licensing.Term{Days: 30},
	}
	care = licensing.Plan{
		Type: licensing.MaintenanceSubscription, Term: licensing.Term{Months: 12}, Cancellation: licensing.Term{Months: 3},
		Align: licensing.AlignMonth,
	}
)

func TestFirstPeriod(t *testing.T) {
	leap := licensing.Plan{Type: licensing.LicenseSubscription, Term: licensing.Term{Months: 1}}
	aligned := func(a licensing.Alignment) licensing.Plan { p := suite; p.Align = a; return p }
	ahead := suite
	ahead.StartAhead = 14
	for _, c := range []struct {
		name          string
		plan          licensing.Plan
		start, today  string
		end, cancelBy string
	}{
		{"the contract's AUR-SUITE", suite, "", "2026-11-21", "2027-11-20", "2027-10-21"},
		{"the contract's AUR-CARE", care, "", "2026-11-21", "2027-11-30", "2027-08-31"},
		{"today, said", suite, "2026-11-21", "2026-11-21", "2027-11-20", "2027-10-21"},
		{"from a leap day", suite, "", "2028-02-29", "2029-02-27", "2029-01-28"},
		{"into a leap year", suite, "", "2027-03-01", "2028-02-29", "2028-01-30"},
		{"January 31 and a month", leap, "", "2027-01-31", "2027-02-27", "2027-02-27"},
		{"the first of a month", care, "", "2026-12-01", "2027-11-30", "2027-08-31"},
		{"the last of a month", care, "", "2026-12-31", "2027-12-31", "2027-09-30"},
		{"to the end of a quarter", aligned(licensing.AlignQuarter), "", "2026-11-21", "2027-12-31", "2027-12-01"},
		{"to the end of a year", aligned(licensing.AlignYear), "", "2026-01-01", "2026-12-31", "2026-12-01"},
		{"to the end of the next year", aligned(licensing.AlignYear), "", "2026-01-02", "2027-12-31", "2027-12-01"},
		{"the latest start", ahead, "2026-12-05", "2026-11-21", "2027-12-04", "2027-11-04"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := c.plan.FirstPeriod(day(c.start), day(c.today), licensing.Day{})
			if err != nil {
				t.Fatal(err)
			}
			start := c.start
			if start == "" {
				start = c.today
			}
			want := licensing.Period{Number: 1, Start: day(start), End: day(c.end), CancelBy: day(c.cancelBy)}
			if got != want {
				t.Errorf("got %+v, want %+v", got, want)
			}
		})
	}
}

func TestChosenEnd(t *testing.T) {
	open := suite // 30 days to cancel
	open.ShortestTerm, open.LongestTerm = &licensing.Term{Months: 3}, &licensing.Term{Months: 36}
	monthly := open
	monthly.Align = licensing.AlignMonth
	slow := open // the cancellation period, not the shortest term, bounds the range
	slow.Cancellation = licensing.Term{Months: 6}
	slowMonthly := slow
	slowMonthly.Align = licensing.AlignMonth
	const today = "2026-11-21"
	for _, c := range []struct {
		name string
		plan licensing.Plan
		end  string
		says string // empty: it is accepted
	}{
		{"first", open, "2027-02-20", ""},
		{"before the first", open, "2027-02-19", "Choose a day from 2027-02-20 to 2029-11-20."},
		{"last", open, "2029-11-20", ""},
		{"after the last", open, "2029-11-21", "Choose a day from 2027-02-20 to 2029-11-20."},
		{"aligned first", monthly, "2027-02-28", ""},
		{"aligned last", monthly, "2029-11-30", ""},
		{"within a month", monthly, "2027-06-15", "Choose the last day of a month from 2027-02-28 to 2029-11-30."},
		{"too early to cancel", slow, "2027-05-20", "Choose a day from 2027-05-21 to 2029-11-20."},
		{"just early enough to cancel", slow, "2027-05-21", ""},
		{"aligned, too early to cancel", slowMonthly, "2027-04-30", "Choose the last day of a month from 2027-05-31 to 2029-11-30."},
		{"not choosable", suite, "2027-12-31", "it is 2027-11-20"},
		{"not choosable, its own", suite, "2027-11-20", "it is 2027-11-20"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := c.plan.FirstPeriod(licensing.Day{}, day(today), day(c.end))
			if c.says != "" {
				checkRefusal(t, err, "endDate", c.says)
				return
			}
			if err != nil || got.End != day(c.end) || got.CancelBy.Before(day(today)) {
				t.Errorf("got %+v, %v", got, err)
			}
		})
	}
}

// TestBothDatesRefused: a start date that is wrong hides no end date that is, and an end date that another start allows is none.
func TestBothDatesRefused(t *testing.T) {
	ahead := suite
	ahead.StartAhead, ahead.ShortestTerm, ahead.LongestTerm = 14, &licensing.Term{Months: 3}, &licensing.Term{Months: 36}
	for end, want := range map[string]int{"2027-02-19": 2, "2027-02-20": 1, "2029-12-04": 1, "2029-12-05": 2, "0001-01-01": 2} {
		var problems licensing.Problems
		_, err := ahead.FirstPeriod(day("0001-01-01"), day("2026-11-21"), day(end))
		problems.Add(err)
		if len(problems) != want || problems[0].Field != "startDate" || want == 2 && problems[1].Field != "endDate" {
			t.Errorf("with the end %s: %v, want %d problems", end, problems, want)
		}
	}
	var problems licensing.Problems
	_, err := suite.FirstPeriod(day("2026-11-22"), day("2026-11-21"), day("2027-12-31"))
	problems.Add(err)
	if len(problems) != 2 {
		t.Errorf("where none can be chosen: %v", problems)
	}
}

func TestStartDateRefused(t *testing.T) {
	ahead := suite
	ahead.StartAhead = 14
	for _, c := range []struct {
		plan        licensing.Plan
		start, says string
	}{
		{suite, "2026-11-20", "The start date here is 2026-11-21; another cannot be chosen."},
		{suite, "2026-11-22", "The start date here is 2026-11-21; another cannot be chosen."},
		{ahead, "2026-11-20", "Choose a day from 2026-11-21 to 2026-12-05."},
		{ahead, "2026-12-06", "Choose a day from 2026-11-21 to 2026-12-05."},
	} {
		_, err := c.plan.FirstPeriod(day(c.start), day("2026-11-21"), licensing.Day{})
		checkRefusal(t, err, "startDate", c.says)
	}
}

// A cancellation period is so long that no end date is left to choose.
func TestNoEndDateLeft(t *testing.T) {
	p := suite
	p.Cancellation = licensing.Term{Months: 18}
	p.ShortestTerm, p.LongestTerm = &licensing.Term{Months: 3}, &licensing.Term{Months: 12}
	checkRefusal(t, p.Check(), "cancellation", "longer than the term")
	_, err := p.FirstPeriod(licensing.Day{}, day("2026-11-21"), day("2027-06-30"))
	checkRefusal(t, err, "endDate", "the last would be 2027-11-20")
}

// A cancellation period that is longer than the term is refused when the plan is checked, and still when it is sold.
func TestCancelByBeforeTheSale(t *testing.T) {
	p := licensing.Plan{Type: licensing.LicenseSubscription, Term: licensing.Term{Months: 1}, Cancellation: licensing.Term{Days: 30}}
	checkRefusal(t, p.Check(), "cancellation", "longer than the term")
	_, err := p.FirstPeriod(licensing.Day{}, day("2027-02-01"), licensing.Day{})
	checkRefusal(t, err, "endDate", "the last day to cancel, 2027-01-29, is over already")
}

func TestPlanCheck(t *testing.T) {
	for _, p := range []licensing.Plan{suite, care} {
		if err := p.Check(); err != nil {
			t.Errorf("%+v: %v", p, err)
		}
	}
	for _, c := range []struct {
		field  string
		change func(*licensing.Plan)
	}{
		{"type", func(p *licensing.Plan) { p.Type = "" }},
		{"align", func(p *licensing.Plan) { p.Align = "week" }},
		{"startAhead", func(p *licensing.Plan) { p.StartAhead = -1 }},
		{"startAhead", func(p *licensing.Plan) { p.StartAhead = 1 << 40 }},
		{"term", func(p *licensing.Plan) { p.Term = licensing.Term{} }},
		{"term", func(p *licensing.Plan) { p.Term = licensing.Term{Months: -1, Days: 60} }},
		{"term", func(p *licensing.Plan) { p.Term = licensing.Term{Days: 1 << 40} }},
		{"cancellation", func(p *licensing.Plan) { p.Cancellation = licensing.Term{Days: -1} }},
		{"cancellation", func(p *licensing.Plan) { p.Cancellation = licensing.Term{Months: 13} }},
		{"longestTerm", func(p *licensing.Plan) { p.ShortestTerm = &licensing.Term{Months: 1} }},
		{"longestTerm", func(p *licensing.Plan) {
			p.ShortestTerm, p.LongestTerm = &licensing.Term{Months: 3}, &licensing.Term{Days: 90}
		}},
		{"longestTerm", func(p *licensing.Plan) {
			p.ShortestTerm, p.LongestTerm = &licensing.Term{Days: 1}, &licensing.Term{Days: 29}
		}},
		{"longestTerm", func(p *licensing.Plan) { p.ShortestTerm, p.LongestTerm = &licensing.Term{Months: 1}, &licensing.Term{} }},
		{"shortestTerm", func(p *licensing.Plan) { p.ShortestTerm, p.LongestTerm = &licensing.Term{}, &licensing.Term{Months: 3} }},
	} {
		p := suite
		c.change(&p)
		checkRefusal(t, p.Check(), c.field, "")
	}
}

func TestNextPeriodsFollowOnEachOther(t *testing.T) {
	got, err := care.FirstPeriod(licensing.Day{}, day("2026-11-21"), licensing.Day{})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []licensing.Period{
		{Number: 2, Start: day("2027-12-01"), End: day("2028-11-30"), CancelBy: day("2028-08-31")},
		{Number: 3, Start: day("2028-12-01"), End: day("2029-11-30"), CancelBy: day("2029-08-31")},
	} {
		if got, _ = care.NextPeriod(got); got != want {
			t.Errorf("got %+v, want %+v", got, want)
		}
	}
}

// drawDay prefers the days on which calendars go wrong.
func drawDay(t *rapid.T, name string) licensing.Day {
	d := day("2024-01-01").AddDays(rapid.IntRange(0, 8*366).Draw(t, name))
	if rapid.Bool().Draw(t, name+" at month's end") {
		return d.MonthEnd().AddDays(rapid.IntRange(-2, 2).Draw(t, name+" about"))
	}
	return d
}

func drawTerm(t *rapid.T, name string, least int) licensing.Term {
	term := licensing.Term{Months: rapid.IntRange(0, 26).Draw(t, name+" months"), Days: rapid.IntRange(0, 70).Draw(t, name+" days")}
	if term == (licensing.Term{}) {
		term.Days = least
	}
	return term
}

// naiveAfter adds a term with nothing but the standard library's days, counting back from an overflow.
func naiveAfter(d licensing.Day, t licensing.Term) licensing.Day {
	month := time.Date(d.Year, d.Month, 1, 0, 0, 0, 0, time.UTC).AddDate(0, t.Months, 0)
	for date := d.Date; ; date-- {
		if at := month.AddDate(0, 0, date-1); at.Month() == month.Month() {
			return licensing.DayOf(at.AddDate(0, 0, t.Days), time.UTC)
		}
	}
}

// The last day to cancel is the latest day from which the cancellation period ends by the end date: looked for day by
// day.
func TestCancelByIsTheLatestDay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := licensing.Plan{Cancellation: drawTerm(t, "cancellation", 0)}
		end := drawDay(t, "end")
		want := end
		for naiveAfter(want, p.Cancellation).After(end) {
			want = want.AddDays(-1)
		}
		if got := p.CancelBy(end); got != want {
			t.Fatalf("CancelBy(%s) with %+v = %s, want %s", end, p.Cancellation, got, want)
		}
	})
}

// The end date is the first day, from start + term − 1 on, after which a month, quarter or year begins.
func TestFirstEndIsAlignedForward(t *testing.T) {
	starts := map[licensing.Alignment]func(licensing.Day) bool{
		licensing.AlignNone:    func(licensing.Day) bool { return true },
		licensing.AlignMonth:   func(d licensing.Day) bool { return d.Date == 1 },
		licensing.AlignQuarter: func(d licensing.Day) bool { return d.Date == 1 && d.Month%3 == 1 },
		licensing.AlignYear:    func(d licensing.Day) bool { return d.Time().YearDay() == 1 },
	}
	rapid.Check(t, func(t *rapid.T) {
		align := rapid.SampledFrom([]licensing.Alignment{"", "month", "quarter", "year"}).Draw(t, "align")
		p := licensing.Plan{Term: drawTerm(t, "term", 1), Align: align}
		start := drawDay(t, "start")
		want := naiveAfter(start, p.Term).AddDays(-1)
		for !starts[align](want.AddDays(1)) {
			want = want.AddDays(1)
		}
		if got := p.FirstEnd(start, start); got != want {
			t.Fatalf("FirstEnd(%s) = %s, want %s", start, got, want)
		}
	})
}

// Whatever plan passes its check can be sold on any day, and is extended without gaps, overlaps or a last day to
// cancel that goes back.
func TestCheckedPlansRun(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		term := drawTerm(t, "term", 1)
		p := licensing.Plan{
			Type: licensing.LicenseSubscription,
			Term: term,
			Cancellation: licensing.Term{ // seldom too long
				Months: rapid.IntRange(0, term.Months).Draw(t, "months"), Days: rapid.IntRange(0, term.Days).Draw(t, "days"),
			},
			Align: rapid.SampledFrom([]licensing.Alignment{"", "month", "quarter", "year"}).Draw(t, "align"),
		}
		if p.Check() != nil {
			return
		}
		today := drawDay(t, "today")
		period, err := p.FirstPeriod(today, today, licensing.Day{})
		if err != nil {
			t.Fatal(err)
		}
		for range 5 {
			next, _ := p.NextPeriod(period)
			if next.Number != period.Number+1 || next.Start != period.End.AddDays(1) || next.End.Before(next.Start) || next.CancelBy.Before(period.CancelBy) {
				t.Fatalf("%+v is followed by %+v", period, next)
			}
			period = next
		}
	})
}

// checkRefusal wants an error of code invalidRequest that speaks of field and says something.
func checkRefusal(t *testing.T, err error, field, says string) {
	t.Helper()
	if err == nil {
		t.Errorf("accepted, want a refusal of %s that says %q", field, says)
		return
	}
	e := licensing.AsError(err)
	if e.Code != licensing.CodeInvalidRequest || e.Field != field || !strings.Contains(e.Message, says) || !strings.HasSuffix(e.Message, ".") {
		t.Errorf("got %v, want a refusal of %s that says %q", err, field, says)
	}
}
