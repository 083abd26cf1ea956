package portal_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"kontor/internal/licensing"
	"kontor/portal/portaltest"
)

// TestTreeOfGroups opens, closes, searches and drags the tree, and moves a group by mouse and by keyboard.
func TestTreeOfGroups(t *testing.T) {
	w := newWorld(t)
	nordic(w)
	b := portaltest.Open(t, startPortal(t, w), portaltest.Desk)
	b.SignIn(noraMail, password)
	b.GoTo("/as/nordic/people")
	b.Sees("6 people in Nordic and 2 groups below")
	fjord := `document.querySelector("[data-code=fjord]").checkVisibility()`
	b.Until(fjord)
	b.Click("[data-code=nordic] > .k-branch > button")
	b.Until("!" + fjord)
	b.GoTo("/as/nordic/people") // it is remembered
	b.Until("!" + fjord)
	b.Put("#tree-q", "FJÖRD")
	b.Until(fjord + ` && !document.querySelector("[data-code=sund]").checkVisibility()`)
	b.Press(kb.ArrowDown + kb.ArrowDown)
	b.Until(`document.activeElement.textContent.includes("Fjord")`)
	b.Press(kb.Enter)
	b.Sees("4 people in Fjord")

	// Dragging asks first. What a mouse would do is told to the page, since a drag is not to be had without a screen.
	b.GoTo("/as/nordic/people?in=fjord")
	b.Until(fjord)
	portaltest.JS[bool](b, `(() => {
		const data = new DataTransfer(), from = document.querySelector("[data-code=fjord]"), to = document.querySelector("[data-code=sund] .k-branch");
		const fire = (el, type) => el.dispatchEvent(new DragEvent(type, {bubbles: true, cancelable: true, dataTransfer: data}));
		fire(from, "dragstart"); fire(to, "dragover"); fire(to, "drop"); return true })()`)
	b.Sees("Move Fjord below Sund?", "Nordic › Sund › Fjord", "2 grants fall")
	if got := portaltest.JS[string](b, focused); got != "Leave it where it is" {
		t.Errorf("the focus is on %q", got)
	}
	b.Press(kb.Escape)
	b.Until(`location.pathname === "/as/nordic/groups/fjord"`)

	// The same by keyboard.
	b.GoTo("/as/nordic/people?in=fjord")
	portaltest.JS[bool](b, `document.querySelector(".k-band a[href$=move]").focus() || true`)
	b.Press(kb.Enter)
	b.Sees("Move Fjord below which group?")
	b.Until(`document.activeElement.id === "to"`)
	b.Press("\t\t" + kb.Enter)
	b.Sees("Move Fjord below Sund?")
	b.Press("\t" + kb.Enter)
	b.Until(`location.pathname === "/as/nordic/groups/fjord" && document.querySelector(".k-crumb").innerText.includes("Sund")`)
}

// TestPeopleListSearchesAndSorts narrows the list as one types, and keeps it in the address.
func TestPeopleListSearchesAndSorts(t *testing.T) {
	w := newWorld(t)
	nordic(w)
	b := portaltest.Open(t, startPortal(t, w), portaltest.Desk)
	b.SignIn(noraMail, password)
	b.GoTo("/as/nordic/people")
	b.Put("#q", "lund")
	b.Until(`location.search === "?q=lund" && document.querySelectorAll("tbody tr").length === 1`)
	if got := portaltest.JS[string](b, focused); got != "q" {
		t.Errorf("the focus went to %q", got)
	}
	first := `document.querySelector("tbody tr a").textContent`
	b.GoTo("/as/nordic/people?in=fjord")
	b.Until(first + ` === "Ben Hartmann"`)
	b.Click("th a")
	b.Until(first + ` === "Tor Aas" && document.querySelector("[aria-sort]").getAttribute("aria-sort") === "descending"`)
	b.Click(".k-drop:not(.k-drop-end) > summary")
	portaltest.JS[bool](b, `(document.querySelector("#f-role").value = "service") !== ""`)
	b.Click(".k-filter:not(.k-drop-end *) .btn-primary")
	b.Sees("Web shop")
	b.Until(`document.querySelectorAll(".k-chip b")[1].textContent === "service accounts"`)
	b.Click(".k-chip-x")
	b.Until(`!location.search.includes("in=fjord") && location.search.includes("role=service")`)
	// Links of earlier releases show what they showed.
	b.GoTo("/as/nordic/people?q=fjord&role=member&state=active&sort=group&order=desc&from=25")
	b.Until(`document.querySelector("[aria-sort=descending]").innerText.trim() === "Group" && document.querySelectorAll(".k-chip").length === 2`)
	b.Sees("Mia Solberg")
	b.GoTo("/as/nordic/people?role=king&state=asleep&sort=shoe") // there is nothing like that
	b.Sees("6 people in Nordic and 2 groups below")
	b.GoTo("/as/nordic/people?in=sund")
	b.Sees("Nobody in Sund yet")
	b.Click(".k-empty .btn-primary")
	b.Until(`document.querySelector("[name=group]").value === "sund" && document.querySelector("[name=role]:checked").value === "admin"`)
}

