package usecasetest

import (
	"strings"
	"sync"
	"testing"

	"kontor/internal/access"
	"kontor/internal/licensing"
)

// accepted lets somebody new join a group.
func (h *house) accepted(t testing.TB, inviter licensing.Actor, group, email, name string, role licensing.Role) licensing.Actor {
	t.Helper()
	_, token := h.invite(t, inviter, access.Invite{Group: group, Email: email, Role: role})
	_, m, err := h.access.Accept(t.Context(), access.Accept{Token: token, Name: name, Password: goodPassword}, peer)
	must(t, err)
	return licensing.Actor{Membership: m, Via: "portal", Remote: peer}
}

func names(people []licensing.Membership) (all []string) {
	for _, m := range people {
		all = append(all, m.UserName+" "+m.GroupCode)
	}
	return all
}

// TestPeople holds what lists of people show, in which order, and by pages.
func TestPeople(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		isv, anna := h.isv(t), h.anna(t)
		h.accepted(t, anna, "northwind", "zoe@northwind.example", "Änne Zobel", licensing.RoleMember)
		list := func(actor licensing.Actor, f licensing.PeopleFilter) (all []string) {
			t.Helper()
			first := got[access.PeoplePage](t)(h.access.People(t.Context(), actor, f))
			same(t, "nothing is around the whole", []string{first.Before, first.After}, []string{"", ""})
			f.Limit = 1 // one by one, the same comes
			var last access.PeoplePage
			for page := first; ; {
				last = got[access.PeoplePage](t)(h.access.People(t.Context(), actor, f))
				all = append(all, names(last.People)...)
				same(t, "total", last.Total, page.Total)
				same(t, "a page before", last.Before != "", f.After != "")
				if last.After == "" {
					break
				}
				f.After = last.After
			}
			same(t, "in one page and page by page", names(first.People), all)
			back := names(last.People) // and so it does on the way back
			f.Limit = 2
			for p := last; p.Before != ""; {
				f.After, f.Before = "", p.Before
				p = got[access.PeoplePage](t)(h.access.People(t.Context(), actor, f))
				back = append(names(p.People), back...)
				same(t, "a next page", p.After != "", true)
			}
			same(t, "page by page, backward", back, all)
			same(t, "total", first.Total, len(all))
			return all
		}
		same(t, "by name", list(isv, licensing.PeopleFilter{}), []string{
			"Anna Lindqvist northwind", "Änne Zobel northwind", "Ben Hartmann northwind", "Ben Hartmann fjord", "Freya Lund fjord", "Iris Voss aurora", "Stefan Adler aurora",
		})
		same(t, "by address, backward", list(isv, licensing.PeopleFilter{Sort: licensing.SortEmail, Desc: true})[:3], []string{"Änne Zobel northwind", "Stefan Adler aurora", "Iris Voss aurora"})
		same(t, "by group", list(isv, licensing.PeopleFilter{Sort: licensing.SortGroup})[:4], []string{"Iris Voss aurora", "Stefan Adler aurora", "Ben Hartmann fjord", "Freya Lund fjord"})
		same(t, "the newest", list(isv, licensing.PeopleFilter{Sort: licensing.SortSince, Desc: true})[:1], []string{"Änne Zobel northwind"})
		same(t, "by any spelling", list(isv, licensing.PeopleFilter{Query: "ANNE"}), []string{"Änne Zobel northwind"})
		same(t, "by address", list(isv, licensing.PeopleFilter{Query: "@fjord"}), []string{"Freya Lund fjord"})
		same(t, "what looks like a pattern", list(isv, licensing.PeopleFilter{Query: "%_"}), []string(nil))
		same(t, "of a group", list(isv, licensing.PeopleFilter{Group: "nordic"}), []string(nil))
		same(t, "and below", list(isv, licensing.PeopleFilter{Group: "nordic", Below: true}), []string{"Ben Hartmann fjord", "Freya Lund fjord"})
		same(t, "admins", list(isv, licensing.PeopleFilter{Role: licensing.RoleAdmin}), []string{"Anna Lindqvist northwind", "Freya Lund fjord", "Iris Voss aurora"})
		same(t, "service accounts", list(isv, licensing.PeopleFilter{Role: licensing.RoleService}), []string{"Aurora ERP aurora"})
		same(t, "within sight", list(anna, licensing.PeopleFilter{}), []string{"Anna Lindqvist northwind", "Änne Zobel northwind", "Ben Hartmann northwind"})
		_, _, err := h.access.Suspend(t.Context(), anna, "", access.ChangePerson{Membership: h.ben(t).ID, Reason: "Leave"})
		must(t, err)
		same(t, "suspended", list(isv, licensing.PeopleFilter{State: licensing.PersonSuspended}), []string{"Ben Hartmann northwind"})
		same(t, "active in northwind", list(anna, licensing.PeopleFilter{State: licensing.PersonActive}), []string{"Anna Lindqvist northwind", "Änne Zobel northwind"})
		_, err = h.access.People(t.Context(), anna, licensing.PeopleFilter{Group: "fjord"})
		refused(t, "a group beside", err, licensing.CodeNotFound, "group")
		_, err = h.access.People(t.Context(), h.staff(t), licensing.PeopleFilter{})
		refused(t, "a member", err, licensing.CodeDenied, "")
	})
}

