package usecasetest

import (
	"regexp"
	"testing"
	"time"

	"kontor/internal/access"
	"kontor/internal/catalog"
	"kontor/internal/licensing"
	"kontor/internal/ordering"
	"kontor/internal/usecase"
)

// knock tries to come in as a service account.
func (h *house) knock(t testing.TB, name, secret string) (licensing.Actor, error) {
	t.Helper()
	return h.access.Service(t.Context(), name, licensing.NewID(), func(clear []byte) bool { return string(clear) == secret })
}

const shop = "shop@northwind.example"

// TestServiceAccountLife walks a service account from its creation over rotations to its end.
func TestServiceAccountLife(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		anna := h.anna(t)
		in := access.CreateServiceAccount{Name: " Shop@Northwind.example", Label: "Web shop"}
		made, replayed, err := h.access.CreateServiceAccount(t.Context(), anna, "create", in)
		must(t, err)
		m := made.Account.Membership
		same(t, "the account", []any{m.Email, m.UserName, m.GroupCode, m.Role, made.Account.OldUntil, made.Account.SecretSince, replayed},
			[]any{shop, "Web shop", "northwind", licensing.RoleService, (*time.Time)(nil), soldOn, false})
		if !regexp.MustCompile(`^([A-Z2-7]{4}-){7}[A-Z2-7]{4}$`).MatchString(made.Secret) {
			t.Errorf("the secret is %q", made.Secret)
		}
		again, replayed, err := h.access.CreateServiceAccount(t.Context(), anna, "create", in)
		must(t, err)
		same(t, "shown once", []any{again.Account.Membership.ID, again.Secret, replayed}, []any{m.ID, "", true})
		in.Name = "another@northwind.example"
		other, _, err := h.access.CreateServiceAccount(t.Context(), anna, "", in)
		must(t, err)
		if other.Secret == made.Secret {
			t.Error("two accounts have the same secret")
		}
		actor, err := h.knock(t, shop, made.Secret)
		must(t, err)
		same(t, "comes in", []any{actor.ID, actor.Via}, []any{m.ID, "soap"})
		same(t, "holds nothing yet", h.decide(t, m.ID, licensing.Create, "partner"), false)

		// Rotated: both work until the overlap ends, then the new one alone.
		first := made.Secret
		rotated, _, err := h.access.RotateSecret(t.Context(), anna, "rotate", access.RotateSecret{Membership: m.ID, Version: made.Account.Membership.Version})
		must(t, err)
		same(t, "for a day", rotated.Account.OldUntil, new(soldOn.Add(24*time.Hour)))
		works := func(secret string, want bool) {
			t.Helper()
			if _, err := h.knock(t, shop, secret); (err == nil) != want {
				t.Errorf("works: %t (%v), want %t", err == nil, err, want)
			}
		}
		works(first, true)
		works(rotated.Secret, true)
		works("", false)
		_, _, err = h.access.RotateSecret(t.Context(), anna, "", access.RotateSecret{Membership: m.ID, Version: made.Account.Membership.Version})
		refused(t, "another one's rotation of what was shown before", err, licensing.CodeConflict, "")
		h.wall.advance(24*time.Hour - time.Second)
		works(first, true)
		h.wall.advance(time.Second)
		works(first, false)
		works(rotated.Secret, true)
		same(t, "the overlap has ended", got[access.ServiceAccountRow](t)(h.access.ServiceAccount(t.Context(), anna, m.ID)).OldUntil, (*time.Time)(nil))

		// Rotated twice within the overlap: the first is dead. Then the overlap is ended at once.
		second, _, err := h.access.RotateSecret(t.Context(), anna, "", access.RotateSecret{Membership: m.ID, Overlap: new(168)})
		must(t, err)
		works(rotated.Secret, true)
		third, _, err := h.access.RotateSecret(t.Context(), anna, "", access.RotateSecret{Membership: m.ID, Overlap: new(1)})
		must(t, err)
		works(rotated.Secret, false)
		works(second.Secret, true)
		_, _, err = h.access.EndOverlap(t.Context(), anna, "", m.ID)
		must(t, err)
		works(second.Secret, false)
		works(third.Secret, true)
		fourth, _, err := h.access.RotateSecret(t.Context(), anna, "", access.RotateSecret{Membership: m.ID, Overlap: new(0)})
		must(t, err)
		works(third.Secret, false)
		works(fourth.Secret, true)

		_, _, err = h.access.Suspend(t.Context(), anna, "", access.ChangePerson{Membership: m.ID, Reason: "Looking into it"})
		must(t, err)
		works(fourth.Secret, false)
		_, _, err = h.access.Resume(t.Context(), anna, "", access.ChangePerson{Membership: m.ID})
		must(t, err)
		works(fourth.Secret, true)
		_, _, err = h.access.Remove(t.Context(), anna, "", access.ChangePerson{Membership: m.ID, Reason: "No longer needed"})
		must(t, err)
		works(fourth.Secret, false)
		same(t, "listed", len(got[[]access.ServiceAccountRow](t)(h.access.ServiceAccounts(t.Context(), anna, "northwind"))), 1)
		_, err = h.access.ServiceAccount(t.Context(), anna, m.ID)
		refused(t, "a removed one", err, licensing.CodeNotFound, "membership")
	})
}

