package portal

import (
	"net/http"
	"strings"

	"kontor/internal/access"
	"kontor/internal/licensing"
)

// groupView is what the page of a group shows.
type groupView struct {
	access.GroupDetail
	Accounts []access.ServiceAccountRow
	History  []licensing.HistoryEntry
}

func (s *site) groupPage(v *visit) error {
	page, err := s.groupView(v)
	if err != nil {
		return err
	}
	return v.show(http.StatusOK, groupShown(page, nil))
}

// groupView asks for the group that the address names.
func (s *site) groupView(v *visit) (page groupView, err error) {
	code := v.Param("code")
	if page.GroupDetail, err = s.services.People.Group(v.ctx(), v.actor, code); err != nil {
		return page, err
	}
	if page.Accounts, err = s.services.People.ServiceAccounts(v.ctx(), v.actor, code); err != nil {
		return page, err
	}
	page.History, err = s.services.People.GroupHistory(v.ctx(), v.actor, code)
	return page, err
}

// lines are a text's lines.
func lines(text string) []string { return strings.Split(strings.TrimSpace(text), "\n") }

// contactLine is "Ute Brückner, +49 30 1234".
func contactLine(c licensing.Contact) string {
	var parts []string
	for _, p := range []string{c.Name, c.Phone} {
		if p != "" {
			parts = append(parts, p)
		}
	}
	return strings.Join(parts, ", ")
}
