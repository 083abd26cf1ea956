package catalog

import (
	"strconv"
	"strings"

	"kontor/internal/licensing"
)

// planChanges are the fields in which two plans differ, with what they were and what they are.
func planChanges(was, is *licensing.Plan) []licensing.Value {
	before, after := planFields(was), planFields(is)
	texts := make([][3]string, len(before))
	for i := range before {
		texts[i] = [3]string{"plan." + before[i].Name, before[i].Value, after[i].Value}
	}
	return differences(texts...)
}

// planFields are a plan's fields in words, always the same ones.
func planFields(p *licensing.Plan) []licensing.Value {
	if p == nil {
		p = &licensing.Plan{}
	}
	term := func(t *licensing.Term) string {
		if t == nil {
			return ""
		}
		return t.String()
	}
	align, most, consumer := string(p.Align), "", ""
	if p.AlignTo != nil {
		align = strconv.Itoa(p.AlignTo.Date) + " " + p.AlignTo.Month.String()
	}
	if p.MostExtensions != nil {
		most = strconv.Itoa(*p.MostExtensions)
	}
	if p.Consumer {
		consumer = "yes"
	}
	days := p.RemindedBefore()
	texts := make([]string, len(days))
	for i, n := range days {
		texts[i] = strconv.Itoa(n)
	}
	reminders, resellerOnly := strings.Join(texts, ", "), ""
	if p.ResellerOnly {
		resellerOnly = "yes"
	}
	return []licensing.Value{
		{Name: "type", Value: string(p.Type)}, {Name: "term", Value: p.Term.String()}, {Name: "extension", Value: term(p.Extension)},
		{Name: "cancellation", Value: p.Cancellation.String()}, {Name: "align", Value: align}, {Name: "first", Value: string(p.First)},
		{Name: "shortestFirst", Value: term(p.ShortestFirst)}, {Name: "shortestTerm", Value: term(p.ShortestTerm)},
		{Name: "longestTerm", Value: term(p.LongestTerm)}, {Name: "startAhead", Value: strconv.Itoa(p.StartAhead)},
		{Name: "mostExtensions", Value: most}, {Name: "consumer", Value: consumer},
		{Name: "extensionPrice", Value: string(p.ExtensionPrice)},
		{Name: "reminders", Value: reminders}, {Name: "resellerOnly", Value: resellerOnly},
	}
}
