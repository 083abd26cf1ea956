package usecasetest

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"kontor/internal/access"
	"kontor/internal/demo"
	"kontor/internal/licensing"
)

const goodPassword = "correct horse battery"

// invite invites somebody and returns the token of the mail's link.
func (h *house) invite(t testing.TB, actor licensing.Actor, in access.Invite) (licensing.Invitation, string) {
	t.Helper()
	i, _, err := h.access.Invite(t.Context(), actor, licensing.NewID(), in)
	must(t, err)
	h.deliver(t)
	_, token := h.post.last(t)
	return i, token
}

// TestInvitation walks the way of a new person: invited, told, joined, signed in.
func TestInvitation(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		anna := h.anna(t)
		i, replayed, err := h.access.Invite(t.Context(), anna, "invite", access.Invite{Group: "northwind", Email: " Mia@Northwind.Example ", Role: licensing.RoleAdmin})
		must(t, err)
		same(t, "the invitation", []any{i.Email, i.GroupCode, i.Role, i.State, i.InviterName, i.ExpiresAt, replayed, i.TokenHash},
			[]any{"mia@northwind.example", "northwind", licensing.RoleAdmin, licensing.InvitationOpen, "Anna Lindqvist", soldOn.Add(7 * 24 * time.Hour), false, []byte(nil)})
		_, replayed, err = h.access.Invite(t.Context(), anna, "invite", access.Invite{Group: "northwind", Email: " Mia@Northwind.Example ", Role: licensing.RoleAdmin})
		must(t, err)
		same(t, "once", []any{replayed, h.deliver(t)}, []any{true, 1})
		m, token := h.post.last(t)
		same(t, "recipient and subject", []string{m.recipient, m.subject}, []string{"mia@northwind.example", "Invitation to Northwind"})
		for _, want := range []string{"Anna Lindqvist invites you to join Northwind in the license portal of Aurora Software, as an admin.", "until Saturday, 28 November 2026, 10:00 CET:"} {
			if !strings.Contains(m.text, want) {
				t.Errorf("%q is missing in\n%s", want, m.text)
			}
		}
		shown := got[access.Invited](t)(h.access.Invited(t.Context(), token))
		same(t, "the page", shown, access.Invited{
			Email: "mia@northwind.example", GroupName: "Northwind", Role: licensing.RoleAdmin, InviterName: "Anna Lindqvist", ExpiresAt: soldOn.Add(7 * 24 * time.Hour),
		})
		for _, bad := range []struct{ name, password, field string }{
			{"", goodPassword, "name"}, {strings.Repeat("x", 101), goodPassword, "name"}, {"Mia\nSolberg", goodPassword, "name"},
			{"Mia Solberg", "eleven char", "password"}, {"Mia Solberg", "Mia@northwind.example", "password"}, {"Mia Solberg", strings.Repeat("x", 1025), "password"}, {"Mia Solberg", "\xff" + goodPassword, "password"},
		} {
			_, _, err := h.access.Accept(t.Context(), access.Accept{Token: token, Name: bad.name, Password: bad.password}, peer)
			refused(t, fmt.Sprintf("%.20q, %.20q", bad.name, bad.password), err, licensing.CodeInvalidRequest, bad.field)
		}
		user, membership, err := h.access.Accept(t.Context(), access.Accept{Token: token, Name: " Mia Solberg ", Password: goodPassword}, peer)
		must(t, err)
		same(t, "who joined", []any{user.Name, user.Email, membership.GroupCode, membership.Role, membership.Active()}, []any{"Mia Solberg", "mia@northwind.example", "northwind", licensing.RoleAdmin, true})
		name, _, err := h.logIn(t, "mia@northwind.example", goodPassword, peer)
		must(t, err)
		same(t, "signed in", name, "Mia Solberg")
		_, err = h.access.Invited(t.Context(), token)
		refused(t, "the page of a used one", err, licensing.CodeConflict, "")
		_, _, err = h.access.Accept(t.Context(), access.Accept{Token: token, Name: "Mallory", Password: goodPassword}, peer)
		refused(t, "used twice", err, licensing.CodeConflict, "")
		same(t, "no longer pending", len(got[[]access.InvitationRow](t)(h.access.Invitations(t.Context(), anna, ""))), 0)
		history := got[[]licensing.HistoryEntry](t)(h.access.GroupHistory(t.Context(), anna, "northwind"))
		same(t, "history", []string{history[0].Action, history[0].By, history[1].Action, history[1].By}, []string{"membership.joined", "Mia Solberg", "invitation.sent", "Anna Lindqvist"})
		_, _, err = h.access.WithdrawInvitation(t.Context(), anna, "late", i.ID)
		refused(t, "withdrawing a used one", err, licensing.CodeConflict, "")
	})
}

