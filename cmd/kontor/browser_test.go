package main

import (
	"crypto/ed25519"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"

	"kontor/internal/demo"
	"kontor/internal/signing"
	"kontor/portal/portaltest"
)

// TestReseller does a reseller's work in a real browser, in the real house, on both databases.
func TestReseller(t *testing.T) {
	for name, database := range engines {
		t.Run(name, func(t *testing.T) {
			h := startHouse(t, t.TempDir(), database(t), true)
			b := portaltest.Open(t, h.url, portaltest.Desk)
			b.SignIn("anna@northwind.example", demo.Password)
			t.Run("creates a license", func(t *testing.T) { b.In(t); createsALicense(t, h, b) })
			t.Run("finds it again", func(t *testing.T) { b.In(t); findsIt(t, h, b) })
			t.Run("sends a form twice", func(t *testing.T) { b.In(t); sendsTwice(t, h, b) })
			t.Run("sells a subscription, which extends itself and is cancelled", func(t *testing.T) { b.In(t); sellsASubscription(t, h, b) })
			t.Run("sees nothing to license in Fjord", func(t *testing.T) { seesNothingInFjord(t, h) })
		})
	}
}

func createsALicense(t *testing.T, h runningHouse, b *portaltest.Tab) {
	b.GoTo("/as/northwind/licenses/choose")
	b.Sees("Aurora Design", "Aurora Care")
	b.Until(`!document.body.innerText.includes("Internal")`) // what the grants do not reach is not shown
	b.Click(".k-offers a")
	b.Sees("1 to 50", "EUR, net")
	b.Set(`[name="parameter.seats"]`, "60")
	b.Click("input[value=pro]")
	b.Put("#customer", "Brückner & Söhne GmbH")
	b.Click("#customer-new")
	b.Put(`[name="dataField.externalOrderNumber"]`, "NW-88213")
	portaltest.JS[bool](b, `(document.querySelector(".k-bill .btn-primary").click(), true)`) // it moves while the price is on its way
	b.Sees("Nothing has been created.", "Seats: Enter 1 to 50.")                             // the server says so as well
	b.Set(`[name="parameter.seats"]`, "8")
	b.Sees("3,120.00")
	b.Push(".k-bill .btn-primary")
	b.Sees("Order K", "NW-88213", "aurora-design.lic")
	b.Sees("Document AB-") // the ERP's answer arrives while one looks on
	picture(t, b, "order")
	file := portaltest.JS[string](b, `fetch(document.querySelector("a[href$='/file']").href).then(r => r.text())`, chromedp.EvalAwaitPromise)
	payload, err := signing.Verify([]byte(file), []ed25519.PublicKey{h.publicKey}, "")
	if err != nil {
		t.Fatalf("the downloaded license file: %v", err)
	}
	d, err := signing.Describe(payload)
	if err != nil || d.Product != "AUR-DESIGN" || d.MaxMachines != 8 || d.Parameters["edition"] != "pro" {
		t.Errorf("the license file says %+v, %v", d, err)
	}
	if documents := h.erp.Documents(); len(documents) != 1 {
		t.Errorf("%d ERP documents", len(documents))
	}
}

func findsIt(t *testing.T, h runningHouse, b *portaltest.Tab) {
	var ticket, seq string
	err := h.store.Pool().QueryRow("SELECT l.ticket, 10000 + o.seq FROM license l JOIN customer_order o ON o.id = l.order_id").Scan(&ticket, &seq)
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range []string{ticket, "bruckner", "nw-88213", "-" + seq} {
		b.GoTo("/as/northwind/licenses")
		b.Put("#q", q)
		b.Until(fmt.Sprintf(`location.search.includes(%q)`, q[:4]))
		b.Sees("1 of 1", "Brückner")
	}
	b.GoTo("/as/northwind/licenses?q=nobody")
	b.Until(`!document.body.innerText.includes("Brückner")`)
}

