package portal

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"kontor/internal/access"
	"kontor/internal/licensing"
)

// sandboxForm is what the form shows that switches a sandbox on or changes it.
type sandboxForm struct {
	access.SandboxRow
	Fields    []field
	Summary   []problem
	RequestID string
}

var sandboxFields = []string{"hours", "answer", "seconds", "calls"}

func (s *site) sandboxForm(v *visit) error {
	return s.showSandbox(v, http.StatusOK, nil, problems{})
}

// showSandbox shows the form: as the sandbox is, or as it was typed.
func (s *site) showSandbox(v *visit, status int, form url.Values, found problems) error {
	ctx := v.ctx()
	row, err := s.services.People.Sandbox(ctx, v.actor, licensing.MembershipID(v.Param("id")))
	if err != nil {
		return err
	}
	if form == nil {
		form = url.Values{"hours": {"1"}, "answer": {string(licensing.SandboxNormal)}}
		if row.IsOn {
			form = url.Values{"hours": {"1"}, "answer": {string(row.Answer)}, "seconds": {typedNumber(row.Seconds)}, "calls": {typedNumber(row.Calls)}}
		}
	}
	hours := field{Control: controlRadios, Name: "hours", Label: T(ctx, "sandbox.hours"), Hint: T(ctx, "sandbox.hoursHint"), Value: form.Get("hours"), Error: found.byField["hours"]}
	for _, n := range licensing.SandboxHours {
		hours.Options = append(hours.Options, licensing.Option{Value: strconv.Itoa(n), Label: T(ctx, "sandbox.hour", "Count", n)})
	}
	answer := field{Control: controlSelect, Name: "answer", Label: T(ctx, "sandbox.answer"), Hint: T(ctx, "sandbox.answerHint"), Value: form.Get("answer"), Error: found.byField["answer"]}
	for _, a := range sandboxAnswers() {
		answer.Options = append(answer.Options, licensing.Option{Value: string(a), Label: answerWords(ctx, a)})
	}
	page := sandboxForm{SandboxRow: row, RequestID: newRequestID(), Fields: []field{
		hours, answer,
		countField(ctx, "seconds", licensing.MaxSandboxSeconds, form, found),
		countField(ctx, "calls", licensing.MaxSandboxCalls, form, found),
	}}
	page.Summary = summaryOf(page.Fields, found)
	return v.show(status, sandboxFormPage(page))
}

// countField is a field for a number from 1 that may be left out.
func countField(ctx context.Context, name string, most int, form url.Values, found problems) field {
	limits := licensing.Limits{Minimum: "1", Maximum: strconv.Itoa(most), Step: "1"}
	return field{
		Control: controlNumber, Name: name, Label: T(ctx, "sandbox."+name), Hint: T(ctx, "sandbox."+name+"Hint", "Max", most), Value: form.Get(name), Error: found.byField[name],
		Optional: true, Narrow: true, Limits: limits, Wrong: T(ctx, "field.wrongNumber", "Range", numberRange(ctx, limits, "")),
	}
}

// sandboxAnswers are those that can be chosen.
func sandboxAnswers() []licensing.SandboxAnswer {
	all := []licensing.SandboxAnswer{licensing.SandboxNormal, licensing.SandboxSlow, licensing.SandboxLost, licensing.SandboxClosed}
	for _, c := range faultCodes {
		all = append(all, licensing.SandboxAnswer(c))
	}
	return all
}

func (s *site) setSandbox(v *visit) error {
	form := v.Request.PostForm
	in := access.SetSandbox{
		Membership: licensing.MembershipID(v.Param("id")), Hours: numberTyped(form.Get("hours")), Answer: licensing.SandboxAnswer(form.Get("answer")),
		Seconds: numberTyped(form.Get("seconds")), Calls: numberTyped(form.Get("calls")),
	}
	_, _, err := s.services.People.SetSandbox(v.ctx(), v.actor, form.Get("requestId"), in)
	if found, ok := formProblems(v.ctx(), err, sandboxFields); ok {
		return s.showSandbox(v, http.StatusUnprocessableEntity, form, found)
	}
	if err != nil {
		return err
	}
	return v.goTo(at(v.ctx(), "people", v.Param("id")))
}

func (s *site) endSandbox(v *visit) error {
	in := access.EndSandbox{Membership: licensing.MembershipID(v.Param("id"))}
	if _, _, err := s.services.People.EndSandbox(v.ctx(), v.actor, v.Request.PostForm.Get("requestId"), in); err != nil {
		return err
	}
	return v.goTo(at(v.ctx(), "people", v.Param("id")))
}

// numberTyped is a number from 1; 0 when nothing was typed, and -1, which no rule allows, for anything else.
func numberTyped(text string) int {
	text = strings.TrimSpace(text)
	if text == "" {
		return 0
	}
	if n, err := strconv.Atoi(text); err == nil && n > 0 {
		return n
	}
	return -1
}

// typedNumber is what stands in a field for a number that may be left out.
func typedNumber(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// answerWords say how requests are answered: "as ever", "with the fault conflict".
func answerWords(ctx context.Context, a licensing.SandboxAnswer) string {
	switch a {
	case licensing.SandboxNormal, licensing.SandboxSlow, licensing.SandboxLost, licensing.SandboxClosed:
		return T(ctx, "sandbox.is."+string(a))
	default:
		return T(ctx, "sandbox.fault", "Code", string(a))
	}
}

// sandboxWords say how the next requests are answered, and how many of them.
func sandboxWords(ctx context.Context, s licensing.Sandbox) string {
	if !s.Special() {
		return answerWords(ctx, licensing.SandboxNormal)
	}
	words := answerWords(ctx, s.Answer)
	if s.Answer == licensing.SandboxSlow {
		words = T(ctx, "sandbox.late", "Count", s.Seconds)
	}
	if s.Calls > 0 {
		words = T(ctx, "sandbox.next", "Answer", words, "Count", s.Left)
	}
	return words
}
