package portal_test

import (
	"testing"
	"time"

	"kontor/portal/portaltest"
)

// TestCertificatesOfAnAccount registers one after trying with what is none, and removes the one before.
func TestCertificatesOfAnAccount(t *testing.T) {
	w := newWorld(t)
	nordic(w)
	const page = "/as/nordic/people/m-shop@fjord.example-fjord"
	w.people.addCertificateOf("m-shop@fjord.example-fjord", "shop.fjord.example", 10*24*time.Hour)
	b := portaltest.Open(t, startPortal(t, w), portaltest.Phone)
	b.SignIn(noraMail, password)
	b.GoTo(page)
	b.Sees("CN=shop.fjord.example,O=Fjord AS", "0f3a 9c0f", "expires soon", "Register the next one beside it")
	b.GoTo(page + "/certificates/new")
	b.Put("[name=certificate]", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----")
	b.Click(".modal .btn-primary")
	b.Sees("This holds a private key")
	if got := portaltest.JS[string](b, `document.querySelector("[name=certificate]").value`); got != "" {
		t.Errorf("the key is shown again: %q", got)
	}
	b.Put("[name=certificate]", "of a test")
	b.Click(".modal .btn-primary")
	b.Sees("CN=next.fjord.example,O=Fjord AS", "valid")
	if portaltest.JS[bool](b, `document.body.textContent.includes("Register the next one")`) {
		t.Error("it warns although the next one is there")
	}
	b.GoTo(page + "/certificates/c-shop.fjord.example/remove")
	b.Sees("Remove this certificate of Web shop?", "CN=shop.fjord.example,O=Fjord AS")
	b.Click(".modal .btn-danger")
	b.Until(`!document.body.textContent.includes("shop.fjord.example,")`)
	b.Sees("CN=next.fjord.example,O=Fjord AS")
}
