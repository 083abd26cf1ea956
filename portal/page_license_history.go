package portal

import (
	"cmp"
	"context"
	"strconv"
	"strings"

	"kontor/internal/licensing"
)

// historyBy is who did something, or that it was somebody beyond sight.
func historyBy(ctx context.Context, e licensing.HistoryEntry) string {
	if e.FromAbove {
		return T(ctx, "deed.above")
	}
	return e.By
}

// historyTitle says what an entry of the audit trail of a license means.
func historyTitle(ctx context.Context, e licensing.HistoryEntry) string {
	end, by := dayDetail(ctx, e, "end"), historyBy(ctx, e)
	switch e.Action {
	case "license.created":
		category, _ := licensing.ValueOf(e.Detail, "category")
		return T(ctx, "history.created", "By", by, "Category", category)
	case "license.modified", "license.suspended", "license.revoked", "license.reinstated":
		return T(ctx, "history."+e.Action, "By", by)
	case "license.moved":
		to, _ := licensing.ValueOf(e.Detail, "toName")
		if to == "" {
			to = T(ctx, "history.elsewhere")
		}
		return T(ctx, "history.license.moved", "By", by, "To", to)
	case "subscription.extended":
		return T(ctx, "history.extended", "End", end)
	case "subscription.cancelled":
		return T(ctx, "history.cancelled", "By", by, "End", end)
	case "subscription.withdrawn":
		return T(ctx, "history.withdrawn", "By", by)
	case "subscription.reminded":
		return T(ctx, "history.reminded", "CancelBy", dayDetail(ctx, e, "cancelBy"))
	case "subscription.ended":
		return T(ctx, "history.ended")
	case "subscription.charged":
		return T(ctx, "history.charged", "Price", cmp.Or(moneyDetail(e), T(ctx, "price.none")))
	case "subscription.endedEarly", "subscription.resumedLate":
		return T(ctx, "history."+strings.TrimPrefix(e.Action, "subscription."), "By", by, "End", end)
	case "subscription.discontinued", "subscription.resumed":
		return T(ctx, "history."+strings.TrimPrefix(e.Action, "subscription."))
	case "subscription.revoked":
		return T(ctx, "history.subscriptionRevoked")
	case "subscription.restored":
		return T(ctx, "history.subscriptionRestored", "End", end)
	default:
		return T(ctx, "history.unknown", "Action", e.Action, "By", by)
	}
}

// historyText is the second line of an entry.
func historyText(ctx context.Context, e licensing.HistoryEntry) string {
	detail := func(name string) string { value, _ := licensing.ValueOf(e.Detail, name); return value }
	reason := ""
	if text := detail("reason"); text != "" {
		reason = T(ctx, "history.reason", "Reason", text)
	}
	switch e.Action {
	case "license.created":
		return T(ctx, "history.createdText", "Order", detail("order"))
	case "license.moved":
		if from := detail("fromName"); from != "" {
			return sentences(T(ctx, "history.from", "From", from), reason)
		}
		return reason
	case "subscription.extended":
		if price := moneyDetail(e); price != "" {
			return T(ctx, "history.extendedFor", "Period", detail("period"), "CancelBy", dayDetail(ctx, e, "cancelBy"), "Price", price)
		}
		return T(ctx, "history.extendedText", "Period", detail("period"), "CancelBy", dayDetail(ctx, e, "cancelBy"))
	case "subscription.charged":
		return T(ctx, "history.chargedText", "Units", detail("units"), "From", dayDetail(ctx, e, "from"), "Until", dayDetail(ctx, e, "end"))
	case "subscription.reminded":
		if customer := detail("customer"); customer != "" {
			return T(ctx, "history.remindedBoth", "Customer", customer)
		}
		return T(ctx, "history.remindedGroup")
	case "subscription.discontinued", "subscription.resumed":
		return T(ctx, "history."+strings.TrimPrefix(e.Action, "subscription.")+"Text", "End", dayDetail(ctx, e, "end"), "CancelBy", dayDetail(ctx, e, "cancelBy"))
	case "subscription.endedEarly":
		return sentences(reason, chargeText(ctx, "history.chargedBack", e))
	case "subscription.resumedLate":
		return sentences(reason, chargeText(ctx, "history.chargedAgain", e))
	case "subscription.ended", "subscription.revoked":
		return T(ctx, "history.endedText", "End", dayDetail(ctx, e, "end"))
	default:
		return reason
	}
}

// chargeText says what was charged by an entry, or back; empty when nothing was.
func chargeText(ctx context.Context, key string, e licensing.HistoryEntry) string {
	price := strings.TrimPrefix(moneyDetail(e), "-")
	if price == "" {
		return ""
	}
	return T(ctx, key, "Price", price)
}

// moneyDetail is the amount in an entry's details; empty when there is none.
func moneyDetail(e licensing.HistoryEntry) string {
	minor, _ := licensing.ValueOf(e.Detail, "minor")
	currency, _ := licensing.ValueOf(e.Detail, "currency")
	n, err := strconv.ParseInt(minor, 10, 64)
	if err != nil || currency == "" {
		return ""
	}
	return money(&licensing.Money{Minor: n, Currency: currency})
}

// changedValue is one line of what a modification changed.
type changedValue struct {
	Label, From, To string
	First           bool // there was none before: what it was is not said
}

// changedValues are what an entry says was changed, from what to what, in words.
func changedValues(ctx context.Context, book offerBook, l licensing.License, e licensing.HistoryEntry) []changedValue {
	if e.Action != "license.modified" {
		return nil
	}
	var all []changedValue
	o, known := book.of(l.CategoryCode, l.ProductCode)
	parameters := l.Definitions
	if known {
		parameters = o.Product.Parameters
	}
	for _, d := range e.Detail {
		from, to, ok := licensing.SplitFromTo(d)
		if !ok {
			continue
		}
		kind, name, _ := strings.Cut(d.Name, ".")
		c := changedValue{Label: name, From: from, To: to}
		switch kind {
		case "parameter", "coming":
			for _, p := range parameters {
				if p.Name == name {
					r := o.RuleOf(name)
					c.Label, c.From, c.To = p.LabelIn(r, languageOf(ctx)), valueShort(ctx, p, r, from), valueShort(ctx, p, r, to)
				}
			}
			if kind == "coming" {
				c.Label = T(ctx, "changes.fromNext", "Label", c.Label)
				c.First, c.To = c.From == "", cmp.Or(c.To, T(ctx, "changes.asIs"))
			}
		case "dataField":
			c.Label = book.labelOf(name)
		case "customer":
			c.Label = T(ctx, "changes.customer."+name)
		default: // expires, maintenance: days
			c.Label, c.From, c.To = T(ctx, "changes.value."+d.Name), dayText(ctx, from), dayText(ctx, to)
		}
		if c.From == "" {
			c.From = T(ctx, "changes.nothing")
		}
		if c.To == "" {
			c.To = T(ctx, "changes.nothing")
		}
		all = append(all, c)
	}
	return all
}

// dayText is a day written out, and anything else as it stands.
func dayText(ctx context.Context, value string) string {
	day, err := licensing.ParseDay(value)
	if err != nil {
		return value
	}
	return dayShort(ctx, day)
}

// dayDetail is a day of an entry, written out.
func dayDetail(ctx context.Context, e licensing.HistoryEntry, name string) string {
	value, _ := licensing.ValueOf(e.Detail, name)
	day, err := licensing.ParseDay(value)
	if err != nil {
		return value
	}
	return dayLong(ctx, day)
}
