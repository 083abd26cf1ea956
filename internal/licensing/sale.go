package licensing

import "slices"

// Sale says whether new licenses of a product can be created, and what becomes of its subscriptions when not.
type Sale string

// What a product's admin chooses.
const (
	SaleOn   Sale = ""     // it is sold
	SaleGoOn Sale = "goOn" // deactivated; its subscriptions are extended as before
	SaleEnds Sale = "end"  // deactivated; each of its subscriptions ends with the last period that it has
)

// Span is some days: from one until the day before another, or for good when that is zero.
type Span struct {
	From  Day `json:"from"`
	Until Day `json:"until,omitzero"`
}

func (s Span) holds(d Day) bool {
	return !d.Before(s.From) && (s.Until.IsZero() || d.Before(s.Until))
}

// CheckSold is the error (code invalidRequest, field "product") of creating a license of a deactivated product.
func (p Product) CheckSold() error {
	if p.Sale == SaleOn {
		return nil
	}
	return InvalidRequest("product", "%s (%s) is deactivated: no new licenses of it can be created.", p.Name, p.Code)
}

// WithSale is the product sold, or deactivated, from a day on. Subscriptions whose last day to cancel lies in a time in
// which they were to end are not extended, also when the product is sold again later: nobody could rely on their going on.
func (p Product) WithSale(s Sale, today Day) Product {
	spans := slices.Clone(p.Unextended)
	if last := len(spans) - 1; p.Sale == SaleEnds && s != SaleEnds && last >= 0 {
		if spans[last].Until = today; spans[last].From == today {
			spans = spans[:last]
		}
	}
	if s == SaleEnds && p.Sale != SaleEnds {
		spans = append(spans, Span{From: today})
	}
	p.Sale, p.Unextended = s, spans
	return p
}

// Discontinued reports whether the subscription ends with its last period because its product is, or was on the last day
// to cancel, deactivated so that subscriptions end.
// One that its plan lets run out with that period in any case does not end because of it.
func (s Subscription) Discontinued() bool {
	return s.Plan.Extends(s.Last().Number) && s.discontinued(s.Last())
}

// UpToProduct reports whether it is up to the product alone if the subscription is extended: nobody has cancelled, and its
// plan lets another period follow.
func (s Subscription) UpToProduct() bool {
	return s.State == SubscriptionActive && s.Plan.Extends(s.Last().Number)
}

// Extends reports whether Next returns a period. Of the last one only the number and the last day to cancel matter.
func (s Subscription) Extends() bool { return s.UpToProduct() && !s.Discontinued() }

func (s Subscription) discontinued(p Period) bool {
	return slices.ContainsFunc(s.Unextended, func(days Span) bool { return days.holds(p.CancelBy) })
}

// Following returns the period that follows one of a subscription that nobody cancels; ok is false when it is the last.
func (s Subscription) Following(p Period) (next Period, ok bool) {
	if s.discontinued(p) {
		return Period{}, false
	}
	return s.Plan.NextPeriod(p)
}

// RemindedFrom is the day from which reminders count once the product's sale has changed: that on which its subscriptions
// were first to end, so that those are made up for that were not sent because of it, but not before the license was sold.
// What was sent since is not sent again. Today, when they never were to end.
func (l License) RemindedFrom(at Moment) Day {
	spans := l.Subscription.Unextended
	if len(spans) == 0 {
		return at.Today()
	}
	if sold := DayOf(l.CreatedAt, at.Zone); spans[0].From.Before(sold) {
		return sold
	}
	return spans[0].From
}

// Cancellable reports whether cancelling on a day makes a difference: the subscription is extended otherwise, or would
// be if its product were sold again.
func (s Subscription) Cancellable(today Day) bool {
	return s.UpToProduct() && (!s.Discontinued() || !today.After(s.Last().CancelBy))
}
