// Package portaltest holds the permission matrix of the portal: every route by role, and what it answers. It runs
// against any portal, with use cases that are made up or real.
package portaltest

import (
	"crypto/rand"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"kontor/internal/licensing"
	"kontor/portal"
)

// Role is somebody in the matrix.
type Role string

// The roles.
const (
	Nobody   Role = "nobody"   // not signed in
	Outsider Role = "outsider" // signed in, asking for a group that he does not belong to
	Empty    Role = "empty"    // a member who holds nothing, in another group than the license's
	Creator  Role = "creator"  // a member who holds create alone
	Member   Role = "member"   // a member who holds create and modify
	Admin    Role = "admin"    // the group's admin, who holds everything
	Above    Role = "above"    // an admin of a group above, who holds everything

	// Simulating is Admin, who sees the portal as Member: he gets what Member gets, takes nothing along, and whatever
	// he sends is refused. It has no column of its own.
	Simulating Role = "simulating"
)

// Account is how a role signs in, and the group in the addresses that it asks for.
type Account struct {
	Email, Password, Group string
}

// Setting is a portal to run the matrix against.
type Setting struct {
	URL string
	// Accounts has an account for every role that can be had; Nobody needs none.
	Accounts map[Role]Account
	// Member is the membership that Simulating sees the portal as: that of the account Member.
	Member licensing.MembershipID
	// Written tells one state of what is stored from another, to see that nothing is written.
	Written func(t *testing.T) string
	// NewSubscription creates a license with a running subscription, owned by the group of Member and Admin.
	NewSubscription func(t *testing.T) (license, order string)
	// Category and Product name an offer that the holders may create, and Form the values that it takes.
	Category, Product string
	Form              url.Values
}

// row is a route, what is sent to it, and the status that each role gets.
type row struct {
	method, route string
	query         string     // {category}, {product} and {license} are filled in
	form          url.Values // of a POST; acting and requestId are added
	license       bool       // the setting's form for a license is sent
	own           bool       // it is about the user and not about whom he acts as
	download      bool       // it answers with a file
	want          map[Role]int
}

// Shorthands for statuses: what everybody gets, with exceptions after it.
type is map[Role]int

func all(status int, but is) map[Role]int {
	want := map[Role]int{}
	for _, r := range []Role{Nobody, Outsider, Empty, Creator, Member, Admin, Above, Simulating} {
		want[r] = status
	}
	for r, status := range but {
		want[r] = status
	}
	return want
}

// inGroup is a page of a group: to sign in first, or not there for who does not belong to it.
func inGroup(status int, but is) map[Role]int {
	want := all(status, is{Nobody: 303, Outsider: 404})
	for r, status := range but {
		want[r] = status
	}
	return want
}

// isvAdmin is a page of the catalog: everybody else who belongs to the group is denied.
func isvAdmin(status int) map[Role]int {
	return inGroup(403, is{Above: status})
}

// admins is a page about people and groups: members are denied.
func admins(status int) map[Role]int {
	return inGroup(403, is{Admin: status, Above: status})
}

// revokers is what needs revoke in the license's category.
func revokers(status int) map[Role]int {
	return inGroup(403, is{Empty: 404, Admin: status, Above: status})
}

