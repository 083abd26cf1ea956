package portal_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"kontor/internal/licensing"
	"kontor/portal/portaltest"
)

const (
	// chosenBoxes are the ids of the rows that are chosen.
	chosenBoxes = `[...document.querySelectorAll('tbody input[name="id"]:checked')].map(e => e.value)`
	// shownIDs are those of all rows.
	shownIDs = `[...document.querySelectorAll('tbody input[name="id"]')].map(e => e.value)`
	// rowTexts are what the first cells of all rows say.
	rowTexts = `[...document.querySelectorAll("tbody tr")].map(e => e.innerText)`
	// headers are what stands above the columns.
	headers = `[...document.querySelectorAll("thead th")].map(e => e.innerText.trim()).filter(t => t)`
	// bulkIsShown tells whether the bar under a choice stands there.
	bulkIsShown = `!!document.querySelector(".k-bulk")?.checkVisibility()`
)

// box is the selector of the box in a row, from 1.
func box(row int) string {
	return fmt.Sprintf("tbody tr:nth-child(%d) .k-cb input", row)
}

// holdsChoice waits until the bar says how many are chosen.
func holdsChoice(b *portaltest.Tab, n int) {
	if n == 0 {
		b.Until("!" + bulkIsShown)
		return
	}
	b.Until(fmt.Sprintf(`%s && document.querySelector("[data-bulk-count]").textContent === "%d chosen"`, bulkIsShown, n))
}

// TestChoosingRows chooses licenses by mouse and by keys, and moves what was chosen.
func TestChoosingRows(t *testing.T) {
	w := newWorld(t)
	w.fill()
	b := portaltest.Open(t, startPortal(t, w), portaltest.Desk)
	b.SignIn("anna@northwind.example", password)
	b.GoTo("/as/northwind/licenses")
	all := portaltest.JS[[]string](b, shownIDs)
	chosen := func(want ...string) {
		t.Helper()
		holdsChoice(b, len(want))
		if got := portaltest.JS[[]string](b, chosenBoxes); !slices.Equal(got, want) {
			t.Errorf("chosen are %v, want %v", got, want)
		}
	}
	chosen()
	b.Click(box(2))
	chosen(all[1])
	b.ClickWith(box(5), chromedp.ModifierShift)
	chosen(all[1:5]...)
	b.Click(box(3))
	chosen(all[1], all[3], all[4])
	b.Sees("seats")
	if !portaltest.JS[bool](b, `document.querySelector("[data-choose-all]").indeterminate`) {
		t.Error("the box in the head does not say that some are chosen")
	}
	b.Press(kb.Escape) // the focus is on a box
	chosen()

	// By keys: down to the rows, Space chooses, Shift with an arrow goes on choosing.
	b.Press("/")
	b.Press(kb.ArrowDown)
	b.Press(" ")
	chosen(all[0])
	b.Press(kb.ArrowDown)
	b.Press(kb.ArrowDown, chromedp.ModifierShift)
	chosen(all[0], all[1], all[2])
	b.Press(" ") // the third
	chosen(all[0], all[1])
	b.Press(kb.Escape)
	chosen()
	if !strings.HasSuffix(portaltest.JS[string](b, "location.pathname"), "/licenses") {
		t.Error("Esc led away")
	}

	// All of the page, none, and two that move.
	b.Click("[data-choose-all]")
	chosen(all...)
	b.Click("[data-bulk-none]")
	chosen()
	b.Click(box(1))
	b.Click(box(3))
	b.Click(`.k-bulk [formaction$="/move"]`)
	b.Until(`location.pathname === "/as/northwind/licenses/move"`)
	b.Sees("licenses")
	if got := portaltest.JS[[]string](b, `new URLSearchParams(location.search).getAll("id")`); !slices.Equal(got, []string{all[0], all[2]}) {
		t.Errorf("to be moved are %v", got)
	}
	if got := portaltest.JS[[]string](b, `[...document.querySelectorAll('form input[name="id"]')].map(e => e.value)`); !slices.Equal(got, []string{all[0], all[2]}) {
		t.Errorf("the form moves %v", got)
	}

	// Back, the bar says what the browser still has chosen.
	b.Do(chromedp.NavigateBack())
	b.Until(`location.pathname === "/as/northwind/licenses" && document.readyState === "complete"`)
	holdsChoice(b, len(portaltest.JS[[]string](b, chosenBoxes)))

	// What is chosen is gone with the rows that a search takes away.
	b.GoTo("/as/northwind/licenses")
	b.Click(box(1))
	holdsChoice(b, 1)
	b.Put("#q", "lumière")
	b.Sees("1 of 41 in Northwind")
	holdsChoice(b, 0)
	b.Click(box(1))
	holdsChoice(b, 1)
	b.Click(`.k-bulk [formaction$="/exports/new"]`)
	b.Sees("The one of the licenses that you chose")
}

