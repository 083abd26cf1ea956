package portal

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"kontor/internal/catalog"
	"kontor/internal/licensing"
)

// offerPage is what the offer's editor shows.
type offerPage struct {
	Managed   catalog.ManagedOffer
	Rules     []ruleForm
	Preview   catalog.OfferPreview
	Problems  []problem
	Stale     *catalog.Stale          // somebody else has saved it since it was opened
	Both      []licensing.OfferChange // what he and the editor both changed: from what is saved to what stands in the form
	RequestID string
	Saved     bool
	Version   int64 // that was seen
	form      url.Values
	errors    map[string]string // by the field's name
}

// offer shows the editor.
func (s *site) offer(v *visit) error {
	o, err := s.services.Catalog.ManagedOffer(v.ctx(), v.actor, v.Param("category"), v.Param("product"))
	if err != nil {
		return err
	}
	form := url.Values{}
	for _, p := range o.Product.Parameters {
		writeRule(form, p, o.RuleOf(p.Name))
	}
	if plan := o.Product.Plan; plan != nil {
		writeNarrowing(form, o.Narrowing, *plan)
	}
	page, err := s.offerPage(v, o, form)
	if err != nil {
		return err
	}
	page.Problems, page.Saved = nil, v.Query("saved") != ""
	return v.show(http.StatusOK, offer(page))
}

// offerPage draws the editor with what stands in its form.
func (s *site) offerPage(v *visit, o catalog.ManagedOffer, form url.Values) (offerPage, error) {
	p := offerPage{Managed: o, RequestID: form.Get("requestId"), Version: o.Version, form: form}
	if p.RequestID == "" {
		p.RequestID = newRequestID()
	}
	in := readOfferForm(o.Offer, form)
	day, _ := licensing.ParseDay(form.Get("on")) // what is no day is today
	var err error
	if p.Preview, err = s.services.Catalog.PreviewOffer(v.ctx(), v.actor, in, day); err != nil {
		return p, err
	}
	wrong := map[string]string{}
	p.errors = wrong
	for _, e := range p.Preview.Problems {
		name, label, known := offerField(v.ctx(), o.Product, e.Field)
		if !known || wrong[name] == "" {
			wrong[name] = sentence(v.ctx(), e)
			p.Problems = append(p.Problems, problem{Anchor: "f-" + planAnchor(name), Label: label, Text: wrong[name]})
		}
		if !known {
			p.Problems[len(p.Problems)-1] = problem{Text: wrong[name]}
		}
	}
	for _, parameter := range o.Product.Parameters {
		r := ruleForm{Parameter: parameter, form: form, errors: wrong, Preview: offerAddress(v.ctx(), o.Offer, "preview")}
		r.Tried = try(v.ctx(), parameter, in.Rules[parameter.Name], r.Value(partTry), v.today())
		p.Rules = append(p.Rules, r)
	}
	return p, nil
}

// readOfferForm reads the whole form: a rule for each parameter, and how the plan is narrowed.
func readOfferForm(o licensing.Offer, form url.Values) catalog.SaveOffer {
	in := catalog.SaveOffer{Category: o.Category.Code, Product: o.Product.Code, Rules: map[string]licensing.Rule{}}
	in.Version, _ = strconv.ParseInt(form.Get("version"), 10, 64) // no number is no version: it is told as a conflict
	for _, p := range o.Product.Parameters {
		in.Rules[p.Name] = readRule(form, p, o.RuleOf(p.Name))
	}
	in.Narrowing = readNarrowing(form, o.Product.Plan)
	return in
}

// try holds a text against a rule as it stands in the form.
func try(ctx context.Context, p licensing.Parameter, r licensing.Rule, text string, today licensing.Day) tried {
	kind, ok := licensing.ParameterTypes[p.Type]
	if text == "" || !ok {
		return tried{}
	}
	r.Fixed = nil // what the pattern and the lengths say of it
	taken, err := kind.Canonical(r, text, today)
	if err != nil {
		return tried{Refused: sentence(ctx, licensing.AsError(err))}
	}
	return tried{Taken: taken}
}

