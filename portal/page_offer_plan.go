package portal

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"kontor/internal/licensing"
)

// The fields by which an offer narrows its product's plan are named as the plan's own. narrowingShown says that they were
// in the form: without it nothing about the plan was asked.
const (
	narrowingShown = planPrefix + "narrowing"
	planReminder   = planPrefix + "reminder" // repeats: the days that are chosen
	planNoChoice   = planPrefix + "noChoice"
)

// narrowingForm is the part of the offer's editor that is about the product's plan.
type narrowingForm struct {
	fields  productForm // what stands in the fields, and what is wrong with them
	plan    licensing.Plan
	Preview planPreview
}

// narrowingForm draws the fields, with what they come to.
func (p offerPage) narrowingForm(ctx context.Context) narrowingForm {
	f := narrowingForm{fields: productForm{form: p.form, errors: p.errors, hints: map[string]string{}}, plan: *p.Managed.Product.Plan}
	hint := func(name, value string) { f.fields.hints[name] = T(ctx, "narrow.product", "Value", value) }
	hint("term", term(ctx, f.plan.Term))
	if f.choosable() {
		hint("shortestTerm", term(ctx, *f.plan.ShortestTerm))
		hint("longestTerm", term(ctx, *f.plan.LongestTerm))
	}
	hint("startAhead", strconv.Itoa(f.plan.StartAhead))
	f.fields.hints["mostExtensions"] = T(ctx, "narrow.unlimited")
	if most := f.plan.MostExtensions; most != nil {
		hint("mostExtensions", strconv.Itoa(*most))
	}
	f.Preview = previewPlan(ctx, *p.Preview.Offer.Plan(), p.form)
	for _, name := range licensing.NarrowingFields {
		if wrong := p.errors[planPrefix+name]; wrong != "" {
			f.Preview.Problem = wrong
		}
	}
	return f
}

// choosable reports whether the product lets whoever orders choose the end date.
func (f narrowingForm) choosable() bool { return f.plan.ShortestTerm != nil }

func (f narrowingForm) has(name string) bool { return f.fields.form.Get(name) != "" }

// reminded reports whether a day to remind on is chosen.
func (f narrowingForm) reminded(days int) bool {
	return slices.Contains(f.fields.form[planReminder], strconv.Itoa(days))
}

// writeNarrowing puts what an offer takes away from a plan into the fields of its form.
func writeNarrowing(form url.Values, n licensing.Narrowing, p licensing.Plan) {
	form.Set(narrowingShown, "1")
	writeLength(form, "term", n.Term)
	writeLength(form, "shortestTerm", n.ShortestTerm)
	writeLength(form, "longestTerm", n.LongestTerm)
	for name, count := range map[string]*int{"startAhead": n.StartAhead, "mostExtensions": n.MostExtensions} {
		if count != nil {
			form.Set(planPrefix+name, strconv.Itoa(*count))
		}
	}
	for name, on := range map[string]bool{planNoChoice: n.NoChoice, planPrefix + "consumer": n.Consumer, planCustomer: !p.ResellerOnly && !n.ResellerOnly} {
		if on {
			form.Set(name, "1")
		}
	}
	for _, days := range n.Of(p).RemindedBefore() {
		form.Add(planReminder, strconv.Itoa(days))
	}
}

// readNarrowing reads the fields; nil where they were not in the form. What is left empty is as the product has it.
func readNarrowing(form url.Values, p *licensing.Plan) *licensing.Narrowing {
	if p == nil || !form.Has(narrowingShown) {
		return nil
	}
	n := licensing.Narrowing{
		Term: readLength(form, "term"), ShortestTerm: readLength(form, "shortestTerm"), LongestTerm: readLength(form, "longestTerm"),
		NoChoice: form.Get(planNoChoice) != "", Consumer: form.Get(planPrefix+"consumer") != "",
		ResellerOnly: !p.ResellerOnly && form.Get(planCustomer) == "",
	}
	for name, count := range map[string]**int{"startAhead": &n.StartAhead, "mostExtensions": &n.MostExtensions} {
		if strings.TrimSpace(form.Get(planPrefix+name)) != "" {
			*count = new(readCount(form, name))
		}
	}
	days := []int{}
	for _, own := range p.RemindedBefore() {
		if slices.Contains(form[planReminder], strconv.Itoa(own)) {
			days = append(days, own)
		}
	}
	if len(days) < len(p.RemindedBefore()) {
		n.Reminders = days
	}
	return new(n.InUse())
}

// takeOverNarrowing merges the fields about the plan with what is saved now. It returns the narrowing that the form then
// holds, and the limits that both changed, as an OfferChange names them.
func takeOverNarrowing(plan licensing.Plan, seen, saved licensing.Narrowing, form url.Values) (merged licensing.Narrowing, both []string) {
	mine := readNarrowing(form, &plan)
	if mine == nil {
		return saved, nil
	}
	asRead := func(n licensing.Narrowing) licensing.Narrowing { // as the form gives it back when nobody touches it
		fields := url.Values{}
		writeNarrowing(fields, n, plan)
		return *readNarrowing(fields, &plan)
	}
	merged, both = licensing.MergeNarrowing(asRead(seen), asRead(saved), *mine)
	for name := range form {
		if strings.HasPrefix(name, planPrefix) {
			form.Del(name)
		}
	}
	writeNarrowing(form, merged, plan)
	for i, name := range both {
		both[i] = planPrefix + name
	}
	if slices.Contains(both, planNoChoice) { // it is told by what becomes of the range
		both = append(both, planPrefix+"shortestTerm", planPrefix+"longestTerm")
	}
	return merged, both
}
