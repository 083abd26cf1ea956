package main

import (
	"testing"

	"kontor/internal/demo"
	"kontor/portal/portaltest"
)

// TestDelegation passes a permission on from the maker to a reseller's admin and on to his member, in real browsers and
// in the real house; looks at the portal as that member; and takes the permission back, with all that hangs under it.
func TestDelegation(t *testing.T) {
	h := startHouse(t, t.TempDir(), engines["sqlite"](t), false)
	iris, freya, ben := portaltest.Open(t, h.url, portaltest.Desk), portaltest.Open(t, h.url, portaltest.Desk), portaltest.Open(t, h.url, portaltest.Desk)
	iris.SignIn("isv@aurora.example", demo.Password)
	freya.SignIn("freya@fjord.example", demo.Password)
	ben.SignIn("ben@northwind.example", demo.Password)
	const form = "/as/fjord/licenses/new?category=partner&product=AUR-DESIGN-DEMO"

	ben.GoTo(form)
	ben.Sees("You may not create in", "not given to you", "Somebody above can", "Ask Freya for it")

	give := func(b *portaltest.Tab, group, who string) {
		b.GoTo("/as/" + group + "/grants?category=partner&action=create&who=" + who)
		b.Click("#panel .btn-primary")
		b.Sees("Take back…")
	}
	give(iris, "aurora", "member:freya@fjord.example/fjord")
	give(freya, "fjord", "member:ben@northwind.example/fjord")
	freya.Sees("From above", "Ben Hartmann", "gave it to Ben")
	ben.GoTo(form)
	ben.Sees("Aurora Design, trial", "30 days")

	// Nothing above is told: neither who gave it to Freya, nor that there is an Aurora above her group.
	for _, page := range []string{"/as/fjord/grants?category=partner&action=create&who=member:freya@fjord.example/fjord", "/as/fjord/explain?action=create&category=partner"} {
		freya.GoTo(page)
		freya.Sees("Freya Lund")
		for _, secret := range []string{"Iris", "Nordic", "nordic", "isv@"} {
			if portaltest.JS[bool](freya, `document.querySelector("main").innerHTML.includes("`+secret+`")`) {
				t.Errorf("%s tells Freya of %q", page, secret)
			}
		}
	}

	member := string(membershipOf(t, h, "ben@northwind.example", "fjord"))
	freya.GoTo("/as/fjord/explain?action=create&category=partner&member=" + member)
	freya.Sees("Yes.", "Ben holds create in", "from you")
	freya.Click(`form[action$="/simulate"] button`)
	freya.Sees("You see the portal as Ben Hartmann in Fjord")
	freya.GoTo(form)
	freya.Push(".k-bill .btn-primary")
	freya.Sees("You see the portal as somebody else")
	freya.Click(".k-seen button")
	freya.Sees("Freya Lund, admin")

	iris.GoTo("/as/aurora/grants?category=partner&action=create&who=member:freya@fjord.example/fjord")
	iris.Click(`#panel a[href*="take-back"]`)
	iris.Sees("Take back create in", "from Freya Lund?", "Ben Hartmann", "Take back from all 2")
	picture(t, iris, "take-back")
	iris.Push(".btn-danger")
	iris.Until(`!document.querySelector(".modal") && document.readyState == "complete" && !document.querySelector("#panel a[href*='take-back']")`)
	ben.GoTo(form)
	ben.Sees("You may not create in")
}
