package portal

import "context"

// reminders say when somebody is reminded of the last day to cancel; empty when nobody is any more.
func (p licensePage) reminders(ctx context.Context) string {
	sub, today := p.License.Subscription, visitOf(ctx).today()
	var days []string
	for _, r := range sub.Reminders(today.AddDays(1)) {
		days = append(days, dayShort(ctx, r.On))
	}
	if len(days) == 0 {
		return ""
	}
	key := "subscription.reminderBoth"
	if sub.Plan.ResellerOnly || p.License.Test || p.License.Customer.Email == "" {
		key = "subscription.reminder"
	}
	return T(ctx, key, "Days", both(ctx, days))
}
