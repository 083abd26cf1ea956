package portal

import (
	"net/http"
	"net/url"
	"strings"

	"kontor/internal/access"
	"kontor/internal/licensing"
)

// invitePage is what the form shows that invites somebody.
type invitePage struct {
	Fields    []field
	Summary   []problem
	RequestID string
}

func (s *site) inviteDialog(v *visit) error {
	form := url.Values{"group": {v.Query("to")}, "role": {v.Query("role")}}
	return s.showInvite(v, http.StatusOK, form, problems{})
}

func (s *site) showInvite(v *visit, status int, form url.Values, found problems) error {
	rows, err := s.services.People.GroupNames(v.ctx(), v.actor)
	if err != nil {
		return err
	}
	ctx := v.ctx()
	group := field{
		Control: controlSelect, Name: "group", Label: T(ctx, "license.group"), Value: form.Get("group"), Error: found.byField["group"],
		Hint: T(ctx, "invite.groupHint"), Options: groupOptions(rows),
	}
	if group.Value == "" {
		group.Value = v.actor.GroupCode
	}
	role := field{
		Control: controlRadios, Name: "role", Label: T(ctx, "people.role"), Value: form.Get("role"), Error: found.byField["role"], Hint: T(ctx, "invite.roleHint"),
		Options: []licensing.Option{{Value: "member", Label: T(ctx, "invite.member")}, {Value: "admin", Label: T(ctx, "invite.admin")}},
	}
	if role.Value == "" {
		role.Value = string(licensing.RoleMember)
	}
	email := field{
		Control: controlEmail, Name: "email", Label: T(ctx, "signin.email"), Value: form.Get("email"), Error: found.byField["email"],
		Length: licensing.MaxEmail, Wrong: T(ctx, "field.wrongLength", "Max", licensing.MaxEmail), Hint: T(ctx, "invite.emailHint"),
	}
	page := invitePage{Fields: []field{email, group, role}, RequestID: newRequestID()}
	page.Summary = summaryOf(page.Fields, found)
	return v.show(status, inviteForm(page))
}

func (s *site) invite(v *visit) error {
	form := v.Request.PostForm
	in := access.Invite{Group: form.Get("group"), Email: strings.TrimSpace(form.Get("email")), Role: licensing.Role(form.Get("role"))}
	_, _, err := s.services.People.Invite(v.ctx(), v.actor, form.Get("requestId"), in)
	if found, ok := formProblems(v.ctx(), err, []string{"email", "group", "role"}); ok {
		return s.showInvite(v, http.StatusUnprocessableEntity, form, found)
	}
	if e := licensing.AsError(err); e != nil && e.Kind == licensing.Conflict {
		return s.showInvite(v, http.StatusConflict, form, problems{rest: []string{e.Message}})
	}
	if err != nil {
		return err
	}
	return v.goTo(at(v.ctx(), "invitations"))
}
