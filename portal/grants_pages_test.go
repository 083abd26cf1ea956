package portal_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"
	"github.com/google/go-cmp/cmp"

	"kontor/internal/access"
	"kontor/internal/licensing"
	"kontor/portal/portaltest"
)

// newNordic is the world with the people of the pages about grants, who sign in.
func newNordic(t *testing.T) *world {
	t.Helper()
	w := newWorld(t)
	all := []licensing.Action{licensing.Create, licensing.Modify}
	w.addMember("nora@nordic.example", "Nora Dahl", "nordic", "Nordic", licensing.RoleAdmin, all)
	w.addMember("oskar@nordic.example", "Oskar Lind", "nordic", "Nordic", licensing.RoleMember, all[:1])
	w.addMember("mia@fjord.example", "Mia Solberg", "fjord", "Fjord", licensing.RoleMember, all)
	w.addMember("ben@fjord.example", "Ben Hartmann", "fjord", "Fjord", licensing.RoleMember, nil)
	return w
}

func cellAddress(who access.Party, category, action string) string {
	return "/as/nordic/grants?" + url.Values{"who": {who.Who}, "category": {category}, "action": {action}}.Encode()
}

// TestGrantPagesAreDrawn opens the pages about grants as TestEveryPageIsDrawn does the others.
func TestGrantPagesAreDrawn(t *testing.T) {
	w := newNordic(t)
	nora, url := "nora@nordic.example", startPortal(t, w)
	takeBack := "/as/nordic/grants/take-back?grant=g-1&return=" + escape(cellAddress(freya, "partner", "create"))
	drawAll(t, url, []shot{
		{"07-grants", nora, cellAddress(freya, "partner", "create"), nil},
		{"07a-grants-give", nora, cellAddress(ben, "partner", "create"), nil},
		{"07b-grants-take-back", nora, takeBack, nil},
		{"07c-grants-copy", nora, "/as/nordic/grants/copy", nil},
		{"07d-grants-copied", nora, "/as/nordic/grants/copy?from=a&to=b", nil},
		{"08-explain", nora, "/as/nordic/explain?member=m-ben@fjord.example-fjord&action=create&category=partner", nil},
		{"08b-explain-yes", nora, "/as/nordic/explain?action=create&category=partner", nil},
		{"03a-choose-for", nora, "/as/nordic/licenses/choose?group=fjord", nil},
		{"03b-new-for", nora, "/as/nordic/licenses/new?category=partner&product=AUR-DESIGN&group=fjord", nil},
	})
	t.Run("many categories", func(t *testing.T) {
		w.delegation.columns = 2000
		drawAll(t, url, []shot{{"07e-grants-many", nora, "/as/nordic/grants", func(b *portaltest.Tab) { b.Click(".k-drop > summary") }}})
	})
	w.delegation.columns = 0
	drawAll(t, url, []shot{{"13b-denied-create", "ben@fjord.example", "/as/fjord/licenses/new?category=partner&product=AUR-SUITE", nil}})
	t.Run("seen as", func(t *testing.T) {
		b := portaltest.Open(t, url, portaltest.Desk)
		b.SignIn(nora, password)
		b.GoTo("/as/nordic/explain?member=m-mia@fjord.example-fjord&action=create&category=partner")
		b.Click(`form[action$="/simulate"] button`)
		b.Sees("You see the portal as Mia Solberg in Fjord")
		save(t, b, "02d-seen-as", portaltest.Desk, "light")
	})
}

func escape(s string) string { return url.QueryEscape(s) }

