package portal_test

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"kontor/internal/licensing"
	"kontor/portal/portaltest"
)

const newDesign = "/as/northwind/licenses/new?category=partner&product=AUR-DESIGN"

// focused is the id or name of what has the focus.
const focused = `document.activeElement.id || document.activeElement.name || document.activeElement.textContent.trim()`

// TestCreateByMouse walks the main job: sign in, choose, mistype, correct, create, and see the ERP's answer arrive.
func TestCreateByMouse(t *testing.T) {
	w := newWorld(t)
	w.fill()
	b := portaltest.Open(t, startPortal(t, w), portaltest.Desk)
	b.GoTo("/as/northwind/licenses/choose")
	b.Put("#email", "anna@northwind.example")
	b.Put("#password", password)
	b.Click("button.btn-primary")
	b.Sees("1 to 50 seats, Standard or Pro") // signing in led back
	b.Click(".k-offers a")
	b.Sees("Licensee", "EUR, net")

	// Nothing is filled in: the summary gets the focus and leads to the fields.
	b.Push(".k-bill .btn-primary")
	b.Sees("Three fields need correcting. Nothing has been created.")
	b.Until("(" + focused + `) == "problems"`)
	b.Click(`.k-errlist a[href="#f-parameter.edition"]`)
	b.Until("(" + focused + `) == "parameter.edition"`)

	// Wrong while typing: the hint gives way to what is allowed, and comes back.
	seats := `[name="parameter.seats"]`
	b.Set(seats, "60")
	b.Sees("Enter 1 to 50.")
	b.Sees("Seats: see the form")
	b.Set(seats, "8")
	b.Until(`!document.body.innerText.includes("Enter 1 to 50.")`)
	b.Click("input[value=pro]")
	b.Sees("Pro, 8 seats at 390.00", "3,120.00")

	b.Put("#customer", "brück")
	b.Sees("Brücke Verlag AG")
	b.Press(kb.ArrowDown + kb.Enter)
	b.Shows("[data-customer-change]")
	if got := portaltest.JS[string](b, `document.querySelector("[data-customer-name]").textContent`); got != "Brückner & Söhne GmbH" {
		t.Errorf("chosen is %q", got)
	}
	b.Put(`[name="dataField.reference"]`, "NW-88213")
	b.Push(".k-bill .btn-primary")
	b.Sees("created today at", "The license works.", "aurora-design.lic", "NW-88213", "Being passed on to Aurora ERP")

	// The ERP answers while one looks on.
	w.setDocuments(func(d *licensing.Document) { d.State, d.Number = licensing.MessageAccepted, "AB-700482" })
	b.Sees("Taken by Aurora ERP", "Document AB-700482")
	b.Until(`!document.querySelector("#way[hx-get]")`)

	b.Click(".k-copy[data-copy]")
	b.Sees("Copied")

	// Same again: filled in but for the books.
	b.Click(".k-head .btn-primary")
	b.Sees("Filled in as in order", "Pro, 8 seats at 390.00", "Brückner & Söhne GmbH")
	if got := portaltest.JS[string](b, `document.querySelector("[name='dataField.reference']").value`); got != "" {
		t.Errorf("the order number was copied: %q", got)
	}
}

// TestCreateByKeyboard does it without a mouse.
func TestCreateByKeyboard(t *testing.T) {
	w := newWorld(t)
	w.fill()
	b := portaltest.Open(t, startPortal(t, w), portaltest.Desk)
	b.GoTo("/sign-in")
	b.Press("anna@northwind.example\tkontor-demo" + kb.Enter)
	b.Sees("Saturday, 21 November")
	b.Press("n")
	b.Until(`document.activeElement.id === "q"`)
	b.Press("event")
	b.Until(`[...document.querySelectorAll("[data-filter-text]")].filter(e => e.checkVisibility()).length === 1`)
	b.Press(kb.Enter)
	b.Sees("Licensed until", "Today to Mon 21 December 2026")
	b.Press("/") // no field has the focus yet: it goes to the search of all pages
	b.Until(`document.activeElement.id === "find"`)
	portaltest.JS[bool](b, `document.querySelector("[name='parameter.until']").focus() || true`)
	b.Set("[name='parameter.until']", "2026-12-18")
	b.Sees("to 18 December 2026", "42.00")
	portaltest.JS[bool](b, `document.querySelector("#customer").focus() || true`)
	b.Shows("#customer-list")
	b.Press("Wollin Reederei")
	b.Sees("New customer “Wollin Reederei”")
	b.Press(kb.ArrowUp + kb.Enter)
	b.Until(`document.activeElement.name === "customer.name"`)
	b.Press("\tWollin GmbH\t\torders@wollin.example\tGer\t\tNW-9")
	if got := portaltest.JS[string](b, focused); got != "f-dataField.reference" {
		t.Fatalf("tabbing through the fields leads to %q", got)
	}
	b.Press(kb.Enter, chromedp.ModifierCtrl)
	b.Sees("Order K26-", "The license works.", "Wollin GmbH", "Germany", "NW-9")
	b.Press("g")
	b.Press("l")
	b.Sees("licenses in Northwind")
	b.Press("?")
	b.Shows("#keys")
	b.Press(kb.Escape)
	b.Until(`!document.querySelector("#keys").open`)
	b.Press("/")
	if got := portaltest.JS[string](b, focused); got != "q" {
		t.Errorf("/ leads to %q", got)
	}
	b.Press("wollin")
	b.Until(`location.search === "?q=wollin"`)
	b.Sees("1 of 42 in Northwind")
}

