package usecasetest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"kontor/internal/demo"
	"kontor/internal/licensing"
)

const peer = "192.0.2.1"

// logIn returns the error of a login, and who it was.
func (h *house) logIn(t testing.TB, email, password, remote string) (string, []licensing.Membership, error) {
	t.Helper()
	user, memberships, err := h.access.LogIn(t.Context(), email, password, remote)
	if err != nil && (user.ID != "" || memberships != nil) {
		t.Errorf("a refused login tells who %s is", email)
	}
	return user.Name, memberships, err
}

func TestLogIn(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		for _, email := range []string{"ben@northwind.example", "  BEN@Northwind.example "} {
			name, memberships, err := h.logIn(t, email, demo.Password, peer)
			must(t, err)
			same(t, "who", []any{name, len(memberships), memberships[0].GroupCode, memberships[1].GroupCode}, []any{"Ben Hartmann", 2, "northwind", "fjord"})
		}
		_, _, wrong := h.logIn(t, "anna@northwind.example", "wrong", "peer 1")
		refused(t, "a wrong password", wrong, licensing.CodeUnauthenticated, "")
		for name, c := range map[string][2]string{
			"nobody": {"nobody@northwind.example", demo.Password}, "a service account": {"erp@aurora.example", demo.Password}, "no password": {"anna@northwind.example", ""},
			"no name": {"", demo.Password}, "no address": {"anna", demo.Password}, "a long name": {strings.Repeat("a", 300) + "@x.example", "x"},
			"a long password": {"anna@northwind.example", strings.Repeat("x", 2000)}, "control characters": {"anna@north\x00wind.example", demo.Password},
			"no UTF-8": {"\xff@northwind.example", demo.Password}, "a pattern": {"a%@northwind.example", demo.Password},
		} {
			_, _, err := h.logIn(t, c[0], c[1], "peer of "+name)
			if err == nil || err.Error() != wrong.Error() {
				t.Errorf("%s: %v, want the very same as a wrong password: %v", name, err, wrong)
			}
		}
	})
}

// TestLogInIsSlowed counts five free failures, then waits of 1, 2, 4 … seconds, for known and unknown names alike.
func TestLogInIsSlowed(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		for _, email := range []string{"anna@northwind.example", "nobody@northwind.example"} {
			fail := func(want string) {
				t.Helper()
				_, _, err := h.logIn(t, email, "wrong", peer)
				if err == nil || !strings.Contains(err.Error(), want) {
					t.Errorf("%s: %v, want %q", email, err, want)
				}
			}
			for range 5 {
				fail("not right")
			}
			for _, seconds := range []int{1, 2, 4} {
				fail("Too many wrong logins")
				h.wall.advance(time.Duration(seconds)*time.Second - time.Microsecond)
				_, _, err := h.logIn(t, email, demo.Password, peer) // right or wrong
				if err == nil || !strings.Contains(err.Error(), "Too many") {
					t.Errorf("a moment before %d seconds: %v", seconds, err)
				}
				h.wall.advance(time.Microsecond)
				fail("not right")
			}
		}
		if _, _, err := h.logIn(t, "anna@northwind.example", demo.Password, "192.0.2.99"); err != nil {
			t.Errorf("from elsewhere: %v", err) // nobody is locked out by others
		}
		h.wall.advance(8 * time.Second)
		for range 2 { // the first login that is right begins the count anew
			if _, _, err := h.logIn(t, "anna@northwind.example", demo.Password, peer); err != nil {
				t.Errorf("after waiting: %v", err)
			}
			_, _, err := h.logIn(t, "anna@northwind.example", "wrong", peer)
			refused(t, "wrong again", err, licensing.CodeUnauthenticated, "")
		}
	})
}

func TestLongestWait(t *testing.T) {
	h := newHouse(t, "sqlite")
	h.write(t, func(tx licensing.Tx) error {
		for range 100 {
			if err := tx.NoteLoginFailure(t.Context(), "password\x1fanna@northwind.example\x1f"+peer); err != nil {
				return err
			}
		}
		return nil
	})
	_, _, err := h.logIn(t, "anna@northwind.example", demo.Password, peer)
	refused(t, "after 100 failures", err, licensing.CodeUnauthenticated, "")
	h.wall.advance(15 * time.Minute)
	if _, _, err := h.logIn(t, "anna@northwind.example", demo.Password, peer); err != nil {
		t.Errorf("15 minutes later: %v", err)
	}
}

// suspend puts a suspended membership in the group of a, and returns it.
func (h *house) suspend(t testing.TB, email, groupCode string, role licensing.Role) (m licensing.Membership) {
	t.Helper()
	h.write(t, func(tx licensing.Tx) error {
		u, err := tx.UserByEmail(t.Context(), "anna@northwind.example")
		if err != nil {
			return err
		}
		u.ID, u.Email = licensing.UserID(licensing.NewID()), email
		if err := tx.InsertUser(t.Context(), u); err != nil {
			return err
		}
		g, err := tx.GroupByCode(t.Context(), groupCode)
		if err != nil {
			return err
		}
		m = licensing.Membership{ID: licensing.MembershipID(licensing.NewID()), User: u.ID, Group: g.ID, Role: role, Suspended: true, CreatedAt: tx.Now().Business}
		if err := tx.InsertMembership(t.Context(), m); err != nil {
			return err
		}
		return tx.SetServiceSecret(t.Context(), m.ID, []byte("sealed"))
	})
	return m
}