// TestGrantsByKeyboard walks the matrix as a grid, opens a cell, gives what it offers, and comes back to the cell.
func TestGrantsByKeyboard(t *testing.T) {
	w := newNordic(t)
	b := portaltest.Open(t, startPortal(t, w), portaltest.Desk)
	b.SignIn("nora@nordic.example", password)
	b.GoTo("/as/nordic/grants")
	if wider := portaltest.JS[int](b, `(e => e.scrollWidth - e.clientWidth)(document.querySelector(".k-matrix").parentElement)`); wider > 0 {
		t.Errorf("two categories beside the panel are %d px too wide", wider)
	}
	const here = `document.activeElement.getAttribute("aria-label")`
	at := func(want string) {
		t.Helper()
		b.Until(here + ` === "` + want + `"`)
	}
	if n := portaltest.JS[int](b, `document.querySelectorAll("a.k-cell[tabindex='0']").length`); n != 1 {
		t.Errorf("%d cells are in the order of Tab", n)
	}
	portaltest.JS[bool](b, `document.querySelector("a.k-cell").focus() || true`)
	at("Everyone in Nordic, create in Partner: not held, give it")
	b.Press(kb.ArrowDown + kb.ArrowDown + kb.ArrowRight)
	at("Nora Dahl, modify in Partner: held, from above")
	b.Press(kb.End)
	at("Nora Dahl, revoke in Education: not held, not yours to give")
	b.Press(kb.Home + kb.ArrowDown)
	at("Oskar Lind, create in Partner: held, by you")
	b.Press(kb.ArrowRight)
	at("Oskar Lind, modify in Partner: held through a group, via Nordic")
	b.Press(kb.ArrowDown + kb.ArrowDown + kb.ArrowLeft + kb.ArrowDown)
	at("Ben Hartmann, create in Partner: not held, give it")
	b.Press(kb.Enter)
	b.Until(`document.activeElement.textContent === "Ben Hartmann"`)
	b.Until(`location.search.includes("ben%40fjord.example")`)
	b.Press(kb.Escape)
	at("Ben Hartmann, create in Partner: not held, give it")
	b.Press(kb.Enter)
	b.Until(`document.activeElement.textContent === "Ben Hartmann"`)

	b.Set("#until", "2020-01-01")
	b.Click("#panel .btn-primary")
	b.Sees("Enter a day from today on")
	if got := portaltest.JS[string](b, `document.querySelector("#until").value`); got != "2020-01-01" {
		t.Errorf("what was typed became %q", got)
	}
	b.Set("#until", "2026-12-31")
	b.Click("#panel .btn-primary")
	b.Until(`!document.querySelector("#until-e")`)
	want := []access.GivePermission{{Who: ben.Who, Category: "partner", Action: "create", Until: licensing.Day{Year: 2026, Month: 12, Date: 31}}}
	w.mu.Lock()
	defer w.mu.Unlock()
	if diff := cmp.Diff(want, w.delegation.given); diff != "" {
		t.Errorf("given (-want +got):\n%s", diff)
	}
}

// TestGrantsSearch narrows the matrix as one types, by a group and by categories, all of it in the address.
func TestGrantsSearch(t *testing.T) {
	w := newNordic(t)
	w.delegation.columns = 2000
	b := portaltest.Open(t, startPortal(t, w), portaltest.Desk)
	b.SignIn("nora@nordic.example", password)
	b.GoTo("/as/nordic/grants")
	b.Sees("Oskar Lind", "Categories: 6 of 2,002")
	b.Put("#q", "freya")
	b.Until(`location.search === "?q=freya"`)
	b.Until(`!document.querySelector("#results").innerText.includes("Oskar Lind")`)
	b.GoTo("/as/nordic/grants")
	b.Click(".k-drop > summary")
	b.Put("#cq", "category 1999")
	b.Sees("Category 1999")
	b.Click("#column-choices label")
	portaltest.JS[bool](b, `document.querySelectorAll(".k-drop-wide input[name=c]:checked").forEach(i => { if (i.value !== "c1999") i.checked = false }) || true`)
	b.Click(".k-drop-wide .btn")
	b.Until(`location.search.includes("c=c1999")`)
	b.Until(`document.querySelectorAll(".k-matrix thead th[scope=colgroup]").length === 1`)
	b.Click(".k-grp a[href*='in=fjord']")
	b.Until(`document.querySelector(".k-chip-on")?.innerText.includes("Fjord")`)
	b.Until(`!document.querySelector("#results").innerText.includes("Oskar Lind")`)
}

// TestTakeBackByDialog takes a grant back; what falls has changed meanwhile, which is told and shown anew.
func TestTakeBackByDialog(t *testing.T) {
	w := newNordic(t)
	b := portaltest.Open(t, startPortal(t, w), portaltest.Desk)
	b.SignIn("nora@nordic.example", password)
	b.GoTo(cellAddress(freya, "partner", "create"))
	b.Sees("Freya Lund", "passed it on to 3", "Mia, Tor and shop")
	b.Click(`#panel a[href*="take-back"]`)
	b.Sees("Take back create in Partner from Freya Lund?", "All four lose it at once.", "Take back from all 4", "41")
	if got := portaltest.JS[string](b, focused); got != "Leave as it is" {
		t.Errorf("the focus begins on %q", got)
	}
	if !portaltest.JS[bool](b, `document.querySelector(".page").inert`) {
		t.Error("the page behind the dialog can be used")
	}
	b.Click(`input[value=hold]`)
	b.Sees("Take back from Freya")
	b.Until(`!document.querySelector(".modal-footer").innerText.includes("all 4")`)
	w.mu.Lock()
	w.delegation.changed = true
	w.mu.Unlock()
	b.Click(".btn-danger")
	b.Sees("What falls is not what was shown any more", "34")
	if !portaltest.JS[bool](b, `document.querySelector("input[value=hold]").checked`) {
		t.Error("the choice is lost")
	}
	b.Click(".btn-danger")
	b.Until(`!document.querySelector(".modal") && document.querySelector("#panel").innerText.includes("Freya Lund")`)
	w.mu.Lock()
	defer w.mu.Unlock()
	if diff := cmp.Diff([]access.TakeBack{{Grant: "g-1", Hold: true, Fingerprint: "f-2"}}, w.delegation.taken); diff != "" {
		t.Errorf("taken back (-want +got):\n%s", diff)
	}
}