func sendsTwice(t *testing.T, h runningHouse, b *portaltest.Tab) {
	before := count(t, h.store, "SELECT COUNT(*) FROM license")
	b.GoTo("/as/northwind/licenses/new?category=partner&product=AUR-DESIGN-DEMO")
	b.Sees("30 days", "fixed for Partner")
	b.Put("#customer", "Sent twice")
	b.Click("#customer-new")
	portaltest.JS[bool](b, `(() => { const f = document.querySelector("#f"); const d = () => fetch(f.action || location.href, {method: "POST", body: new URLSearchParams(new FormData(f))});
		d(); f.requestSubmit(); f.requestSubmit(); return true })()`)
	b.Sees("Order K", "Aurora Design, trial")
	if n := count(t, h.store, "SELECT COUNT(*) FROM license") - before; n != 1 {
		t.Errorf("a form sent three times made %d licenses", n)
	}
}

func sellsASubscription(t *testing.T, h runningHouse, b *portaltest.Tab) {
	b.GoTo("/as/northwind/licenses/new?category=partner&product=AUR-SUITE")
	b.Set(`[name="parameter.seats"]`, "12")
	b.Put("#customer", "Wollin Reederei")
	b.Click("#customer-new")
	b.Push(".k-bill .btn-primary")
	b.Sees("Order K", "Aurora Suite")
	b.Click("main a.k-ticket")
	b.Sees("License subscription", "Last day to cancel", "Period", "Cancel subscription…")
	picture(t, b, "license")
	license := portaltest.JS[string](b, "location.pathname")
	var cancelBy string
	if err := h.store.Pool().QueryRow("SELECT cancel_by FROM subscription").Scan(&cancelBy); err != nil {
		t.Fatal(err)
	}

	// The day after the last day to cancel it is extended, with a new file, and the ERP hears of it.
	files := count(t, h.store, "SELECT COUNT(*) FROM license_file")
	documents := len(h.erp.Documents())
	var next string
	if err := h.store.Pool().QueryRow("SELECT last_end FROM subscription").Scan(&next); err != nil {
		t.Fatal(err)
	}
	b.GoTo("/demo/clock")
	b.Set("[name=to]", next) // the end date, well after the last day to cancel
	b.Click("main .btn-primary")
	b.Until(fmt.Sprintf(`document.readyState === "complete" && document.querySelector("h1").textContent.includes(%q)`, next[:4]))
	b.GoTo(license)
	b.Sees("Extended to", "Period 2")
	if n := count(t, h.store, "SELECT COUNT(*) FROM period"); n != 2 {
		t.Errorf("%d periods", n)
	}
	if n := count(t, h.store, "SELECT COUNT(*) FROM license_file") - files; n != 1 {
		t.Errorf("%d new files", n)
	}
	waitFor(t, "the ERP to hear of the extension", func() bool { return len(h.erp.Documents()) == documents+1 })

	b.GoTo(license + "/cancel")
	b.Sees("Cancel Aurora Suite", "Keep it running")
	b.Click(".btn-danger")
	b.Sees("Cancelled by Anna Lindqvist")
	waitFor(t, "the ERP to hear of the cancellation", func() bool { return len(h.erp.Documents()) == documents+2 })
}

func seesNothingInFjord(t *testing.T, h runningHouse) {
	b := portaltest.Open(t, h.url, portaltest.Phone)
	b.SignIn("ben@northwind.example", demo.Password)
	b.GoTo("/as/fjord/licenses/choose")
	b.Sees("You may not license anything in Fjord yet", "Switch to Northwind")
}

// picture keeps what the window shows where KONTOR_SCREENSHOTS says.
func picture(t *testing.T, b *portaltest.Tab, name string) {
	t.Helper()
	dir := os.Getenv("KONTOR_SCREENSHOTS")
	if dir == "" {
		return
	}
	image, err := chromedp.Run(b.Context, chromedp.CaptureScreenshot())
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name+".png"), image, 0o600); err != nil {
		t.Fatal(err)
	}
}
