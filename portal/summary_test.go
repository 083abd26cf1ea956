package portal

import (
	"testing"

	"kontor/internal/licensing"
)

func TestOffersInALine(t *testing.T) {
	ctx := english(t)
	seats := licensing.Parameter{Name: "seats", Type: "number", Sets: licensing.SetsSeats}
	edition := licensing.Parameter{Name: "edition", Type: "selection"}
	days := licensing.Parameter{Name: "days", Type: "selection", Sets: licensing.SetsDays}
	until := licensing.Parameter{Name: "until", Type: "date", Sets: licensing.SetsUntil}
	licensee := licensing.Parameter{Name: "licensee", Type: "text"}
	option := func(value, label string) licensing.Option { return licensing.Option{Value: value, Label: label} }
	type rules map[string]licensing.Rule
	year := licensing.Term{Months: 12}
	for _, c := range []struct {
		product     licensing.Product
		rules       rules
		long, short string
	}{
		{
			licensing.Product{Parameters: []licensing.Parameter{seats, edition, licensee}},
			rules{"seats": {Minimum: "1", Maximum: "50"}, "edition": {Options: []licensing.Option{option("s", "Standard"), option("p", "Pro")}}, "licensee": {Optional: true}},
			"1 to 50 seats, Standard or Pro", "1 to 50 seats",
		},
		{
			licensing.Product{Parameters: []licensing.Parameter{days}}, rules{"days": {Fixed: new("30"), Options: []licensing.Option{option("30", "30 days")}}},
			"30 days, fixed", "30 days, fixed",
		},
		{
			licensing.Product{Parameters: []licensing.Parameter{days}}, rules{"days": {Options: []licensing.Option{option("5", "5 days"), option("30", "30 days"), option("60", "60 days")}}},
			"5, 30 or 60 days", "5, 30 or 60 days",
		},
		{
			licensing.Product{Parameters: []licensing.Parameter{until}}, rules{"until": {Minimum: "today", Maximum: "+30d"}},
			"until a day you choose, at most 30 days ahead", "up to 30 days",
		},
		{
			licensing.Product{Parameters: []licensing.Parameter{seats}, Plan: &licensing.Plan{Type: licensing.LicenseSubscription, Term: year, Cancellation: licensing.Term{Days: 30}}}, nil,
			"1 year, extends by itself; cancel 30 days before the end", "1 year, extends",
		},
		{
			licensing.Product{Plan: &licensing.Plan{Type: licensing.MaintenanceSubscription, Term: year, Cancellation: licensing.Term{Months: 3}, Align: licensing.AlignMonth}}, nil,
			"Maintenance for 1 year to the month’s end; cancel 3 months before the end", "1 year, extends",
		},
		{licensing.Product{Subtitle: "A key from stock"}, nil, "A key from stock", "no charge"},
	} {
		o := licensing.Offer{Product: c.product, Rules: c.rules}
		if got := offerSummary(ctx, o, testDay); got != c.long {
			t.Errorf("got %q, want %q", got, c.long)
		}
		if got := offerShort(ctx, o); got != c.short {
			t.Errorf("got %q, want %q", got, c.short)
		}
	}
}

func TestLicensesAreNamedByTheirValues(t *testing.T) {
	ctx := english(t)
	o := licensing.Offer{
		Product: licensing.Product{Parameters: []licensing.Parameter{
			{Name: "places", Type: "number", Sets: licensing.SetsSeats}, {Name: "edition", Type: "selection"}, {Name: "until", Type: "date", Sets: licensing.SetsUntil}, {Name: "note", Type: "text"},
		}},
		Rules: map[string]licensing.Rule{"edition": {Options: []licensing.Option{{Value: "p", Label: "Pro"}}}},
	}
	book := offerBook{"partner/AUR": o}
	l := licensing.License{CategoryCode: "partner", ProductCode: "AUR", ProductName: "Aurora", Quantity: 1, Parameters: []licensing.Value{
		{Name: "places", Value: "8"}, {Name: "edition", Value: "p"}, {Name: "until", Value: "2026-12-18"}, {Name: "note", Value: "private"},
	}}
	if got := book.name(ctx, l); got != "Aurora, Pro, to 18 Dec 2026, 8 seats" {
		t.Errorf("got %q", got)
	}
	l.Quantity = 3
	if got := (offerBook{}).name(ctx, licensing.License{ProductName: "Aurora", Quantity: 3, Parameters: []licensing.Value{{Name: "seats", Value: "1"}}}); got != "Aurora, 1 seat, 3 licenses" {
		t.Errorf("without its offer: %q", got)
	}
}

func TestFileNames(t *testing.T) {
	for name, want := range map[string]string{
		"Aurora Design, event": "aurora-design-event.lic", "Über/..\\\"x\"\r\n": "uber-x.lic", "日本": "license.lic", "--": "license.lic", "A 2": "a-2.lic",
	} {
		if got := fileName(licensing.License{ProductName: name}); got != want {
			t.Errorf("%q becomes %q, not %q", name, got, want)
		}
	}
}

func TestTicketsAreCutInLists(t *testing.T) {
	for ticket, want := range map[string]string{"23456-789AB-CDEFG-HJKLM-NPQRH": "23456-789AB…", "short": "short", "": ""} {
		if got := ticketShort(ticket); got != want {
			t.Errorf("%q is shown as %q, not %q", ticket, got, want)
		}
	}
}

func TestMessagesThatWaitTogetherAreOneThing(t *testing.T) {
	message := func(order, connector string, state licensing.MessageState) licensing.WaitingMessage {
		return licensing.WaitingMessage{OrderNumber: order, Message: licensing.Message{Connector: connector, State: state}}
	}
	errands := onTheWay([]licensing.WaitingMessage{
		message("K26-4", "erp", licensing.MessageWaiting), message("K26-3", "crm", licensing.MessageWaiting), message("K26-3", "erp", licensing.MessageSent),
		message("K26-2", "erp", licensing.MessageRejected), message("K26-1", "erp", licensing.MessageWaiting), message("K26-0", "erp", licensing.MessageWaiting),
	})
	ctx := english(t)
	var got []string
	for _, e := range errands {
		got = append(got, e.orderNumbers(ctx))
	}
	want := []string{"Order K26-2", "Orders K26-4, K26-3, K26-1 and 1 more", "Order K26-3"}
	if len(got) != len(want) || got[0] != want[0] || got[1] != want[1] || got[2] != want[2] {
		t.Errorf("got %q", got)
	}
}
