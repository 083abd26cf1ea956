package subscriptions

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

// mailReminder writes the mails of a reminder: to whoever ordered, while he is in the group that owns the license, to the
// admins of that group, and to the customer. It returns the customer's address; empty when he gets none.
func (s *Service) mailReminder(ctx context.Context, tx *usecase.Tx, l licensing.License, r licensing.Reminder) (customer string, err error) {
	people, err := remindedPeople(ctx, tx, l)
	if err != nil {
		return "", err
	}
	address, err := tx.Setting(ctx, licensing.SettingPublicURL)
	if err != nil {
		return "", err
	}
	write := func(recipient, subject, text string) error {
		id := licensing.DerivedID("reminder", string(l.Subscription.ID), fmt.Sprint(r.Period), fmt.Sprint(r.Days), recipient)
		return tx.Emit(ctx, licensing.MailWritten{ID: licensing.MailID(id), Recipient: recipient, Subject: subject, Text: text})
	}
	told := map[string]bool{}
	for _, m := range people {
		if told[m.Email] {
			continue
		}
		told[m.Email] = true
		subject, text := resellerReminder(l, m, tx.Now().Today(), address)
		if err := write(m.Email, subject, text); err != nil {
			return "", err
		}
	}
	if l.Subscription.Plan.ResellerOnly || l.Test || l.Customer.Email == "" || told[strings.ToLower(l.Customer.Email)] {
		return "", nil
	}
	g, err := tx.GroupByID(ctx, l.Group)
	if err != nil {
		return "", err
	}
	subject, text := customerReminder(l, g, tx.Now().Today())
	return l.Customer.Email, write(l.Customer.Email, subject, text)
}

// remindedPeople are the memberships that a reminder goes to: the one that ordered first.
func remindedPeople(ctx context.Context, tx *usecase.Tx, l licensing.License) ([]licensing.Membership, error) {
	by, err := tx.OrderedBy(ctx, l.Order)
	if err != nil {
		return nil, err
	}
	var people []licensing.Membership
	if by != "" {
		m, err := tx.Membership(ctx, by)
		if err != nil && !errors.Is(err, licensing.ErrNone) {
			return nil, err
		}
		if err == nil && m.Active() && m.Group == l.Group && m.Role != licensing.RoleService {
			people = append(people, m)
		}
	}
	admins, err := tx.AdminsOf(ctx, l.Group)
	return append(people, admins...), err
}

// day writes a day out: Thursday, 21 October 2027.
func day(d licensing.Day) string { return d.Time().Format("Monday, 2 January 2006") }

// resellerReminder is what people of the group are told. It names no ticket: mails pass through many hands.
func resellerReminder(l licensing.License, to licensing.Membership, today licensing.Day, address string) (subject, text string) {
	last, customer := l.Subscription.Last(), cmp.Or(l.Customer.Company, l.Customer.Name)
	next, _ := l.Subscription.Next()
	in := fmt.Sprintf("in %d days", today.DaysUntil(last.CancelBy))
	switch today.DaysUntil(last.CancelBy) {
	case 0:
		in = "today"
	case 1:
		in = "tomorrow"
	}
	subject = fmt.Sprintf("Last day to cancel %s for %s: %s", l.ProductName, customer, last.CancelBy.Time().Format("2 January 2006"))
	var b strings.Builder
	fmt.Fprintf(&b, "The last day to cancel %s for %s is %s: %s.\n\n", l.ProductName, customer, in, day(last.CancelBy))
	fmt.Fprintf(&b, "Unless it is cancelled by then, it runs on from %s to %s.\n\n", day(last.End), day(next.End))
	fmt.Fprintf(&b, "Order:     %s\nCustomer:  %s\nLicenses:  %d\n", l.OrderNumber, customer, l.Quantity)
	if seats, ok := l.CountedSeats(); ok {
		fmt.Fprintf(&b, "Seats:     %d\n", seats)
	}
	fmt.Fprintf(&b, "Group:     %s\n\n", l.GroupName)
	if address != "" {
		fmt.Fprintf(&b, "See the license, and cancel it there:\n\n%s/as/%s/licenses/%s\n\n", address, url.PathEscape(to.GroupCode), url.PathEscape(string(l.ID)))
	}
	b.WriteString("To let it run on, do nothing.\n")
	return subject, b.String()
}

// customerReminder is what the customer is told: no price, for it is the reseller who names him one.
func customerReminder(l licensing.License, g licensing.Group, today licensing.Day) (subject, text string) {
	last := l.Subscription.Last()
	next, _ := l.Subscription.Next()
	what := "Your license of"
	if l.Subscription.Plan.Type == licensing.MaintenanceSubscription {
		what = "The maintenance of your"
	}
	from := ""
	if start, later := l.Subscription.StartsAfter(today); later { // a short period can be reminded of before it begins
		from = "from " + day(start) + " "
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s runs %sto %s. Unless it is cancelled by %s, it is extended to %s.\n\n", what, l.ProductName, from, day(last.End), day(last.CancelBy), day(next.End))
	fmt.Fprintf(&b, "To let it run on, do nothing. To cancel it, tell %s by %s, and name order %s.\n", g.Name, day(last.CancelBy), l.OrderNumber)
	for _, contact := range []string{g.Contact.Name, g.Contact.Email, g.Contact.Phone} {
		if contact != "" {
			fmt.Fprintf(&b, "\n%s", contact)
		}
	}
	return fmt.Sprintf("%s: the last day to cancel is %s", l.ProductName, last.CancelBy.Time().Format("2 January 2006")), strings.TrimRight(b.String(), "\n") + "\n"
}
