package licensing_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"kontor/internal/licensing"
)

// wide is a plan of which much can be taken away: a year, or as chosen one month to three years.
func wide() licensing.Plan {
	return licensing.Plan{
		Type: licensing.LicenseSubscription, Term: licensing.Term{Months: 12}, Cancellation: licensing.Term{Days: 14},
		ShortestTerm: &licensing.Term{Months: 1}, LongestTerm: &licensing.Term{Months: 36}, StartAhead: 30, MostExtensions: new(5), Reminders: []int{30, 14, 7},
	}
}

// TestNarrowingCheck holds each field to what the product's plan leaves to it.
func TestNarrowingCheck(t *testing.T) {
	months := func(n int) *licensing.Term { return &licensing.Term{Months: n} }
	days := func(n int) *licensing.Term { return &licensing.Term{Days: n} }
	type change = func(*licensing.Plan)
	for _, c := range []struct {
		name   string
		plan   change
		narrow licensing.Narrowing
		field  string // empty: it is accepted
		says   string
	}{
		{"nothing", nil, licensing.Narrowing{}, "", ""},
		{"everything", nil, licensing.Narrowing{
			Term: months(6), ShortestTerm: months(3), LongestTerm: months(12), StartAhead: new(0), MostExtensions: new(0), Reminders: []int{7}, ResellerOnly: true,
		}, "", ""},
		{"the range as it is", nil, licensing.Narrowing{ShortestTerm: months(1), LongestTerm: months(36)}, "", ""},
		{"too short", nil, licensing.Narrowing{ShortestTerm: days(20)}, "shortestTerm", "Enter at least 1 month,"},
		{"shorter than a month in most months", nil, licensing.Narrowing{ShortestTerm: days(30)}, "shortestTerm", "at least 1 month,"},
		{"too long", nil, licensing.Narrowing{LongestTerm: months(37)}, "longestTerm", "Enter at most 36 months,"},
		{"longer by a day", nil, licensing.Narrowing{LongestTerm: &licensing.Term{Months: 36, Days: 1}}, "longestTerm", "at most 36 months,"},
		{"an empty range", nil, licensing.Narrowing{ShortestTerm: months(13), LongestTerm: months(12)}, "longestTerm", "shorter than the shortest"},
		{"a range without the term", nil, licensing.Narrowing{LongestTerm: months(6)}, "term", "it would run 12 months."},
		{"a range below the term, with a term", nil, licensing.Narrowing{Term: months(6), LongestTerm: months(6)}, "", ""},
		{"no choice", nil, licensing.Narrowing{NoChoice: true}, "", ""},
		{"no choice, another term", nil, licensing.Narrowing{NoChoice: true, Term: months(36)}, "", ""},
		{"no choice, too long a term", nil, licensing.Narrowing{NoChoice: true, Term: months(37)}, "term", "from 1 month to 36 months,"},
		{"no choice, and a range that has no use then", nil, licensing.Narrowing{NoChoice: true, ShortestTerm: days(-1), LongestTerm: months(99)}, "", ""},
		{"too short a term", nil, licensing.Narrowing{Term: days(20)}, "term", "between the shortest and the longest"},
		{"no term", nil, licensing.Narrowing{Term: &licensing.Term{}}, "term", "at least one day"},
		{"a term shorter than the notice", func(p *licensing.Plan) { p.ShortestTerm = days(1) }, licensing.Narrowing{NoChoice: true, Term: days(13)}, "term", "longer than the term"},
		{"a start further ahead", nil, licensing.Narrowing{StartAhead: new(31)}, "startAhead", "Enter 0 to 30 days,"},
		{"a start before today", nil, licensing.Narrowing{StartAhead: new(-1)}, "startAhead", "Enter 0 to 30 days,"},
		{"more extensions", nil, licensing.Narrowing{MostExtensions: new(6)}, "mostExtensions", "Enter 0 to 5,"},
		{"fewer than none", nil, licensing.Narrowing{MostExtensions: new(-1)}, "mostExtensions", "Enter 0 to 5,"},
		{"a limit where there is none", func(p *licensing.Plan) { p.MostExtensions = nil }, licensing.Narrowing{MostExtensions: new(7)}, "", ""},
		{"too high a limit where there is none", func(p *licensing.Plan) { p.MostExtensions = nil }, licensing.Narrowing{MostExtensions: new(1001)}, "mostExtensions", "Enter 0 to 1000"},
		{"another day to remind", nil, licensing.Narrowing{Reminders: []int{7, 3}}, "reminders", "30, 14, 7."},
		{"a day twice", nil, licensing.Narrowing{Reminders: []int{7, 7}}, "reminders", "different"},
		{"no reminder", nil, licensing.Narrowing{Reminders: []int{}}, "", ""},
		{"the usual days", func(p *licensing.Plan) { p.Reminders = nil }, licensing.Narrowing{Reminders: []int{7}}, "", ""},
		{"for consumers, bound for a year", nil, licensing.Narrowing{Consumer: true, LongestTerm: months(24)}, "consumer", "more than a month at a time"},
		{"for consumers, never extended", nil, licensing.Narrowing{Consumer: true, MostExtensions: new(0), LongestTerm: months(24)}, "", ""},
		{"for consumers, to be chosen too long", nil, licensing.Narrowing{Consumer: true, MostExtensions: new(0)}, "consumer", "two years"},
		{"for consumers, by the month", func(p *licensing.Plan) { p.Extension, p.LongestTerm = months(1), months(24) }, licensing.Narrowing{Consumer: true}, "", ""},
		{"a term where none is chosen", func(p *licensing.Plan) { p.ShortestTerm, p.LongestTerm = nil, nil }, licensing.Narrowing{Term: months(6)}, "term", "the first period is 12 months"},
		{"a range where none is chosen", func(p *licensing.Plan) { p.ShortestTerm, p.LongestTerm = nil, nil }, licensing.Narrowing{LongestTerm: months(6)}, "longestTerm", "nobody choose"},
		{"no choice where there is none", func(p *licensing.Plan) { p.ShortestTerm, p.LongestTerm = nil, nil }, licensing.Narrowing{NoChoice: true}, "noChoice", "nobody choose"},
		{"within a quarter", func(p *licensing.Plan) { p.Align = licensing.AlignQuarter }, licensing.Narrowing{ShortestTerm: months(3), LongestTerm: months(24)}, "", ""},
		{"a day more that comes to a quarter more", func(p *licensing.Plan) { p.Align = licensing.AlignQuarter }, licensing.Narrowing{LongestTerm: &licensing.Term{Months: 36, Days: 1}}, "longestTerm", "at most 36 months,"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := wide()
			if c.plan != nil {
				c.plan(&p)
			}
			if err := p.Check(); err != nil {
				t.Fatal(err)
			}
			if err := c.narrow.Check(&p); c.field != "" {
				checkRefusal(t, err, c.field, c.says)
			} else if err != nil {
				t.Error(err)
			}
		})
	}
	checkRefusal(t, licensing.Narrowing{Consumer: true}.Check(nil), "plan", "only subscriptions")
	if err := (licensing.Narrowing{}).Check(nil); err != nil {
		t.Error(err)
	}
}

