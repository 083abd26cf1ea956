package storetest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"kontor/internal/licensing"
)

func grant(who, category, action string) licensing.Grant {
	return licensing.Grant{ID: licensing.GrantID(licensing.NewID()), Who: who, Category: category, Action: action, CreatedAt: someTime}
}

// linesOf are the lines of a membership as texts, in order, by the store and by a transaction, which must agree.
func linesOf(t *testing.T, s licensing.Store, m licensing.MembershipID) []string {
	t.Helper()
	p := got[licensing.Policy](t)(s.PolicyLines(t.Context(), m))
	same(t, "version of the lines", p.Version, got[int64](t)(s.PolicyVersion(t.Context())))
	read(t, s, func(tx licensing.Tx) {
		inside := got[licensing.Policy](t)(tx.PolicyLines(t.Context(), m))
		same(t, "version inside", inside.Version, p.Version)
		same(t, "lines inside", sorted(inside.Lines), sorted(p.Lines))
	})
	return sorted(p.Lines)
}

func sorted(lines []licensing.PolicyLine) []string {
	all := make([]string, len(lines))
	for i, l := range lines {
		all[i] = strings.Join(l, " ")
	}
	slices.Sort(all)
	return all
}

var policy = map[string]func(*testing.T, licensing.Store){
	"grants round-trip": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		first := grant("member:ada@north.example/north", "partner", "create")
		second := grant("group:north", licensing.Any, licensing.Any)
		second.GivenBy, second.Under = w.member.ID, first.ID
		write(t, s, func(tx licensing.Tx) {
			must(t, tx.InsertGrant(t.Context(), first))
			must(t, tx.InsertGrant(t.Context(), second))
		})
		read(t, s, func(tx licensing.Tx) {
			same(t, "first", got[licensing.Grant](t)(tx.GrantByID(t.Context(), first.ID)), first)
			same(t, "second", got[licensing.Grant](t)(tx.GrantByID(t.Context(), second.ID)), second)
			_, err := tx.GrantByID(t.Context(), "none")
			none(t, "unknown", err)
		})
		write(t, s, func(tx licensing.Tx) { must(t, tx.DeleteGrant(t.Context(), second.ID)) })
		err := s.Write(t.Context(), func(tx licensing.Tx) error { return tx.DeleteGrant(t.Context(), second.ID) })
		none(t, "deleting twice", err)
	},
	"every write bumps the version and says what changed": func(t *testing.T, s licensing.Store) {
		makeWorld(t, s)
		start := got[int64](t)(s.PolicyVersion(t.Context()))
		g := grant("tree:north", "partner", "create")
		write(t, s, func(tx licensing.Tx) {
			must(t, tx.InsertGrant(t.Context(), g))
			must(t, tx.InsertGrant(t.Context(), grant("group:ice", "partner", "modify")))
		})
		same(t, "version", got[int64](t)(s.PolicyVersion(t.Context())), start+2)
		write(t, s, func(tx licensing.Tx) { must(t, tx.DeleteGrant(t.Context(), g.ID)) })
		check := func(after int64, want []licensing.PolicyChange) {
			t.Helper()
			changes, newest, err := s.PolicyChanges(t.Context(), after)
			must(t, err)
			same(t, "newest", newest, start+3)
			same(t, "changes", changes, want)
		}
		all := []licensing.PolicyChange{{Version: start + 1, Subject: "tree:north"}, {Version: start + 2, Subject: "group:ice"}, {Version: start + 3, Subject: "tree:north"}}
		check(start, all)
		check(start+1, all[1:])
		check(start+3, nil)
	},
	"versions of concurrent writers have no gaps and commit in order": func(t *testing.T, s licensing.Store) {
		makeWorld(t, s)
		start := got[int64](t)(s.PolicyVersion(t.Context()))
		const writers = 10
		var all sync.WaitGroup
		for i := range writers {
			all.Go(func() {
				err := s.Write(t.Context(), func(tx licensing.Tx) error {
					return tx.InsertGrant(t.Context(), grant(fmt.Sprint("group:g", i), "partner", "create"))
				})
				if err != nil {
					t.Errorf("write: %v", err)
				}
			})
		}
		seen := start // whoever polls meanwhile never misses a version that is below one it saw
		for seen < start+writers && !t.Failed() {
			changes, newest, err := s.PolicyChanges(t.Context(), seen)
			must(t, err)
			for _, c := range changes {
				if c.Version != seen+1 {
					t.Errorf("version %d came after %d", c.Version, seen)
				}
				seen = c.Version
			}
			same(t, "newest", newest, seen)
		}
		all.Wait()
	},
	"lines of every kind": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		who := user("ben@ice.example")
		ben := membership(who, w.ice, licensing.RoleMember)
		byWho := map[string]licensing.Grant{}
		write(t, s, func(tx licensing.Tx) {
			must(t, tx.InsertUser(t.Context(), who))
			must(t, tx.InsertMembership(t.Context(), ben))
			for _, name := range []string{
				"member:ben@ice.example/ice", "group:ice", "tree:ice", "tree:north", "tree:root", // those that reach him
				"member:ben@ice.example/north", "member:ada@north.example/north", "group:north", "group:root", "tree:south", "group:south", "member:ben@ice.example/icy",
			} {
				byWho[name] = grant(name, "partner", "create")
				must(t, tx.InsertGrant(t.Context(), byWho[name]))
			}
			any := grant("tree:root", licensing.Any, licensing.Any)
			byWho["any"] = any
			must(t, tx.InsertGrant(t.Context(), any))
		})
		p := func(name string) string { return "p " + name + " category:partner create " + string(byWho[name].ID) }
		want := []string{
			"g membership:" + string(ben.ID) + " member:ben@ice.example/ice", "g member:ben@ice.example/ice group:ice",
			"g group:ice tree:ice", "g tree:ice tree:north", "g tree:north tree:root",
			p("member:ben@ice.example/ice"), p("group:ice"), p("tree:ice"), p("tree:north"), p("tree:root"),
			"p tree:root * * " + string(byWho["any"].ID),
		}
		slices.Sort(want)
		same(t, "lines", linesOf(t, s, ben.ID), want)
	},
	"no lines of a suspended or missing membership": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		who := user("ben@ice.example")
		ben := membership(who, w.ice, licensing.RoleAdmin)
		ben.Suspended = true
		write(t, s, func(tx licensing.Tx) {
			must(t, tx.InsertUser(t.Context(), who))
			must(t, tx.InsertMembership(t.Context(), ben))
			must(t, tx.InsertGrant(t.Context(), grant("tree:root", licensing.Any, licensing.Any)))
			must(t, tx.InsertGrant(t.Context(), grant("member:ben@ice.example/ice", licensing.Any, licensing.Any)))
		})
		for _, m := range []licensing.MembershipID{ben.ID, "none", ""} {
			same(t, "lines of "+string(m), linesOf(t, s, m), []string{})
		}
	},
	"lines reach up a deep tree": func(t *testing.T, s licensing.Store) {
		_, leaf := deepTree(t, s, 40)
		who := user("ben@leaf.example")
		ben := membership(who, leaf, licensing.RoleMember)
		write(t, s, func(tx licensing.Tx) {
			must(t, tx.InsertUser(t.Context(), who))
			must(t, tx.InsertMembership(t.Context(), ben))
			must(t, tx.InsertGrant(t.Context(), grant("tree:g0", "partner", "create")))
		})
		lines := linesOf(t, s, ben.ID)
		same(t, "links and a grant", len(lines), 3+39+1)
	},
	"a transaction decides on its own data": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		before := linesOf(t, s, w.member.ID)
		stop := fmt.Errorf("stop")
		err := s.Write(t.Context(), func(tx licensing.Tx) error {
			must(t, tx.InsertGrant(t.Context(), grant("group:north", "partner", "create")))
			inside := got[licensing.Policy](t)(tx.PolicyLines(t.Context(), w.member.ID))
			same(t, "inside", len(inside.Lines), len(before)+1)
			outside := got[licensing.Policy](t)(s.PolicyLines(context.WithoutCancel(t.Context()), w.member.ID))
			same(t, "outside", sorted(outside.Lines), before)
			return stop
		})
		if err != stop { //nolint:errorlint // it comes back as it is
			t.Fatalf("got the error %v, want the function's", err)
		}
	},
}
