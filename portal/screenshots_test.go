package portal_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"kontor/internal/licensing"
	"kontor/portal/portaltest"
)

// shot is a page as it is looked at.
type shot struct {
	name, email, path string
	before            func(*portaltest.Tab) // what is done on the page first
}

// TestEveryPageIsDrawn opens every page at both widths, and at a desk in both themes. None may be wider than its window, and the
// browser must not complain. With KONTOR_SCREENSHOTS set to a directory, the pictures are put there.
func TestEveryPageIsDrawn(t *testing.T) {
	w := newWorld(t)
	w.fill()
	o := w.sell("anna@northwind.example", "northwind", theDay, "AUR-DESIGN", bruckner, "NW-88213", "seats", "8", "edition", "pro")
	w.orders[len(w.orders)-1].Documents[0] = licensing.Document{
		ID: "stuck", Connector: "erp", Kind: licensing.TellOrderCreated, State: licensing.MessageWaiting, Attempts: 3,
		At: w.now.Wall, NextTry: w.now.Wall.Add(4 * time.Minute), LastError: "The connection was refused.",
	}
	anna, ben, cleo := "anna@northwind.example", "ben@northwind.example", "cleo@northwind.example"
	care := "/as/northwind/licenses/" + string(w.orders[0].Licenses[0].ID)
	event := "/as/northwind/licenses/new?category=partner&product=AUR-DESIGN-EVENT"
	shots := []shot{
		{"01-sign-in", "", "/sign-in", nil},
		{"01b-sign-in-wrong", "", "/sign-in", func(b *portaltest.Tab) {
			b.Put("#email", ben)
			b.Put("#password", "wrong")
			b.Click("button.btn-primary")
			b.Shows("#problem")
		}},
		{"02-home", ben, "/as/northwind", nil},
		{"02b-home-menu", ben, "/as/northwind", func(b *portaltest.Tab) { b.Click(".k-acting") }},
		{"02c-home-empty", ben, "/as/fjord", nil},
		{"03a-choose", anna, "/as/northwind/licenses/choose", nil},
		{"03b-new-license", anna, "/as/northwind/licenses/new?category=partner&product=AUR-DESIGN", func(b *portaltest.Tab) {
			b.Set("[name='parameter.seats']", "8")
			b.Click("input[value=pro]")
			b.Put("#customer", "brück")
			b.Shows("#customer-list li")
			b.Sees("3,120.00")
		}},
		{"03b2-new-subscription", anna, "/as/northwind/licenses/new?category=partner&product=AUR-CARE&again=" + w.orders[0].Number, nil},
		{"03c-new-license-errors", anna, event, func(b *portaltest.Tab) {
			b.Set("[name='parameter.until']", "2027-01-15")
			b.Set("[name=quantity]", "0")
			portaltest.JS[bool](b, `document.querySelector("#f").requestSubmit() || true`)
			b.Shows("#problems")
		}},
		{"03d-new-customer", anna, "/as/northwind/licenses/new?category=partner&product=AUR-DESIGN-DEMO", func(b *portaltest.Tab) {
			b.Put("#customer", "Wollin")
			b.Click("#customer-new")
		}},
		{"03e-another-line", anna, newDesign, func(b *portaltest.Tab) {
			b.Push(`#quote [name="choose"]`)
			b.Sees("Another line")
		}},
		{"03f-second-line", anna, newDesign, func(b *portaltest.Tab) {
			b.Set("[name='parameter.seats']", "8")
			b.Click("input[value=pro]")
			b.Sees("3,120.00")
			b.Push(`#quote [name="choose"]`)
			b.Sees("Another line")
			b.Push(`[data-filter-text] button`)
			b.Sees("Create order")
		}},
		{"04-order", anna, "/as/northwind/orders/" + o.Number, nil},
		{"04e-order-settle", iris, "/as/aurora/orders/" + o.Number + "/settle/stuck", nil},
		{"05-license", ben, care, nil},
		{"05b-license-cancel", ben, care + "/cancel", nil},
		{"05c-license-actions", ben, care, func(b *portaltest.Tab) { b.Click(".k-drop-deeds > summary") }},
		{"05d-license-modify", ben, "/as/northwind/licenses/" + string(o.Licenses[0].ID) + "/modify", nil},
		{"05e-license-revoke", anna, care + "/revoke", nil},
		{"05f-license-move", anna, "/as/northwind/licenses/move?id=" + string(o.Licenses[0].ID), nil},
		{"06-licenses", ben, "/as/northwind/licenses?type=subscription&sort=cancelBy", nil},
		{"06b-licenses-all", ben, "/as/northwind/licenses", func(b *portaltest.Tab) { b.Click(".k-drop > summary") }},
		{"06c-licenses-none", ben, "/as/northwind/licenses?q=nobody", nil},
		{"07-orders", ben, "/as/northwind/orders", nil},
		{"08-clock", anna, "/demo/clock", nil},
		{"09-keys", anna, "/as/northwind/orders", func(b *portaltest.Tab) { b.Press("?"); b.Shows("#keys") }},
		{"10-time-machine", anna, "/as/northwind/time-machine?mails=1&until=2028-05-31&cancel=" + string(w.orders[0].Licenses[0].ID), nil},
		{"10b-time-machine-empty", ben, "/as/fjord/time-machine", nil},
		{"13a-empty", ben, "/as/fjord/licenses/choose", nil},
		{"13b-denied", cleo, care + "/cancel", nil},
		{"14-not-found", anna, "/as/northwind/orders/K26-0", nil},
	}
	url := startPortal(t, w)
	for _, width := range []int64{portaltest.Desk, portaltest.Phone} {
		windows := map[string]*portaltest.Tab{"": portaltest.Open(t, url, width)}
		for _, email := range []string{anna, ben, cleo, iris} {
			windows[email] = portaltest.Open(t, url, width)
			windows[email].SignIn(email, password)
		}
		for _, s := range shots {
			t.Run(fmt.Sprintf("%s-%d", s.name, width), func(t *testing.T) {
				b := windows[s.email]
				for _, theme := range themes[width] {
					b.In(t)
					choose(t, b, theme)
					b.GoTo(s.path)
					b.Until(fmt.Sprintf("document.documentElement.dataset.bsTheme === %q", theme))
					if s.before != nil {
						s.before(b)
					}
					if wide := portaltest.JS[int](b, "document.documentElement.scrollWidth"); wide > int(width) {
						t.Errorf("the page is %d pixels wide in a window of %d: %s", wide, width, portaltest.JS[string](b, widest))
					}
					save(t, b, s.name, width, theme)
				}
			})
		}
	}
}