// TestCopyByDialog copies grants from one member to another.
func TestCopyByDialog(t *testing.T) {
	w := newNordic(t)
	b := portaltest.Open(t, startPortal(t, w), portaltest.Desk)
	b.SignIn("nora@nordic.example", password)
	b.GoTo("/as/nordic/grants")
	b.Click(`a[href*="grants/copy"]`)
	b.Put("#from-q", "freya")
	b.Until(`document.querySelectorAll("#from-found input").length === 1`)
	b.Click("#from-found input")
	b.Put("#to-q", "ben")
	b.Until(`document.querySelectorAll("#to-found input").length === 1`)
	b.Click("#to-found input")
	b.Click(".modal-footer .btn-primary")
	b.Sees("Give Ben Hartmann what Freya Lund holds?", "create in Education", "You do not hold it.")
	b.Click(".modal-footer .btn-primary")
	b.Until(`!document.querySelector(".modal")`)
	w.mu.Lock()
	defer w.mu.Unlock()
	if diff := cmp.Diff([]access.CopyGrants{{From: freya.Membership, To: ben.Membership}}, w.delegation.copied); diff != "" {
		t.Errorf("copied (-want +got):\n%s", diff)
	}
}

// TestExplain asks by choosing words of a sentence, which stand in the address.
func TestExplain(t *testing.T) {
	w := newNordic(t)
	b := portaltest.Open(t, startPortal(t, w), portaltest.Desk)
	b.SignIn("nora@nordic.example", password)
	b.GoTo("/as/nordic/explain?member=m-ben@fjord.example-fjord&action=create&category=partner")
	b.Sees("No.", "Nobody has given Ben Hartmann create in Partner for Fjord.", "No grant to everyone in Fjord", "Fjord lies below Nordic", "hold it from above")
	b.Set("select[name=action]", "revoke")
	portaltest.JS[bool](b, `document.querySelector("[data-ask]").requestSubmit() || true`)
	b.Until(`location.search.includes("action=revoke")`)
	b.GoTo("/as/nordic/explain?action=create&category=partner")
	b.Sees("Yes.", "You hold create in Partner", "You: admin in Nordic")
	for _, wrong := range []string{"You holds", "You is", "you is", "you has", "You has"} {
		if strings.Contains(portaltest.JS[string](b, `document.body.innerText`), wrong) {
			t.Errorf("the page about oneself says %q", wrong)
		}
	}
}

// TestDenialIsExplained shows to who lacks a grant what he holds, who can help, and how it was decided.
func TestDenialIsExplained(t *testing.T) {
	w := newNordic(t)
	v := visit(t, startPortal(t, w))
	v.signIn("cleo@northwind.example")
	id, _ := w.subscribe()
	v.get("/as/northwind/licenses/"+id+"/cancel").want(t, http.StatusForbidden, "You may not modify in Partner", "The license is as it was",
		"Anna Lindqvist can", "Ask Anna to cancel it", "mailto:anna@northwind.example", "/as/northwind/explain?action=modify&amp;category=partner", "given by Anna Lindqvist")
	v.get("/as/northwind/explain?action=modify&category=partner").want(t, http.StatusOK, "No.", "Cleo Marsh")
	v.get("/as/northwind/explain?member=m-anna@northwind.example-northwind&action=modify&category=partner").want(t, http.StatusForbidden)
	v.signIn("ben@fjord.example")
	v.get("/as/fjord/licenses/new?category=partner&product=AUR-SUITE").want(t, http.StatusForbidden, "You may not create in Partner", "Somebody above can")
}