// TestInvitationOfAKnownPerson holds that somebody with a password proves it, wrong ones slow, and several groups make
// several memberships.
func TestInvitationOfAKnownPerson(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		_, token := h.invite(t, h.isv(t), access.Invite{Group: "nordic", Email: "anna@northwind.example"})
		same(t, "known", got[access.Invited](t)(h.access.Invited(t.Context(), token)).Known, true)
		for range 5 {
			_, _, err := h.access.Accept(t.Context(), access.Accept{Token: token, Name: "x", Password: "wrong"}, peer)
			refused(t, "a wrong password", err, licensing.CodeInvalidRequest, "password")
		}
		_, _, err := h.access.Accept(t.Context(), access.Accept{Token: token, Password: demo.Password}, peer)
		refused(t, "too soon", err, licensing.CodeUnauthenticated, "")
		_, _, err = h.logIn(t, "anna@northwind.example", demo.Password, peer)
		refused(t, "signing in is slowed with it", err, licensing.CodeUnauthenticated, "")
		h.wall.advance(time.Hour)
		user, m, err := h.access.Accept(t.Context(), access.Accept{Token: token, Name: "Somebody Else", Password: demo.Password}, peer)
		must(t, err)
		same(t, "who joined", []any{user.ID, user.Name, m.GroupCode, m.Role}, []any{h.anna(t).User, "Anna Lindqvist", "nordic", licensing.RoleMember})
		_, memberships, err := h.logIn(t, "anna@northwind.example", demo.Password, peer)
		must(t, err)
		same(t, "memberships", len(memberships), 2)
	})
}

// TestInvitationsEnd holds what becomes of links that expired, were withdrawn or replaced.
func TestInvitationsEnd(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		anna := h.anna(t)
		accept := func(token string) error {
			_, _, err := h.access.Accept(t.Context(), access.Accept{Token: token, Name: "Mia Solberg", Password: goodPassword}, peer)
			return err
		}
		i, first := h.invite(t, anna, access.Invite{Email: "mia@northwind.example"})
		_, _, err := h.access.Invite(t.Context(), anna, "again", access.Invite{Email: "mia@northwind.example"})
		refused(t, "invited twice", err, licensing.CodeInvalidRequest, "email")
		_, _, err = h.access.ResendInvitation(t.Context(), anna, "resend", i.ID)
		must(t, err)
		_, replayed, err := h.access.ResendInvitation(t.Context(), anna, "resend", i.ID)
		must(t, err)
		same(t, "sent again once", []any{replayed, h.deliver(t)}, []any{true, 1})
		_, second := h.post.last(t)
		refused(t, "the replaced link", accept(first), licensing.CodeNotFound, "")
		refused(t, "no link at all", accept(""), licensing.CodeNotFound, "")
		refused(t, "an odd one", accept("\x00\xff"), licensing.CodeNotFound, "")

		h.wall.advance(7 * 24 * time.Hour)
		refused(t, "expired", accept(second), licensing.CodeConflict, "")
		rows := got[[]access.InvitationRow](t)(h.access.Invitations(t.Context(), anna, ""))
		same(t, "listed as expired", []any{len(rows), rows[0].Invitation.State}, []any{1, licensing.InvitationExpired})
		_, third := h.invite(t, anna, access.Invite{Email: "mia@northwind.example"}) // makes room by itself
		rows = got[[]access.InvitationRow](t)(h.access.Invitations(t.Context(), anna, ""))
		same(t, "one is left", []any{len(rows), rows[0].Invitation.State}, []any{1, licensing.InvitationOpen})
		refused(t, "the expired one", accept(second), licensing.CodeConflict, "")
		_, _, err = h.access.WithdrawInvitation(t.Context(), anna, "withdraw", rows[0].Invitation.ID)
		must(t, err)
		refused(t, "withdrawn", accept(third), licensing.CodeConflict, "")
		_, _, err = h.access.ResendInvitation(t.Context(), anna, "too late", rows[0].Invitation.ID)
		refused(t, "sending a withdrawn one again", err, licensing.CodeConflict, "")
		same(t, "none is left", len(got[[]access.InvitationRow](t)(h.access.Invitations(t.Context(), anna, ""))), 0)
	})
}

