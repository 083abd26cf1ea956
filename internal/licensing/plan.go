package licensing

import "fmt"

// Term is a length of time by the calendar: months first (clamped to the month's end), then days.
type Term struct {
	Months int `json:"months,omitempty"`
	Days   int `json:"days,omitempty"`
}

// After returns the day that lies the term after d: months first, clamped to the month's end, then days.
func (t Term) After(d Day) Day { return d.AddMonths(t.Months).AddDays(t.Days) }

// String is "12 months", "1 month 10 days" or "0 days".
func (t Term) String() string {
	count := func(n int, unit string) string {
		if n == 1 {
			return "1 " + unit
		}
		return fmt.Sprintf("%d %ss", n, unit)
	}
	switch {
	case t.Months == 0:
		return count(t.Days, "day")
	case t.Days == 0:
		return count(t.Months, "month")
	default:
		return count(t.Months, "month") + " " + count(t.Days, "day")
	}
}

// Plan is how the subscriptions of a product run. A subscription keeps it as it was when it was sold.
type Plan struct {
	Type         SubscriptionType `json:"type"`
	Term         Term             `json:"term"`                // of the first period
	Extension    *Term            `json:"extension,omitempty"` // of the periods that follow; nil: Term
	Cancellation Term             `json:"cancellation"`        // the cancellation period
	Align        Alignment        `json:"align,omitempty"`
	AlignTo      *YearDay         `json:"alignTo,omitempty"` // with AlignDay, and only then
	// First says whether a first period that aligning breaks is lengthened or shortened.
	First FirstPeriodRule `json:"first,omitempty"`
	// ShortestFirst is the least length of a shortened first period: one that would be shorter ends an alignment
	// later. nil: a day.
	ShortestFirst *Term `json:"shortestFirst,omitempty"`
	// ShortestTerm and LongestTerm are the range from which an end date may be chosen, counted from the start; both
	// nil: the end date cannot be chosen.
	ShortestTerm *Term `json:"shortestTerm,omitempty"`
	LongestTerm  *Term `json:"longestTerm,omitempty"`
	// StartAhead is how many days ahead the start may be chosen; 0: it starts today.
	StartAhead int `json:"startAhead,omitempty"`
	// MostExtensions is how often a subscription is extended at the most; nil: without a limit. 0 extends never.
	MostExtensions *int `json:"mostExtensions,omitempty"`
	// ExtensionPrice says what extensions cost.
	ExtensionPrice ExtensionPrice `json:"extensionPrice,omitempty"`
	// Consumer marks a plan that is sold to consumers. Check holds it to what binds them: see consumerLimits.
	Consumer bool `json:"consumer,omitempty"`
	// Reminders are how many days before the last day to cancel somebody is reminded of it, 0 to LongestReminder; at most
	// MostReminders. nil: the usual ones, 30 and 7; empty: never.
	Reminders []int `json:"reminders,omitzero"`
	// ResellerOnly keeps reminders, and what tells of extensions, from customers.
	ResellerOnly bool `json:"resellerOnly,omitempty"`
	// Anchor is the day of the month on which periods of whole months begin where the month is long enough; 0: as the
	// period before it ended. It is set when the plan is sold, so that one that began on the 31st comes back to it.
	Anchor int `json:"anchor,omitempty"`
}

// FirstPeriodRule says what becomes of a first period that would end between two alignments.
type FirstPeriodRule string

// The rules for the first period.
const (
	FirstLengthened FirstPeriodRule = ""          // it ends with the next alignment
	FirstShortened  FirstPeriodRule = "shortened" // it ends with the one before, unless it were too short then
)

// FirstPeriod returns the period with which a subscription begins that is sold today. A zero start means today, a zero
// chosenEnd the plan's own term. The error (code invalidRequest, field "startDate" or "endDate") tells the range.
func (p Plan) FirstPeriod(start, today Day, chosenEnd Day) (Period, error) {
	if start.IsZero() {
		start = today
	}
	if latest := today.AddDays(p.StartAhead); start.Before(today) || start.After(latest) {
		problems := Problems{InvalidRequest("startDate", "Choose a day from %s to %s.", today, latest)}
		if p.StartAhead == 0 {
			problems[0] = InvalidRequest("startDate", "The start date here is %s; another cannot be chosen.", today)
		}
		problems.Add(p.checkEndOfAny(today, latest, chosenEnd))
		return Period{}, problems
	}
	end := p.FirstEnd(start, today)
	if !chosenEnd.IsZero() {
		if err := p.checkChosenEnd(start, today, chosenEnd); err != nil {
			return Period{}, err
		}
		end = chosenEnd
	}
	cancelBy := p.CancelBy(end)
	if cancelBy.Before(today) {
		return Period{}, InvalidRequest("endDate", "It would end on %s, and the last day to cancel, %s, is over already.", end, cancelBy)
	}
	return Period{Number: 1, Start: start, End: end, CancelBy: cancelBy}, nil
}

// checkEndOfAny refuses an end date (zero: none is chosen) that no start date from today to latest allows.
func (p Plan) checkEndOfAny(today, latest, chosen Day) error {
	if chosen.IsZero() {
		return nil
	}
	if !p.choosable() {
		return p.checkChosenEnd(today, today, chosen)
	}
	first, _ := p.ends(today, today)
	_, last := p.ends(latest, today)
	if between(chosen, first, last) && p.align(chosen) == chosen {
		return nil
	}
	return InvalidRequest("endDate", p.chooseWords(), first, last)
}

