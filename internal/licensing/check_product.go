package licensing

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/language"
)

// The most characters that texts of the catalog may have.
const (
	MaxCatalogName = 200 // of categories and products, subtitles and descriptions
	MaxLabel       = 100 // of parameters, options, data fields and features
	MaxHelp        = 500 // help texts and reasons
	maxUnit        = 30
)

// The forms of names that scripts and other systems use.
var (
	categoryCode  = regexp.MustCompile(`\A[a-z0-9][a-z0-9-]{0,49}\z`)
	productCode   = regexp.MustCompile(`\A[A-Za-z0-9][A-Za-z0-9._-]{0,63}\z`)
	parameterName = regexp.MustCompile(`\A[A-Za-z][A-Za-z0-9_-]{0,49}\z`)
)

// Check returns the category as it is kept. The error is Problems (code invalidRequest, fields "code", "name",
// "description").
func (c Category) Check() (Category, error) {
	var problems Problems
	if !categoryCode.MatchString(c.Code) {
		problems.Add(InvalidRequest("code", "Enter 1 to 50 small letters, digits and dashes, such as partner."))
	}
	checkLine(&problems, "name", &c.Name, 1, MaxCatalogName)
	checkLine(&problems, "description", &c.Description, 0, MaxCatalogName)
	return c, problems.OrNil()
}

// Check returns the product as it is kept: what a person can edit of it, checked against each other. The error is
// Problems (code invalidRequest) with fields such as "name", "features.3" (by bit), "parameters.0.name" (by place),
// "parameters.0.labels.de" and "plan.term".
func (p Product) Check() (Product, error) {
	var problems Problems
	if !productCode.MatchString(p.Code) {
		problems.Add(InvalidRequest("code", "Enter 1 to 64 letters, digits, dots, dashes and underscores."))
	}
	checkLine(&problems, "name", &p.Name, 1, MaxCatalogName)
	checkLine(&problems, "subtitle", &p.Subtitle, 0, MaxCatalogName)
	checkPlan(&problems, p)
	p.Features = slices.Clone(p.Features)
	checkFeatures(&problems, p.Features)
	slices.SortFunc(p.Features, func(a, b Feature) int { return a.Bit - b.Bit })
	if len(p.Parameters) > MaxValues {
		problems.Add(InvalidRequest("parameters", "Enter at most %d parameters.", MaxValues))
		return p, problems
	}
	p.Parameters = slices.Clone(p.Parameters)
	names := map[string]bool{}
	for i := range p.Parameters {
		def := &p.Parameters[i]
		at := func(field string) string { return fmt.Sprintf("parameters.%d.%s", i, field) }
		switch lower := strings.ToLower(def.Name); {
		case !parameterName.MatchString(def.Name):
			problems.Add(InvalidRequest(at("name"), "Enter a letter, then up to 49 letters, digits, dashes and underscores."))
		case names[lower]:
			problems.Add(InvalidRequest(at("name"), "Another parameter has this name already."))
		default:
			names[lower] = true
		}
		checkTexts(&problems, at("label"), &def.Label, &def.Labels, 1, MaxLabel)
		checkTexts(&problems, at("help"), &def.Help, &def.Helps, 0, MaxHelp)
		checkLine(&problems, at("unit"), &def.Unit, 0, maxUnit)
		checkSets(&problems, at, def, p.Features)
	}
	checkOnce(&problems, p)
	return p, problems.OrNil()
}

// checkPlan wants a plan of every subscription, and of nothing else.
func checkPlan(problems *Problems, p Product) {
	switch {
	case p.Kind == KindSubscription && p.Plan == nil:
		problems.Add(InvalidRequest("plan", "Enter how its subscriptions run."))
	case p.Kind != KindSubscription && p.Plan != nil:
		problems.Add(InvalidRequest("plan", "Leave it out: only subscriptions have one."))
	case p.Plan != nil && p.Plan.Anchor != 0:
		problems.Add(InvalidRequest("plan.anchor", "Leave it out: it comes with the sale."))
	case p.Plan != nil:
		if err := p.Plan.Check(); err != nil {
			e := *AsError(err)
			e.Field = PlanPrefix + e.Field
			problems.Add(&e)
		}
	}
}

func checkFeatures(problems *Problems, features []Feature) {
	bits, names := map[int]bool{}, map[string]bool{}
	for i, f := range features {
		field := "features." + strconv.Itoa(f.Bit)
		checkLine(problems, field, &features[i].Name, 1, MaxLabel)
		switch name := Fold(features[i].Name); {
		case f.Bit < 0 || f.Bit >= FeatureBits:
			problems.Add(InvalidRequest(field, "The feature map has the bits 0 to %d.", FeatureBits-1))
		case bits[f.Bit]:
			problems.Add(InvalidRequest(field, "This bit has a name already."))
		case names[name]:
			problems.Add(InvalidRequest(field, "Another bit has this name already."))
		default:
			bits[f.Bit], names[name] = true, true
		}
	}
}

