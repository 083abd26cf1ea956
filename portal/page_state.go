package portal

import (
	"context"
	"net/http"

	"kontor/internal/licensing"
	"kontor/internal/ordering"
)

// stateAsk is what the dialog shows that changes a license's state.
type stateAsk struct {
	Change  licensing.StateChange
	License licensing.License
	Reason  field
	Problem string
	Request string
}

func (s *site) suspendLicenseDialog(v *visit) error   { return s.askState(v, licensing.ToSuspend) }
func (s *site) suspendLicense(v *visit) error         { return s.changeState(v, licensing.ToSuspend) }
func (s *site) revokeLicenseDialog(v *visit) error    { return s.askState(v, licensing.ToRevoke) }
func (s *site) revokeLicense(v *visit) error          { return s.changeState(v, licensing.ToRevoke) }
func (s *site) reinstateLicenseDialog(v *visit) error { return s.askState(v, licensing.ToReinstate) }
func (s *site) reinstateLicense(v *visit) error       { return s.changeState(v, licensing.ToReinstate) }
func (s *site) deleteLicenseDialog(v *visit) error    { return s.askState(v, licensing.ToDelete) }
func (s *site) deleteLicense(v *visit) error          { return s.changeState(v, licensing.ToDelete) }

func (s *site) askState(v *visit, change licensing.StateChange) error {
	return s.showState(v, http.StatusOK, stateAsk{Change: change})
}

// showState shows the dialog in front of the license's page, when the license is in a state in which it makes sense.
func (s *site) showState(v *visit, status int, dialog stateAsk) error {
	page, err := s.licensePage(v)
	if err != nil {
		return err
	}
	a, possible := actionCalled(page.Actions, string(dialog.Change))
	if !possible {
		if _, err := page.License.StateAfter(dialog.Change, v.now); err != nil {
			return toLicense(v, page.License, err)
		}
		return toLicense(v, page.License, licensing.ConflictError("Somebody else changed this license meanwhile. Nothing of yours has been changed."))
	}
	if len(a.Missing) > 0 {
		return notHeld(v.ctx(), page.License, a.Missing[0])
	}
	dialog.License, dialog.Request = page.License, newRequestID()
	dialog.Reason.Control, dialog.Reason.Name, dialog.Reason.Label = controlText, "reason", T(v.ctx(), "cancel.reason")
	dialog.Reason.Length, dialog.Reason.Hint = licensing.MaxReason, T(v.ctx(), "states.reasonHint")
	dialog.Reason.Wrong = T(v.ctx(), "field.wrongLength", "Max", licensing.MaxReason)
	return v.show(status, license(page, stateDialog(dialog)))
}

// changeState does it, or shows the dialog again with what is wrong.
func (s *site) changeState(v *visit, change licensing.StateChange) error {
	form := v.Request.PostForm
	l, err := s.services.Ordering.LicenseByID(v.ctx(), v.actor, licensing.LicenseID(v.Param("id")))
	if err != nil {
		return err
	}
	reason := form.Get("reason")
	_, _, err = s.services.Ordering.ChangeState(v.ctx(), v.actor, form.Get("requestId"), change, ordering.ChangeState{Ticket: l.Ticket, Reason: reason})
	if found, ok := formProblems(v.ctx(), err, []string{"reason"}); ok {
		again := stateAsk{Change: change, Reason: field{Value: reason, Error: found.byField["reason"]}}
		if again.Reason.Error == "" {
			again.Problem = firstProblem(found)
		}
		return s.showState(v, http.StatusUnprocessableEntity, again)
	}
	switch {
	case err == nil && change == licensing.ToDelete:
		return v.goTo(at(v.ctx(), "licenses"))
	case err == nil:
		return v.goTo(at(v.ctx(), "licenses", string(l.ID)))
	default:
		return toLicense(v, l, err)
	}
}

// toLicense lets the page of an error lead back to the license.
func toLicense(v *visit, l licensing.License, err error) error {
	return withWay(err, at(v.ctx(), "licenses", string(l.ID)), T(v.ctx(), "denied.back"))
}

// notHeld is the refusal of what a use case says that the actor may not do with a license.
func notHeld(ctx context.Context, l licensing.License, missing licensing.Action) error {
	return licensing.DeniedError("", "%s.", T(ctx, "changes.missing", "Action", string(missing), "Category", l.CategoryName)).Lacking(missing, l.CategoryCode)
}

