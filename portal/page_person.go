package portal

import (
	"context"
	"net/http"

	"kontor/internal/access"
	"kontor/internal/licensing"
)

// personPage is what the page of somebody in a group shows, or of a service account.
type personPage struct {
	access.PersonDetail
	Account      *access.ServiceAccountRow // of a service account
	Certificates []access.CertificateRow   // of a service account
	Allowance    *access.AllowanceRow      // of a service account
	Sandbox      access.SandboxRow         // of a service account
	History      []licensing.HistoryEntry
}

func (s *site) person(v *visit) error {
	page, err := s.personPage(v)
	if err != nil {
		return err
	}
	return v.show(http.StatusOK, personShown(page, nil))
}

// personPage asks for the membership that the address names.
func (s *site) personPage(v *visit) (page personPage, err error) {
	id := licensing.MembershipID(v.Param("id"))
	if page.PersonDetail, err = s.services.People.Person(v.ctx(), v.actor, id); err != nil {
		return page, err
	}
	if page.Membership.Role == licensing.RoleService {
		account, err := s.services.People.ServiceAccount(v.ctx(), v.actor, id)
		if err != nil {
			return page, err
		}
		page.Account = &account
		allowance, err := s.services.People.Allowance(v.ctx(), v.actor, id)
		if err != nil {
			return page, err
		}
		page.Allowance = &allowance
		if page.Sandbox, err = s.services.People.Sandbox(v.ctx(), v.actor, id); err != nil {
			return page, err
		}
		if page.Certificates, err = s.services.People.Certificates(v.ctx(), v.actor, id); err != nil {
			return page, err
		}
	}
	page.History, err = s.services.People.PersonHistory(v.ctx(), v.actor, id)
	return page, err
}

// lead is the page's second line: "admin in Fjord".
func (p personPage) lead(ctx context.Context) string {
	return T(ctx, "person.lead", "Role", personRole(ctx, p.Membership), "Group", p.Membership.GroupName)
}

// service reports whether it is a service account.
func (p personPage) service() bool { return p.Account != nil }

// overlapping reports whether the secret before still works.
func (p personPage) overlapping(ctx context.Context) bool {
	return p.Account != nil && p.Account.OldUntil != nil && p.Account.OldUntil.After(visitOf(ctx).now.Wall)
}
