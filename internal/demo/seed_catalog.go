package demo

import (
	"context"

	"kontor/internal/licensing"
)

// The parameters that the demo's products have.
var (
	seats    = licensing.Parameter{Name: "seats", Type: "number", Label: "Seats", Sets: licensing.SetsSeats}
	edition  = licensing.Parameter{Name: "edition", Type: "selection", Label: "Edition", Sets: licensing.SetsText}
	licensee = licensing.Parameter{Name: "licensee", Type: "text", Label: "Licensee", Help: "Shown in the program’s start window; empty means the customer’s name.", Sets: licensing.SetsText}
	days     = licensing.Parameter{Name: "days", Type: "selection", Label: "Usage period", Sets: licensing.SetsDays}
	until    = licensing.Parameter{Name: "until", Type: "date", Label: "Licensed until", Sets: licensing.SetsUntil}
)

type rules = map[string]licensing.Rule

func upTo(maximum string) licensing.Rule {
	return licensing.Rule{Minimum: "1", Maximum: maximum, Step: "1"}
}

var (
	anyText  = licensing.Rule{Optional: true, MaxLength: 200}
	standard = licensing.Option{Value: "standard", Label: "Standard"}
	pro      = licensing.Option{Value: "pro", Label: "Pro"}
	ultimate = licensing.Option{Value: "ultimate", Label: "Ultimate"}
)

// lengths are usage periods in days to choose from.
func lengths(days ...string) []licensing.Option {
	options := make([]licensing.Option, len(days))
	for i, d := range days {
		options[i] = licensing.Option{Value: d, Label: d + " days"}
	}
	return options
}

func oneOf(options ...licensing.Option) licensing.Rule { return licensing.Rule{Options: options} }

// products are what the demo's maker licenses, with the rules in each of the two categories.
var products = []struct {
	licensing.Product
	partner, internal rules
}{
	{
		licensing.Product{
			Code: "AUR-DESIGN", Name: "Aurora Design", Subtitle: "Layout and drawing for print and screen, for good.", Kind: licensing.KindPerpetual,
			Parameters: []licensing.Parameter{seats, edition, licensee}, Price: euros(390),
		},
		rules{"seats": upTo("50"), "edition": oneOf(standard, pro), "licensee": anyText},
		rules{"seats": upTo("500"), "edition": oneOf(standard, pro, ultimate), "licensee": anyText},
	},
	{
		licensing.Product{
			Code: "AUR-DESIGN-DEMO", Name: "Aurora Design, trial", Subtitle: "The full edition, to try it out.", Kind: licensing.KindLimited,
			Parameters: []licensing.Parameter{days},
		},
		rules{"days": {Fixed: new("30"), Options: lengths("30")}},
		rules{"days": {Options: lengths("5", "30", "60", "90")}},
	},
	{
		licensing.Product{
			Code: "AUR-DESIGN-EVENT", Name: "Aurora Design, event", Subtitle: "The full edition for a fair, a course or a project, until a day you choose.", Kind: licensing.KindLimited,
			Parameters: []licensing.Parameter{until}, Price: euros(42),
		},
		rules{"until": {Minimum: "+0d", Maximum: "+30d"}},
		rules{"until": {Minimum: "+0d", Maximum: "+365d"}},
	},
	{
		licensing.Product{
			Code: "AUR-SUITE", Name: "Aurora Suite", Subtitle: "All programs for a year; it runs on until it is cancelled.", Kind: licensing.KindSubscription,
			Parameters: []licensing.Parameter{seats}, Price: euros(180),
			Plan: &licensing.Plan{Type: licensing.LicenseSubscription, Term: licensing.Term{Months: 12}, Cancellation: licensing.Term{Days: 30}},
		},
		rules{"seats": upTo("50")}, rules{"seats": upTo("500")},
	},
	{
		licensing.Product{
			Code: "AUR-CARE", Name: "Aurora Care", Subtitle: "New versions and help for a year, to the month’s end; it runs on until it is cancelled.", Kind: licensing.KindSubscription,
			Parameters: []licensing.Parameter{seats}, Price: euros(78),
			Plan: &licensing.Plan{
				Type: licensing.MaintenanceSubscription, Term: licensing.Term{Months: 12}, Cancellation: licensing.Term{Months: 3}, Align: licensing.AlignMonth,
			},
		},
		rules{"seats": upTo("50")}, rules{"seats": upTo("500")},
	},
}

func euros(n int64) *licensing.Money { return &licensing.Money{Minor: n * 100, Currency: "EUR"} }

func (s *seeder) catalog(ctx context.Context) error {
	partner := licensing.Category{ID: licensing.CategoryID(licensing.NewID()), Code: "partner", Name: "Partner", Description: "Resellers and their customers"}
	internal := licensing.Category{ID: licensing.CategoryID(licensing.NewID()), Code: "internal", Name: "Internal", Description: "Aurora’s own people and tests"}
	for _, c := range []licensing.Category{partner, internal} {
		if err := s.tx.InsertCategory(ctx, c); err != nil {
			return err
		}
	}
	for _, p := range products {
		p.ID, p.FileForm = licensing.ProductID(licensing.NewID()), licensing.FileSigned
		if err := s.tx.InsertProduct(ctx, p.Product); err != nil {
			return err
		}
		if err := s.offer(ctx, partner.ID, p.Product, p.partner); err != nil {
			return err
		}
		if err := s.offer(ctx, internal.ID, p.Product, p.internal); err != nil {
			return err
		}
	}
	return s.tx.InsertDataField(ctx, "", licensing.DataField{
		Name: "externalOrderNumber", Type: "text", Label: "Your order number", Help: "Found by search, and told to the ERP.",
		Rule: licensing.Rule{Optional: true, MaxLength: 100},
	})
}

func (s *seeder) offer(ctx context.Context, c licensing.CategoryID, p licensing.Product, r rules) error {
	for _, def := range p.Parameters {
		if err := licensing.ParameterTypes[def.Type].CheckRule(r[def.Name]); err != nil {
			return err
		}
	}
	return s.tx.InsertOffer(ctx, licensing.OfferID(licensing.NewID()), c, p.ID, r)
}
