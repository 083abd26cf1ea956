package licensing

import (
	"cmp"
	"slices"
)

// Narrowing is what an offer takes away from the plan of its product. It never gives anything: what can be sold by the
// narrowed plan can be sold by the product's. Its zero value takes nothing away. What it does not name, such as the
// cancellation period and where periods end, is as the product has it everywhere.
type Narrowing struct {
	// Term is the first period's where no end date is chosen; it lies in the range of the product. nil: the product's.
	Term *Term `json:"term,omitempty"`
	// NoChoice says that the end date cannot be chosen.
	NoChoice bool `json:"noChoice,omitempty"`
	// ShortestTerm and LongestTerm are the range from which an end date may be chosen, each nil: the product's.
	ShortestTerm *Term `json:"shortestTerm,omitempty"`
	LongestTerm  *Term `json:"longestTerm,omitempty"`
	// StartAhead is how many days ahead the start may be chosen. nil: the product's.
	StartAhead *int `json:"startAhead,omitempty"`
	// MostExtensions is how often a subscription is extended at the most. nil: the product's.
	MostExtensions *int `json:"mostExtensions,omitempty"`
	// Consumer holds the plan to what can be sold to consumers.
	Consumer bool `json:"consumer,omitempty"`
	// Reminders are those of the product's days on which somebody is reminded. nil: all of them; empty: none.
	Reminders []int `json:"reminders,omitzero"`
	// ResellerOnly keeps reminders, and what tells of extensions, from customers.
	ResellerOnly bool `json:"resellerOnly,omitempty"`
}

// NarrowingFields are the fields of a narrowing as its JSON and its errors name them.
var NarrowingFields = []string{
	"term", "noChoice", "shortestTerm", "longestTerm", "startAhead", "mostExtensions", "consumer", "reminders", "resellerOnly",
}

// Plan is how the subscriptions run that are sold by the offer: the product's plan, narrowed. nil: it starts none.
func (o Offer) Plan() *Plan {
	if o.Product.Plan == nil {
		return nil
	}
	return new(o.Narrowing.Of(*o.Product.Plan))
}

// Of returns a plan narrowed.
func (n Narrowing) Of(p Plan) Plan {
	if n.Term != nil {
		p.Term, p.Extension = *n.Term, new(p.ExtensionTerm())
	}
	p.ShortestTerm, p.LongestTerm = cmp.Or(n.ShortestTerm, p.ShortestTerm), cmp.Or(n.LongestTerm, p.LongestTerm)
	if n.NoChoice {
		p.ShortestTerm, p.LongestTerm = nil, nil
	}
	if n.StartAhead != nil {
		p.StartAhead = *n.StartAhead
	}
	p.MostExtensions = cmp.Or(n.MostExtensions, p.MostExtensions)
	if n.Reminders != nil {
		p.Reminders = n.Reminders
	}
	p.Consumer, p.ResellerOnly = p.Consumer || n.Consumer, p.ResellerOnly || n.ResellerOnly
	return p
}

// Check reports what a narrowing would add to a plan (nil: there is none), or what does not hold together in what it
// leaves of it. The error is Problems (code invalidRequest): each names the field as in the narrowing's JSON, and says what is
// allowed. A field that is wrong counts as left out for the others.
func (n Narrowing) Check(p *Plan) error {
	switch {
	case n.isNothing():
		return nil
	case p == nil:
		return Problems{InvalidRequest("plan", "Leave it out: only subscriptions have a plan that can be narrowed.")}
	}
	var problems Problems
	for rest, left := n.InUse(), len(NarrowingFields); left > 0; left-- {
		e := AsError(rest.firstProblem(*p))
		if e == nil {
			break
		}
		if !slices.ContainsFunc(problems, func(had *Error) bool { return had.Field == e.Field }) {
			problems.Add(e)
		}
		rest = rest.without(e.Field)
	}
	return problems.OrNil()
}

// InUse is a narrowing without what has no use in it: where nobody chooses the end date, there is no range to choose from.
func (n Narrowing) InUse() Narrowing {
	if n.NoChoice {
		n.ShortestTerm, n.LongestTerm = nil, nil
	}
	return n
}

// without is a narrowing without a field that is wrong. A term that is left out can be wrong only beside the range.
func (n Narrowing) without(field string) Narrowing {
	switch field {
	case "term":
		if n.Term == nil {
			n.ShortestTerm, n.LongestTerm = nil, nil
		}
		n.Term = nil
	case "noChoice":
		n.NoChoice = false
	case "shortestTerm":
		n.ShortestTerm = nil
	case "longestTerm":
		n.LongestTerm = nil
	case "startAhead":
		n.StartAhead = nil
	case "mostExtensions":
		n.MostExtensions = nil
	case "consumer":
		n.Consumer = false
	case "reminders":
		n.Reminders = nil
	}
	return n
}

// firstProblem is one thing that is wrong; that of a field by itself before what does not hold together.
func (n Narrowing) firstProblem(p Plan) error {
	if err := n.checkFields(p); err != nil {
		return err
	}
	narrowed := n.Of(p)
	byItself := narrowed
	byItself.Consumer = false
	if err := byItself.Check(); err != nil {
		e := *AsError(err)
		if !slices.Contains(NarrowingFields, e.Field) {
			e.Field = "term" // the product's own plan holds together: it is the term that does not go with the rest
		}
		return &e
	}
	if err := n.checkDays(p, narrowed); err != nil {
		return err
	}
	if narrowed.Consumer {
		if err := narrowed.checkConsumer(); err != nil {
			return InvalidRequest("consumer", "The plan cannot be sold to consumers as it is. %s", AsError(err).Message)
		}
	}
	return nil
}

