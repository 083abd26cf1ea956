package usecasetest

import (
	"strings"
	"testing"

	"kontor/internal/access"
	"kontor/internal/demo"
	"kontor/internal/licensing"
	"kontor/internal/ordering"
	"kontor/internal/subscriptions"
)

// madeAccount is a service account of Northwind with its secret.
func (h *house) madeAccount(t testing.TB) access.NewSecret {
	t.Helper()
	made, _, err := h.access.CreateServiceAccount(t.Context(), h.anna(t), "", access.CreateServiceAccount{Name: shop, Label: "Web shop"})
	must(t, err)
	return made
}

// hold holds the demo's ERP account to something, and comes in as it.
func (h *house) hold(t testing.TB, a licensing.Allowance) licensing.Actor {
	t.Helper()
	_, _, err := h.access.SetAllowance(t.Context(), h.isv(t), "", access.SetAllowance{Membership: h.erpAccount(t).ID, Allowance: a})
	must(t, err)
	return got[licensing.Actor](t)(h.tries(t, erpName, demo.Password, office))
}

// TestAllowedAddresses lets an account in from its networks alone, and tells nobody but itself.
func TestAllowedAddresses(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.hold(t, licensing.Allowance{Addresses: []string{"203.0.113.0/24", "2001:db8::1"}})
		for _, from := range []string{office, "203.0.113.255", "::ffff:203.0.113.9", "2001:db8::1"} {
			_, err := h.tries(t, erpName, demo.Password, from)
			must(t, err)
		}
		for _, from := range []string{stranger, "2001:db8::2", ""} {
			_, err := h.tries(t, erpName, demo.Password, from)
			refused(t, "from "+from, err, licensing.CodeUnauthenticated, "")
			if !strings.Contains(err.Error(), "may not be used from "+from) {
				t.Errorf("from %q: %v", from, err)
			}
			_, wrong := h.tries(t, erpName, "wrong", from)
			_, nobody := h.tries(t, "nobody@aurora.example", "wrong", from)
			same(t, "to a stranger", wrong.Error(), nobody.Error())
		}
		text, c := madeCertificate(t, curveKey(t), soldOn, soldOn.AddDate(1, 0, 0))
		_, _, err := h.access.AddCertificate(t.Context(), h.isv(t), "", access.AddCertificate{Membership: h.erpAccount(t).ID, PEM: text})
		must(t, err)
		_, err = h.presents(t, c)
		refused(t, "by a certificate from elsewhere", err, licensing.CodeUnauthenticated, "")
	})
}

// TestHeldToAGroup has an account of the ISV work as if it was of Northwind: what lies beside is not there.
func TestHeldToAGroup(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		free := h.hold(t, licensing.Allowance{})
		same(t, "held to nothing", free.Allowance == nil, true)
		in := trial()
		elsewhere := h.create(t, free, in)
		actor := h.hold(t, licensing.Allowance{Group: "northwind"})
		created := h.create(t, actor, in)
		same(t, "created for", created.Licenses[0].GroupCode, "northwind")
		_, err := h.ordering.License(t.Context(), actor, elsewhere.Licenses[0].Ticket)
		refused(t, "a license of the ISV", err, licensing.CodeNotFound, "ticket")
		_, err = h.ordering.Order(t.Context(), actor, elsewhere.OrderNumber)
		refused(t, "an order of the ISV", err, licensing.CodeNotFound, "orderNumber")
		for _, id := range h.find(t, actor, ordering.FindLicenses{Product: in.Product}) {
			same(t, "found", h.license(t, id).GroupCode, "northwind")
		}
		beside := func(group string) string {
			in := in
			in.Group = group
			_, _, err := h.ordering.CreateLicense(t.Context(), actor, licensing.NewID(), in)
			refused(t, "for "+group, err, licensing.CodeDenied, "group")
			return strings.ReplaceAll(err.Error(), group, "G")
		}
		same(t, "beside, above and nowhere in the same words", []string{beside("fjord"), beside("aurora")}, []string{beside("nowhere"), beside("nowhere")})

		// Who sees Northwind alone does not read the name of an account above.
		newest := h.newest(t, h.anna(t), created.Licenses[0].ID)
		same(t, "who did it, for Northwind", []any{newest.By, newest.FromAbove}, []any{"", true})
		same(t, "who did it, for the ISV", h.newest(t, h.isv(t), created.Licenses[0].ID).ByGroup, "aurora")
		runs := h.create(t, h.anna(t), suite()).Licenses[0]
		h.cancel(t, actor, subscriptions.Cancel{Ticket: runs.Ticket})
		same(t, "who cancelled, on the receipt", h.receipts(t, h.anna(t), runs.ID)[0].Facts.CancelledBy, "")
	})
}

