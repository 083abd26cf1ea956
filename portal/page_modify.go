package portal

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"kontor/internal/licensing"
	"kontor/internal/ordering"
)

// modifyPage is what the form shows that modifies a license.
type modifyPage struct {
	Form      ordering.ModifyForm
	Name      string
	License   []field
	Books     []field // the data fields
	Customer  customerPart
	Was       url.Values     // the values by field as the license has them: only what differs is sent on
	Met       []changedValue // what somebody else changed while the form was open
	Summary   []problem
	Problem   string
	RequestID string
	Quote     *ordering.ModificationQuote // what the form as it stands would come to; nil while something is wrong with it
}

// wasPrefix begins the names of the hidden fields that say what the form was filled with.
const wasPrefix = "was."

func (s *site) modifyLicenseForm(v *visit) error {
	return s.showModify(v, http.StatusOK, nil, problems{}, "")
}

// modifyLicense sends on what differs from what the form was filled with. When somebody else changed the license
// meanwhile, the form comes again, with what he changed and what was typed.
func (s *site) modifyLicense(v *visit) error {
	form := v.Request.PostForm
	l, err := s.services.Ordering.LicenseByID(v.ctx(), v.actor, licensing.LicenseID(v.Param("id")))
	if err != nil {
		return err
	}
	in := readModifyForm(l, form)
	if form.Get("do") == "quote" {
		return s.showModify(v, http.StatusOK, form, problems{}, "")
	}
	if in.Customer == nil && len(in.Parameters) == 0 && len(in.DataFields) == 0 {
		if _, err := s.services.Ordering.ModifyForm(v.ctx(), v.actor, l.ID); err != nil { // who may not is told, also then
			return err
		}
		return v.goTo(at(v.ctx(), "licenses", string(l.ID)))
	}
	if _, _, err = s.services.Ordering.ModifyLicense(v.ctx(), v.actor, form.Get("requestId"), in); err != nil {
		return s.modifyRefused(v, l, form, err)
	}
	return v.goTo(at(v.ctx(), "licenses", string(l.ID)))
}

// modifyRefused shows the form again, or why it cannot be.
func (s *site) modifyRefused(v *visit, l licensing.License, form url.Values, err error) error {
	e := licensing.AsError(err)
	if e.Kind == licensing.Conflict && form.Get("version") != strconv.FormatInt(l.Version, 10) {
		return s.showModify(v, http.StatusConflict, form, problems{}, "")
	}
	if e.Code == licensing.CodeRequestIDReused {
		return s.showModify(v, http.StatusConflict, form, problems{}, T(v.ctx(), "modify.sent"))
	}
	found, ok := formProblems(v.ctx(), err, modifyNames(form))
	if !ok {
		return err
	}
	return s.showModify(v, http.StatusUnprocessableEntity, form, found, "")
}

// modifyNames are the fields of the form that was sent.
func modifyNames(form url.Values) []string {
	var names []string
	for name := range form {
		if was, ok := strings.CutPrefix(name, wasPrefix); ok {
			names = append(names, was)
		}
	}
	return names
}

// readModifyForm is what differs in the form from what it was filled with.
func readModifyForm(l licensing.License, form url.Values) ordering.ModifyLicense {
	in := ordering.ModifyLicense{Ticket: l.Ticket}
	in.Version, _ = strconv.ParseInt(form.Get("version"), 10, 64)
	for _, name := range modifyNames(form) {
		if !form.Has(name) || strings.TrimSpace(form.Get(name)) == form.Get(wasPrefix+name) {
			continue
		}
		if short, ok := strings.CutPrefix(name, parameterPrefix); ok {
			in.Parameters = append(in.Parameters, licensing.Value{Name: short, Value: form.Get(name)})
		} else if short, ok := strings.CutPrefix(name, dataFieldPrefix); ok {
			in.DataFields = append(in.DataFields, licensing.Value{Name: short, Value: form.Get(name)})
		} else if strings.HasPrefix(name, customerPrefix) && in.Customer == nil {
			c := readLicenseForm("", "", form).Customer
			if c.Name == l.Customer.Name { // the same one: the form does not ask for the language
				c.Language = l.Customer.Language
			}
			in.Customer = &c
		}
	}
	sortValues(in.Parameters)
	sortValues(in.DataFields)
	return in
}