// matrix is every route. Reads need sight, writes need a grant; what is beyond sight does not exist.
var matrix = []row{
	{method: "GET", route: "/", want: all(303, nil)},
	{method: "GET", route: "/sign-in", want: all(303, is{Nobody: 200})},
	{method: "POST", route: "/sign-in", form: url.Values{"email": {"nobody@nowhere.example"}, "password": {"wrong"}}, want: all(401, nil)},
	{method: "POST", route: "/theme", own: true, form: url.Values{"theme": {"dark"}}, want: all(303, nil)},

	{method: "GET", route: "/as/:group", want: inGroup(200, nil)},
	{method: "GET", route: "/as/:group/licenses", want: inGroup(200, nil)},
	{method: "GET", route: "/as/:group/licenses/choose", want: inGroup(200, nil)},
	{method: "GET", route: "/as/:group/licenses/new", query: "category={category}&product={product}", want: inGroup(200, is{Empty: 403})},
	{method: "POST", route: "/as/:group/licenses/new", query: "category={category}&product={product}", license: true, want: inGroup(303, is{Empty: 403})},
	{method: "POST", route: "/as/:group/licenses/lines", query: "category={category}&product={product}", license: true, form: url.Values{"edit": {"0"}}, want: inGroup(200, is{Empty: 403})},
	{method: "POST", route: "/as/:group/licenses/quote", query: "category={category}&product={product}", license: true, want: inGroup(200, is{Empty: 403})},
	{method: "GET", route: "/as/:group/customers", query: "q=a", want: inGroup(200, nil)},
	{method: "GET", route: "/as/:group/customers/find", query: "q=a", want: inGroup(200, nil)},
	{method: "GET", route: "/as/:group/calls", query: "q=a", want: inGroup(200, nil)},
	{method: "GET", route: "/as/:group/calls/:reference", want: inGroup(404, nil)}, // no call has the name that is filled in
	{method: "GET", route: "/as/:group/exports", want: inGroup(200, nil)},
	{method: "GET", route: "/as/:group/exports/new", query: "list=licenses&column=ticket", want: inGroup(200, nil)},
	{method: "POST", route: "/as/:group/exports", form: url.Values{"list": {"licenses"}, "format": {"csv"}, "column": {"ticket"}}, want: inGroup(303, nil)},
	{method: "GET", route: "/as/:group/exports/:id", want: inGroup(404, nil)}, // one is its owner's alone
	{method: "GET", route: "/as/:group/exports/:id/way", want: inGroup(404, nil)},
	{method: "GET", route: "/as/:group/exports/:id/file", want: inGroup(404, nil)},
	{method: "POST", route: "/as/:group/exports/:id/stop", want: inGroup(404, nil)},
	{method: "GET", route: "/as/:group/customers/:id", want: inGroup(404, nil)}, // a license's id is no customer's
	{method: "GET", route: "/as/:group/licenses/:id", want: inGroup(200, is{Empty: 404})},
	{method: "GET", route: "/as/:group/licenses/:id/file", download: true, want: inGroup(200, is{Empty: 404})},
	{method: "GET", route: "/as/:group/licenses/:id/cancel", want: inGroup(200, is{Empty: 404, Creator: 403})},
	{method: "POST", route: "/as/:group/licenses/:id/cancel", form: url.Values{"inTime": {"true"}}, want: inGroup(303, is{Empty: 404, Creator: 403})},
	// Of many, what one may not cancel is listed with the reason.
	{method: "GET", route: "/as/:group/licenses/cancel", query: "id={license}", want: inGroup(200, is{Empty: 404})},
	{method: "POST", route: "/as/:group/licenses/cancel", form: url.Values{"id": {"{license}"}}, want: inGroup(200, nil)},
	// A license that nobody has cancelled has no receipt.
	{method: "GET", route: "/as/:group/licenses/:id/receipts/:number/json", want: inGroup(404, nil)},
	{method: "GET", route: "/as/:group/licenses/:id/receipts/:number/pdf", want: inGroup(404, nil)},
	// Nobody but an admin of the ISV decides against the last day to cancel; here it has not passed, and a reason is missing.
	{method: "GET", route: "/as/:group/licenses/:id/end-early", want: inGroup(403, is{Empty: 404, Above: 409})},
	{method: "POST", route: "/as/:group/licenses/:id/end-early", form: url.Values{"reason": {"late"}}, want: inGroup(403, is{Empty: 404, Above: 409})},
	{method: "GET", route: "/as/:group/licenses/:id/run-on", want: inGroup(403, is{Empty: 404, Above: 409})},
	{method: "POST", route: "/as/:group/licenses/:id/run-on", form: url.Values{"reason": {"late"}}, want: inGroup(403, is{Empty: 404, Above: 409})},
	// A license that nobody has cancelled has nothing to withdraw; who may not modify hears that first.
	{method: "GET", route: "/as/:group/licenses/:id/withdraw", want: inGroup(409, is{Empty: 404, Creator: 403})},
	{method: "POST", route: "/as/:group/licenses/:id/withdraw", want: inGroup(409, is{Empty: 404, Creator: 403})},
	{method: "GET", route: "/as/:group/licenses/:id/modify", want: inGroup(200, is{Empty: 404, Creator: 403})},
	{method: "POST", route: "/as/:group/licenses/:id/modify", form: url.Values{"was.customer.name": {"Nobody"}, "customer.name": {"Ute Other"}}, want: inGroup(303, is{Empty: 404, Creator: 403})},
	{method: "GET", route: "/as/:group/licenses/:id/suspend", want: revokers(200)},
	{method: "POST", route: "/as/:group/licenses/:id/suspend", form: url.Values{"reason": {"matrix"}}, want: revokers(303)},
	{method: "GET", route: "/as/:group/licenses/:id/revoke", want: revokers(200)},
	{method: "POST", route: "/as/:group/licenses/:id/revoke", form: url.Values{"reason": {"matrix"}}, want: revokers(303)},
	{method: "GET", route: "/as/:group/licenses/:id/reinstate", want: inGroup(409, is{Empty: 404})}, // it is active
	{method: "POST", route: "/as/:group/licenses/:id/reinstate", form: url.Values{"reason": {"matrix"}}, want: revokers(409)},
	{method: "GET", route: "/as/:group/licenses/:id/delete", want: inGroup(409, is{Empty: 404})}, // it is no test
	{method: "POST", route: "/as/:group/licenses/:id/delete", form: url.Values{"reason": {"matrix"}}, want: revokers(409)},
	{method: "GET", route: "/as/:group/licenses/move", query: "id={license}", want: revokers(200)},
	{method: "POST", route: "/as/:group/licenses/move", form: url.Values{"id": {"{license}"}, "group": {"northwind"}, "reason": {"matrix"}}, want: revokers(409)}, // it is there already
	{method: "GET", route: "/as/:group/statements", want: inGroup(200, nil)},
	{method: "GET", route: "/as/:group/statements/close", want: inGroup(403, nil)}, // no month is over
	{method: "POST", route: "/as/:group/statements/close", form: url.Values{"month": {"2020-01"}}, want: inGroup(403, is{Above: 409})},
	{method: "GET", route: "/as/:group/statements/:code/:month", want: inGroup(404, nil)}, // nobody's is called as a license is
	{method: "GET", route: "/as/:group/statements/:code/:month/way", want: inGroup(404, nil)},
	{method: "POST", route: "/as/:group/statements/:code/:month/again", want: inGroup(404, nil)},
	{method: "GET", route: "/as/:group/statements/:code/:month/csv", want: inGroup(404, nil)},
	{method: "GET", route: "/as/:group/statements/:code/:month/pdf", want: inGroup(404, nil)},
	{method: "GET", route: "/as/:group/orders", want: inGroup(200, nil)},
	{method: "GET", route: "/as/:group/orders/:number", want: inGroup(200, is{Empty: 404})},
	{method: "GET", route: "/as/:group/orders/:number/way", want: inGroup(200, is{Empty: 404})},
	{method: "GET", route: "/as/:group/orders/:number/settle/:message", want: inGroup(404, nil)}, // no message is called so
	{method: "POST", route: "/as/:group/orders/:number/settle/:message", want: inGroup(404, nil)},

	{method: "GET", route: "/as/:group/time-machine", query: "cancel={license}", want: inGroup(200, nil)},
	{method: "GET", route: "/as/:group/time-machine/file", download: true, want: inGroup(200, nil)},
	{method: "GET", route: "/as/:group/calendar-feed", want: inGroup(200, nil)},
	{method: "POST", route: "/as/:group/calendar-feed", want: inGroup(200, nil)},
	{method: "POST", route: "/as/:group/calendar-feed/withdraw", want: inGroup(303, nil)},
	{method: "GET", route: "/calendar/:secret", want: all(404, nil)}, // nobody's secret

	{method: "GET", route: "/as/:group/grants", want: inGroup(403, is{Admin: 200, Above: 200})},
	{method: "GET", route: "/as/:group/grants/categories", query: "cq=part", want: inGroup(200, nil)},
	{method: "POST", route: "/as/:group/grants/give", form: url.Values{"who": {"member:nobody@nowhere.example/nowhere"}, "category": {"partner"}, "action": {"create"}}, want: inGroup(403, is{Admin: 404, Above: 404})},
	{method: "POST", route: "/as/:group/grants/end", form: url.Values{"grant": {"none"}}, want: inGroup(403, is{Admin: 404, Above: 404})},
	{method: "GET", route: "/as/:group/grants/take-back", query: "grant=none", want: inGroup(403, is{Admin: 404, Above: 404})},
	{method: "POST", route: "/as/:group/grants/take-back", form: url.Values{"grant": {"none"}, "fingerprint": {"none"}}, want: inGroup(403, is{Admin: 404, Above: 404})},
	{method: "GET", route: "/as/:group/grants/copy", want: inGroup(403, is{Admin: 200, Above: 200})},
	{method: "POST", route: "/as/:group/grants/copy", form: url.Values{"from": {"nobody"}, "to": {"nobody"}}, want: inGroup(403, is{Admin: 404, Above: 404})},
	{method: "GET", route: "/as/:group/grants/copy/people", query: "side=to", want: inGroup(403, is{Admin: 200, Above: 200})},
	{method: "GET", route: "/as/:group/explain", query: "action=create&category=partner", want: inGroup(200, nil)},
	{method: "POST", route: "/as/:group/simulate", form: url.Values{"member": {"nobody"}}, want: inGroup(403, is{Admin: 404, Above: 404})},
	{method: "POST", route: "/simulation/end", own: true, want: all(303, nil)},

	{method: "GET", route: "/as/:group/categories/:category/offers/:product", want: isvAdmin(200)},
	{method: "POST", route: "/as/:group/categories/:category/offers/:product", want: isvAdmin(409)},
	{method: "POST", route: "/as/:group/categories/:category/offers/:product/preview", want: isvAdmin(200)},
	{method: "GET", route: "/as/:group/categories", want: isvAdmin(200)},
	{method: "POST", route: "/as/:group/categories", want: isvAdmin(404)},
	{method: "GET", route: "/as/:group/new-category", want: isvAdmin(200)},
	{method: "POST", route: "/as/:group/new-category", want: isvAdmin(422)},
	{method: "GET", route: "/as/:group/categories/:category", want: isvAdmin(200)},
	{method: "POST", route: "/as/:group/categories/:category", want: isvAdmin(404)},
	{method: "GET", route: "/as/:group/categories/:category/edit", want: isvAdmin(200)},
	{method: "POST", route: "/as/:group/categories/:category/edit", want: isvAdmin(409)},
	{method: "GET", route: "/as/:group/categories/:category/delete", want: isvAdmin(200)},
	{method: "POST", route: "/as/:group/categories/:category/delete", want: isvAdmin(409)},
	{method: "GET", route: "/as/:group/categories/:category/sort-in", want: isvAdmin(200)},
	{method: "POST", route: "/as/:group/categories/:category/sort-in", want: isvAdmin(422)},
	{method: "POST", route: "/as/:group/categories/:category/sort-out", want: isvAdmin(303)},
	{method: "GET", route: "/as/:group/categories/:category/offers/:product/versions", want: isvAdmin(200)},
	{method: "GET", route: "/as/:group/categories/:category/offers/:product/compare", want: isvAdmin(404)},
	{method: "GET", route: "/as/:group/products", want: isvAdmin(200)},
	{method: "GET", route: "/as/:group/new-product", want: isvAdmin(200)},
	{method: "POST", route: "/as/:group/new-product", want: isvAdmin(422)},
	{method: "GET", route: "/as/:group/sort-products", query: "product={product}", want: isvAdmin(200)},
	{method: "POST", route: "/as/:group/sort-products", form: url.Values{"step": {"ask"}, "product": {"{product}"}}, want: isvAdmin(422)},
	{method: "GET", route: "/as/:group/products/:product", want: isvAdmin(200)},
	{method: "GET", route: "/as/:group/products/:product/edit", want: isvAdmin(200)},
	{method: "POST", route: "/as/:group/products/:product/edit", want: isvAdmin(409)},
	{method: "GET", route: "/as/:group/products/:product/sale", want: isvAdmin(200)},
	{method: "POST", route: "/as/:group/products/:product/sale", want: isvAdmin(409)}, // without the version that was seen
	{method: "GET", route: "/as/:group/data-fields", want: isvAdmin(200)},
	{method: "POST", route: "/as/:group/data-fields", want: isvAdmin(404)},
	{method: "GET", route: "/as/:group/new-data-field", want: isvAdmin(200)},
	{method: "POST", route: "/as/:group/new-data-field", want: isvAdmin(422)},
	{method: "POST", route: "/as/:group/new-data-field/preview", want: isvAdmin(200)},
	{method: "GET", route: "/as/:group/data-fields/:field", want: isvAdmin(404)},
	{method: "POST", route: "/as/:group/data-fields/:field", want: isvAdmin(404)},
	{method: "POST", route: "/as/:group/data-fields/:field/preview", want: isvAdmin(404)},
	{method: "GET", route: "/as/:group/data-fields/:field/delete", want: isvAdmin(404)},
	{method: "POST", route: "/as/:group/data-fields/:field/delete", want: isvAdmin(404)},

	{method: "GET", route: "/as/:group/people", query: "q=b", want: admins(200)},
	{method: "GET", route: "/as/:group/people/invite", want: admins(200)},
	{method: "POST", route: "/as/:group/people/invite", form: url.Values{"email": {"nobody"}}, want: admins(422)},
	{method: "GET", route: "/as/:group/people/:id", want: admins(200)},
	{method: "GET", route: "/as/:group/people/:id/role", want: admins(200)},
	{method: "POST", route: "/as/:group/people/:id/role", form: url.Values{"role": {"king"}, "version": {"1"}}, want: admins(422)},
	{method: "GET", route: "/as/:group/people/:id/suspend", want: admins(200)},
	{method: "POST", route: "/as/:group/people/:id/suspend", form: url.Values{"version": {"1"}}, want: admins(422)},
	{method: "GET", route: "/as/:group/people/:id/resume", want: admins(409)},
	{method: "POST", route: "/as/:group/people/:id/resume", form: url.Values{"version": {"1"}}, want: admins(303)}, // he is active already,
	{method: "GET", route: "/as/:group/people/:id/remove", want: admins(200)},
	{method: "POST", route: "/as/:group/people/:id/remove", form: url.Values{"version": {"1"}}, want: admins(422)},
	{method: "GET", route: "/as/:group/people/:id/secret", want: admins(404)},
	{method: "POST", route: "/as/:group/people/:id/secret", form: url.Values{"overlap": {"24"}}, want: admins(404)},
	{method: "GET", route: "/as/:group/people/:id/use", want: admins(404)}, // whom the matrix fills in is no service account
	{method: "GET", route: "/as/:group/people/:id/overlap", want: admins(404)},
	{method: "POST", route: "/as/:group/people/:id/overlap", want: admins(404)},
	{method: "GET", route: "/as/:group/people/:id/allowance", want: admins(404)},
	{method: "POST", route: "/as/:group/people/:id/allowance", want: admins(404)},
	{method: "GET", route: "/as/:group/people/:id/sandbox", want: admins(404)},
	{method: "POST", route: "/as/:group/people/:id/sandbox", form: url.Values{"hours": {"1"}, "answer": {"lost"}}, want: admins(404)},
	{method: "POST", route: "/as/:group/people/:id/sandbox/off", want: admins(404)},
	{method: "GET", route: "/as/:group/people/:id/certificates/new", want: admins(404)},
	{method: "POST", route: "/as/:group/people/:id/certificates/new", want: admins(404)},
	{method: "GET", route: "/as/:group/people/:id/certificates/:certificate/remove", want: admins(404)},
	{method: "POST", route: "/as/:group/people/:id/certificates/:certificate/remove", want: admins(404)},
	{method: "GET", route: "/as/:group/integration", want: admins(200)},
	{method: "GET", route: "/as/:group/integration/console", want: admins(200)},
	{method: "POST", route: "/as/:group/integration/console", form: url.Values{"operation": {"ListOffers"}, "account": {"none"}, "envelope": {"<a/>"}}, want: admins(404)},
	{method: "GET", route: "/as/:group/service-accounts/new", want: admins(200)},
	{method: "POST", route: "/as/:group/service-accounts/new", want: admins(422)},
	{method: "GET", route: "/as/:group/invitations", want: admins(200)},
	{method: "POST", route: "/as/:group/invitations/:id/resend", want: admins(404)},
	{method: "GET", route: "/as/:group/invitations/:id/withdraw", want: admins(404)},
	{method: "POST", route: "/as/:group/invitations/:id/withdraw", want: admins(404)},
	{method: "GET", route: "/as/:group/groups/new", want: admins(200)},
	{method: "POST", route: "/as/:group/groups/new", want: admins(422)},
	{method: "GET", route: "/as/:group/groups/:code", want: admins(200)},
	{method: "GET", route: "/as/:group/groups/:code/edit", want: admins(200)},
	{method: "POST", route: "/as/:group/groups/:code/edit", form: url.Values{"version": {"1"}}, want: admins(422)},
	{method: "GET", route: "/as/:group/groups/:code/move", want: admins(403)}, // the own group is moved from above
	{method: "POST", route: "/as/:group/groups/:code/move", want: admins(403)},
	{method: "GET", route: "/invitation/:token", want: all(404, nil)},
	{method: "POST", route: "/invitation/:token", want: all(404, nil)},

	{method: "GET", route: "/demo/clock", want: all(200, is{Nobody: 303})},
	{method: "POST", route: "/demo/clock", form: url.Values{"to": {"yesterday"}}, want: all(422, is{Nobody: 303})},
	{method: "POST", route: "/sign-out", own: true, want: all(303, nil)}, // the last: afterwards nobody is signed in
}

