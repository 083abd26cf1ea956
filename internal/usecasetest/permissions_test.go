package usecasetest

import (
	"slices"
	"testing"

	"kontor/internal/catalog"
	"kontor/internal/licensing"
	"kontor/internal/ordering"
)

// catalogOf are the codes of the categories and products that an actor may create from.
func (h *house) catalogOf(t testing.TB, a licensing.Actor) map[string][]string {
	t.Helper()
	all := map[string][]string{}
	for _, c := range got[[]catalog.CategoryOffers](t)(h.catalog.Offers(t.Context(), a, "", "")) {
		for _, o := range c.Offers {
			all[c.Category.Code] = append(all[c.Category.Code], o.Product.Code)
		}
	}
	return all
}

var everyProduct = []string{"AUR-DESIGN", "AUR-DESIGN-DEMO", "AUR-DESIGN-EVENT", "AUR-SUITE", "AUR-CARE"}

func TestCatalogOfTheDemo(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		partner, internal := map[string][]string{"partner": everyProduct}, map[string][]string{"internal": everyProduct}
		both := map[string][]string{"partner": everyProduct, "internal": everyProduct}
		fjord := h.as(t, "ben@northwind.example", "fjord")
		for name, c := range map[string]struct {
			actor licensing.Actor
			want  map[string][]string
		}{
			"isv": {h.isv(t), both}, "staff": {h.staff(t), internal}, "anna": {h.anna(t), partner}, "ben in northwind": {h.ben(t), partner},
			"ben in fjord": {fjord, map[string][]string{}}, "erp": {h.erpAccount(t), both},
		} {
			same(t, name, h.catalogOf(t, c.actor), c.want)
			for _, category := range []string{"partner", "internal"} {
				_, err := h.catalog.Offer(t.Context(), c.actor, category, "AUR-SUITE")
				_, listErr := h.catalog.Offers(t.Context(), c.actor, "", category)
				_, _, createErr := h.ordering.CreateLicense(t.Context(), c.actor, licensing.NewID(), with(suite(), func(in *ordering.CreateLicense) { in.Category = category }))
				if c.want[category] != nil {
					must(t, err)
					must(t, listErr)
					must(t, createErr)
					continue
				}
				refused(t, name+" sees an offer in "+category, err, licensing.CodeDenied, "category")
				refused(t, name+" lists "+category, listErr, licensing.CodeDenied, "category")
				refused(t, name+" creates in "+category, createErr, licensing.CodeDenied, "category")
			}
		}
	})
}

// TestUnknownAndNotGrantedSoundTheSame compares the words, which may differ in the names alone.
func TestUnknownAndNotGrantedSoundTheSame(t *testing.T) {
	h := newHouse(t, "sqlite")
	words := func(change func(*ordering.CreateLicense)) string {
		_, err := h.ordering.Quote(t.Context(), h.anna(t), with(suite(), change))
		return licensing.AsError(err).Format
	}
	same(t, "category", words(func(in *ordering.CreateLicense) { in.Category = "internal" }), words(func(in *ordering.CreateLicense) { in.Category = "none" }))
	same(t, "product", words(func(in *ordering.CreateLicense) { in.Product = "none" }), words(func(in *ordering.CreateLicense) { in.Category = "none" }))
	same(t, "group", words(func(in *ordering.CreateLicense) { in.Group = "aurora" }), words(func(in *ordering.CreateLicense) { in.Group = "none" }))
}

