package demo

import (
	"context"

	"kontor/internal/licensing"
)

// The parameters that the demo's products have.
var (
	seats = licensing.Parameter{
		Name: "seats", Type: "number", Label: "Seats", Labels: german("Plätze"), Unit: "seats", Sets: licensing.SetsSeats,
	}
	edition = licensing.Parameter{
		Name: "edition", Type: "selection", Label: "Edition", Labels: german("Ausgabe"), Sets: licensing.SetsFeatures,
		Options: []licensing.Option{standard, pro, ultimate},
		Features: map[string][]licensing.Feature{
			"standard": designFeatures[:2], "pro": designFeatures[:4], "ultimate": designFeatures,
		},
	}
	licensee = licensing.Parameter{
		Name: "licensee", Type: "text", Label: "Licensee", Labels: german("Lizenznehmer"), Sets: licensing.SetsText,
		Help:  "Shown in the program’s start window; empty means the customer’s name.",
		Helps: german("Steht im Startfenster; ohne Angabe der Name des Kunden."),
	}
	days  = licensing.Parameter{Name: "days", Type: "selection", Label: "Usage period", Labels: german("Nutzungsdauer"), Sets: licensing.SetsDays}
	until = licensing.Parameter{Name: "until", Type: "date", Label: "Licensed until", Labels: german("Lizenziert bis"), Sets: licensing.SetsUntil}
)

// designFeatures are the bits of Aurora Design's feature map.
var designFeatures = []licensing.Feature{
	{Bit: 0, Name: "layout"}, {Bit: 1, Name: "drawing"}, {Bit: 2, Name: "prepress"}, {Bit: 3, Name: "color-management"}, {Bit: 4, Name: "scripting"},
}

// german is a text beside the English one.
func german(text string) licensing.Texts { return licensing.Texts{"de": text} }

type rules = map[string]licensing.Rule

// upTo is a number of seats, of which more can be had later.
func upTo(maximum string) licensing.Rule {
	return licensing.Rule{Minimum: "1", Maximum: maximum, Step: "1", Change: licensing.ChangeUp}
}

// ahead is a day from that of the creation on.
func ahead(maximum string) licensing.Rule {
	return licensing.Rule{Minimum: "+0d", Maximum: maximum, Change: licensing.ChangeAny}
}

var (
	anyText  = licensing.Rule{Optional: true, MaxLength: 200, Change: licensing.ChangeAny}
	standard = licensing.Option{Value: "standard", Label: "Standard"}
	pro      = licensing.Option{Value: "pro", Label: "Pro"}
	ultimate = licensing.Option{Value: "ultimate", Label: "Ultimate"}
)

// lengths are usage periods in days to choose from.
func lengths(days ...string) []licensing.Option {
	options := make([]licensing.Option, len(days))
	for i, d := range days {
		options[i] = licensing.Option{Value: d, Label: d + " days", Labels: german(d + " Tage")}
	}
	return options
}

func oneOf(options ...licensing.Option) licensing.Rule {
	return licensing.Rule{Options: options, Change: licensing.ChangeAny}
}

// products are what the demo's maker licenses, with the rules in each of the two categories.
var products = []struct {
	licensing.Product
	partner, internal rules
}{
	{
		licensing.Product{
			Code: "AUR-DESIGN", Name: "Aurora Design", Subtitle: "Layout and drawing for print and screen, for good.", Kind: licensing.KindPerpetual,
			Parameters: []licensing.Parameter{seats, edition, licensee}, Features: designFeatures, Price: euros(390),
		},
		rules{"seats": upTo("50"), "edition": oneOf(standard, pro), "licensee": anyText},
		rules{"seats": upTo("500"), "edition": oneOf(standard, pro, ultimate), "licensee": anyText},
	},
	{
		licensing.Product{
			Code: "AUR-DESIGN-DEMO", Name: "Aurora Design, trial", Subtitle: "The full edition, to try it out.", Kind: licensing.KindLimited,
			Parameters: []licensing.Parameter{days},
		},
		rules{"days": {
			Fixed: new("30"), Options: lengths("30"), Reason: "Customers try it for 30 days.", Reasons: german("Kunden testen 30 Tage lang."),
		}},
		rules{"days": oneOf(lengths("5", "30", "60", "90")...)},
	},
	{
		licensing.Product{
			Code: "AUR-DESIGN-EVENT", Name: "Aurora Design, event", Subtitle: "The full edition for a fair, a course or a project, until a day you choose.", Kind: licensing.KindLimited,
			Parameters: []licensing.Parameter{until}, Price: euros(42),
		},
		rules{"until": ahead("+30d")}, rules{"until": ahead("+365d")},
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
		checked, err := p.Check()
		if err != nil {
			return err
		}
		p.Product = checked
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
	err := s.tx.InsertDataField(ctx, "", licensing.DataField{
		Name: "externalOrderNumber", Type: "text", Label: "Your order number", Labels: german("Ihre Bestellnummer"),
		Help: "Found by search, and told to the ERP.", Helps: german("Wird bei der Suche gefunden und dem ERP mitgeteilt."),
		Rule: licensing.Rule{Optional: true, MaxLength: 100},
	})
	if err != nil {
		return err
	}
	return s.tx.InsertDataField(ctx, partner.ID, licensing.DataField{
		Name: "reference", Type: "yesno", Label: "May be named as a reference", Labels: german("Darf als Referenz genannt werden"),
		Rule: licensing.Rule{Optional: true},
	})
}

func (s *seeder) offer(ctx context.Context, c licensing.CategoryID, p licensing.Product, r rules) error {
	checked, err := licensing.CheckRules(p, r)
	if err != nil {
		return err
	}
	o := licensing.Offer{ID: licensing.OfferID(licensing.NewID()), Category: licensing.Category{ID: c}, Product: p, Rules: checked}
	if err := s.tx.InsertOffer(ctx, o); err != nil {
		return err
	}
	return s.tx.NoteOfferVersion(ctx, o.ID, licensing.Actor{})
}