func (p Plan) checkChosenEnd(start, today, chosen Day) error {
	if !p.choosable() {
		return InvalidRequest("endDate", "The end date cannot be chosen here; it is %s. Leave it out.", p.FirstEnd(start, today))
	}
	first, last := p.ends(start, today)
	switch {
	case last.Before(first):
		return InvalidRequest("endDate", "No end date can be chosen for this start date: the last would be %s, and the last day to cancel over already.", last)
	case chosen.Before(first), chosen.After(last), p.align(chosen) != chosen:
		return InvalidRequest("endDate", p.chooseWords(), first, last)
	}
	return nil
}

// FirstEnd returns the end date of a first period of the plan's own term that starts on start and is sold today: after
// the term, aligned. A shortened one is as long as ShortestFirst at least, and can still be cancelled today.
func (p Plan) FirstEnd(start, today Day) Day {
	end := p.Term.After(start).AddDays(-1)
	if p.First != FirstShortened || p.align(end) == end {
		return p.align(end)
	}
	least := start
	if p.ShortestFirst != nil {
		least = p.ShortestFirst.After(start).AddDays(-1)
	}
	if before := p.alignBack(end); !before.Before(least) && !p.CancelBy(before).Before(today) {
		return before
	}
	return p.align(end)
}

// Sold returns the plan as a subscription keeps it that begins with first: with the day of the month to which its
// periods come back.
func (p Plan) Sold(first Period) Plan {
	p.Anchor = 0
	if p.Align != AlignNone || p.ExtensionTerm().Days != 0 {
		return p // periods end where they are aligned to, or wander by days
	}
	begins := first.End.AddDays(1)
	if p.Term.Days == 0 && first.End == p.Term.After(first.Start).AddDays(-1) {
		begins = first.Start
	}
	p.Anchor = begins.Date
	return p
}

// NextPeriod returns the period by which one that nobody cancelled is extended. ok is false when it was extended as
// often as the plan allows: it ends then.
func (p Plan) NextPeriod(last Period) (next Period, ok bool) {
	if !p.Extends(last.Number) {
		return Period{}, false
	}
	start := last.End.AddDays(1)
	end := p.align(p.ExtensionTerm().After(start).AddDays(-1))
	if p.Anchor > 0 {
		month := start.AddMonths(p.ExtensionTerm().Months)
		end = Day{month.Year, month.Month, min(p.Anchor, month.MonthEnd().Date)}.AddDays(-1)
	}
	return Period{Number: last.Number + 1, Start: start, End: end, CancelBy: p.CancelBy(end)}, true
}

// Extends reports whether a period can follow the one with a number.
func (p Plan) Extends(number int) bool { return p.MostExtensions == nil || number <= *p.MostExtensions }

// Periods returns the first n periods of a subscription that is sold today and starts on start, if nobody cancels; fewer
// when the plan does not extend so often. The errors are those of FirstPeriod.
func (p Plan) Periods(start, today Day, n int) ([]Period, error) {
	first, err := p.FirstPeriod(start, today, Day{})
	if err != nil || n < 1 {
		return nil, err
	}
	all, sold := []Period{first}, p.Sold(first)
	for len(all) < n {
		next, ok := sold.NextPeriod(all[len(all)-1])
		if !ok {
			break
		}
		all = append(all, next)
	}
	return all, nil
}

// ExtensionTerm is the term of the periods after the first.
func (p Plan) ExtensionTerm() Term {
	if p.Extension != nil {
		return *p.Extension
	}
	return p.Term
}

// CancelBy returns the last day to cancel for an end date: the latest day D with D + cancellation period ≤ end.
func (p Plan) CancelBy(end Day) Day {
	end = end.AddDays(-p.Cancellation.Days)
	day := end.AddMonths(-p.Cancellation.Months)
	if end == end.MonthEnd() {
		// Adding months clamps, so every day up to the month's end leads to end at the latest.
		return day.MonthEnd()
	}
	return day
}

// choosable reports whether whoever orders may choose the end date.
func (p Plan) choosable() bool { return p.ShortestTerm != nil && p.LongestTerm != nil }

// Choice is the range from which an end date may be chosen for a start; ok is false when it cannot be chosen.
func (p Plan) Choice(start, today Day) (first, last Day, ok bool) {
	first, last = p.ends(start, today)
	return first, last, p.choosable() && !last.Before(first)
}

// ends is the range from which an end date may be chosen: by the plan's terms, and so that the last day to cancel is
// not over today. It is empty, last before first, when the two exclude each other.
func (p Plan) ends(start, today Day) (first, last Day) {
	if !p.choosable() {
		end := p.FirstEnd(start, today)
		return end, end
	}
	first, last = p.align(p.ShortestTerm.After(start).AddDays(-1)), p.align(p.LongestTerm.After(start).AddDays(-1))
	if cancellable := p.align(p.Cancellation.After(today)); first.Before(cancellable) {
		first = cancellable
	}
	return first, last
}