// choose chooses a theme, as the menu does.
func choose(t *testing.T, b *portaltest.Tab, theme string) {
	t.Helper()
	b.GoTo("/sign-in")
	request := fmt.Sprintf(`fetch("/theme", {method: "POST", body: new URLSearchParams({theme: %q, return: "/sign-in"})}).then(r => r.status)`, theme)
	if _, err := chromedp.Run(b.Context, chromedp.Evaluate[int](request, chromedp.EvalAwaitPromise)); err != nil {
		t.Fatal(err)
	}
}

// themes are those that are looked at in each width.
var themes = map[int64][]string{portaltest.Desk: {"light", "dark"}, portaltest.Phone: {"light"}}

// widest names the element that reaches out of the window.
const widest = `[...document.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest(".k-scroll")).map(e => e.tagName + "." + e.className).slice(0, 5).join(" ")`

// save writes what the window shows into the directory for pictures, if there is one.
func save(t *testing.T, b *portaltest.Tab, name string, width int64, theme string) {
	t.Helper()
	dir := os.Getenv("KONTOR_SCREENSHOTS")
	if dir == "" {
		return
	}
	if width == portaltest.Phone {
		name += "-390"
	}
	if theme == "dark" {
		name += "-dark"
	}
	height := max(portaltest.JS[int64](b, "document.documentElement.scrollHeight"), 1000)
	b.Resize(width, height)
	picture, err := chromedp.Run(b.Context, chromedp.CaptureScreenshot())
	if err != nil {
		t.Fatal(err)
	}
	b.Resize(width, 1000)
	if err := os.WriteFile(filepath.Join(dir, name+".png"), picture, 0o644); err != nil {
		t.Fatal(err)
	}
}
