package portal_test

import (
	"testing"

	"kontor/portal/portaltest"
)

// TestAllowanceOfAnAccount holds an account to something, with an address that is wrong at first.
func TestAllowanceOfAnAccount(t *testing.T) {
	w := newWorld(t)
	nordic(w)
	const page = "/as/nordic/people/m-shop@fjord.example-fjord"
	b := portaltest.Open(t, startPortal(t, w), portaltest.Desk)
	b.SignIn(noraMail, password)
	b.GoTo(page)
	b.Sees("from everywhere", "all that its grants name", "Fjord, its own, and all below it")
	b.GoTo(page + "/allowance")
	b.Put("[name=addresses]", "203.0.113.0/24\nshop.example")
	b.Click("[value=GetLicense]")
	b.Click("main .btn-primary")
	b.Sees(`"shop.example" is no address and no network.`)
	if got := portaltest.JS[bool](b, `document.querySelector("[value=GetLicense]").checked && !document.querySelector("[value=GetOrder]").checked`); !got {
		t.Error("what was chosen is not kept")
	}
	b.Set("[name=addresses]", "203.0.113.7, 198.51.100.0/24")
	b.Put("[name=categories]", "partner")
	b.Click("main .btn-primary")
	b.Sees("198.51.100.0/24, 203.0.113.7/32", "GetLicense", "partner")
}