// TestOfferPlan holds what an offer makes of its product's plan, which stays as it is.
func TestOfferPlan(t *testing.T) {
	p := wide()
	o := licensing.Offer{Product: licensing.Product{Plan: &p}, Narrowing: licensing.Narrowing{
		Term: &licensing.Term{Months: 6}, LongestTerm: &licensing.Term{Months: 12}, StartAhead: new(0), MostExtensions: new(1), Reminders: []int{7}, ResellerOnly: true,
	}}
	want := wide()
	want.Term, want.Extension, want.LongestTerm = licensing.Term{Months: 6}, &licensing.Term{Months: 12}, &licensing.Term{Months: 12}
	want.StartAhead, want.MostExtensions, want.Reminders, want.ResellerOnly = 0, new(1), []int{7}, true
	if diff := cmp.Diff(&want, o.Plan()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(wide(), p); diff != "" {
		t.Error(diff)
	}
	o.Narrowing = licensing.Narrowing{NoChoice: true}
	if _, _, ok := o.Plan().Choice(day("2026-11-21"), day("2026-11-21")); ok {
		t.Error("the end date can be chosen")
	}
	o.Product.Plan = nil
	if o.Plan() != nil {
		t.Error("a plan of what is no subscription")
	}
}

// TestNarrowedPlanAllowsNoMore holds that whatever can be sold by a plan as an offer narrows it can be sold by the plan
// itself, day for day, and is extended no oftener.
func TestNarrowedPlanAllowsNoMore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		maybe := func(name string) bool { return rapid.Bool().Draw(t, name) }
		p := drawPlan(t)
		p.StartAhead = rapid.SampledFrom([]int{0, 5, 400}).Draw(t, "ahead")
		if maybe("chosen") {
			p.ShortestTerm = &licensing.Term{Months: rapid.IntRange(max(0, p.Cancellation.Months), p.Term.Months).Draw(t, "shortest"), Days: max(1, p.Term.Days)}
			p.LongestTerm = &licensing.Term{Months: p.Term.Months + rapid.IntRange(0, 12).Draw(t, "longer"), Days: max(1, p.Term.Days)}
		}
		var n licensing.Narrowing
		if p.ShortestTerm != nil {
			about := func(name string, least, most licensing.Term) licensing.Term { // seldom outside
				around := rapid.SampledFrom([]int{0, 0, 0, 0, 1}).Draw(t, name+" outside")
				return licensing.Term{Months: max(0, rapid.IntRange(least.Months-around, max(least.Months, most.Months)+around).Draw(t, name)), Days: p.ShortestTerm.Days}
			}
			n.NoChoice = maybe("no choice")
			least, most := *p.ShortestTerm, *p.LongestTerm
			if !n.NoChoice && maybe("a smaller range") {
				least = about("least", least, most)
				most = about("most", least, most)
				n.ShortestTerm, n.LongestTerm = &least, &most
			}
			if n.ShortestTerm != nil || maybe("another term") {
				n.Term = new(about("term", least, most))
			}
		}
		if maybe("fewer days ahead") {
			n.StartAhead = new(rapid.IntRange(0, 400).Draw(t, "days ahead"))
		}
		if maybe("fewer extensions") {
			n.MostExtensions = new(rapid.IntRange(0, 4).Draw(t, "extensions"))
		}
		n.Reminders = rapid.SampledFrom([][]int{nil, {}, {7}, {30, 7}, {6}}).Draw(t, "reminders")
		if p.Check() != nil || n.Check(&p) != nil {
			return
		}
		narrowed := n.Of(p)
		if err := narrowed.Check(); err != nil {
			t.Fatalf("%+v, narrowed by %+v: %v", p, n, err)
		}
		today := drawDay(t, "today")
		start := today.AddDays(rapid.SampledFrom([]int{0, 1, 5, 400}).Draw(t, "starts after"))
		var chosen licensing.Day
		if maybe("an end date is chosen") {
			chosen = narrowed.FirstEnd(start, today).AddDays(rapid.IntRange(-40, 40).Draw(t, "end"))
			if maybe("at an edge") {
				first, last, _ := narrowed.Choice(start, today)
				chosen = rapid.SampledFrom([]licensing.Day{first, last}).Draw(t, "edge")
			}
		}
		sold, err := narrowed.FirstPeriod(start, today, chosen)
		if err != nil {
			return
		}
		if own, err := p.FirstPeriod(start, today, licensing.Day{}); err != nil || own.End != sold.End {
			if own, err = p.FirstPeriod(start, today, sold.End); err != nil || own != sold {
				t.Fatalf("%+v, narrowed by %+v, starting on %s, sold on %s: %+v; without: %+v, %v", p, n, start, today, sold, own, err)
			}
		}
		if narrowed.ExtensionTerm() != p.ExtensionTerm() || narrowed.CancelBy(sold.End) != p.CancelBy(sold.End) {
			t.Fatalf("%+v, narrowed by %+v, is extended or cancelled otherwise", p, n)
		}
		for number := range 8 {
			if narrowed.Extends(number) && !p.Extends(number) {
				t.Fatalf("%+v, narrowed by %+v, is extended after period %d", p, n, number)
			}
		}
		for _, days := range narrowed.RemindedBefore() {
			if !slices.Contains(p.RemindedBefore(), days) {
				t.Fatalf("%+v, narrowed by %+v, reminds %d days before", p, n, days)
			}
		}
	})
}

