package portal_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"kontor/internal/licensing"
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
	b.Put("[name=callsPerMinute]", "61")
	b.Put("[name=callsPerDay]", "500")
	b.Click("main .btn-primary")
	b.Sees("Enter 1 to 60, or nothing for the default.")
	b.Sees(`"shop.example" is no address and no network.`)
	if got := portaltest.JS[bool](b, `document.querySelector("[value=GetLicense]").checked && !document.querySelector("[value=GetOrder]").checked && document.querySelector("[name=callsPerMinute]").value == "61"`); !got {
		t.Error("what was chosen is not kept")
	}
	b.Set("[name=addresses]", "203.0.113.7, 198.51.100.0/24")
	b.Click("[name=categories][value=partner]")
	b.Set("[name=callsPerMinute]", "6")
	b.Click("main .btn-primary")
	b.Sees("198.51.100.0/24, 203.0.113.7/32", "GetLicense", "partner", "Calls a minute", "its own limit", "No limit")
	b.GoTo(page + "/allowance")
	if got := portaltest.JS[string](b, `["callsPerMinute", "callsPerDay", "licensesPerDay"].map(n => document.querySelector("[name=" + n + "]").value).join()`); got != "6,500," {
		t.Errorf("the form shows the limits %s", got)
	}
}

// TestCategoriesOfAnAllowance are chosen from those that there are, and from those that the account is held to already; a code that
// is typed by another way in is refused beside them.
func TestCategoriesOfAnAllowance(t *testing.T) {
	const account, page = "m-shop@fjord.example-fjord", "/as/nordic/people/m-shop@fjord.example-fjord/allowance"
	w := newWorld(t)
	nordic(w)
	w.people.allowances[account] = licensing.Allowance{Categories: []string{"retired"}}
	v := visit(t, startPortal(t, w))
	v.signIn(noraMail)
	shown := v.get(page)
	shown.want(t, http.StatusOK, `value="education"`, `name="categories" value="retired" checked`)
	if strings.Contains(shown.page, "<textarea class=\"form-control\" id=\"f-categories\"") {
		t.Error("codes are typed in")
	}
	form := url.Values{"acting": {"m-nora@nordic.example-nordic"}, "requestId": {"r-1"}, "categories": {"partner", "partnr"}}
	v.post(page, form).want(t, http.StatusUnprocessableEntity, "There is no category partnr", `href="#f-categories"`, `name="categories" value="partner" checked`)
	form["categories"] = []string{"partner", "education"}
	v.post(page, form).want(t, http.StatusSeeOther)
	v.get(strings.TrimSuffix(page, "/allowance")).want(t, http.StatusOK, "education, partner")
}