// checkSets checks what a parameter sets, and brings what it does not need to nothing.
func checkSets(problems *Problems, at func(string) string, def *Parameter, features []Feature) {
	types, known := effectTypes[def.Sets]
	switch {
	case ParameterTypes[def.Type] == nil:
		problems.Add(InvalidRequest(at("type"), "There is no such type."))
		return
	case !known:
		problems.Add(InvalidRequest(at("sets"), "There is nothing of this name that a parameter sets."))
		return
	case !slices.Contains(types, def.Type):
		problems.Add(InvalidRequest(at("sets"), "A parameter of this type cannot set it; one of type %s can.", strings.Join(types, " or ")))
	}
	if def.Sets != SetsCustomer {
		def.Particular = ""
	} else if !slices.Contains(Particulars, def.Particular) {
		problems.Add(InvalidRequest(at("particular"), "Choose %s.", strings.Join(Particulars, ", ")))
	}
	if def.Type != "selection" {
		def.Options = nil
	} else if len(def.Options) > 0 {
		def.Options = checkLabeledOptions(problems, at("options"), def.Options, *def)
	}
	if def.Sets != SetsFeatures {
		def.Features = nil
		return
	}
	checkFeatureValues(problems, at("features"), def, features)
}

func checkFeatureValues(problems *Problems, field string, def *Parameter, features []Feature) {
	named := map[int]Feature{}
	for _, f := range features {
		named[f.Bit] = f
	}
	byValue := map[string][]Feature{}
	for value, bits := range def.Features {
		if def.Type == "yesno" && value != Yes && value != No || def.Type == "selection" && !slices.ContainsFunc(def.Options, func(o Option) bool { return o.Value == value }) {
			problems.Add(InvalidRequest(field, "There is no value %q that could set bits.", value))
			continue
		}
		set := map[int]bool{}
		for _, f := range bits {
			if _, ok := named[f.Bit]; !ok {
				problems.Add(InvalidRequest(field, "Bit %d has no name yet.", f.Bit))
			} else if !set[f.Bit] {
				byValue[value] = append(byValue[value], named[f.Bit])
			}
			set[f.Bit] = true
		}
		slices.SortFunc(byValue[value], func(a, b Feature) int { return a.Bit - b.Bit })
	}
	def.Features = byValue
}

// checkLabeledOptions checks the options of a parameter or a rule, with their labels, and that what they say can be
// set.
func checkLabeledOptions(problems *Problems, field string, options []Option, def Parameter) []Option {
	options = slices.Clone(options)
	for i := range options {
		checkTexts(problems, field, &options[i].Label, &options[i].Labels, 0, MaxLabel)
	}
	if err := checkOptions(Rule{Options: options}); err != nil {
		problems.Add(named(field, err))
		return options
	}
	for _, o := range options {
		if err := checkConstant(def, o.Value); err != nil {
			problems.Add(InvalidRequest(field, "%s cannot be set. %s", o.Value, AsError(err).Message))
		}
	}
	return options
}

// checkConstant checks that a value that does not depend on the day can be set. Days do.
func checkConstant(def Parameter, canonical string) error {
	if def.Type == "date" {
		return nil
	}
	_, err := checkEffect(def, canonical, Day{})
	return err
}

// checkOnce refuses what several parameters would set at once, and how long a license holds beside a plan.
func checkOnce(problems *Problems, p Product) {
	setBy := map[string]string{}
	for i, def := range p.Parameters {
		what := string(def.Sets)
		switch def.Sets {
		case SetsText, SetsFeatures, "":
			continue
		case SetsMonths, SetsYears:
			what = string(SetsDays)
		case SetsCustomer:
			what += " " + def.Particular
		}
		field := fmt.Sprintf("parameters.%d.sets", i)
		switch {
		case setBy[what] != "":
			problems.Add(InvalidRequest(field, "The parameter %s sets this already. It can be set once.", setBy[what]))
		case p.Plan != nil && (periods[def.Sets].most > 0 || def.Sets == SetsUntil):
			problems.Add(InvalidRequest(field, "The subscription says how long it holds."))
		}
		setBy[what] = def.Name
	}
}

// checkTexts checks a text in English and in other languages; those that are empty are dropped. What may be empty in
// English has no other languages then.
func checkTexts(problems *Problems, field string, english *string, others *Texts, shortest, longest int) {
	checkLine(problems, field, english, shortest, longest)
	if len(*others) == 0 {
		*others = nil
		return
	}
	kept := Texts{}
	for tag, text := range *others {
		in := field + "s." + tag
		parsed, err := language.Parse(tag)
		switch {
		case err != nil || parsed.String() != tag || tag == "en" || tag == "und" || len(tag) > maxLanguage:
			problems.Add(InvalidRequest(in, "Enter a language by its BCP 47 tag, such as de; English stands by itself."))
			continue
		case trimBlanks(text) == "":
			continue
		case *english == "":
			problems.Add(InvalidRequest(field, "Enter the English text too: everybody reads it who has no other."))
		}
		checkLine(problems, in, &text, 1, longest)
		kept[tag] = text
	}
	if *others = kept; len(kept) == 0 {
		*others = nil
	}
}

// checkLine checks one line of text and brings it to its form.
func checkLine(problems *Problems, field string, text *string, shortest, longest int) {
	line, err := canonicalLine(*text, shortest, longest)
	if err != nil {
		problems.Add(named(field, err))
		return
	}
	*text = line
}
