package storetest

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"kontor/internal/licensing"
)

// people is what changes about groups and who is in them.
var people = map[string]func(*testing.T, licensing.Store){
	"particulars of a group round-trip, by version": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		g := w.ice
		g.Name, g.Address = odd[4], "Quay 1\nBergen"
		g.Contact = licensing.Contact{Name: odd[5], Email: "a@b.example", Phone: "+47 \\ %_"}
		g.Brand = licensing.Brand{Title: odd[6], Color: "#0b6e75"}
		write(t, s, func(tx licensing.Tx) { must(t, tx.UpdateGroup(t.Context(), g)) })
		err := s.Write(t.Context(), func(tx licensing.Tx) error { return tx.UpdateGroup(t.Context(), g) })
		if !errors.Is(err, licensing.ErrRace) {
			t.Errorf("an old version: got the error %v, want ErrRace", err)
		}
		g.Version++
		read(t, s, func(tx licensing.Tx) {
			same(t, "by id", got[licensing.Group](t)(tx.GroupByID(t.Context(), g.ID)), g)
			same(t, "by code", got[licensing.Group](t)(tx.GroupByCode(t.Context(), g.Code)), g)
			_, err := tx.GroupByID(t.Context(), "none")
			none(t, "unknown", err)
		})
		var m licensing.Membership
		who := user("ben@ice.example")
		write(t, s, func(tx licensing.Tx) {
			must(t, tx.InsertUser(t.Context(), who))
			m = membership(who, g, licensing.RoleMember)
			m.GroupBrand = g.Brand
			must(t, tx.InsertMembership(t.Context(), m))
			same(t, "who is in it", got[licensing.Membership](t)(tx.Membership(t.Context(), m.ID)), m)
		})
	},
	"moves are told, and never make a cycle": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		start := got[int64](t)(s.PolicyVersion(t.Context()))
		write(t, s, func(tx licensing.Tx) { must(t, tx.MoveGroup(t.Context(), w.ice, w.south.ID)) })
		changes, _, err := s.PolicyChanges(t.Context(), start)
		must(t, err)
		same(t, "told", changes, []licensing.PolicyChange{{Version: start + 1, Subject: "tree:ice"}})
		for _, parent := range []licensing.Group{w.ice, w.south} { // below what is below it, and below itself
			err := s.Write(t.Context(), func(tx licensing.Tx) error { return tx.MoveGroup(t.Context(), w.south, parent.ID) })
			if !errors.Is(err, licensing.ErrRace) {
				t.Errorf("below %s: got the error %v, want ErrRace", parent.Code, err)
			}
		}
		read(t, s, func(tx licensing.Tx) {
			same(t, "the new parent", got[licensing.Group](t)(tx.GroupByCode(t.Context(), "ice")).Parent, w.south.ID)
			same(t, "north sees it", got[bool](t)(tx.InSight(t.Context(), w.north.ID, true, w.ice.ID)), false)
			same(t, "south sees it", got[bool](t)(tx.InSight(t.Context(), w.south.ID, true, w.ice.ID)), true)
		})
	},
	"any moves agree with a naive tree": func(t *testing.T, s licensing.Store) { treeProperty(t, s) },
	"groups by folded name, parents first": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		write(t, s, func(tx licensing.Tx) {
			for code, name := range map[string]string{"a": "zebra", "b": "Äpfel", "c": "ÄPFEL und mehr", "d": "apfel", "e": "Ölig"} {
				g := group(w.north, code)
				g.Name = name
				must(t, tx.InsertGroup(t.Context(), g))
			}
		})
		list := func(sight licensing.Sight) (all []string) {
			read(t, s, func(tx licensing.Tx) {
				for _, g := range got[[]licensing.Group](t)(tx.GroupsIn(t.Context(), sight)) {
					all = append(all, g.Name)
				}
			})
			return all
		}
		all := list(licensing.Sight{Group: w.root.ID, Below: true})
		same(t, "the top", all[:2], []string{"Group root", "Group north"})
		at := func(name string) int { return slices.Index(all, name) }
		for _, pair := range [][2]string{{"Äpfel", "ÄPFEL und mehr"}, {"apfel", "ÄPFEL und mehr"}, {"ÄPFEL und mehr", "Group ice"}, {"Group ice", "Ölig"}, {"Ölig", "zebra"}, {"zebra", "Group south"}} {
			if at(pair[0]) < 0 || at(pair[0]) > at(pair[1]) {
				t.Errorf("%s after %s in %v", pair[0], pair[1], all)
			}
		}
		same(t, "one alone", list(licensing.Sight{Group: w.north.ID}), []string{"Group north"})
		same(t, "nowhere", list(licensing.Sight{Group: "none", Below: true}), []string(nil))
	},
	"counts of people and of live licenses": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		_, l := w.placed(t, s, w.north, licensing.Customer{Name: "Bright Studio"})
		_, gone := w.placed(t, s, w.north, licensing.Customer{Name: "Bright Studio"})
		_, past := w.placed(t, s, w.north, licensing.Customer{Name: "Bright Studio"})
		write(t, s, func(tx licensing.Tx) {
			gone.State = licensing.LicenseRevoked
			must(t, tx.UpdateLicense(t.Context(), gone))
			past.ExpiresAt = new(someTime.AddDate(-10, 0, 0))
			must(t, tx.UpdateLicense(t.Context(), past))
			l.ExpiresAt = new(tx.Now().Business.AddDate(1, 0, 0))
			must(t, tx.UpdateLicense(t.Context(), l))
			for i, role := range []licensing.Role{licensing.RoleMember, licensing.RoleService, licensing.RoleMember} {
				who := user(fmt.Sprint("p", i, "@north.example"))
				must(t, tx.InsertUser(t.Context(), who))
				m := membership(who, w.north, role)
				must(t, tx.InsertMembership(t.Context(), m))
				if i == 2 {
					m.RemovedAt = someTime
					must(t, tx.UpdateMembership(t.Context(), m))
				}
			}
		})
		read(t, s, func(tx licensing.Tx) {
			want := map[licensing.GroupID]licensing.GroupCounts{w.north.ID: {People: 2, Services: 1, Licenses: 1}}
			same(t, "counts", got[map[licensing.GroupID]licensing.GroupCounts](t)(tx.CountsIn(t.Context(), w.everything())), want)
			same(t, "of one", got[map[licensing.GroupID]licensing.GroupCounts](t)(tx.CountsIn(t.Context(), licensing.Sight{Group: w.north.ID})), want)
			same(t, "of another", len(got[map[licensing.GroupID]licensing.GroupCounts](t)(tx.CountsIn(t.Context(), licensing.Sight{Group: w.south.ID, Below: true}))), 0)
		})
	},
	"a membership changes by version, and is told": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		m := w.member
		start := got[int64](t)(s.PolicyVersion(t.Context()))
		m.Role, m.Suspended, m.RemovedAt = licensing.RoleMember, true, someTime
		write(t, s, func(tx licensing.Tx) { must(t, tx.UpdateMembership(t.Context(), m)) })
		err := s.Write(t.Context(), func(tx licensing.Tx) error { return tx.UpdateMembership(t.Context(), m) })
		if !errors.Is(err, licensing.ErrRace) {
			t.Errorf("an old version: got the error %v, want ErrRace", err)
		}
		m.Version++
		changes, _, err := s.PolicyChanges(t.Context(), start)
		must(t, err)
		same(t, "told", changes, []licensing.PolicyChange{{Version: start + 1, Subject: "member:ada@north.example/north"}})
		read(t, s, func(tx licensing.Tx) {
			same(t, "by id", got[licensing.Membership](t)(tx.Membership(t.Context(), m.ID)), m)
			same(t, "by user and group", got[licensing.Membership](t)(tx.MembershipIn(t.Context(), m.User, m.Group)), m)
			same(t, "of the user", len(got[[]licensing.Membership](t)(tx.MembershipsOf(t.Context(), m.User))), 0)
			same(t, "admins", len(got[[]licensing.Membership](t)(tx.AdminsOf(t.Context(), m.Group))), 0)
			same(t, "admins counted", got[int](t)(tx.CountAdmins(t.Context(), m.Group)), 0)
			_, err := tx.MembershipIn(t.Context(), m.User, w.south.ID)
			none(t, "elsewhere", err)
		})
		same(t, "lines", linesOf(t, s, m.ID), []string{})
		m.Role, m.Suspended, m.RemovedAt = licensing.RoleAdmin, false, time.Time{}
		write(t, s, func(tx licensing.Tx) { must(t, tx.UpdateMembership(t.Context(), m)) })
		read(t, s, func(tx licensing.Tx) {
			same(t, "back", got[licensing.Membership](t)(tx.Membership(t.Context(), m.ID)).Active(), true)
			same(t, "admins counted", got[int](t)(tx.CountAdmins(t.Context(), m.Group)), 1)
		})
	},
	"people by every order, page by page": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		write(t, s, func(tx licensing.Tx) {
			for i, name := range []string{"Åse", "ase", "Zoë", "zoe", "Zoe", "100%_of", "Brückner", "bruckner 2"} {
				who := user(fmt.Sprintf("p%d@x.example", 9-i))
				who.Name = name
				must(t, tx.InsertUser(t.Context(), who))
				must(t, tx.InsertMembership(t.Context(), membership(who, []licensing.Group{w.north, w.ice, w.south}[i%3], licensing.RoleMember)))
			}
		})
		read(t, s, func(tx licensing.Tx) {
			for _, sort := range []licensing.PeopleSort{licensing.SortName, licensing.SortEmail, licensing.SortGroup, licensing.SortSince} {
				for _, desc := range []bool{false, true} {
					f := licensing.PeopleFilter{Sort: sort, Desc: desc, Limit: 500}
					all := got[[]licensing.Membership](t)(tx.ListPeople(t.Context(), w.everything(), f))
					same(t, "how many", []int{len(all), got[int](t)(tx.CountPeople(t.Context(), w.everything(), f))}, []int{9, 9})
					f.Limit = 2
					var paged []licensing.Membership
					for {
						page := got[[]licensing.Membership](t)(tx.ListPeople(t.Context(), w.everything(), f))
						if len(page) == 0 {
							break
						}
						paged = append(paged, page...)
						f.After = string(page[len(page)-1].ID)
					}
					same(t, fmt.Sprintf("pages by %q, %t", sort, desc), paged, all)
					f.After, f.Before = "", string(all[len(all)-1].ID)
					paged = all[len(all)-1:]
					for {
						page := got[[]licensing.Membership](t)(tx.ListPeople(t.Context(), w.everything(), f))
						if len(page) == 0 {
							break
						}
						paged = append(page, paged...)
						f.Before = string(page[0].ID)
					}
					same(t, fmt.Sprintf("pages back by %q, %t", sort, desc), paged, all)
					f.Before, f.Limit, f.Desc = "", 500, !desc
					back := got[[]licensing.Membership](t)(tx.ListPeople(t.Context(), w.everything(), f))
					slices.Reverse(back)
					same(t, "backward", back, all)
				}
			}
			find := func(q string, sight licensing.Sight) (n int) {
				f := licensing.PeopleFilter{Query: q, Limit: 500}
				n = len(got[[]licensing.Membership](t)(tx.ListPeople(t.Context(), sight, f)))
				same(t, "counted", got[int](t)(tx.CountPeople(t.Context(), sight, f)), n)
				return n
			}
			for q, want := range map[string]int{"ASE": 2, "zoe": 3, "%": 1, "_": 1, "BRÜCKNER": 2, "p9@": 1, "nobody": 0, "\\": 0} {
				same(t, "found by "+q, find(q, w.everything()), want)
			}
			same(t, "below north", find("", licensing.Sight{Group: w.north.ID, Below: true}), 7)
			same(t, "north alone", find("", licensing.Sight{Group: w.north.ID}), 4)
		})
	},
	"secrets of a service account": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		who := user("erp@north.example")
		a := licensing.ServiceAccount{Membership: membership(who, w.north, licensing.RoleService), Secret: []byte{0, 1, 0xff}, SecretSince: someTime, OldSecret: []byte{0, '\''}, OldUntil: someTime.Add(time.Hour)}
		write(t, s, func(tx licensing.Tx) {
			must(t, tx.InsertUser(t.Context(), who))
			must(t, tx.InsertMembership(t.Context(), a.Membership))
			must(t, tx.SetServiceSecrets(t.Context(), a))
			if err := tx.SetServiceSecrets(t.Context(), a); !errors.Is(err, licensing.ErrRace) {
				t.Errorf("an old version: got the error %v, want ErrRace", err)
			}
			a.Membership.Version++
			same(t, "by name", got[licensing.ServiceAccount](t)(tx.ServiceAccount(t.Context(), who.Email)), a)
			same(t, "by id", got[licensing.ServiceAccount](t)(tx.ServiceAccountByID(t.Context(), a.Membership.ID)), a)
			same(t, "in sight", got[[]licensing.ServiceAccount](t)(tx.ServiceAccountsIn(t.Context(), w.everything())), []licensing.ServiceAccount{a})
			same(t, "beside", len(got[[]licensing.ServiceAccount](t)(tx.ServiceAccountsIn(t.Context(), licensing.Sight{Group: w.south.ID, Below: true}))), 0)
			_, err := tx.ServiceAccountByID(t.Context(), w.member.ID)
			none(t, "a person", err)
			a.Membership.RemovedAt = someTime
			must(t, tx.UpdateMembership(t.Context(), a.Membership))
			_, err = tx.ServiceAccount(t.Context(), who.Email)
			none(t, "a removed one", err)
			same(t, "none is left", len(got[[]licensing.ServiceAccount](t)(tx.ServiceAccountsIn(t.Context(), w.everything()))), 0)
		})
	},
	"a password is set": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		write(t, s, func(tx licensing.Tx) {
			must(t, tx.SetPasswordHash(t.Context(), w.member.User, "another hash"))
			same(t, "the hash", got[licensing.User](t)(tx.UserByID(t.Context(), w.member.User)).PasswordHash, "another hash")
			_, err := tx.UserByID(t.Context(), "none")
			none(t, "unknown", err)
		})
	},
	"history of what belongs to an object": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		write(t, s, func(tx licensing.Tx) {
			for i, parent := range []string{"", "north", "north", "south"} {
				object := fmt.Sprint("m", i)
				if parent == "" {
					object = "north"
				}
				must(t, tx.InsertAudit(t.Context(), licensing.Audit{Actor: w.actor(), Action: fmt.Sprint("deed", i), Object: object, Parent: parent, Detail: []licensing.Value{{Name: "n", Value: odd[4]}}}))
			}
		})
		read(t, s, func(tx licensing.Tx) {
			var deeds []string
			for _, e := range got[[]licensing.HistoryEntry](t)(tx.HistoryWithin(t.Context(), "north", 500)) {
				deeds = append(deeds, e.Action+" "+e.By+" "+e.Detail[0].Value)
			}
			by := " " + w.member.UserName + " " + odd[4]
			same(t, "newest first", deeds, []string{"deed2" + by, "deed1" + by, "deed0" + by})
			same(t, "limited", len(got[[]licensing.HistoryEntry](t)(tx.HistoryWithin(t.Context(), "north", 2))), 2)
		})
	},
}