// previewOffer answers while one edits: what a reseller would see, what is wrong, and what is not saved yet.
func (s *site) previewOffer(v *visit) error {
	o, err := s.services.Catalog.ManagedOffer(v.ctx(), v.actor, v.Param("category"), v.Param("product"))
	if err != nil {
		return err
	}
	form := maps.Clone(v.Request.PostForm)
	change := readRowChange(form.Get("do"))
	change.apply(form)
	page, err := s.offerPage(v, o, form)
	if err != nil {
		return err
	}
	return v.show(http.StatusOK, offerAnswer(page, change.Parameter))
}

// saveOffer saves the rules, or shows what stands in the way. A button of a selection's rows sends the form too where
// there is no script: then its rows change and nothing is saved.
func (s *site) saveOffer(v *visit) error {
	o, err := s.services.Catalog.ManagedOffer(v.ctx(), v.actor, v.Param("category"), v.Param("product"))
	if err != nil {
		return err
	}
	form := maps.Clone(v.Request.PostForm)
	if do := form.Get("do"); do != "" {
		readRowChange(do).apply(form)
		page, err := s.offerPage(v, o, form)
		if err != nil {
			return err
		}
		page.Version, page.Problems = readOfferForm(o.Offer, form).Version, nil
		return v.show(http.StatusOK, offer(page))
	}
	_, _, err = s.services.Catalog.SaveOffer(v.ctx(), v.actor, form.Get("requestId"), readOfferForm(o.Offer, form))
	if err == nil {
		return v.goTo(query(offerAddress(v.ctx(), o.Offer), "saved", "1"))
	}
	var stale *catalog.Stale
	var both []licensing.OfferChange
	switch {
	case errors.As(err, &stale):
		if both, err = s.takeOver(v, o.Offer, stale.Current, form); err != nil {
			return err
		}
		o.Offer = stale.Current
	case licensing.AsError(err).Kind != licensing.Invalid && licensing.AsError(err).Code != licensing.CodeRequestIDReused:
		return err
	}
	form.Del("requestId") // it named what was refused
	page, pageErr := s.offerPage(v, o, form)
	if pageErr != nil {
		return pageErr
	}
	status := http.StatusUnprocessableEntity
	if stale != nil {
		status, page.Stale, page.Both = http.StatusConflict, stale, both
	} else if len(page.Problems) == 0 { // the form in another tab was saved under the same name
		status = http.StatusConflict
	}
	return v.show(status, offer(page))
}

// takeOver puts what somebody else has saved meanwhile into the fields that were not touched in the form. What was typed
// stays; where the other changed the same, what is saved and what stands in the form is returned.
func (s *site) takeOver(v *visit, o, current licensing.Offer, form url.Values) (both []licensing.OfferChange, err error) {
	versions, err := s.services.Catalog.OfferVersions(v.ctx(), v.actor, o.Category.Code, o.Product.Code)
	if err != nil {
		return nil, err
	}
	seen := readOfferForm(o, form).Version
	at := slices.IndexFunc(versions, func(v licensing.OfferVersion) bool { return v.Version == seen })
	if at < 0 {
		return nil, nil
	}
	merged, twice := current, map[string]bool{}
	merged.Rules = maps.Clone(current.Rules)
	for _, p := range current.Product.Parameters {
		rule, fields := takeOverRule(p, versions[at].Offer.RuleOf(p.Name), current.RuleOf(p.Name), form)
		for _, field := range fields {
			twice[p.Name+"."+field] = true
		}
		merged.Rules[p.Name] = rule
	}
	if plan := current.Product.Plan; plan != nil {
		narrowing, limits := takeOverNarrowing(*plan, versions[at].Offer.Narrowing, current.Narrowing, form)
		for _, limit := range limits {
			twice["."+limit] = true // an OfferChange of the plan names no parameter
		}
		merged.Narrowing = narrowing
	}
	for _, c := range licensing.OfferChanges(current, merged) {
		limit := c.Limit
		if strings.HasPrefix(limit, "optionLabel") { // they stand in the options' rows
			limit = "options"
		}
		if twice[c.Parameter+"."+limit] {
			both = append(both, c)
		}
	}
	return both, nil
}

