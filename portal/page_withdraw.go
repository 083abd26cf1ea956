package portal

import (
	"context"
	"net/http"

	"kontor/internal/licensing"
	"kontor/internal/subscriptions"
)

// withdrawCancellationDialog asks whether to take a cancellation back, in front of the license's page.
func (s *site) withdrawCancellationDialog(v *visit) error {
	page, err := s.licensePage(v)
	if err != nil {
		return err
	}
	sub, err := s.services.Subscriptions.PreviewWithdraw(v.ctx(), v.actor, page.License.ID)
	if err != nil {
		return toLicense(v, page.License, err)
	}
	return v.show(http.StatusOK, license(page, withdrawCancellationAsk(withdrawAgain{page.License, sub, newRequestID()})))
}

// withdrawCancellation takes it back.
func (s *site) withdrawCancellation(v *visit) error {
	l, err := s.services.Ordering.LicenseByID(v.ctx(), v.actor, licensing.LicenseID(v.Param("id")))
	if err != nil {
		return err
	}
	_, _, err = s.services.Subscriptions.Withdraw(v.ctx(), v.actor, v.Request.PostForm.Get("requestId"), subscriptions.Withdraw{Ticket: l.Ticket})
	if err != nil {
		return toLicense(v, l, err)
	}
	return v.goTo(at(v.ctx(), "licenses", string(l.ID)))
}

// withdrawAgain is what the dialog shows: the license, and its subscription as it is then.
type withdrawAgain struct {
	License licensing.License
	Then    licensing.Subscription
	Request string
}

func (w withdrawAgain) question(ctx context.Context) question {
	l := w.License
	return question{
		Title: T(ctx, "withdraw.title", "Product", l.ProductName, "Customer", customerName(l.Customer)),
		Back:  at(ctx, "licenses", string(l.ID)), Action: at(ctx, "licenses", string(l.ID), "withdraw"),
		Keep: T(ctx, "withdraw.keep"), Button: T(ctx, "withdraw.button"), Busy: T(ctx, "withdraw.busy"), RequestID: w.Request,
	}
}

// text says what follows.
func (w withdrawAgain) text(ctx context.Context) string {
	isv := lookOf(ctx).isv
	next, extends := w.Then.Next()
	if w.Then.Discontinued() {
		return T(ctx, "withdraw.textDiscontinued", "End", dayLong(ctx, w.Then.Last().End), "ISV", isv)
	}
	if !extends {
		return T(ctx, "withdraw.textFinal", "End", dayLong(ctx, w.Then.Last().End), "ISV", isv)
	}
	return T(ctx, "withdraw.text", "Next", dayLong(ctx, next.End), "CancelBy", dayLong(ctx, w.Then.Last().CancelBy), "ISV", isv)
}
