package licensing

import (
	"strconv"
	"strings"
)

// PlanPrefix begins the limits that say what is different in a plan, and the fields of errors that speak of one.
const PlanPrefix = "plan."

// PlanChanges returns what is different in one plan against another (nil: there is none); the limits are named as in the
// plan's JSON: "plan.term".
func PlanChanges(was, is *Plan) (changes []OfferChange) {
	from, to := planWords(was), planWords(is)
	for i := range to {
		if from[i].words != to[i].words {
			changes = append(changes, OfferChange{Limit: PlanPrefix + to[i].limit, From: from[i].words, To: to[i].words})
		}
	}
	return changes
}

// planWords is everything that a plan says, always in the same order.
func planWords(p *Plan) []limitWord {
	if p == nil {
		p = &Plan{}
	}
	term := func(t *Term) string {
		if t == nil {
			return ""
		}
		return t.String()
	}
	yes := func(b bool) string {
		if b {
			return Yes
		}
		return ""
	}
	align, most := string(p.Align), ""
	if p.AlignTo != nil {
		align = strconv.Itoa(p.AlignTo.Date) + " " + p.AlignTo.Month.String()
	}
	if p.MostExtensions != nil {
		most = strconv.Itoa(*p.MostExtensions)
	}
	return []limitWord{
		{"type", string(p.Type)},
		{"term", p.Term.String()},
		{"extension", p.ExtensionTerm().String()},
		{"cancellation", p.Cancellation.String()},
		{"align", align},
		{"first", string(p.First)},
		{"shortestFirst", term(p.ShortestFirst)},
		{"shortestTerm", term(p.ShortestTerm)},
		{"longestTerm", term(p.LongestTerm)},
		{"startAhead", strconv.Itoa(p.StartAhead)},
		{"mostExtensions", most},
		{"consumer", yes(p.Consumer)},
		{"extensionPrice", string(p.ExtensionPrice)},
		{"reminders", wordsOf(p.RemindedBefore())},
		{"resellerOnly", yes(p.ResellerOnly)},
	}
}

// wordsOf is "30, 7".
func wordsOf(numbers []int) string {
	texts := make([]string, len(numbers))
	for i, n := range numbers {
		texts[i] = strconv.Itoa(n)
	}
	return strings.Join(texts, ", ")
}