// TestServiceAccountsRefused holds who may make and rotate which.
func TestServiceAccountsRefused(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		anna, freya := h.anna(t), h.freya(t)
		made, _, err := h.access.CreateServiceAccount(t.Context(), anna, "", access.CreateServiceAccount{Name: shop, Label: "Web shop"})
		must(t, err)
		unchanged(t, h, "refusals", func() {
			for name, c := range map[string]struct {
				actor licensing.Actor
				in    access.CreateServiceAccount
				code  licensing.Code
				field string
			}{
				"a member":          {h.ben(t), access.CreateServiceAccount{Name: "x@y.example", Label: "X"}, licensing.CodeDenied, ""},
				"a service account": {h.erpAccount(t), access.CreateServiceAccount{Name: "x@y.example", Label: "X"}, licensing.CodeDenied, ""},
				"beside":            {anna, access.CreateServiceAccount{Group: "fjord", Name: "x@y.example", Label: "X"}, licensing.CodeNotFound, "group"},
				"no name":           {anna, access.CreateServiceAccount{Label: "X"}, licensing.CodeInvalidRequest, "name"},
				"an odd name":       {anna, access.CreateServiceAccount{Name: "shop", Label: "X"}, licensing.CodeInvalidRequest, "name"},
				"no label":          {anna, access.CreateServiceAccount{Name: "x@y.example"}, licensing.CodeInvalidRequest, "label"},
				"taken beside":      {freya, access.CreateServiceAccount{Name: shop, Label: "X"}, licensing.CodeInvalidRequest, "name"},
				"a person's":        {anna, access.CreateServiceAccount{Name: "isv@aurora.example", Label: "X"}, licensing.CodeInvalidRequest, "name"},
			} {
				_, _, err := h.access.CreateServiceAccount(t.Context(), c.actor, "", c.in)
				refused(t, name, err, c.code, c.field)
			}
			id := made.Account.Membership.ID
			for _, overlap := range []int{-1, 169} {
				_, _, err := h.access.RotateSecret(t.Context(), anna, "", access.RotateSecret{Membership: id, Overlap: &overlap})
				refused(t, "an odd overlap", err, licensing.CodeInvalidRequest, "overlap")
			}
			_, _, err := h.access.RotateSecret(t.Context(), freya, "", access.RotateSecret{Membership: id})
			refused(t, "rotating beside", err, licensing.CodeNotFound, "membership")
			_, _, err = h.access.RotateSecret(t.Context(), anna, "", access.RotateSecret{Membership: h.ben(t).ID})
			refused(t, "a person's secret", err, licensing.CodeNotFound, "membership")
			_, _, err = h.access.EndOverlap(t.Context(), h.ben(t), "", id)
			refused(t, "a member ends the overlap", err, licensing.CodeDenied, "")
			_, err = h.access.ServiceAccounts(t.Context(), h.ben(t), "")
			refused(t, "a member's list", err, licensing.CodeDenied, "")
		})
		_, _, err = h.access.Invite(t.Context(), h.isv(t), "", access.Invite{Group: "fjord", Email: shop})
		refused(t, "inviting a service account", err, licensing.CodeInvalidRequest, "email")
		same(t, "the ISV sees both", len(got[[]access.ServiceAccountRow](t)(h.access.ServiceAccounts(t.Context(), h.isv(t), ""))), 2)
		same(t, "Freya none", len(got[[]access.ServiceAccountRow](t)(h.access.ServiceAccounts(t.Context(), freya, ""))), 0)
	})
}

// TestAsAccount looks as a service account: it sees what that one sees, and changes nothing.
func TestAsAccount(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		anna := h.anna(t)
		made, _, err := h.access.CreateServiceAccount(t.Context(), anna, "create", access.CreateServiceAccount{Name: shop, Label: "Web shop"})
		must(t, err)
		id := made.Account.Membership.ID
		as, err := h.access.AsAccount(t.Context(), anna, id)
		must(t, err)
		same(t, "is the account", []any{as.ID, as.ReadOnly()}, []any{id, true})
		offers, err := h.catalog.Offers(t.Context(), as, "", "")
		must(t, err)
		same(t, "offers to who holds nothing", len(offers), 0)
		_, err = h.access.AsAccount(t.Context(), anna, anna.ID)
		refused(t, "a person", err, licensing.CodeNotFound, "membership")
		_, err = h.access.AsAccount(t.Context(), h.ben(t), id)
		refused(t, "a member", err, licensing.CodeDenied, "")
	})
}