// TestPagesAndColumnsOfPeople goes through the pages in both directions, and chooses columns, which an export has too.
func TestPagesAndColumnsOfPeople(t *testing.T) {
	w := newWorld(t)
	nordic(w)
	for i := range 50 {
		w.addMember(fmt.Sprintf("p%02d@sund.example", i), fmt.Sprintf("Person %02d", i), "sund", "Sund", licensing.RoleMember, nil)
	}
	b := portaltest.Open(t, startPortal(t, w), portaltest.Desk)
	b.SignIn(noraMail, password)
	b.GoTo("/as/nordic/people?in=sund&sort=since")
	b.Sees("1 to 25 of 50", "Person 24")
	first := portaltest.JS[[]string](b, rowTexts)
	b.Click(`.k-pager [rel="next"]`)
	b.Sees("26 to 50 of 50", "Person 25")
	b.Click(`.k-pager [rel="prev"]`)
	b.Sees("1 to 25 of 50")
	if got := portaltest.JS[[]string](b, rowTexts); !slices.Equal(got, first) {
		t.Errorf("the way back leads to %v, want %v", got, first)
	}

	// Of one group its name is no column, and stays chosen for the list of all.
	if got, want := portaltest.JS[[]string](b, headers), []string{"Name", "Role", "Since", "State"}; !slices.Equal(got, want) {
		t.Errorf("of one group the columns are %v, want %v", got, want)
	}
	b.Click(".k-drop-end > summary")
	b.Click(`input[name="column"][value="email"]`)
	b.Click(`input[name="column"][value="role"]`)
	b.Click(".k-drop-end .btn-primary")
	b.Until(`document.querySelector("thead").innerText.includes("E-mail")`)
	if got := portaltest.JS[string](b, "location.search"); got != "?in=sund&sort=since" {
		t.Errorf("the address has become %s", got)
	}
	b.GoTo("/as/nordic/people?q=fjord")
	if got, want := portaltest.JS[[]string](b, headers), []string{"Name", "E-mail", "Group", "Since", "State"}; !slices.Equal(got, want) {
		t.Errorf("remembered are %v, want %v", got, want)
	}
	columns := `[...document.querySelectorAll('input[name="column"]')].map(e => e.value)`
	b.Click("#export")
	b.Sees("Export a list")
	if got, want := portaltest.JS[[]string](b, columns), []string{"name", "email", "group", "since", "state"}; !slices.Equal(got, want) {
		t.Errorf("the file has %v, want %v", got, want)
	}
	b.GoTo("/as/nordic/people")
	b.Click(".k-drop-end > summary")
	b.Click(`.k-drop-end button[value="usual"]`)
	b.Until(`!document.querySelector("thead").innerText.includes("E-mail")`)
	b.Click("#export")
	b.Sees("Export a list")
	if got, want := portaltest.JS[[]string](b, columns), []string{"name", "email", "role", "group", "since", "state"}; !slices.Equal(got, want) {
		t.Errorf("as usual the file has %v, want %v", got, want)
	}
}

// TestEditingAGroupAtOnce keeps what was typed when somebody else was faster, and says what changed.
func TestEditingAGroupAtOnce(t *testing.T) {
	w := newWorld(t)
	nordic(w)
	b := portaltest.Open(t, startPortal(t, w), portaltest.Desk)
	b.SignIn(noraMail, password)
	b.GoTo("/as/nordic/groups/fjord/edit")
	b.Set("[name=contactPhone]", "+47 1")
	w.mu.Lock()
	g := w.people.group("fjord")
	g.Name, g.Version = "Fjord AS", g.Version+1
	w.mu.Unlock()
	b.Click("main .btn-primary")
	b.Sees(`the name is now "Fjord AS"`, "What you typed is still here")
	if got := portaltest.JS[string](b, `document.querySelector("[name=contactPhone]").value`); got != "+47 1" {
		t.Errorf("what was typed is %q", got)
	}
	b.Set("[name=name]", "")
	b.Click("main .btn-primary")
	b.Sees("One field needs correcting.", "Name: Enter a name of 1 to 100 characters.")
	b.Set("[name=name]", "Fjord AS")
	b.Click("main .btn-primary")
	b.Until(`location.pathname === "/as/nordic/groups/fjord" && document.body.innerText.includes("+47 1")`)
}