// TestChoosingColumns chooses columns, which the next visit remembers, and which come back as they were.
func TestChoosingColumns(t *testing.T) {
	w := newWorld(t)
	w.fill()
	b := portaltest.Open(t, startPortal(t, w), portaltest.Desk)
	b.SignIn("ben@northwind.example", password)
	b.GoTo("/as/northwind/licenses?q=hansen&sort=customer")
	usual := portaltest.JS[[]string](b, headers)
	if slices.Contains(usual, "Customer number") || !slices.Contains(usual, "Your number") {
		t.Fatalf("the usual columns are %v", usual)
	}
	b.Click(".k-drop-end > summary")
	b.Click(`input[name="column"][value="customerNumber"]`)
	b.Click(`input[name="column"][value="number"]`)
	b.Click(".k-drop-end .btn-primary")
	b.Until(`document.querySelector("thead").innerText.includes("Customer number")`)
	if got := portaltest.JS[string](b, "location.search"); got != "?q=hansen&sort=customer" {
		t.Errorf("the address has become %s", got)
	}
	want := portaltest.JS[[]string](b, headers)
	if slices.Contains(want, "Your number") || !slices.Contains(want, "State") || !slices.Contains(want, "Customer") {
		t.Errorf("the columns are %v", want)
	}
	b.GoTo("/as/northwind/licenses")
	if got := portaltest.JS[[]string](b, headers); !slices.Equal(got, want) {
		t.Errorf("remembered are %v, want %v", got, want)
	}
	// The other lists have their own.
	b.GoTo("/as/northwind/customers")
	b.Sees("customers in Northwind")
	// An export has the columns that one sees.
	b.GoTo("/as/northwind/licenses")
	b.Click("#export")
	b.Sees("Export a list")
	columns := portaltest.JS[[]string](b, `[...document.querySelectorAll('input[name="column"]')].map(e => e.value)`)
	if !slices.Contains(columns, "customerNumber") || slices.Contains(columns, "number") || len(columns) != len(want) {
		t.Errorf("the file has %v, the list %v", columns, want)
	}
	b.GoTo("/as/northwind/licenses?q=hansen")
	b.Click(".k-drop-end > summary")
	b.Click(`.k-drop-end button[value="usual"]`)
	b.Until(`!document.querySelector("thead").innerText.includes("Customer number")`)
	if got := portaltest.JS[[]string](b, headers); !slices.Equal(got, usual) {
		t.Errorf("as usual are %v, want %v", got, usual)
	}
}

