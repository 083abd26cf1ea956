package main

import (
	"testing"

	"github.com/chromedp/chromedp"

	"kontor/internal/demo"
	"kontor/portal/portaltest"
)

// TestTestLicense creates a test license in a browser and deletes it: then no list has it any more.
func TestTestLicense(t *testing.T) {
	h := startHouse(t, t.TempDir(), engines["sqlite"](t), false)
	b := portaltest.Open(t, h.url, portaltest.Desk)
	b.SignIn("anna@northwind.example", demo.Password)
	b.GoTo("/as/northwind/licenses/new?category=partner&product=AUR-DESIGN")
	b.Sees("Not for productive use: its file says so, and it can be deleted.")
	b.Set(`[name="parameter.seats"]`, "2")
	b.Click("input[value=pro]")
	b.Put("#customer", "Probe Only GmbH")
	b.Click("#customer-new")
	b.Put(`[name="dataField.externalOrderNumber"]`, "NW-TEST-1")
	b.Push("[name=test]")
	b.Until(`document.querySelector("#quote").innerText.includes("Test")`)
	b.Push(".k-bill .btn-primary")
	b.Sees("Order K", "NW-TEST-1", "Not for productive use")
	page := portaltest.JS[string](b, `new URL(document.querySelector("a.k-ticket").href).pathname`)
	if file := portaltest.JS[string](b, `fetch("`+page+`/file").then(r => r.status + "")`, chromedp.EvalAwaitPromise); file != "200" {
		t.Errorf("the file of a test license answers %s", file)
	}
	b.GoTo("/as/northwind/licenses?q=Probe")
	b.Sees("Probe Only GmbH")
	b.GoTo(page)
	b.Until(`document.querySelector(".k-band").innerText.includes("Test")`)
	b.Click(".k-drop-deeds > summary")
	b.Click(`.k-nav-deeds a[href$="/delete"]`)
	b.Put("[name=reason]", "Tried it")
	b.Click("[data-submit]")
	b.Until(`location.pathname.endsWith("/licenses")`)
	b.GoTo("/as/northwind/licenses?q=Probe")
	b.Sees("No license is like that")
	b.GoTo(page)
	b.Sees("There is nothing here")
}