// TestInvitationAcceptedTwiceAtOnce holds that of two that accept at the same moment, one wins.
func TestInvitationAcceptedTwiceAtOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		_, token := h.invite(t, h.anna(t), access.Invite{Email: "mia@northwind.example"})
		other := h.another(t)
		var all sync.WaitGroup
		errs := make([]error, 4)
		for i, at := range []*house{h, other, h, other} {
			all.Go(func() {
				_, _, errs[i] = at.access.Accept(t.Context(), access.Accept{Token: token, Name: fmt.Sprint("Mia ", i), Password: goodPassword}, peer)
			})
		}
		all.Wait()
		won := 0
		for _, err := range errs {
			if err == nil {
				won++
				continue
			}
			refused(t, "the slower one", err, licensing.CodeConflict, "")
		}
		same(t, "who won", won, 1)
		people := got[access.PeoplePage](t)(h.access.People(t.Context(), h.anna(t), licensing.PeopleFilter{Query: "mia"}))
		same(t, "who joined", people.Total, 1)
	})
}

// TestInviteRefused holds who may invite whom.
func TestInviteRefused(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.read(t, func(licensing.Tx) {})
		unchanged(t, h, "refusals", func() {
			for name, c := range map[string]struct {
				actor licensing.Actor
				in    access.Invite
				code  licensing.Code
				field string
			}{
				"a member":             {h.ben(t), access.Invite{Email: "mia@northwind.example"}, licensing.CodeDenied, ""},
				"a service account":    {h.erpAccount(t), access.Invite{Email: "mia@northwind.example"}, licensing.CodeDenied, ""},
				"a group beside":       {h.anna(t), access.Invite{Group: "fjord", Email: "mia@northwind.example"}, licensing.CodeNotFound, "group"},
				"a group above":        {h.anna(t), access.Invite{Group: "aurora", Email: "mia@northwind.example"}, licensing.CodeNotFound, "group"},
				"no such group":        {h.anna(t), access.Invite{Group: "none", Email: "mia@northwind.example"}, licensing.CodeNotFound, "group"},
				"no address":           {h.anna(t), access.Invite{Email: "mia"}, licensing.CodeInvalidRequest, "email"},
				"two addresses":        {h.anna(t), access.Invite{Email: "mia@a.example,leo@b.example"}, licensing.CodeInvalidRequest, "email"},
				"a header":             {h.anna(t), access.Invite{Email: "mia@a.example\r\nBcc: x@y.example"}, licensing.CodeInvalidRequest, "email"},
				"another one's name":   {h.anna(t), access.Invite{Email: "mia@a.example/aurora"}, licensing.CodeInvalidRequest, "email"},
				"an odd role":          {h.anna(t), access.Invite{Email: "mia@a.example", Role: licensing.RoleService}, licensing.CodeInvalidRequest, "role"},
				"who is there already": {h.anna(t), access.Invite{Email: "ben@northwind.example"}, licensing.CodeInvalidRequest, "email"},
			} {
				_, _, err := h.access.Invite(t.Context(), c.actor, "", c.in)
				refused(t, name, err, c.code, c.field)
			}
		})
		// Whom the ISV invited is listed, and the inviter is not named below.
		h.invite(t, h.isv(t), access.Invite{Group: "northwind", Email: "mia@northwind.example"})
		rows := got[[]access.InvitationRow](t)(h.access.Invitations(t.Context(), h.anna(t), "northwind"))
		same(t, "seen from below", []any{len(rows), rows[0].FromAbove, rows[0].Invitation.InviterName, rows[0].Invitation.InvitedBy}, []any{1, true, "", licensing.MembershipID("")})
		_, err := h.access.Invitations(t.Context(), h.ben(t), "")
		refused(t, "a member's list", err, licensing.CodeDenied, "")
		_, _, err = h.access.WithdrawInvitation(t.Context(), h.as(t, "freya@fjord.example", "fjord"), "", rows[0].Invitation.ID)
		refused(t, "withdrawing beside", err, licensing.CodeNotFound, "invitation")
	})
}

