package portal

import (
	"context"
	"errors"
	"net/http"

	"kontor/internal/licensing"
	"kontor/internal/subscriptions"
)

// cancelPage is what the dialog shows that cancels a subscription.
type cancelPage struct {
	Preview   subscriptions.Preview
	Name      string // "Aurora Care"
	RequestID string
	Reason    string
	Problem   string
	Turned    bool // it was in time when the dialog was opened, and is no longer
}

// cancelDialog asks whether to cancel, and says what happens then.
func (s *site) cancelDialog(v *visit) error {
	return s.showCancel(v, http.StatusOK, cancelPage{RequestID: newRequestID()})
}

// showCancel shows the dialog in front of the license's page.
func (s *site) showCancel(v *visit, status int, dialog cancelPage) error {
	page, err := s.licensePage(v)
	if err != nil {
		return err
	}
	dialog.Preview, err = s.services.Subscriptions.PreviewCancel(v.ctx(), v.actor, page.License.ID)
	if err != nil {
		return nothingToCancel(v, page.License, err)
	}
	dialog.Name = page.License.ProductName
	return v.show(status, license(page, cancelAsk(dialog)))
}

// cancel carries it out. What the dialog said holds: if the last day to cancel has passed since it was shown, it asks
// again instead.
func (s *site) cancel(v *visit) error {
	form := v.Request.PostForm
	l, err := s.services.Ordering.LicenseByID(v.ctx(), v.actor, licensing.LicenseID(v.Param("id")))
	if err != nil {
		return err
	}
	in := subscriptions.Cancel{Ticket: l.Ticket, Reason: form.Get("reason"), RefuseIfLate: form.Get("inTime") == "true"}
	in.EndsBy, _ = licensing.ParseDay(form.Get("ends")) // what is no day was not told
	_, _, err = s.services.Subscriptions.Cancel(v.ctx(), v.actor, form.Get("requestId"), in)
	again := cancelPage{RequestID: newRequestID(), Reason: in.Reason}
	switch e := licensing.AsError(err); {
	case err == nil:
		return v.goTo(at(v.ctx(), "licenses", string(l.ID)))
	case e.Kind == licensing.Invalid && e.Field == "reason":
		again.Problem = sentence(v.ctx(), e)
		return s.showCancel(v, http.StatusUnprocessableEntity, again)
	case e.Kind == licensing.Conflict && (in.RefuseIfLate || !in.EndsBy.IsZero()) && l.Subscription != nil && l.Subscription.State == licensing.SubscriptionActive:
		again.Turned = true
		return s.showCancel(v, http.StatusConflict, again)
	default:
		return nothingToCancel(v, l, err)
	}
}

// nothingToCancel is the page of an error that leads back to the license. Of a subscription that cannot be cancelled it says
// that, and the sentence why: it ends by itself, is cancelled already or has ended.
func nothingToCancel(v *visit, l licensing.License, err error) error {
	led := toLicense(v, l, err)
	var way errorWithWay
	if errors.As(led, &way) && l.Subscription != nil && l.Subscription.CheckCancel(v.today()) != nil {
		way.title = T(v.ctx(), "cancel.nothing")
		return way
	}
	return led
}

// title is the dialog's question.
func (p cancelPage) title(ctx context.Context) string {
	customer := customerName(p.Preview.License.Customer)
	if p.Preview.InTime {
		return T(ctx, "cancel.title", "Product", p.Name, "Customer", customer)
	}
	return T(ctx, "cancel.titleLate", "Product", p.Name, "Customer", customer, "End", dayLong(ctx, p.Preview.Last.End))
}

// missed is the last day to cancel that has passed.
func (p cancelPage) missed(ctx context.Context) licensing.Day {
	return missedDay(p.Preview.License, visitOf(ctx).today())
}

// missedDay is the last day to cancel that a late cancellation of a license missed: that of the period that runs. What runs
// may have been extended already, so that the newest period's is to come.
func missedDay(l licensing.License, today licensing.Day) licensing.Day {
	missed, late := l.Subscription.Late(today)
	if !late {
		return l.Subscription.Last().CancelBy
	}
	return missed
}

// spared says what the period would have cost that does not come.
func (p cancelPage) spared(ctx context.Context) string {
	if sub := p.Preview.License.Subscription; sub.Discontinued() {
		return T(ctx, "cancel.discontinuedText", "End", dayLong(ctx, p.Preview.Last.End))
	}
	if p.Preview.Spared.Number == 0 {
		return ""
	}
	if p.Preview.Spared.Amount == nil {
		return T(ctx, "cancel.spared", "Number", p.Preview.Spared.Number)
	}
	return T(ctx, "cancel.sparedFor", "Number", p.Preview.Spared.Number, "Price", money(p.Preview.Spared.Amount))
}