// TestPerson holds that one sees of a person only the groups within sight.
func TestPerson(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		ben := h.ben(t)
		d := got[access.PersonDetail](t)(h.access.Person(t.Context(), h.isv(t), ben.ID))
		same(t, "for the ISV", []any{names(d.Others), d.CanSuspend, d.CanRemove, d.CanDemote, d.Self, d.Why}, []any{[]string{"Ben Hartmann fjord"}, true, true, false, false, ""})
		d = got[access.PersonDetail](t)(h.access.Person(t.Context(), h.anna(t), ben.ID))
		same(t, "for Anna", len(d.Others), 0)
		d = got[access.PersonDetail](t)(h.access.Person(t.Context(), h.anna(t), h.anna(t).ID))
		same(t, "Anna herself", []any{d.Self, d.CanSuspend, d.CanRemove, d.CanDemote, d.PassedOn, strings.Contains(d.Why, "last admin")}, []any{true, false, false, false, 2, true})
		d = got[access.PersonDetail](t)(h.access.Person(t.Context(), h.isv(t), h.anna(t).ID))
		same(t, "Anna from above", []any{d.CanSuspend, d.CanDemote, d.Why}, []any{true, true, ""})
		for name, id := range map[string]licensing.MembershipID{"beside": h.freya(t).ID, "above": h.isv(t).ID, "nobody": "none", "empty": ""} {
			_, err := h.access.Person(t.Context(), h.anna(t), id)
			refused(t, name, err, licensing.CodeNotFound, "membership")
			_, err = h.access.PersonHistory(t.Context(), h.anna(t), id)
			refused(t, name, err, licensing.CodeNotFound, "membership")
		}
	})
}

