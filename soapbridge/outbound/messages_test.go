package outbound

import (
	"time"

	"kontor/internal/licensing"
)

// sampleMessages returns one message of every kind, by the name of its golden file.
func sampleMessages() map[string]licensing.Message {
	expires := time.Date(2027, 11, 20, 23, 0, 0, 0, time.UTC)
	order := licensing.Message{
		ID:        "01935a70-0000-7000-8000-000000000001",
		Connector: "erp",
		Kind:      licensing.TellOrderCreated,
		Content: licensing.Content{
			OrderNumber: "K26-10001",
			Group:       "northwind",
			Customer: licensing.Customer{
				Number: "C-204", Name: "Jens Brückner", Company: "Brückner & Söhne <GmbH>",
				Email: "einkauf@brueckner.example", Country: "DE", Language: "de-DE",
			},
			DataFields: []licensing.Value{{Name: "externalOrder", Value: `NW-79002 "rush"`}},
			Lines: []licensing.ContentLine{
				{Position: 1, ExternalLine: "10 <a>", Category: "partner", Product: "AUR-DESIGN", Name: "Aurora Design", Quantity: 2,
					Amount: &licensing.Money{Minor: 216005, Currency: "EUR"}, DataFields: []licensing.Value{{Name: "costCenter", Value: "7 & 8"}}},
				{Position: 2, Category: "partner", Product: "AUR-DESIGN-DEMO", Name: "Aurora Design trial", Quantity: 1},
			},
			Licenses: []licensing.ContentLicense{
				{Ticket: "23456-789AB-CDEFG-HJKLM-NPQRH", Product: "AUR-DESIGN", Quantity: 2,
					Parameters: []licensing.Value{{Name: "seats", Value: "12"}, {Name: "licensee", Value: "Line 1\r\nLine 2"}}},
				{Ticket: "ZZZZZ-ZZZZZ-ZZZZZ-ZZZZZ-ZZZZW", Product: "AUR-DESIGN-DEMO", Quantity: 1, StartDate: licensing.Day{Year: 2026, Month: 12, Date: 1}, ExpiresAt: &expires},
			},
		},
	}
	minimal := order
	minimal.ID = "01935a70-0000-7000-8000-000000000002"
	minimal.Kind = licensing.TellOrderExtended
	minimal.Content = licensing.Content{
		OrderNumber: "K26-10001", Group: "northwind", Test: true,
		Customer: licensing.Customer{Name: "Jens Brückner"},
		Lines:    order.Content.Lines[1:],
		Licenses: order.Content.Licenses[1:],
	}
	extended := order
	extended.ID = "01935a70-0000-7000-8000-000000000003"
	extended.Kind = licensing.TellSubscriptionExtended
	extended.Content.Lines = order.Content.Lines[:1]
	extended.Content.Period = &licensing.Period{
		Number:   2,
		Start:    licensing.Day{Year: 2027, Month: time.December, Date: 1},
		End:      licensing.Day{Year: 2028, Month: time.November, Date: 30},
		CancelBy: licensing.Day{Year: 2028, Month: time.August, Date: 31},
		Units:    1, Amount: &licensing.Money{Minor: 7805, Currency: "EUR"},
	}
	extended.Content.Licenses = []licensing.ContentLicense{{
		Ticket: "23456-789AB-CDEFG-HJKLM-NPQRH", Product: "AUR-CARE", Quantity: 1,
		MaintenanceUntil: licensing.Day{Year: 2028, Month: time.November, Date: 30},
	}}
	cancelled := extended
	cancelled.ID = "01935a70-0000-7000-8000-000000000004"
	cancelled.Kind = licensing.TellSubscriptionCancelled
	cancelled.Content.Lines = nil
	cancelled.Content.Period = new(*extended.Content.Period)
	cancelled.Content.Period.Units, cancelled.Content.Period.Amount = 0, nil
	withdrawn := cancelled
	withdrawn.Kind = licensing.TellCancellationWithdrawn
	ended := cancelled
	ended.ID = "01935a70-0000-7000-8000-000000000005"
	ended.Kind = licensing.TellSubscriptionEnded
	modified := order
	modified.ID = "01935a70-0000-7000-8000-000000000006"
	modified.Kind = licensing.TellLicenseModified
	modified.Content.Lines = nil
	modified.Content.Licenses = []licensing.ContentLicense{order.Content.Licenses[0]}
	modified.Content.Licenses[0].State = licensing.LicenseActive
	modified.Content.Amount = &licensing.Money{Minor: 18049, Currency: "EUR"}
	revoked := modified
	revoked.ID = "01935a70-0000-7000-8000-000000000007"
	revoked.Kind = licensing.TellLicenseRevoked
	revoked.Content.Reason = "Paid back <in full> & returned"
	revoked.Content.DataFields, revoked.Content.Amount = nil, nil
	revoked.Content.Licenses = []licensing.ContentLicense{order.Content.Licenses[1]}
	revoked.Content.Licenses[0].State = licensing.LicenseRevoked
	suspended := revoked
	suspended.ID = "01935a70-0000-7000-8000-000000000008"
	suspended.Kind = licensing.TellLicenseSuspended
	reinstated := revoked
	reinstated.ID = "01935a70-0000-7000-8000-000000000009"
	reinstated.Kind = licensing.TellLicenseReinstated
	moved := revoked
	moved.ID = "01935a70-0000-7000-8000-00000000000a"
	moved.Kind = licensing.TellLicenseMoved
	moved.Content.FromGroup = "nordic"
	deleted := revoked
	deleted.ID = "01935a70-0000-7000-8000-00000000000b"
	deleted.Kind = licensing.TellLicenseDeleted
	statement := licensing.Message{
		ID: "01935a70-0000-7000-8000-00000000000c", Connector: "erp", Kind: licensing.TellStatementClosed,
		Content: licensing.Content{Group: "northwind", Month: licensing.Month{Year: 2027, Month: 11}, Statement: sampleStatement()},
	}
	all := map[string]licensing.Message{
		"statement_closed": statement,
		"license_modified": modified, "license_revoked": revoked, "license_suspended": suspended, "license_reinstated": reinstated,
		"license_moved": moved, "license_deleted": deleted,
		"order_created": order, "order_extended": minimal,
		"subscription_extended": extended, "subscription_cancelled": cancelled, "cancellation_withdrawn": withdrawn, "subscription_ended": ended,
	}
	for name, m := range all {
		m.Key = name
		all[name] = m
	}
	return all
}

