package portal

import (
	"context"
	"net/http"
	"strconv"

	"kontor/internal/access"
	"kontor/internal/licensing"
)

// change is one way to change a membership, with its dialog.
type change struct {
	key     string // of its texts: "suspend", and of its address
	want    func(access.PersonDetail) bool
	danger  bool
	reason  bool // a reason is wanted, not only welcome
	perform func(People, context.Context, licensing.Actor, string, access.ChangePerson) (licensing.Membership, bool, error)
}

// The ways to change a membership.
var (
	roleChange = change{
		key: "role", want: mayChangeRole,
		perform: People.SetRole,
	}
	suspension = change{
		key: "suspend", danger: true, reason: true, want: func(p access.PersonDetail) bool { return p.CanSuspend && !p.Membership.Suspended },
		perform: People.Suspend,
	}
	resumption = change{
		key: "resume", want: func(p access.PersonDetail) bool { return p.CanWrite && p.Membership.Suspended },
		perform: People.Resume,
	}
	removal = change{
		key: "remove", danger: true, reason: true, want: func(p access.PersonDetail) bool { return p.CanRemove },
		perform: People.Remove,
	}
)

// mayChangeRole reports whether somebody can be made what he is not.
func mayChangeRole(p access.PersonDetail) bool {
	switch p.Membership.Role {
	case licensing.RoleAdmin:
		return p.CanDemote
	case licensing.RoleMember:
		return p.CanWrite && !p.Self
	default:
		return false
	}
}

func (s *site) roleDialog(v *visit) error    { return s.askChange(v, roleChange) }
func (s *site) changeRole(v *visit) error    { return s.carryOut(v, roleChange) }
func (s *site) suspendDialog(v *visit) error { return s.askChange(v, suspension) }
func (s *site) suspend(v *visit) error       { return s.carryOut(v, suspension) }
func (s *site) resumeDialog(v *visit) error  { return s.askChange(v, resumption) }
func (s *site) resume(v *visit) error        { return s.carryOut(v, resumption) }
func (s *site) removeDialog(v *visit) error  { return s.askChange(v, removal) }
func (s *site) remove(v *visit) error        { return s.carryOut(v, removal) }

// changeAsk is what the dialog of a change shows.
type changeAsk struct {
	Change  change
	Person  access.PersonDetail
	Reason  field
	Problem string
	Request string
}

func (s *site) askChange(v *visit, c change) error {
	return s.showChange(v, http.StatusOK, c, changeAsk{})
}

// showChange shows the dialog in front of the person's page.
func (s *site) showChange(v *visit, status int, c change, dialog changeAsk) error {
	page, err := s.personPage(v)
	if err != nil {
		return err
	}
	if !c.want(page.PersonDetail) {
		if page.Why != "" {
			return licensing.DeniedError("", "%s", page.Why)
		}
		return licensing.ConflictError("%s", T(v.ctx(), "person.notNow", "Name", page.Membership.UserName))
	}
	dialog.Change, dialog.Person, dialog.Request = c, page.PersonDetail, newRequestID()
	dialog.Reason.Control, dialog.Reason.Name, dialog.Reason.Label = controlText, "reason", T(v.ctx(), "cancel.reason")
	dialog.Reason.Optional, dialog.Reason.Length = !c.reason, access.MaxReason
	dialog.Reason.Hint = T(v.ctx(), "person.reasonHint")
	dialog.Reason.Wrong = T(v.ctx(), "field.wrongLength", "Max", access.MaxReason)
	return v.show(status, personShown(page, changeDialog(dialog)))
}

// carryOut does it, or shows the dialog again with what is wrong.
func (s *site) carryOut(v *visit, c change) error {
	form := v.Request.PostForm
	in := access.ChangePerson{
		Membership: licensing.MembershipID(v.Param("id")), Version: versionIn(form), Role: licensing.Role(form.Get("role")), Reason: form.Get("reason"),
	}
	m, _, err := c.perform(s.services.People, v.ctx(), v.actor, form.Get("requestId"), in)
	if found, ok := formProblems(v.ctx(), err, []string{"reason"}); ok {
		again := changeAsk{Reason: field{Value: in.Reason, Error: found.byField["reason"]}}
		if again.Reason.Error == "" {
			again.Problem = firstProblem(found)
		}
		return s.showChange(v, http.StatusUnprocessableEntity, c, again)
	}
	e := licensing.AsError(err)
	switch {
	case err == nil && c.key == removal.key:
		return v.goTo(query(at(v.ctx(), "people"), "in", m.GroupCode))
	case err == nil:
		return v.goTo(at(v.ctx(), "people", string(in.Membership)))
	case e.Kind == licensing.Conflict:
		return s.showChange(v, http.StatusConflict, c, changeAsk{Problem: e.Message, Reason: field{Value: in.Reason}})
	default:
		return err
	}
}

// other is the role that a change of role leads to.
func (a changeAsk) other() licensing.Role {
	if a.Person.Membership.Role == licensing.RoleAdmin {
		return licensing.RoleMember
	}
	return licensing.RoleAdmin
}

// key is where the dialog's texts are: "person.ask.suspend.", and for a change of role the role that comes.
func (a changeAsk) key() string {
	if a.Change.key == roleChange.key {
		return "person.ask." + string(a.other()) + "."
	}
	if a.Person.Membership.Role == licensing.RoleService {
		return "person.ask.account." + a.Change.key + "."
	}
	return "person.ask." + a.Change.key + "."
}

// question is the dialog's frame.
func (a changeAsk) question(ctx context.Context) question {
	m, key := a.Person.Membership, a.key()
	return question{
		Title: T(ctx, key+"title", "Name", m.UserName, "Group", m.GroupName), Back: at(ctx, "people", string(m.ID)),
		Action: at(ctx, "people", string(m.ID), a.Change.key), Keep: T(ctx, key+"keep", "Name", firstName(m.UserName)),
		Button: T(ctx, key+"button", "Name", firstName(m.UserName)), Busy: T(ctx, "person.busy"), Danger: a.Change.danger,
		RequestID: a.Request, Version: strconv.Itoa(m.Version), Problem: a.Problem, Typing: a.Reason.Error != "",
	}
}

// passedOn says what becomes of what somebody passed on; empty when there is nothing, or nothing becomes of it.
func (a changeAsk) passedOn(ctx context.Context) string {
	if a.Person.PassedOn == 0 || a.Change.key == resumption.key || a.Change.key == roleChange.key && a.other() == licensing.RoleAdmin {
		return ""
	}
	n := a.Person.PassedOn
	return T(ctx, "person.stays", "Count", n, "N", spelled(ctx, n), "Name", firstName(a.Person.Membership.UserName))
}
