package portal

import (
	"context"
	"net/http"
	"strings"

	"kontor/internal/licensing"
	"kontor/internal/subscriptions"
)

// overrideAsk is the dialog in which an admin of the ISV decides against the last day to cancel: to let a subscription end
// on one of some days, or to let a cancelled one run on.
type overrideAsk struct {
	License licensing.License
	Ends    []subscriptions.Override // empty: it is to run on
	Runs    *subscriptions.Override
	Chosen  string // the day, as the form has it
	Reason  field
	Problem string
	Request string
}

func (s *site) endEarlyDialog(v *visit) error {
	return s.showOverride(v, http.StatusOK, true, overrideAsk{})
}

func (s *site) runOnDialog(v *visit) error {
	return s.showOverride(v, http.StatusOK, false, overrideAsk{})
}

// showOverride shows the dialog in front of the license's page.
func (s *site) showOverride(v *visit, status int, ends bool, dialog overrideAsk) error {
	page, err := s.licensePage(v)
	if err != nil {
		return err
	}
	all, err := s.services.Subscriptions.Overrides(v.ctx(), v.actor, page.License.ID)
	if err != nil {
		return toLicense(v, page.License, err)
	}
	if ends {
		dialog.Ends = all.Ends
	} else {
		dialog.Runs = all.Runs
	}
	if len(dialog.Ends) == 0 && dialog.Runs == nil {
		return toLicense(v, page.License, licensing.ConflictError("%s", T(v.ctx(), "override.nothing")))
	}
	dialog.License, dialog.Request = page.License, newRequestID()
	dialog.Reason.Control, dialog.Reason.Name, dialog.Reason.Label = controlText, "reason", T(v.ctx(), "cancel.reason")
	dialog.Reason.Length, dialog.Reason.Hint = licensing.MaxReason, T(v.ctx(), dialog.reasonHint())
	dialog.Reason.Wrong = T(v.ctx(), "field.wrongLength", "Max", licensing.MaxReason)
	return v.show(status, license(page, overrideDialog(dialog)))
}

func (s *site) endEarly(v *visit) error {
	form := v.Request.PostForm
	on, _ := licensing.ParseDay(form.Get("endsOn")) // what is no day is none of those to choose from
	_, _, err := s.services.Subscriptions.EndEarly(v.ctx(), v.actor, form.Get("requestId"), subscriptions.EndEarly{
		License: licensing.LicenseID(v.Param("id")), EndsOn: on, Reason: form.Get("reason"),
	})
	return s.overridden(v, true, err)
}

func (s *site) runOn(v *visit) error {
	form := v.Request.PostForm
	_, _, err := s.services.Subscriptions.WithdrawLate(v.ctx(), v.actor, form.Get("requestId"), subscriptions.WithdrawLate{
		License: licensing.LicenseID(v.Param("id")), Reason: form.Get("reason"),
	})
	return s.overridden(v, false, err)
}

// overridden leads back to the license, or shows the dialog again with what is wrong.
func (s *site) overridden(v *visit, ends bool, err error) error {
	form := v.Request.PostForm
	if found, ok := formProblems(v.ctx(), err, []string{"reason"}); ok {
		again := overrideAsk{Chosen: form.Get("endsOn"), Reason: field{Value: form.Get("reason"), Error: found.byField["reason"]}}
		if again.Reason.Error == "" {
			again.Problem = firstProblem(found)
		}
		return s.showOverride(v, http.StatusUnprocessableEntity, ends, again)
	}
	if err != nil {
		return err
	}
	return v.goTo(at(v.ctx(), "licenses", v.Param("id")))
}

// reasonHint names the text that says where the reason will stand: a receipt is made of an end alone, and statements leave out
// tests and what charges nothing.
func (a overrideAsk) reasonHint() string {
	stated := !a.License.Test && (a.Runs == nil || len(a.Runs.Charges)+len(a.Runs.Periods) > 0)
	switch {
	case a.Runs == nil && stated:
		return "override.reasonReceiptStatement"
	case a.Runs == nil:
		return "override.reasonReceipt"
	case stated:
		return "override.reasonStatement"
	default:
		return "override.reason"
	}
}

func (a overrideAsk) question(ctx context.Context) question {
	key, way := "end", "end-early"
	if a.Runs != nil {
		key, way = "run", "run-on"
	}
	l := a.License
	page := at(ctx, "licenses", string(l.ID))
	return question{
		Title: T(ctx, "override.title."+key, "Product", l.ProductName, "Customer", customerName(l.Customer)), Back: page, Action: page + "/" + way,
		Keep: T(ctx, "override.keep."+key), Button: T(ctx, "override.button."+key), Busy: T(ctx, "override.busy"), Danger: a.Runs == nil, RequestID: a.Request, Problem: a.Problem,
	}
}

// missed is the last day to cancel that has passed.
func (a overrideAsk) missed(ctx context.Context) string {
	return dayLong(ctx, a.License.CaughtUp(visitOf(ctx).now).Subscription.Missed(visitOf(ctx).today()))
}

// endLabel is a day on which it can end: "With the period that runs, on 20 November 2027", "Today".
func endLabel(ctx context.Context, o subscriptions.Override) string {
	if o.EndsOn == visitOf(ctx).today() {
		return T(ctx, "override.today", "End", dayLong(ctx, o.EndsOn))
	}
	return T(ctx, "override.period", "End", dayLong(ctx, o.EndsOn))
}

// overrideText says what a decision comes to: what is charged or charged back, and the new file.
func overrideText(ctx context.Context, o subscriptions.Override) string {
	var parts []string
	if total := licensing.Total(o.Charges); total != nil && total.Minor < 0 {
		parts = append(parts, T(ctx, "override.back", "Price", money(&licensing.Money{Minor: -total.Minor, Currency: total.Currency})))
	} else if total != nil {
		parts = append(parts, T(ctx, "override.again", "Price", money(total)))
	}
	for _, p := range o.Periods {
		if p.Amount == nil {
			parts = append(parts, T(ctx, "override.comes", "Number", p.Number, "End", dayLong(ctx, p.End)))
		} else {
			parts = append(parts, T(ctx, "override.comesFor", "Number", p.Number, "End", dayLong(ctx, p.End), "Price", money(p.Amount)))
		}
	}
	if len(parts) == 0 {
		parts = append(parts, T(ctx, "override.free"))
	}
	return strings.Join(append(parts, T(ctx, "override.file", "End", dayLong(ctx, o.EndsOn))), " ")
}
