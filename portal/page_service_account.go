package portal

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"kontor/internal/access"
	"kontor/internal/licensing"
)

// accountForm is what the form shows that makes a service account.
type accountForm struct {
	Fields    []field
	Summary   []problem
	RequestID string
}

func (s *site) serviceAccountDialog(v *visit) error {
	return s.showAccountForm(v, http.StatusOK, url.Values{"group": {v.Query("to")}}, problems{})
}

func (s *site) showAccountForm(v *visit, status int, form url.Values, found problems) error {
	rows, err := s.services.People.GroupNames(v.ctx(), v.actor)
	if err != nil {
		return err
	}
	ctx := v.ctx()
	group := field{
		Control: controlSelect, Name: "group", Label: T(ctx, "license.group"), Value: form.Get("group"), Error: found.byField["group"],
		Hint: T(ctx, "account.groupHint"), Options: groupOptions(rows),
	}
	if group.Value == "" {
		group.Value = v.actor.GroupCode
	}
	label := field{
		Control: controlText, Name: "label", Label: T(ctx, "account.label"), Value: form.Get("label"), Error: found.byField["label"],
		Hint: T(ctx, "account.labelHint"), Length: access.MaxPersonName, Wrong: T(ctx, "field.wrongLength", "Max", access.MaxPersonName),
	}
	name := field{
		Control: controlEmail, Name: "name", Label: T(ctx, "account.name"), Value: form.Get("name"), Error: found.byField["name"],
		Hint: T(ctx, "account.nameHint"), Length: licensing.MaxEmail, Wrong: T(ctx, "field.wrongLength", "Max", licensing.MaxEmail),
	}
	page := accountForm{Fields: []field{label, name, group}, RequestID: newRequestID()}
	page.Summary = summaryOf(page.Fields, found)
	return v.show(status, accountFormPage(page))
}

// createServiceAccount makes one, and shows its secret in the answer: nowhere else, and never again.
func (s *site) createServiceAccount(v *visit) error {
	form := v.Request.PostForm
	in := access.CreateServiceAccount{Group: form.Get("group"), Name: strings.TrimSpace(form.Get("name")), Label: form.Get("label")}
	made, _, err := s.services.People.CreateServiceAccount(v.ctx(), v.actor, form.Get("requestId"), in)
	if found, ok := formProblems(v.ctx(), err, []string{"group", "name", "label"}); ok {
		return s.showAccountForm(v, http.StatusUnprocessableEntity, form, found)
	}
	if e := licensing.AsError(err); e != nil && e.Kind == licensing.Conflict {
		return s.showAccountForm(v, http.StatusConflict, form, problems{rest: []string{e.Message}})
	}
	if err != nil {
		return err
	}
	return v.show(http.StatusOK, secretShown(made, true))
}

// secretAsk is what the dialog shows that makes a new secret.
type secretAsk struct {
	Account access.ServiceAccountRow
	Overlap field
	Problem string
	Request string
}

// secretDialog asks whether to make a new secret, and for how long the old one works beside it.
func (s *site) secretDialog(v *visit) error {
	return s.showSecretDialog(v, http.StatusOK, strconv.Itoa(access.DefaultOverlap), problems{}, "")
}

func (s *site) showSecretDialog(v *visit, status int, overlap string, found problems, problem string) error {
	page, err := s.accountPage(v)
	if err != nil {
		return err
	}
	limits := licensing.Limits{Minimum: "0", Maximum: strconv.Itoa(access.MaxOverlap), Step: "1"}
	f := field{
		Control: controlNumber, Name: "overlap", Label: T(v.ctx(), "account.overlap"), Value: overlap, Error: found.byField["overlap"], Narrow: true,
		Hint: T(v.ctx(), "account.overlapHint", "Max", access.MaxOverlap), Limits: limits,
		Wrong: T(v.ctx(), "field.wrongNumber", "Range", numberRange(v.ctx(), limits, "")),
	}
	if f.Error == "" && problem == "" && len(found.byField)+len(found.rest) > 0 {
		problem = firstProblem(found)
	}
	return v.show(status, personShown(page, secretDialogBox(secretAsk{Account: *page.Account, Overlap: f, Problem: problem, Request: newRequestID()})))
}

// accountPage is the page of the service account that the address names; a person is none.
func (s *site) accountPage(v *visit) (personPage, error) {
	page, err := s.personPage(v)
	if err == nil && !page.service() {
		err = licensing.NotFoundError("", "%s", T(v.ctx(), "account.notFound"))
	}
	return page, err
}

func (s *site) rotateSecret(v *visit) error {
	form := v.Request.PostForm
	in := access.RotateSecret{Membership: licensing.MembershipID(v.Param("id")), Version: versionIn(form)}
	hours, err := strconv.Atoi(strings.TrimSpace(form.Get("overlap")))
	if err != nil { // refused by the use case, with the sentence that says what is allowed
		hours = -1
	}
	in.Overlap = &hours
	made, _, err := s.services.People.RotateSecret(v.ctx(), v.actor, form.Get("requestId"), in)
	if found, ok := formProblems(v.ctx(), err, []string{"overlap"}); ok {
		return s.showSecretDialog(v, http.StatusUnprocessableEntity, form.Get("overlap"), found, "")
	}
	if e := licensing.AsError(err); e != nil && e.Kind == licensing.Conflict {
		return s.showSecretDialog(v, http.StatusConflict, form.Get("overlap"), problems{}, e.Message)
	}
	if err != nil {
		return err
	}
	return v.show(http.StatusOK, secretShown(made, false))
}

// overlapDialog asks whether the old secret shall work no longer.
func (s *site) overlapDialog(v *visit) error {
	page, err := s.accountPage(v)
	if err != nil {
		return err
	}
	if !page.overlapping(v.ctx()) {
		return licensing.ConflictError("%s", T(v.ctx(), "account.noOverlap"))
	}
	return v.show(http.StatusOK, personShown(page, overlapAsk(*page.Account, newRequestID())))
}

func (s *site) endOverlap(v *visit) error {
	id := v.Param("id")
	_, _, err := s.services.People.EndOverlap(v.ctx(), v.actor, v.Request.PostForm.Get("requestId"), licensing.MembershipID(id))
	if err != nil {
		return err
	}
	return v.goTo(at(v.ctx(), "people", id))
}

// wallMoment is an instant of the wall clock, as short as its distance allows.
func wallMoment(ctx context.Context, t time.Time) string {
	zone := visitOf(ctx).now.Zone
	return T(ctx, "date.at", "Day", dayLong(ctx, licensing.DayOf(t, zone)), "Time", clock(t, zone))
}
