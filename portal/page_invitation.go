package portal

import (
	"net/http"
	"net/url"

	"kontor/internal/access"
	"kontor/internal/licensing"
)

// invitationPage is what whoever holds an invitation's link sees.
type invitationPage struct {
	Invited access.Invited
	Until   string // "28 November 2026 at 14:32"
	Fields  []field
	Summary []problem
	Problem string // that speaks of no field
}

// invitation shows who invites into which group, and what to do to join.
func (s *site) invitation(v *visit) error {
	return s.showInvitation(v, http.StatusOK, url.Values{}, problems{}, "")
}

func (s *site) showInvitation(v *visit, status int, form url.Values, found problems, problem string) error {
	invited, err := s.services.People.Invited(v.ctx(), v.Param("token"))
	if err != nil {
		return s.noInvitation(v, err)
	}
	ctx, zone := v.ctx(), v.now.Zone
	page := invitationPage{Invited: invited, Problem: problem}
	page.Until = T(ctx, "date.at", "Day", dayLong(ctx, licensing.DayOf(invited.ExpiresAt, zone)), "Time", clock(invited.ExpiresAt, zone))
	password := field{Control: controlSecret, Name: "password", Label: T(ctx, "signin.password"), Value: "current-password", Error: found.byField["password"]}
	if !invited.Known {
		password.Label, password.Hint, password.Value = T(ctx, "join.newPassword"), T(ctx, "join.passwordHint", "Min", access.MinPassword), "new-password"
		page.Fields = append(page.Fields, field{
			Control: controlText, Name: "name", Label: T(ctx, "join.name"), Hint: T(ctx, "join.nameHint"), Value: form.Get("name"), Error: found.byField["name"],
			Length: access.MaxPersonName, Wrong: T(ctx, "field.wrongLength", "Max", access.MaxPersonName),
		})
	}
	page.Fields = append(page.Fields, password)
	page.Summary = summaryOf(page.Fields, found)
	return v.show(status, invitationDoor(page))
}

// noInvitation says why a link leads nowhere: it was used, has expired, was withdrawn, or never was one.
func (s *site) noInvitation(v *visit, err error) error {
	e := licensing.AsError(err)
	if e.Kind != licensing.Conflict && e.Kind != licensing.NotFound {
		return err
	}
	return v.show(statusOf[e.Kind], deadInvitation(e.Message))
}

// acceptInvitation joins the group, and signs in who joined.
func (s *site) acceptInvitation(v *visit) error {
	if err := v.parseForm(); err != nil {
		return err
	}
	form := v.Request.PostForm
	in := access.Accept{Token: v.Param("token"), Name: form.Get("name"), Password: form.Get("password")}
	user, m, err := s.services.People.Accept(v.ctx(), in, v.ClientIP())
	if found, ok := formProblems(v.ctx(), err, []string{"name", "password"}); ok {
		return s.showInvitation(v, http.StatusUnprocessableEntity, form, found, "")
	}
	if e := licensing.AsError(err); e != nil {
		switch e.Kind {
		case licensing.Unauthenticated, licensing.Exhausted:
			return s.showInvitation(v, http.StatusUnauthorized, form, problems{}, e.Message)
		case licensing.Conflict, licensing.NotFound:
			return s.noInvitation(v, err)
		}
		return err
	}
	if err := s.beginSession(v.Request, user.ID); err != nil {
		return err
	}
	return v.goTo(inGroup(m.GroupCode, ""))
}