// TestInvitationEndsWithWhoInvited holds that a link is worth as much as who sent it: nothing once he is demoted,
// suspended or removed. Another admin sends it again as his own, or invites anew.
func TestInvitationEndsWithWhoInvited(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		isv := h.isv(t)
		for n, do := range []func(access.ChangePerson) error{
			func(in access.ChangePerson) error {
				_, _, err := h.access.SetRole(t.Context(), isv, licensing.NewID(), in)
				return err
			},
			func(in access.ChangePerson) error {
				_, _, err := h.access.Suspend(t.Context(), isv, licensing.NewID(), in)
				return err
			},
			func(in access.ChangePerson) error {
				_, _, err := h.access.Remove(t.Context(), isv, licensing.NewID(), in)
				return err
			},
		} {
			admin := h.join(t, fmt.Sprintf("admin%d@northwind.example", n), "Mia Solberg", "northwind", licensing.RoleAdmin)
			friend := fmt.Sprintf("friend%d@northwind.example", n)
			i, token := h.invite(t, admin, access.Invite{Email: friend, Role: licensing.RoleAdmin})
			must(t, do(access.ChangePerson{Membership: admin.ID, Role: licensing.RoleMember, Reason: "Left"}))
			_, err := h.access.Invited(t.Context(), token)
			refused(t, fmt.Sprint("the page, ", n), err, licensing.CodeConflict, "")
			_, _, err = h.access.Accept(t.Context(), access.Accept{Token: token, Name: "Leo", Password: goodPassword}, peer)
			refused(t, fmt.Sprint("accepting, ", n), err, licensing.CodeConflict, "")
			rows := got[[]access.InvitationRow](t)(h.access.Invitations(t.Context(), isv, "northwind"))
			same(t, "listed as", rows[0].Invitation.State, licensing.InvitationWithdrawn)
			if n == 0 { // invited anew, in its place
				_, token = h.invite(t, isv, access.Invite{Group: "northwind", Email: friend})
			} else {
				_, _, err = h.access.ResendInvitation(t.Context(), isv, licensing.NewID(), i.ID)
				must(t, err)
				h.deliver(t)
				_, token = h.post.last(t)
			}
			same(t, "invited by", got[access.Invited](t)(h.access.Invited(t.Context(), token)).InviterName, isv.UserName)
			_, _, err = h.access.Accept(t.Context(), access.Accept{Token: token, Name: "Leo", Password: goodPassword}, peer)
			must(t, err)
		}
	})
}

// TestNobodyJoinsAsAServiceAccount holds that a person and a service account never share an account, whichever came first.
func TestNobodyJoinsAsAServiceAccount(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		anna := h.anna(t)
		_, token := h.invite(t, h.isv(t), access.Invite{Email: shop})
		_, _, err := h.access.CreateServiceAccount(t.Context(), anna, "create", access.CreateServiceAccount{Name: shop, Label: "Web shop"})
		refused(t, "the name of who is invited", err, licensing.CodeInvalidRequest, "name")
		h.write(t, func(tx licensing.Tx) error { // as if both had been asked for at the same moment
			u := licensing.User{ID: licensing.UserID(licensing.NewID()), Email: shop, Name: "Web shop", CreatedAt: tx.Now().Business}
			if err := tx.InsertUser(t.Context(), u); err != nil {
				return err
			}
			m := licensing.Membership{ID: licensing.MembershipID(licensing.NewID()), User: u.ID, Group: anna.Group, Role: licensing.RoleService, CreatedAt: tx.Now().Business}
			if err := tx.InsertMembership(t.Context(), m); err != nil {
				return err
			}
			return tx.SetServiceSecret(t.Context(), m.ID, []byte("sealed"))
		})
		_, err = h.access.Invited(t.Context(), token)
		refused(t, "the page", err, licensing.CodeConflict, "")
		_, _, err = h.access.Accept(t.Context(), access.Accept{Token: token, Name: "Mallory", Password: goodPassword}, peer)
		refused(t, "accepting", err, licensing.CodeConflict, "")
	})
}