func TestAct(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		ben, anna, erp := h.ben(t), h.anna(t), h.erpAccount(t)
		actor := got[licensing.Actor](t)(h.access.Act(t.Context(), ben.User, ben.ID, "portal", peer))
		same(t, "actor", actor, ben)
		gone := h.suspend(t, "gone@northwind.example", "northwind", licensing.RoleAdmin)
		for name, c := range map[string]struct {
			user licensing.UserID
			m    licensing.MembershipID
		}{
			"another's": {ben.User, anna.ID}, "unknown": {ben.User, "none"}, "none": {ben.User, ""}, "nobody's": {"", ben.ID},
			"a service account's": {erp.User, erp.ID}, "a suspended one": {gone.User, gone.ID}, "control characters": {ben.User, "\x00"},
		} {
			_, err := h.access.Act(t.Context(), c.user, c.m, "portal", peer)
			refused(t, name, err, licensing.CodeNotFound, "acting")
		}
		_, _, err := h.logIn(t, "gone@northwind.example", demo.Password, peer)
		refused(t, "a login without a membership", err, licensing.CodeUnauthenticated, "")
		admins := func(a licensing.Actor) (names []string) {
			for _, m := range got[[]licensing.Membership](t)(h.access.Admins(t.Context(), a)) {
				names = append(names, m.UserName)
			}
			return names
		}
		same(t, "whom to ask in northwind", admins(ben), []string{"Anna Lindqvist"})
		same(t, "whom to ask in aurora", admins(h.staff(t)), []string{"Iris Voss"})
	})
}

func TestServiceAccounts(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		checks := 0
		service := func(name, secret, remote string) (licensing.Actor, error) {
			return h.access.Service(t.Context(), name, remote, func(clear []byte) bool {
				checks++
				return string(clear) == secret
			})
		}
		for _, name := range []string{"erp@aurora.example", " ERP@aurora.example"} {
			actor, err := service(name, demo.Password, peer)
			must(t, err)
			want := h.erpAccount(t)
			want.Via = "soap"
			same(t, "actor", actor, want)
		}
		_, wrong := service("erp@aurora.example", "wrong", "peer 1")
		refused(t, "a wrong secret", wrong, licensing.CodeUnauthenticated, "")
		h.suspend(t, "old@aurora.example", "aurora", licensing.RoleService)
		before := checks
		for _, name := range []string{"nobody@aurora.example", "isv@aurora.example", "old@aurora.example", "\xff\xfe"} {
			_, err := service(name, demo.Password, fmt.Sprintf("peer of %q", name))
			if err == nil || err.Error() != wrong.Error() {
				t.Errorf("%s: %v, want the very same as a wrong secret: %v", name, err, wrong)
			}
		}
		same(t, "what is compared takes as long for the unknown", checks-before, 8) // two secrets each
		if _, err := service("nobody@aurora.example", "no account has this secret", "peer 2"); err == nil {
			t.Error("an unknown account has a secret")
		}
		for _, name := range []string{"", "  ", "erp\x00@aurora.example", strings.Repeat("x", 300), "a\nb"} {
			unchanged(t, h, name, func() {
				_, err := service(name, demo.Password, peer)
				if err == nil || err.Error() != wrong.Error() {
					t.Errorf("%q: %v, want the very same as a wrong secret", name, err)
				}
			})
		}
		for range 5 {
			_, err := service("erp@aurora.example", "wrong", "peer 3")
			same(t, "a failure", err.Error(), wrong.Error())
		}
		_, err := service("erp@aurora.example", demo.Password, "peer 3")
		if err == nil || !strings.Contains(err.Error(), "Too many") {
			t.Errorf("after five failures: %v", err)
		}
		h.wall.advance(time.Second)
		if _, err := service("erp@aurora.example", demo.Password, "peer 3"); err != nil {
			t.Errorf("a second later: %v", err)
		}
	})
}

func TestNonces(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		expires := soldOn.Add(5 * time.Minute)
		must(t, h.access.UseNonce(t.Context(), "n", expires))
		refused(t, "again", h.access.UseNonce(t.Context(), "n", expires), licensing.CodeUnauthenticated, "")
		refused(t, "in another process", h.another(t).access.UseNonce(t.Context(), "n", expires), licensing.CodeUnauthenticated, "")
		h.wall.advance(5*time.Minute + time.Second)
		must(t, h.access.UseNonce(t.Context(), "m", expires.Add(time.Hour)))
		same(t, "old ones are forgotten", h.rows(t)["nonce"], 1)
	})
}
