package licensing

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/language"
)

// The most characters that a customer's particulars may have.
const (
	MaxCustomerNumber = 100
	MaxCustomerName   = 200 // and company
	MaxEmail          = 254 // RFC 5321, section 4.5.3.1.3, without the angle brackets
	maxCountry        = 2
	maxLanguage       = 35 // RFC 5646, section 4.4.1
)

// emailForm is what an address must look like; whether it exists shows when something is sent there. Commas,
// semicolons and angle brackets are refused because they make two addresses of one in a mail's header.
var emailForm = regexp.MustCompile(`\A[^@\s,;<>"]+@[^@\s,;<>"]+\z`)

// Check returns the customer as it is kept: without blanks at the ends, the country in upper case, the language in its
// usual form. The error is Problems (code invalidRequest, fields "customer.name" and so on) and holds everything that
// is wrong. Names may hold any printable text: what looks like HTML in them is escaped where it is shown.
func (c Customer) Check() (Customer, error) {
	var problems Problems
	for _, f := range customerFields {
		to := c.particular(f.name)
		value, err := f.canonical(*to)
		if err != nil {
			problems.Add(named("customer."+f.name, err))
			continue
		}
		*to = value
	}
	return c, problems.OrNil()
}

// customerField is one of the customer's particulars.
type customerField struct {
	name              string
	shortest, longest int
	form              func(string) (string, error) // of a value that is not empty; nil keeps it
}

var customerFields = []customerField{
	{"number", 0, MaxCustomerNumber, nil},
	{"name", 1, MaxCustomerName, nil},
	{"company", 0, MaxCustomerName, nil},
	{"email", 0, MaxEmail, canonicalEmail},
	{"country", 0, maxCountry, canonicalCountry},
	{"language", 0, maxLanguage, canonicalLanguage},
}

func (f customerField) canonical(s string) (string, error) {
	value, err := canonicalLine(s, f.shortest, f.longest)
	if err == nil && f.form != nil && value != "" {
		value, err = f.form(value)
	}
	return value, err
}

// particular is where the customer keeps one of the Particulars; something empty for another name.
func (c *Customer) particular(name string) *string {
	switch name {
	case "number":
		return &c.Number
	case "name":
		return &c.Name
	case "company":
		return &c.Company
	case "email":
		return &c.Email
	case "country":
		return &c.Country
	case "language":
		return &c.Language
	default:
		return new(string)
	}
}

// checkParticular checks the value of a parameter that sets a particular of the customer.
func checkParticular(name, value string) (string, error) {
	for _, f := range customerFields {
		if f.name != name {
			continue
		}
		canonical, err := f.canonical(value)
		if err != nil {
			e := AsError(err)
			return "", InvalidParameter("", e.Format, e.Args...)
		}
		return canonical, nil
	}
	return value, nil
}

// canonicalLine checks one line of text of a length in characters, and returns it without blanks at its ends.
func canonicalLine(s string, shortest, longest int) (string, error) {
	if !printable(s) {
		return "", InvalidRequest("", "Enter one line of text. Control characters, such as tabs and line breaks, are not allowed.")
	}
	s = trimBlanks(s)
	switch n := utf8.RuneCountInString(s); {
	case n >= shortest && n <= longest:
		return s, nil
	case shortest == 0:
		return "", InvalidRequest("", "Enter at most %d characters.", longest)
	default:
		return "", InvalidRequest("", "Enter %d to %d characters.", shortest, longest)
	}
}

func canonicalEmail(s string) (string, error) {
	if !emailForm.MatchString(s) {
		return "", InvalidRequest("", "Enter one e-mail address, such as orders@example.com.")
	}
	return s, nil
}

func canonicalCountry(s string) (string, error) {
	s = strings.ToUpper(s)
	region, err := language.ParseRegion(s)
	if err != nil || !region.IsCountry() || region.Canonicalize().String() != s || reservedCountries[s] { // codes of the past have a successor
		return "", InvalidRequest("", "Enter a country by its two letters of ISO 3166, such as DE.")
	}
	return s, nil
}

func canonicalLanguage(s string) (string, error) {
	tag, err := language.Parse(s)
	if err != nil || len(tag.String()) > maxLanguage {
		return "", InvalidRequest("", "Enter a language by its BCP 47 tag, such as de or en-GB.")
	}
	return tag.String(), nil
}

// reservedCountries are codes that x/text takes for countries, and ISO 3166-1 has reserved but not assigned.
var reservedCountries = map[string]bool{
	"AC": true, "AN": true, "CP": true, "CQ": true, "DG": true, "EA": true, "EU": true, "EZ": true, "IC": true, "TA": true, "UN": true, "XA": true, "XB": true, "XK": true,
}

// IsCountry reports whether code is an assigned code of ISO 3166-1, in upper case.
func IsCountry(code string) bool {
	canonical, err := canonicalCountry(code)
	return err == nil && canonical == code
}