// RunMatrix asks every route as every role that the setting has. A route of the portal that is not in the matrix
// fails, as does a row without a route.
func RunMatrix(t *testing.T, s Setting) {
	t.Helper()
	rows := map[string]bool{}
	for _, r := range matrix {
		rows[r.method+" "+r.route] = true
	}
	for _, r := range portal.Routes() {
		if name := r.Method + " " + r.Path; !rows[name] {
			t.Errorf("%s is not in the permission matrix", name)
		}
		delete(rows, r.Method+" "+r.Path)
	}
	for name := range rows {
		t.Errorf("%s is in the permission matrix, but is no route", name)
	}
	s.Accounts[Nobody] = Account{Group: s.Accounts[Member].Group}
	for role, account := range s.Accounts {
		t.Run(string(role), func(t *testing.T) {
			c := newClient(t, s.URL, account)
			for _, r := range matrix {
				c.check(t, s, r, role)
			}
		})
	}
	t.Run(string(Simulating), func(t *testing.T) {
		c := newClient(t, s.URL, s.Accounts[Admin])
		for _, r := range matrix {
			c.look(t, s) // again for each route, since some end it
			c.check(t, s, r, Simulating)
		}
	})
}

// look begins to see the portal as the setting's member, unless it is seen so already.
func (c *client) look(t *testing.T, s Setting) {
	t.Helper()
	if _, page := c.send(t, "GET", "/as/"+c.account.Group, nil); strings.Contains(page, `action="/simulation/end"`) {
		return
	}
	*c = *newClient(t, s.URL, s.Accounts[Admin])
	form := url.Values{"acting": {c.acting}, "requestId": {rand.Text()}, "member": {string(s.Member)}}
	if status, page := c.send(t, "POST", "/as/"+c.account.Group+"/simulate", form); status != 303 {
		t.Fatalf("the portal is not shown as somebody else: %d %s", status, heading(page))
	}
}