// TestHeldToAGroupThatLeft refuses an account whose group was put elsewhere, rather than let it see more or something else.
func TestHeldToAGroupThatLeft(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		made, _, err := h.access.CreateServiceAccount(t.Context(), h.isv(t), "", access.CreateServiceAccount{Group: "nordic", Name: "erp@nordic.example", Label: "ERP"})
		must(t, err)
		_, _, err = h.access.SetAllowance(t.Context(), h.isv(t), "", access.SetAllowance{Membership: made.Account.Membership.ID, Allowance: licensing.Allowance{Group: "fjord"}})
		must(t, err)
		actor, err := h.tries(t, "erp@nordic.example", made.Secret, office)
		must(t, err)
		same(t, "works in", actor.GroupCode, "fjord")
		_, _, err = h.access.MoveGroup(t.Context(), h.isv(t), "", access.MoveGroup{Code: "fjord", Under: "northwind"})
		must(t, err)
		_, err = h.tries(t, "erp@nordic.example", made.Secret, office)
		refused(t, "after the move", err, licensing.CodeDenied, "")
	})
}

// TestHeldToCategories has grants count in some categories alone; the others look like those that were never granted.
func TestHeldToCategories(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		in := trial()
		created := h.create(t, h.hold(t, licensing.Allowance{}), in)
		actor := h.hold(t, licensing.Allowance{Categories: []string{"internal"}})
		_, _, err := h.ordering.CreateLicense(t.Context(), actor, licensing.NewID(), in)
		refused(t, "creating", err, licensing.CodeDenied, "category")
		unknown := in
		unknown.Category = "nowhere"
		_, _, other := h.ordering.CreateLicense(t.Context(), actor, licensing.NewID(), unknown)
		refused(t, "creating in no category", other, licensing.CodeDenied, "category")
		same(t, "in the same words", strings.ReplaceAll(err.Error(), in.Category, "C"), strings.ReplaceAll(other.Error(), "nowhere", "C"))
		_, _, err = h.ordering.ChangeState(t.Context(), actor, licensing.NewID(), licensing.ToSuspend, ordering.ChangeState{Ticket: created.Licenses[0].Ticket, Reason: "unpaid"})
		refused(t, "suspending", err, licensing.CodeDenied, "ticket")
		same(t, "offers", got[[]licensing.Category](t)(h.offeredIn(t, actor))[0].Code, "internal")
		_, err = h.ordering.License(t.Context(), actor, created.Licenses[0].Ticket)
		must(t, err) // reading needs sight and no grant
		actor = h.hold(t, licensing.Allowance{Categories: []string{in.Category}})
		h.create(t, actor, in)
		same(t, "offers of its category", len(got[[]licensing.Category](t)(h.offeredIn(t, actor))), 1)
	})
}

// offeredIn are the categories of which an actor is offered something.
func (h *house) offeredIn(t testing.TB, actor licensing.Actor) (all []licensing.Category, err error) {
	t.Helper()
	offers, err := h.catalog.Offers(t.Context(), actor, "", "")
	for _, o := range offers {
		all = append(all, o.Category)
	}
	return all, err
}

// TestHeldToACategoryBeyondSight: what the ISV has held an account to stays when its own admin, who does not know of it,
// changes something else.
func TestHeldToACategoryBeyondSight(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		id := h.madeAccount(t).Account.Membership.ID
		set := func(actor licensing.Actor, a licensing.Allowance) (access.AllowanceRow, error) {
			row, _, err := h.access.SetAllowance(t.Context(), actor, "", access.SetAllowance{Membership: id, Allowance: a})
			return row, err
		}
		got[access.AllowanceRow](t)(set(h.isv(t), licensing.Allowance{Categories: []string{"internal"}}))
		row := got[access.AllowanceRow](t)(set(h.anna(t), licensing.Allowance{Categories: []string{"internal", "partner"}}))
		same(t, "kept", row.Categories, []string{"internal", "partner"})
		got[access.AllowanceRow](t)(set(h.anna(t), licensing.Allowance{Categories: []string{"partner"}}))
		_, err := set(h.anna(t), licensing.Allowance{Categories: []string{"internal"}})
		refused(t, "once it is gone", err, licensing.CodeInvalidRequest, "categories")
		same(t, "in the words for none", strings.Contains(err.Error(), "There is no category internal"), true)
	})
}

