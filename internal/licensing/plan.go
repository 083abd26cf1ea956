package licensing

// The bounds of a plan: they keep every date within the calendar.
const (
	longestTermMonths = 1_200 // a hundred years
	longestTermDays   = 36_500
	longestStartAhead = 3_660 // ten years
)

// After returns the day that lies the term after d: months first, clamped to the month's end, then days.
func (t Term) After(d Day) Day { return d.AddMonths(t.Months).AddDays(t.Days) }

// Check reports what is wrong with a plan: an unknown type or alignment, lengths out of bounds, a range without an end
// date in it, or a cancellation period so long that the last day to cancel would lie before the sale. The error has
// code invalidRequest and names the field as in the plan's JSON.
func (p Plan) Check() error {
	switch {
	case p.Type != LicenseSubscription && p.Type != MaintenanceSubscription:
		return InvalidRequest("type", "Enter license or maintenance.")
	case !alignments[p.Align].known:
		return InvalidRequest("align", "Enter month, quarter or year, or nothing.")
	case p.StartAhead < 0 || p.StartAhead > longestStartAhead:
		return InvalidRequest("startAhead", "Enter 0 to %d days.", longestStartAhead)
	case (p.ShortestTerm == nil) != (p.LongestTerm == nil):
		return InvalidRequest("longestTerm", "Enter both the shortest and the longest term, or neither.")
	}
	if err := checkTerm("cancellation", p.Cancellation, true); err != nil {
		return err
	}
	if err := checkTerm("term", p.Term, false); err != nil {
		return err
	}
	if p.choosable() {
		if err := checkTerm("shortestTerm", *p.ShortestTerm, false); err != nil {
			return err
		}
		if err := checkTerm("longestTerm", *p.LongestTerm, false); err != nil {
			return err
		}
	}
	// How long a month is depends on where one starts, so every day of four years is tried.
	const days = 4*365 + 1
	for day, i := (Day{2025, 1, 1}), 0; i < days; day, i = day.AddDays(1), i+1 {
		if p.CancelBy(p.EndOf(day)).Before(day) {
			return InvalidRequest("cancellation", "The cancellation period is longer than the term: the last day to cancel would lie before the sale.")
		}
		if first, last := p.ends(day, day); p.choosable() && last.Before(first) {
			return InvalidRequest("longestTerm", "The longest term is shorter than the shortest or than the cancellation period, at least on some days of the year.")
		}
	}
	return nil
}

func checkTerm(field string, t Term, mayBeNone bool) error {
	if t.Months < 0 || t.Days < 0 || t.Months > longestTermMonths || t.Days > longestTermDays {
		return InvalidRequest(field, "Enter 0 to %d months and 0 to %d days.", longestTermMonths, longestTermDays)
	}
	if t == (Term{}) && !mayBeNone {
		return InvalidRequest(field, "Enter at least one day.")
	}
	return nil
}

// FirstPeriod returns the period with which a subscription begins that is sold today. A zero start means today, a zero
// chosenEnd the plan's own term. The error (code invalidRequest, field "startDate" or "endDate") tells the range.
func (p Plan) FirstPeriod(start, today Day, chosenEnd Day) (Period, error) {
	if start.IsZero() {
		start = today
	}
	if latest := today.AddDays(p.StartAhead); start.Before(today) || start.After(latest) {
		if p.StartAhead == 0 {
			return Period{}, InvalidRequest("startDate", "It starts today, %s; another start date cannot be chosen.", today)
		}
		return Period{}, InvalidRequest("startDate", "Choose a day from %s to %s.", today, latest)
	}
	end := p.EndOf(start)
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

func (p Plan) checkChosenEnd(start, today, chosen Day) error {
	if !p.choosable() {
		return InvalidRequest("endDate", "The end date cannot be chosen here; it is %s. Leave it out.", p.EndOf(start))
	}
	first, last := p.ends(start, today)
	switch {
	case last.Before(first):
		return InvalidRequest("endDate", "No end date can be chosen for this start date: the last would be %s, and the last day to cancel over already.", last)
	case chosen.Before(first), chosen.After(last), p.align(chosen) != chosen:
		return InvalidRequest("endDate", alignments[p.Align].choose, first, last)
	}
	return nil
}

// NextPeriod returns the period by which one that nobody cancelled is extended.
func (p Plan) NextPeriod(last Period) Period {
	start := last.End.AddDays(1)
	end := p.EndOf(start)
	return Period{Number: last.Number + 1, Start: start, End: end, CancelBy: p.CancelBy(end)}
}

// EndOf returns the last licensed day of a period of the plan's term that starts on start.
func (p Plan) EndOf(start Day) Day { return p.endAfter(start, p.Term) }

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

// ends is the range from which an end date may be chosen: by the plan's terms, and so that the last day to cancel is
// not over today. It is empty, last before first, when the two exclude each other.
func (p Plan) ends(start, today Day) (first, last Day) {
	if !p.choosable() {
		return p.EndOf(start), p.EndOf(start)
	}
	first, last = p.endAfter(start, *p.ShortestTerm), p.endAfter(start, *p.LongestTerm)
	if cancellable := p.align(p.Cancellation.After(today)); first.Before(cancellable) {
		first = cancellable
	}
	return first, last
}

func (p Plan) endAfter(start Day, t Term) Day { return p.align(t.After(start).AddDays(-1)) }

// alignments say to which months' ends each moves an end date (every nth), and how a range of them is put in words.
var alignments = map[Alignment]struct {
	known  bool
	months int // 0: no move
	choose string
}{
	AlignNone:    {true, 0, "Choose a day from %s to %s."},
	AlignMonth:   {true, 1, "Choose the last day of a month from %s to %s."},
	AlignQuarter: {true, 3, "Choose the last day of a quarter from %s to %s."},
	AlignYear:    {true, 12, "Choose the last day of a year from %s to %s."},
}

// align moves a day forward to where the plan lets periods end.
func (p Plan) align(d Day) Day {
	n := alignments[p.Align].months
	if n == 0 {
		return d
	}
	for int(d.Month)%n != 0 {
		d = d.MonthEnd().AddDays(1)
	}
	return d.MonthEnd()
}
