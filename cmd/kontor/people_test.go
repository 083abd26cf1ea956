package main

import (
	"fmt"
	"io"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"kontor/internal/demo"
	"kontor/portal/portaltest"
)

// sentence is the password of those who join in these tests.
const sentence = "a long sentence to remember"

// TestPeople does an admin's work in a real browser, in the real house, on both databases: from an invitation by mail
// to groups, people and service accounts of his own; and nothing from above is named to him.
func TestPeople(t *testing.T) {
	for name, database := range engines {
		t.Run(name, func(t *testing.T) {
			h := startHouse(t, t.TempDir(), database(t), true)
			isv, nora, ben := portaltest.Open(t, h.url, portaltest.Desk), portaltest.Open(t, h.url, portaltest.Desk), portaltest.Open(t, h.url, portaltest.Phone)
			isv.SignIn("isv@aurora.example", demo.Password)
			in := func(name string, run func(t *testing.T)) {
				t.Run(name, func(t *testing.T) {
					isv.In(t)
					nora.In(t)
					ben.In(t)
					run(t)
				})
			}
			in("an admin is invited by mail, and joins", func(t *testing.T) { joinsByMail(t, h, isv, nora) })
			in("and makes a group, and invites somebody who is known", func(t *testing.T) { invitesSomebodyKnown(t, h, nora, ben) })
			in("a withdrawn invitation leads nowhere", func(t *testing.T) { withdraws(t, h, nora) })
			in("moves a group", func(t *testing.T) { movesAGroup(t, nora) })
			in("suspends, resumes and removes", func(t *testing.T) { suspendsAndRemoves(nora, ben) })
			in("a service account calls with its secret, with the one before, and no more", func(t *testing.T) { callsWithSecrets(t, h, nora) })
			in("nobody above is named", func(t *testing.T) { namesNobodyAbove(t, isv, nora) })
		})
	}
}

func joinsByMail(t *testing.T, h runningHouse, isv, nora *portaltest.Tab) {
	invite(isv, "aurora", "nordic", "nora@nordic.example", "admin")
	isv.Sees("nora@nordic.example", "invited by Iris Voss")
	link := mailedLink(t, h, "nora@nordic.example")
	waitForText(isv, "Sent")
	nora.GoTo(link)
	nora.Sees("Join Nordic", "Iris Voss invites you to be an admin of Nordic.")
	picture(t, nora, "invitation")
	nora.Put("[name=name]", "Nora Dahl")
	nora.Put("[name=password]", sentence)
	nora.Click("main .btn-primary")
	nora.Until(`location.pathname === "/as/nordic"`)
	nora.Sees("Nora Dahl, admin")
	nora.GoTo(link)
	nora.Sees("This invitation leads nowhere")
	// Out and in again, by the password.
	nora.Do(chromedp.Navigate(h.url + "/as/nordic"))
	nora.Click(".k-acting")
	nora.Click(".k-switch-out .btn")
	nora.Shows("#password")
	nora.SignIn("nora@nordic.example", sentence)
}

// invite fills in the form that invites somebody.
func invite(b *portaltest.Tab, acting, to, email, role string) {
	b.GoTo("/as/" + acting + "/people/invite?to=" + to)
	b.Put("[name=email]", email)
	b.Click("input[value=" + role + "]")
	b.Click("main .btn-primary")
	b.Until(`location.pathname.endsWith("/invitations")`)
}

// waitForText asks for the page again until it says something.
func waitForText(b *portaltest.Tab, text string) {
	b.Until(fmt.Sprintf(`document.body?.innerText.includes(%q) || (window.asked ||= setTimeout(() => location.reload(), 200), false)`, text))
}

var (
	mailLinks       = regexp.MustCompile(`/mail/[^"]+`)
	invitationLinks = regexp.MustCompile(`/invitation/[A-Za-z0-9_-]+`)
)

// mailedLink waits for the newest mail to somebody, and returns the path of the link in it.
func mailedLink(t *testing.T, h runningHouse, email string) (path string) {
	t.Helper()
	waitFor(t, "the mail to "+email, func() bool {
		for _, link := range mailLinks.FindAllString(caught(h, "/mail"), -1) {
			if text := caught(h, link); strings.Contains(text, email) {
				path = invitationLinks.FindString(text)
				return path != ""
			}
		}
		return false
	})
	return path
}