// TestWithoutScripts creates a license and cancels a subscription in a browser that runs no scripts.
func TestWithoutScripts(t *testing.T) {
	w := newWorld(t)
	id, _ := w.subscribe()
	b := portaltest.Open(t, startPortal(t, w), portaltest.Desk)
	b.SignIn("anna@northwind.example", password)
	b.WithoutScripts()
	b.GoTo("/as/northwind/licenses/new?category=partner&product=AUR-SUITE")
	b.Put(`[name="customer.name"]`, "Ute Brückner")
	b.Put(`[name="dataField.reference"]`, "NW-1")
	b.Push(".k-bill .btn-primary")
	b.Sees("The license works.", "Aurora Suite")
	b.GoTo("/as/northwind/licenses/" + id)
	b.Click(".k-actions a[href$=cancel]")
	b.Sees("Cancel Aurora Suite for Brückner & Söhne GmbH?")
	b.Click(".btn-danger")
	b.Sees("Cancelled. Received on 21 November 2026 at 12:00:00, in time. It ends on 20 November 2027")
}

// TestDoubleClickMakesOneLicense presses the button twice, as fast as a browser can.
func TestDoubleClickMakesOneLicense(t *testing.T) {
	w := newWorld(t)
	w.fill()
	b := portaltest.Open(t, startPortal(t, w), portaltest.Desk)
	b.SignIn("anna@northwind.example", password)
	b.GoTo(newDesign + "&again=" + w.orders[10].Number)
	b.Put(`[name="dataField.reference"]`, "NW-1")
	portaltest.JS[bool](b, `(() => { const f = document.querySelector("#f"); f.requestSubmit(); f.requestSubmit(); return true })()`)
	b.Sees("The license works.")
	if w.creations != 1 {
		t.Errorf("%d licenses were created", w.creations)
	}
	// Going back shows the form again; sent as it was, it leads to the same order.
	at := portaltest.JS[string](b, "location.pathname")
	b.Do(chromedp.NavigateBack())
	b.Shows("#f")
	b.Until(`document.readyState === "complete"`)
	if got := portaltest.JS[string](b, `document.querySelector("[name='dataField.reference']").value`); got == "NW-1" {
		b.Push(".k-bill .btn-primary")
		b.Until(`location.pathname === "` + at + `"`)
	}
}

func TestCancelByDialog(t *testing.T) {
	w := newWorld(t)
	w.fill()
	id := string(w.orders[0].Licenses[0].ID)
	b := portaltest.Open(t, startPortal(t, w), portaltest.Desk)
	b.SignIn("ben@northwind.example", password)
	b.GoTo("/as/northwind/licenses/" + id)
	b.Click(".k-actions a[href$=cancel]")
	b.Sees("Cancel Aurora Care for Kessler Maschinenbau GmbH?", "Your cancellation is in time.", "ends on 31 May 2027")
	if got := portaltest.JS[string](b, focused); got != "Keep it running" {
		t.Errorf("the focus is on %q", got)
	}
	if !portaltest.JS[bool](b, `document.querySelector(".page").inert`) {
		t.Error("the page behind the dialog is not inert")
	}
	b.Press(kb.Escape)
	b.Until(`!location.pathname.endsWith("cancel")`)

	// While the dialog is open the last day to cancel passes: it asks again.
	b.Click(".k-actions a[href$=cancel]")
	b.Shows(".btn-danger")
	w.mu.Lock()
	w.now.Business = licensing.Day{Year: 2027, Month: 3, Date: 1}.Begin(berlin).Add(9 * 60 * 60 * 1e9)
	w.mu.Unlock()
	b.Put("#reason", "The team was closed.")
	b.Click(".btn-danger")
	b.Sees("The last day to cancel has passed while this was open.", "It counts for 31 May 2028.", "Cancel it for 31 May 2028")
	if got := portaltest.JS[string](b, `document.querySelector("#reason").value`); got != "The team was closed." {
		t.Errorf("what was typed is %q", got)
	}
	b.Click(".btn-danger")
	b.Sees("Cancelled late. Received on 1 March 2027 at 09:00:00; the last day to cancel was 28 February 2027. It counts for 31 May 2028", "Reason: The team was closed.",
		"Receipt R27-10001: PDF, JSON", "1 Mar 2027; ends 31 May 2028")

	// What was cancelled for 31 May 2028 can be withdrawn until its own last day to cancel.
	b.Click("a[href$=withdraw]")
	b.Sees("Withdraw the cancellation of Aurora Care", "It then runs on to 31 May 2029 unless it is cancelled again by 29 February 2028.")
	b.Click(".modal-footer [data-submit]")
	b.Sees("Cancellation withdrawn by", "Unless it is cancelled by 29 February 2028", "1 Mar 2027; withdrawn 1 Mar 2027")
}

