package portal

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"kontor/internal/licensing"
)

// customerPart is the part of the form that says for whom a license is.
type customerPart struct {
	Mode   customerMode
	Chosen licensing.Customer // of mode known
	// Missing says that the form was sent without any customer.
	Missing bool
	Fields  []field
}

// customerMode is what the customer part shows when a script helps. Without one the fields are there to be filled in.
type customerMode string

// The modes.
const (
	customerSearch customerMode = "search" // find one, or begin a new one
	customerKnown  customerMode = "known"  // one was chosen
	customerNew    customerMode = "new"    // the particulars are typed in
)

// customerPartOf makes the part from what was typed. A particular that is wrong has to be seen to be corrected.
func customerPartOf(ctx context.Context, form url.Values, found problems) customerPart {
	p := customerPart{Mode: customerSearch}
	for _, name := range customerFields {
		f := field{
			Control: controlText, Name: customerPrefix + name, Label: T(ctx, "customer."+name), Optional: name != "name",
			Value: form.Get(customerPrefix + name), Length: customerLengths[name],
			Wrong: T(ctx, "field.wrongLength", "Max", customerLengths[name]),
		}
		if name == "country" {
			f.Control, f.Options = controlSelect, countries()
		}
		if f.Value != "" && p.Mode == customerSearch {
			p.Mode = customerKnown
		}
		if found.byField[f.Name] != "" {
			p.Mode = customerNew
		}
		p.Missing = p.Missing || found.byField[f.Name] != ""
		p.Fields = append(p.Fields, f)
	}
	p.Chosen = readLicenseForm("", "", form).Customer
	p.Missing = p.Missing && p.Chosen == licensing.Customer{}
	if p.Missing {
		p.Mode = customerSearch
	}
	if p.Mode == customerKnown && strings.TrimSpace(p.Chosen.Name) == "" {
		p.Mode = customerNew
	}
	return p
}

// customerLengths are the most characters of each particular.
var customerLengths = map[string]int{
	"number": licensing.MaxCustomerNumber, "name": licensing.MaxCustomerName, "company": licensing.MaxCustomerName,
	"email": licensing.MaxEmail, "country": 2,
}

// customers answers the search of the form: the customers within sight, and a new one.
func (s *site) customers(v *visit) error {
	q := strings.TrimSpace(v.Query("q"))
	var rows []licensing.CustomerRow
	if q != "" {
		var err error
		if rows, err = s.services.Ordering.Customers(v.ctx(), v.actor, q); err != nil {
			return err
		}
	}
	return v.show(http.StatusOK, customerOptions(q, rows))
}

// markedParts cuts a text where q occurs in it for the first time, without regard to case.
func markedParts(text, q string) (before, match, after string) {
	lower := strings.ToLower(text)
	i := strings.Index(lower, strings.ToLower(q))
	if q == "" || i < 0 || len(lower) != len(text) { // lowering changed its length: positions do not agree
		return text, "", ""
	}
	return text[:i], text[i : i+len(q)], text[i+len(q):]
}