// caught is a page of the mail catcher.
func caught(h runningHouse, path string) string {
	answer := httptest.NewRecorder()
	h.mail.Handler().ServeHTTP(answer, httptest.NewRequest("GET", path, nil))
	page, _ := io.ReadAll(answer.Body)
	return string(page)
}

func invitesSomebodyKnown(t *testing.T, h runningHouse, nora, ben *portaltest.Tab) {
	nora.GoTo("/as/nordic/people")
	nora.Sees("Freya Lund", "Ben Hartmann")
	nora.Click("main .k-actions a[href*=\"groups/new\"]")
	nora.Shows("[name=code]")
	nora.Put("[name=name]", "Sund")
	nora.Put("[name=code]", "northwind")
	nora.Click("main .btn-primary")
	nora.Sees(`The code "northwind" is taken. Choose another one.`) // and not whose it is
	nora.Set("[name=code]", "sund")
	nora.Set("[name=brandTitle]", "Sund Licenses")
	nora.Set("[name=brandColor]", "#7A3E9D")
	nora.Click("main .btn-primary")
	nora.Until(`location.pathname === "/as/nordic/groups/sund"`)
	nora.Sees("Created by Nora Dahl", "Sund Licenses")

	invite(nora, "nordic", "sund", "ben@northwind.example", "member")
	link := mailedLink(t, h, "ben@northwind.example")
	ben.GoTo(link)
	ben.Sees("Join Sund", "You have an account already")
	ben.Put("[name=password]", "wrong, and long enough")
	ben.Click("main .btn-primary")
	ben.Shows("main .k-note.k-bad")
	ben.Put("[name=password]", demo.Password)
	ben.Click("main .btn-primary")
	ben.Until(`location.pathname === "/as/sund"`)
	ben.Sees("Sund Licenses") // the group's brand, for its people
	if got := portaltest.JS[string](ben, `document.querySelector(".k-brand svg").getAttribute("stroke")`); got != "#7a3e9d" {
		t.Errorf("the mark has the color %q", got)
	}
}

func withdraws(t *testing.T, h runningHouse, nora *portaltest.Tab) {
	invite(nora, "nordic", "nordic", "oskar@nordic.example", "member")
	link := mailedLink(t, h, "oskar@nordic.example")
	nora.Click("tbody button") // send again
	nora.Until(`document.readyState === "complete"`)
	var again string
	waitFor(t, "the second mail", func() bool { again = mailedLink(t, h, "oskar@nordic.example"); return again != link })
	door := portaltest.Open(t, h.url, portaltest.Phone)
	door.GoTo(link)
	door.Sees("This invitation leads nowhere")
	door.GoTo(again)
	door.Sees("Join Nordic")
	nora.GoTo("/as/nordic/invitations")
	nora.Click("tbody a[href$=withdraw]")
	nora.Sees("Withdraw the invitation of oskar@nordic.example to Nordic?")
	nora.Click(".btn-danger")
	nora.Sees("No invitation is pending")
	door.GoTo(again)
	door.Sees("This invitation leads nowhere")
}

func movesAGroup(t *testing.T, nora *portaltest.Tab) {
	nora.GoTo("/as/nordic/groups/fjord/move?to=fjord")
	nora.Sees("Move Fjord below which group?")
	nora.Shows(".k-note.k-bad") // not below itself
	nora.GoTo("/as/nordic/groups/fjord/move?to=sund")
	nora.Sees("Move Fjord below Sund?", "Nordic › Sund › Fjord")
	picture(t, nora, "move")
	nora.Click(".modal button.btn")
	nora.Until(`location.pathname === "/as/nordic/groups/fjord"`)
	nora.Sees("Moved by Nora Dahl")
	nora.Until(`document.querySelector(".k-crumb").innerText.includes("Sund")`)
	nora.GoTo("/as/nordic/groups/sund/move?to=fjord")
	nora.Shows(".k-note.k-bad") // not below one of its own
}

func suspendsAndRemoves(nora, ben *portaltest.Tab) {
	nora.GoTo("/as/nordic/people?in=sund")
	nora.Click("tbody a")
	nora.Click(".k-actions a[href$=suspend]")
	nora.Sees("Suspend Ben Hartmann in Sund?")
	nora.Put("[name=reason]", "On leave")
	nora.Click(".btn-danger")
	nora.Sees("Ben Hartmann is suspended", "Reason: On leave")
	ben.GoTo("/as/sund")
	ben.Sees("There is nothing here")
	nora.Click(".k-actions a[href$=resume]")
	nora.Click(".modal .btn-primary")
	nora.Sees("Ben Hartmann was resumed by Nora Dahl")
	ben.GoTo("/as/sund")
	ben.Sees("Ben Hartmann, member")
	nora.Click(".k-actions a[href$=role]")
	nora.Click(".modal .btn-primary")
	nora.Sees("admin in Sund", "Role: member → admin")
	nora.Click(".k-actions a[href$=remove]")
	nora.Put("[name=reason]", "Left the company")
	nora.Click(".btn-danger")
	nora.Sees("Nobody in Sund yet")
	ben.GoTo("/as/sund")
	ben.Sees("There is nothing here")
}