// actionCalled finds what can be done with a license by its name.
func actionCalled(all []ordering.LicenseAction, name string) (ordering.LicenseAction, bool) {
	for _, a := range all {
		if a.Name == name {
			return a, true
		}
	}
	return ordering.LicenseAction{}, false
}

// key is where the dialog's texts are: "states.suspend.".
func (a stateAsk) key() string { return "states." + string(a.Change) + "." }

// question is the dialog's frame.
func (a stateAsk) question(ctx context.Context) question {
	l, key := a.License, a.key()
	return question{
		Title: T(ctx, key+"title", "Product", l.ProductName, "Customer", customerName(l.Customer)),
		Back:  at(ctx, "licenses", string(l.ID)), Action: at(ctx, "licenses", string(l.ID), string(a.Change)),
		Keep: T(ctx, key+"keep"), Button: T(ctx, key+"button"), Busy: T(ctx, key+"busy"),
		Danger: a.Change == licensing.ToRevoke || a.Change == licensing.ToDelete, RequestID: a.Request, Problem: a.Problem, Typing: true,
	}
}

// entry is one line of a day book: when, what, and the consequence.
type entry struct{ When, What, Text string }

// entries say what happens on which day, and when it can be taken back.
func (a stateAsk) entries(ctx context.Context) []entry {
	key := a.key()
	all := []entry{{T(ctx, "cancel.now"), T(ctx, key+"now"), T(ctx, key+"text", "ISV", lookOf(ctx).isv)}}
	if e, ok := a.subscriptionEntry(ctx); ok {
		all = append(all, e)
	}
	later := T(ctx, key+"laterText")
	if a.Change == licensing.ToRevoke && a.License.Subscription == nil {
		later = T(ctx, "states.revoke.laterPlain")
	}
	return append(all, entry{T(ctx, "person.later"), T(ctx, key+"later"), later})
}

// subscriptionEntry says what becomes of the subscription, or until when a license without one holds.
func (a stateAsk) subscriptionEntry(ctx context.Context) (entry, bool) {
	l, today := a.License, visitOf(ctx).today()
	if l.Subscription == nil || l.Subscription.State == licensing.SubscriptionEnded && l.Subscription.RevokedOn.IsZero() {
		last, ok := lastDayOf(ctx, l)
		if a.Change != licensing.ToReinstate || !ok || !last.Before(today) {
			return entry{}, false
		}
		return entry{dayShort(ctx, last), T(ctx, "states.reinstate.over"), T(ctx, "states.reinstate.overText")}, true
	}
	sub := *l.Subscription
	last := sub.Last()
	when := dayShort(ctx, last.End)
	switch a.Change {
	case licensing.ToSuspend:
		return entry{dayShort(ctx, last.CancelBy), T(ctx, "states.suspend.runs"), T(ctx, "states.suspend.runsText", "CancelBy", dayLong(ctx, last.CancelBy))}, extendsStill(sub)
	case licensing.ToReinstate:
		if sub.RevokedOn.IsZero() { // it was suspended
			return entry{}, false
		}
	default:
		return entry{dayShort(ctx, today), T(ctx, "states.revoke.ends"), T(ctx, "states.revoke.endsText", "End", dayLong(ctx, last.End))}, true
	}
	restored := sub.Restored(today)
	following, extends := restored.Next()
	next := dayLong(ctx, following.End)
	switch {
	case restored.State == licensing.SubscriptionEnded:
		return entry{when, T(ctx, "states.reinstate.ended"), T(ctx, "states.reinstate.endedText")}, true
	case restored.State == licensing.SubscriptionCancelled:
		return entry{when, T(ctx, "states.reinstate.runs", "End", dayLong(ctx, last.End)), T(ctx, "states.reinstate.cancelled")}, true
	case !extends:
		return entry{when, T(ctx, "states.reinstate.runs", "End", dayLong(ctx, last.End)), T(ctx, "states.reinstate.final")}, true
	case today.After(last.CancelBy):
		return entry{when, T(ctx, "states.reinstate.runs", "End", dayLong(ctx, last.End)), T(ctx, "states.reinstate.late", "CancelBy", dayLong(ctx, last.CancelBy), "Next", next)}, true
	default:
		return entry{when, T(ctx, "states.reinstate.runs", "End", dayLong(ctx, last.End)), T(ctx, "states.reinstate.unless", "CancelBy", dayLong(ctx, last.CancelBy), "Next", next)}, true
	}
}

// extendsStill reports whether a subscription is extended unless somebody cancels it.
func extendsStill(s licensing.Subscription) bool {
	_, ok := s.Next()
	return ok
}