// TestRoles walks somebody up and down: who gives, who may not, and what happens to what was passed on.
func TestRoles(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		anna, ben := h.anna(t), h.ben(t)
		set := func(actor licensing.Actor, id licensing.MembershipID, role licensing.Role) error {
			_, _, err := h.access.SetRole(t.Context(), actor, "", access.ChangePerson{Membership: id, Role: role})
			return err
		}
		refused(t, "a member makes himself admin", set(ben, ben.ID, licensing.RoleAdmin), licensing.CodeDenied, "")
		must(t, set(anna, ben.ID, licensing.RoleAdmin))
		same(t, "Ben", h.ben(t).Role, licensing.RoleAdmin)
		must(t, set(anna, ben.ID, licensing.RoleAdmin)) // it is so already
		must(t, set(h.isv(t), h.as(t, "ben@northwind.example", "fjord").ID, licensing.RoleAdmin))
		mia := h.accepted(t, anna, "northwind", "mia@northwind.example", "Mia Solberg", licensing.RoleMember)
		given, _, err := h.access.Give(t.Context(), h.ben(t), "", access.GivePermission{Who: mia.Subject(), Category: "partner", Action: "create"})
		must(t, err)
		before := got[int64](t)(h.store.PolicyVersion(t.Context()))
		must(t, set(anna, ben.ID, licensing.RoleMember))
		changes, _, err := h.store.PolicyChanges(t.Context(), before)
		must(t, err)
		named := false
		for _, c := range changes {
			named = named || c.Subject == ben.Subject()
		}
		same(t, "the policy names him", named, true)
		h.read(t, func(tx licensing.Tx) {
			same(t, "what Ben passed on is Anna's now", got[licensing.Grant](t)(tx.GrantByID(t.Context(), given.Grant)).GivenBy, anna.ID)
		})
		history := got[[]licensing.HistoryEntry](t)(h.access.PersonHistory(t.Context(), anna, ben.ID))
		same(t, "history", []any{history[0].Action, history[0].By, history[0].Detail}, []any{"membership.roleChanged", "Anna Lindqvist", []licensing.Value{{Name: "person", Value: "Ben Hartmann"}, licensing.FromTo("role", "admin", "member")}})
		unchanged(t, h, "refusals", func() {
			refused(t, "an odd role", set(anna, ben.ID, "root"), licensing.CodeInvalidRequest, "role")
			refused(t, "a service account", set(h.isv(t), h.erpAccount(t).ID, licensing.RoleAdmin), licensing.CodeInvalidRequest, "role")
			refused(t, "making one a service account", set(anna, ben.ID, licensing.RoleService), licensing.CodeInvalidRequest, "role")
			refused(t, "beside", set(anna, h.freya(t).ID, licensing.RoleMember), licensing.CodeNotFound, "membership")
			_, _, err := h.access.SetRole(t.Context(), anna, "", access.ChangePerson{Membership: mia.ID, Role: licensing.RoleAdmin, Reason: strings.Repeat("x", 501)})
			refused(t, "a long reason", err, licensing.CodeInvalidRequest, "reason")
			_, _, err = h.access.SetRole(t.Context(), anna, "", access.ChangePerson{Membership: ben.ID, Version: 1, Role: licensing.RoleAdmin})
			refused(t, "what was shown is old", err, licensing.CodeConflict, "")
		})
	})
}

// TestNobodyRaisesHimself holds that an admin of a group makes himself no admin of another one where he is a member.
func TestNobodyRaisesHimself(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.makeGroup(t, h.anna(t), "", "west")
		_, token := h.invite(t, h.anna(t), access.Invite{Group: "west", Email: "anna@northwind.example"})
		_, m, err := h.access.Accept(t.Context(), access.Accept{Token: token, Password: "kontor-demo"}, peer)
		must(t, err)
		_, _, err = h.access.SetRole(t.Context(), h.anna(t), "", access.ChangePerson{Membership: m.ID, Role: licensing.RoleAdmin})
		refused(t, "raising oneself", err, licensing.CodeDenied, "role")
	})
}

// TestLastAdmin holds that a group keeps its last admin against everybody in it, and the ISV against everybody.
func TestLastAdmin(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		isv, anna := h.isv(t), h.anna(t)
		ways := map[string]func(actor licensing.Actor, id licensing.MembershipID) error{
			"demote": func(actor licensing.Actor, id licensing.MembershipID) error {
				_, _, err := h.access.SetRole(t.Context(), actor, "", access.ChangePerson{Membership: id, Role: licensing.RoleMember})
				return err
			},
			"suspend": func(actor licensing.Actor, id licensing.MembershipID) error {
				_, _, err := h.access.Suspend(t.Context(), actor, "", access.ChangePerson{Membership: id, Reason: "Test"})
				return err
			},
			"remove": func(actor licensing.Actor, id licensing.MembershipID) error {
				_, _, err := h.access.Remove(t.Context(), actor, "", access.ChangePerson{Membership: id, Reason: "Test"})
				return err
			},
		}
		second := h.accepted(t, isv, "aurora", "second@aurora.example", "Second Admin", licensing.RoleAdmin)
		for name, way := range ways {
			refused(t, name+" the last admin from within", way(anna, anna.ID), licensing.CodeConflict, "")
			refused(t, name+" oneself as an ISV admin", way(isv, isv.ID), licensing.CodeDenied, "role")
		}
		must(t, ways["suspend"](second, isv.ID))
		for name, way := range ways {
			refused(t, name+" the last active ISV admin", way(second, second.ID), licensing.CodeDenied, "role")
		}
		_, _, err := h.access.Resume(t.Context(), second, "", access.ChangePerson{Membership: isv.ID})
		must(t, err)
		must(t, ways["demote"](isv, anna.ID)) // from above
		same(t, "Anna", h.anna(t).Role, licensing.RoleMember)
	})
}

