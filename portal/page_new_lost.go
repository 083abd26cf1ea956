package portal

import (
	"net/http"
	"net/url"
	"strings"

	"kontor/internal/licensing"
)

// lostPage is what is shown when an offer was closed, or its category taken away, while its form was filled in.
type lostPage struct {
	Text  string
	Typed []field // what was entered, to be copied
	Group string  // for whom it was licensed: a code; empty: the own one
	Order string  // the number of the order that it was to be added to; empty: a new one
	Ref   string
}

// lostOffer says that the form's offer can be licensed no more, and gives back what was typed: the form itself cannot be
// shown, for its rules are nobody's to see then.
func (s *site) lostOffer(v *visit, why error, form url.Values) error {
	p := lostPage{Text: sentence(v.ctx(), licensing.AsError(why)), Group: form.Get("group"), Order: form.Get(toOrderField), Ref: reference()}
	for _, f := range customerPartOf(v.ctx(), form, problems{}).Fields {
		p.keep(f.Label, f.Value)
	}
	for _, prefix := range []string{parameterPrefix, dataFieldPrefix} {
		for _, value := range valuesOf(form, prefix) {
			p.keep(capital(value.Name), value.Value)
		}
	}
	p.keep(T(v.ctx(), "new.quantity"), form.Get("quantity"))
	p.keep(T(v.ctx(), "new.startDate"), form.Get(startDateField))
	p.keep(T(v.ctx(), "new.endDate"), form.Get(endDateField))
	s.report(v.ctx(), v.Request, trouble{Status: http.StatusForbidden, Reference: p.Ref}, why)
	return v.show(http.StatusForbidden, offerLost(p))
}

func (p *lostPage) keep(label, value string) {
	if strings.TrimSpace(value) != "" {
		p.Typed = append(p.Typed, field{Label: label, Value: value})
	}
}
