package licensing

// The bounds of a plan: they keep every date within the calendar.
const (
	longestTermMonths = 1_200 // a hundred years
	longestTermDays   = 36_500
	longestStartAhead = 3_660 // ten years
	mostExtensions    = 1_000
)

// consumerLimits are the longest lengths of a plan for consumers: a first term of two years, extensions that bind for a
// month, and a month's notice. They follow section 309 number 9 of the German Civil Code, in force since 1 March 2022,
// which lets a contract go on only for an indefinite time that can be ended with a month's notice.
var consumerLimits = struct{ term, extension, cancellation int }{term: 24, extension: 1, cancellation: 1}

// Check reports what is wrong with a plan: an unknown type or alignment, lengths or reminders out of bounds, a range
// without an end date in it, what consumers cannot be bound to, or a cancellation period so long that the last day to cancel would lie
// before the sale. The error has code invalidRequest and names the field as in the plan's JSON.
func (p Plan) Check() error {
	if err := p.checkChoices(); err != nil {
		return err
	}
	if err := p.checkLengths(); err != nil {
		return err
	}
	if err := p.checkReminders(); err != nil {
		return err
	}
	if p.Consumer {
		if err := p.checkConsumer(); err != nil {
			return err
		}
	}
	return p.checkDays()
}

func (p Plan) checkChoices() error {
	_, aligned := alignments[p.Align]
	switch {
	case p.Type != LicenseSubscription && p.Type != MaintenanceSubscription:
		return InvalidRequest("type", "Enter license or maintenance.")
	case !aligned:
		return InvalidRequest("align", "Enter month, quarter, halfYear, year or day, or nothing.")
	case p.Align == AlignDay && (p.AlignTo == nil || !p.AlignTo.known()):
		return InvalidRequest("alignTo", "Enter a day of the year, such as 30 June.")
	case p.Align != AlignDay && p.AlignTo != nil:
		return InvalidRequest("alignTo", "Leave it out, unless periods end on a fixed day of the year.")
	case p.First != FirstLengthened && p.First != FirstShortened:
		return InvalidRequest("first", "Enter shortened, or nothing.")
	case p.First == FirstShortened && p.Align == AlignNone:
		return InvalidRequest("first", "A first period is shortened only where periods end with a month, quarter, half-year, year or on a fixed day.")
	case p.ShortestFirst != nil && p.First != FirstShortened:
		return InvalidRequest("shortestFirst", "Leave it out, unless the first period is shortened.")
	case p.ExtensionPrice != PriceThen && p.ExtensionPrice != PriceKept:
		return InvalidRequest("extensionPrice", "Enter kept, or nothing for the price of the day.")
	case p.StartAhead < 0 || p.StartAhead > longestStartAhead:
		return InvalidRequest("startAhead", "Enter 0 to %d days.", longestStartAhead)
	case p.MostExtensions != nil && (*p.MostExtensions < 0 || *p.MostExtensions > mostExtensions):
		return InvalidRequest("mostExtensions", "Enter 0 to %d, or nothing for no limit.", mostExtensions)
	case (p.ShortestTerm == nil) != (p.LongestTerm == nil):
		return InvalidRequest("longestTerm", "Enter both the shortest and the longest term, or neither.")
	case p.Anchor < 0 || p.Anchor > 31:
		return InvalidRequest("anchor", "Enter a day of the month, or nothing.")
	}
	return nil
}

func (p Plan) checkLengths() error {
	if err := checkTerm("cancellation", p.Cancellation, true); err != nil {
		return err
	}
	if err := checkTerm("term", p.Term, false); err != nil {
		return err
	}
	for _, t := range []struct {
		field string
		term  *Term
	}{{"extension", p.Extension}, {"shortestFirst", p.ShortestFirst}, {"shortestTerm", p.ShortestTerm}, {"longestTerm", p.LongestTerm}} {
		if t.term == nil {
			continue
		}
		if err := checkTerm(t.field, *t.term, false); err != nil {
			return err
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

// checkConsumer holds a plan to consumerLimits, on every day of four years.
func (p Plan) checkConsumer() error {
	longer := func(t Term, months int) bool {
		for day := range fourYears() {
			if t.After(day).After(day.AddMonths(months)) {
				return true
			}
		}
		return false
	}
	switch {
	case longer(p.Cancellation, consumerLimits.cancellation):
		return InvalidRequest("cancellation", "Consumers cannot be held to more than a month's notice. Enter 1 month, or at most 28 days.")
	case longer(p.Term, consumerLimits.term):
		return InvalidRequest("term", "Consumers cannot be bound for more than two years.")
	case p.LongestTerm != nil && longer(*p.LongestTerm, consumerLimits.term):
		return InvalidRequest("longestTerm", "Consumers cannot be bound for more than two years.")
	case p.MostExtensions != nil && *p.MostExtensions == 0:
		return nil
	case longer(p.ExtensionTerm(), consumerLimits.extension):
		return InvalidRequest("extension", "After the first period consumers cannot be bound for more than a month at a time. Enter 1 month, or at most 28 days.")
	case p.Align != AlignNone && p.Align != AlignMonth:
		return InvalidRequest("align", "Periods of a month end with no more than a month: a plan for consumers cannot be aligned further.")
	}
	return nil
}

// checkDays tries every day of four years: how long a month is depends on where one starts.
func (p Plan) checkDays() error {
	for day := range fourYears() {
		first := p.FirstEnd(day, day)
		if p.CancelBy(first).Before(day) {
			return InvalidRequest("cancellation", "The cancellation period is longer than the term: the last day to cancel would lie before the sale.")
		}
		if first, last := p.ends(day, day); p.choosable() && last.Before(first) {
			return InvalidRequest("longestTerm", "The longest term is shorter than the shortest or than the cancellation period, at least on some days of the year.")
		}
	}
	return nil
}

// fourYears are the days of four years, a leap year among them.
func fourYears() func(yield func(Day) bool) {
	return func(yield func(Day) bool) {
		for day, i := (Day{2025, 1, 1}), 0; i < 4*365+1; day, i = day.AddDays(1), i+1 {
			if !yield(day) {
				return
			}
		}
	}
}
