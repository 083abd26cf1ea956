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
				{Position: 1, Category: "partner", Product: "AUR-DESIGN", Name: "Aurora Design", Quantity: 2,
					Amount: &licensing.Money{Minor: 216005, Currency: "EUR"}},
				{Position: 2, Category: "partner", Product: "AUR-DESIGN-DEMO", Name: "Aurora Design trial", Quantity: 1},
			},
			Licenses: []licensing.ContentLicense{
				{Ticket: "23456-789AB-CDEFG-HJKLM-NPQRH", Product: "AUR-DESIGN", Quantity: 2,
					Parameters: []licensing.Value{{Name: "seats", Value: "12"}, {Name: "licensee", Value: "Line 1\r\nLine 2"}}},
				{Ticket: "ZZZZZ-ZZZZZ-ZZZZZ-ZZZZZ-ZZZZW", Product: "AUR-DESIGN-DEMO", Quantity: 1, ExpiresAt: &expires},
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
	}
	extended.Content.Licenses = []licensing.ContentLicense{{
		Ticket: "23456-789AB-CDEFG-HJKLM-NPQRH", Product: "AUR-CARE", Quantity: 1,
		MaintenanceUntil: licensing.Day{Year: 2028, Month: time.November, Date: 30},
	}}
	cancelled := extended
	cancelled.ID = "01935a70-0000-7000-8000-000000000004"
	cancelled.Kind = licensing.TellSubscriptionCancelled
	cancelled.Content.Lines = nil
	ended := cancelled
	ended.ID = "01935a70-0000-7000-8000-000000000005"
	ended.Kind = licensing.TellSubscriptionEnded
	return map[string]licensing.Message{
		"order_created": order, "order_extended": minimal,
		"subscription_extended": extended, "subscription_cancelled": cancelled, "subscription_ended": ended,
	}
}