// TestLastAdminsAtOnce holds that of two admins who demote each other at the same moment, one stays.
func TestLastAdminsAtOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		isv, other := h.isv(t), h.another(t)
		second := h.accepted(t, isv, "aurora", "second@aurora.example", "Second Admin", licensing.RoleAdmin)
		var all sync.WaitGroup
		var errs [2]error
		all.Go(func() {
			_, _, errs[0] = h.access.SetRole(t.Context(), isv, "", access.ChangePerson{Membership: second.ID, Role: licensing.RoleMember})
		})
		all.Go(func() {
			_, _, errs[1] = other.access.SetRole(t.Context(), second, "", access.ChangePerson{Membership: isv.ID, Role: licensing.RoleMember})
		})
		all.Wait()
		if (errs[0] == nil) == (errs[1] == nil) {
			t.Fatalf("one and only one succeeds: %v, %v", errs[0], errs[1])
		}
		h.read(t, func(tx licensing.Tx) {
			same(t, "ISV admins", got[int](t)(tx.CountAdmins(t.Context(), isv.Group)), 1)
		})
	})
}

// TestISVAdmins holds that the root grant comes and goes with the role, and what hung under it stays.
func TestISVAdmins(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		isv := h.isv(t)
		second := h.accepted(t, isv, "aurora", "second@aurora.example", "Second Admin", licensing.RoleAdmin)
		holds := func() (all []licensing.Grant) {
			h.read(t, func(tx licensing.Tx) { all = got[[]licensing.Grant](t)(tx.GrantsTo(t.Context(), second.Subject())) })
			return all
		}
		root := holds()
		same(t, "the root grant", []any{len(root), root[0].Category, root[0].Action, root[0].GivenBy, root[0].Under}, []any{1, licensing.Any, licensing.Any, licensing.MembershipID(""), licensing.GrantID("")})
		same(t, "holds everything", h.decide(t, second.ID, licensing.Revoke, "internal"), true)
		given, _, err := h.access.Give(t.Context(), second, "", access.GivePermission{Who: h.staff(t).Subject(), Category: "partner", Action: "create"})
		must(t, err)
		_, _, err = h.access.SetRole(t.Context(), isv, "", access.ChangePerson{Membership: second.ID, Role: licensing.RoleMember})
		must(t, err)
		same(t, "gone with the role", len(holds()), 0)
		same(t, "holds nothing", h.decide(t, second.ID, licensing.Revoke, "internal"), false)
		same(t, "what was passed on stays", h.decide(t, h.staff(t).ID, licensing.Create, "partner"), true)
		h.read(t, func(tx licensing.Tx) {
			if g := got[licensing.Grant](t)(tx.GrantByID(t.Context(), given.Grant)); g.GivenBy == second.ID {
				t.Errorf("it still hangs from who is no admin: %+v", g)
			}
		})
		_, _, err = h.access.SetRole(t.Context(), isv, "", access.ChangePerson{Membership: second.ID, Role: licensing.RoleAdmin})
		must(t, err)
		same(t, "back with the role", len(holds()), 1)
		_, _, err = h.access.Remove(t.Context(), isv, "", access.ChangePerson{Membership: second.ID, Reason: "Left"})
		must(t, err)
		same(t, "gone with the person", len(holds()), 0)
	})
}