// sampleStatement has an entry of every kind, the first one for a month that was closed before.
func sampleStatement() *licensing.Statement {
	eur := func(minor int64) *licensing.Money { return &licensing.Money{Minor: minor, Currency: "EUR"} }
	entry := func(kind licensing.EntryKind, month time.Month, date int) licensing.StatementEntry {
		return licensing.StatementEntry{
			Kind: kind, On: licensing.Day{Year: 2027, Month: month, Date: date}, OrderNumber: "K26-10001", Customer: licensing.Customer{Name: "Jens Brückner"},
			ProductCode: "AUR-SUITE", ProductName: "Aurora Suite", Quantity: 1,
		}
	}
	late, created, extended := entry(licensing.EntryRevoked, time.October, 31), entry(licensing.EntryCreated, time.November, 2), entry(licensing.EntryExtended, time.November, 3)
	charged, reinstated := entry(licensing.EntryCharged, time.November, 4), entry(licensing.EntryReinstated, time.November, 5)
	late.Reason = "Paid back <in full> & returned"
	created.DataFields, created.Customer.Number = []licensing.Value{{Name: "externalOrderNumber", Value: "PO-4711"}}, "C-204"
	created.Quantity, created.Units, created.Unit, created.Amount = 2, 24, eur(9000), eur(216000)
	extended.Units, extended.Unit, extended.Amount = 12, eur(9000), eur(108000)
	extended.Period = &licensing.Period{Number: 2, Start: licensing.Day{Year: 2027, Month: 12, Date: 1}, End: licensing.Day{Year: 2028, Month: 11, Date: 30}}
	charged.Units, charged.Amount = 3, &licensing.Money{Minor: 500, Currency: "JPY"}
	charged.Period = &licensing.Period{Number: 1, Start: licensing.Day{Year: 2027, Month: 11, Date: 4}, End: licensing.Day{Year: 2027, Month: 11, Date: 30}}
	st := licensing.Statement{
		GroupCode: "northwind", GroupName: "Northwind", Month: licensing.Month{Year: 2027, Month: 11},
		Entries: []licensing.StatementEntry{late, created, extended, charged, reinstated},
	}.Sealed(time.Date(2027, 12, 3, 23, 0, 0, 0, time.UTC))
	return &st
}
