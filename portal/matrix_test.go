package portal_test

import (
	"net/url"
	"testing"

	"kontor/portal/portaltest"
)

func TestPermissionMatrix(t *testing.T) {
	w := newWorld(t)
	all := w.grants["m-anna@northwind.example-northwind"]
	w.addMember("staff@aurora.example", "Sam Field", "aurora", "Aurora Software", "member", all)
	account := func(email, group string) portaltest.Account {
		return portaltest.Account{Email: email, Password: password, Group: group}
	}
	portaltest.RunMatrix(t, portaltest.Setting{
		URL: startPortal(t, w),
		Accounts: map[portaltest.Role]portaltest.Account{
			portaltest.Outsider: account("staff@aurora.example", "northwind"),
			portaltest.Empty:    account("ben@northwind.example", "fjord"),
			portaltest.Creator:  account("cleo@northwind.example", "northwind"),
			portaltest.Member:   account("ben@northwind.example", "northwind"),
			portaltest.Admin:    account("anna@northwind.example", "northwind"),
			portaltest.Above:    account(iris, "aurora"),
		},
		Member:  "m-ben@northwind.example-northwind",
		Written: func(*testing.T) string { return w.written() },
		NewSubscription: func(*testing.T) (license, order string) {
			w.mu.Lock()
			defer w.mu.Unlock()
			return w.subscribe()
		},
		Category: "partner", Product: "AUR-SUITE",
		Form: url.Values{"parameter.seats": {"3"}, "customer.name": {"Ute Brückner"}, "dataField.reference": {"NW-1"}},
	})
}
