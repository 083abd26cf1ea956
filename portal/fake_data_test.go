package portal_test

import (
	"time"

	"kontor/internal/licensing"
)

// demoOffers are the offers of the demo's two categories, with one parameter more that is fixed.
func demoOffers() []licensing.Offer {
	partner := licensing.Category{ID: "c1", Code: "partner", Name: "Partner", Description: "Resellers and their customers"}
	seats := licensing.Parameter{Name: "seats", Type: "number", Label: "Seats", Unit: "seats", Sets: licensing.SetsSeats}
	edition := licensing.Parameter{Name: "edition", Type: "selection", Label: "Edition", Sets: licensing.SetsText}
	licensee := licensing.Parameter{Name: "licensee", Type: "text", Label: "Licensee", Help: "Shown in the program’s start window; empty means the customer’s name", Sets: licensing.SetsText}
	days := licensing.Parameter{Name: "days", Type: "number", Label: "Days", Unit: "days", Sets: licensing.SetsDays}
	until := licensing.Parameter{Name: "until", Type: "date", Label: "Licensed until", Sets: licensing.SetsUntil}
	upTo50 := licensing.Rule{Minimum: "1", Maximum: "50", Step: "1"}
	editions := licensing.Rule{Options: []licensing.Option{{Value: "standard", Label: "Standard"}, {Value: "pro", Label: "Pro"}}}
	eur := func(minor int64) *licensing.Money { return &licensing.Money{Minor: minor, Currency: "EUR"} }
	books := []licensing.DataField{
		{Name: "reference", Type: "text", Label: "Your order number", Help: "Stands on what Aurora bills", Rule: licensing.Rule{MaxLength: 40}},
		{Name: "costCenter", Type: "text", Label: "Cost center", Rule: licensing.Rule{Optional: true, MaxLength: 20}},
	}
	offer := func(id, code, name, subtitle string, kind licensing.ProductKind, price *licensing.Money, plan *licensing.Plan, rules map[string]licensing.Rule, parameters ...licensing.Parameter) licensing.Offer {
		p := licensing.Product{ID: licensing.ProductID(id), Code: code, Name: name, Subtitle: subtitle, Kind: kind, Parameters: parameters, Plan: plan, Price: price}
		return licensing.Offer{ID: licensing.OfferID("o" + id), Category: partner, Product: p, Rules: rules, DataFields: books}
	}
	year := licensing.Term{Months: 12}
	return []licensing.Offer{
		offer("1", "AUR-DESIGN", "Aurora Design", "The full edition, for good.", licensing.KindPerpetual, eur(39000), nil,
			map[string]licensing.Rule{"seats": upTo50, "edition": editions, "licensee": {Optional: true, MaxLength: 200}}, seats, edition, licensee),
		offer("2", "AUR-DESIGN-DEMO", "Aurora Design, trial", "The full edition for a month.", licensing.KindLimited, nil, nil,
			map[string]licensing.Rule{"days": {Fixed: new("30")}}, days),
		offer("3", "AUR-DESIGN-EVENT", "Aurora Design, event", "Full edition for a fair, a course or a project, until a day you choose.", licensing.KindLimited, eur(4200), nil,
			map[string]licensing.Rule{"until": {Minimum: "today", Maximum: "+30d"}}, until),
		offer("4", "AUR-SUITE", "Aurora Suite", "Everything Aurora makes, by the year.", licensing.KindSubscription, eur(18000),
			&licensing.Plan{Type: licensing.LicenseSubscription, Term: year, Cancellation: licensing.Term{Days: 30}},
			map[string]licensing.Rule{"seats": upTo50}, seats),
		offer("5", "AUR-CARE", "Aurora Care", "New versions and help, by the year.", licensing.KindSubscription, eur(7800),
			&licensing.Plan{Type: licensing.MaintenanceSubscription, Term: year, Cancellation: licensing.Term{Months: 3}, Align: licensing.AlignMonth},
			map[string]licensing.Rule{"seats": upTo50}, seats),
	}
}

var (
	bruckner = licensing.Customer{Number: "20418", Name: "Ute Brückner", Company: "Brückner & Söhne GmbH", Email: "orders@brueckner.example", Country: "DE"}
	brucke   = licensing.Customer{Number: "20077", Name: "Jan Frei", Company: "Brücke Verlag AG", Email: "it@bruecke.example", Country: "CH"}
	hansen   = licensing.Customer{Number: "20102", Name: "Liv Hansen", Company: "Hansen Arkitekter AS", Email: "post@hansen.example", Country: "NO"}
	lumiere  = licensing.Customer{Number: "20311", Name: "Claire Petit", Company: "Atelier Lumière SARL", Email: "atelier@lumiere.example", Country: "FR"}
	kessler  = licensing.Customer{Number: "20009", Name: "Karl Kessler", Company: "Kessler Maschinenbau GmbH", Email: "it@kessler.example", Country: "DE"}
	vermeer  = licensing.Customer{Number: "20220", Name: "Saskia de Wit", Company: "Studio Vermeer BV", Email: "studio@vermeer.example", Country: "NL"}
)

// fill gives Northwind a history, as the pages are drawn in the design.
func (w *world) fill() {
	day := func(y, m, d int) licensing.Day {
		return licensing.Day{Year: y, Month: time.Month(m), Date: d}
	}
	ben, northwind := "ben@northwind.example", "northwind"
	w.sell(ben, northwind, day(2025, 5, 12), "AUR-CARE", kessler, "NW-71940", "seats", "5")
	w.sell(ben, northwind, day(2025, 12, 30), "AUR-SUITE", bruckner, "NW-79002", "seats", "12")
	w.sell(ben, northwind, day(2026, 1, 4), "AUR-SUITE", lumiere, "NW-80391", "seats", "3")
	w.sell(ben, northwind, day(2026, 2, 12), "AUR-CARE", hansen, "NW-80115", "seats", "5")
	for i := range 34 {
		on := theDay.AddDays(-80 + i*2)
		w.sell(ben, northwind, on, "AUR-DESIGN", []licensing.Customer{brucke, hansen, kessler, vermeer}[i%4], "NW-"+on.String(), "seats", []string{"1", "4", "12"}[i%3], "edition", []string{"pro", "standard"}[i%2])
	}
	w.sell(ben, northwind, theDay.AddDays(-2), "AUR-DESIGN", hansen, "NW-88100", "seats", "4", "edition", "pro")
	w.sell(ben, northwind, theDay.AddDays(-1), "AUR-SUITE", kessler, "NW-88190", "seats", "6")
	w.sell(ben, northwind, theDay, "AUR-DESIGN-DEMO", vermeer, "NW-88201")
}