// showModify shows the form; sent is the one that was sent before, nil for a first look.
func (s *site) showModify(v *visit, status int, sent url.Values, found problems, problem string) error {
	id := licensing.LicenseID(v.Param("id"))
	form, err := s.services.Ordering.ModifyForm(v.ctx(), v.actor, id)
	if err != nil {
		return err
	}
	p := modifyPage{Form: form, Name: form.License.ProductName, Was: valuesAsForm(form), Problem: problem, RequestID: newRequestID()}
	if sent != nil && form.License.SeatsFallLater() && p.hasSeats() {
		in := readModifyForm(form.License, sent)
		in.Customer, in.DataFields = nil, nil
		if q, err := s.services.Ordering.QuoteModification(v.ctx(), v.actor, in); err == nil {
			p.Quote = &q
		}
	}
	filled, met := mergeForms(p.Was, sent)
	p.draw(v.ctx(), filled, found)
	for _, name := range met {
		p.Met = append(p.Met, p.metValue(v.ctx(), name, sent.Get(wasPrefix+name)))
	}
	return v.show(status, modifyForm(p))
}

// valuesAsForm are a license's values by the names of the form's fields, those that it has not as empty.
func valuesAsForm(f ordering.ModifyForm) url.Values {
	values := url.Values{}
	set := func(prefix, name string, all []licensing.Value) {
		value, _ := licensing.ValueOf(all, name)
		values.Set(prefix+name, value)
	}
	for _, p := range f.Offer.Product.Parameters {
		if r := f.Offer.RuleOf(p.Name); !r.Hidden && changes(r) {
			set(parameterPrefix, p.Name, f.License.Agreed())
		}
	}
	for _, d := range f.Offer.DataFields {
		if !d.Hidden && d.Rule.Fixed == nil {
			set(dataFieldPrefix, d.Name, f.License.DataFields)
		}
	}
	c := f.License.Customer
	for name, value := range map[string]string{"number": c.Number, "name": c.Name, "company": c.Company, "email": c.Email, "country": c.Country} {
		values.Set(customerPrefix+name, value)
	}
	return values
}

// changes reports whether a rule lets a value change after creation.
func changes(r licensing.Rule) bool { return r.Fixed == nil && r.Change != licensing.ChangeNothing }

// mergeForms is what stands in the form: what was typed where something was, else what the license has now. met are the
// fields that somebody else changed since the form was filled.
func mergeForms(now, sent url.Values) (filled url.Values, met []string) {
	filled = url.Values{}
	for name := range now {
		filled.Set(name, now.Get(name))
		if sent == nil || !sent.Has(wasPrefix+name) {
			continue
		}
		was := sent.Get(wasPrefix + name)
		if was != now.Get(name) {
			met = append(met, name)
		}
		if sent.Has(name) && strings.TrimSpace(sent.Get(name)) != was {
			filled.Set(name, sent.Get(name))
		}
	}
	return filled, met
}

// draw makes the fields, with what stands in them and what is wrong.
func (p *modifyPage) draw(ctx context.Context, filled url.Values, found problems) {
	o, today := p.Form.Offer, visitOf(ctx).today()
	for _, parameter := range o.Product.Parameters {
		r := o.RuleOf(parameter.Name)
		current, has := licensing.ValueOf(p.Form.License.Parameters, parameter.Name)
		switch {
		case r.Hidden:
		case !changes(r):
			if has {
				p.License = append(p.License, stays(ctx, parameter, r, current))
			}
		default:
			later := parameter.Sets == licensing.SetsSeats && p.Form.License.SeatsFallLater()
			if later {
				r.Change = licensing.ChangeAny // fewer do not count before the next period
			}
			f := parameterField(ctx, parameterPrefix, parameter, asOfCreation(parameter, r, p.Form.Created, today, current), o.Category.Name, today, filled)
			switch {
			case later:
				f.Hint = sentences(f.Hint, p.seatsHint(ctx, current))
			case r.Change == licensing.ChangeUp:
				f.Hint = sentences(f.Hint, T(ctx, "modify.up"))
			}
			p.License = append(p.License, f)
		}
	}
	for _, d := range o.DataFields {
		if !d.Hidden && d.Rule.Fixed == nil {
			p.Books = append(p.Books, parameterField(ctx, dataFieldPrefix, d.AsParameter(), d.Rule, o.Category.Name, today, filled))
		}
	}
	p.Customer = customerPartOf(ctx, filled, found)
	var all []field
	for _, fields := range [][]field{p.License, p.Customer.Fields, p.Books} {
		for i := range fields {
			fields[i].Error = found.byField[fields[i].Name]
		}
		all = append(all, fields...)
	}
	p.Summary = summaryOf(all, found)
}

