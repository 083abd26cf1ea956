package portal_test

import (
	"testing"
	"time"

	"kontor/internal/licensing"
	"kontor/portal/portaltest"
)

// noraMail is the address of an admin with groups above and below his own.
const noraMail = "nora@nordic.example"

// nordic adds people to the groups below Nordic, so that its pages have something to show.
func nordic(w *world) {
	w.addMember(noraMail, "Nora Dahl", "nordic", "Nordic", licensing.RoleAdmin, nil)
	w.addMember("oskar@nordic.example", "Oskar Lind", "nordic", "Nordic", licensing.RoleMember, nil)
	w.addMember("mia@fjord.example", "Mia Solberg", "fjord", "Fjord", licensing.RoleMember, nil)
	w.addMember("tor@fjord.example", "Tor Aas", "fjord", "Fjord", licensing.RoleMember, nil)
	w.memberships[len(w.memberships)-1].Suspended = true
	for i := range w.memberships {
		w.memberships[i].CreatedAt, w.memberships[i].Version = w.now.Business.AddDate(0, -i, -i), 1
		if w.memberships[i].GroupCode == "fjord" {
			w.memberships[i].GroupBrand = w.people.group("fjord").Brand
		}
	}
	w.people.addAccount("shop@fjord.example", "Web shop", "fjord")
}

// TestPeoplePagesAreDrawn opens the pages about groups and people as TestEveryPageIsDrawn does the others.
func TestPeoplePagesAreDrawn(t *testing.T) {
	w := newWorld(t)
	nordic(w)
	w.people.addCertificateOf("m-shop@fjord.example-fjord", "shop.fjord.example", 10*24*time.Hour)
	mia, tor, shop := "/as/nordic/people/m-mia@fjord.example-fjord", "/as/nordic/people/m-tor@fjord.example-fjord", "/as/nordic/people/m-shop@fjord.example-fjord"
	press := func(selector, then string) func(*portaltest.Tab) {
		return func(b *portaltest.Tab) {
			b.Click(selector)
			b.Shows(then)
		}
	}
	drawAll(t, startPortal(t, w), []shot{
		{"20-people", noraMail, "/as/nordic/people", nil},
		{"20b-people-fjord", noraMail, "/as/nordic/people?in=fjord", nil},
		{"20c-people-filter", noraMail, "/as/nordic/people?role=member&sort=group&order=desc", press(".k-drop > summary", ".k-drop-list")},
		{"20d-people-none", noraMail, "/as/nordic/people?in=sund", nil},
		{"20e-people-nobody", noraMail, "/as/nordic/people?q=zz", nil},
		{"21-group", noraMail, "/as/nordic/groups/fjord", nil},
		{"21b-group-edit", noraMail, "/as/nordic/groups/fjord/edit", nil},
		{"21c-group-new", noraMail, "/as/nordic/groups/new?below=fjord", press("main .btn-primary", "#problems")},
		{"22-move", noraMail, "/as/nordic/groups/fjord/move", nil},
		{"22b-move", noraMail, "/as/nordic/groups/fjord/move?to=sund", nil},
		{"23-person", noraMail, mia, nil},
		{"23b-person-suspended", noraMail, tor, nil},
		{"23c-person-role", noraMail, mia + "/role", nil},
		{"23d-person-remove", noraMail, mia + "/remove", press(".btn-danger", ".k-err")},
		{"24-invite", noraMail, "/as/nordic/people/invite?to=fjord", nil},
		{"24b-invitations", noraMail, "/as/nordic/invitations", nil},
		{"24c-withdraw", noraMail, "/as/nordic/invitations/i-ola@fjord.example/withdraw", nil},
		{"25-invitation", noraMail, "/invitation/token-ola@fjord.example", press("main .btn-primary", ".k-err")},
		{"25b-invitation-dead", noraMail, "/invitation/token-none", nil},
		{"26-account", noraMail, shop, nil},
		{"26b-account-new", noraMail, "/as/nordic/service-accounts/new?to=fjord", nil},
		{"26c-account-secret", noraMail, shop + "/secret", press(".modal .btn-primary", ".k-secret")},
		{"26d-account-rotate", noraMail, shop + "/secret", nil},
		{"26e-account-overlap", noraMail, shop + "/overlap", nil},
		{"26h-account-allowance", noraMail, shop + "/allowance", nil},
		{"26i-account-sandbox", noraMail, shop + "/sandbox", nil},
		{"26f-certificate-new", noraMail, shop + "/certificates/new", press(".modal .btn-primary", ".k-err")},
		{"26g-certificate-remove", noraMail, shop + "/certificates/c-shop.fjord.example/remove", nil},
	})
}
