package licensing

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// Limits of what groups and people are described by, in characters.
const (
	MinGroupCode    = 2
	MaxGroupCode    = 40
	MaxGroupName    = 100
	MaxGroupAddress = 500
	MaxContact      = 100 // each of name and phone
	MaxBrandTitle   = 40
	MaxPersonName   = 100
	MinPassword     = 12
	MaxPassword     = 1024 // bytes: what is hashed is bounded
)

// addressLines is the most lines of a postal address.
const addressLines = 8

var (
	groupCode  = regexp.MustCompile(`^[a-z0-9-]+$`)
	brandColor = regexp.MustCompile(`^#[0-9a-f]{6}$`)
)

// CheckGroupCode returns a group's code as it is kept. The error names the field "code".
func CheckGroupCode(code string) (string, error) {
	code = trimBlanks(code)
	if len(code) < MinGroupCode || len(code) > MaxGroupCode || !groupCode.MatchString(code) {
		return "", InvalidRequest("code", "Enter %d to %d lower-case letters, digits and dashes.", MinGroupCode, MaxGroupCode)
	}
	return code, nil
}

// CheckParticulars puts what describes a group (name, address, contact, brand) into the form that is kept. Problems
// name "name", "address", "contactName", "contactEmail", "contactPhone", "brandTitle" and "brandColor".
func (g *Group) CheckParticulars() error {
	var problems Problems
	line := func(field string, s *string, shortest, longest int, form func(string) (string, error)) {
		value, err := canonicalLine(*s, shortest, longest)
		if err == nil && form != nil && value != "" {
			value, err = form(value)
		}
		if err != nil {
			problems.Add(named(field, err))
			return
		}
		*s = value
	}
	line("name", &g.Name, 1, MaxGroupName, nil)
	address, err := canonicalLines(g.Address)
	if err != nil {
		problems.Add(named("address", err))
	} else {
		g.Address = address
	}
	line("contactName", &g.Contact.Name, 0, MaxContact, nil)
	line("contactEmail", &g.Contact.Email, 0, MaxEmail, canonicalEmail)
	line("contactPhone", &g.Contact.Phone, 0, MaxContact, nil)
	line("brandTitle", &g.Brand.Title, 0, MaxBrandTitle, nil)
	line("brandColor", &g.Brand.Color, 0, MaxContact, canonicalColor)
	return problems.OrNil()
}

// canonicalLines checks a text of several lines and returns it without blanks around them and empty ones at its ends.
func canonicalLines(s string) (string, error) {
	lines := strings.Split(strings.ReplaceAll(s, "\r\n", "\n"), "\n")
	for i, l := range lines {
		l, err := canonicalLine(l, 0, MaxGroupAddress)
		if err != nil {
			return "", err
		}
		lines[i] = l
	}
	s = strings.Trim(strings.Join(lines, "\n"), "\n")
	if n := utf8.RuneCountInString(s); n > MaxGroupAddress || strings.Count(s, "\n") >= addressLines {
		return "", InvalidRequest("", "Enter at most %d lines and %d characters.", addressLines, MaxGroupAddress)
	}
	return s, nil
}

func canonicalColor(s string) (string, error) {
	s = strings.ToLower(s)
	if !brandColor.MatchString(s) {
		return "", InvalidRequest("", "Enter a color as # and six digits, such as #0b6e75.")
	}
	return s, nil
}

// CheckAddress returns the e-mail address that a person or a service account signs in by, as it is kept. The error
// names field.
func CheckAddress(field, email string) (string, error) {
	email, err := canonicalLine(email, 1, MaxEmail)
	if err == nil {
		email, err = canonicalEmail(strings.ToLower(email))
	}
	// What stands in the policy must not be taken for several names, or for another group's.
	if err == nil && strings.ContainsAny(email, ",/ \"'") {
		err = InvalidRequest("", "Enter one e-mail address, such as orders@example.com.")
	}
	if err != nil {
		return "", named(field, err)
	}
	return email, nil
}

// CheckPersonName returns a person's name as it is kept. The error names field.
func CheckPersonName(field, name string) (string, error) {
	name, err := canonicalLine(name, 1, MaxPersonName)
	if err != nil {
		return "", named(field, err)
	}
	return name, nil
}

// CheckNewPassword refuses a password that is too short, too long, or the address itself. The error names the field
// "password".
func CheckNewPassword(password, email string) error {
	switch {
	case !utf8.ValidString(password) || utf8.RuneCountInString(password) < MinPassword:
		return InvalidRequest("password", "Enter at least %d characters.", MinPassword)
	case len(password) > MaxPassword:
		return InvalidRequest("password", "Enter at most %d characters.", MaxPassword)
	case strings.EqualFold(trimBlanks(password), email):
		return InvalidRequest("password", "Enter a password that is not your e-mail address.")
	}
	return nil
}

// CheckOptionalReason is CheckReason for a reason that may be left out.
func CheckOptionalReason(reason string) (string, error) {
	if trimBlanks(reason) == "" {
		return "", nil
	}
	return CheckReason(reason)
}