// treeProperty moves groups at random, whether that makes sense or not, beside a map of parents: the store refuses what
// would be a cycle and nothing else, and sees what the map says.
func treeProperty(t *testing.T, s licensing.Store) {
	const size = 8
	groups := []licensing.Group{group(licensing.Group{}, "g0")}
	write(t, s, func(tx licensing.Tx) {
		must(t, tx.InsertGroup(t.Context(), groups[0]))
		for i := 1; i < size; i++ {
			groups = append(groups, group(groups[0], fmt.Sprint("g", i)))
			must(t, tx.InsertGroup(t.Context(), groups[i]))
		}
	})
	undo := errors.New("undo")
	rapid.Check(t, func(rt *rapid.T) {
		parent := map[int]int{}
		sees := func(a, b int) bool { // the oracle: go up from b
			for range size + 1 {
				if a == b {
					return true
				}
				if b == 0 {
					return false
				}
				b = parent[b]
			}
			rt.Fatal("the oracle has a cycle")
			return false
		}
		moves := rapid.SliceOfN(rapid.Custom(func(rt *rapid.T) [2]int {
			return [2]int{rapid.IntRange(1, size-1).Draw(rt, "group"), rapid.IntRange(0, size-1).Draw(rt, "below")}
		}), 1, 12).Draw(rt, "moves")
		err := s.Write(t.Context(), func(tx licensing.Tx) error {
			for _, m := range moves {
				err := tx.MoveGroup(t.Context(), groups[m[0]], groups[m[1]].ID)
				switch cycle := sees(m[0], m[1]); {
				case cycle != errors.Is(err, licensing.ErrRace):
					rt.Fatalf("g%d below g%d is a cycle: %t, got the error %v", m[0], m[1], cycle, err)
				case !cycle:
					must(t, err)
					parent[m[0]] = m[1]
				}
			}
			for a := range groups {
				for b := range groups {
					if seen := got[bool](t)(tx.InSight(t.Context(), groups[a].ID, true, groups[b].ID)); seen != sees(a, b) {
						rt.Fatalf("g%d sees g%d: %t, want %t", a, b, seen, sees(a, b))
					}
				}
				below := map[licensing.GroupID]bool{}
				for _, g := range got[[]licensing.Group](t)(tx.GroupsIn(t.Context(), licensing.Sight{Group: groups[a].ID, Below: true})) {
					if g.ID != groups[a].ID && !below[g.Parent] {
						rt.Fatalf("%s comes before its parent", g.Code)
					}
					below[g.ID] = true
				}
				for b := range groups {
					if below[groups[b].ID] != sees(a, b) {
						rt.Fatalf("g%d is among those below g%d: %t", b, a, below[groups[b].ID])
					}
				}
			}
			return undo
		})
		if !errors.Is(err, undo) {
			rt.Fatal(err)
		}
	})
}