// TestGrantFormsOfAnotherMembership refuses the forms about grants when they were shown to somebody else.
func TestGrantFormsOfAnotherMembership(t *testing.T) {
	w := newNordic(t)
	v := visit(t, startPortal(t, w))
	v.signIn("nora@nordic.example")
	for path, form := range map[string]url.Values{
		"/as/nordic/grants/give":      {"who": {ben.Who}, "category": {"partner"}, "action": {"create"}},
		"/as/nordic/grants/end":       {"grant": {"g-1"}},
		"/as/nordic/grants/take-back": {"grant": {"g-1"}, "fingerprint": {"f-1"}},
		"/as/nordic/grants/copy":      {"from": {"a"}, "to": {"b"}},
		"/as/nordic/simulate":         {"member": {"m-mia@fjord.example-fjord"}},
	} {
		form.Set("requestId", path)
		form.Set("acting", "m-oskar@nordic.example-nordic")
		v.post(path, form).want(t, http.StatusConflict, "This form belongs to another group")
	}
	if d := w.delegation; len(d.given)+len(d.ends)+len(d.taken)+len(d.copied)+w.looks.begun > 0 {
		t.Error("a form of another membership was carried out")
	}
}

// TestSeenAs lets an admin see the portal as a member: cut tickets, no file, nothing sent, and the way back.
func TestSeenAs(t *testing.T) {
	w := newNordic(t)
	w.fill()
	v := visit(t, startPortal(t, w))
	v.signIn("anna@northwind.example")
	o := w.orders[0]
	page := "/as/northwind/orders/" + o.Number
	v.get(page).want(t, http.StatusOK, o.Licenses[0].Ticket)
	v.post("/as/northwind/simulate", url.Values{"acting": {annaActs}, "requestId": {"look"}, "member": {"m-ben@northwind.example-northwind"}}).want(t, http.StatusSeeOther)

	seen := v.get(page)
	seen.want(t, http.StatusOK, "You see the portal as <b>Ben Hartmann</b> in Northwind, member", o.Licenses[0].Ticket[:11]+"…", "12:30")
	if strings.Contains(seen.page, o.Licenses[0].Ticket) || strings.Contains(seen.page, "Anna Lindqvist, admin") {
		t.Error("the page shows a whole ticket, or who looks")
	}
	file := v.get("/as/northwind/licenses/" + string(o.Licenses[0].ID) + "/file")
	file.want(t, http.StatusForbidden, "You see the portal as somebody else")
	if strings.Contains(file.page, "BEGIN LICENSE FILE") || file.Header.Get("Content-Disposition") != "" {
		t.Error("the license file comes along")
	}
	before := w.written()
	for _, acting := range []string{annaActs, "m-ben@northwind.example-northwind"} { // another tab of Anna's, and the page as it is seen
		v.post(newDesign, url.Values{"acting": {acting}, "requestId": {"r"}}).want(t, http.StatusForbidden, "You see the portal as somebody else")
	}
	v.get("/as/fjord").want(t, http.StatusNotFound) // another membership of Ben's is not what is looked at
	if w.written() != before {
		t.Error("something was written")
	}
	v.post("/simulation/end", url.Values{}).want(t, http.StatusSeeOther)
	v.get(page).want(t, http.StatusOK, o.Licenses[0].Ticket, "Anna Lindqvist, admin")

	v.post("/as/northwind/simulate", url.Values{"acting": {annaActs}, "requestId": {"again"}, "member": {"m-ben@northwind.example-northwind"}}).want(t, http.StatusSeeOther)
	w.mu.Lock()
	w.now.Wall = w.now.Wall.Add(access.SimulationLasts)
	w.mu.Unlock()
	v.get(page).want(t, http.StatusForbidden, "You see the portal as yourself again", "Anna Lindqvist, admin")
	v.get(page).want(t, http.StatusOK, o.Licenses[0].Ticket)
}

// TestForGroup licenses for a group below: the choice, the bill and the order follow it.
func TestForGroup(t *testing.T) {
	w := newNordic(t)
	b := portaltest.Open(t, startPortal(t, w), portaltest.Desk)
	b.SignIn("nora@nordic.example", password)
	b.GoTo("/as/nordic/licenses/choose")
	b.Sees("For group", "Nordic (your own)")
	portaltest.JS[bool](b, `(() => { const s = document.querySelector("#group"); s.value = "fjord"; s.dispatchEvent(new Event("change", {bubbles: true})); return true })()`)
	b.Until(`location.search.includes("group=fjord")`)
	b.GoTo("/as/nordic/licenses/new?category=partner&product=AUR-DESIGN&group=fjord")
	b.Sees("For Fjord: the license and its order belong to that group.", "bills Fjord")
	if got := portaltest.JS[string](b, `document.querySelector("#f [name=group]").value`); got != "fjord" {
		t.Errorf("the form is for %q", got)
	}
}