// TestFiltersInTheAddress narrows a list by its form; the link shows somebody else the same list.
func TestFiltersInTheAddress(t *testing.T) {
	w := newWorld(t)
	w.fill()
	url := startPortal(t, w)
	b := portaltest.Open(t, url, portaltest.Desk)
	b.SignIn("ben@northwind.example", password)
	b.GoTo("/as/northwind/licenses")
	b.Click(".k-drop:not(.k-drop-end) > summary")
	b.Click(`.k-filter input[name="state"][value="active"]`)
	portaltest.JS[bool](b, `(document.querySelector("#f-product").value = "AUR-DESIGN") !== ""`)
	b.Click(".k-filter:not(.k-drop-end *) .btn-primary")
	b.Until(`document.querySelectorAll(".k-chip").length === 2`)
	b.Put("#q", "hansen")
	b.Until(`new URLSearchParams(location.search).get("q") === "hansen"`)
	b.Until(`document.querySelectorAll("tbody tr").length < 25`)
	b.Click(`thead a[href*="sort=customer"]`)
	b.Until(`document.querySelector("[aria-sort]")?.getAttribute("aria-sort") === "ascending"`)
	chips := `[...document.querySelectorAll(".k-chip")].map(e => e.innerText.trim())`
	address := portaltest.JS[string](b, "location.pathname + location.search")
	for _, part := range []string{"state=active", "product=AUR-DESIGN", "q=hansen", "sort=customer"} {
		if !strings.Contains(address, part) {
			t.Errorf("the address %s lacks %s", address, part)
		}
	}
	rows, held := portaltest.JS[[]string](b, rowTexts), portaltest.JS[[]string](b, chips)
	if len(rows) == 0 || len(held) != 2 {
		t.Fatalf("%d rows with the chips %v", len(rows), held)
	}

	other := portaltest.Open(t, url, portaltest.Desk)
	other.SignIn("anna@northwind.example", password)
	other.GoTo(address)
	if got := portaltest.JS[[]string](other, rowTexts); !slices.Equal(got, rows) {
		t.Errorf("the link shows %v, want %v", got, rows)
	}
	if got := portaltest.JS[[]string](other, chips); !slices.Equal(got, held) {
		t.Errorf("the link has the chips %v, want %v", got, held)
	}
	if got := portaltest.JS[string](other, `document.querySelector("#q").value`); got != "hansen" {
		t.Errorf("the link searches %q", got)
	}

	// A chip goes; what else is asked for stays.
	b.Click(".k-chip:nth-of-type(1) .k-chip-x")
	b.Until(`document.querySelectorAll(".k-chip").length === 1`)
	rest := portaltest.JS[string](b, "location.search")
	if !strings.Contains(rest, "q=hansen") || !strings.Contains(rest, "sort=customer") || strings.Contains(rest, "state=") && strings.Contains(rest, "product=") {
		t.Errorf("without the first chip the address is %s", rest)
	}
}

// TestCustomers searches the list of customers, and looks at one with what he has.
func TestCustomers(t *testing.T) {
	w := newWorld(t)
	w.fill()
	b := portaltest.Open(t, startPortal(t, w), portaltest.Desk)
	b.SignIn("ben@northwind.example", password)
	b.Press("g")
	b.Press("c")
	b.Until(`location.pathname === "/as/northwind/customers"`)
	b.Sees("customers in Northwind")
	b.Put("#q", "hans")
	b.Until(`document.querySelectorAll("tbody tr").length === 1`)
	b.Sees("Hansen Arkitekter AS")
	b.Press(kb.ArrowDown + kb.Enter)
	b.Until(`document.querySelector("h1").textContent === "Hansen Arkitekter AS"`)
	b.Sees("Licenses", "Orders", "Aurora Design")
	tables := `[...document.querySelectorAll("section.k-sec table")].map(e => e.querySelectorAll("tbody tr").length)`
	got := portaltest.JS[[]int](b, tables)
	if len(got) != 2 || got[0] == 0 || got[0] > 10 || got[1] == 0 {
		t.Fatalf("the tables have %v rows", got)
	}
	if portaltest.JS[int](b, `document.querySelectorAll("section.k-sec input[type=checkbox]").length`) != 0 {
		t.Error("there is something to choose, and nothing to do with it")
	}
	// All of them, as a list that says whose they are.
	b.Click(`section[aria-labelledby="h-licenses"] header a`)
	b.Until(`location.pathname === "/as/northwind/licenses"`)
	b.Until(`document.querySelector(".k-chip")?.innerText.includes("Hansen Arkitekter AS")`)
	if rows := portaltest.JS[int](b, `document.querySelectorAll("tbody tr").length`); rows < got[0] {
		t.Errorf("all are %d, the page showed %d", rows, got[0])
	}
	b.GoTo("/as/northwind/customers?q=nobody")
	b.Sees("No customer is like that")
}