// wanted is the status that a role gets.
func (r row) wanted(role Role) int {
	switch {
	case role != Simulating || r.own:
		return r.want[role]
	case r.method == "POST" || r.download:
		return 403
	default:
		return r.want[Member]
	}
}

// client is somebody's browser, without the browser.
type client struct {
	http    *http.Client
	url     string
	account Account
	acting  string // the membership, as the pages' forms carry it
}

var actingField = regexp.MustCompile(`name="acting" value="([^"]+)"`)

// newClient signs somebody in, and reads from a form as whom he acts.
func newClient(t *testing.T, base string, a Account) *client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	c := &client{url: base, account: a, http: &http.Client{
		Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	if a.Email == "" {
		return c
	}
	if status, _ := c.send(t, "POST", "/sign-in", url.Values{"email": {a.Email}, "password": {a.Password}}); status != 303 {
		t.Fatalf("%s cannot sign in: %d", a.Email, status)
	}
	c.send(t, "GET", "/as/"+a.Group, nil) // makes it the group acted in last, which the clock's form carries
	_, page := c.send(t, "GET", "/demo/clock", nil)
	if m := actingField.FindStringSubmatch(page); m != nil {
		c.acting = m[1]
	}
	return c
}

// check asks a route and compares the status.
func (c *client) check(t *testing.T, s Setting, r row, role Role) {
	t.Helper()
	path := strings.NewReplacer(":group", c.account.Group, ":code", c.account.Group, ":token", "nobody-has-it", "/people/:id", "/people/"+string(s.Member), ":category", s.Category, ":product", s.Product).Replace(r.route)
	if strings.Contains(path, ":id") || strings.Contains(path, ":number") {
		license, order := s.NewSubscription(t)
		path = strings.NewReplacer(":id", license, ":number", order).Replace(path)
	}
	license := ""
	if strings.Contains(r.query, "{license}") || r.form.Get("id") == "{license}" {
		license, _ = s.NewSubscription(t)
	}
	if r.query != "" {
		path += "?" + strings.NewReplacer("{category}", s.Category, "{product}", s.Product, "{license}", license).Replace(r.query)
	}
	form := url.Values{}
	for name, values := range r.form {
		for _, value := range values {
			form.Add(name, strings.ReplaceAll(value, "{product}", s.Product))
		}
	}
	if form.Get("id") == "{license}" {
		form.Set("id", license)
	}
	if r.license {
		for name, values := range s.Form {
			form[name] = values
		}
	}
	if r.method == "POST" {
		form.Set("acting", c.acting)
		form.Set("requestId", fmt.Sprintf("matrix-%s-%s-%s", role, c.account.Email, path))
	}
	before := ""
	if role == Simulating && !r.own {
		before = s.Written(t)
	}
	status, page := c.send(t, r.method, path, form)
	if before != "" && s.Written(t) != before {
		t.Errorf("%s %s has written something", r.method, r.route)
	}
	if want := r.wanted(role); status != want {
		t.Errorf("%s %s answers %d, not %d: %s", r.method, r.route, status, want, heading(page))
	}
}

// send makes one request and returns the status and the page.
func (c *client) send(t *testing.T, method, path string, form url.Values) (int, string) {
	t.Helper()
	body := strings.NewReader("")
	if method == "POST" {
		body = strings.NewReader(form.Encode())
	}
	request, err := http.NewRequestWithContext(t.Context(), method, c.url+path, body)
	if err != nil {
		t.Fatal(err)
	}
	if method == "POST" {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	response, err := c.http.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	page, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(page)
}

var headings = regexp.MustCompile(`(?s)<h1>(.*?)</h1>`)

// heading is a page's heading, for a failure's message.
func heading(page string) string {
	if m := headings.FindStringSubmatch(page); m != nil {
		return m[1]
	}
	return page[:min(len(page), 200)]
}