func callsWithSecrets(t *testing.T, h runningHouse, nora *portaltest.Tab) {
	known := func(secret string) bool {
		return askAs(t, h.soap, "shop@fjord.example", secret, "ListOffers", "") != "unauthenticated"
	}
	secret := func() string { return portaltest.JS[string](nora, `document.querySelector("#secret").textContent`) }
	nora.GoTo("/as/nordic/service-accounts/new?to=fjord")
	nora.Put("[name=label]", "Web shop")
	nora.Put("[name=name]", "shop@fjord.example")
	nora.Click("main .btn-primary")
	nora.Shows("#secret")
	first := secret()
	if !known(first) {
		t.Error("the secret that was shown is not let in")
	}
	nora.Click("main .btn-primary")
	nora.Sees("service account in Fjord", "/soap/v1?wsdl")
	nora.Click("a[href$=secret]")
	nora.Shows("[name=overlap]")
	nora.Set("[name=overlap]", "500")
	nora.Click(".modal .btn-primary")
	nora.Until(`document.activeElement.name === "overlap" && !!document.querySelector(".modal .k-err")`) // the server says so, too
	nora.Set("[name=overlap]", "24")
	nora.Click(".modal .btn-primary")
	nora.Shows("#secret")
	second := secret()
	if second == first || !known(second) || !known(first) {
		t.Errorf("after the change: new %v, old %v", known(second), known(first))
	}
	nora.Click("main .btn-primary")
	nora.Sees("The old secret works until")
	nora.Click("a[href$=overlap]")
	nora.Click(".btn-danger")
	nora.Until(`!document.body.innerText.includes("The old secret works until")`)
	if known(first) || !known(second) {
		t.Errorf("after the overlap: new %v, old %v", known(second), known(first))
	}
}

// namesNobodyAbove lets people from above change what an admin below sees, and reads every page that he can reach
// about groups and people.
func namesNobodyAbove(t *testing.T, isv, nora *portaltest.Tab) {
	isv.GoTo("/as/aurora/groups/nordic/edit")
	isv.Set("[name=contactPhone]", "+47 22")
	isv.Click("main .btn-primary")
	isv.Sees("Changed by Iris Voss")
	invite(isv, "aurora", "fjord", "ola@fjord.example", "member")
	nora.GoTo("/as/nordic/people")
	pages := portaltest.JS[map[string]string](nora, `(async () => {
		const seen = {}, queue = ["/as/nordic/people", "/as/nordic/groups/nordic", "/as/nordic/invitations", "/as/nordic/people?role=service", "/as/nordic/groups/fjord/move"];
		while (queue.length) {
			const path = queue.shift();
			if (path in seen) continue;
			const page = new DOMParser().parseFromString(await (await fetch(path)).text(), "text/html");
			seen[path] = page.documentElement.outerHTML;
			for (const a of page.querySelectorAll("main a, .modal a")) {
				const to = new URL(a.getAttribute("href"), location.href);
				if (to.origin === location.origin && /^\/as\/nordic\/(people|groups|invitations|service-accounts)/.test(to.pathname)) queue.push(to.pathname + to.search);
			}
		}
		return seen;
	})()`, chromedp.EvalAwaitPromise)
	if len(pages) < 40 {
		t.Errorf("only %d pages were found", len(pages))
	}
	fromAbove := 0
	for path, page := range pages {
		for _, name := range []string{"Iris Voss", "isv@aurora", "Stefan Adler", "staff@aurora", "erp@aurora", "Anna Lindqvist", "anna@northwind", ">Northwind<", "aurora<", "/groups/aurora", "in=northwind"} {
			if strings.Contains(page, name) {
				t.Errorf("%s names %s", path, name)
			}
		}
		if strings.Contains(page, "from above") || strings.Contains(page, "somebody above") {
			fromAbove++
		}
	}
	if fromAbove == 0 {
		t.Error("no page says that something came from above")
	}
}
