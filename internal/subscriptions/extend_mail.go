package subscriptions

import (
	"context"
	"fmt"
	"strings"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

// mailExtension tells the customer that nobody has cancelled and until when he is licensed now. The group that owns the
// license sees it in its lists and its statement.
func mailExtension(ctx context.Context, tx *usecase.Tx, l licensing.License) error {
	if l.Subscription.Plan.ResellerOnly || l.Test || l.Customer.Email == "" {
		return nil
	}
	g, err := tx.GroupByID(ctx, l.Group)
	if err != nil {
		return err
	}
	subject, text := extensionMail(l, g)
	id := licensing.DerivedID("extension", string(l.Subscription.ID), fmt.Sprint(l.Subscription.Last().Number))
	return tx.Emit(ctx, licensing.MailWritten{ID: licensing.MailID(id), Recipient: l.Customer.Email, Subject: subject, Text: text})
}

// extensionMail is what the customer is told: no price, for it is the reseller who names him one.
func extensionMail(l licensing.License, g licensing.Group) (subject, text string) {
	last := l.Subscription.Last()
	runs := "Your license of %s was extended, since no cancellation holds. It runs to %s now.\n\n"
	if l.Subscription.Plan.Type == licensing.MaintenanceSubscription {
		runs = "The maintenance of your %s was extended, since no cancellation holds. It runs to %s now.\n\n"
	}
	var b strings.Builder
	fmt.Fprintf(&b, runs, l.ProductName, day(last.End))
	fmt.Fprintf(&b, "%s has the new license file for you. Name order %s when you ask for it.\n", g.Name, l.OrderNumber)
	if _, extends := l.Subscription.Next(); extends {
		fmt.Fprintf(&b, "The next time it is extended, unless it is cancelled by %s.\n", day(last.CancelBy))
	}
	for _, contact := range []string{g.Contact.Name, g.Contact.Email, g.Contact.Phone} {
		if contact != "" {
			fmt.Fprintf(&b, "\n%s", contact)
		}
	}
	return fmt.Sprintf("%s runs to %s", l.ProductName, last.End.Time().Format("2 January 2006")), strings.TrimRight(b.String(), "\n") + "\n"
}