// decide asks casbin on what the store holds now.
func (h *house) decide(t testing.TB, m licensing.MembershipID, action licensing.Action, category string) bool {
	t.Helper()
	var d licensing.Decision
	h.read(t, func(tx licensing.Tx) {
		d = got[licensing.Decision](t)(h.policies.Decide(t.Context(), tx, m, action, category))
	})
	return d.Allowed
}

// TestSuspendAndRemove holds that who is suspended or removed acts nowhere, and what comes back.
func TestSuspendAndRemove(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		anna, ben := h.anna(t), h.ben(t)
		in := access.ChangePerson{Membership: ben.ID, Version: ben.Version, Reason: "On leave"}
		_, _, err := h.access.Suspend(t.Context(), anna, "", access.ChangePerson{Membership: ben.ID})
		refused(t, "without a reason", err, licensing.CodeInvalidRequest, "reason")
		m, _, err := h.access.Suspend(t.Context(), anna, "suspend", in)
		must(t, err)
		same(t, "suspended", m.Suspended, true)
		_, replayed, err := h.access.Suspend(t.Context(), anna, "suspend", in)
		must(t, err)
		same(t, "once", replayed, true)
		same(t, "may nothing", h.decide(t, ben.ID, licensing.Create, "partner"), false)
		_, err = h.access.Act(t.Context(), ben.User, ben.ID, "portal", peer)
		refused(t, "acting", err, licensing.CodeNotFound, "acting")
		_, err = h.access.Act(t.Context(), ben.User, h.as(t, "ben@northwind.example", "fjord").ID, "portal", peer)
		must(t, err) // elsewhere he acts
		_, _, err = h.access.Resume(t.Context(), anna, "", access.ChangePerson{Membership: ben.ID})
		must(t, err)
		same(t, "may again", h.decide(t, ben.ID, licensing.Create, "partner"), true)

		removed, _, err := h.access.Remove(t.Context(), anna, "", access.ChangePerson{Membership: ben.ID, Reason: "Left"})
		must(t, err)
		same(t, "removed", removed.Active(), false)
		same(t, "may nothing", h.decide(t, ben.ID, licensing.Create, "partner"), false)
		_, err = h.access.Act(t.Context(), ben.User, ben.ID, "portal", peer)
		refused(t, "acting", err, licensing.CodeNotFound, "acting")
		_, err = h.access.Person(t.Context(), anna, ben.ID)
		refused(t, "looking at", err, licensing.CodeNotFound, "membership")
		_, _, err = h.access.Remove(t.Context(), anna, "", access.ChangePerson{Membership: ben.ID, Reason: "Left"})
		refused(t, "removing twice", err, licensing.CodeNotFound, "membership")
		same(t, "listed", names(got[access.PeoplePage](t)(h.access.People(t.Context(), anna, licensing.PeopleFilter{})).People), []string{"Anna Lindqvist northwind"})
		history := got[[]licensing.HistoryEntry](t)(h.access.PersonHistory(t.Context(), anna, ben.ID))
		deeds := map[string]bool{}
		for _, e := range history {
			deeds[e.Action] = true
		}
		for _, want := range []string{"membership.removed", "membership.resumed", "membership.suspended"} {
			if !deeds[want] {
				t.Errorf("%s is missing in %v", want, history)
			}
		}
		// Back again, he is the same membership, and holds nothing of before.
		_, token := h.invite(t, anna, access.Invite{Email: "ben@northwind.example"})
		_, back, err := h.access.Accept(t.Context(), access.Accept{Token: token, Password: "kontor-demo"}, peer)
		must(t, err)
		same(t, "back", []any{back.ID, back.Active(), back.Role}, []any{ben.ID, true, licensing.RoleMember})
		same(t, "without what he held", h.decide(t, ben.ID, licensing.Create, "partner"), false)
	})
}