// takeOverRule merges one parameter's fields with what is saved now. It returns the rule that the form then holds, and
// what both changed.
func takeOverRule(p licensing.Parameter, seen, saved licensing.Rule, form url.Values) (licensing.Rule, []string) {
	asRead := func(r licensing.Rule) licensing.Rule { // a rule as the form gives it back when nobody touches it
		fields := url.Values{}
		writeRule(fields, p, r)
		return readRule(fields, p, r)
	}
	rule, both := saved, []string(nil)
	if form.Has(ruleName(p.Name, partMode)) { // else the product has it since the form was opened
		rule, both = licensing.MergeRules(asRead(seen), asRead(saved), readRule(form, p, seen))
	}
	kept := []string{partTry}
	if rule.MinLength < 0 { // what was typed is no number
		kept = append(kept, partShortest)
	}
	if rule.MaxLength < 0 {
		kept = append(kept, partLongest)
	}
	typed := url.Values{}
	for _, part := range kept {
		typed[ruleName(p.Name, part)] = form[ruleName(p.Name, part)]
	}
	maps.DeleteFunc(form, func(name string, _ []string) bool { return strings.HasPrefix(name, ruleName(p.Name)) })
	writeRule(form, p, rule)
	maps.Copy(form, typed)
	return rule, both
}

// offerAddress is the offer's editor, or a page below it.
func offerAddress(ctx context.Context, o licensing.Offer, below ...string) string {
	return at(ctx, append([]string{"categories", o.Category.Code, "offers", o.Product.Code}, below...)...)
}

// offerField finds the field that a problem speaks of: "seats.maximum", "edition.labels.de", "plan.longestTerm". The label
// says it to a person: "Maximum of Seats" is made of it.
func offerField(ctx context.Context, p licensing.Product, field string) (name, label string, known bool) {
	if part, ok := strings.CutPrefix(field, planPrefix); ok && slices.Contains(licensing.NarrowingFields, part) {
		return field, T(ctx, "planForm.fields."+part), true
	}
	parameter, limit, _ := strings.Cut(field, ".")
	for _, one := range p.Parameters {
		if one.Name == parameter {
			return ruleName(parameter, ruleParts(limit)...), one.Label, true
		}
	}
	return "", "", false
}

// ruleParts is the field of a limit, which is named as in the rule's JSON.
func ruleParts(limit string) []string {
	limit, language, other := strings.Cut(limit, ".")
	if !other {
		language = englishTag
	}
	switch limit {
	case "label", "labels":
		return []string{partLabel, language}
	case "help", "helps":
		return []string{partHelp, language}
	case "reason", "reasons":
		return []string{partReason, language}
	case "options":
		return []string{"options"}
	default:
		return []string{limit}
	}
}

// changedNames are the parameters that a change touches.
func (p offerPage) changed(parameter string) bool {
	for _, c := range p.Preview.Changes {
		if c.Parameter == parameter {
			return true
		}
	}
	return false
}

// fields are the reseller's form, as the rules in the editor make it; and the labels of those that he does not see.
func (p offerPage) fields(ctx context.Context) (shown []field, hidden []string) {
	o := p.Preview.Offer
	for _, parameter := range o.Product.Parameters {
		r := o.RuleOf(parameter.Name)
		if r.Hidden {
			hidden = append(hidden, parameter.LabelIn(r, languageOf(ctx)))
			continue
		}
		f := parameterField(ctx, previewPrefix, parameter, r, o.Category.Name, p.Preview.Day, nil)
		f.Lit = p.changed(parameter.Name)
		f.Apart = true
		shown = append(shown, f)
	}
	shown = append(shown, previewed(quantityField(ctx, o.Product, nil)))
	for _, f := range dateFields(ctx, o.Plan(), p.Preview.Day, nil) {
		shown = append(shown, previewed(f))
	}
	return shown, hidden
}

// previewed is a field of the reseller's form as the preview has it.
func previewed(f field) field {
	f.Name, f.Apart = previewPrefix+f.Name, true
	return f
}

// previewPrefix begins the names of the preview's fields, which are never sent.
const previewPrefix = "preview."