func (n Narrowing) isNothing() bool {
	return n.Term == nil && !n.NoChoice && n.ShortestTerm == nil && n.LongestTerm == nil && n.StartAhead == nil && n.MostExtensions == nil &&
		!n.Consumer && n.Reminders == nil && !n.ResellerOnly
}

// checkFields holds each field by itself against the plan.
func (n Narrowing) checkFields(p Plan) error {
	ranged := n.NoChoice || n.ShortestTerm != nil || n.LongestTerm != nil
	switch {
	case !p.choosable() && n.Term != nil:
		return InvalidRequest("term", "Leave it out: the product lets nobody choose an end date, so the first period is %s.", p.Term)
	case !p.choosable() && ranged:
		return InvalidRequest(n.rangeField(), "Leave it out: the product lets nobody choose an end date.")
	case n.StartAhead != nil && (*n.StartAhead < 0 || *n.StartAhead > p.StartAhead):
		return InvalidRequest("startAhead", "Enter 0 to %d days, as far as the product allows.", p.StartAhead)
	case n.MostExtensions != nil && p.MostExtensions != nil && (*n.MostExtensions < 0 || *n.MostExtensions > *p.MostExtensions):
		return InvalidRequest("mostExtensions", "Enter 0 to %d, as many as the product allows.", *p.MostExtensions)
	}
	for _, days := range n.Reminders {
		if own := p.RemindedBefore(); !slices.Contains(own, days) {
			return InvalidRequest("reminders", "Choose from the days on which the product reminds: %s.", wordsOf(own))
		}
	}
	return nil
}

// rangeField names the field by which the range of end dates is narrowed.
func (n Narrowing) rangeField() string {
	switch {
	case n.NoChoice:
		return "noChoice"
	case n.ShortestTerm != nil:
		return "shortestTerm"
	default:
		return "longestTerm"
	}
}

// checkDays holds the end dates of the narrowed plan against the product's, on every day of four years; sold on the day
// itself, and as far ahead as the product allows.
func (n Narrowing) checkDays(p, narrowed Plan) error {
	for _, check := range []func(start, sold Day) error{
		func(start, sold Day) error { // the range first: what is wrong with it says more than how the term lies in it
			least, most := p.ends(start, sold)
			first, last := narrowed.ends(start, sold)
			switch {
			case !narrowed.choosable():
			case first.Before(least):
				return InvalidRequest("shortestTerm", "Enter at least %s, as the product has it.", *p.ShortestTerm)
			case last.After(most):
				return InvalidRequest("longestTerm", "Enter at most %s, as the product has it.", *p.LongestTerm)
			}
			return nil
		},
		func(start, sold Day) error {
			own, end := p.FirstEnd(start, sold), narrowed.FirstEnd(start, sold)
			least, most := p.ends(start, sold)
			if first, last := narrowed.ends(start, sold); narrowed.choosable() && between(own, least, most) && !between(end, first, last) {
				return InvalidRequest("term", "Without a chosen end date it would run %s. Enter a term between the shortest and the longest.", narrowed.Term)
			}
			if end != own && !between(end, least, most) {
				return InvalidRequest("term", "Enter a term from %s to %s, as the product has it.", *p.ShortestTerm, *p.LongestTerm)
			}
			return nil
		},
	} {
		for start := range fourYears() {
			for _, sold := range []Day{start, start.AddDays(-p.StartAhead)} {
				if err := check(start, sold); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func between(d, first, last Day) bool { return !d.Before(first) && !d.After(last) }

// MergeNarrowing does for the narrowing of an offer what MergeRules does for a rule; both names its fields.
func MergeNarrowing(base, theirs, mine Narrowing) (merged Narrowing, both []string) {
	merged = Narrowing{
		Term:           mergeBy(&both, "term", base.Term, theirs.Term, mine.Term, sameValue),
		NoChoice:       mergeOf(&both, "noChoice", base.NoChoice, theirs.NoChoice, mine.NoChoice),
		ShortestTerm:   mergeBy(&both, "shortestTerm", base.ShortestTerm, theirs.ShortestTerm, mine.ShortestTerm, sameValue),
		LongestTerm:    mergeBy(&both, "longestTerm", base.LongestTerm, theirs.LongestTerm, mine.LongestTerm, sameValue),
		StartAhead:     mergeBy(&both, "startAhead", base.StartAhead, theirs.StartAhead, mine.StartAhead, sameValue),
		MostExtensions: mergeBy(&both, "mostExtensions", base.MostExtensions, theirs.MostExtensions, mine.MostExtensions, sameValue),
		Consumer:       mergeOf(&both, "consumer", base.Consumer, theirs.Consumer, mine.Consumer),
		Reminders:      mergeBy(&both, "reminders", base.Reminders, theirs.Reminders, mine.Reminders, sameDays),
		ResellerOnly:   mergeOf(&both, "resellerOnly", base.ResellerOnly, theirs.ResellerOnly, mine.ResellerOnly),
	}
	return merged, both
}

// sameDays tells none at all from those of the product.
func sameDays(a, b []int) bool { return (a == nil) == (b == nil) && slices.Equal(a, b) }