func TestListSearchesAsOneTypes(t *testing.T) {
	w := newWorld(t)
	w.fill()
	b := portaltest.Open(t, startPortal(t, w), portaltest.Desk)
	b.SignIn("ben@northwind.example", password)
	b.GoTo("/as/northwind/licenses")
	b.Sees("41 licenses in Northwind", "1 to 25 of 41")
	b.Click("a[rel=next]")
	b.Sees("26 to 41 of 41", "Before")
	b.Put("#q", "lumière")
	b.Until(`location.search === "?q=lumi%C3%A8re"`)
	b.Sees("1 of 41 in Northwind", "Atelier Lumière SARL", "1 to 1 of 1")
	b.Until(`["count", "export"].every(id => document.querySelectorAll("#" + id).length === 1)`) // in place, not beside
	b.Until(`document.querySelector("#export").href.includes("lumi%C3%A8re")`)
	if got := portaltest.JS[string](b, focused); got != "q" {
		t.Errorf("the focus went to %q", got)
	}
	b.Set("#q", w.orders[3].Licenses[0].Ticket[:11])
	b.Sees("Hansen Arkitekter AS")
	b.Set("#q", "nobody")
	b.Sees("No license is like that")
	b.Do(chromedp.NavigateBack())
	b.Until(`location.search !== "?q=nobody"`)
	b.GoTo("/as/northwind/licenses?type=subscription&sort=cancelBy")
	b.Until(`document.querySelector("[aria-sort]").textContent.includes("Last day to cancel")`)
	if got := portaltest.JS[string](b, `document.querySelector("tbody tr").innerText`); !strings.Contains(got, "29 Nov 2026") {
		t.Errorf("first is %q", got)
	}
	b.Click(".k-chip-x")
	b.Until(`!document.querySelector(".k-chip")`)
}

func TestSwitchingGroups(t *testing.T) {
	w := newWorld(t)
	w.fill()
	b := portaltest.Open(t, startPortal(t, w), portaltest.Phone)
	b.SignIn("ben@northwind.example", password)
	b.GoTo("/as/northwind/licenses")
	b.Click(".k-acting")
	b.Click(".k-switch-list a")
	b.Sees("Fjord", "No licenses in Fjord yet")
	b.Until(`location.pathname === "/as/fjord/licenses"`)
	b.GoTo("/")
	b.Until(`location.pathname === "/as/fjord"`) // where one was last
	b.Click(".k-menu")
	b.Shows("#menu .k-nav")
	b.GoTo("/as/fjord/licenses/choose")
	b.Sees("You may not license anything in Fjord yet", "Freya Lund")
	mail := portaltest.JS[string](b, `document.querySelector(".k-empty .btn-primary").href`)
	if !strings.HasPrefix(mail, "mailto:freya@fjord.example?body=Freya%20Lund%2C") {
		t.Errorf("asking writes to %q", mail)
	}
	b.Click(".k-empty a[href^='/as/northwind']")
	b.Sees("1 to 50 seats, Standard or Pro")
}

func TestMovingTheClock(t *testing.T) {
	w := newWorld(t)
	id, _ := w.subscribe()
	b := portaltest.Open(t, startPortal(t, w), portaltest.Desk)
	b.SignIn("anna@northwind.example", password)
	b.Click(".k-clock a")
	b.Sees("Aurora Suite for Brückner & Söhne GmbH is extended")
	b.Set("#to", "2026-11-01")
	b.Click(".k-fields .btn-primary")
	b.Sees("The clock only moves forward.")
	b.Click(".k-book button")
	b.Sees("Demo: the clock stands at Friday, 22 October 2027.")
	b.GoTo("/as/northwind/licenses/" + id)
	b.Sees("Extended to 20 November 2028", "Licensed to 20 November 2028")
}

func TestThemes(t *testing.T) {
	b := portaltest.Open(t, startPortal(t, newWorld(t)), portaltest.Desk)
	b.SignIn("anna@northwind.example", password)
	b.Click(".k-acting")
	b.Click("button[value=dark]")
	b.Until(`document.documentElement.dataset.bsTheme === "dark" && getComputedStyle(document.body).colorScheme !== ""`)
	if got := portaltest.JS[string](b, `getComputedStyle(document.body).backgroundColor`); got != "rgb(22, 31, 34)" {
		t.Errorf("the dark sheet is %s", got)
	}
	b.Click(".k-acting")
	b.Click("button[value=system]")
	b.Until(`document.documentElement.dataset.bsTheme === "light"`)
}