// TestExportFlow asks for a list as a file, sees it under way and ready, and takes it.
func TestExportFlow(t *testing.T) {
	w := newWorld(t)
	w.fill()
	w.slowExports = true
	b := portaltest.Open(t, startPortal(t, w), portaltest.Desk)
	folder := t.TempDir()
	b.Downloads(folder)
	b.SignIn("ben@northwind.example", password)
	b.GoTo("/as/northwind/licenses?q=hansen")
	b.Click("#export")
	b.Sees("Export a list", "All licenses that the list finds")
	b.Click("input[value=xlsx]")
	b.Click("input[value=csv]")
	b.Click("[data-submit]")
	b.Until(`location.pathname === "/as/northwind/exports/e-1"`)
	b.Sees("Under way.", "It begins as soon as the exports before it are done.", "Stop it")
	w.mu.Lock()
	filter := w.exports[0].Filter
	w.mu.Unlock()
	if !strings.Contains(filter, "hansen") {
		t.Errorf("it exports %s", filter)
	}
	w.setExport(func(e *licensing.Export) {
		e.State, e.Done, e.Total, e.BegunAt = licensing.ExportRunning, 1204, 6100, w.now.Wall.Add(-30*time.Second)
	})
	b.Sees("1,204 of 6,100 lines, about 2 min")
	if got := portaltest.JS[int](b, `document.querySelector("progress").value`); got != 19 {
		t.Errorf("the bar stands at %d", got)
	}
	b.GoTo("/as/northwind")
	b.Sees("Export of licenses", "1,204 of 6,100 lines")
	b.GoTo("/as/northwind/exports/e-1")
	w.setExport(func(e *licensing.Export) {
		e.State, e.Done, e.Total, e.Size, e.EndedAt = licensing.ExportReady, 6100, 6100, 3, w.now.Wall
	})
	b.Sees("Ready.", "6,100 lines", "Kept until")
	b.Until(`!document.querySelector("#export-way[hx-get]")`)
	b.Click("#export-way .btn-primary")
	file := filepath.Join(folder, "licenses-2026-11-21.csv")
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		content, err := os.ReadFile(file)
		if string(content) == "a,b" {
			break
		}
		if time.Now().After(deadline) {
			there, _ := os.ReadDir(folder)
			t.Fatalf("downloaded was %q, %v; there are %v", content, err, there)
		}
	}
	b.GoTo("/as/northwind/exports")
	b.Sees("Export of licenses", "6,100 lines", "Download")
}

// TestListsOnAPhone holds that nothing of the lists stands out of a narrow window, with the menus open too.
func TestListsOnAPhone(t *testing.T) {
	w := newWorld(t)
	w.fill()
	b := portaltest.Open(t, startPortal(t, w), portaltest.Phone)
	b.SignIn("ben@northwind.example", password)
	fits := func(what string) {
		t.Helper()
		if wide := portaltest.JS[int](b, "document.documentElement.scrollWidth"); wide > portaltest.Phone {
			t.Errorf("%s: %d pixels wide: %s", what, wide, portaltest.JS[string](b, widest))
		}
	}
	b.GoTo("/as/northwind/licenses?state=active&product=AUR-DESIGN&createdFrom=2026-01-01")
	fits("licenses")
	menu := ".k-drop:not(.k-drop-end)" // columns are a desk's
	b.Click(menu + " > summary")
	b.Shows(menu + " .k-filter .btn-primary")
	fits("the filters")
	sides := portaltest.JS[[]float64](b, fmt.Sprintf(`(r => [r.left, r.right])(document.querySelector(%q).getBoundingClientRect())`, menu+" .k-filter"))
	if sides[0] < 0 || sides[1] > portaltest.Phone {
		t.Errorf("the filters reach from %v to %v", sides[0], sides[1])
	}
	b.Click(menu + " > summary")
	b.Click(box(1))
	holdsChoice(b, 1)
	b.Shows(`.k-bulk [formaction$="/move"]`)
	fits("a choice")
	b.GoTo("/as/northwind/customers")
	fits("customers")
	b.Click("tbody [data-row]")
	b.Shows("#h-licenses")
	fits("a customer")
	b.GoTo("/as/northwind/exports/new?list=licenses&column=ticket")
	fits("asking for an export")
	b.Click("[data-submit]")
	b.Sees("Ready.")
	fits("an export")
	b.GoTo("/as/northwind/exports")
	fits("exports")
}