// stays is a parameter that does not change after creation: it is looked at, and not sent.
func stays(ctx context.Context, p licensing.Parameter, r licensing.Rule, current string) field {
	f := field{Control: controlLocked, Name: "stays." + p.Name, Label: p.LabelIn(r, languageOf(ctx)), Value: current, Fixed: valueShort(ctx, p, r, current), Stays: T(ctx, "modify.stays")}
	if p.Unit != "" {
		f.Fixed += " " + p.Unit
	}
	return f
}

// asOfCreation is a rule with its relative limits as the days that they mean for a license of that day, and not below
// what would be refused: what is over, and with a value that only rises what it is.
func asOfCreation(p licensing.Parameter, r licensing.Rule, created, today licensing.Day, current string) licensing.Rule {
	if p.Type == "date" {
		limits := limitsOf(p.Type, r, created)
		r.Minimum, r.Maximum = limits.Minimum, limits.Maximum
		if first, err := licensing.ParseDay(r.Minimum); err == nil && first.Before(today) && p.Sets == licensing.SetsUntil {
			r.Minimum = today.String()
		}
	}
	if r.Change == licensing.ChangeUp && current != "" && (p.Type == "date" || p.Type == "number") {
		r.Minimum = current
	}
	return r
}

// metValue says what somebody else changed in a field.
func (p modifyPage) metValue(ctx context.Context, name, was string) changedValue {
	c := changedValue{Label: name, From: was, To: p.Was.Get(name)}
	for _, fields := range [][]field{p.License, p.Customer.Fields, p.Books} {
		for _, f := range fields {
			if f.Name != name {
				continue
			}
			c.Label = f.Label
			for _, o := range f.Options {
				if o.Value == c.From {
					c.From = o.Label
				}
				if o.Value == c.To {
					c.To = o.Label
				}
			}
		}
	}
	if c.From == "" {
		c.From = T(ctx, "changes.nothing")
	}
	if c.To == "" {
		c.To = T(ctx, "changes.nothing")
	}
	return c
}

// version is the license's that the form was filled from.
func (p modifyPage) version() string { return strconv.FormatInt(p.Form.License.Version, 10) }

// hasSeats reports whether the form asks for seats.
// hasSeats reports whether seats stand in the form; what is hidden there is quoted to nobody either.
func (p modifyPage) hasSeats() bool {
	return slices.ContainsFunc(p.Form.Offer.Product.Parameters, func(d licensing.Parameter) bool {
		return d.Sets == licensing.SetsSeats && !p.Form.Offer.RuleOf(d.Name).Hidden
	})
}

// seatsHint says when other seats of a subscription count, and which are agreed for later.
func (p modifyPage) seatsHint(ctx context.Context, current string) string {
	sub := p.Form.License.Subscription
	next, extends := sub.Next()
	if !extends {
		return T(ctx, "modify.seatsLast", "End", dayShort(ctx, sub.Last().End))
	}
	hint := T(ctx, "modify.seats", "End", dayShort(ctx, sub.Last().End), "From", dayShort(ctx, next.Start))
	if len(sub.Coming) > 0 {
		hint = sentences(T(ctx, "modify.seatsNow", "Seats", current), hint)
	}
	return hint
}

// quoted says what the form as it stands would come to, as far as seats are concerned.
func (p modifyPage) quoted(ctx context.Context) (lines []string) {
	if p.Quote == nil {
		return nil
	}
	if total := licensing.Total(p.Quote.Charges); total != nil {
		last := p.Quote.Charges[len(p.Quote.Charges)-1]
		lines = append(lines, T(ctx, "modify.charged", "Units", last.Units, "Price", money(total), "From", dayLong(ctx, p.Quote.Charges[0].From), "Until", dayLong(ctx, last.Until)))
	}
	for _, c := range p.Quote.License.Subscription.Coming {
		if len(c.Values) == 0 {
			continue
		}
		lines = append(lines, T(ctx, "modify.coming", "Count", c.Values[0].Value, "Seats", c.Values[0].Value, "From", dayLong(ctx, p.Quote.License.Subscription.Starts(c.Period))))
	}
	return lines
}

// quoteWatch asks anew what the form would come to when a value changes.
func quoteWatch(address string) templ.Attributes {
	return templ.Attributes{
		"hx-post": address, "hx-vals": `{"do": "quote"}`, "hx-trigger": "input delay:300ms", "hx-target": "#seats-quote", "hx-select": "#seats-quote", "hx-swap": "outerHTML",
	}
}