// TestSight holds who sees what in each group: admins and service accounts below, members their own.
func TestSight(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		groups := []string{"aurora", "northwind", "nordic", "fjord"}
		created := map[string]ordering.Created{}
		for _, g := range groups {
			created[g] = h.create(t, h.erpAccount(t), with(suite(), func(in *ordering.CreateLicense) { in.Group = g }))
		}
		for name, c := range map[string]struct {
			actor licensing.Actor
			sees  []string
		}{
			"isv": {h.isv(t), groups}, "erp": {h.erpAccount(t), groups}, "staff": {h.staff(t), []string{"aurora"}}, "anna": {h.anna(t), []string{"northwind"}},
			"ben": {h.ben(t), []string{"northwind"}}, "ben in fjord": {h.as(t, "ben@northwind.example", "fjord"), []string{"fjord"}},
		} {
			for _, g := range groups {
				l := created[g].Licenses[0]
				_, byTicket := h.ordering.License(t.Context(), c.actor, l.Ticket)
				_, byID := h.ordering.LicenseByID(t.Context(), c.actor, l.ID)
				_, files := h.ordering.LicenseFiles(t.Context(), c.actor, l.ID)
				_, history := h.ordering.History(t.Context(), c.actor, l.ID)
				_, order := h.ordering.Order(t.Context(), c.actor, created[g].OrderNumber)
				for what, err := range map[string]error{"ticket": byTicket, "license": byID, "files": files, "history": history, "orderNumber": order} {
					if slices.Contains(c.sees, g) {
						if err != nil {
							t.Errorf("%s does not see %s in %s: %v", name, what, g, err)
						}
						continue
					}
					field := what
					if what == "files" || what == "history" {
						field = "license"
					}
					refused(t, name+" sees "+what+" in "+g, err, licensing.CodeNotFound, field)
				}
			}
			page := got[ordering.LicensePage](t)(h.ordering.Licenses(t.Context(), c.actor, licensing.LicenseFilter{}))
			same(t, name+"'s licenses", []int{len(page.Licenses), page.All.N, page.All.N}, []int{len(c.sees), len(c.sees), len(c.sees)})
			same(t, name+"'s orders", len(got[ordering.OrderList](t)(h.ordering.OrderList(t.Context(), c.actor, licensing.OrderFilter{})).Orders), len(c.sees))
			same(t, name+"'s messages", len(got[[]licensing.WaitingMessage](t)(h.connecting.Waiting(t.Context(), c.actor))), len(c.sees))
			same(t, name+"'s customers", len(got[[]licensing.CustomerRow](t)(h.ordering.Customers(t.Context(), c.actor, ""))), len(c.sees))
			same(t, name+"'s licenses on the day", got[map[licensing.Day]int](t)(h.ordering.LicensesPerDay(t.Context(), c.actor, day(2026, 11, 1)))[day(2026, 11, 21)], len(c.sees))
		}
	})
}

// TestGrantsToGroups: "group:" reaches a group's own members, "tree:" those below as well; each process obeys.
func TestGrantsToGroups(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		fjord := h.as(t, "ben@northwind.example", "fjord")
		other := h.another(t)
		must(t, other.policies.Poll(t.Context())) // it keeps answers from now on
		for _, c := range []struct {
			who   string
			reach bool
		}{{"group:nordic", false}, {"tree:northwind", false}, {"group:fjord", true}, {"tree:fjord", true}, {"tree:nordic", true}, {"tree:aurora", true}, {"member:ben@northwind.example/fjord", true}} {
			id := licensing.GrantID(licensing.NewID())
			h.write(t, func(tx licensing.Tx) error {
				return tx.InsertGrant(t.Context(), licensing.Grant{ID: id, Who: c.who, Category: "partner", Action: "create", CreatedAt: tx.Now().Business})
			})
			must(t, other.policies.Poll(t.Context()))
			for _, h := range []*house{h, other} {
				same(t, c.who, h.catalogOf(t, fjord)["partner"] != nil, c.reach)
			}
			h.write(t, func(tx licensing.Tx) error { return tx.DeleteGrant(t.Context(), id) })
			must(t, other.policies.Poll(t.Context()))
			for _, h := range []*house{h, other} {
				same(t, c.who+" taken back", h.catalogOf(t, fjord)["partner"] != nil, false)
			}
		}
	})
}

// TestHeld tells what one holds, and names the giver only when he is in the own group.
func TestHeld(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		held := func(a licensing.Actor, category string) []catalog.Holding {
			return got[[]catalog.Holding](t)(h.catalog.Held(t.Context(), a, category))
		}
		same(t, "ben", held(h.ben(t), "partner"), []catalog.Holding{
			{Action: licensing.Create, Held: true, GivenBy: "Anna Lindqvist"}, {Action: licensing.Modify, Held: true, GivenBy: "Anna Lindqvist"}, {Action: licensing.Revoke},
		})
		same(t, "anna", held(h.anna(t), "partner"), []catalog.Holding{
			{Action: licensing.Create, Held: true}, {Action: licensing.Modify, Held: true}, {Action: licensing.Revoke, Held: true},
		})
		for _, category := range []string{"internal", "none", "*", "", "\x00"} {
			same(t, "ben in "+category, held(h.ben(t), category), []catalog.Holding{{Action: licensing.Create}, {Action: licensing.Modify}, {Action: licensing.Revoke}})
		}
	})
}