// TestAllowanceSet holds who may say what, and that it is kept, counted and audited.
func TestAllowanceSet(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		anna := h.anna(t)
		made := h.madeAccount(t)
		m := made.Account.Membership
		unchanged(t, h, "refusals", func() {
			for name, c := range map[string]struct {
				actor licensing.Actor
				in    licensing.Allowance
				code  licensing.Code
				field string
			}{
				"an odd address":     {anna, licensing.Allowance{Addresses: []string{"shop"}}, licensing.CodeInvalidRequest, "addresses"},
				"no such operation":  {anna, licensing.Allowance{Operations: []string{"DropTables"}}, licensing.CodeInvalidRequest, "operations"},
				"a group beside":     {anna, licensing.Allowance{Group: "fjord"}, licensing.CodeInvalidRequest, "group"},
				"a group above":      {anna, licensing.Allowance{Group: "aurora"}, licensing.CodeInvalidRequest, "group"},
				"above, for the ISV": {h.isv(t), licensing.Allowance{Group: "aurora"}, licensing.CodeInvalidRequest, "group"},
				"an odd category":    {anna, licensing.Allowance{Categories: []string{"a b"}}, licensing.CodeInvalidRequest, "categories"},
				"no such category":   {h.isv(t), licensing.Allowance{Categories: []string{"partner", "partnr"}}, licensing.CodeInvalidRequest, "categories"},
				"one beyond sight":   {anna, licensing.Allowance{Categories: []string{"internal"}}, licensing.CodeInvalidRequest, "categories"},
				"a member":           {h.ben(t), licensing.Allowance{}, licensing.CodeDenied, ""},
				"an admin beside":    {h.freya(t), licensing.Allowance{}, licensing.CodeNotFound, "membership"},
				"a service account":  {h.erpAccount(t), licensing.Allowance{}, licensing.CodeDenied, ""},
			} {
				_, _, err := h.access.SetAllowance(t.Context(), c.actor, "", access.SetAllowance{Membership: m.ID, Allowance: c.in})
				refused(t, name, err, c.code, c.field)
			}
			_, _, err := h.access.SetAllowance(t.Context(), anna, "", access.SetAllowance{Membership: m.ID}) // as it is
			must(t, err)
		})
		in := access.SetAllowance{Membership: m.ID, Version: m.Version, Allowance: licensing.Allowance{
			Addresses: []string{"203.0.113.7"}, Operations: []string{"GetOrder", "GetLicense"}, Group: "northwind", Categories: []string{"partner"},
		}}
		row, _, err := h.access.SetAllowance(t.Context(), anna, "", in)
		must(t, err)
		want := licensing.Allowance{Addresses: []string{"203.0.113.7/32"}, Operations: []string{"GetLicense", "GetOrder"}, Categories: []string{"partner"}}
		same(t, "kept; its own group is none", row.Allowance, want)
		same(t, "read", got[access.AllowanceRow](t)(h.access.Allowance(t.Context(), anna, m.ID)), row)
		_, _, err = h.access.SetAllowance(t.Context(), anna, "", access.SetAllowance{Membership: m.ID, Version: m.Version})
		refused(t, "another one's change of what was shown before", err, licensing.CodeConflict, "")
		newest := got[[]licensing.HistoryEntry](t)(h.access.PersonHistory(t.Context(), anna, m.ID))[0]
		same(t, "history", newest.Action, "serviceAccount.allowanceChanged")
		same(t, "what changed", newest.Detail, []licensing.Value{
			licensing.FromTo("addresses", "", "203.0.113.7/32"), licensing.FromTo("operations", "", "GetLicense, GetOrder"), licensing.FromTo("categories", "", "partner"),
		})
		actor, err := h.tries(t, shop, made.Secret, "203.0.113.7")
		must(t, err)
		same(t, "may call", []bool{actor.MayCall("GetOrder") == nil, actor.MayCall("CreateLicense") == nil}, []bool{true, false})
	})
}