// TestAsAccountIsHeld: what is shown of an account is what it may do, not what its grants alone would let it.
func TestAsAccountIsHeld(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		id := h.erpAccount(t).ID
		offered := func() (categories []string, as licensing.Actor) {
			as = got[licensing.Actor](t)(h.access.AsAccount(t.Context(), h.isv(t), id))
			for _, c := range got[[]catalog.CategoryOffers](t)(h.catalog.Offers(t.Context(), as, "", "")) {
				categories = append(categories, c.Category.Code)
			}
			return categories, as
		}
		all, _ := offered()
		same(t, "held to nothing", len(all) > 1, true)
		to := licensing.Allowance{Group: "northwind", Categories: []string{"partner"}, Operations: []string{"GetLicense"}, Addresses: []string{"192.0.2.1"}}
		_, _, err := h.access.SetAllowance(t.Context(), h.isv(t), "", access.SetAllowance{Membership: id, Allowance: to})
		must(t, err)
		held, as := offered()
		same(t, "held to a category", held, []string{"partner"})
		same(t, "held to a group", []any{as.GroupCode, as.ID, as.ReadOnly()}, []any{"northwind", id, true})
		refused(t, "held to operations", as.MayCall("CreateLicense"), licensing.CodeDenied, "")
		sees := func(group string) int {
			h.create(t, h.isv(t), with(suite(), func(in *ordering.CreateLicense) { in.Group = group }))
			return len(got[ordering.LicenseList](t)(h.ordering.LicenseList(t.Context(), as, licensing.LicenseFilter{Limit: 10})).Licenses)
		}
		same(t, "beside the group, and in it", []int{sees("fjord"), sees("northwind")}, []int{0, 1})
	})
}

// TestTryAs: who looks after a service account may act as it, held to tests, and it stands in its history.
func TestTryAs(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		anna := h.anna(t)
		made, _, err := h.access.CreateServiceAccount(t.Context(), anna, "create", access.CreateServiceAccount{Name: shop, Label: "Web shop"})
		must(t, err)
		in := access.TryAs{Membership: made.Account.Membership.ID, Operation: "GetOrder"}
		as, err := h.access.TryAs(t.Context(), anna, in)
		must(t, err)
		same(t, "the actor", []any{as.ID, as.Via, as.MakesTests, as.OnlyTests, as.ReadOnly()}, []any{in.Membership, licensing.ViaConsole, true, true, false})
		history, err := h.access.PersonHistory(t.Context(), anna, in.Membership)
		must(t, err)
		same(t, "the history", []any{history[0].Action, history[0].By, history[0].Detail}, []any{"serviceAccount.tried", anna.UserName, []licensing.Value{{Name: "operation", Value: "GetOrder"}}})
		_, err = h.access.TryAs(t.Context(), h.ben(t), in)
		refused(t, "a member", err, licensing.CodeDenied, "")
		_, err = h.access.TryAs(t.Context(), anna, access.TryAs{Membership: anna.ID})
		refused(t, "a person", err, licensing.CodeNotFound, "membership")
		_, _, err = h.access.Suspend(t.Context(), anna, "", access.ChangePerson{Membership: in.Membership, Reason: "Looking into it"})
		must(t, err)
		_, err = h.access.TryAs(t.Context(), anna, in)
		refused(t, "one that is suspended", err, licensing.CodeConflict, "")
	})
}

// TestMakesTests: an actor who is held to tests makes nothing else, even by a use case that does not think of it, and
// finds nothing else by its name.
func TestMakesTests(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		anna := h.anna(t)
		held := anna
		held.MakesTests, held.OnlyTests = true, true
		sale := ordering.CreateLicense{Category: "partner", Product: "AUR-SUITE", Customer: licensing.Customer{Name: "Grace Hopper"}, Parameters: []licensing.Value{{Name: "seats", Value: "5"}}}
		real, _, err := h.ordering.CreateLicense(t.Context(), anna, "real", sale)
		must(t, err)
		test, _, err := h.ordering.CreateLicense(t.Context(), held, "test", sale)
		must(t, err)
		same(t, "the tests", []bool{real.Licenses[0].Test, test.Licenses[0].Test}, []bool{false, true})
		_, err = h.ordering.License(t.Context(), held, test.Licenses[0].Ticket)
		must(t, err)
		_, err = h.ordering.License(t.Context(), held, real.Licenses[0].Ticket)
		refused(t, "a real license", err, licensing.CodeNotFound, "ticket")
		_, err = h.ordering.Order(t.Context(), held, real.OrderNumber)
		refused(t, "a real order", err, licensing.CodeNotFound, "orderNumber")
		sale.OrderNumber = real.OrderNumber
		_, _, err = h.ordering.CreateLicense(t.Context(), held, "more", sale)
		refused(t, "a line of a real order", err, licensing.CodeNotFound, "orderNumber")
		_, err = (&usecase.Tx{Actor: held}).InsertOrder(t.Context(), licensing.Order{}, "", held)
		refused(t, "whoever does not think of it", err, licensing.CodeInvalidRequest, "test")
	})
}