// TestMergeNarrowing puts together what two people made of the same narrowing.
func TestMergeNarrowing(t *testing.T) {
	base := licensing.Narrowing{LongestTerm: &licensing.Term{Months: 24}, MostExtensions: new(3), Reminders: []int{30, 7}}
	theirs := licensing.Narrowing{LongestTerm: &licensing.Term{Months: 12}, MostExtensions: new(2), Reminders: []int{30, 7}, Consumer: true}
	mine := licensing.Narrowing{LongestTerm: &licensing.Term{Months: 24}, MostExtensions: new(1), Reminders: []int{}, StartAhead: new(0)}
	got, both := licensing.MergeNarrowing(base, theirs, mine)
	want := licensing.Narrowing{LongestTerm: theirs.LongestTerm, MostExtensions: new(1), Reminders: []int{}, StartAhead: new(0), Consumer: true}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if !slices.Equal(both, []string{"mostExtensions"}) {
		t.Errorf("changed by both: %v", both)
	}
}

// TestPlanChangesOfExtensions: how long a subscription is extended is what counts, however the plan says it.
func TestPlanChangesOfExtensions(t *testing.T) {
	year, half := licensing.Plan{Term: licensing.Term{Months: 12}}, licensing.Plan{Term: licensing.Term{Months: 6}}
	for name, c := range map[string]struct {
		was, is licensing.Plan
		want    []string
	}{
		"a narrowed term":    {year, licensing.Narrowing{Term: &half.Term}.Of(year), []string{"plan.term: 12 months → 6 months"}},
		"said and not said":  {year, licensing.Plan{Term: year.Term, Extension: &year.Term}, nil},
		"another extension":  {year, licensing.Plan{Term: year.Term, Extension: &half.Term}, []string{"plan.extension: 12 months → 6 months"}},
		"it goes with terms": {year, half, []string{"plan.term: 12 months → 6 months", "plan.extension: 12 months → 6 months"}},
	} {
		var told []string
		for _, c := range licensing.PlanChanges(&c.was, &c.is) {
			told = append(told, c.Limit+": "+c.From+" → "+c.To)
		}
		if diff := cmp.Diff(c.want, told); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// TestPlanChangedWhileAFormIsFilledIn tells what changes the dates of a subscription, and is quiet about the rest.
func TestPlanChangedWhileAFormIsFilledIn(t *testing.T) {
	p := wide()
	was := licensing.Offer{Product: licensing.Product{Plan: &p}}
	is := was
	is.Narrowing = licensing.Narrowing{Reminders: []int{}, ResellerOnly: true, Consumer: true}
	if problems := licensing.OfferChanged(was, is, day("2026-11-21")); problems != nil {
		t.Errorf("told: %v", problems)
	}
	is.Narrowing.NoChoice = true
	checkRefusal(t, licensing.OfferChanged(was, is, day("2026-11-21")).OrNil(), "endDate", "changed while you filled this in")
	var told []string
	for _, c := range licensing.OfferChanges(was, is) {
		told = append(told, c.Limit+": "+c.From+" → "+c.To)
	}
	want := []string{"plan.shortestTerm: 1 month → ", "plan.longestTerm: 36 months → ", "plan.consumer:  → yes", "plan.reminders: 30, 14, 7 → ", "plan.resellerOnly:  → yes"}
	if diff := cmp.Diff(want, told); diff != "" {
		t.Error(diff)
	}
}

// TestNarrowingTellsEverything: whatever is wrong is told at once, each at its field, and nothing is told twice or because of
// another field that is wrong.
func TestNarrowingTellsEverything(t *testing.T) {
	months := func(n int) *licensing.Term { return &licensing.Term{Months: n} }
	for _, c := range []struct {
		name   string
		narrow licensing.Narrowing
		fields []string
	}{
		{
			"all of them", licensing.Narrowing{
				Term: months(50), ShortestTerm: &licensing.Term{Days: 3}, LongestTerm: months(40), StartAhead: new(31), MostExtensions: new(6), Reminders: []int{3}, Consumer: true,
			},
			[]string{"startAhead", "mostExtensions", "reminders", "shortestTerm", "longestTerm", "term", "consumer"},
		},
		{"no numbers", licensing.Narrowing{Term: months(-1), LongestTerm: months(-1), StartAhead: new(-1)}, []string{"startAhead", "term", "longestTerm"}},
		{"a range without the term", licensing.Narrowing{LongestTerm: months(6), MostExtensions: new(-1)}, []string{"mostExtensions", "term"}},
		{"a range that is empty, and above the term", licensing.Narrowing{ShortestTerm: months(13), LongestTerm: months(12), StartAhead: new(40)}, []string{"startAhead", "longestTerm", "term"}},
		{"no choice", licensing.Narrowing{NoChoice: true, LongestTerm: months(-1), Term: months(37), MostExtensions: new(9)}, []string{"mostExtensions", "term"}},
	} {
		p := wide()
		var problems licensing.Problems
		problems.Add(c.narrow.Check(&p))
		var fields []string
		for _, e := range problems {
			fields = append(fields, e.Field)
		}
		if !slices.Equal(fields, c.fields) {
			t.Errorf("%s: told %v, want %v: %v", c.name, fields, c.fields, problems)
		}
	}
}