// TestSuspendingAndResuming wants a reason, says what happens, and shows the person as it is then.
func TestSuspendingAndResuming(t *testing.T) {
	w := newWorld(t)
	nordic(w)
	b := portaltest.Open(t, startPortal(t, w), portaltest.Desk)
	b.SignIn(noraMail, password)
	b.GoTo("/as/nordic/people/m-mia@fjord.example-fjord")
	b.Click(".k-actions a[href$=suspend]")
	b.Sees("Suspend Mia Solberg in Fjord?", "The two grants that Mia passed on stay.")
	b.Click(".btn-danger")
	b.Sees("Enter a reason")
	if got := portaltest.JS[string](b, focused); got != "f-reason" {
		t.Errorf("the focus is on %q", got)
	}
	b.Press("On leave" + kb.Enter)
	b.Sees("Mia Solberg is suspended")
	b.Click(".k-actions a[href$=resume]")
	b.Click(".modal .btn-primary")
	b.Until(`!document.body.innerText.includes("is suspended")`)

	// Nobody does it to himself: no button, and the reason why.
	b.GoTo("/as/nordic/people/m-nora@nordic.example-nordic")
	b.Sees("You cannot demote, suspend or remove yourself.")
	if portaltest.JS[bool](b, `!!document.querySelector("main .k-actions a")`) {
		t.Error("there are buttons for what cannot be done")
	}
}

// TestSecretIsShownOnce shows a secret once; going back and sending again shows none.
func TestSecretIsShownOnce(t *testing.T) {
	w := newWorld(t)
	nordic(w)
	b := portaltest.Open(t, startPortal(t, w), portaltest.Desk)
	b.SignIn(noraMail, password)
	b.GoTo("/as/nordic/people?in=fjord")
	b.Click("main .k-head a[href$='/service-accounts/new?to=fjord']") // also where people are listed already
	b.Put("[name=label]", "ERP of Fjord")
	b.Put("[name=name]", "erp@fjord.example")
	request := portaltest.JS[string](b, `document.querySelector("main [name=requestId]").value`)
	b.Click("main .btn-primary")
	b.Sees("It is shown here and now, and never again.", "https://licenses.aurora.example/soap/v1?wsdl")
	secret := portaltest.JS[string](b, `document.querySelector("#secret").textContent`)
	if len(secret) < 32 {
		t.Errorf("the secret is %q", secret)
	}
	b.Click(".k-copy")
	b.Sees("Copied")
	if again := w.people.secrets[request]; !again {
		t.Errorf("the request %s was not counted", request)
	}
	b.Click("main .btn-primary")
	b.Sees("service account in Fjord")
	if strings.Contains(portaltest.JS[string](b, `document.documentElement.outerHTML`), secret) {
		t.Error("the secret is on a page again")
	}
}

// TestInvitationAtTheDoor joins as somebody new, by a link that works once.
func TestInvitationAtTheDoor(t *testing.T) {
	w := newWorld(t)
	nordic(w)
	w.people.addInvitation("ben@northwind.example", "sund", licensing.RoleMember, w.people.mails["i-ola@fjord.example"])
	b := portaltest.Open(t, startPortal(t, w), portaltest.Phone)
	b.GoTo("/invitation/token-ola@fjord.example")
	b.Sees("Join Fjord", "Nora Dahl invites you to be a member of Fjord.", "28 November 2026 at 12:00")
	b.Put("[name=name]", "Ola Berg")
	b.Put("[name=password]", "short")
	b.Click("main .btn-primary")
	b.Sees("Enter at least 12 characters.")
	if got := portaltest.JS[string](b, `document.querySelector("[name=name]").value + document.querySelector("[name=password]").value`); got != "Ola Berg" {
		t.Errorf("what stays is %q", got)
	}
	b.Put("[name=password]", "a long sentence to remember")
	b.Click("main .btn-primary")
	b.Until(`location.pathname === "/as/fjord"`)
	b.GoTo("/invitation/token-ola@fjord.example")
	b.Sees("This invitation leads nowhere", "was used already")

	// Somebody who is known proves it by his password.
	b.GoTo("/invitation/token-ben@northwind.example")
	b.Sees("You have an account already")
	b.Put("[name=password]", "wrong")
	b.Click("main .btn-primary")
	b.Sees("E-mail address or password is not right.")
}

// TestSwitchingByKeyboard opens the switch, which names group and role, and goes to another membership, without a mouse.
func TestSwitchingByKeyboard(t *testing.T) {
	w := newWorld(t)
	w.addMember("ben@northwind.example", "Ben Hartmann", "sund", "Sund", licensing.RoleAdmin, nil)
	b := portaltest.Open(t, startPortal(t, w), portaltest.Desk)
	b.SignIn("ben@northwind.example", password)
	b.GoTo("/as/northwind")
	portaltest.JS[bool](b, `document.querySelector(".k-acting").focus() || true`)
	b.Press(kb.Enter)
	b.Shows(".k-switch-list")
	if got := portaltest.JS[string](b, `document.querySelector(".k-switch-list ul").innerText.replace(/\s+/g, " ")`); got != "Fjord member Sund admin" {
		t.Errorf("the switch offers %q", got)
	}
	b.Press("\t\t" + kb.Enter)
	b.Until(`location.pathname === "/as/sund" && document.querySelector(".k-acting").innerText.includes("Ben Hartmann, admin")`)
	b.Sees("People")
}
